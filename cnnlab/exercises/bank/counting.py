"""Notebook 07: counting what a network learns, and what it computes."""

from collections.abc import Callable, Iterator

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Triples = list[tuple[int, int, int]]
Pairs = list[tuple[int, int]]


# ---- 1: parameters ---------------------------------------------------------------------------------------------------


def network_parameters(convs: Triples, denses: Pairs) -> int:
    total = 0
    for in_channels, filters, kernel_size in convs:
        total += (kernel_size * kernel_size * in_channels + 1) * filters
    for inputs, units in denses:
        total += (inputs + 1) * units
    return total


def _counted(conv: Callable[[int, int, int], int], dense: Callable[[int, int], int]) -> Callable[..., int]:
    """The sum with other counts for a layer."""
    return lambda convs, denses: sum(conv(*layer) for layer in convs) + sum(dense(*layer) for layer in denses)


def _of_conv(c: int, f: int, k: int) -> int:
    return (k * k * c + 1) * f


def _of_dense(n: int, m: int) -> int:
    return (n + 1) * m


def _networks(rng: np.random.Generator) -> Iterator[Arguments]:
    yield [(1, 2, 3)], [(8, 3)]
    yield [(1, 2, 3), (2, 4, 3)], [(16, 5)]
    yield [(3, 16, 3), (16, 32, 3)], [(512, 10)]
    yield [(1, 8, 3), (8, 16, 3)], [(64, 16), (16, 4)]
    yield [(1, 6, 5), (6, 16, 5)], [(400, 120), (120, 84), (84, 10)]
    yield [(3, 7, 1)], [(28, 9), (9, 2)]


NETWORK_PARAMETERS = Exercise(
    name="network parameters",
    notebook="07",
    statement=(
        "Write network_parameters(convs, denses): all that a network learns, weights and biases. convs is a list of "
        "(in_channels, filters, kernel_size), one for each convolution, and denses a list of (inputs, units)."
    ),
    solution=network_parameters,
    cases=_networks,
    mistakes=(
        Mistake(
            "biases forgotten",
            _counted(lambda c, f, k: k * k * c * f, lambda n, m: n * m),
            "The biases are missing: one for each filter, and one for each unit.",
        ),
        Mistake(
            "biases of the dense layers forgotten",
            _counted(_of_conv, lambda n, m: n * m),
            "The biases of the dense layers are missing: one for each unit.",
        ),
        Mistake(
            "biases of the convolutions forgotten",
            _counted(lambda c, f, k: k * k * c * f, _of_dense),
            "The biases of the convolutions are missing: one for each filter.",
        ),
        Mistake(
            "a bias for each slice",
            _counted(lambda c, f, k: (k * k + 1) * c * f, _of_dense),
            "A filter has one bias in all, not one for each of its slices.",
        ),
        Mistake(
            "a bias for each input",
            _counted(_of_conv, lambda n, m: n * (m + 1)),
            "The biases of a dense layer belong to its units, not to its inputs.",
        ),
        Mistake(
            "one bias a layer",
            _counted(lambda c, f, k: k * k * c * f + 1, lambda n, m: n * m + 1),
            "Every filter and every unit has a bias of its own; a layer has as many as it has filters or units.",
        ),
        Mistake(
            "channels forgotten",
            _counted(lambda c, f, k: (k * k + 1) * f, _of_dense),
            "A filter has a slice for each input channel: multiply by them.",
        ),
        Mistake(
            "kernel not squared",
            _counted(lambda c, f, k: (k * c + 1) * f, _of_dense),
            "A slice of 3 x 3 has 9 weights, not 3.",
        ),
        Mistake(
            "only the last layers",
            lambda convs, denses: _of_conv(*convs[-1]) + _of_dense(*denses[-1]),
            "Only the last layer of each list is in your sum. Is there a = where += belongs?",
        ),
        Mistake(
            "only the last dense layer",
            lambda convs, denses: _of_dense(*denses[-1]),
            "Only the last dense layer is left in your sum: total = forgets what was there, total += adds to it.",
        ),
        Mistake(
            "only the last convolution",
            lambda convs, denses: _of_conv(*convs[-1]) + sum(_of_dense(*layer) for layer in denses),
            "Of the convolutions only the last one is in your sum. Is there a = where += belongs?",
        ),
        Mistake(
            "dense layers added for each convolution",
            lambda convs, denses: network_parameters(convs, []) + len(convs) * network_parameters([], denses),
            "The dense layers are counted once for each convolution: the second loop stands inside the first one.",
        ),
        Mistake(
            "brackets",
            _counted(lambda c, f, k: k * k * c + 1 * f, lambda n, m: n + 1 * m),
            "Brackets are missing: the weights of a filter and its bias together are multiplied, (... + 1) * filters.",
        ),
        Mistake(
            "brackets of the dense layers",
            _counted(_of_conv, lambda n, m: n + 1 * m),
            "Brackets are missing in the dense layers: (inputs + 1) * units.",
        ),
        Mistake(
            "brackets of the convolutions",
            _counted(lambda c, f, k: k * k * c + 1 * f, _of_dense),
            "Brackets are missing in the convolutions: (weights of a filter + 1) * filters.",
        ),
        Mistake(
            "a bias for each channel",
            _counted(lambda c, f, k: k * k * c * f + c, _of_dense),
            "There is a bias for each filter, not for each channel that comes in: a layer is (in_channels, filters, "
            "kernel_size).",
        ),
        Mistake(
            "one filter",
            _counted(lambda c, f, k: k * k * c + 1, _of_dense),
            "You counted one filter of each convolution: multiply by the filters.",
        ),
        Mistake(
            "only the convolutions",
            _counted(_of_conv, lambda n, m: 0),
            "The dense layers are not counted.",
        ),
        Mistake(
            "only the dense layers",
            _counted(lambda c, f, k: 0, _of_dense),
            "The convolutions are not counted.",
        ),
        Mistake(
            "ended after the first layer",
            lambda convs, denses: _of_conv(*convs[0]),
            "That is the first layer alone. Is your return inside the loop?",
        ),
    ),
    hints=(
        "for in_channels, filters, kernel_size in convs: takes the three numbers of one layer after the other.",
        "A filter has kernel_size * kernel_size * in_channels weights and a bias; a unit has a weight for each input "
        "and a bias.",
        "Begin with total = 0; add (kernel_size * kernel_size * in_channels + 1) * filters, then (inputs + 1) * units.",
    ),
)


# ---- 2: multiplications ----------------------------------------------------------------------------------------------


def conv_macs(height: int, width: int, in_channels: int, filters: int, kernel_size: int, stride: int) -> int:
    out_height = (height - kernel_size) // stride + 1
    out_width = (width - kernel_size) // stride + 1
    per_cell = kernel_size * kernel_size * in_channels
    return filters * out_height * out_width * per_cell


def _conv_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [(3, 3, 1, 2, 3, 1), (4, 5, 1, 2, 2, 1), (6, 6, 3, 2, 3, 1), (7, 6, 2, 3, 3, 2), (28, 28, 6, 16, 5, 1)]
    yield from [(33, 20, 8, 4, 3, 3), (32, 32, 3, 10, 5, 2)]


CONV_MACS = Exercise(
    name="conv multiplications",
    notebook="07",
    statement=(
        "Write conv_macs(height, width, in_channels, filters, kernel_size, stride): how many multiplications a "
        "convolution without padding does on one image (in_channels, height, width)."
    ),
    solution=conv_macs,
    cases=_conv_inputs,
    mistakes=(
        Mistake(
            "size of the input",
            lambda h, w, c, f, k, s: f * h * w * k * k * c,
            "You counted a sum for each cell of the input; there is one for each cell of the output, which is smaller.",
        ),
        Mistake(
            "stride forgotten",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, f, k, 1),
            "The stride is not used: with stride 2 there are about a quarter as many places.",
        ),
        Mistake(
            "biases counted",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, f, k, s) // (k * k * c) * (k * k * c + 1),
            "The bias is added, not multiplied: it does not count here.",
        ),
        Mistake(
            "channels forgotten",
            lambda h, w, c, f, k, s: conv_macs(h, w, 1, f, k, s),
            "A filter looks at all input channels: multiply by them.",
        ),
        Mistake(
            "one filter",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, 1, k, s),
            "That is one filter: multiply by their number.",
        ),
        Mistake(
            "kernel not squared",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, f, k, s) // k,
            "A slice of 3 x 3 has 9 products in each place, not 3.",
        ),
        Mistake(
            "parameters",
            lambda h, w, c, f, k, s: (k * k * c + 1) * f,
            "These are the parameters. Each weight is used once in every place of the output.",
        ),
        Mistake(
            "weights",
            lambda h, w, c, f, k, s: k * k * c * f,
            "These are the weights. Each of them is used once in every place of the output: multiply by the places.",
        ),
        Mistake(
            "additions, too",
            lambda h, w, c, f, k, s: 2 * conv_macs(h, w, c, f, k, s),
            "Multiplications and additions together are twice as many; only the multiplications were asked for.",
        ),
        Mistake(
            "a bias for each filter",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, f, k, s) + f,
            "You counted the biases: a bias is added, not multiplied.",
        ),
        Mistake(
            "+ 1 forgotten",
            lambda h, w, c, f, k, s: f * ((h - k) // s) * ((w - k) // s) * k * k * c,
            "The + 1 for the first window is missing in the size of the output.",
        ),
        Mistake(
            "not rounded",
            lambda h, w, c, f, k, s: f * ((h - k) / s + 1) * ((w - k) / s + 1) * k * k * c,
            "The size of the output is a whole number: divide with //, which takes the floor.",
        ),
        Mistake(
            "brackets",
            lambda h, w, c, f, k, s: f * (h - k // s + 1) * (w - k // s + 1) * k * k * c,
            "Brackets are missing: all of height - kernel_size is divided by the stride.",
        ),
        Mistake(
            "size divided by the stride",
            lambda h, w, c, f, k, s: f * (h // s) * (w // s) * k * k * c,
            "Without padding the output is smaller than height / stride: (height - kernel_size) // stride + 1.",
        ),
        Mistake(
            "height for both",
            lambda h, w, c, f, k, s: conv_macs(h, h, c, f, k, s),
            "You took the height for the width, too.",
        ),
        Mistake(
            "output cells",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, f, k, s) // (k * k * c),
            "That is how many output cells there are; each of them is a sum of many products.",
        ),
    ),
    hints=(
        "How many output cells are there? Their height, their width, and a map for each filter.",
        "One output cell is the sum of kernel_size * kernel_size * in_channels products.",
        "filters * out_height * out_width * kernel_size * kernel_size * in_channels",
    ),
    only={"stride 1": lambda height, width, in_channels, filters, kernel_size, stride: stride == 1},
)


ALL = (NETWORK_PARAMETERS, CONV_MACS)
