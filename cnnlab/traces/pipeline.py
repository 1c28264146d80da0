"""A pipeline of random transforms as a person writes it down, and a sheet of samples that it makes of one picture.

    flip 0.5; rotate 15; crop 0.6; jitter 0.3

Steps are parted by ";", "," or lines. Each is a word and its numbers, and becomes a transform of `cnnlab.augment`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cnnlab import augment
from cnnlab.traces.augmented_words import called
from cnnlab.traces.transforms import ORDERS, Image, Step

SAMPLES = 16
MOST_STEPS = 7
LARGEST = 1000.0
"""No step needs a larger number."""
Make = Callable[[list[float], int], Any]

MAKE: Mapping[str, tuple[Make, int, int, str]] = {
    "flip": (lambda n, side: augment.RandomHorizontalFlip(*n), 0, 1, "flip 0.5"),
    "vertical flip": (lambda n, side: augment.RandomVerticalFlip(*n), 0, 1, "vertical flip 0.5"),
    "rotate": (lambda n, side: augment.RandomRotation(_range(n)), 1, 2, "rotate 15"),
    "shift": (lambda n, side: augment.RandomAffine(0, translate=(n[0], n[-1])), 1, 2, "shift 0.1"),
    "zoom": (lambda n, side: augment.RandomAffine(0, scale=n), 2, 2, "zoom 0.8 1.2"),
    "shear": (lambda n, side: augment.RandomAffine(0, shear=_range(n)), 1, 2, "shear 20"),
    "crop": (lambda n, side: augment.RandomResizedCrop(side, (n[0], n[1] if n[1:] else 1.0)), 1, 2, "crop 0.5"),
    "brightness": (lambda n, side: augment.ColorJitter(brightness=_range(n)), 1, 2, "brightness 0.3"),
    "contrast": (lambda n, side: augment.ColorJitter(contrast=_range(n)), 1, 2, "contrast 0.3"),
    "saturation": (lambda n, side: augment.ColorJitter(saturation=_range(n)), 1, 2, "saturation 0.3"),
    "hue": (lambda n, side: augment.ColorJitter(hue=_range(n)), 1, 2, "hue 0.1"),
    "jitter": (lambda n, side: augment.ColorJitter(n[0], n[0], n[0]), 1, 1, "jitter 0.3"),
    "gray": (lambda n, side: augment.RandomGrayscale(*n), 0, 1, "gray 0.2"),
    "shuffle": (lambda n, side: augment.RandomChannelPermutation(), 0, 0, "shuffle"),
    "cutout": (lambda n, side: augment.Cutout(_side(n[0], side), 0.5), 1, 1, "cutout 0.3"),
}
"""What makes each word, from its numbers and the side of the picture; how few and how many numbers; an example."""


def _range(numbers: list[float]) -> Any:
    """One number is a range around the middle, two are its ends."""
    return numbers[0] if len(numbers) == 1 else numbers


def _side(share: float, side: int) -> int:
    if not 0 <= share <= 1:
        raise ValueError(f"the side of the square must be a share between 0 and 1, but is {share:g}")
    return round(share * side)


@dataclass(frozen=True)
class Written:
    """One step of a pipeline: its word and its numbers."""

    word: str
    numbers: tuple[float, ...]

    def __str__(self) -> str:
        return " ".join([self.word, *(f"{n:g}" for n in self.numbers)])


def parse_pipeline(text: str, name: str = "pipeline") -> tuple[Written, ...]:
    """The steps that a text writes down.

    Raises:
        ValueError: says which step, counted from 1, cannot be read, and how to write it.
    """
    if not isinstance(text, str):
        raise ValueError(f"{name} must be text such as 'flip 0.5; rotate 15', but is {text!r}")
    lines = [line.strip() for line in re.split(r"[;,\n]", text.lower().replace("−", "-")) if line.strip()]
    if not lines:
        raise ValueError(f"{name} is empty: write steps such as flip 0.5; rotate 15")
    if len(lines) > MOST_STEPS:
        raise ValueError(f"{name} has {len(lines)} steps: at most {MOST_STEPS} can be shown")
    return tuple(_parsed(line, f"{name}, step {i}") for i, line in enumerate(lines, 1))


def _parsed(line: str, place: str) -> Written:
    parts = line.split()
    count = 2 if parts[:2] == ["vertical", "flip"] else 1
    word, given = " ".join(parts[:count]), parts[count:]
    if word not in MAKE:
        raise ValueError(f"{place}: {line[:40]!r} is not known: write {', '.join(MAKE)}, and numbers behind it")
    _, least, most, example = MAKE[word]
    try:
        numbers = [float(part) for part in given]
    except ValueError:
        raise ValueError(f"{place}: {line[:40]!r} holds something that is no number: write {example}") from None
    if not least <= len(numbers) <= most:
        wanted = str(most) if least == most else f"{least} or {most}"
        raise ValueError(f"{place}: {word} takes {wanted} numbers, not {len(numbers)}: write {example}")
    try:
        MAKE[word][0](numbers, 32)
        if not all(abs(n) <= LARGEST for n in numbers):
            raise ValueError(f"its numbers lie between -{LARGEST:g} and {LARGEST:g}: write {example}")
    except ValueError as error:
        raise ValueError(f"{place}, {word}: {error}") from None
    return Written(word, tuple(numbers))


@dataclass(frozen=True, eq=False)
class Sheet:
    """`SAMPLES` random versions of one picture (3, H, H)."""

    image: Image
    written: tuple[Written, ...]
    seed: int

    @cached_property
    def pipeline(self) -> augment.Compose:
        """The transforms."""
        side = self.image.shape[-1]
        return augment.Compose([MAKE[w.word][0](list(w.numbers), side) for w in self.written])

    @cached_property
    def draws(self) -> tuple[Any, ...]:
        """What was drawn for each transform."""
        return self.pipeline.draw(np.random.default_rng(self.seed), SAMPLES, self.image.shape)

    @cached_property
    def samples(self) -> tuple[Image, ...]:
        """The pictures that come out."""
        return tuple(_bounded(self.pipeline.apply(self.image, self.draws, i)) for i in range(SAMPLES))

    def at(self, index: int) -> "Sample":
        """One of the samples, step by step."""
        return Sample(self, index)


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample: what was drawn for it, and the picture after each step."""

    sheet: Sheet
    index: int

    @cached_property
    def chain(self) -> tuple[Image, ...]:
        """The picture as it is, then after each step."""
        found: list[Any] = [self.sheet.image]
        for transform, draws in zip(self.sheet.pipeline.transforms, self.sheet.draws, strict=True):
            found.append(transform.apply(found[-1], draws, self.index))
        return tuple(_bounded(image) for image in found)

    @cached_property
    def drawn(self) -> tuple[tuple[Step, ...], ...]:
        """For each step that was written, what it came to: nothing, or one transform, or several."""
        steps = zip(self.sheet.written, self.sheet.draws, strict=True)
        return tuple(tuple(_steps(w, draws, self.index)) for w, draws in steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of these, one after the other."""
        return tuple(step for steps in self.drawn for step in steps)

    def says(self, place: int) -> tuple[str, ...]:
        """What was drawn at one place of the chain, 1 for the first step, in a few short lines."""
        word, steps = self.sheet.written[place - 1].word, self.drawn[place - 1]
        if not steps:
            return ("not this time",)
        return tuple(_short(word, step, self.sheet.image.shape[-1]) for step in steps)

    def formula(self) -> str:
        """All that was drawn, in one line."""
        return "; ".join(map(called, self.steps)) or "nothing was changed this time"


def _short(word: str, step: Step, side: int) -> str:
    """What was drawn, so that it fits below a small picture."""
    n = step.numbers
    if "flip" in word:
        return "yes"
    if word == "crop":
        return f"{100 * n['height'] * n['width'] / side**2:.0f}% of the area"
    if word == "cutout":
        return f"at [{n['row']}, {n['col']}]"
    text = called(step)
    return text if word == "jitter" else text.removeprefix(step.name).strip() or "yes"


def _steps(written: Written, draws: Mapping[str, Any], i: int) -> Sequence[Step]:
    """What was drawn for one sample, as transforms with their numbers."""
    word = written.word
    n: dict[str, Any] = {name: array[i].item() for name, array in draws.items() if name != "order"}
    if word in ("flip", "vertical flip"):
        return [Step("horizontal flip" if word == "flip" else word)] if n["flip"] else []
    if word == "gray":
        return [Step("gray")] if n["gray"] else []
    if word == "rotate":
        return [Step("rotation", (n["angle"],))]
    if word == "shift":
        return [Step("shift", (n["x"], n["y"]))]
    if word == "zoom":
        return [Step("zoom", (n["scale"],))]
    if word == "shear":
        return [Step("shear", (n["shear_x"],))]
    if word == "crop":
        return [Step("crop", (n["top"], n["left"], n["height"], n["width"]))]
    if word == "cutout":
        side = n["height"]
        return [Step("cutout", (n["top"] + side // 2, n["left"] + side // 2, side))]
    if word == "shuffle":
        order = "".join("RGB"[channel] for channel in draws["order"][i])
        return [Step("channel shuffle", (order,))] if order in ORDERS else []
    used = ("brightness", "contrast", "saturation") if word == "jitter" else (word,)
    ordered = (augment.ColorJitter.NAMES[place] for place in draws["order"][i])
    return [Step(name, (n[name],)) for name in ordered if name in used]


def _bounded(image: Any) -> Image:
    """As float32 from 0 to 1: a warp may round past."""
    bounded: Image = np.clip(image, 0, 1).astype(np.float32, copy=False)
    return bounded
