"""One small network that looks at every place: a word in a signal, a flower in a picture.

The network sees a window and answers from 0 (it is not here) to 1 (it is here):

    hidden_0 = relu(sum of window * what is looked for / its energy)
    hidden_1 = relu(sum of window * what it could be mistaken for / its energy)
    answer = sigmoid(SLOPE * hidden_0 - SLOPE * hidden_1 - OFFSET)

Sliding it over all places is a convolution with two filters, a ReLU, and a convolution of 1 x 1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.traces.text import MINUS, number, plural

SLOPE, OFFSET = 12.0, 6.0
"""An answer of 1/2 stands for a hidden unit that is half as strong as for the pattern itself."""

Values = NDArray[np.float64]
Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class SmallNetwork:
    """Two hidden units, whose weights are the two patterns over their energies, and one answer."""

    wanted: Values  # kh, kw
    other: Values
    against: float = SLOPE  # how strongly the second hidden unit votes against; 0: it is not heard

    @cached_property
    def weight(self) -> Values:
        """(2, 1, kh, kw): a hidden unit answers 1 to its own pattern."""
        both = np.stack([p / (p * p).sum() for p in (self.wanted, self.other)])
        return both[:, None]

    def hidden(self, window: Values) -> Values:
        """What the two hidden units say to one window."""
        return np.asarray(ops.relu((self.weight[:, 0] * window).sum(axis=(1, 2))), np.float64)

    def answer(self, hidden: Values) -> Values:
        """From the hidden units (on the first axis) to an answer between 0 and 1."""
        return np.asarray(ops.sigmoid(SLOPE * hidden[0] - self.against * hidden[1] - OFFSET), np.float64)


@dataclass(frozen=True, eq=False)
class Scan:
    """The network at every place of ``x``; ``true_places`` are where the pattern was put."""

    x: Values  # H, W
    network: SmallNetwork
    true_places: tuple[Place, ...]
    threshold: float
    name: str  # what is looked for

    @property
    def window_size(self) -> tuple[int, int]:
        height, width = self.network.wanted.shape
        return height, width

    @cached_property
    def hidden(self) -> Values:
        """(2, H', W'): the hidden units everywhere: a convolution with two filters, and ReLU."""
        return np.asarray(ops.relu(ops.conv2d(self.x[None], self.network.weight)), np.float64)

    @cached_property
    def answers(self) -> Values:
        """(H', W'): the answer everywhere; a convolution of 1 x 1 and a sigmoid."""
        mixing = np.array([SLOPE, -self.network.against]).reshape(1, 2, 1, 1)
        return np.asarray(ops.sigmoid(ops.conv2d(self.hidden, mixing, [-OFFSET])[0]), np.float64)

    @cached_property
    def scanned(self) -> Values:
        """(H', W'): the same answers, by carrying the network from place to place."""
        (kh, kw), answers = self.window_size, np.empty_like(self.answers)
        for row, col in np.ndindex(answers.shape):
            answers[row, col] = self.network.answer(self.network.hidden(self.x[row : row + kh, col : col + kw]))
        return answers

    @property
    def steps(self) -> int:
        return int(self.answers.size)

    @property
    def largest(self) -> Place:
        """The place of the largest answer."""
        row, col = np.unravel_index(int(self.answers.argmax()), self.answers.shape)
        return int(row), int(col)

    @cached_property
    def found(self) -> tuple[Place, ...]:
        """Places whose answer is above the threshold and the largest for half a window around, the best first."""
        kh, kw = self.window_size
        left, places = self.answers.copy(), []
        while left.max() > self.threshold:
            row, col = (int(i) for i in np.unravel_index(int(left.argmax()), left.shape))
            places.append((row, col))
            rows, cols = max(row - kh // 2, 0), max(col - kw // 2, 0)
            left[rows : row + kh // 2 + 1, cols : col + kw // 2 + 1] = 0
        return tuple(places)

    @cached_property
    def hits(self) -> int:
        """How many of the true places were found, to a quarter of a window."""
        kh, kw = self.window_size
        near = [
            any(abs(r - row) <= kh // 4 and abs(c - col) <= kw // 4 for r, c in self.found)
            for row, col in self.true_places
        ]
        return sum(near)

    def at(self, step: int) -> "Look":
        """The network at one place, counted row by row."""
        row, col = divmod(step, self.answers.shape[1])
        kh, kw = self.window_size
        hidden = self.hidden[:, row, col]
        return Look(self, row, col, self.x[row : row + kh, col : col + kw], hidden, float(self.answers[row, col]))

    def says(self) -> str:
        """What the map of answers says, and whether it is true."""
        count, false = len(self.true_places), len(self.found) - self.hits
        best = float(self.answers.max())
        largest = f"The largest answer is {'more than 0.999' if best > 0.999 else number(best)}"
        if not self.found:
            truth = "and there is none" if not count else f"but there {'is one' if count == 1 else f'are {count}'}"
            return f"{largest}, nowhere above the threshold: no {self.name} is found, {truth}."
        if self.hits == count and not false:
            return f"{largest}: {plural(count, self.name)} found, {'where it is' if count == 1 else 'where they are'}."
        above = f"{largest}: {plural(len(self.found), 'place')} above the threshold"
        if not count:
            return f"{above}, {'a false alarm' if false == 1 else 'all false alarms'}."
        alarms = f", {plural(false, 'false alarm')}" if false else ""
        return f"{above}, {self.hits} of {plural(count, self.name)} found{alarms}."


@dataclass(frozen=True, eq=False)
class Look:
    """The network at one place: the window, the two hidden units, the answer."""

    scan: Scan
    row: int
    col: int
    window: Values
    hidden: Values
    answer: float

    @property
    def index(self) -> int:
        columns: int = self.scan.answers.shape[1]
        return self.row * columns + self.col

    @property
    def place(self) -> str:
        return f"place {self.col}" if self.scan.answers.shape[0] == 1 else f"place [{self.row}, {self.col}]"

    def formula(self) -> str:
        """The answer from the hidden units, with their numbers."""
        first, second = (number(float(h)) for h in self.hidden)
        z = f"{number(SLOPE)}·{first} {MINUS} {number(self.scan.network.against)}·{second} {MINUS} {number(OFFSET)}"
        return f"answer at {self.place} = sigmoid({z}) ≈ {number(self.answer)}"
