"""Time and memory of one op against PyTorch and against the nested loops, on one thread.

Ours and PyTorch's take turns, and what counts is the processor time of the thread, so that a busy machine disturbs
little; a ratio is the median over the turns. The loops run once.
"""

# ruff: noqa: E402  (NumPy and PyTorch read the number of threads when they are imported)

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

SECONDS = 1.0  # for each case
RUNS_IN_A_TURN = 10

Run = Callable[[], object]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """One line of the table: an op at one size, ours and PyTorch's, and how slow ours may be."""

    op: str  # "conv2d forward"
    size: str  # what it is given, in words
    aim: float  # times PyTorch's time, at most
    ours: Run
    theirs: Run
    loops: Run | None = None  # the nested loops; run once
    loops_share: float = 1.0  # the part of the work that `loops` does (one image of 32: 1 / 32)
    loops_aim: float | None = None  # how many times faster than the loops, at least
    input_bytes: int | None = None  # to measure the extra memory at its peak, in inputs
    memory_aim: float | None = None  # inputs, at most
    limit: Run | None = None  # what cannot be avoided, such as the matrix product alone


@dataclass(frozen=True)
class Measured:
    """What came out for a case; times in seconds."""

    ours: float
    theirs: float
    ratio: float
    faster_than_loops: float | None
    memory: float | None  # extra memory at its peak, in inputs
    limit_share: float | None  # the part of our time that `limit` takes alone


def measure(case: Case) -> Measured:
    ours, theirs, ratio = medians(case.ours, case.theirs)
    loops = seconds(case.loops) / case.loops_share / ours if case.loops else None
    memory = peak_bytes(case.ours) / case.input_bytes if case.input_bytes else None
    limit = medians(case.limit, case.ours)[2] if case.limit else None
    return Measured(ours, theirs, ratio, loops, memory, limit)


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


def peak_bytes(run: Run) -> int:
    """The most memory that one run holds beyond what was there before, the result included."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [text.split(":", 1)[1].strip() for text in lines if text.startswith("model name")]
    processor = models[0] if models else platform.processor() or platform.machine()
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}"
    return f"{processor}, 1 thread, {versions}, float32, medians"


def normal(*shape: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
