"""The way back through dropout, every number by name, and what a gradient check says where the mask is not held.

A number and its gradient take the same way: dx = dy·factor, where factor = dy/dx is the mask and its scale.

Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout (2014), JMLR 15, section 5.1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.ops.dropout import dropout, dropout_mask, non_inverted_dropout
from cnnlab.traces.arrays import Array, as_vector, within
from cnnlab.traces.differences import KINK, largest_error, power
from cnnlab.traces.dropout import DropoutLayer
from cnnlab.traces.equation import Equation
from cnnlab.traces.text import precise


@dataclass(frozen=True, eq=False)
class DropoutGradients:
    """What comes back through a dropout: `grad_y` arrives, `grad_x` goes on; arrays are float64 and read-only."""

    forward: DropoutLayer
    grad_y: Array
    grad_x: Array

    def equation(self, index: int = 0) -> Equation:
        """One entry of dx with its numbers."""
        i = within("index", index, len(self.grad_x))
        return self.forward.line(f"dx[{i}]", f"dy[{i}]", i, self.grad_y[i], self.grad_x[i])

    @property
    def draws(self) -> bool:
        """Whether chance has a part in it."""
        return self.forward.training and 0 < self.forward.p < 1

    @cached_property
    def check_error(self) -> float:
        """The largest difference of grad_x to central differences of the loss, the sum of grad_y·y under this mask."""
        return largest_error(lambda x: self._loss(x, self.forward.mask), self.forward.x, self.grad_x)

    @cached_property
    def redrawn_error(self) -> float:
        """The same where a new mask is drawn for each nudge: the two losses are then of two different functions."""
        rng, f = np.random.default_rng(0), self.forward
        return largest_error(lambda x: self._loss(x, dropout_mask(x.shape, f.p, rng=rng)), f.x, self.grad_x)

    def _loss(self, x: Array, mask: ArrayLike) -> float:
        f = self.forward
        y = (dropout if f.inverted else non_inverted_dropout)(x, f.p, f.training, mask=mask)
        return float((self.grad_y * y).sum())

    def says(self, index: int = 0) -> str:
        """What becomes of one gradient, in a sentence."""
        i, f = within("index", index, len(self.grad_x)), self.forward
        if not f.training:
            way = "as it is" if f.inverted else f"times 1 − p = {precise(f.scale_test)}, as its number does"
            return f"In eval mode nothing is dropped: each gradient goes back {way}."
        if not f.mask[i] or f.scale_train == 0:
            return f"x[{i}] was dropped: it had no part in the output, and no gradient comes back to it."
        way = f"times 1 / (1 − p) = {precise(f.scale_train)}" if f.inverted else "as it is"
        return f"x[{i}] was kept: its gradient takes the same way back, {way}."

    def checked(self) -> str:
        """What the gradient check says, and why the mask must stay the same for it."""
        held = f"dx is off by at most {power(self.check_error)}."
        if not self.draws or self.redrawn_error <= KINK:
            return f"Central differences: {held}"
        off = float(f"{self.redrawn_error:.2g}")
        return (
            f"Central differences, this mask held: {held} With a new mask at every nudge: by "
            f"{f'{off:,.0f}' if 1e3 <= off < 1e9 else power(off)}, as two different functions are compared."
        )


def dropout_gradients(layer: DropoutLayer, grad_y: ArrayLike) -> DropoutGradients:
    """The way back of `grad_y`, (n,), through a dropout.

    Raises:
        ValueError: another number of gradients than the layer has outputs; numbers that grow beyond all bounds.
    """
    return DropoutGradients(layer, as_vector("grad_y", grad_y, len(layer.x)), layer.backward(grad_y))
