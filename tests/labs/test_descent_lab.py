"""The descent lab: a start is clicked, optimizers are chosen, and PyTorch walks the same paths."""

import time
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest

from cnnlab.figures.descent import COLS, ROWS
from cnnlab.labs import DescentLab
from cnnlab.labs.descent_settings import RATES, SURFACES
from cnnlab.traces.descent import METHODS
from tests.labs.looking import found, send


def racing(lab: DescentLab) -> list[str]:
    return list(lab.trace.race.paths)


def pin(lab: DescentLab, row: int, col: int) -> None:
    send(lab, {"kind": "pin", "grid": "map", "row": row, "col": col, "cols": COLS})


# ---- PyTorch ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", SURFACES)
def test_pytorch_walks_every_path(surface: str) -> None:
    lab = DescentLab(surface=surface, optimizers="all", lr=0.02, batch_size=32, updates=60)
    assert lab.check_with_torch() < 1e-10


@pytest.mark.parametrize("schedule", ["step", "cosine"])
def test_pytorch_walks_with_schedules_own_rates_and_without_momentum(schedule: str) -> None:
    lab = DescentLab(optimizers="all", schedule=schedule, rates="Adam 0.3, RMSProp 0.1", momentum=0, updates=50)
    assert lab.check_with_torch() < 1e-10


def test_pytorch_diverges_where_the_lab_does() -> None:
    lab = DescentLab(optimizers="batch momentum", lr=0.5)
    assert all(path.ended for path in lab.trace.race.paths.values())
    assert lab.check_with_torch() < 1e-10


def test_the_check_would_see_another_path() -> None:
    lab = DescentLab(optimizers="Adam", updates=10)
    lab.trace.race.paths["Adam"].points[7, 1] += 0.001
    assert lab.check_with_torch() > 5e-4


def test_the_code_is_that_of_the_optimizer_written_out() -> None:
    lab = DescentLab(optimizers="all", optimizer="Nesterov", lr=0.1, surface="digits", schedule="cosine")
    code = lab.torch_code()
    assert "torch.optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True)" in code
    assert "binary_cross_entropy_with_logits(x[rows] @ w, target[rows])" in code
    assert "CosineAnnealingLR(optimizer, T_max=100)" in code
    lab.optimizer = "batch"
    assert "rows" not in lab.torch_code() and "momentum" not in lab.torch_code()


# ---- what a person does ----------------------------------------------------------------------------------------------


def test_a_click_on_the_map_begins_there() -> None:
    lab = DescentLab(step=7)
    pin(lab, 0, 0)
    assert lab.start == (-5, 4) and lab.trace.race.start == (-5, 4) and lab.step == 7
    pin(lab, ROWS - 1, COLS - 1)
    assert lab.start == (5, -4)
    pin(lab, 40, 50)
    assert lab.start == (0, 0)
    send(lab, {"kind": "paint", "grid": "map", "cells": [[3, 4], [20, 75]]})  # dragged: the last cell counts
    assert lab.start == (2.5, 2)
    assert eval(lab.recipe()).svg == DescentLab(start=(2.5, 2), step=7).svg


def test_pointing_at_the_map_changes_nothing_and_at_the_losses_goes_to_their_step() -> None:
    lab = DescentLab(step=5)
    send(lab, {"kind": "hover", "grid": "map", "row": 3, "col": 4, "cols": COLS})
    assert lab.trace.step == 5
    send(lab, {"kind": "hover", "grid": "loss", "row": 0, "col": 44, "cols": 101})
    assert (lab.trace.step, lab.step) == (44, 5)
    send(lab, {"kind": "leave"})
    assert lab.trace.step == 5
    send(lab, {"kind": "pin", "grid": "loss", "row": 0, "col": 61, "cols": 101})
    assert lab.step == 61


def test_a_click_on_a_name_writes_its_update_out() -> None:
    lab = DescentLab(step=3)
    send(lab, {"kind": "choose", "grid": "racers", "row": 1, "col": 0})
    assert lab.optimizer == "momentum" and "momentum, step 3" in lab.svg
    send(lab, {"kind": "choose", "grid": "racers", "row": 99, "col": 0})
    assert lab.optimizer == "Adam"


def test_another_surface_begins_at_its_own_start() -> None:
    lab = DescentLab(start=(4, 3))
    lab.surface = "Rosenbrock"
    assert lab.start is None and lab.error == "" and lab.trace.race.start == (-1.2, 2.2)
    lab.reset()
    assert lab.trace.race.start == (4, 3)
    lab.surface = "nonsense"
    assert lab.start == (4, 3)


def test_the_boxes_say_who_races() -> None:
    lab = DescentLab(optimizers="batch Adam")
    assert racing(lab) == ["batch", "Adam"]
    found(lab, widgets.Checkbox, description="Nesterov").value = True
    assert racing(lab) == ["batch", "Nesterov", "Adam"]
    for name in ("batch", "Adam"):
        found(lab, widgets.Checkbox, description=name).value = False
    assert racing(lab) == ["Nesterov"] == [lab.optimizer]
    found(lab, widgets.Checkbox, description="Nesterov").value = False
    assert "at least one of batch, stochastic" in lab.error
    lab.optimizers = "all"
    assert all(box.value for box in lab.ticks.values()) and lab.error == ""


def test_what_is_written_out_is_one_that_races() -> None:
    lab = DescentLab(optimizers="momentum Adam", optimizer="RMSProp")
    assert lab.optimizer == "momentum"
    lab.optimizer = "Adam"
    lab.optimizers = "momentum RMSProp"
    assert lab.optimizer == "momentum"


def test_the_start_can_be_typed() -> None:
    lab = DescentLab()
    box = found(lab, widgets.Text, description="start")
    assert box.value == "-4 2"
    box.value = "1/2 −3"
    assert lab.trace.race.start == (0.5, -3)
    box.value = "7 0"
    assert lab.error == "start must lie on the map, w₁ from -5 to 5 and w₂ from -4 to 4, but is 7 0"
    box.value = ""
    assert lab.error == "" and lab.trace.race.start == (-4, 2) and box.value == "-4 2"


def test_a_single_weight_begins_at_one_number() -> None:
    lab = DescentLab(surface="parabola", start=5)
    assert lab.error == "" and lab.trace.race.start == (5, 0) and lab.start_box.value == "5"
    pin(lab, 70, 100)
    assert lab.start == (7,)
    lab.start = "1 2"
    assert lab.error == "start must be one number such as '0' on this surface, but is 1 2"
    lab.start = 8
    assert lab.error == "start must lie on the map, w from -1 to 7, but is 8"
    lab.surface = "ravine"
    lab.start = 1
    assert lab.error == "start must be two numbers such as '-4 2' on this surface, but is 1"


def test_a_learning_rate_between_those_of_the_slider_is_offered_in_its_place() -> None:
    lab = DescentLab(lr=0.123)
    box = lab.boxes["lr"]
    assert box.value == 0.123 and [rate for _, rate in box.options] == sorted([*RATES, 0.123])
    lab.lr = 0.05
    assert box.value == 0.05


def test_controls_that_change_nothing_are_disabled() -> None:
    lab = DescentLab()
    assert [lab.boxes[name].disabled for name in ("ratio", "batch_size", "seed")] == [False, True, True]
    lab.surface = "digits"
    assert [lab.boxes[name].disabled for name in ("ratio", "batch_size", "seed")] == [True, False, False]
    assert lab.boxes["batch_size"].max == 357
    lab.surface = "flowers"
    assert lab.boxes["batch_size"].max == 150


def test_only_the_controls_that_are_asked_for_are_shown() -> None:
    lab = DescentLab(controls="lr optimizers")
    assert [name for name, box in lab.boxes.items() if box.layout.display != "none"] == ["lr", "optimizers"]


def test_the_largest_rate_is_said_only_where_it_is_asked_for() -> None:
    assert "2/10 = 0.2" in DescentLab().svg
    lab = DescentLab(limit=False)
    assert "2/10" not in lab.svg and "2/10" not in lab._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"lr": 0}, "lr must be above 0 and at most 1000, but is 0"),
        ({"momentum": 1}, "momentum must be from 0 to below 1, but is 1"),
        ({"ratio": 0.5}, "ratio must be from 1 to 1000, but is 0.5"),
        ({"rates": "adam 0.3"}, "rates must be pairs such as 'Adam 0.3, momentum 0.01'"),
        ({"rates": "Adam x"}, "rates, Adam, holds 'x', which is not a number"),
        ({"optimizers": "SGD"}, "optimizers knows batch, stochastic, mini-batch"),
        ({"updates": 501}, "updates must be from 1 to 500, but is 501"),
        ({"start": "1 2 3"}, "start must be two numbers such as '-4 2', but is '1 2 3'"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = DescentLab()
    before = lab.svg
    for name, value in settings.items():
        setattr(lab, name, value)
    assert words in lab.error and lab.svg == before
    lab.reset()
    assert lab.error == ""


def test_a_moved_step_and_a_new_race_are_fast() -> None:
    """Far more than they take, as other work may run beside the test: a step 1 ms, a race of all seven 15 ms."""
    lab = DescentLab(optimizers="all", step=50)
    for name, values, most in (("step", (51, 52, 53), 10), ("lr", (0.04, 0.06, 0.03), 90)):
        taken = []
        for value in values:
            start = time.process_time()
            setattr(lab, name, value)
            taken.append((time.process_time() - start) * 1000)
        assert min(taken) < most


def test_a_race_over_real_data_is_the_same_every_time() -> None:
    first, second = (DescentLab(surface="flowers", optimizers="all", seed=4, lr=0.01) for _ in range(2))
    for name in METHODS:
        one, other = (lab.trace.race.paths[name].points for lab in (first, second))
        np.testing.assert_array_equal(one, other)
