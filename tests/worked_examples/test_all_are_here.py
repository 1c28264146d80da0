"""No example of the slides is without a test in this folder."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.worked import examples
from tests.worked_examples.every_number import Computed

MODULES = [
    importlib.import_module(f"tests.worked_examples.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path != Path(__file__)
]
NO_NUMBERS = {"C-backprop", "D-Q15", "E-gradient"}  # statements, and what is to be shown
MEASURED = {"B-gpu"}  # by the slide's author


def computed() -> Computed:
    return {id: function for module in MODULES for id, function in module.COMPUTED.items()}


def parameters() -> Iterator[str]:
    """Every id that a test of this folder gets as its parameter."""
    for module in MODULES:
        for name, test in vars(module).items():
            for mark in getattr(test, "pytestmark", []) if name.startswith("test_") else []:
                if mark.name == "parametrize" and mark.args[0] == "id":
                    yield from mark.args[1]


def test_every_example_is_a_test_with_its_id() -> None:
    assert set(parameters()) == set(examples())


def test_every_example_with_numbers_has_all_of_them_computed() -> None:
    assert computed().keys() == examples().keys() - NO_NUMBERS - MEASURED
    for id in NO_NUMBERS:
        assert all(isinstance(expected, str) for expected in examples()[id]["expect"].values())


def test_no_example_is_computed_in_two_files() -> None:
    assert sum(len(module.COMPUTED) for module in MODULES) == len(computed())
