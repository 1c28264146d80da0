"""The doctor: each way an installation breaks is one line that names the remedy, and the exit status is 1."""

import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cnnlab.data
from cnnlab import __main__ as command_line
from cnnlab import doctor
from cnnlab.doctor import Finding

Break = Callable[[pytest.MonkeyPatch], None]


def pretend_version(name: str, version: str | None) -> Break:
    """One package in another version, or (None) not installed."""
    true_version = importlib.metadata.version

    def pretend(package: str) -> str:
        if package != name:
            return true_version(package)
        if version is None:
            raise importlib.metadata.PackageNotFoundError(package)
        return version

    return lambda monkeypatch: monkeypatch.setattr(importlib.metadata, "version", pretend)


def not_installed(package: str) -> list[str]:
    """What importlib.metadata does for a package that is not there."""
    raise importlib.metadata.PackageNotFoundError(package)


def unreadable(*arguments: object) -> None:
    """What reading a damaged file does."""
    raise ValueError("cat.jpg is truncated")


DECLARED = ["torch>=2.10,<3", "pillow>=11,<14", 'pytest>=8.3; extra == "test"']

# name of the check, how the installation is broken, subject and words of the line that must appear
BROKEN = {
    "an old Python": (
        "check_python",
        lambda m: m.setattr(sys, "version_info", (3, 10, 4, "final", 0)),
        "Python",
        ["3.10.4 is too old", "install Python 3.11 or later"],
    ),
    "a package that is missing": (
        "check_packages",
        pretend_version("pillow", None),
        "pillow",
        ["not installed", 'python -m pip install "pillow'],
    ),
    "a package that is too old": (
        "check_packages",
        pretend_version("torch", "2.4.1"),
        "torch",
        ["2.4.1 is outside", 'python -m pip install "torch'],
    ),
    "cnnlab that is only a folder": (
        "check_packages",
        lambda m: m.setattr(importlib.metadata, "requires", not_installed),
        "cnnlab",
        ["not installed", "python -m pip install -e ."],
    ),
    "widgets that JupyterLab cannot find": (
        "check_front_end",
        lambda m: m.setattr("jupyter_core.paths.jupyter_path", lambda *parts: ["nowhere"]),
        "front end",
        ["does not find anywidget", "python -m pip install --force-reinstall --no-deps anywidget"],
    ),
    "a damaged photo": (
        "check_data",
        lambda m: m.setattr(cnnlab.data, "photo", unreadable),
        "photos",
        ["cat.jpg is truncated", "install cnnlab again"],
    ),
    "digits that are not there": (
        "check_data",
        lambda m: m.setattr(cnnlab.data, "digits", unreadable),
        "digits",
        ["scikit-learn"],
    ),
    "PyTorch that does not load": (
        "check_gpu",
        lambda m: m.setitem(sys.modules, "torch", None),
        "GPU",
        ["PyTorch does not load", "python -m pip install --force-reinstall torch"],
    ),
}


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds of our own, so that the tests do not depend on how cnnlab is installed."""
    monkeypatch.setattr(importlib.metadata, "requires", lambda package: DECLARED)


@pytest.mark.parametrize(("check", "broken", "subject", "words"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_with_its_remedy(
    check: str,
    broken: Break,
    subject: str,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken(monkeypatch)
    assert doctor.main([getattr(doctor, check)]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"BAD  {subject}")]
    assert any(all(word in line for word in words) for line in lines), lines


@pytest.mark.parametrize("check", doctor.CHECKS, ids=lambda check: check.__name__)
def test_a_sound_installation_has_nothing_to_mend(check: Callable[[], list[Finding]]) -> None:
    findings = check()
    assert findings
    assert [str(finding) for finding in findings if not finding.ok] == []


def test_the_packages_are_those_that_cnnlab_declares_without_its_extras() -> None:
    assert [finding.subject for finding in doctor.check_packages()] == ["torch", "pillow"]


def test_without_a_gpu_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert doctor.check_gpu() == [Finding(True, "GPU", "none: everything runs on the CPU")]


def test_a_gpu_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Example 3000")
    assert doctor.check_gpu() == [Finding(True, "GPU", "cuda: Example 3000")]


def test_each_extension_is_looked_for_in_every_folder_of_jupyter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "user", tmp_path / "system"]
    for folder, extension in zip(folders, doctor.LAB_EXTENSIONS, strict=True):
        (folder / extension).mkdir(parents=True)
        (folder / extension / "package.json").write_text("{}")
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [str(folder) for folder in folders])
    assert [finding.ok for finding in doctor.check_front_end()] == [True, True]


def test_a_crash_of_a_check_is_one_line_and_the_others_still_run(capsys: pytest.CaptureFixture[str]) -> None:
    def check_weather() -> list[Finding]:
        raise RuntimeError("no\nwindow")

    assert doctor.main([check_weather, lambda: [Finding(True, "coffee", "hot")]]) == 1
    _, crashed, fine, last = capsys.readouterr().out.splitlines()
    assert crashed.startswith("BAD  weather")
    assert "RuntimeError: no window" in crashed
    assert fine == "ok   coffee         hot"
    assert last == "1 to mend, each with its remedy above"


def test_when_all_is_well_the_exit_status_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main([lambda: [Finding(True, "coffee", "hot")]]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All is well."


def test_the_command_runs_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "main", lambda: 1)
    assert command_line.main(["doctor"]) == 1


def test_without_a_command_the_usage_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main([]) == 0
    assert "python -m cnnlab" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command_line.main(["nurse"])
    assert "nurse" in capsys.readouterr().err
