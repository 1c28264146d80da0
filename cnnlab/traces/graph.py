"""A computation as a graph: forward node by node, backward one factor of the chain rule at a time.

    >>> graph = graph_of("relu(w*x + b)", w=2, x=3, b=-1)
    >>> for node in graph.nodes: print(node.equation)
    >>> for step in graph.backward: print(step.equation)

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5; Rumelhart, Hinton, Williams, Learning
representations by back-propagating errors (1986), Nature 323.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from cnnlab.traces.equation import Equation, equation, total
from cnnlab.traces.expressions import scalar_of
from cnnlab.traces.scalars import Scalar
from cnnlab.traces.text import factor

MOST_NODES = 200
RESULT = "f"
"""What the result is called where it has no name of its own."""


@dataclass(frozen=True)
class Node:
    """One number of the graph. `operation` is "input", "number", or what computes it from its `inputs`.

    `inputs` are names of nodes; `equation` is None where nothing is computed. A `constant` does not depend on
    any input, so no gradient flows into it.
    """

    name: str
    operation: str
    inputs: tuple[str, ...]
    value: float
    constant: bool
    equation: Equation | None


@dataclass(frozen=True)
class Step:
    """One factor of the chain rule: the gradient that arrived at `source` goes on to its input `target`.

    `local` says how much `source` changes with this input, `equation` multiplies it with the `incoming`
    gradient. `which` is the place of the input (x·x has two edges from the same node), `so_far` what has arrived
    at `target` after this step: a node that is used several times adds up what comes back from each use.
    """

    source: str
    target: str
    which: int
    local: Equation
    incoming: float
    contribution: float
    equation: Equation
    so_far: float


@dataclass(frozen=True)
class Graph:
    """`nodes` in an order in which each comes after its inputs; the last one is the result."""

    nodes: tuple[Node, ...]
    backward: tuple[Step, ...]
    gradients: Mapping[str, float]
    """The derivative of the result with regard to every node that is not constant, by name."""

    @property
    def output(self) -> Node:
        return self.nodes[-1]

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The variables."""
        return tuple(node for node in self.nodes if node.operation == "input")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all nodes, in their order."""
        return tuple(self._by_name)

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    def node(self, name: str) -> Node:
        """The node of this name; ValueError where there is none."""
        if name not in self._by_name:
            raise ValueError(f"there is no node {name}: the nodes are {', '.join(self._by_name)}")
        return self._by_name[name]

    def gradient(self, name: str) -> Equation:
        """How the gradient of a node is the sum of what comes back from each of its uses."""
        node, result = self.node(name), self.output.name
        if node.constant:
            raise ValueError(f"{name} is a constant: nothing that could change goes into it, so it has no gradient")
        steps = [step for step in self.backward if step.target == name]
        if not steps:
            return equation(_slope(result, name), "1", "1", [], 1.0)
        symbols = " + ".join(step.equation.symbols for step in steps)
        template, values = total([step.contribution for step in steps])
        return equation(_slope(result, name), symbols, template, values, self.gradients[name])


def graph_of(expression: str | Scalar, /, **values: float) -> Graph:
    """The graph of a typed expression with its `values`, or of an expression written in Python.

    >>> graph_of("(w*x - y)**2", w=2, x=3, y=5).gradients["w"]
    6.0
    >>> w = variable("w", 2)
    >>> graph_of((w * 3 - 5) ** 2).gradients["w"]
    6.0

    Raises:
        ValueError: the text cannot be read, a name has no value, an operation has no value or no slope there.
    """
    if not isinstance(expression, str | Scalar):
        raise ValueError(f"expression must be text or made of variables, but is {expression!r}")
    if isinstance(expression, Scalar) and values:
        raise ValueError(f"{', '.join(values)}: values belong to typed text; variables in Python have theirs already")
    result = scalar_of(expression, values) if isinstance(expression, str) else expression
    order = _in_order(result)
    names = _names(order)
    steps, gradients = _backward(order, names)
    return Graph(tuple(_node(x, names) for x in order), steps, gradients)


def _in_order(result: Scalar) -> list[Scalar]:
    """Everything behind `result`, each after its inputs, from left to right."""
    order: dict[Scalar, None] = {}
    waiting = [(result, False)]
    while waiting:
        x, inputs_done = waiting.pop()
        if inputs_done:
            order[x] = None
        elif x not in order:
            waiting += [(x, True), *((part, False) for part in reversed(x.inputs))]
    if len(order) > MOST_NODES:
        raise ValueError(f"the graph may have {MOST_NODES} nodes, but has {len(order)}: use a smaller expression")
    return list(order)


def _names(order: list[Scalar]) -> dict[Scalar, str]:
    """A name for each node: its own, its number, `f` for the result, or else v1, v2, ... in order."""
    taken = [x.name for x in order if x.name]
    if twice := sorted({name for name in taken if taken.count(name) > 1}):
        raise ValueError(f"two nodes are named {twice[0]}: give each its own name")
    free = (name for i in count(1) if (name := f"v{i}") not in taken)
    numbers = (name for i in count(1) if (name := f"c{i}") not in taken)
    names = {x: x.name or (next(numbers) if x.operation is None else "") for x in order}
    if not names[order[-1]] and RESULT not in taken:
        names[order[-1]] = RESULT
    return {x: name or next(free) for x, name in names.items()}


def _node(x: Scalar, names: Mapping[Scalar, str]) -> Node:
    if x.operation is None:
        return Node(names[x], "number" if x.constant else "input", (), x.value, x.constant, None)
    symbols = x.operation.symbols.format(*(_written(part, names) for part in x.inputs))
    computed = equation(names[x], symbols, x.operation.symbols, [part.value for part in x.inputs], x.value)
    inputs = tuple(names[part] for part in x.inputs)
    return Node(names[x], x.operation.name, inputs, x.value, x.constant, computed)


def _backward(order: list[Scalar], names: Mapping[Scalar, str]) -> tuple[tuple[Step, ...], dict[str, float]]:
    """Every step, from the result back to the inputs, and the gradients that they add up to."""
    result = order[-1]
    arrived = {names[x]: 0.0 for x in order if not x.constant}
    arrived[names[result]] = 1.0
    steps = []
    for x in reversed(order):  # everything that uses x has sent its share before x sends its own
        for which, part in enumerate(x.inputs):
            if part.constant:
                continue
            steps.append(_step(names[result], x, which, names, arrived))
            arrived[names[part]] = steps[-1].so_far
    return tuple(steps), {names[x]: arrived[names[x]] for x in order if not x.constant}


def _step(result: str, x: Scalar, which: int, names: Mapping[Scalar, str], arrived: Mapping[str, float]) -> Step:
    source, target = names[x], names[x.inputs[which]]
    local, incoming = _local(x, which, names), arrived[source]
    contribution = incoming * local.result
    so_far = arrived[target] + contribution
    if not math.isfinite(so_far):
        raise ValueError(f"the gradient of {target} is beyond the largest number that a computer holds")
    symbols = f"{_slope(result, source)} · {local.name}"
    chain = equation(_slope(result, target), symbols, "{:n}·{}", [incoming, local.result], contribution)
    return Step(source, target, which, local, incoming, contribution, chain, so_far)


def _local(x: Scalar, which: int, names: Mapping[Scalar, str]) -> Equation:
    """How much a node changes with one of its inputs."""
    assert x.operation is not None
    form, slope = x.operation.slopes[which]
    source, target = names[x], names[x.inputs[which]]
    numbers = [part.value for part in x.inputs]
    try:
        value = slope(*numbers, out=x.value)
    except ArithmeticError:  # x^0.5 at 0, 1 / x^2 of a tiny x
        value = math.inf
    if not math.isfinite(value):
        moving = {_written(part, names): factor(part.value) for part in x.inputs if not part.constant}
        where = " and ".join(f"{name} is {shown}" for name, shown in moving.items())
        raise ValueError(f"{source} = {x.operation.symbols.format(*_all_written(x, names))} has no slope where {where}")
    symbols = form if isinstance(form, str) else form(*x.inputs)
    written = symbols.format(*_all_written(x, names), out=source)
    template = symbols.replace("{out}", f"{{{len(numbers)}}}")  # the value of the result stands behind the inputs
    return equation(_slope(source, target), written, template, [*numbers, x.value], value)


def _all_written(x: Scalar, names: Mapping[Scalar, str]) -> list[str]:
    return [_written(part, names) for part in x.inputs]


def _written(x: Scalar, names: Mapping[Scalar, str]) -> str:
    """A plain number stands for itself in a formula."""
    return factor(x.value) if x.operation is None and x.constant else names[x]


def _slope(of: str, by: str) -> str:
    return f"∂{of}/∂{by}"
