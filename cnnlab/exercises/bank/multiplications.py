"""Notebook 07: counting what a convolution computes."""

from collections.abc import Iterator

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake


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
            "width for both",
            lambda h, w, c, f, k, s: conv_macs(w, w, c, f, k, s),
            "You took the width for the height, too.",
        ),
        Mistake(
            "+ 1 inside",
            lambda h, w, c, f, k, s: f * ((h - k + 1) // s) * ((w - k + 1) // s) * k * k * c,
            "The + 1 stands in the wrong place: it counts the first window, (height - kernel_size) // stride + 1.",
        ),
        Mistake(
            "rounded up",
            lambda h, w, c, f, k, s: f * (-(-(h - k) // s) + 1) * (-(-(w - k) // s) + 1) * k * k * c,
            "You rounded up. A place where the kernel does not fit any more is left out: divide with //.",
        ),
        Mistake(
            "places divided by the stride twice",
            lambda h, w, c, f, k, s: conv_macs(h, w, c, f, k, 1) // s**2,
            "About right, but places are counted along each axis: (height - kernel_size) // stride + 1.",
        ),
        Mistake(
            "height and width added",
            lambda h, w, c, f, k, s: f * ((h - k) // s + 1 + (w - k) // s + 1) * k * k * c,
            "Rows and columns are multiplied, not added: a map of 4 x 5 has 20 cells.",
        ),
        Mistake(
            "channels added",
            lambda h, w, c, f, k, s: conv_macs(h, w, 1, f, k, s) // (k * k) * (k * k + c),
            "A filter has a slice of k * k for each channel: multiply by the channels, do not add them.",
        ),
        Mistake(
            "padding made up",
            lambda h, w, c, f, k, s: conv_macs(h + k // 2 * 2, w + k // 2 * 2, c, f, k, s),
            "There is no padding here: the output is smaller than the input even with stride 1.",
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


ALL = (CONV_MACS,)
