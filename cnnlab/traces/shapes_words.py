"""What there is to say about the sizes of a layer: the formula step by step, and what no formula shows."""

import numpy as np

from cnnlab.shapes import Derivation, conv_output_derivation, same_padding_derivation
from cnnlab.traces.shapes import Shapes, ShapesStep, Values
from cnnlab.traces.text import MINUS, plural

Line = tuple[str, str]
"""What is computed, in words, and the numbers."""

# ---- the formula -----------------------------------------------------------------------------------------------------


def steps_of(s: Shapes) -> list[Line]:
    """The formula of the output size, one operation after the other."""
    return _transposed_steps(s) if s.transposed else _convolution_steps(s)


def _convolution_steps(s: Shapes) -> list[Line]:
    (before, after), extent = s.padding, s.axis.extent
    padded = s.n + before + after
    room = padded - extent
    moves, rest = divmod(room, s.stride)
    both = f"2·{before}" if before == after else f"{before} + {after}"
    floor = f"⌊{room} / {s.stride}⌋ = " + (f"⌊{_decimal(room, s.stride)}⌋ = " if rest else "")
    return [
        ("padded input", f"{s.n} + {both} = {padded}"),
        _covers(s),
        ("room to move", f"{padded} {MINUS} {extent} = {room}"),
        (f"moves of {plural(s.stride, 'cell')}", f"{floor}{moves}"),
        ("and the first place", f"{moves} + 1 = {s.size}"),
    ]


def _transposed_steps(s: Shapes) -> list[Line]:
    p, extent, o = s.padding[0], s.axis.extent, s.output_padding
    between = (s.n - 1) * s.stride
    lines = [
        ("first stamp to last", f"({s.n} {MINUS} 1)·{s.stride} = {between}"),
        _covers(s),
        ("together", f"{between} + {extent} = {between + extent}"),
        ("padding cut off", f"{between + extent} {MINUS} 2·{p} = {between + extent - 2 * p}"),
    ]
    return [*lines, ("output padding", f"{between + extent - 2 * p} + {o} = {s.size}")] if o else lines


def _decimal(a: int, b: int) -> str:
    """a / b to two decimals, never rounded up: what the floor takes away has to be seen."""
    hundredths = 100 * a // b
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0") + ("" if 100 * a % b == 0 else "…")


def _covers(s: Shapes) -> Line:
    k, d = s.kernel_size, s.dilation
    return "kernel covers", f"{k}" if d == 1 else f"{d}·({k} {MINUS} 1) + 1 = {s.axis.extent}"


def further(s: Shapes) -> list[Derivation]:
    """What belongs to the formula: the padding that keeps the size, or the convolution that goes the other way."""
    if s.transposed:
        return [
            conv_output_derivation(s.size, s.kernel_size, s.stride, s.padding, s.dilation, "convolution of the output")
        ]
    return list(same_padding_derivation(s.kernel_size, s.dilation)) if s.keeps_size else []


# ---- one window ------------------------------------------------------------------------------------------------------


def of_step(t: ShapesStep) -> str:
    """Where the window lies."""
    s = t.shapes
    row, col = (int(taps[0]) for taps in t.taps)
    place = f"cell {col}" if s.dimensions == 1 else f"row {row}, column {col}"
    if s.transposed:
        cut = f"; {t.in_border} of them {_is(t.in_border)} cut off by the padding" if t.in_border else ""
        return f"Input {t.name} stamps its number on {_taps(s)}, from {place} on{cut}."
    if s.padding == (0, 0):
        return f"The window of output {t.name} begins at {place} of the input."
    begins = f"The window of output {t.name} begins at {place} of the padded input"
    if not t.in_border:
        return f"{begins}, and touches no padding."
    copies = "copies of the framed cells" if s.dimensions == 2 else "copies along the arcs"
    filled = "zeros" if s.padding_mode == "zeros" else copies
    return f"{begins}: {t.in_border} of its {_taps(s)} {_is(t.in_border)} padding, {filled}."


def _taps(s: Shapes) -> str:
    return plural(s.kernel_size**s.dimensions, "cell")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


# ---- the whole layer -------------------------------------------------------------------------------------------------


def of_layer(s: Shapes) -> str:
    """What the windows reach, or what a transposed convolution gives back."""
    return _gives_back(s) if s.transposed else _reaches(s)


def _reaches(s: Shapes) -> str:
    room = s.axis.length - s.axis.extent
    rest, never = room % s.stride, int((s.usage == 0).sum())
    lost = f"{never} of the {plural(s.input.size, _cell(s))} {_is(never)} never seen"
    if rest:
        says = f"{room} / {s.stride} is rounded down: the last {_last(rest, s)} in no window"
        return f"{says}, and {lost}." if never else f"{says}. No {_cell(s)} of the input is lost by it."
    if never:
        return f"The windows leave gaps: {lost}."
    return f"Every {_cell(s)} of the input is in at least one window."


def _cell(s: Shapes) -> str:
    return "cell" if s.dimensions == 1 else "pixel"


def _last(count: int, s: Shapes) -> str:
    where = "input" if s.padding == (0, 0) else "padded input"
    if s.dimensions == 1:
        return f"{'cell' if count == 1 else f'{count} cells'} of the {where} {_is(count)}"
    rows, columns = ("row", "column") if count == 1 else (f"{count} rows", f"{count} columns")
    return f"{rows} and the last {columns} of the {where} are"


def _gives_back(s: Shapes) -> str:
    says = f"The convolution with the same settings turns {s.size} into {s.back}"
    if s.back != s.n:
        return f"{says}, not {s.n}: there is more output padding than its floor takes away."
    if np.array_equal(s.again, s.input):
        return f"{says} again, and here even the numbers come back, because no two stamps overlap."
    return f"{says} again: the size comes back, the numbers do not. It is not an inverse."


def of_usage(s: Shapes) -> str:
    """How equally the cells are used."""
    if s.transposed:
        return _stamped(s)
    counts = s.usage
    low, high = int(counts.min()), int(counts.max())
    if low == high:
        return f"Every {_cell(s)} is used {_times(high)}: here they all count equally."
    if low == 0:
        never = int((counts == 0).sum())
        cells = f"{never} of {plural(counts.size, _cell(s))}"
        return f"{cells} {_is(never)} never used, {_others(counts)}."
    middle = counts.shape[1] // 2
    if s.dimensions == 1:
        places = f"the first cell {_times(int(counts[0, 0]))}, the one in the middle {_times(int(counts[0, middle]))}"
    else:
        corner, edge, center = (int(counts[at]) for at in ((0, 0), (0, middle), (middle, middle)))
        places = f"a corner {_times(corner)}, the middle of an edge {_times(edge)}, the center {_times(center)}"
    return f"{_cell(s).capitalize()}s are used {low} to {_times(high)}, so they do not count equally: {places}."


def _others(counts: Values) -> str:
    """How often the cells are used that are used at all."""
    used = counts[counts > 0]
    low, high = int(used.min()), int(used.max())
    return f"the others {_times(high)} each" if low == high else f"the others {low} to {_times(high)}"


def _stamped(s: Shapes) -> str:
    counts = s.usage
    low, high = int(counts.min()), int(counts.max())
    if low == high:
        return f"Every output cell is stamped {_times(high)}."
    says = f"Output cells are stamped {low} to {plural(high, 'time')}"
    if s.dilation > 1:
        return f"{says}."
    k, stride = s.kernel_size, s.stride
    if stride > k:
        return f"{says}: the stride {stride} is larger than the kernel {k}, and leaves gaps."
    if k % stride:
        return (
            f"{says}: the stride {stride} does not divide the kernel {k}, and stamps overlap unevenly, a checkerboard."
        )
    return f"{says}: the stride divides the kernel, so only the border is stamped less."


def _times(count: int) -> str:
    return "once" if count == 1 else plural(count, "time")
