"""A walk through a graph: forward one number at a time, then backward one factor of the chain rule at a time.

The first stops compute the nodes, from left to right. Then the result gets its own slope, which is 1, and each
further stop hands a gradient on to one input: what arrived, times the local slope.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.graph import Graph, Node, Step, graph_of
from cnnlab.traces.text import factor, number, precise


@dataclass(frozen=True, eq=False)
class GraphWalk:
    """All stops of a graph: its computed nodes, the 1 of the result, and the steps backward."""

    graph: Graph

    @cached_property
    def computed(self) -> tuple[Node, ...]:
        """What the forward stops compute."""
        return tuple(node for node in self.graph.nodes if node.equation is not None)

    @property
    def count(self) -> int:
        """How many stops there are."""
        return len(self.computed) + 1 + len(self.graph.backward)

    def at(self, index: int) -> "Stop":
        """The stop of this index, counted from 0."""
        forward = len(self.computed)
        if index < forward:
            return Stop(self, index, self.computed[index], None)
        step = self.graph.backward[index - forward - 1] if index > forward else None
        return Stop(self, index, self.graph.node(step.target) if step else self.graph.output, step)

    def index_of_value(self, name: str) -> int | None:
        """The stop that computes a node; None where it is given."""
        return next((i for i, node in enumerate(self.computed) if node.name == name), None)

    def index_of_gradient(self, name: str) -> int | None:
        """The stop at which the gradient of a node is complete; None where it has none."""
        arrivals = [i for i, step in enumerate(self.graph.backward) if step.target == name]
        if arrivals:
            return len(self.computed) + 1 + arrivals[-1]
        return len(self.computed) if name == self.graph.output.name else None

    def values(self, index: int) -> dict[str, float]:
        """The values that are known before a stop, by node."""
        later = {node.name for node in self.computed[index:]}
        return {node.name: node.value for node in self.graph.nodes if node.name not in later}

    def gradients(self, index: int) -> dict[str, float]:
        """What has arrived at each node before a stop; a node that nothing has reached is left out."""
        passed = index - len(self.computed)
        if passed < 1:
            return {}
        found = {self.graph.output.name: 1.0} if not self.graph.output.constant else {}
        return found | {step.target: step.so_far for step in self.graph.backward[: passed - 1]}


@dataclass(frozen=True, eq=False)
class Stop:
    """One stop: the `node` that gets a number, and for a gradient the `step` that it came by (None for the 1)."""

    walk: GraphWalk
    index: int
    node: Node
    step: Step | None

    @property
    def is_forward(self) -> bool:
        return self.index < len(self.walk.computed)

    @cached_property
    def uses(self) -> tuple[Step, ...]:
        """The ways in which something comes back to the node."""
        return tuple(step for step in self.walk.graph.backward if step.target == self.node.name)

    @cached_property
    def equation(self) -> Equation:
        """How the number of this stop comes about; of a node with several uses, only what this use sends back."""
        if self.is_forward:
            assert self.node.equation is not None
            return self.node.equation
        if self.step is None:
            result = self.node.name
            if self.node.constant:
                return equation(f"∂{result}/∂{result}", "0", "0", [], 0.0)
            return equation(f"∂{result}/∂{result}", "1", "1", [], 1.0)
        if len(self.uses) == 1:
            return self.step.equation
        return replace(self.step.equation, name=f"share {self.uses.index(self.step) + 1} of {self.step.equation.name}")

    @property
    def is_complete(self) -> bool:
        """Whether nothing more comes back to the node after this stop."""
        return self.step is None or self.step is self.uses[-1]

    def lines(self, asking: bool = False) -> tuple[str, ...]:
        """The equations of this stop; `asking` leaves their numbers out."""
        whole = self.equation
        if self.step is None and not self.is_forward:  # the symbols are the answer
            return (f"{whole.name} = ?" if asking else str(whole),)
        shown = f"{whole.name} = {whole.symbols} = ?" if asking else str(whole)
        if self.step is None:
            return (shown,)
        local = self.step.local
        first = f"{local.name} = {local.symbols}" if asking else str(local)
        if asking or len(self.uses) == 1 or not self.is_complete:
            return first, shown
        gradient = self.walk.graph.gradient(self.node.name)
        return first, shown, f"{gradient.name} = {gradient.numbers} {gradient.sign} {gradient.result_text}"

    def says(self, asking: bool = False) -> str:
        """One sentence about it."""
        name = self.node.name
        if self.is_forward:
            given = " and ".join(dict.fromkeys(self._written(i) for i in self.node.inputs))
            return f"Forward: {name} is computed from {given}."
        if asking and self.step is None:
            return f"Backward begins: how much does {name} change with {name} itself?"
        if self.step is None:
            if self.node.constant:
                return f"{name} does not depend on anything: there is nothing to go back to."
            return f"Backward begins: {name} changes exactly as much as {name} itself, so its gradient is 1."
        source, slope = self.step.source, self.step.local.result
        arrived = f"Backward: {number(self.step.incoming)} has arrived at {source}."
        if asking:
            return f"{arrived} What goes back to {name} on this way?"
        if len(self.uses) > 1:
            nth = f"{name} is used {len(self.uses)} times"
            return f"{arrived} {nth}: its shares add up" + (
                f", to {precise(self.step.so_far)}." if self.is_complete else ", and another one is still to come."
            )
        if slope == 0:
            return f"{arrived} {source} does not change with {name} here, so nothing goes on to it."
        times = "just as much" if slope == 1 else f"{number(slope)} times as much"
        return f"{arrived} If {name} grows a little, {source} changes {times}."

    def _written(self, name: str) -> str:
        node = self.walk.graph.node(name)
        return number(node.value) if node.operation == "number" else name

    def judge(self, answer: float) -> tuple[bool, str]:
        """Whether `answer` is the number of this stop, to half a percent, and what to say about it."""
        right, whole = self.equation.result, self.equation
        for sentence, value in self._slips():
            if _near(answer, value) and not _near(answer, right):
                return False, f"{number(answer)} is not it. {sentence}"
        if np.isclose(answer, right, rtol=0.005, atol=1e-6):
            return True, f"Right: {whole.name} {whole.sign} {whole.result_text}."
        if self.is_forward:
            return False, f"{number(answer)} is not it: put the numbers into {whole.name} = {whole.symbols}."
        if self.step is None:  # the symbols are the answer
            name = self.node.name
            return False, f"{number(answer)} is not it: if {name} grows by 0.1, by how much does {name} itself grow?"
        return False, f"{number(answer)} is not it: what arrived, {factor(self.step.incoming)}, times the local slope."

    def _slips(self) -> list[tuple[str, float]]:
        """What well-known slips would give here."""
        if self.step is None:
            return [("The size is right, the sign is not.", -self.equation.result)]
        slips = [
            ("The size is right, the sign is not.", -self.step.contribution),
            ("That is the local slope alone: multiply it with what arrived.", self.step.local.result),
            ("That is only what arrived: multiply it with the local slope.", self.step.incoming),
            (
                "Multiply the local slope with what arrived, do not add them.",
                self.step.incoming + self.step.local.result,
            ),
        ]
        if len(self.uses) > 1:
            slips += [
                ("That is the sum so far; here only this way is asked for.", self.step.so_far),
                ("That is what all ways add up to; here only this way is asked for.", self.uses[-1].so_far),
            ]
        return slips


def _near(one: float, other: float) -> bool:
    return bool(np.isclose(one, other, rtol=1e-9, atol=1e-9))


@dataclass(frozen=True)
class Update:
    """One step of gradient descent: the new `values` of the inputs, and the result `before` and `after` it."""

    name: str
    values: Mapping[str, float]
    lines: tuple[str, ...]
    before: float
    after: float

    def says(self) -> str:
        """What it did to the result, in one sentence."""
        return f"{'; '.join(self.lines)}. {changed(self.name, self.before, self.after)}"


def changed(name: str, before: float, after: float) -> str:
    """What a step of gradient descent did to a number that it was to make smaller."""
    was, now = (equation(name, "", "", [], value).result_text for value in (before, after))
    if was == now:
        return f"{name} stayed at {now}."
    if after < before:
        return f"{name} fell from {was} to {now}."
    return f"{name} rose from {was} to {now}: the learning rate is too large here."


def descend(expression: str, graph: Graph, lr: float, learned: Collection[str]) -> Update:
    """Every input in `learned` less `lr` times its gradient; the others stay.

    Raises:
        ValueError: the expression has no value there.
    """
    values, lines = {}, []
    for node in graph.inputs:
        values[node.name] = node.value
        if node.name in learned:
            gradient = graph.gradients[node.name]
            values[node.name] = node.value - lr * gradient
            rule = equation(f"new {node.name}", "", "{:n} − {}·{}", [node.value, lr, gradient], values[node.name])
            lines.append(f"{rule.name} = {rule.numbers} {rule.sign} {rule.result_text}")
    after = graph_of(expression, **values).output.value
    return Update(graph.output.name, values, tuple(lines), graph.output.value, after)
