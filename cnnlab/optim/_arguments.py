"""The arguments of optimizers and schedules, checked."""

from collections.abc import Iterable, Sequence
from math import inf, isinf

from cnnlab.ops._arguments import is_torch_tensor
from cnnlab.ops._numbers import real
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


def finite(name: str, value: float, minimum: float = -inf) -> float:
    """`value` as a finite float of at least `minimum`: with an infinite one, inf - inf soon makes every weight NaN.

    Raises:
        ValueError: names the argument and its value.
    """
    number = real(name, value, minimum)
    if isinf(number):
        raise ValueError(f"{name} must be a finite number, but is {number}")
    return number


def checked_betas(betas: Sequence[float]) -> tuple[float, float]:
    """Two shares that are kept of an average, each from 0 to below 1.

    Raises:
        ValueError: not two, or out of range.
    """
    if not isinstance(betas, Sequence) or len(betas) != 2:
        raise ValueError(f"betas must be two numbers, such as (0.9, 0.999), but is {betas!r}")
    beta1, beta2 = real("betas[0]", betas[0], 0), real("betas[1]", betas[1], 0)
    if max(beta1, beta2) >= 1:  # the averages would never move
        raise ValueError(f"betas must be below 1, but is {betas}")
    return beta1, beta2


def _kind(value: object) -> str:
    if is_torch_tensor(value):
        return "a torch tensor"
    return f"of type {type(value).__name__}"
