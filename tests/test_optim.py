"""The optimizers: against sums written by hand, and against torch.optim step for step."""

import inspect
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import optim
from cnnlab.optim import Parameter

STEPS = 50
OPTIMIZERS = [  # class, settings
    ("SGD", {}),
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0}),
    ("SGD", {"lr": 0.05, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"lr": 0.05, "dampening": 0.3}),  # without momentum it means nothing
    ("SGD", {"lr": 0.05, "weight_decay": 0.2}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.02, "momentum": 0.8, "weight_decay": 0.1, "nesterov": True}),
    ("SGD", {"lr": 0.02, "momentum": 0.8, "dampening": 0.8, "weight_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.05, "alpha": 0.9}),
    ("RMSprop", {"eps": 0.1}),
    ("RMSprop", {"weight_decay": 0.2}),
    ("RMSprop", {"momentum": 0.9}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.8, "eps": 1e-4, "weight_decay": 0.1, "momentum": 0.5, "centered": True}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.5, 0.8)}),
    ("Adam", {"lr": 0.1, "betas": (0.0, 0.0)}),
    ("Adam", {"lr": 0.1, "eps": 0.1}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.2}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.5}),
    ("AdamW", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0}),
]
EVERY_OPTIMIZER = pytest.mark.parametrize(("name", "settings"), OPTIMIZERS)
START = [np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -0.1]]), np.array([0.3, -0.7]), np.array(2.0)]
TARGET = [np.array([[0.0, 1.0, -1.0], [2.0, 1.0, 0.0]]), np.array([5.0, 0.0]), np.array(-1.0)]

Settings = dict[str, Any]


def gradients(weights: list[Any]) -> list[Any]:
    """Of a valley that is 30 times steeper one way than another: sum of scale * (w - target)**2 / 2, plus w**4."""
    scales = [0.1, 3.0, 1.0]
    return [s * (w - t) + 4 * w**3 for s, w, t in zip(scales, weights, TARGET, strict=True)]


def walk(optimizer: Any, params: list[Parameter], schedule: Any = None) -> list[list[np.ndarray]]:
    """Where the parameters are after each step."""
    path = []
    for _ in range(STEPS):
        for parameter, gradient in zip(params, gradients([p.value for p in params]), strict=True):
            parameter.grad = 0.01 * gradient
        optimizer.step()
        if schedule:
            schedule.step()
        path.append([parameter.value.copy() for parameter in params])
    return path


def walk_by_torch(name: str, settings: Settings, schedule: str = "", of: Settings | None = None) -> Any:
    params = [torch.nn.Parameter(torch.tensor(w)) for w in START]
    optimizer = getattr(torch.optim, name)(params, **settings)
    scheduler = getattr(torch.optim.lr_scheduler, schedule)(optimizer, **(of or {})) if schedule else None
    path = []
    for _ in range(STEPS):
        for parameter, gradient in zip(params, gradients([p.detach().numpy() for p in params]), strict=True):
            parameter.grad = torch.tensor(0.01 * gradient)
        optimizer.step()
        if scheduler:
            scheduler.step()
        path.append([parameter.detach().numpy().copy() for parameter in params])
    return path


@EVERY_OPTIMIZER
def test_every_step_is_that_of_pytorch(name: str, settings: Settings) -> None:
    params = [Parameter(w) for w in START]
    path = walk(getattr(optim, name)(params, **settings), params)
    for ours, theirs in zip(path, walk_by_torch(name, settings), strict=True):
        for w, expected in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(w, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW"])
def test_arguments_come_in_pytorchs_order_with_pytorchs_defaults(name: str) -> None:
    ours = [(p.name, p.default) for p in inspect.signature(getattr(optim, name)).parameters.values()]
    theirs = [(p.name, p.default) for p in inspect.signature(getattr(torch.optim, name)).parameters.values()]
    assert ours == theirs[: len(ours)]


weights = st.lists(st.floats(-10, 10), min_size=1, max_size=4)
slopes = st.floats(-10, 10).map(lambda g: round(g, 3))


@run_with(deadline=None)  # the machine may be busy
@given(st.sampled_from(OPTIMIZERS), weights, st.lists(slopes, min_size=1, max_size=6), st.data())
def test_any_gradients_lead_where_they_lead_in_pytorch(
    optimizer: tuple[str, Settings], start: list[float], pushes: list[float], data: st.DataObject
) -> None:
    name, settings = optimizer
    ours, theirs = Parameter(start), torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    here, there = getattr(optim, name)([ours], **settings), getattr(torch.optim, name)([theirs], **settings)
    for push in pushes:
        gradient = np.array(data.draw(st.lists(slopes, min_size=len(start), max_size=len(start)))) + push
        ours.grad, theirs.grad = gradient, torch.tensor(gradient)
        here.step()
        there.step()
        np.testing.assert_allclose(ours.value, theirs.detach().numpy(), rtol=1e-9, atol=1e-9)


# ---- sums that a person would write --------------------------------------------------------------


def steps_of(optimizer: Any, *pushes: float) -> list[float]:
    (parameter,) = optimizer.params
    path = []
    for g in pushes:
        parameter.grad = np.array([g])
        optimizer.step()
        path.append(float(parameter.value[0]))
    return path


def test_sgd_steps_against_the_gradient() -> None:
    assert steps_of(optim.SGD([Parameter([1.0])], lr=0.5), 2.0, -4.0) == [1 - 0.5 * 2, 0 + 0.5 * 4]


def test_momentum_keeps_going_when_the_gradient_ends() -> None:
    path = steps_of(optim.SGD([Parameter([0.0])], lr=1, momentum=0.5), -8.0, 0.0, 0.0)
    assert path == [8, 8 + 4, 8 + 4 + 2]


def test_nesterov_adds_the_next_velocity_to_the_gradient() -> None:
    path = steps_of(optim.SGD([Parameter([0.0])], lr=1, momentum=0.5, nesterov=True), -8.0, 0.0)
    assert path == [8 + 0.5 * 8, 12 + 0.5 * 4]


def test_rmsprop_makes_its_first_step_one_over_the_root_of_what_alpha_leaves() -> None:
    (here,) = steps_of(optim.RMSprop([Parameter([0.0])], lr=0.1, alpha=0.75, eps=0), 7.0)
    assert here == pytest.approx(-0.1 * 7 / np.sqrt(0.25 * 49))


@pytest.mark.parametrize("gradient", [1e-3, 1.0, 1e3])
def test_adams_first_step_is_the_learning_rate_whatever_the_gradient(gradient: float) -> None:
    (here,) = steps_of(optim.Adam([Parameter([0.0])], lr=0.1, eps=0), gradient)
    assert here == pytest.approx(-0.1)


def test_adamw_shrinks_a_weight_that_has_no_gradient_and_adam_moves_it_by_a_whole_step() -> None:
    assert steps_of(optim.AdamW([Parameter([2.0])], lr=0.1, weight_decay=0.5), 0.0) == [2 * (1 - 0.1 * 0.5)]
    (here,) = steps_of(optim.Adam([Parameter([2.0])], lr=0.1, weight_decay=0.5, eps=0), 0.0)
    assert here == pytest.approx(2 - 0.1)


def test_centered_rmsprop_survives_a_gradient_that_never_changes() -> None:
    path = steps_of(optim.RMSprop([Parameter([0.0])], lr=1e-9, alpha=0.5, centered=True), *[0.7] * 200)
    assert np.isfinite(path).all()  # rounding puts the variance below 0 at step 54


# ---- what a Parameter is -------------------------------------------------------------------------


@pytest.mark.parametrize("given_value", [3, [1, 2], np.array([1, 2], "uint8"), np.array([True])])
def test_a_parameter_of_whole_numbers_can_move_by_fractions(given_value: Any) -> None:
    parameter = Parameter(given_value)
    parameter.grad = np.ones_like(parameter.value)
    optim.SGD([parameter], lr=0.25).step()
    np.testing.assert_array_equal(parameter.value, np.asarray(given_value, "float64") - 0.25)


@EVERY_OPTIMIZER
def test_single_precision_stays_and_the_value_is_moved_in_place(name: str, settings: Settings) -> None:
    parameter = Parameter(START[0].astype("float32"))
    value, before = parameter.value, parameter.value.copy()
    optimizer = getattr(optim, name)([parameter], **settings)
    for _ in range(2):
        parameter.grad = np.full(value.shape, 0.5)  # as float64, from a loss that somebody wrote by hand
        optimizer.step()
    assert parameter.value is value and value.dtype == np.float32
    assert (value == before).all() == (optimizer.lr == 0)


@EVERY_OPTIMIZER
def test_a_step_writes_to_no_gradient_and_to_no_array_that_was_given(name: str, settings: Settings) -> None:
    start, gradient = START[0].copy(), TARGET[0].copy()
    start.flags.writeable = gradient.flags.writeable = False
    parameter = Parameter(start)
    parameter.grad = gradient
    optimizer = getattr(optim, name)([parameter], **settings)
    optimizer.step()
    optimizer.zero_grad()
    np.testing.assert_array_equal(start, START[0])
    np.testing.assert_array_equal(gradient, TARGET[0])
    np.testing.assert_array_equal(parameter.grad, np.zeros_like(START[0]))


def test_an_empty_parameter_takes_steps_too() -> None:
    parameter = Parameter(np.zeros((0, 3)))
    optim.Adam([parameter]).step()
    assert parameter.value.shape == (0, 3)


def test_a_parameter_shows_its_value() -> None:
    assert repr(Parameter([1.0, 2.0])) == "Parameter(array([1., 2.]))"


# ---- what cannot work ----------------------------------------------------------------------------

P = Parameter([1.0])
BAD = [  # class, settings, words of the message
    *[(name, {"lr": -0.1}, "lr must be at least 0, but is -0.1") for name in ("SGD", "RMSprop", "Adam", "AdamW")],
    *[
        (name, {"weight_decay": -1}, "weight_decay must be at least 0, but is -1")
        for name in ("SGD", "RMSprop", "Adam", "AdamW")
    ],
    ("SGD", {"lr": "fast"}, "lr must be a number, but is 'fast'"),
    ("SGD", {"lr": None}, "lr must be a number, but is None"),
    ("SGD", {"lr": True}, "lr must be a number, but is True"),
    ("SGD", {"lr": [0.1]}, "lr must be a number, but is [0.1]"),
    ("SGD", {"lr": float("nan")}, "lr must be a number, but is nan"),
    ("SGD", {"momentum": -0.5}, "momentum must be at least 0, but is -0.5"),
    ("SGD", {"dampening": np.inf}, "dampening must be a finite number, but is inf"),
    ("Adam", {"lr": np.inf}, "lr must be a finite number, but is inf"),
    ("SGD", {"nesterov": "a"}, "nesterov must be True or False, but is 'a'"),
    ("RMSprop", {"centered": "a"}, "centered must be True or False, but is 'a'"),
    ("SGD", {"dampening": "no"}, "dampening must be a number, but is 'no'"),
    ("SGD", {"nesterov": True}, "nesterov needs a momentum above 0 and a dampening of 0, but momentum is 0"),
    ("SGD", {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "but momentum is 0.9 and dampening is 0.1"),
    ("RMSprop", {"alpha": -0.1}, "alpha must be at least 0, but is -0.1"),
    ("RMSprop", {"eps": -1e-8}, "eps must be at least 0, but is -1e-08"),
    ("RMSprop", {"momentum": -1}, "momentum must be at least 0, but is -1"),
    ("Adam", {"betas": 0.9}, "betas must be two numbers, such as (0.9, 0.999), but is 0.9"),
    ("Adam", {"betas": (0.9,)}, "betas must be two numbers, such as (0.9, 0.999), but is (0.9,)"),
    ("Adam", {"betas": (1.0, 0.999)}, "betas must be below 1, but is (1.0, 0.999)"),
    ("AdamW", {"betas": (0.9, -0.1)}, "betas[1] must be at least 0, but is -0.1"),
    ("Adam", {"eps": -1}, "eps must be at least 0, but is -1"),
    ("SGD", {"params": []}, "params must hold at least one Parameter, but is empty"),
    ("SGD", {"params": P}, "params must be a list of Parameters, but is a single one: put it in brackets"),
    ("SGD", {"params": 3}, "params must be a list of Parameters, but is of type int"),
    ("SGD", {"params": torch.zeros(2)}, "params must be a list of Parameters, but is a torch tensor"),
    ("SGD", {"params": [torch.zeros(2)]}, "params must hold Parameters, but params[0] is a torch tensor"),
    ("SGD", {"params": np.zeros(2)}, "params must hold Parameters, but params[0] is of type float64"),
    ("SGD", {"params": [P, np.zeros(2)]}, "but params[1] is of type ndarray: make it one, Parameter(value)"),
    ("SGD", {"params": [P, Parameter(1.0), P]}, "each Parameter once, but params[2] was there before"),
]


@pytest.mark.parametrize(("name", "settings", "words"), BAD)
def test_what_cannot_work_is_said(name: str, settings: Settings, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        getattr(optim, name)(**({"params": [P]} | settings))


BAD_GRADIENTS: list[tuple[Any, str]] = [
    (np.ones((2, 1)), "grad must have the shape of its value, (2,), but has (2, 1)"),
    (None, "grad is None, so there is no direction to step in: call backward first"),
    (torch.ones(2), "grad must be a NumPy array, but is a torch tensor"),
    (["a", "b"], "grad must hold real numbers"),
]


@EVERY_OPTIMIZER
@pytest.mark.parametrize(("gradient", "words"), BAD_GRADIENTS)
def test_a_step_that_is_refused_moves_nothing_and_does_not_count(
    name: str, settings: Settings, gradient: Any, words: str
) -> None:
    params, twins = ([Parameter([1.0, 2.0]), Parameter([3.0, 4.0])] for _ in range(2))
    optimizer, twin = (getattr(optim, name)(each, **settings) for each in (params, twins))
    params[0].grad, params[1].grad = np.ones(2), gradient
    with pytest.raises(ValueError, match=re.escape(words)):
        optimizer.step()
    assert [parameter.value.tolist() for parameter in params] == [[1, 2], [3, 4]]
    for parameter in (*params, *twins):
        parameter.grad = np.array([0.5, -3.0])
    optimizer.step(), twin.step()  # as if nothing had been tried before
    assert [p.value.tolist() for p in params] == [p.value.tolist() for p in twins]


def test_a_parameter_refuses_what_is_no_array_of_numbers() -> None:
    with pytest.raises(ValueError, match=re.escape("value must be a NumPy array, but is a torch tensor")):
        Parameter(torch.zeros(2))  # type: ignore[arg-type]
