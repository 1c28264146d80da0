"""The arguments of optimizers and schedules, checked."""

import math
from collections.abc import Iterable, Sequence
from typing import SupportsFloat

from cnnlab.ops._arguments import is_torch_tensor
from cnnlab.optim.parameter import Parameter


def checked_params(params: Iterable[Parameter]) -> list[Parameter]:
    """The parameters as a list, each of them once.

    Raises:
        ValueError: none, one twice, or something else among them.
    """
    if isinstance(params, Parameter):
        raise ValueError("params must be a list of Parameters, but is a single one: put it in brackets, [parameter]")
    if is_torch_tensor(params) or not isinstance(params, Iterable):
        raise ValueError(f"params must be a list of Parameters, but is {_kind(params)}")
    listed = list(params)
    if not listed:
        raise ValueError("params must hold at least one Parameter, but is empty: there is nothing to train")
    for i, parameter in enumerate(listed):
        if not isinstance(parameter, Parameter):
            raise ValueError(
                f"params must hold Parameters, but params[{i}] is {_kind(parameter)}: make it one, Parameter(value)"
            )
        if any(parameter is earlier for earlier in listed[:i]):
            raise ValueError(f"params must hold each Parameter once, but params[{i}] was there before")
    return listed


def number(name: str, value: SupportsFloat) -> float:
    """`value` as a finite float.

    Raises:
        ValueError: names the argument and its value.
    """
    if isinstance(value, bool | str | bytes):
        raise ValueError(f"{name} must be a number, but is {value!r}")
    try:
        converted = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, but is {value!r}") from None
    if not math.isfinite(converted):
        raise ValueError(f"{name} must be a finite number, but is {value}")
    return converted


def at_least_zero(name: str, value: SupportsFloat) -> float:
    """`value` as a finite float that is not negative.

    Raises:
        ValueError: names the argument and its value.
    """
    converted = number(name, value)
    if converted < 0:
        raise ValueError(f"{name} must be at least 0, but is {value}")
    return converted


def checked_betas(betas: Sequence[float]) -> tuple[float, float]:
    """Two shares that are kept of an average, each from 0 to below 1.

    Raises:
        ValueError: not two, or out of range.
    """
    if not isinstance(betas, Sequence) or len(betas) != 2:
        raise ValueError(f"betas must be two numbers, such as (0.9, 0.999), but is {betas!r}")
    beta1, beta2 = number("betas[0]", betas[0]), number("betas[1]", betas[1])
    for i, beta in enumerate((beta1, beta2)):
        if not 0 <= beta < 1:
            raise ValueError(f"betas[{i}] must be at least 0 and below 1, but is {betas[i]}")
    return beta1, beta2


def _kind(value: object) -> str:
    if is_torch_tensor(value):
        return "a torch tensor"
    return f"of type {type(value).__name__}"
