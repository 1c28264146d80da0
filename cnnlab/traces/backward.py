"""The way back through a convolution or a pooling of one map: what each gradient sends, what each number receives.

With the window of output cell (r, c) at the rows r * stride + a * dilation and the columns c * stride + b * dilation:

    scatter:  dx[window of (r, c)] += dy[r, c] * w          dw += dy[r, c] * x[window of (r, c)]
    gather:   dx[i, j] = sum of dy[r, c] * w[a, b] over all windows that hold x[i, j]

The same as two convolutions: dx is the transposed convolution of dy with w; dw is the convolution of x with dy, whose
dilation is the stride and whose stride is the dilation. Source: Dumoulin and Visin, A guide to convolution arithmetic
for deep learning (2016), arXiv:1603.07285, chapter 4; Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.5.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from cnnlab import ops
from cnnlab.traces.arrays import Array, as_matrix, bounded, read_only, within
from cnnlab.traces.conv import Convolution, ConvTrace, convolution
from cnnlab.traces.differences import largest_error
from cnnlab.traces.equation import Equation, equation, products
from cnnlab.traces.pool import Pooling, PoolTrace, pooling

KINDS = ("convolution", "max pool", "average pool")
LARGEST_INPUT, LARGEST_KERNEL = 8, 5


@dataclass(frozen=True, eq=False)
class Backward:
    """A forward pass of one map, and the gradient ``grad_output`` (dy) of its output."""

    forward: Convolution | Pooling
    grad_output: Array  # H out, W out

    @property
    def kind(self) -> str:
        f = self.forward
        return "convolution" if isinstance(f, Convolution) else "max pool" if f.is_max else "average pool"

    @property
    def input(self) -> Array:
        """x, (H, W)."""
        return np.asarray(self.forward.input[0])

    @property
    def weight(self) -> Array | None:
        """w, (kh, kw); a pooling has none."""
        return np.asarray(self.forward.weight[0, 0]) if isinstance(self.forward, Convolution) else None

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of x[0, 0] in the padded input."""
        if isinstance(self.forward, Convolution):
            return self.forward.padding[0][0], self.forward.padding[1][0]
        return self.forward.padding

    @property
    def steps(self) -> int:
        return int(self.grad_output.size)

    @cached_property
    def gradients(self) -> tuple[Array, Array | None]:
        """dx (H, W) and dw (kh, kw); None for the weights that a pooling does not have."""
        return self._gradients_of(self.grad_output)

    def _gradients_of(self, grad_output: Array) -> tuple[Array, Array | None]:
        f = self.forward
        with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
            if isinstance(f, Pooling):
                return bounded("dx", f.backward(grad_output[None])[0]), None
            dx, dw, _ = ops.conv2d_backward(
                grad_output[None], f.input, f.weight, None, f.stride, self.corner, f.dilation
            )
        return bounded("dx", dx[0]), bounded("dw", dw[0, 0])

    def at(self, step: int) -> "Scatter":
        """What one cell of dy sends back."""
        return Scatter(self, within("step", step, self.steps))

    # ---- gathered ----------------------------------------------------------------------------------------------------

    def senders(self, row: int, col: int) -> list[tuple["Scatter", int, int]]:
        """The cells of dy whose windows hold x[row, col], each with the row and the column of it in its window."""
        i, j, found = row + self.corner[0], col + self.corner[1], []
        for scatter in (self.at(step) for step in range(self.steps)):
            rows, cols = np.flatnonzero(scatter.rows == i), np.flatnonzero(scatter.cols == j)
            if rows.size and cols.size:
                found.append((scatter, int(rows[0]), int(cols[0])))
        return found

    def received(self, row: int, col: int) -> Equation:
        """dx[row, col] as the sum of what arrives there.

        Raises:
            ValueError: there is no such cell.
        """
        height, width = self.input.shape
        row, col = within("row", row, height), within("col", col, width)
        if isinstance(self.forward, Pooling):
            return self.forward.received(self.grad_output[None], row, col)
        senders, value = self.senders(row, col), float(self.gradients[0][row, col])
        name, w = f"dx[{row}, {col}]", self.forward.weight[0, 0]
        pairs = [s.grad for s, _, _ in senders], [float(w[a, b]) for _, a, b in senders]
        symbols = "sum of dy·w over its windows" if senders else "no window holds it"
        return equation(name, symbols, *products(*pairs), value)

    def weight_received(self, row: int, col: int) -> Equation:
        """dw[row, col] as the sum over all windows: this weight has met a number of x in each of them.

        Raises:
            ValueError: there is no such weight, or none at all.
        """
        dw = self.gradients[1]
        if dw is None:
            raise ValueError(f"a {self.kind} has no weights")
        row, col = within("row", row, dw.shape[0]), within("col", col, dw.shape[1])
        met = [float(self.at(step).window[row, col]) for step in range(self.steps)]
        pair = products(self.grad_output.ravel(), met)
        return equation(f"dw[{row}, {col}]", "sum of dy·x over all windows", *pair, float(dw[row, col]))

    # ---- the same in other ways --------------------------------------------------------------------------------------

    @cached_property
    def as_transposed(self) -> Array | None:
        """dx as the transposed convolution of dy with w; what no window reaches is filled up by output_padding."""
        f = self.forward
        if isinstance(f, Pooling):
            return None
        reached = ops.conv_transpose2d(self.grad_output[None], f.weight, stride=f.stride, dilation=f.dilation)[0]
        padded = np.zeros(f.padded.shape[1:])
        padded[: reached.shape[0], : reached.shape[1]] = reached
        (top, left), (height, width) = self.corner, self.input.shape
        return read_only(padded[top : top + height, left : left + width])

    @cached_property
    def as_convolution(self) -> Array | None:
        """dw as the convolution of x with dy: stride and dilation have changed places."""
        f = self.forward
        if isinstance(f, Pooling):
            return None
        full = ops.conv2d(f.padded, self.grad_output[None, None], stride=f.dilation, dilation=f.stride)[0]
        kh, kw = f.kernel_size
        return read_only(full[:kh, :kw])

    @cached_property
    def check_errors(self) -> tuple[float, float | None]:
        """The largest differences of dx and of dw to central differences of the loss, the sum of dy * y."""
        f = self.forward

        def loss(x: Array, w: Array | None) -> float:
            if isinstance(f, Pooling):
                y = ops.max_pool2d(x, f.kernel_size, f.stride, f.padding, f.dilation) if f.is_max else None
                y = ops.avg_pool2d(x, f.kernel_size, f.stride, f.padding) if y is None else y
            else:
                assert w is not None
                y = ops.conv2d(x, w, None, f.stride, self.corner, f.dilation)
            return float((self.grad_output * y[0]).sum())

        dx, dw = self.gradients
        w = f.weight if isinstance(f, Convolution) else None
        x_error = largest_error(lambda x: loss(x, w), f.input, dx)
        if w is None or dw is None:
            return x_error, None
        return x_error, largest_error(lambda w: loss(f.input, w), w, dw)


@dataclass(frozen=True, eq=False)
class Scatter:
    """What the cell number ``index`` of dy sends back, and what has arrived once all up to it have sent."""

    backward: Backward
    index: int

    @cached_property
    def step(self) -> ConvTrace | PoolTrace:
        """How this output cell was computed."""
        return self.backward.forward.at(self.index)

    @property
    def row(self) -> int:
        return self.step.row

    @property
    def col(self) -> int:
        return self.step.col

    @property
    def grad(self) -> float:
        """dy[row, col]."""
        return float(self.backward.grad_output[self.row, self.col])

    @cached_property
    def rows(self) -> Array:
        """Rows of the padded input under the window."""
        return np.asarray(self.step.rows)

    @cached_property
    def cols(self) -> Array:
        return np.asarray(self.step.cols)

    @cached_property
    def window(self) -> Array:
        """x under the window, (kh, kw)."""
        return np.asarray(self.step.window[0] if isinstance(self.step, ConvTrace) else self.step.window)

    @cached_property
    def to_input(self) -> Array:
        """What is added to dx, (kh, kw): dy * w, or the shares of a pooling."""
        if isinstance(self.step, PoolTrace):
            return self.step.shares(self.grad)
        return read_only(self.grad * self.step.kernel[0])

    @cached_property
    def to_weight(self) -> Array | None:
        """What is added to dw, (kh, kw): dy * window; None for a pooling."""
        return None if isinstance(self.step, PoolTrace) else read_only(self.grad * self.window)

    @cached_property
    def so_far(self) -> tuple[Array, Array | None]:
        """dx and dw of the cells up to this one: the gradients are linear in dy, so the others count as 0."""
        sent = np.arange(self.backward.steps).reshape(self.backward.grad_output.shape) <= self.index
        return self.backward._gradients_of(np.where(sent, self.backward.grad_output, 0.0))

    @property
    def lost(self) -> int:
        """How many cells of the window lie in the padding: what is sent there is lost."""
        return int(self.step.in_padding.sum())


def backward(
    kind: str,
    input: ArrayLike,
    weight: ArrayLike | None,
    grad_output: ArrayLike,
    kernel_size: int = 2,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Backward:
    """The way back of ``grad_output`` through a convolution or a pooling.

    Args:
        kind: "convolution", "max pool" or "average pool".
        input: x, (H, W), at most 8 x 8.
        weight: w, (kh, kw), at most 5 x 5; a pooling does not use it, and a convolution not ``kernel_size``.
        grad_output: dy; of rows or columns that the output does not have nothing is used, those that are missing are 0.
        stride, padding, dilation: as in ``torch.nn.functional``; an average pool has no dilation.

    Raises:
        ValueError: another kind, a shape that is too large, or as the ops say.
    """
    x = as_matrix("input", input, (None, None))
    if max(x.shape) > LARGEST_INPUT:
        raise ValueError(f"input must have at most {LARGEST_INPUT} rows and columns, but has the shape {x.shape}")
    forward: Convolution | Pooling
    if kind == "convolution":
        w = as_matrix("weight", [] if weight is None else weight, (None, None))
        if max(w.shape) > LARGEST_KERNEL:
            raise ValueError(f"weight must have at most {LARGEST_KERNEL} rows and columns, but has the shape {w.shape}")
        forward = convolution(x, w, None, stride, padding, dilation)
    elif kind in KINDS:
        forward = pooling(x, kind.removesuffix(" pool"), kernel_size, stride, padding, dilation)
    else:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, but is {kind!r}")
    return Backward(forward, _fitted(as_matrix("grad_output", grad_output, (None, None)), forward.output.shape[1:]))


def _fitted(values: Array, shape: tuple[int, ...]) -> Array:
    fitted = np.zeros(shape)
    rows, cols = (min(have, want) for have, want in zip(values.shape, shape, strict=True))
    fitted[:rows, :cols] = values[:rows, :cols]
    return read_only(fitted)
