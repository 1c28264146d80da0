"""What is said about networks of many layers: one layer of them, and what becomes of the gradient on its way back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.deep_activations import EXPLODED, VANISHED, short
from cnnlab.traces.equation import equation
from cnnlab.traces.gradient_flow import WIDTH, Flow
from cnnlab.traces.text import MINUS, number, plural

Array = NDArray[np.float64]

FLOAT32 = (1.4e-45, 3.4e38)
"""What float32 can hold: a smaller number becomes 0, a larger one infinite."""
BINS = 24
BOUNDED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""Between which numbers the outputs of an activation lie."""


@dataclass(frozen=True, eq=False)
class FlowLook:
    """A layer, from 1 (0 are the inputs), of the first of some ``flows``, and of the others beside it.

    ``gradient`` says whose is looked at: "outputs" or "weights".
    """

    flows: tuple[Flow, ...]
    layer: int
    gradient: str = "outputs"

    @property
    def flow(self) -> Flow:
        return self.flows[0]

    def norms(self, flow: Flow) -> Array:
        """(depth + 1,): the norms that are looked at; the inputs have no weights, and theirs is no number."""
        if self.gradient == "outputs":
            return flow.output_gradients
        return np.array([np.nan, *flow.weight_gradients])

    def labels(self) -> list[str]:
        """A short name for each network: its activation, and all else in which they differ."""
        columns = zip(*(_aligned(flow) for flow in self.flows), strict=True)
        kept = [column for i, column in enumerate(columns) if i == 0 or len(set(column)) > 1]
        return [", ".join(word for word in row if word) for row in zip(*kept, strict=True)]

    def histogram(self, flow: Flow) -> tuple[Array, Array]:
        """Edges and shares of the outputs of the layer that is looked at."""
        values = flow.outputs[self.layer]
        low, high = float(values.min()), float(values.max())
        if self.layer and not flow.design.residual:
            low, high = BOUNDED.get(flow.design.activation, (low, high))
        if low == high:
            low, high = low - 1.0, high + 1.0
        counts, edges = np.histogram(values / max(-low, high), BINS, (low / max(-low, high), high / max(-low, high)))
        return edges * max(-low, high), counts / values.size

    # ---- in words ----------------------------------------------------------------------------------------------------

    def line(self) -> str:
        """The gradient before the layer, from the one behind it; the inputs have no layer."""
        if not self.layer:
            return "gradient[0] is that of the inputs"
        before, behind = (float(v) for v in self.flow.output_gradients[self.layer - 1 : self.layer + 1])
        factor = before / behind if behind else 0.0
        sign = "≈" if before else "="
        shown = f"{sized(factor)}·{sized(behind)} {sign} {sized(before)}"
        return f"gradient[{self.layer - 1}] = factor·gradient[{self.layer}] {sign} {shown}"

    def why(self) -> str:
        """Where the factor of the layer comes from."""
        design, layer = self.flow.design, self.layer
        if not layer:
            return f"the loss sends a gradient of norm 1 to layer {self.flow.depth}"
        if design.residual:
            return f"residual: gradient[{layer}] goes past the layer unchanged, what comes through the layer is added"
        if design.batch_norm:
            return "batch norm divides by the standard deviation of W·a: weights twice as large change neither way"
        predicted = self.flow.predicted(layer)
        assert predicted is not None
        numbers = [float(WIDTH), self.flow.variance, self.flow.squared_slope(layer)]
        theory = equation("factor in theory", "√(n·Var[w]·mean slope²)", "√({}·{}·{})", numbers, predicted)
        return str(theory)

    def describes(self, flow: Flow) -> tuple[str, str]:
        """What comes out of the layer, and how many of its slopes are flat."""
        a = flow.outputs[self.layer]
        mean, std = float(a.mean()), float(a.std())
        spread = f"mean {short(mean if abs(mean) > 1e-12 * std else 0.0)}, std {short(std)}"
        if not self.layer:
            return spread, ""
        flat, dead = f"{100 * flow.flat(self.layer):.0f}% flat", flow.dead(self.layer)
        return spread, f"{flat}, {plural(dead, 'dead unit')}" if dead else flat

    def says(self, flow: Flow) -> str:
        """What becomes of the gradient of a network."""
        label, depth, arrives = flow.design.label, flow.depth, flow.arrives
        if self.gradient == "weights":
            first, last = (sized(float(flow.weight_gradients[i])) for i in (0, -1))
            return f"{label}: the weights of layer 1 get a gradient of {first}, those of layer {depth} one of {last}."
        if not arrives:
            return f"{label}: nothing of the gradient arrives at the inputs."
        told = f"{label}: × {sized(flow.factor)} a layer; of 1 at layer {depth}, {sized(arrives)} arrives at the inputs"
        return f"{told}{_verdict(arrives)}."

    def as_text(self) -> str:
        """The numbers as plain text."""
        lines = [f"layer {self.layer}: {', '.join(filter(None, self.describes(self.flow)))}"]
        lines += [self.line(), self.why()]
        for flow in self.flows:
            norms = "  ".join(sized(v) for v in self.norms(flow) if not np.isnan(v))
            lines += [self.says(flow), f"gradients of the {self.gradient} from the first to the last: {norms}"]
        return "\n".join(lines)


def sized(value: float) -> str:
    """A number of any size, with three digits.

    >>> sized(0.23541), sized(3.6412e-32), sized(0)
    ('0.235', '3.64e−32', '0')
    """
    if not value or 0.01 <= abs(value) < 10000:
        return number(value)
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)


def _aligned(flow: Flow) -> tuple[str, ...]:
    """The pieces of a name, each at its own place."""
    start = flow.design.parts[:2]
    return (*start, "BN" * flow.design.batch_norm, "residual" * flow.design.residual)


def _verdict(arrives: float) -> str:
    if arrives < FLOAT32[0]:
        return ": it vanishes, in float32 to 0"
    if arrives > FLOAT32[1]:
        return ": it explodes, in float32 beyond every number"
    return ": it vanishes" if arrives < VANISHED else ": it explodes" if arrives > EXPLODED else ""
