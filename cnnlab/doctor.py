"""What stands between a student and a working course: ``python -m cnnlab doctor``.

Each check looks at one part of the installation and returns findings: one line each, with the remedy where
something is wrong. A check that fails unexpectedly becomes a finding too: the command never ends in a
traceback.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import cnnlab

OLDEST_PYTHON = (3, 11)

# The half of the widgets that runs in the browser: JupyterLab's extension, and the package that brings it.
LAB_EXTENSIONS = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Parameters
    ----------
    ok : whether all is well
    subject : what was looked at, e.g. "torch"
    says : what was found
    remedy : what to do, where something is wrong
    """

    ok: bool
    subject: str
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{'ok' if self.ok else 'BAD':4} {self.subject:14} {self.says}"
        return f"{line}. To mend it: {self.remedy}" if self.remedy else line


def check_python() -> list[Finding]:
    """Python is new enough."""
    running = ".".join(str(part) for part in sys.version_info[:3])
    needed = ".".join(str(part) for part in OLDEST_PYTHON)
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return [Finding(True, "Python", running)]
    return [Finding(False, "Python", f"{running} is too old", f"install Python {needed} or later")]


def check_packages() -> list[Finding]:
    """Every package that cnnlab needs is installed, in a version within cnnlab's own bounds."""
    from packaging.requirements import Requirement

    try:
        declared = metadata.requires("cnnlab") or []
    except metadata.PackageNotFoundError:
        install = "in the folder that holds cnnlab's pyproject.toml, run: python -m pip install -e ."
        return [Finding(False, "cnnlab", "not installed", install)]
    findings = []
    for requirement in map(Requirement, declared):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            findings.append(check_package(requirement.name, str(requirement.specifier)))
    return findings


def check_package(name: str, bounds: str) -> Finding:
    """One package is installed, in a version within ``bounds``, e.g. ">=2.10,<3"."""
    from packaging.specifiers import SpecifierSet

    install = f'python -m pip install "{name}{bounds}"'
    try:
        installed = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(False, name, "not installed", install)
    if SpecifierSet(bounds).contains(installed, prereleases=True):
        return Finding(True, name, installed)
    return Finding(False, name, f"{installed} is outside {bounds}", install)


def check_front_end() -> list[Finding]:
    """JupyterLab finds the browser's half of the widgets; without it a lab is shown as text."""
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    findings = []
    for extension, package in LAB_EXTENSIONS.items():
        if any((folder / extension / "package.json").is_file() for folder in folders):
            findings.append(Finding(True, "front end", f"JupyterLab finds {extension}"))
        else:
            install = f"python -m pip install --force-reinstall --no-deps {package}, then restart JupyterLab"
            findings.append(Finding(False, "front end", f"JupyterLab does not find {extension}", install))
    return findings


def check_data() -> list[Finding]:
    """The photos and the digits of the course can be read."""
    from cnnlab.data import digits, photo, photos

    again = "install cnnlab again: some of its files are missing or damaged"
    findings = []
    try:
        for name in photos():
            photo(name)
        findings.append(Finding(True, "photos", f"{len(photos())} photos: {', '.join(photos())}"))
    except (OSError, ValueError) as error:
        findings.append(Finding(False, "photos", str(error), again))
    try:
        images, _ = digits()
        findings.append(Finding(True, "digits", f"{len(images)} images"))
    except (ImportError, OSError, ValueError) as error:
        install = "python -m pip install --force-reinstall --no-deps scikit-learn"
        findings.append(Finding(False, "digits", str(error), install))
    return findings


def check_gpu() -> list[Finding]:
    """PyTorch loads, and where its work runs. To have no GPU is fine."""
    try:
        import torch
    except (ImportError, OSError) as error:
        install = "python -m pip install --force-reinstall torch"
        return [Finding(False, "GPU", f"PyTorch does not load: {error}", install)]
    if torch.cuda.is_available():
        return [Finding(True, "GPU", f"cuda: {torch.cuda.get_device_name()}")]
    if torch.backends.mps.is_available():
        return [Finding(True, "GPU", "mps: the graphics processor of this Mac")]
    return [Finding(True, "GPU", "none: everything runs on the CPU")]


CHECKS: tuple[Callable[[], list[Finding]], ...] = (
    check_python,
    check_packages,
    check_front_end,
    check_data,
    check_gpu,
)


def examine(check: Callable[[], list[Finding]]) -> list[Finding]:
    """The findings of one check; where it cannot even run, one finding that says so."""
    try:
        return check()
    except Exception as error:
        subject = check.__name__.removeprefix("check_").replace("_", " ")
        says = f"could not be checked ({type(error).__name__}: {error})"
        return [Finding(False, subject, says, "set the environment up again, see README.md")]


def main(checks: Sequence[Callable[[], list[Finding]]] = CHECKS) -> int:
    """Print the report. The exit status is 1 where anything is wrong, else 0."""
    wrong = 0
    print(f"cnnlab {cnnlab.__version__}")
    for check in checks:
        for finding in examine(check):
            # A finding is one line, whatever a message from elsewhere holds.
            print(" ".join(str(finding).splitlines()), flush=True)
            wrong += not finding.ok
    print(f"{wrong} to mend, each with its remedy above" if wrong else "All is well.")
    return int(wrong > 0)
