"""How long conv2d takes, forward and backward, against PyTorch and the nested loops: `python -m bench.ops`.

Everything runs on one thread. The two take turns, and what counts is the processor time of the thread, so that a
busy machine disturbs little; a ratio is the median over the turns. The loops run once, on one image, scaled up.
"""

# ruff: noqa: E402  (NumPy and PyTorch read the number of threads when they are imported)

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from cnnlab import ops
from cnnlab.ops import reference

SIZES = [  # input, weight
    ((1, 1, 256, 256), (1, 1, 3, 3)),
    ((8, 3, 64, 64), (16, 3, 3, 3)),
    ((32, 16, 28, 28), (32, 16, 3, 3)),
]
STRIDES = [1, 2]
AIM = 1.7  # times PyTorch's time, at most
SECONDS = 1.0  # for each line of the table
RUNS_IN_A_TURN = 10

Run = Callable[[], object]
Floats = npt.NDArray[np.float32]


def main() -> None:
    torch.set_num_threads(1)
    print(machine())
    times = f"{'cnnlab':>10} {'torch':>10} {'ratio':>6} {'faster than loops':>18}"
    print(f"{'':8} {'input':>16} {'weight':>14} {'stride':>6} {times}")
    ratios = [line(direction, *case) for direction in ("forward", "backward") for case in cases()]
    print(f"largest ratio {max(ratios):.2f}, aim at most {AIM}")


def cases() -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
    return [(x, w, stride) for x, w in SIZES for stride in STRIDES]


def line(direction: str, x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: int) -> float:
    """Prints one line of the table and returns the ratio to PyTorch."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(x_shape, dtype=np.float32)
    w = rng.standard_normal(w_shape, dtype=np.float32)
    ours, theirs, loops = (forward if direction == "forward" else backward)(x, w, stride)
    ours_s, theirs_s, ratio = medians(ours, theirs)
    loops_s = seconds(loops) * x_shape[0]
    shapes = f"{'x'.join(map(str, x_shape)):>16} {'x'.join(map(str, w_shape)):>14}"
    times = f"{ours_s * 1e3:7.3f} ms {theirs_s * 1e3:7.3f} ms {ratio:6.2f} {loops_s / ours_s:17,.0f}x"
    print(f"{direction:8} {shapes} {stride:6} {times}", flush=True)
    return ratio


def forward(x: Floats, w: Floats, stride: int) -> tuple[Run, Run, Run]:
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    return (
        lambda: ops.conv2d(x, w, stride=stride),
        lambda: torch.nn.functional.conv2d(tx, tw, stride=stride),
        lambda: reference.conv2d(x[:1], w, stride=stride),
    )


def backward(x: Floats, w: Floats, stride: int) -> tuple[Run, Run, Run]:
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    grad = np.ones_like(ops.conv2d(x, w, stride=stride))
    tgrad = torch.from_numpy(grad)
    both = [True, True, False]  # the input and the weight, no bias
    return (
        lambda: ops.conv2d_backward(grad, x, w, stride=stride),
        # PyTorch's own backward, called directly: no time spent on recording a graph
        lambda: torch.ops.aten.convolution_backward(
            tgrad, tx, tw, None, [stride] * 2, [0, 0], [1, 1], False, [0, 0], 1, both
        ),
        lambda: reference.conv2d_backward(grad[:1], x[:1], w, stride=stride),
    )


def medians(ours: Run, theirs: Run) -> tuple[float, float, float]:
    """Seconds of each, and their ratio, in turns of several runs: each finds the cache as it left it itself."""
    for run in (ours, theirs):
        run()
    turns: list[tuple[float, float]] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(turns) < 5:
        a, b = (statistics.median(seconds(run) for _ in range(RUNS_IN_A_TURN)) for run in (ours, theirs))
        turns.append((a, b))
    a, b = (statistics.median(taken) for taken in zip(*turns, strict=True))
    return a, b, statistics.median(a / b for a, b in turns)


def seconds(run: Run) -> float:
    """Processor time of one run."""
    start = time.thread_time()
    run()
    return time.thread_time() - start


def machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [text.split(":", 1)[1].strip() for text in lines if text.startswith("model name")]
    processor = models[0] if models else platform.processor() or platform.machine()
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}"
    return f"{processor}, 1 thread, {versions}, float32, medians"


if __name__ == "__main__":
    main()
