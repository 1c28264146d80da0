"""Notebook 11: what weights cost under L1 and L2, and a step with weight decay."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[float, float]


# ---- penalties -------------------------------------------------------------------------------------------------------


def penalties(w: Array, b: Array, lam: float) -> Pair:
    l1 = lam * np.abs(w).sum()
    l2 = lam * (w**2).sum()
    return l1, l2


def _layers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([[0.5, -0.2]]), np.array([0.3]), 0.01
    for units, inputs, lam in [(1, 1, 2.0), (2, 3, 0.1), (3, 2, 0.5), (4, 4, 0.02), (5, 2, 3.0)]:
        yield rng.normal(size=(units, inputs)), rng.normal(size=units), lam


def _over_everything(w: Array, b: Array, lam: float) -> Pair:
    both = np.concatenate([w.ravel(), b])
    return penalties(both, b, lam)


PENALTIES = Exercise(
    name="penalties",
    notebook="11",
    statement=(
        "Write penalties(w, b, lam): what the weights of a layer cost under L1 and under L2, as in return l1, l2. w is "
        "(units, inputs), b are the biases, which have no penalty, lam is how much it counts. No half, no mean."
    ),
    solution=penalties,
    cases=_layers,
    mistakes=(
        Mistake(
            "biases included",
            _over_everything,
            "The biases are in it, too. A bias does not react to the inputs: it has no penalty, and w is all you need.",
        ),
        Mistake(
            "no absolute value",
            lambda w, b, lam: (lam * w.sum(), lam * (w**2).sum()),
            "L1 lets weights above and below 0 cancel: add up their absolute values, np.abs(w).",
        ),
        Mistake(
            "absolute value of the sum",
            lambda w, b, lam: (lam * abs(w.sum()), lam * (w**2).sum()),
            "L1 is the sum of the absolute values; you took the absolute value of the sum.",
        ),
        Mistake(
            "square of the sum",
            lambda w, b, lam: (lam * np.abs(w).sum(), lam * w.sum() ** 2),
            "L2 is the sum of the squares; you squared the sum.",
        ),
        Mistake(
            "square of lam",
            lambda w, b, lam: (lam * np.abs(w).sum(), ((lam * w) ** 2).sum()),
            "L2: lam is squared along with the weights. It stands before the sum: lam * (w**2).sum().",
        ),
        Mistake(
            "half",
            lambda w, b, lam: (lam * np.abs(w).sum(), lam * (w**2).sum() / 2),
            "L2: this is one half of it. Some books write lam / 2; here, as in deck D, it is lam alone.",
        ),
        Mistake(
            "root",
            lambda w, b, lam: (lam * np.abs(w).sum(), lam * np.sqrt((w**2).sum())),
            "L2: there is a root in it, as in the length of a vector (np.linalg.norm). The penalty is the sum of the "
            "squares itself.",
        ),
        Mistake(
            "mean",
            lambda w, b, lam: (lam * np.abs(w).mean(), lam * (w**2).mean()),
            "You took the mean over the weights; a penalty is their sum, so that each further weight costs.",
        ),
        Mistake(
            "without lam",
            lambda w, b, lam: (np.abs(w).sum(), (w**2).sum()),
            "lam is not used: both sums are multiplied by it.",
        ),
        Mistake(
            "swapped",
            lambda w, b, lam: penalties(w, b, lam)[::-1],
            "The two are in the wrong order: return l1, l2. L1 is the one with absolute values.",
        ),
        Mistake(
            "norm of a matrix",
            lambda w, b, lam: (lam * np.linalg.norm(w, 1), lam * np.linalg.norm(w) ** 2),
            "np.linalg.norm(w, 1) is something else for a matrix: its largest column. Use np.abs(w).sum().",
        ),
    ),
    hints=(
        "Two sums over all weights, whatever the shape of w; which numbers are added up?",
        "L1 adds up absolute values, np.abs(w); L2 adds up squares, w**2.",
        "l1 = lam * np.abs(w).sum(), and l2 in the same way.",
    ),
)


# ---- a step with weight decay ----------------------------------------------------------------------------------------


def decay_step(w: Array, g: Array, lr: float, lam: float) -> Array:
    slope = g + 2 * lam * w
    return w - lr * slope


def _steps(rng: np.random.Generator) -> Iterator[Arguments]:
    for size, lr, lam in [(1, 0.5, 0.1), (2, 0.1, 0.01), (3, 0.2, 2.0), (4, 1.5, 0.05), (6, 0.05, 0.3)]:
        yield rng.normal(size=size), rng.normal(size=size), lr, lam
    yield np.array([1.0, -2.0]), np.array([0.0, 3.0]), 0.1, 0.5


DECAY_STEP = Exercise(
    name="decay step",
    notebook="11",
    statement=(
        "Write decay_step(w, g, lr, lam): the weights after one step of gradient descent on loss + L2 penalty. w are "
        "the weights, g is the gradient of the loss alone, lr the learning rate; the penalty is lam times the sum of "
        "the squares of w."
    ),
    solution=decay_step,
    cases=_steps,
    mistakes=(
        Mistake(
            "factor 2",
            lambda w, g, lr, lam: w - lr * (g + lam * w),
            "The slope of w**2 is 2 * w: the factor 2 is missing. (PyTorch has none, as its weight_decay is 2 * lam.) "
            "Write 2 * lam * w.",
        ),
        Mistake(
            "sign of the decay",
            lambda w, g, lr, lam: w - lr * (g - 2 * lam * w),
            "The penalty has the wrong sign: so it makes weights grow. Its slope is added to g.",
        ),
        Mistake(
            "uphill",
            lambda w, g, lr, lam: w + lr * (g + 2 * lam * w),
            "The step goes uphill, for the loss and for the penalty: w minus lr times the slope.",
        ),
        Mistake(
            "decay without the learning rate",
            lambda w, g, lr, lam: (1 - 2 * lam) * w - lr * g,
            "The decay is not multiplied by the learning rate: both slopes are added first, then comes lr.",
        ),
        Mistake(
            "without the learning rate",
            lambda w, g, lr, lam: w - (g + 2 * lam * w),
            "The learning rate is not used: the step is lr times the slope.",
        ),
        Mistake(
            "penalty in place of its slope",
            lambda w, g, lr, lam: w - lr * (g + lam * w**2),
            "You added the penalty itself, lam * w**2; the step needs its slope, 2 * lam * w.",
        ),
        Mistake(
            "sum of the penalty",
            lambda w, g, lr, lam: w - lr * (g + lam * (w**2).sum()),
            "You added the value of the penalty to every slope; each weight has a slope of its own, 2 * lam * w.",
        ),
        Mistake(
            "L1",
            lambda w, g, lr, lam: w - lr * (g + lam * np.sign(w)),
            "This is the step for L1, whose slope is lam * sign(w). The slope of lam * w**2 is 2 * lam * w.",
        ),
        Mistake(
            "no penalty",
            lambda w, g, lr, lam: w - lr * g,
            "The penalty is missing: its slope, 2 * lam * w, is added to g.",
        ),
        Mistake(
            "only the penalty",
            lambda w, g, lr, lam: w - lr * 2 * lam * w,
            "Only the penalty moves the weights; the gradient of the loss, g, belongs to the slope, too.",
        ),
        Mistake(
            "decay of the gradient",
            lambda w, g, lr, lam: w - lr * g * (1 - 2 * lam),
            "The gradient shrinks, but what decays is the weight: the slope of the penalty is 2 * lam * w.",
        ),
        Mistake(
            "decay after the step",
            lambda w, g, lr, lam: (w - lr * g) * (1 - 2 * lr * lam),
            "You shrink the weights after the step; both slopes are those of the old weights.",
        ),
        Mistake(
            "without the learning rate and the 2",
            lambda w, g, lr, lam: w - lr * g - lam * w,
            "You subtract lam * w; subtract lr * 2 * lam * w: the slope is 2 * lam * w, and lr multiplies it, too.",
        ),
        Mistake(
            "slope without the weight",
            lambda w, g, lr, lam: w - lr * (g + 2 * lam),
            "Every weight is pulled with 2 * lam: the w is missing. The slope of lam * w**2 is 2 * lam * w.",
        ),
        Mistake(
            "only the slope",
            lambda w, g, lr, lam: g + 2 * lam * w,
            "This is the slope of loss + penalty; the new weights are w minus lr times this slope.",
        ),
        Mistake(
            "only the step",
            lambda w, g, lr, lam: -lr * (g + 2 * lam * w),
            "This is the step; the new weights are the old ones plus this step.",
        ),
    ),
    hints=(
        "The step goes down the slope of loss + penalty, and the slope of a sum is the sum of the slopes.",
        "g is the slope of the loss; the slope of lam * w**2 is 2 * lam * w.",
        "w - lr * (g + ...)",
    ),
)


ALL = (PENALTIES, DECAY_STEP)
