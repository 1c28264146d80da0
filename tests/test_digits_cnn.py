"""A CNN of the ops alone learns to read scikit-learn's digits."""

import numpy as np

from cnnlab.data import digits
from cnnlab.network import (
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    accuracy,
    train_epoch,
)
from cnnlab.optim import Adam, CosineAnnealingLR

EPOCHS = 8


def quarter_held_out() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Images (N, 1, 8, 8) from 0 to 1 and labels: for training, and the quarter that is held out."""
    images, labels = digits()
    order = np.random.default_rng(0).permutation(len(images))
    x, y = (images[order, None] / 16).astype(np.float32), labels[order]
    held_out = len(x) // 4
    return x[held_out:], y[held_out:], x[:held_out], y[:held_out]


def trained(seed: int, epochs: int = EPOCHS, examples: int | None = None) -> tuple[Sequential, list[float]]:
    """A network that was trained, and its loss in each epoch; everything random comes from the seed."""
    x, y, _, _ = quarter_held_out()
    rng = np.random.default_rng(seed)
    network = Sequential(
        Conv2d(1, 16, 3, padding=1, rng=rng),
        BatchNorm2d(16),
        ReLU(),
        MaxPool2d(2),
        Conv2d(16, 32, 3, padding=1, rng=rng),
        BatchNorm2d(32),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dropout(0.25, rng=rng),
        Linear(32 * 2 * 2, 10, rng=rng),
    )
    optimizer = Adam(network.parameters(), lr=0.005)
    schedule = CosineAnnealingLR(optimizer, T_max=epochs)
    losses = []
    for _ in range(epochs):
        losses.append(train_epoch(network, optimizer, x[:examples], y[:examples], batch_size=32, rng=rng))
        schedule.step()
    return network, losses


def test_a_cnn_of_these_ops_reads_97_of_100_digits_that_it_has_never_seen() -> None:
    _, _, x, y = quarter_held_out()
    network, losses = trained(seed=0)
    assert losses[-1] < losses[0] / 5
    assert accuracy(network, x, y) >= 0.97


def test_the_same_seed_gives_the_same_numbers_to_the_last_bit_and_another_seed_gives_others() -> None:
    one, same, other = (trained(seed, epochs=1, examples=200) for seed in (1, 1, 2))
    assert one[1] == same[1] != other[1]
    for name, array in one[0].state_dict().items():
        assert array.tobytes() == same[0].state_dict()[name].tobytes(), name
    assert one[0].state_dict()["0.weight"].tobytes() != other[0].state_dict()["0.weight"].tobytes()
