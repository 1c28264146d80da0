"""How fast the ops are, against PyTorch and the nested loops: `python -m bench.ops [words of the op ...]`.

Each line: our time, PyTorch's, the ratio and its aim; how many times faster than the loops; the extra memory at its
peak, in inputs; and how much of our time is what cannot be avoided (for a convolution, the matrix product alone).
"""

import sys
from collections.abc import Iterator

import torch

from bench import ops_conv, ops_dense, ops_norm, ops_pool
from bench.timing import Case, Measured, machine, measure

PARTS = (ops_conv, ops_dense, ops_norm, ops_pool)


def main(words: list[str]) -> None:
    torch.set_num_threads(1)
    print(machine())
    head = f"{'op':28} {'size':44} {'cnnlab':>10} {'torch':>10} {'ratio':>6} {'aim':>5}"
    print(f"{head} {'loops':>8} {'memory':>7} {'limit':>6}")
    missed = [line for case in cases(words) for line in report(case)]
    print("\n".join(["", "missed:", *missed]) if missed else "\nevery aim was met")


def cases(words: list[str]) -> Iterator[Case]:
    for part in PARTS:
        yield from (case for case in part.cases() if all(word in case.op for word in words))


def report(case: Case) -> list[str]:
    """Measures a case and prints its line; what it missed."""
    found = measure(case)
    times = f"{found.ours * 1e3:7.3f} ms {found.theirs * 1e3:7.3f} ms {found.ratio:6.2f} {case.aim:5.2f}"
    loops = f"{found.faster_than_loops:7,.0f}x" if found.faster_than_loops else ""
    memory = f"{found.memory:6.1f}x" if found.memory else ""
    limit = f"{found.limit_share:5.0%}" if found.limit_share else ""
    print(f"{case.op:28} {case.size:44} {times} {loops:>8} {memory:>7} {limit:>6}".rstrip(), flush=True)
    return [f"{case.op}, {case.size}: {what}" for what in missed_aims(case, found)]


def missed_aims(case: Case, found: Measured) -> Iterator[str]:
    if found.ratio > case.aim:
        yield f"{found.ratio:.2f} times PyTorch's time, aim at most {case.aim:g}"
    if case.loops_aim and found.faster_than_loops and found.faster_than_loops < case.loops_aim:
        yield f"{found.faster_than_loops:.0f} times faster than the loops, aim at least {case.loops_aim:g}"
    if case.memory_aim and found.memory and found.memory > case.memory_aim:
        yield f"{found.memory:.1f} inputs of memory, aim at most {case.memory_aim:g}"


if __name__ == "__main__":
    main(sys.argv[1:])
