"""The receptive field lab in PyTorch: the gradient of a unit with respect to the photo."""

from cnnlab.traces.effective_field import Networks, Step
from cnnlab.traces.receptive_field import Unit

_POOLS = {"max pool": "MaxPool2d", "average pool": "AvgPool2d"}


def torch_code(unit: Unit) -> str:
    """PyTorch code for the effective field of a unit.

    It takes the photo, with mean 0, as ``image``, and random weights as ``weights_1``, ``weights_2`` and so on.
    """
    networks, depth = unit.stack.networks, unit.level
    lines = ["import torch", "import torch.nn as nn", ""]
    if not networks.relu:
        return "\n".join([*lines, *_layers(networks, depth), *_equal(networks, depth), *_gradient(unit)])
    count = networks.count
    inner = [*_layers(networks, depth), *_given(networks, depth), *_gradient(unit)[:-1], "total += x.grad.abs()"]
    loop = [f"    {line}" for line in inner]
    return "\n".join([*lines, "total = 0", f"for i in range({count}):", *loop, f"y = total / {count}"])


def _layers(networks: Networks, depth: int) -> list[str]:
    """The layers as a network; behind the last one there is no ReLU."""
    channels, lines = 1, []
    for i in range(depth):
        weight = networks.weights[i]
        if weight is None:
            lines.append(f"    nn.{_POOLS[networks.steps[i].kind]}({_numbers(networks.steps[i], 'pool')}),")
            continue
        if _uneven(networks.steps[i]):  # in an even kernel "same" is not alike on both sides
            lines.append("    nn.ZeroPad2d(({0}, {1}, {0}, {1})),".format(*_uneven(networks.steps[i])))
        filters = len(weight) // networks.count
        lines.append(f"    nn.Conv2d({channels}, {filters}, {_numbers(networks.steps[i], 'conv')}, bias=False),")
        channels = filters
        if networks.relu and i < depth - 1:
            lines.append("    nn.ReLU(),")
    return ["network = nn.Sequential(", *lines, ").double()"]


def _uneven(step: Step) -> tuple[int, ...]:
    """A padding that differs on the two sides; else nothing."""
    padding = step.layer.padding
    return padding if isinstance(padding, tuple) else ()


def _numbers(step: Step, kind: str) -> str:
    """The arguments of a layer, without those that are as by default."""
    layer = step.layer
    given = str(layer.kernel_size)
    given += f", stride={layer.stride}" if layer.stride != (1 if kind == "conv" else layer.kernel_size) else ""
    given += f", padding={layer.padding}" if layer.padding and not _uneven(step) else ""
    return given + (f", dilation={layer.dilation}" if layer.dilation > 1 else "")


def _equal(networks: Networks, depth: int) -> list[str]:
    """All weights of a layer are 1 / k²."""
    if not any(weight is not None for weight in networks.weights[:depth]):
        return []
    return ["for w in network.parameters():", "    nn.init.constant_(w, 1 / w[0].numel())"]


def _given(networks: Networks, depth: int) -> list[str]:
    """The weights of random network ``i``: the convolutions are found in the order in which they stand."""
    names = []
    for i, weight in enumerate(networks.weights[:depth], start=1):
        if weight is not None:
            filters = len(weight) // networks.count
            names.append(f"weights_{i}[{filters} * i : {filters} * (i + 1)]")
    if not names:
        return []
    first = [f"for w, given in zip(network.parameters(), [{', '.join(names)}]):"]
    return [*first, "    w.data = torch.from_numpy(given)"]


def _gradient(unit: Unit) -> list[str]:
    lines = ["x = torch.from_numpy(image)[None, None].requires_grad_()"]
    return [*lines, f"network(x)[0, 0, {unit.row}, {unit.col}].backward()", "y = x.grad.abs()"]
