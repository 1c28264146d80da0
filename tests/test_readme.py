"""The Python in the README and in the contributing guide runs as it stands, as a reader would try it."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnlab.exercises import EXERCISES
from cnnlab.exercises.checking import judge
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake
from cnnlab.labs import ConvolutionLab

README = Path(__file__).parent.parent / "README.md"


def test_the_code_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNLAB_PROGRESS", str(tmp_path / "attempts.jsonl"))
    reader: dict[str, Any] = {"ConvolutionLab": ConvolutionLab, "slide": EXERCISES["slide"].solution}
    pieces = re.findall(r"^ *```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(pieces) >= 5
    for piece in pieces:
        exec(textwrap.dedent(piece), reader)
    assert (
        reader["accuracy"](reader["network"], reader["images"][reader["test"]], reader["labels"][reader["test"]]) > 0.97
    )


def test_every_notebook_that_the_readme_calls_ready_is_there_and_no_other() -> None:
    ready = re.findall(r"\]\(notebooks/(.*?\.ipynb)\).*\| ready \|", README.read_text(encoding="utf-8"))
    assert ready == sorted(path.name for path in (README.parent / "notebooks").glob("*.ipynb"))


def test_the_exercise_of_the_contributing_guide_is_one() -> None:
    text = (README.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (piece,) = (found for found in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "= Exercise(" in found)
    bank = {
        "np": np,
        "Array": np.ndarray,
        "Iterator": Iterator,
        "Arguments": Arguments,
        "Exercise": Exercise,
        "Mistake": Mistake,
    }
    exec(piece, bank)
    exercise = bank["FLATTEN"]
    assert isinstance(exercise, Exercise)
    assert judge(exercise, exercise.solution).right
    for mistake in exercise.mistakes:
        assert judge(exercise, mistake.function).mistake == mistake.name
