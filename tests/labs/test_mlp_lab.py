"""What only the MLP lab does: numbers changed in the picture, entries chosen, questions, updates."""

from typing import Any

import numpy as np
import pytest

from cnnlab.labs import MLPLab
from tests.labs.looking import click, send, shown_text

NETWORKS: list[dict[str, Any]] = [
    {},
    {"loss": "half_squared_error"},
    {"x": "1 -2; 0.123 1", "y": "1 0"},
    {"x": "1;2;3", "W1": "1 0 0.5; 1 1 -1", "b1": "0.1;0.2", "W2": "1 -1; 0.5 2", "b2": "0;1", "y": "1;0"},
    {"x": "1;2", "W2": "1 -1 0.5; 0.5 2 1", "b2": "0;1", "y": "1;0", "loss": "half_squared_error"},
]


@pytest.mark.parametrize("settings", NETWORKS)
def test_autograd_gives_the_same_gradients(settings: dict[str, Any]) -> None:
    lab = MLPLab(**settings)
    assert lab.error == "" and lab.check_with_torch() < 1e-12


def test_a_given_number_is_changed_in_the_picture() -> None:
    lab = MLPLab()
    send(lab, {"kind": "edit", "grid": "W1", "cells": [[1, 0]], "text": "-3"})
    assert lab.trace.mlp.W1[1, 0] == -3 and lab.trace.mlp.z1[1, 0] == -3 + 2 - 0.5
    send(lab, {"kind": "edit", "grid": "y", "cells": [[0, 0]], "text": "2"})
    assert "y must be between 0 and 1" in lab.error and lab.trace.mlp.y[0, 0] == 1


def test_a_click_on_an_entry_writes_it_out() -> None:
    lab = MLPLab()
    send(lab, {"kind": "choose", "grid": "dW1", "row": 2, "col": 1})
    assert (lab.trace.name, lab.trace.row, lab.trace.col) == ("dW1", 2, 1)
    assert "dW1[2, 1] = delta1[2]·x[1]" in lab.stage.status


def test_a_question_is_not_given_away_and_one_right_entry_shows_the_quantity() -> None:
    lab = MLPLab(step=8, row=1, predict=True)
    assert lab.trace.name == "delta1"
    for text in (lab.svg, lab.stage.status, lab.note.value, lab._repr_mimebundle_()["text/plain"]):
        assert "0.281" not in text and ".281<" not in text
    assert lab.answer(-0.281) and "−0.281" in lab.stage.status


def test_walking_shows_only_what_is_known() -> None:
    lab = MLPLab(walk=True, step=1)
    before = lab.svg.count("cl-pad")
    lab.step = 9
    assert 0 < lab.svg.count("cl-pad") < before
    lab.walk = False
    assert "cl-pad" not in lab.svg


@pytest.mark.parametrize("loss", ["bce", "half_squared_error"])
def test_updates_lower_the_loss_and_say_so(loss: str) -> None:
    lab = MLPLab(loss=loss)
    losses = [float(lab.trace.mlp.loss[0, 0])]
    for _ in range(4):
        click(lab, "one update")
        losses.append(float(lab.trace.mlp.loss[0, 0]))
    assert losses == sorted(losses, reverse=True) and "The loss fell from" in shown_text(lab)
    assert np.array_equal(lab.trace.mlp.x, [[1], [2]])  # the data stay


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"x": "1; 2; 3"}, "x must have rows x columns 2 x any"),
        ({"y": "2"}, "y must be between 0 and 1"),
        ({"W2": "1 2 x"}, "W2, row 1, column 3,"),
        ({"b1": 3}, "b1 must be rows of numbers"),
        ({"x": np.ones((2, 9)), "y": np.ones((1, 9))}, "9 samples; give fewer"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence(settings: dict[str, Any], words: str) -> None:
    lab = MLPLab()
    before = lab.svg
    with lab.hold():
        for name, value in settings.items():
            setattr(lab, name, value)
    assert words in lab.error and lab.svg == before
