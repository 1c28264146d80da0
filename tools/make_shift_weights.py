"""Makes cnnlab/data/shift_weights.npz: three networks trained on digits in the middle, and what they get right.

Run by hand, once: `python -m tools.make_shift_weights` (a few minutes on one core). The file is committed, so that the
lab needs no PyTorch. Training is seeded; another version of PyTorch may still give other weights, and the numbers
that notebooks quote follow from the file. Nothing was chosen by its result on the unseen digits: one seed, one run.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnlab.data.digits import digits
from cnnlab.data.shift_nets import NOISES, SCALES, TRAINED_ON, unseen
from cnnlab.traces.shift import CANVAS, REACH, cnn_everywhere, mlp_everywhere, pushed, scene

TARGET = Path(__file__).resolve().parent.parent / "cnnlab" / "data" / "shift_weights.npz"
MAX_BYTES = 100_000
SEED = 0
BATCH, RATE = 64, 3e-3
POOL = {"plain": 1, "pooled": 2}


class Mlp(nn.Module):
    """Flatten, dense, ReLU, dense."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(CANVAS * CANVAS, 32)
        self.output = nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.output(F.relu(self.hidden(x.flatten(1))))  # (N, 10)
        return out


class Cnn(nn.Module):
    """Conv, ReLU, pooling (or none), conv, ReLU, global max pooling, dense."""

    def __init__(self, pool: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 6, 5)
        self.second = nn.Conv2d(6, 32, 5)
        self.output = nn.Linear(32, 10)
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.first(x)), self.pool)  # (N, 6, 24 / pool, 24 / pool)
        x = F.relu(self.second(x))
        out: Tensor = self.output(x.amax((2, 3)))  # (N, 10)
        return out


def middle(images: np.ndarray) -> Tensor:
    """Digits in the middle of the canvas, (N, 1, 28, 28)."""
    return torch.from_numpy(np.stack([pushed(scene(image), 0, 0) for image in images]))[:, None]


def train(net: nn.Module, x: Tensor, y: Tensor, epochs: int) -> None:
    """Adam with a learning rate that falls to 0 along a cosine; no augmentation, no weight decay."""
    optimizer = torch.optim.Adam(net.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    order = torch.Generator().manual_seed(SEED)
    for _ in range(epochs):
        for batch in torch.randperm(len(x), generator=order).split(BATCH):
            optimizer.zero_grad()
            F.cross_entropy(net(x[batch]), y[batch]).backward()
            optimizer.step()
        schedule.step()


def rounded(net: nn.Module) -> dict[str, np.ndarray]:
    """The weights in float16, as they are stored; the network goes on with the rounded ones."""
    state = {name: values.half() for name, values in net.state_dict().items()}
    net.load_state_dict({name: values.float() for name, values in state.items()})
    return {name: values.numpy() for name, values in state.items()}


def count_right(name: str, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Unseen digits that are answered right, (scales, noises, 13, 13); each has noise of its own."""
    single = {key: values.astype(np.float32) for key, values in weights.items()}
    right = np.zeros((len(SCALES), len(NOISES), 2 * REACH + 1, 2 * REACH + 1), np.uint16)
    for i, (image, label) in enumerate(zip(*unseen(), strict=True)):
        for s, scale in enumerate(SCALES):
            for n, noise in enumerate(NOISES):
                picture = scene(image, scale, noise, seed=i)
                right[s, n] += everywhere(name, single, picture).argmax(axis=2) == label
    return right


def everywhere(name: str, weights: dict[str, np.ndarray], picture: np.ndarray) -> np.ndarray:
    """The scores of one network at all places, by the code that the lab runs."""
    return mlp_everywhere(weights, picture) if name == "mlp" else cnn_everywhere(weights, picture, POOL[name])


def report(share: np.ndarray) -> None:
    """Print what share (13, 13) of the unseen digits is answered right, pushed about."""
    right, diagonal = share[REACH, REACH:], share.diagonal()[REACH:]
    print(f"  in the middle {share[REACH, REACH]:.1%}, over all places {share.mean():.1%}")
    print("  pushed right by 0 to 6:", *(f"{part:.1%}" for part in right))
    print("  and down as well:      ", *(f"{part:.1%}" for part in diagonal), flush=True)


def main() -> None:
    torch.use_deterministic_algorithms(True)
    images, labels = digits()
    x, y = middle(images[:TRAINED_ON]), torch.tensor(labels[:TRAINED_ON])
    stored: dict[str, np.ndarray] = {}
    for name, epochs in (("mlp", 60), ("plain", 40), ("pooled", 40)):
        torch.manual_seed(SEED)
        net: nn.Module = Mlp() if name == "mlp" else Cnn(POOL[name])
        train(net, x, y, epochs)
        weights = rounded(net)
        right = count_right(name, weights)
        stored.update({f"{name}.{key}": values for key, values in (*weights.items(), ("right", right))})
        with torch.no_grad():
            trained = (net(x).argmax(1) == y).double().mean().item()
            test = (net(middle(unseen()[0])).argmax(1).numpy() == unseen()[1]).mean()
        print(f"{name}: {sum(v.size for v in weights.values()):,} parameters")
        print(f"  in the middle: trained digits {trained:.1%}, unseen ones {test:.1%}")
        report(right[SCALES.index(1.0), 0] / len(unseen()[1]))
    np.savez_compressed(TARGET, **stored)
    size = TARGET.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{TARGET.name} has {size} bytes, more than {MAX_BYTES}")
    print(f"{TARGET.name}: {size:,} bytes")


if __name__ == "__main__":
    main()
