"""What only the dropout lab does: masks that are drawn, clicked and counted."""

from typing import Any

import pytest

from cnnlab.labs import DropoutLab
from cnnlab.traces.dropout_draws import DropCountsLook
from cnnlab.traces.dropout_nets import MOST_MASKS, DropoutLook
from tests.labs.looking import send


def click(lab: DropoutLab, grid: str, row: int) -> None:
    send(lab, {"kind": "paint", "grid": grid, "cells": [[row, 0]]})


def shown(lab: DropoutLab) -> list[float]:
    assert isinstance(lab.trace, DropoutLook)
    return lab.trace.mask.tolist()


def test_a_click_drops_a_unit_and_another_brings_it_back() -> None:
    lab = DropoutLab(mask="1 1 1 1")
    click(lab, "units 0", 2)
    assert (lab.mask, shown(lab)) == ("1 1 0 1", [1, 1, 0, 1])
    assert "1·4 + 2·8 + 3·0 + 4·16 = 84" in lab.svg
    click(lab, "units 0", 2)
    assert lab.mask == "1 1 1 1"
    click(lab, "units 1", 0)
    click(lab, "nonsense", 0)
    assert (lab.mask, lab.error) == ("1 1 1 1", "")


def test_a_drawn_mask_is_flipped_and_the_next_one_is_drawn_again() -> None:
    lab = DropoutLab()
    drawn = shown(lab)
    click(lab, "units 0", 0)
    assert shown(lab) == [1 - drawn[0], *drawn[1:]]
    lab.next_mask()
    assert (lab.masks, lab.mask) == (2, "")


@pytest.mark.parametrize("change", [{"seed": 3}, {"masks": 5}, {"network": "two hidden layers"}])
def test_a_mask_of_one_s_own_goes_with_the_draw_that_it_stood_for(change: dict[str, Any]) -> None:
    lab = DropoutLab(mask="1 0 1 0")
    lab.p, lab.training, lab.scaling = 0.3, False, "at inference"
    assert lab.mask == "1 0 1 0"
    for name, value in change.items():
        setattr(lab, name, value)
    assert (lab.mask, lab.error) == ("", "")
    lab.reset()
    assert lab.mask == "1 0 1 0" and lab.recipe() == "DropoutLab(mask='1 0 1 0')"


def test_after_the_last_mask_comes_another_seed() -> None:
    lab = DropoutLab(masks=MOST_MASKS, seed=4)
    lab.next_mask()
    assert (lab.masks, lab.seed, lab.error) == (1, 5, "")


def test_in_eval_there_is_no_mask_to_click() -> None:
    lab = DropoutLab(training=False)
    assert 'data-grid="units' not in lab.svg and "In eval no unit is dropped." in lab.svg
    assert "Tick training" in lab.note.value


def test_what_is_to_be_predicted_is_hidden_until_it_is_revealed() -> None:
    lab = DropoutLab(p=0.2, scaling="at inference", masks=3, reveal=False)
    for told in (lab.svg, lab.numbers(lab.trace, lab.drawn), lab.status(lab.trace, lab.drawn)):
        assert "= 48" not in told and ": 48" not in told and "on average" not in told
    lab.training = False
    assert "y in eval" in lab.svg and "y in training" not in lab.svg
    lab.reveal = True
    assert "mean of all 16: 48" in lab.svg and "output in eval: 48" in lab.svg
    lab = DropoutLab(view="1000 units", reveal=False)
    for told in (lab.svg, lab.numbers(lab.trace, lab.drawn), lab.status(lab.trace, lab.drawn)):
        assert "15.8" not in told and "probability" not in told and "n·p = " not in told


def test_a_mask_for_another_network_is_told() -> None:
    lab = DropoutLab(network="two hidden layers")
    lab.mask = "1 0 1 0"
    assert lab.error == "mask must have 12 zeros and ones for this network, but has 4"


def test_the_controls_that_a_thousand_units_do_not_know_rest() -> None:
    lab = DropoutLab(view="1000 units")
    assert isinstance(lab.trace, DropCountsLook)
    assert [name for name, box in lab.boxes.items() if getattr(box, "disabled", False)] == [
        "network",
        "training",
        "scaling",
    ]
    lab.view = "network"
    assert not lab.boxes["scaling"].disabled


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"scaling": "by p", "p": 0.2},
        {"network": "two hidden layers", "scaling": "both", "p": 0.35},
        {"network": "two hidden layers", "scaling": "at inference", "p": 0.95},
        {"view": "1000 units", "p": 0.3},
    ],
)
def test_pytorch_computes_the_same(settings: dict[str, Any]) -> None:
    assert DropoutLab(**settings).check_with_torch() < 1e-11
