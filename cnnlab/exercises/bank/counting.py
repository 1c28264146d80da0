"""Notebook 07: counting what a network learns."""

from collections.abc import Callable, Iterator

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Triples = list[tuple[int, int, int]]
Pairs = list[tuple[int, int]]


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
            "one bias a convolution",
            _counted(lambda c, f, k: k * k * c * f + 1, _of_dense),
            "A convolution has a bias for each of its filters, not a single one.",
        ),
        Mistake(
            "a bias too many",
            _counted(_of_conv, lambda n, m: (n + 1) * (m + 1)),
            "The + 1 belongs to the inputs only: a unit has a weight for each input, and a bias, (inputs + 1) * units.",
        ),
        Mistake(
            "no power",
            _counted(lambda c, f, k: (k ^ (2 * c + 1)) * f, _of_dense),
            "In Python ^ is no power: write kernel_size * kernel_size, or kernel_size ** 2.",
        ),
        Mistake(
            "no list",
            lambda convs, denses: [_of_conv(*layer) for layer in convs] + [_of_dense(*layer) for layer in denses],
            "These are the layers one by one. Asked is a single number: add them up.",
        ),
        Mistake(
            "two sums",
            lambda convs, denses: [network_parameters(convs, []), network_parameters([], denses)],
            "These are two sums, of the convolutions and of the dense layers: add them up.",
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


ALL = (NETWORK_PARAMETERS,)
