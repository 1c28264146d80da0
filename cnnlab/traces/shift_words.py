"""What there is to say about a picture that is pushed about: one sentence for each network, true at every place."""

from cnnlab.traces.shift import PLACES, Answers, ShiftTrace
from cnnlab.traces.text import plural

ALL = PLACES * PLACES


def called(trace: ShiftTrace) -> str:
    """``a 3, pushed 2 down and 1 right``, or ``an 8, in the middle``."""
    label = trace.pushing.label
    return f"{'an' if label == 8 else 'a'} {label}, {where(trace)}"


def where(trace: ShiftTrace) -> str:
    """``pushed 2 down and 1 right``, or ``in the middle``."""
    moves = [
        f"{abs(by)} {forward if by > 0 else backward}"
        for by, forward, backward in ((trace.down, "down", "up"), (trace.right, "right", "left"))
        if by
    ]
    return f"pushed {' and '.join(moves)}" if moves else "in the middle"


def answer(trace: ShiftTrace, answers: Answers) -> str:
    """``says 8: wrong``."""
    return f"says {trace.winner(answers)}: {'right' if trace.is_right(answers) else 'wrong'}"


def percent(share: float) -> str:
    """``89.4%``."""
    return f"{100 * share:.1f}%"


def mlp_says(trace: ShiftTrace) -> str:
    """Why the place matters to the MLP."""
    mlp = trace.pushing.mlp
    untouched = f"{trace.pushing.untouched:,} of its {mlp.parameters:,} parameters"
    return f"MLP: {_meets(trace)}. {untouched} never met ink and are still random."


def _meets(trace: ShiftTrace) -> str:
    """What the weights of the MLP meet here that they did not meet in its training."""
    p = trace.pushing
    scaled = "" if p.scale == 1 else "enlarged" if p.scale > 1 else "shrunk"
    if trace.down or trace.right:
        if scaled:
            return f"pushed and {scaled}, the digit lies on other weights"
        return "pushed, the digit lies on the weights of other cells"
    if scaled:
        return f"{scaled}, the digit lies on the weights of other cells"
    if p.noise and p.stain:
        return "here noise and stain lie on weights that never met ink"
    if p.noise:
        return "here noise lies on weights that never met ink, too"
    if p.stain:
        return "here the stain lies on weights that never met ink"
    return "here every weight meets the cell that it was trained on"


def cnn_says(trace: ShiftTrace) -> str:
    """What a push changes for the CNN, and what it cannot change."""
    cnn, pool = trace.pushing.cnn, trace.pushing.pool
    if pool > 1 and (trace.down % pool or trace.right % pool):
        return "CNN: pushed by an odd number of cells, pooling puts other cells together: other numbers come out."
    if pool > 1:
        return "CNN: the same cells are pooled together as in the middle, so only the edge can change its answer."
    if cnn.steady == ALL:
        alike = "right" if trace.is_right(cnn) else "wrong"
        same = "its feature maps move along (equivariant), the maximum forgets where (invariant)"
        return f"CNN: {alike} at all {ALL} places: {same}."
    changed = ALL - cnn.steady
    if not cnn.right_places:
        edge = "the edge changes the answer (windows end, new cells come in)"
        return f"CNN: wrong at all {ALL} places, but not alike: at {changed} {edge}."
    edge = "Only the edge changes it: windows end there, new cells come in"
    return f"CNN: another answer than in the middle at {plural(changed, 'place')}. {edge}."
