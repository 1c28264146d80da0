"""What there is to say about a pooling: about one window, about a push, about the way back."""

from cnnlab.traces.pool import Pooling, PoolTrace
from cnnlab.traces.pool_push import Kept, Push
from cnnlab.traces.text import number, plural


def window_says(trace: PoolTrace) -> str:
    """One sentence about how this cell came about: the most surprising thing first."""
    p, cells, ties = trace.pooling, trace.divisor, int(trace.ties.sum())
    if p.kind.startswith("global"):
        what = "maximum" if p.is_max else "mean"
        return f"One window, the whole map: its {what} is the only number that is left of a channel."
    padding = int(trace.in_padding.sum())
    if trace.window.size < p.kernel_size[0] * p.kernel_size[1]:
        return f"This window hangs over the end of the input: it has only {plural(trace.window.size, 'cell')}."
    if padding:
        lie = f"{plural(padding, 'cell')} of this window {'lies' if padding == 1 else 'lie'} in the padding: "
        return lie + ("a maximum never takes one of those." if p.is_max else "zeros that make the mean smaller.")
    if ties > 1:
        return f"{ties} cells are equal to the maximum: the first of them, in the order of reading, is the winner."
    if any(p.unreached()):
        return _unreached_says(p)
    if not p.is_max:
        return f"Each of the {cells} cells counts the same: sum {number(trace.sum)}, divided by {cells}."
    if cells == 1:
        return "A window of one cell: nothing is compared, only cells are left out."
    return f"The largest of {cells} cells goes on. The others are forgotten, and so is the place of the winner."


def _unreached_says(p: Pooling) -> str:
    names = [
        f"the last {noun if count == 1 else f'{count} {noun}s'}"
        for count, noun in zip(p.unreached(), ("row", "column"), strict=True)
        if count
    ]
    return f"No window reaches {' and '.join(names)}: the floor in the formula drops them."


# ---- a push --------------------------------------------------------------------------------------------------------


def pushed_by(push: Push) -> str:
    """The push in words: "1 down, 2 left"; "" where there is none."""
    down = f"{abs(push.down)} {'down' if push.down > 0 else 'up'}" if push.down else ""
    right = f"{abs(push.right)} {'right' if push.right > 0 else 'left'}" if push.right else ""
    return ", ".join(part for part in (down, right) if part)


def push_says(push: Push) -> str:
    """One sentence about what a push has done to the output."""
    if not push.is_pushed:
        return "Push the image with down and right, and see what becomes of the output."
    out = push.output
    if push.unchanged:
        lost = "" if push.after.kind.startswith("global") else " What counts has stayed in its window."
        return f"Not one number of the output has changed: it is invariant to this push.{lost}"
    if push.moved:
        cells = " and ".join(
            f"{plural(abs(n), 'cell')} {words[n < 0]}"
            for n, words in zip(push.moved, (("down", "up"), ("right", "left")), strict=True)
            if n
        )
        return f"Pushed by whole strides: the output has moved along by {cells}, and is the same otherwise."
    stayed = f"{out.same or 'None'} of the {out.cells} output cells that are not 0 kept their value"
    if out.cells == 1:
        stayed = "The only output cell that is not 0 has changed its value"
    if out.same:
        return f"{stayed}: some invariance, but not all of it."
    if out.change < 0.8 * push.input.change:
        return f"{stayed}; the output has changed by {percent(out.change)}, the input by {percent(push.input.change)}."
    return f"{stayed}: no invariance at all."


def percent(share: float) -> str:
    """``0.053`` as ``5.3%``; what is not quite 0 or 100 never reads so."""
    if 0 < share < 0.0005:
        return "< 0.1%"
    if 0.9995 < share < 1:
        return "> 99.9%"
    return f"{100 * share:.0f}%" if share in (0, 1) else f"{100 * share:.1f}%"


def kept_text(name: str, kept: Kept) -> str:
    """What stayed, on one line of plain text."""
    return (
        f"{name}: {kept.same} of {kept.cells} cells kept their value ({percent(kept.share)}), change {kept.change:.2f}"
    )


# ---- backward ------------------------------------------------------------------------------------------------------


def shares_say(trace: PoolTrace) -> str:
    """One sentence about where the gradient of this cell goes."""
    if trace.pooling.is_max:
        place = f"x[{trace.place[0]}, {trace.place[1]}]" if trace.place else "no cell"
        others = "The winner takes all: the gradient of this cell goes to"
        first = ", the first of several equal cells." if trace.ties.sum() > 1 else ", and nothing to the others."
        return f"{others} {place}{first}"
    lost = " What goes to the padding is lost." if trace.in_padding.any() else ""
    return f"The gradient of this cell is shared out equally: 1/{trace.divisor} for each of its cells.{lost}"
