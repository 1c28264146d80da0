"""The questions of the quiz: those of deck D on sizes and parameters, and the like with new numbers."""

import numpy as np

from cnnlab.exercises.quiz import Numbers, Topic, Value
from cnnlab.shapes import Derivation, conv_output_derivation

Asked = tuple[str, Value, tuple[str, ...], tuple[tuple[Value, str], ...]]

NO_FLOOR = (
    "The division leaves a rest, and the size takes the floor: a place where the kernel does not fit is left out."
)
NO_ONE = "The + 1 is missing, which counts the first window."
NO_STRIDE = "The stride was forgotten: (n + 2p − k) is divided by it."
PADDING_ONCE = "The padding counts twice: there is some on both sides."
NO_PADDING = "The padding was forgotten."
INPUT_CHANNELS = "The output has a channel for each filter, whatever the number of input channels."
NO_BIAS = "The biases were forgotten: one for each filter."
BIAS_PER_SLICE = "A filter has one bias in all, not one for each input channel."
CHANNELS_TWICE = "The input channels were multiplied in twice."
NO_CHANNELS = "A filter has a slice for each input channel: multiply by them."
CHANNELS_LAST = "The numbers are right; the question asks for the channels last."
NOT_SQUARED = "A kernel of k × k has k² weights, not k."


# ---- sizes ----------------------------------------------------------------------------------------------------------


def _conv_shape(n: int, c: int, filters: int, k: int, s: int, p: int) -> Asked:
    size = conv_output_derivation(n, k, s, p, name="height = width")
    m = size.result
    text = (
        f"An image of {n} × {n} × {c} (height, width, channels) goes through a convolution with {filters} "
        f"{'filter' if filters == 1 else 'filters'} of {k} × {k}, stride {s}, padding {p}. What is the shape of the "
        "output (height × width × channels)?"
    )
    reasoning = (str(size), f"channels = filters = {filters}", f"So {m} × {m} × {filters}.")
    wrong = [
        (_size(n, k, s, p, up=True), NO_FLOOR),
        (m - 1, NO_ONE),
        (_size(n, k, 1, p), NO_STRIDE),
        ((n + p - k) // s + 1, PADDING_ONCE),
        (_size(n, k, s, 0), NO_PADDING),
    ]
    mistakes = [((size, size, filters), says) for size, says in wrong if size != m]
    return text, (m, m, filters), reasoning, (
        *mistakes, ((m, m, c), INPUT_CHANNELS), ((filters, m, m), CHANNELS_LAST)
    )  # fmt: skip


def _size(n: int, k: int, s: int, p: int, up: bool = False) -> int:
    steps = n + 2 * p - k
    return (-(-steps // s) if up else steps // s) + 1


def _draw_conv(rng: np.random.Generator) -> Numbers:
    k = int(rng.choice([3, 5, 7]))
    n, s, p = int(rng.integers(20, 100)), int(rng.integers(1, 4)), int(rng.integers(0, k // 2 + 1))
    return {"n": n, "c": int(rng.choice([1, 3, 16])), "filters": int(rng.choice([8, 16, 32])), "k": k, "s": s, "p": p}


def _draw_single(rng: np.random.Generator) -> Numbers:
    return dict(_draw_conv(rng)) | {"c": 1, "filters": 1}


def _strided(rng: np.random.Generator) -> Numbers:
    numbers = dict(_draw_conv(rng))
    return numbers | {"s": int(rng.integers(2, 4)), "p": 0}


def _batch_shape(batch: int, n: int, c: int, filters: int, k: int) -> Asked:
    p = k // 2
    text = (
        f"A batch of {batch} images of {n} × {n} × {c} goes through a convolution with {filters} filters of {k} x "
        f"{k}, "
        "stride 1, padding 'same'. What is the shape of the output (batch × height × width × channels)?"
    )
    reasoning = (
        f"'same' at stride 1 keeps the size; it takes a padding of ⌊{k} / 2⌋ = {p} on each side.",
        str(conv_output_derivation(n, k, 1, p, name="height = width")),
        f"The batch stays {batch}, and there is a channel for each of the {filters} filters.",
        f"So {batch} × {n} × {n} × {filters}.",
    )
    small = n - k + 1
    mistakes: tuple[tuple[Value, str], ...] = (
        ((batch, small, small, filters), "That is without padding; 'same' keeps the size."),
        ((batch, n, n, c), INPUT_CHANNELS),
        ((batch, n, n, c * filters), "The filters do not multiply the channels: each filter adds up all of them."),
        ((batch, filters, n, n), CHANNELS_LAST),
        ((1, n, n, filters), "Every image of the batch has an output of its own."),
    )
    return text, (batch, n, n, filters), reasoning, mistakes


def _draw_batch(rng: np.random.Generator) -> Numbers:
    batch, n = int(rng.choice([4, 16, 32])), int(rng.choice([28, 32, 48, 96]))
    return {"batch": batch, "n": n, "c": int(rng.choice([3, 8, 24])), "filters": int(rng.choice([10, 20, 40])), "k": 3}


def _pool_shape(n: int, c: int, k: int, s: int) -> Asked:
    size = conv_output_derivation(n, k, s, name="height = width")
    m = size.result
    text = (
        f"A feature map of {n} × {n} × {c} (height, width, channels) goes through max pooling, {k} × {k} with "
        f"stride {s}. What is the shape of the output (height × width × channels)?"
    )
    reasoning = (
        str(size),
        f"Pooling looks at each channel by itself: {c} stay {c}.",
        f"So {m} × {m} × {c}.",
    )
    wrong: list[tuple[Value, str]] = [
        ((m, m, 1), "Pooling does not add up channels: each keeps its own map."),
        ((m, m, c // s), "Pooling makes the map smaller, not the number of channels."),
        ((m - 1, m - 1, c), NO_ONE),
        ((c, m, m), CHANNELS_LAST),
        ((n, n, c), "The map becomes smaller: the window moves by the stride."),
        ((_size(n, k, 1, 0),) * 2 + (c,), NO_STRIDE),
        ((_size(n, k, s, 0, up=True),) * 2 + (c,), NO_FLOOR),
    ]
    return text, (m, m, c), reasoning, tuple(wrong)


def _draw_pool(rng: np.random.Generator) -> Numbers:
    k = int(rng.integers(2, 4))
    return {"n": int(rng.integers(12, 65)), "c": int(rng.choice([8, 32, 96])), "k": k, "s": int(rng.integers(2, k + 1))}


def _two_layers(n: int, k: int, p: int, pool: int) -> Asked:
    conv = conv_output_derivation(n, k, 1, p, name="after the convolution")
    pooled = conv_output_derivation(conv.result, pool, pool, name="after the pooling")
    text = (
        f"An image of {n} × {n} goes through a convolution of {k} × {k} (stride 1, padding {p}), then through max "
        f"pooling of {pool} × {pool} (stride {pool}). What is the height of the map after the convolution, and after "
        "the pooling?"
    )
    answer = (conv.result, pooled.result)
    mistakes: tuple[tuple[Value, str], ...] = (
        ((n - k + 1, (n - k + 1) // pool), NO_PADDING),
        ((conv.result, conv.result), "Pooling makes the map smaller: the window moves by the stride."),
        ((conv.result, conv.result - pool + 1), NO_STRIDE),
        ((conv.result, n // pool), "The pooling sees the map that the convolution leaves, not the image."),
        ((conv.result, -(-conv.result // pool)), NO_FLOOR),
    )
    return text, answer, (str(conv), str(pooled)), mistakes


def _draw_two(rng: np.random.Generator) -> Numbers:
    k = int(rng.choice([3, 5]))
    return {"n": int(rng.integers(20, 100)), "k": k, "p": int(rng.integers(0, 2)), "pool": int(rng.integers(2, 4))}


# ---- counting -------------------------------------------------------------------------------------------------------


def _kernel_depth(n: int, c: int, filters: int, k: int) -> Asked:
    text = (
        f"The input of a convolution is {n} × {n} × {c} (height, width, channels), and it has {filters} filters of "
        f"{k} × {k}. "
        "How deep is one filter, and how many filters are there? (two numbers)"
    )
    reasoning = (
        f"A filter has a slice for each input channel, so its depth is {c}.",
        f"There are {filters} filters, which give {filters} output channels.",
    )
    mistakes: tuple[tuple[Value, str], ...] = (
        ((filters, c), "The two are the wrong way round: the depth follows the input, the number is chosen."),
        ((1, filters), "A filter is as deep as its input: a slice for each channel."),
        ((k, filters), f"{k} is the height and width of a slice; the depth is the number of slices."),
        ((c, c * filters), "A filter counts once, with all its slices."),
    )
    return text, (c, filters), reasoning, mistakes


def _draw_depth(rng: np.random.Generator) -> Numbers:
    c, filters = (int(n) for n in rng.choice([16, 24, 32, 48, 96, 256], 2, replace=False))
    return {"n": int(rng.choice([7, 14, 56])), "c": c, "filters": filters, "k": int(rng.choice([3, 5]))}


def _conv_parameters(c: int, filters: int, k: int) -> Asked:
    total = (k * k * c + 1) * filters
    text = (
        f"A convolution has {filters} filters of {k} × {k} on {c} input {'channel' if c == 1 else 'channels'}. How "
        f"many "
        "parameters does it have, weights and biases?"
    )
    reasoning = (conv_count(k, c, filters),)
    mistakes: tuple[tuple[Value, str], ...] = (
        (k * k * c * filters, NO_BIAS),
        ((k * k + 1) * c * filters, BIAS_PER_SLICE),
        ((k * k * c * c + 1) * filters, CHANNELS_TWICE),
        ((k * k + 1) * filters, NO_CHANNELS),
        ((k * c + 1) * filters, NOT_SQUARED),
        (k * k * c * filters + 1, "There is a bias for each filter, not one for the layer."),
        (k * k * c + 1, "That is one filter; there are more."),
    )
    return text, total, reasoning, mistakes


def _draw_parameters(rng: np.random.Generator) -> Numbers:
    return {
        "c": int(rng.choice([1, 3, 8, 16])),
        "filters": int(rng.choice([4, 6, 10, 24, 64])),
        "k": int(rng.choice([3, 5, 7])),
    }


def _dense_parameters(inputs: int, units: int) -> Asked:
    text = (
        f"A dense layer connects {inputs} inputs with {units} units. How many parameters does it have, weights and "
        "biases?"
    )
    mistakes: tuple[tuple[Value, str], ...] = (
        (inputs * units, "The biases were forgotten: one for each unit."),
        (inputs * units + inputs, "The biases belong to the units, not to the inputs."),
        (inputs * units + 1, "There is a bias for each unit, not one for the layer."),
        (inputs + units, "Every input is connected with every unit: multiply."),
    )
    return text, (inputs + 1) * units, (dense_count(inputs, units),), mistakes


def _draw_dense(rng: np.random.Generator) -> Numbers:
    return {"inputs": int(rng.choice([64, 84, 120, 256, 400, 784])), "units": int(rng.choice([2, 4, 16, 100]))}


def _network_parameters(c: int, first: int, second: int, k: int, inputs: int, units: int) -> Asked:
    text = (
        f"A network has a convolution {k} × {k} from {c} to {first} channels, a convolution {k} × {k} from {first} "
        f"to {second} channels, and a dense layer from {inputs} to {units}. How many parameters does it have in all, "
        "weights and biases?"
    )
    one, two, three = (k * k * c + 1) * first, (k * k * first + 1) * second, (inputs + 1) * units
    reasoning = (
        conv_count(k, c, first),
        conv_count(k, first, second),
        dense_count(inputs, units),
        f"{one:,} + {two:,} + {three:,} = {one + two + three:,}",
    )
    no_channels = (k * k + 1) * first + (k * k + 1) * second + three
    mistakes: tuple[tuple[Value, str], ...] = (
        (one + two + three - first - second - units, "The biases were forgotten: one for each filter and each unit."),
        (one + two + three - units, "The biases of the dense layer were forgotten."),
        (one + two + three - first - second, "The biases of the convolutions were forgotten."),
        (one + two, "The dense layer was forgotten."),
        (three, "The convolutions were forgotten."),
        (one + (k * k * c + 1) * second + three, "The second convolution sees the channels that the first one makes."),
        (no_channels, NO_CHANNELS),
    )
    return text, one + two + three, reasoning, mistakes


def _draw_network(rng: np.random.Generator) -> Numbers:
    first = int(rng.choice([4, 8, 12]))
    return {
        "c": int(rng.choice([1, 3])),
        "first": first,
        "second": 2 * first,
        "k": int(rng.choice([3, 5])),
        "inputs": int(rng.choice([128, 256, 400])),
        "units": int(rng.choice([2, 5, 10])),
    }


def conv_count(k: int, c: int, filters: int) -> str:
    """The parameters of a convolution, with the formula and its numbers."""
    return str(
        Derivation(
            "parameters", "(k·k·channels + 1)·filters", f"({k}·{k}·{c} + 1)·{filters}", (k * k * c + 1) * filters
        )
    )


def dense_count(inputs: int, units: int) -> str:
    """The parameters of a dense layer, with the formula and its numbers."""
    return str(Derivation("parameters", "(inputs + 1)·units", f"({inputs} + 1)·{units}", (inputs + 1) * units))


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(
            "output shape", "D-Q1", {"n": 64, "c": 3, "filters": 32, "k": 3, "s": 1, "p": 1}, _draw_conv, _conv_shape
        ),
        Topic("stride", "D-Q2", {"n": 64, "c": 3, "filters": 32, "k": 3, "s": 2, "p": 0}, _strided, _conv_shape),
        Topic("one filter", "D-Q3", {"n": 32, "c": 1, "filters": 1, "k": 5, "s": 1, "p": 0}, _draw_single, _conv_shape),
        Topic("kernel depth", "D-Q4", {"n": 28, "c": 64, "filters": 128, "k": 3}, _draw_depth, _kernel_depth),
        Topic("batch", "D-Q5", {"batch": 8, "n": 64, "c": 16, "filters": 64, "k": 5}, _draw_batch, _batch_shape),
        Topic("conv parameters", "D-Q6", {"c": 3, "filters": 32, "k": 3}, _draw_parameters, _conv_parameters),
        Topic("dense parameters", "D-Q7", {"inputs": 128, "units": 10}, _draw_dense, _dense_parameters),
        Topic("pooling", "D-Q13", {"n": 32, "c": 64, "k": 2, "s": 2}, _draw_pool, _pool_shape),
        Topic("two layers", "D-Q18", {"n": 64, "k": 3, "p": 1, "pool": 2}, _draw_two, _two_layers),
        Topic(
            "network parameters",
            "D-Q19",
            {"c": 3, "first": 16, "second": 32, "k": 3, "inputs": 512, "units": 10},
            _draw_network,
            _network_parameters,
        ),
    )
}
