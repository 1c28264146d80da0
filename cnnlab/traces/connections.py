"""Three ways to connect a layer with its input: every input, a few neighbors, or a few neighbors with shared weights.

Each of them is a matrix: the output is ``matrix @ input``. A connection that is missing is a 0, and a weight that is
shared stands in the matrix several times.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.shapes import conv_output_size
from cnnlab.traces.text import equals, factor, number, plural, precise

PATTERNS = ("dense", "local", "shared")
SHARED = (2.0, -1.0, 1.0, 3.0, -2.0)
"""The shared weights that are drawn: as many of them as the kernel is long."""
SIGNAL = (1.0, 0.0, 2.0, -1.0, 3.0, 1.0, -2.0, 2.0, 0.0, 1.0)

Values = NDArray[np.float64]


@cache
def _own_weights() -> Values:
    """Weights for every unit and every input, none of them 0: a layer that changes its size keeps those it had."""
    rng = np.random.default_rng(5)
    most = (len(SIGNAL), len(SIGNAL))
    return np.asarray(rng.integers(1, 10, most) * rng.choice([-1.0, 1.0], most))


@dataclass(frozen=True, eq=False)
class Connections:
    """A layer from ``inputs`` numbers to as many units as a kernel has places on them."""

    pattern: str
    inputs: int
    kernel_size: int
    stride: int = 1

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS:
            raise ValueError(f"pattern must be one of {', '.join(PATTERNS)}, but is {self.pattern!r}")
        if not 1 <= self.inputs <= len(SIGNAL):
            raise ValueError(f"inputs must be from 1 to {len(SIGNAL)}, but is {self.inputs}")
        if not 1 <= self.kernel_size <= len(SHARED):
            raise ValueError(f"kernel_size must be from 1 to {len(SHARED)}, but is {self.kernel_size}")
        if self.kernel_size > self.inputs:
            raise ValueError(
                f"kernel_size must be at most the number of inputs, {self.inputs}, but is {self.kernel_size}"
            )
        conv_output_size(self.inputs, self.kernel_size, self.stride)  # refuses a stride below 1

    @property
    def units(self) -> int:
        return conv_output_size(self.inputs, self.kernel_size, self.stride)

    @cached_property
    def x(self) -> Values:
        return np.array(SIGNAL[: self.inputs])

    @cached_property
    def connected(self) -> NDArray[np.bool_]:
        """(units, inputs): which input each unit sees."""
        if self.pattern == "dense":
            return np.ones((self.units, self.inputs), bool)
        start = np.arange(self.units)[:, None] * self.stride
        place = np.arange(self.inputs)[None] - start
        return np.asarray((place >= 0) & (place < self.kernel_size))

    @cached_property
    def matrix(self) -> Values:
        """(units, inputs): the weights, 0 where nothing is connected."""
        if self.pattern == "shared":
            rows = np.zeros((self.units, self.inputs))
            for unit in range(self.units):
                rows[unit, unit * self.stride :][: self.kernel_size] = SHARED[: self.kernel_size]
            return rows
        return np.where(self.connected, _own_weights()[: self.units, : self.inputs], 0.0)

    @cached_property
    def output(self) -> Values:
        return self.matrix @ self.x

    @property
    def weights(self) -> int:
        """How many weights there are to learn."""
        return self.kernel_size if self.pattern == "shared" else int(self.connected.sum())

    def count(self) -> str:
        """The number of weights, and how it comes about."""
        weights = plural(self.weights, "weight")
        if self.pattern == "shared":
            return weights
        return f"{self.units} · {self.inputs if self.pattern == 'dense' else self.kernel_size} = {weights}"

    def says(self) -> str:
        """What the pattern means for learning."""
        if self.pattern == "dense":
            return "Every unit sees all inputs, with weights of its own: what one of them learns, no other knows."
        if self.pattern == "local":
            return "Every unit sees its neighbors only, but still has weights of its own to learn."
        moved = "one place" if self.stride == 1 else f"{self.stride} places"
        return f"Every unit asks the same question: each row is the row above, moved by {moved}. That is a convolution."

    def formula(self, unit: int) -> str:
        """The sum that one unit computes."""
        seen = np.flatnonzero(self.connected[unit])
        terms = [f"{factor(self.matrix[unit, i]) if k else number(self.matrix[unit, i])}·{factor(self.x[i])}"
                 for k, i in enumerate(seen)]  # fmt: skip
        result = float(self.output[unit])
        return f"unit {unit} = {' + '.join(terms)} {equals(result)} {precise(result)}"


@dataclass(frozen=True)
class LayerSize:
    """An image, a number of units that look at it, and the window of those that see only a part."""

    height: int
    width: int
    channels: int
    units: int
    window: int
    filters: int

    @property
    def inputs(self) -> int:
        return self.height * self.width * self.channels

    def weights(self, pattern: str) -> int:
        """How many weights the layer has, biases not counted."""
        seen = self.window * self.window * self.channels
        return {"dense": self.units * self.inputs, "local": self.units * seen, "shared": self.filters * seen}[pattern]

    def biases(self, pattern: str) -> int:
        """One for each unit; one for each filter where the weights are shared."""
        return self.filters if pattern == "shared" else self.units

    def formula(self, pattern: str) -> str:
        """How the count comes about: the units or filters times what each of them sees."""
        if pattern == "dense":
            return f"{self.units:,} units × {self.height:,}·{self.width:,}·{self.channels:,} inputs"
        seen = f"{self.window}·{self.window}·{self.channels:,} inputs"
        if pattern == "local":
            return f"{self.units:,} units × {seen}"
        return f"{self.filters:,} {'filter' if self.filters == 1 else 'filters'} × {seen}"


SIZES: dict[str, LayerSize] = {
    "224 × 224 × 3 to 1000 units": LayerSize(224, 224, 3, 1000, 3, 1),
    "256 × 256 to 256 × 256": LayerSize(256, 256, 1, 256 * 256, 3, 1),
    "32 × 32 × 3, six 5 × 5 filters": LayerSize(32, 32, 3, 1000, 5, 6),
    "28 × 28 to 10 classes": LayerSize(28, 28, 1, 10, 3, 10),
}
"""Layers of the decks, and one for handwritten digits."""


MOST = {"height": 4096, "width": 4096, "channels": 4096, "units": 10_000_000, "window": 99, "filters": 4096}


def layer_size(height: int, width: int, channels: int, units: int, window: int, filters: int) -> LayerSize:
    """A layer whose weights are counted.

    Raises:
        ValueError: a number below 1 or above ``MOST``, or a window larger than the image.
    """
    size = LayerSize(height, width, channels, units, window, filters)
    for name, most in MOST.items():
        if not 1 <= getattr(size, name) <= most:
            raise ValueError(f"{name} must be from 1 to {most:,}, but is {getattr(size, name):,}")
    if window > min(height, width):
        raise ValueError(f"window is {window} × {window}, but the image is only {height} × {width}")
    return size


def count_text(count: int) -> str:
    """4,294,967,296; and beyond what can be read, 6.87·10¹⁷."""
    if count < 10**13:
        return f"{count:,}"
    mantissa, power = f"{count:.2e}".split("e+")
    return f"{mantissa}·10{str(int(power)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def memory(weights: int) -> str:
    """What so many weights take in the memory, at 4 bytes each."""
    size = float(weights * 4)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            whole = size >= 100 or unit == "bytes"
            return f"{count_text(round(size)) if whole else f'{size:.3g}'} {unit}"
        size /= 1000
    raise AssertionError
