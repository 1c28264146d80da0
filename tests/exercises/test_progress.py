"""What is kept: attempts survive a restart and two kernels at once, and a file that cannot be written harms nothing."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnnlab.exercises import EXERCISES, check, hint, progress, solution
from cnnlab.exercises.store import Attempt, attempts, save

RIGHT = EXERCISES["shift"].solution


def test_progress_counts_attempts_and_keeps_what_was_solved(progress_file: Path) -> None:
    check("shift", lambda image, down, right: np.roll(image, (down, right), (0, 1)))
    check("shift", RIGHT)
    check("shift", lambda image, down, right: image)  # solved once is solved
    row = next(row for row in progress().rows if row.exercise == "shift")
    assert (row.notebook, row.status, row.attempts) == ("02", "right", 3)
    assert progress().solved == 1
    text = str(progress())
    assert text.splitlines()[-1] == f"1 of {len(EXERCISES)} solved"
    assert "<table>" in progress()._repr_html_()
    assert [json.loads(line)["mistake"] for line in progress_file.read_text().splitlines()] == ["rolled", None, None]


def test_two_kernels_at_once_lose_nothing(progress_file: Path) -> None:
    code = (
        "from cnnlab.exercises.store import Attempt, save\n"
        "for i in range(300): assert save(Attempt('slide', 'wrong', 'x' * (i % 50))) is None"
    )
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(list(attempts())) == 900


def test_a_line_that_was_cut_off_is_passed_over(progress_file: Path) -> None:
    save(Attempt("slide", "right"))
    with progress_file.open("a") as file:
        file.write('{"exercise": "sli\n[]\n42\n')
    save(Attempt("stride", "wrong", "bias missing"))
    assert [attempt.exercise for attempt in attempts()] == ["slide", "stride"]


def test_an_attempt_at_an_exercise_that_is_gone_is_passed_over() -> None:
    save(Attempt("no such exercise", "right"))
    assert progress().solved == 0


def test_where_nothing_can_be_kept_the_answer_is_given_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CNNLAB_PROGRESS", str(tmp_path / "file" / "attempts.jsonl"))
    report = check("shift", RIGHT)
    assert report and "Your progress could not be saved in" in str(report)
    assert progress().solved == 0


def test_without_a_setting_the_attempts_are_kept_with_jupyters_data(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnnlab.exercises.store import path

    monkeypatch.delenv("CNNLAB_PROGRESS")
    assert path().parts[-2:] == ("cnnlab", "attempts.jsonl")


def test_hints_come_one_a_call_and_say_when_there_are_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import Counter

    monkeypatch.setattr("cnnlab.exercises._HINTS", Counter())
    exercise = EXERCISES["iou"]
    for i, expected in enumerate(exercise.hints, 1):
        assert str(hint("iou")) == f"Hint {i} of 3: {expected}"
    last = str(hint("iou"))
    assert all(text in last for text in exercise.hints) and "solution('iou')" in last


def test_an_unknown_name_is_answered_with_the_names() -> None:
    for ask in (hint, solution):
        assert "There is no 'x'. There are: 'gray'" in str(ask("x"))
