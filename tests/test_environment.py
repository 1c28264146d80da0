"""pyproject.toml, environment.yml and constraints.txt tell the same story."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from cnnlab.doctor import OLDEST_PYTHON

ROOT = Path(__file__).parent.parent

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

# conda-forge's name for a package, where it is not PyPI's
CONDA_NAMES = {
    "matplotlib": "matplotlib-base",  # the one without a desktop toolkit
    "torch": "pytorch",
}
NOT_ON_CONDA_FORGE = {"resvg-py"}


def bounds_by_name(entries: list[str]) -> dict[str, SpecifierSet]:
    """ "torch>=2.10,<3" as {"torch": ">=2.10,<3"}, for every entry."""
    return {entry.name: entry.specifier for entry in map(Requirement, entries)}


DEPENDENCIES = bounds_by_name(PROJECT["dependencies"])
TEST_DEPENDENCIES = bounds_by_name(PROJECT["optional-dependencies"]["test"])


def conda_packages() -> dict[str, SpecifierSet]:
    """The packages that conda installs, the tools (Python itself, pip) aside."""
    packages = bounds_by_name([entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)])
    return {name: bounds for name, bounds in packages.items() if name not in ("python", "pip")}


def pip_entries() -> list[str]:
    """The lines that conda leaves to pip."""
    (pip,) = (entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict))
    return list(pip)


def pins() -> dict[str, str]:
    """Package and exact version, by the lines of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {normal(name): version for name, version in pinned}


def normal(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_conda_installs_the_packages_of_pyproject_with_the_same_bounds() -> None:
    expected = {
        CONDA_NAMES.get(name, name): bounds for name, bounds in DEPENDENCIES.items() if name not in NOT_ON_CONDA_FORGE
    }
    assert conda_packages() == expected


def test_pip_installs_the_rest_and_cnnlab_itself() -> None:
    *rest, itself = pip_entries()
    assert bounds_by_name(rest) == {name: DEPENDENCIES[name] for name in NOT_ON_CONDA_FORGE}
    assert itself == "-e .[test]"


def test_python_has_the_same_bound_everywhere() -> None:
    (python,) = (entry for entry in ENVIRONMENT["dependencies"] if str(entry).startswith("python>"))
    assert Requirement(python).specifier == SpecifierSet(PROJECT["requires-python"])
    assert PROJECT["requires-python"] == f">={OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]}"


@pytest.mark.parametrize("name", [*DEPENDENCIES, *TEST_DEPENDENCIES])
def test_a_dependency_has_a_lower_and_an_upper_bound_and_its_pin_lies_between(name: str) -> None:
    bounds = (DEPENDENCIES | TEST_DEPENDENCIES)[name]
    assert sorted(bound.operator for bound in bounds) == ["<", ">="]
    assert bounds.contains(pins()[normal(name)])


def test_a_pin_is_one_exact_version_that_every_machine_can_have() -> None:
    # A local version ("2.13.0+cpu") exists only where one build of a package is served.
    for package, version in pins().items():
        assert re.fullmatch(r"\d+(\.\d+)*", version), f"{package}=={version}"


def test_every_pin_installs_on_the_oldest_python() -> None:
    oldest = Version(f"{OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]}.0")
    refuse = {
        found.name: found.metadata["Requires-Python"]
        for found in metadata.distributions()
        if pins().get(normal(found.name)) == Version(found.version).public
        and oldest not in SpecifierSet(found.metadata["Requires-Python"] or "")
    }
    assert refuse == {}
