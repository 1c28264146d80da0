"""Notebook 08: the slope of the sigmoid, and softmax with a temperature."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


# ---- the slope of the sigmoid ----------------------------------------------------------------------------------------


def sigmoid_slope(x: Array) -> Array:
    s = 1 / (1 + np.exp(-np.abs(x)))  # |x|: the slope is the same on both sides of 0, and exp never overflows
    return s * (1 - s)


def _sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-x)))


def _quotient(x: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.exp(-x) / (1 + np.exp(-x)) ** 2)


def _other_quotient(x: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.exp(x) / (1 + np.exp(x)) ** 2)


def _brackets_forgotten(x: Array) -> Array:
    with np.errstate(over="ignore"):
        s = 1 / 1 + np.exp(-x)
        return np.asarray(s * (1 - s))


def _square_forgotten(x: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.exp(-x) / (1 + np.exp(-x)))


def _inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    for values in ([0.0, 1.0], [-2.0, 2.0, 0.5], [[1.0, -1.0], [3.0, -0.5]], [5.0, -5.0, 7.0]):
        yield (np.array(values),)
    yield (rng.normal(size=(3, 4)),)
    yield (np.array([1000.0, -1000.0, 0.0]),)


SIGMOID_SLOPE = Exercise(
    name="sigmoid slope",
    notebook="08",
    statement=(
        "Write sigmoid_slope(x): the derivative of the sigmoid at every number of the array x, which has any shape. It "
        "has to work for 1000 and −1000, too."
    ),
    solution=sigmoid_slope,
    cases=_inputs,
    mistakes=(
        Mistake(
            "input for output",
            lambda x: x * (1 - x),
            "That is x·(1 − x). The formula is s·(1 − s), where s is the output of the sigmoid and not its input.",
        ),
        Mistake(
            "input for one output",
            lambda x: _sigmoid(x) * (1 - x),
            "That is s·(1 − x). It is s·(1 − s): both times the output of the sigmoid.",
        ),
        Mistake(
            "input for the other output",
            lambda x: x * (1 - _sigmoid(x)),
            "That is x·(1 − s). It is s·(1 − s): both times the output of the sigmoid.",
        ),
        Mistake(
            "brackets forgotten",
            _brackets_forgotten,
            "Brackets are missing in the sigmoid: 1 / 1 + exp(−x) is 1 + exp(−x). Write 1 / (1 + exp(−x)).",
        ),
        Mistake("sigmoid itself", _sigmoid, "That is the sigmoid. Its slope is s·(1 − s): at 0 it is 1/4, not 1/2."),
        Mistake(
            "slope of the slope",
            lambda x: _sigmoid(_sigmoid(x)) * (1 - _sigmoid(_sigmoid(x))),
            "The sigmoid is taken twice: s is computed once, from x, and then s·(1 − s).",
        ),
        Mistake("one minus", lambda x: 1 - _sigmoid(x), "A factor is missing: s·(1 − s), and not 1 − s alone."),
        Mistake(
            "slope of tanh",
            lambda x: 1 - _sigmoid(x) ** 2,
            "1 − t² is the slope of tanh. That of the sigmoid is s·(1 − s).",
        ),
        Mistake(
            "tanh",
            lambda x: 1 - np.tanh(x) ** 2,
            "That is the slope of tanh. The sigmoid's is s·(1 − s), with s = 1 / (1 + exp(−x)).",
        ),
        Mistake(
            "wrong sign",
            lambda x: _sigmoid(x) * (_sigmoid(x) - 1),
            "The sign is wrong: the sigmoid rises everywhere, so its slope is never below 0. It is s·(1 − s).",
        ),
        Mistake(
            "square forgotten",
            _square_forgotten,
            "The square is missing: the derivative of 1 / (1 + exp(−x)) is exp(−x) / (1 + exp(−x))².",
        ),
        Mistake(
            "overflow",
            _quotient,
            "The formula is right, but at −1000 it is exp(1000), which is infinite, over infinity. Compute s first, "
            "then s·(1 − s).",
        ),
        Mistake(
            "overflow on the right",
            _other_quotient,
            "The formula is right, but at 1000 it is exp(1000), which is infinite, over infinity. Write s with "
            "exp(−x), then s·(1 − s).",
        ),
        Mistake(
            "constant",
            lambda x: np.full(np.shape(x), 0.25),
            "1/4 is the slope at 0, the largest that there is. At other places it is smaller.",
        ),
    ),
    hints=(
        "First compute s, the output of the sigmoid, for all numbers of x at once.",
        "The slope can be had from s alone: what is it where s is 0.5, and where s is nearly 1?",
        "s * (1 - s)",
    ),
)


# ---- softmax ---------------------------------------------------------------------------------------------------------


def softmax(logits: Array, temperature: float = 1.0) -> Array:
    scaled = logits / temperature
    exps = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def _plain(logits: Array, temperature: float = 1.0) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exps = np.exp(logits / temperature)
        return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def _one_maximum(logits: Array, temperature: float = 1.0) -> Array:
    scaled = logits / temperature
    with np.errstate(invalid="ignore"):
        exps = np.exp(scaled - scaled.max())
        return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def _over_all(logits: Array, temperature: float = 1.0) -> Array:
    return softmax(logits.reshape(1, -1), temperature).reshape(logits.shape)


def _over_all_plain(logits: Array, temperature: float = 1.0) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exps = np.exp(logits / temperature)
        return np.asarray(exps / exps.sum())


def _no_keepdims(logits: Array, temperature: float = 1.0) -> Array:
    scaled = logits / temperature
    with np.errstate(over="ignore", invalid="ignore"):
        exps = np.exp(scaled - scaled.max(axis=1))
        return np.asarray(exps / exps.sum(axis=1))


def _sum_without_keepdims(logits: Array, temperature: float = 1.0) -> Array:
    exps = _not_divided(logits, temperature)
    return np.asarray(exps / exps.sum(axis=1))


def _not_divided(logits: Array, temperature: float = 1.0) -> Array:
    scaled = logits / temperature
    return np.asarray(np.exp(scaled - scaled.max(axis=1, keepdims=True)))


def _without_exp(logits: Array, temperature: float = 1.0) -> Array:
    scaled = logits / temperature
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def _hard(logits: Array, temperature: float = 1.0) -> Array:
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


def _one_by_one(logits: Array, temperature: float = 1.0) -> Array:
    return _sigmoid(logits / temperature)


def _logits(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([[0.0, np.log(3)]]), 1.0
    yield np.array([[2.0, 1.0, 0.0], [0.0, 3.0, -1.0]]), 1.0
    yield np.array([[2.0, 1.0, 0.0], [0.0, 3.0, -1.0]]), 0.5
    yield rng.normal(size=(4, 3)), 2.0
    yield rng.normal(size=(3, 3)), 1.0
    yield np.array([[1000.0, 999.0, 0.0]]), 1.0
    yield np.array([[1000.0, 998.0], [-1000.0, -1001.0]]), 1.0
    yield (np.array([[3.0, 1.0]]),)  # the temperature as it is by default


SOFTMAX = Exercise(
    name="softmax with temperature",
    notebook="08",
    statement=(
        "Write softmax(logits, temperature=1.0): logits is (N, C), a row for each sample. Every row is divided by the "
        "temperature and becomes probabilities, which add up to 1. It has to work for logits of 1000, too."
    ),
    solution=softmax,
    cases=_logits,
    mistakes=(
        Mistake(
            "overflow",
            _plain,
            "The formula is right, but exp(1000) is infinite, and infinity over infinity is NaN. Subtract the largest "
            "number of each row first: no quotient changes.",
        ),
        Mistake(
            "one maximum for all rows",
            _one_maximum,
            "One maximum was subtracted from all rows: in a row far below it every exp is 0, and 0 / 0 is NaN. Each "
            "row needs its own: max(axis=1, keepdims=True).",
        ),
        Mistake(
            "wrong axis",
            lambda logits, temperature=1.0: softmax(logits.T, temperature).T,
            "Your columns add up to 1. A sample is a row: sum over axis 1, with keepdims=True.",
        ),
        Mistake(
            "over all numbers",
            _over_all,
            "All numbers together add up to 1. Each row is a sample of its own: sum over axis 1, with keepdims=True.",
        ),
        Mistake(
            "over all numbers, and overflow",
            _over_all_plain,
            "Two things: sum() adds up all numbers, but each row is a sample of its own (axis=1, keepdims=True); and "
            "exp(1000) is infinite, so subtract the largest number of each row first.",
        ),
        Mistake(
            "keepdims forgotten",
            _no_keepdims,
            "max(axis=1) and sum(axis=1) have the shape (N,), and NumPy lays that along the columns. With "
            "keepdims=True they are (N, 1), one number for each row.",
        ),
        Mistake(
            "keepdims forgotten in the sum",
            _sum_without_keepdims,
            "sum(axis=1) has the shape (N,), and NumPy lays that along the columns. With keepdims=True it is (N, 1), "
            "one number for each row.",
        ),
        Mistake(
            "clipped",
            lambda logits, temperature=1.0: softmax(np.clip(logits / temperature, -500, 500)),
            "Clipping makes 1000 and 999 equal, and with them their probabilities. Subtract the largest number of each "
            "row: no quotient changes.",
        ),
        Mistake(
            "temperature multiplied",
            lambda logits, temperature=1.0: softmax(logits * temperature),
            "The logits are multiplied by the temperature: divide. A high temperature brings the probabilities closer "
            "together.",
        ),
        Mistake(
            "temperature forgotten",
            lambda logits, temperature=1.0: softmax(logits),
            "The temperature changes nothing: divide the logits by it before anything else. A factor behind exp "
            "cancels.",
        ),
        Mistake(
            "temperature too late",
            lambda logits, temperature=1.0: softmax(logits) / temperature,
            "The probabilities are divided by the temperature, so they do not add up to 1. Divide the logits, first of "
            "all.",
        ),
        Mistake(
            "softmax twice",
            lambda logits, temperature=1.0: softmax(softmax(logits, temperature)),
            "Softmax is applied twice. The second time its inputs all lie between 0 and 1, so the outputs are nearly "
            "equal.",
        ),
        Mistake("not divided", _not_divided, "The rows do not add up to 1: divide each by the sum of its exps."),
        Mistake("without exp", _without_exp, "The exp is missing: without it a negative logit is a negative share."),
        Mistake(
            "logarithm",
            lambda logits, temperature=1.0: np.log(np.maximum(softmax(logits, temperature), 1e-300)),
            "That is the logarithm of the probabilities: leave it out.",
        ),
        Mistake("argmax", _hard, "All goes to the largest logit. Softmax is soft: the others get a share, too."),
        Mistake(
            "sigmoid",
            _one_by_one,
            "That is the sigmoid of each number for itself. In softmax the classes share a sum of 1.",
        ),
    ),
    hints=(
        "Divide by the temperature, then take exp of every number, then divide each row by its sum.",
        "Subtract the largest number of each row before exp: max(axis=1, keepdims=True) has one number a row.",
        "exps = np.exp(scaled - scaled.max(axis=1, keepdims=True)), then exps / exps.sum(axis=1, keepdims=True)",
    ),
)


ALL = (SIGMOID_SLOPE, SOFTMAX)
