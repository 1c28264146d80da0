"""The arguments that pooling takes, checked together, and which cells its windows see."""

from collections.abc import Sequence

from cnnlab.ops._arguments import times


def pool_counts(
    size: Sequence[int],
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> tuple[int, ...]:
    """How many windows pooling takes along each axis of n cells, for numbers that are at least 1 (padding 0):

        floor((n + 2p - d*(k - 1) - 1) / s) + 1

    `ceil_mode` rounds up instead: a last window that the end of the padded input cuts off counts, too, as long as it
    starts in the input or in the padding before it.

    Raises:
        ValueError: padding is more than half the kernel, or not even one window fits.
    """
    for p, k in zip(padding, kernel_size, strict=True):
        if 2 * p > k:
            raise ValueError(f"padding must be at most half the kernel, but is {p} for a kernel_size of {k}")
    axes = list(zip(size, kernel_size, stride, padding, dilation, strict=True))
    counts = tuple(_count(*axis, ceil_mode) for axis in axes)
    if any(count < 1 for count in counts):
        covers = times([d * (k - 1) + 1 for _, k, _, _, d in axes])
        padded = times([n + 2 * p for n, _, _, p, _ in axes])
        raise ValueError(f"the window covers {covers} but the padded input is only {padded}: use a smaller kernel")
    return counts


def _count(n: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    room = n + 2 * p - d * (k - 1) - 1  # how far the first window can move
    if not ceil_mode:
        return room // s + 1
    last = -(-room // s)  # rounded up
    starts_inside = last * s < n + p
    return last + 1 if starts_inside else last
