"""The sentences about a way back, and its formulas as a picture shows them."""

from cnnlab.traces.backward import Backward, Scatter
from cnnlab.traces.differences import KINK, power
from cnnlab.traces.equation import equation
from cnnlab.traces.pool import PoolTrace
from cnnlab.traces.text import plural, precise

GAP = "\u00a0" * 4  # an SVG takes several plain spaces for one


def slices(scatter: Scatter) -> str:
    """The window in x, as Python would write it: ``[1:4, 2:5]``; in the padded x where there is padding."""
    return f"[{_slice(scatter.rows.tolist())}, {_slice(scatter.cols.tolist())}]"


def _slice(places: list[int]) -> str:
    every = places[1] - places[0] if len(places) > 1 else 1
    return f"{places[0]}:{places[-1] + 1}{f':{every}' if every > 1 else ''}"


def sent(scatter: Scatter) -> list[str]:
    """What one cell of dy does to dx and to dw, each in a line, with one of its entries as an example."""
    b, at = scatter.backward, f"[{scatter.row}, {scatter.col}]"
    if b.weight is None:
        return [_pool_line(scatter)]
    row, col = _example(scatter)
    (top, left), g = b.corner, scatter.grad
    i, j = int(scatter.rows[row]) - top, int(scatter.cols[col]) - left
    w, x = float(b.weight[row, col]), float(scatter.window[row, col])
    first = equation("", "", "{:n}·{}", [g, w], g * w)
    second = equation("", "", "{:n}·{}", [g, x], g * x)
    window, padded = slices(scatter), "padded " if any(b.corner) else ""
    one_x = f"{GAP}dx[{i}, {j}] += {first.numbers} {first.sign} {first.result_text}"
    return [
        f"{padded}dx{window} += dy{at}·w{one_x if _reaches_x(scatter) else ''}",
        f"dw += dy{at}·{padded}x{window}{GAP}dw[{row}, {col}] += {second.numbers} {second.sign} {second.result_text}",
    ]


def _reaches_x(scatter: Scatter) -> bool:
    return scatter.lost < scatter.to_input.size


def _example(scatter: Scatter) -> tuple[int, int]:
    """An entry of the window that is not in the padding, the first that is not multiplied by 0."""
    b, inside = scatter.backward, ~scatter.step.in_padding
    assert b.weight is not None
    found = [(int(a), int(c)) for a, c in zip(*inside.nonzero(), strict=True)]
    return next((cell for cell in found if b.weight[cell]), found[0] if found else (0, 0))


def _pool_line(scatter: Scatter) -> str:
    name, g = f"dy[{scatter.row}, {scatter.col}]", precise(scatter.grad)
    step = scatter.step
    assert isinstance(step, PoolTrace)
    if step.place is not None:
        return f"dx[{step.place[0]}, {step.place[1]}] += {name} = {g}"
    result = scatter.grad / step.divisor
    share = equation("", "", f"{{:n}} / {step.divisor}", [scatter.grad], result)
    padded = "padded " if any(scatter.backward.corner) else ""
    return f"{padded}dx{slices(scatter)} += {name} / cells = {share.numbers} {share.sign} {share.result_text}"


def says(scatter: Scatter) -> str:
    """What this cell of dy does, in a sentence."""
    b, name = scatter.backward, f"dy[{scatter.row}, {scatter.col}] = {precise(scatter.grad)}"
    lost = ""
    if scatter.lost and b.kind != "max pool":
        lost = f" What goes to {plural(scatter.lost, 'cell')} of padding is lost."
    if not scatter.grad:
        return f"{name} sends nothing back: the loss does not change with this output."
    if b.kind == "max pool":
        ties = int(scatter.step.ties.sum()) if isinstance(scatter.step, PoolTrace) else 0
        tied = f" Of {ties} equal cells the first one gets it." if ties > 1 else ""
        return f"{name} goes to the winner of its window alone; the other cells did not count.{tied}"
    if b.kind == "average pool":
        return f"{name} is shared out: every cell of its window counted the same.{lost}"
    return f"{name} goes back the way its window came: times w to x, times x to w.{lost}"


def gathered(b: Backward, row: int, col: int) -> str:
    """Where dx[row, col] comes from, in a sentence."""
    senders, name = b.senders(row, col), f"x[{row}, {col}]"
    count = plural(len(senders), "window")
    if not senders:
        return f"No window holds {name}: the output does not depend on it, so its gradient is 0."
    if b.kind == "max pool":
        won = sum(bool(s.step.winner == (a, c)) for s, a, c in senders if isinstance(s.step, PoolTrace))
        return f"{name} was in {count} and was the maximum of {won}: only from there it gets the gradient back."
    return f"{name} was in {count}: what {'this one sends' if len(senders) == 1 else 'they send'} back is added up."


def weight_gathered(b: Backward, row: int, col: int) -> str:
    """Where dw[row, col] comes from, in a sentence."""
    shared = plural(b.steps, "window")
    return f"w[{row}, {col}] was used in {shared}: a shared weight gets the sum of {b.steps} gradients."


def checked(b: Backward) -> str:
    """What the gradient check says, and whether the two shorter ways come to the same."""
    x_error, w_error = b.check_errors
    if w_error is None:
        error = f"Central differences: dx is off by at most {power(x_error)}."
        if x_error > KINK and b.kind == "max pool":
            return f"{error} Two cells of a window are equal: at this kink a maximum has no derivative."
        return error
    return (
        f"Central differences: dx is off by at most {power(x_error)}, dw by {power(w_error)}. "
        "conv_transpose2d(dy, w) is dx, and conv2d(x, dy) is dw."
    )
