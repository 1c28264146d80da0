"""Notebook 10: a step of gradient descent, how many steps there are, a step with momentum."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]

UPHILL = "The sign is wrong: the gradient points uphill, and the step goes against it, w - lr * ..."


# ---- gradient descent ------------------------------------------------------------------------------------------------


def sgd_step(w: Array, g: Array, lr: float) -> Array:
    return w - lr * g


def _weights(rng: np.random.Generator) -> Iterator[Arguments]:
    for size, lr in [(1, 0.5), (2, 0.1), (3, 0.01), (4, 1.5), (7, 0.05)]:
        yield rng.normal(size=size), rng.normal(size=size), lr
    yield np.array([1.0, -2.0]), np.array([0.0, 3.0]), 0.1


SGD_STEP = Exercise(
    name="sgd step",
    notebook="10",
    statement=(
        "Write sgd_step(w, g, lr): the weights after one step of gradient descent. w are the weights, g is the "
        "gradient of the loss at w, of the same shape, lr the learning rate."
    ),
    solution=sgd_step,
    cases=_weights,
    mistakes=(
        Mistake("uphill", lambda w, g, lr: w + lr * g, UPHILL),
        Mistake(
            "without the learning rate",
            lambda w, g, lr: w - g,
            "The learning rate is not used: the step is lr * g, not g.",
        ),
        Mistake(
            "divided by the learning rate",
            lambda w, g, lr: w - g / lr,
            "You divide by the learning rate. A larger one means a longer step: multiply.",
        ),
        Mistake(
            "only the step",
            lambda w, g, lr: -lr * g,
            "This is the step; the new weights are the old ones plus this step.",
        ),
        Mistake(
            "the step, uphill",
            lambda w, g, lr: lr * g,
            "This is how far to go; the new weights are the old ones minus this.",
        ),
        Mistake(
            "weights times the learning rate",
            lambda w, g, lr: lr * (w - g),
            "The learning rate belongs to the gradient alone: w - lr * g, without brackets.",
        ),
        Mistake(
            "only the sign",
            lambda w, g, lr: w - lr * np.sign(g),
            "Only the sign of the gradient is used; a steeper slope makes a longer step: lr * g.",
        ),
    ),
    hints=(
        "The gradient points to where the loss grows fastest. Which way do you want to go?",
        "How far: the learning rate times the gradient.",
        "w - lr * g",
    ),
)


# ---- iterations ------------------------------------------------------------------------------------------------------


def iterations(examples: int, batch_size: int, epochs: int) -> int:
    batches = -(-examples // batch_size)  # rounded up: the last batch may be smaller
    return batches * epochs


def _sizes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [(1000, 32, 1), (1000, 32, 10), (10, 10, 3), (10, 1, 2), (7, 3, 5), (50000, 128, 90), (5, 8, 4)]


ITERATIONS = Exercise(
    name="iterations",
    notebook="10",
    statement=(
        "Write iterations(examples, batch_size, epochs): how many updates the weights get. Each epoch goes through all "
        "examples once, batch_size at a time; what is left at the end of an epoch is a smaller batch."
    ),
    solution=iterations,
    cases=_sizes,
    mistakes=(
        Mistake(
            "last batch left out",
            lambda examples, batch_size, epochs: examples // batch_size * epochs,
            "The smaller batch at the end of each epoch is left out: 1000 examples in 32s are 31 full batches and one "
            "of 8.",
        ),
        Mistake(
            "always one more",
            lambda examples, batch_size, epochs: (examples // batch_size + 1) * epochs,
            "You always add a batch, also where the examples divide evenly and nothing is left.",
        ),
        Mistake(
            "rounded to the nearest",
            lambda examples, batch_size, epochs: round(examples / batch_size) * epochs,
            "You round to the nearest number, which drops a last batch that is less than half full: round up.",
        ),
        Mistake(
            "a part of a batch",
            lambda examples, batch_size, epochs: examples / batch_size * epochs,
            "There is no part of an update: round up to whole batches.",
        ),
        Mistake(
            "rounded at the end",
            lambda examples, batch_size, epochs: -(-examples * epochs // batch_size),
            "You round up once at the end; every epoch has its own last batch: round up first, then multiply.",
        ),
        Mistake(
            "rounded down at the end",
            lambda examples, batch_size, epochs: examples * epochs // batch_size,
            "You round down once at the end; every epoch has its own last batch: round up first, then multiply.",
        ),
        Mistake(
            "one epoch",
            lambda examples, batch_size, epochs: -(-examples // batch_size),
            "That is one epoch; multiply by the number of epochs.",
        ),
        Mistake(
            "every example",
            lambda examples, batch_size, epochs: examples * epochs,
            "These are the examples seen: a batch of them makes one update.",
        ),
        Mistake(
            "only the epochs",
            lambda examples, batch_size, epochs: epochs,
            "These are the epochs: each of them has an update for every batch.",
        ),
    ),
    hints=(
        "Begin with one epoch: how many batches do 10 examples make, 3 at a time?",
        "Round up: math.ceil(examples / batch_size).",
        "Each epoch has as many: multiply by epochs.",
    ),
)


# ---- momentum --------------------------------------------------------------------------------------------------------


def momentum_step(w: Array, velocity: Array, g: Array, lr: float, momentum: float) -> Pair:
    velocity = momentum * velocity + g
    w = w - lr * velocity
    return w, velocity


def _nesterov(w: Array, velocity: Array, g: Array, lr: float, momentum: float) -> Pair:
    velocity = momentum * velocity + g
    return w - lr * (g + momentum * velocity), velocity


def _velocities(rng: np.random.Generator) -> Iterator[Arguments]:
    for size, lr, momentum in [(1, 0.5, 0.9), (2, 0.1, 0.5), (3, 0.01, 0.99), (4, 1.5, 0.8), (5, 0.05, 0.9)]:
        w, velocity, g = rng.normal(size=(3, size))
        yield w, velocity, g, lr, momentum
    yield np.array([1.0, -2.0]), np.zeros(2), np.array([4.0, 3.0]), 0.1, 0.9  # the first step


MOMENTUM_STEP = Exercise(
    name="momentum step",
    notebook="10",
    statement=(
        "Write momentum_step(w, velocity, g, lr, momentum): one step of gradient descent with momentum, as PyTorch "
        "makes it. First the new velocity, then the weights with it. Return both: w, velocity."
    ),
    solution=momentum_step,
    cases=_velocities,
    mistakes=(
        Mistake(
            "dampened",
            lambda w, v, g, lr, momentum: momentum_step(w, v, (1 - momentum) * g, lr, momentum),
            "The gradient is multiplied by 1 - momentum. That is a running mean, as in Adam; here the whole gradient "
            "is added.",
        ),
        Mistake(
            "uphill",
            lambda w, v, g, lr, momentum: (w + lr * (momentum * v + g), momentum * v + g),
            UPHILL,
        ),
        Mistake(
            "gradient subtracted",
            lambda w, v, g, lr, momentum: (w - lr * (momentum * v - g), momentum * v - g),
            "The gradient is subtracted twice, once in the velocity and once in the step: add it to the velocity.",
        ),
        Mistake(
            "old velocity forgotten",
            lambda w, v, g, lr, momentum: (w - lr * g, g),
            "The old velocity is forgotten: momentum times the old one is part of the new one.",
        ),
        Mistake(
            "moved by the old velocity",
            lambda w, v, g, lr, momentum: (w - lr * v, momentum * v + g),
            "The weights are moved by the old velocity: compute the new one first.",
        ),
        Mistake(
            "moved by the gradient",
            lambda w, v, g, lr, momentum: (w - lr * g, momentum * v + g),
            "The velocity is right, but the weights are moved by the gradient alone: w - lr * velocity.",
        ),
        Mistake(
            "all of the old velocity",
            lambda w, v, g, lr, momentum: (w - lr * (v + g), v + g),
            "The old velocity is kept whole: nothing would ever slow it down. Multiply it by momentum.",
        ),
        Mistake(
            "momentum on the gradient",
            lambda w, v, g, lr, momentum: (w - lr * (v + momentum * g), v + momentum * g),
            "Momentum stands before the wrong one: it says how much of the old velocity is kept.",
        ),
        Mistake(
            "learning rate in the velocity",
            lambda w, v, g, lr, momentum: (w - (momentum * v + lr * g), momentum * v + lr * g),
            "The learning rate is inside the velocity, as in some books. PyTorch has it outside: velocity = momentum * "
            "velocity + g.",
        ),
        Mistake(
            "learning rate twice",
            lambda w, v, g, lr, momentum: (w - lr * (momentum * v + lr * g), momentum * v + lr * g),
            "The learning rate is used twice, in the velocity and in the step: velocity = momentum * velocity + g.",
        ),
        Mistake(
            "momentum on both",
            lambda w, v, g, lr, momentum: (w - lr * momentum * (v + g), momentum * (v + g)),
            "Momentum multiplies the gradient, too. Only the old velocity fades; the whole gradient is added.",
        ),
        Mistake(
            "old velocity returned",
            lambda w, v, g, lr, momentum: (w - lr * (momentum * v + g), v),
            "The weights are right, but you return the old velocity: the next step needs the new one.",
        ),
        Mistake(
            "velocity downhill",
            lambda w, v, g, lr, momentum: (w + momentum * v - lr * g, momentum * v - lr * g),
            "This velocity points downhill and contains the learning rate, as in some books. Here, as in PyTorch: "
            "velocity = momentum * velocity + g, then w = w - lr * velocity.",
        ),
        Mistake(
            "no learning rate",
            lambda w, v, g, lr, momentum: momentum_step(w, v, g, 1.0, momentum),
            "The velocity is right, but the learning rate is not used: w - lr * velocity.",
        ),
        Mistake(
            "Nesterov", _nesterov, "This is Nesterov's momentum, which looks a step ahead: here w - lr * velocity."
        ),
        Mistake(
            "in the other order",
            lambda w, v, g, lr, momentum: momentum_step(w, v, g, lr, momentum)[::-1],
            "Both are right, but in the other order: return w, velocity.",
        ),
        Mistake(
            "only the weights",
            lambda w, v, g, lr, momentum: momentum_step(w, v, g, lr, momentum)[0],
            "Only the weights are returned; the next step needs the velocity, too: return w, velocity.",
        ),
    ),
    hints=(
        "The velocity remembers: momentum says how much of the old one is kept, and then the gradient is added.",
        "velocity = momentum * velocity + g",
        "Then w = w - lr * velocity, and return w, velocity.",
    ),
)


ALL = (SGD_STEP, ITERATIONS, MOMENTUM_STEP)
