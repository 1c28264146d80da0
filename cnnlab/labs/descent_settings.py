"""What the settings of the descent lab may be, and the surfaces that it knows by name."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cnnlab.data import digits, flowers
from cnnlab.labs.numbers import parse_number
from cnnlab.labs.settings import brief, index, number
from cnnlab.traces import surfaces
from cnnlab.traces.descent import METHODS
from cnnlab.traces.surfaces import Point, Surface

SURFACES = (
    "parabola",
    "bowl",
    "ravine",
    "turned ravine",
    "saddle",
    "Rosenbrock",
    "flowers",
    "flowers, standardized",
    "digits",
)
WITH_RATIO = ("ravine", "turned ravine")
FLOWERS, PETAL_LENGTH, PETAL_WIDTH = 150, 2, 3
MOST_UPDATES, MOST_RATIO, LARGEST_RATE = 500, 1000.0, 1000.0
RATES = tuple(
    round(digit * 10.0**power, 5)
    for power in (-3, -2, -1, 0)
    for digit in (1, 1.1, 1.2, 1.5, 1.8, 1.9, 2, 2.1, 2.2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9)
)
"""Learning rates of the slider."""


def rates(name: str, value: Any) -> dict[str, float]:
    """Learning rates of single optimizers, as "Adam 0.3, momentum 0.01"; by the optimizer's name."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text such as 'Adam 0.3, momentum 0.01', but is {brief(value)}")
    found = {}
    for part in value.replace(",", " , ").split(" , ") if value.strip() else ():
        optimizer, *rest = part.split() or [""]
        if optimizer not in METHODS or len(rest) != 1:
            known = ", ".join(METHODS)
            raise ValueError(
                f"{name} must be pairs such as 'Adam 0.3, momentum 0.01', of {known}; but is {brief(value)}"
            )
        found[optimizer] = rate(name, parse_number(rest[0], f"{name}, {optimizer},"))
    return found


def rate(name: str, value: Any) -> float:
    lr = number(name, value)
    if not 0 < lr <= LARGEST_RATE:
        raise ValueError(f"{name} must be above 0 and at most {LARGEST_RATE:g}, but is {lr:g}")
    return lr


def momentum(name: str, value: Any) -> float:
    kept = number(name, value)
    if not 0 <= kept < 1:
        raise ValueError(f"{name} must be from 0 to below 1, but is {kept:g}: with 1, a velocity never ends")
    return kept


def ratio(name: str, value: Any) -> float:
    times = number(name, value)
    if not 1 <= times <= MOST_RATIO:
        raise ValueError(f"{name} must be from 1 to {MOST_RATIO:g}, but is {times:g}")
    return times


def up_to(most: int) -> Callable[[str, Any], int]:
    def check(name: str, value: Any) -> int:
        count = index(name, value)
        if not 1 <= count <= most:
            raise ValueError(f"{name} must be from 1 to {most}, but is {brief(count)}")
        return count

    return check


def start(name: str, value: Any) -> tuple[float, ...] | None:
    """Two numbers, as a pair or as text, or one for a single weight; None or "" is the surface's own start."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    parts = value.split() if isinstance(value, str) else list(value) if isinstance(value, tuple | list) else [value]
    if len(parts) not in (1, 2):
        raise ValueError(f"{name} must be two numbers such as '-4 2', but is {brief(value)}")
    return tuple(parse_number(p, name) if isinstance(p, str) else number(name, p) for p in parts)


def on_the_map(start: tuple[float, ...], surface: Surface) -> Point:
    """The start as a point of the surface; ValueError where it has no such place."""
    if len(start) != len(surface.weights):
        count = "two numbers such as '-4 2'" if len(surface.weights) == 2 else "one number such as '0'"
        raise ValueError(f"start must be {count} on this surface, but is {' '.join(f'{w:g}' for w in start)}")
    point = (start[0], start[1] if len(start) == 2 else 0.0)
    if not surface.holds(point):
        left, right, low, high = surface.limits
        ends = zip(surface.weights, ((left, right), (low, high)), strict=False)
        where = " and ".join(f"{name} from {first:g} to {last:g}" for name, (first, last) in ends)
        raise ValueError(f"start must lie on the map, {where}, but is {' '.join(f'{w:g}' for w in start)}")
    return point


@lru_cache(maxsize=32)
def made(name: str, ratio: float) -> Surface:
    """The surface of this name; one object for each, so that its map is drawn once."""
    measurements, _ = flowers()
    length, width = measurements[:, PETAL_LENGTH], measurements[:, PETAL_WIDTH]
    if name.startswith("flowers"):
        return surfaces.line(name, length, width, standardized=name != "flowers")
    if name == "digits":
        return surfaces.three_or_eight(*digits())
    makers: dict[str, Callable[[], Surface]] = {
        "parabola": surfaces.parabola,
        "bowl": surfaces.bowl,
        "ravine": lambda: surfaces.ravine(ratio),
        "turned ravine": lambda: surfaces.turned_ravine(ratio),
        "saddle": surfaces.saddle,
        "Rosenbrock": surfaces.rosenbrock,
    }
    return makers[name]()
