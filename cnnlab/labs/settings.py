"""The settings of a lab: traits that a control, the code of a notebook and the recipe share.

A setting says once what it may be. A value that it may not be is a ValueError with a sentence for the student, which
the lab shows; assigning it never raises.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from cnnlab.labs.numbers import same

Check = Callable[[str, Any], Any]
Settings = SimpleNamespace
"""The settings of a lab at one moment, each checked, by their names."""


class Setting(traitlets.Any):
    """A trait that tells True from 1 and compares arrays by their numbers, so that every change is noticed."""

    def set(self, obj: traitlets.HasTraits, value: Any) -> None:
        assert self.name is not None
        before = obj._trait_values.get(self.name, self.default_value)
        obj._trait_values[self.name] = value
        if not same(before, value):
            obj._notify_trait(self.name, before, value)


LARGEST = 1e300
MOST_SIGNS = 40


def setting(default: Any, check: Check | None = None, *, view: bool = False, recipe: bool = True) -> Any:
    """Declare a setting.

    ``check`` takes its name and value and returns the value to use, or raises ValueError. A ``view`` setting only
    chooses what is looked at: the numbers stay. One that is not for the ``recipe`` says nothing about what is shown.
    """
    return Setting(default).tag(setting=True, check=check, view=view, recipe=recipe)


def brief(value: Any) -> str:
    """A value as a sentence can hold it: on one line, and of something large only the beginning."""
    text = " ".join(repr(value if not isinstance(value, np.generic) else value.item()).split())
    return text if len(text) <= MOST_SIGNS else f"{text[:MOST_SIGNS]} …"


def flag(name: str, value: Any) -> bool:
    """True or False, and nothing that only counts as one of them."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, but is {brief(value)}")
    return bool(value)


def index(name: str, value: Any) -> int:
    """A whole number from 0 on."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or value < 0:
        raise ValueError(f"{name} must be a whole number from 0 on, but is {brief(value)}")
    return int(value)


def number(name: str, value: Any) -> float:
    """A finite number."""
    plain = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if plain and not isinstance(value, int):
        value = float(value)
    if not plain or value != value:
        raise ValueError(f"{name} must be a number, but is {brief(value)}")
    if not -LARGEST < value < LARGEST:
        raise ValueError(f"{name} must be a number from -1e300 to 1e300, but is {brief(value)}")
    return float(value)


def whole(low: int, high: int) -> Check:
    """A whole number from ``low`` to ``high``."""

    def check(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
            raise ValueError(f"{name} must be a whole number from {low} to {high}, but is {brief(value)}")
        return int(value)

    return check


def between(low: float, high: float) -> Check:
    """A number from ``low`` to ``high``."""

    def check(name: str, value: Any) -> float:
        said = f"{name} must be a number from {low:g} to {high:g}, but is"
        try:
            given = number(name, value)
        except ValueError:
            raise ValueError(f"{said} {brief(value)}") from None
        if not low <= given <= high:
            raise ValueError(f"{said} {given:g}")
        return given

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, but is {brief(value)}")
        return value

    return check


def words(*allowed: str) -> Check:
    """Some of a few words, with spaces between them; "all" for all. Becomes a tuple."""

    def check(name: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text such as {' '.join(allowed[:2])!r}, but is {brief(value)}")
        unknown = [word for word in value.split() if word not in (*allowed, "all")]
        if unknown:
            raise ValueError(f"{name} knows {', '.join(allowed)} and all, but not {unknown[0]!r}")
        return allowed if "all" in value.split() else tuple(value.split())

    return check
