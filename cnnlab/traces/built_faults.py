"""Why a layer cannot work on what it gets, and what would: one sentence, and the layers to put in its place."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from cnnlab.network.stack import LayerSpec
from cnnlab.shapes import kernel_extent, same_padding
from cnnlab.traces.text import plural, size_text

Shape = tuple[int, ...]  # of one example: (C, H, W), or (n,) for a row of numbers

ON_MAPS = ("conv", "max pool", "average pool", "global average pool")
"""What works on channels × height × width, and on nothing else."""
USUAL_FILTERS = 8


@dataclass(frozen=True)
class Fault:
    """A layer that cannot work: why and what would, and with what it is mended (nothing: it goes)."""

    says: str
    remedy: tuple[LayerSpec, ...]


def fault_of(spec: LayerSpec, shape: Shape) -> Fault | None:
    """The first reason why a layer cannot work on an input of this shape; None where it can."""
    checks: tuple[Callable[[LayerSpec, Shape], Fault | None], ...] = (_axes, _made_for, _filters, _padding, _window)
    return next((fault for check in checks if (fault := check(spec, shape))), None)


def sides(spec: LayerSpec) -> tuple[int, int]:
    """Cells of padding before and after each axis."""
    return same_padding(spec.kernel_size, spec.dilation) if spec.padding == "same" else (spec.padding,) * 2


def described(shape: Shape) -> str:
    """What a layer gets, in words: "8 × 16 × 16" or "a row of 64 numbers"."""
    return f"a row of {plural(shape[0], 'number')}" if len(shape) == 1 else size_text(shape)


def _axes(spec: LayerSpec, shape: Shape) -> Fault | None:
    if spec.kind in ON_MAPS and len(shape) == 1:
        why = f"{spec.kind} needs channels × height × width, but gets {described(shape)}"
        return Fault(f"{why}: put it before the flatten", ())
    if spec.kind == "dense" and len(shape) == 3:
        why = f"dense needs a row of numbers, but gets {described(shape)}"
        return Fault(f"{why}: put a flatten before it", (LayerSpec("flatten"), spec))
    return None


def _made_for(spec: LayerSpec, shape: Shape) -> Fault | None:
    if spec.made_for in (None, shape[0]):
        return None
    what = "channel" if spec.kind == "conv" else "number"
    why = f"{spec.kind} is made for {plural(spec.made_for or 0, what)}, but gets {shape[0]}"
    return Fault(f"{why}: write from {shape[0]}", (spec.changed(made_for=shape[0]),))


def _filters(spec: LayerSpec, shape: Shape) -> Fault | None:
    if spec.kind != "conv" or spec.out is not None:
        return None
    mended = spec.changed(out=USUAL_FILTERS)
    return Fault(f"conv needs its number of filters: write {mended}, for example", (mended,))


def _padding(spec: LayerSpec, shape: Shape) -> Fault | None:
    most = spec.kernel_size // 2
    if not spec.slides or spec.kind == "conv" or sides(spec)[0] <= most:
        return None
    why = f"padding {spec.padding} is more than half of a pool of {_square(spec.kernel_size)}"
    mended = _fitting(spec, shape)
    works = f"at most {most} works" if mended.kernel_size == spec.kernel_size else f"{mended} would work"
    return Fault(f"{why}: {works}", (mended,))


def _window(spec: LayerSpec, shape: Shape) -> Fault | None:
    """Whether the window fits at least once into the padded map."""
    if not spec.slides:
        return None
    smallest, padding = min(shape[1:]), sum(sides(spec))
    covers = kernel_extent(spec.kernel_size, spec.dilation)
    if covers <= smallest + padding:
        return None
    gets = f"the map of {size_text(shape[1:])}" + (" with its padding" if padding else "")
    dilated = f", which covers {_square(covers)} with dilation {spec.dilation}," if spec.dilation > 1 else ""
    why = f"{_named(spec)}{dilated} is larger than {gets}"
    if spec.kind == "conv":
        fits = (smallest + padding - 1) // spec.dilation + 1
        enough = -(-(covers - smallest) // 2)
        return Fault(f"{why}: at most {_square(fits)} fits, or padding {enough}", (spec.changed(kernel_size=fits),))
    mended = _fitting(spec, shape)
    if smallest == mended.kernel_size == 1:
        return Fault(f"{why}: nothing is left to pool, take it out", ())
    less = "" if mended.padding == spec.padding else f" with padding {mended.padding}"
    return Fault(f"{why}: at most {_square(mended.kernel_size)}{less} fits", (mended,))


def _fitting(pool: LayerSpec, shape: Shape) -> LayerSpec:
    """The pool with the largest kernel that fits, and no more padding than half of it."""
    smallest, padding = min(shape[1:]), sides(pool)[0]
    stride = 0 if pool.stride == pool.kernel_size else pool.stride  # 0: as large as the kernel

    def too_large(k: int) -> bool:
        return kernel_extent(k, pool.dilation) > smallest + 2 * min(padding, k // 2)

    kernel_size = bisect_left(range(1, pool.kernel_size + 1), True, key=too_large)  # those before it fit
    return pool.changed(kernel_size=kernel_size, padding=min(padding, kernel_size // 2), stride=stride)


def _named(spec: LayerSpec) -> str:
    what = "a kernel" if spec.kind == "conv" else f"{'an' if spec.kind == 'average pool' else 'a'} {spec.kind}"
    return f"{what} of {_square(spec.kernel_size)}"


def _square(side: int) -> str:
    return f"{side} × {side}"
