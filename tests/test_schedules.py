"""The schedules: against numbers written by hand, and against torch.optim.lr_scheduler step for step."""

import inspect
import re

import numpy as np
import pytest
import torch

from cnnlab import optim
from cnnlab.optim import Parameter
from tests.test_optim import START, Settings, walk, walk_by_torch

SCHEDULES = [
    ("StepLR", {"step_size": 1}),
    ("StepLR", {"step_size": 7, "gamma": 0.5}),
    ("StepLR", {"step_size": 100}),
    ("StepLR", {"step_size": 10, "gamma": 1.5}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.01}),  # down, up and down again
    ("CosineAnnealingLR", {"T_max": 1}),
    ("CosineAnnealingLR", {"T_max": 8, "eta_min": 1.0}),  # above the first rate
]


@pytest.mark.parametrize(("schedule", "of"), SCHEDULES)
@pytest.mark.parametrize(("name", "settings"), [("SGD", {"lr": 0.5, "momentum": 0.9}), ("AdamW", {"lr": 0.1})])
def test_every_step_on_a_schedule_is_that_of_pytorch(
    name: str, settings: Settings, schedule: str, of: Settings
) -> None:
    params = [Parameter(w) for w in START]
    optimizer = getattr(optim, name)(params, **settings)
    path = walk(optimizer, params, getattr(optim, schedule)(optimizer, **of))
    for ours, theirs in zip(path, walk_by_torch(name, settings, schedule, of), strict=True):
        for w, expected in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(w, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR"])
def test_schedules_take_pytorchs_arguments(name: str) -> None:
    ours = [(p.name, p.default) for p in inspect.signature(getattr(optim, name)).parameters.values()]
    theirs = inspect.signature(getattr(torch.optim.lr_scheduler, name)).parameters.values()
    assert ours == [(p.name, p.default) for p in theirs][: len(ours)]


def test_a_staircase_goes_down_every_step_size_epochs() -> None:
    schedule = optim.StepLR(optim.SGD([Parameter(1.0)], lr=8), step_size=2, gamma=0.5)
    assert [schedule.lr_at(epoch) for epoch in range(6)] == [8, 8, 4, 4, 2, 2]


def test_half_a_cosine_is_half_way_down_in_the_middle() -> None:
    optimizer = optim.SGD([Parameter(1.0)], lr=3)
    schedule = optim.CosineAnnealingLR(optimizer, T_max=2, eta_min=1)
    rates = [optimizer.lr]
    for _ in range(2):
        schedule.step()
        rates.append(optimizer.lr)
    assert rates == pytest.approx([3, 2, 1])


BAD = [  # class, settings, words of the message
    ("StepLR", {"step_size": 0}, "step_size must be at least 1, but is 0"),
    ("StepLR", {"step_size": 2.5}, "step_size must be a whole number, but is 2.5"),
    ("StepLR", {"step_size": 2, "gamma": -1}, "gamma must be at least 0, but is -1"),
    (
        "StepLR",
        {"step_size": 2, "optimizer": 0.1},
        "optimizer must be one of cnnlab.optim, such as SGD, but is a float",
    ),
    ("CosineAnnealingLR", {"T_max": 0}, "T_max must be at least 1, but is 0"),
    ("CosineAnnealingLR", {"T_max": 5, "eta_min": -1}, "eta_min must be at least 0, but is -1"),
]


@pytest.mark.parametrize(("name", "settings", "words"), BAD)
def test_what_cannot_work_is_said(name: str, settings: Settings, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        getattr(optim, name)(**({"optimizer": optim.SGD([Parameter(1.0)])} | settings))
