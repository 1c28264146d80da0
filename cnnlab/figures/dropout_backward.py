"""The picture of the way back through dropout: number and gradient, each times the same factor."""

from cnnlab.figures.grids import largest
from cnnlab.figures.value_rows import CHOOSE, EDIT, FLIP, RowsPicture, ValueRow
from cnnlab.traces.dropout import DropoutLayer
from cnnlab.traces.dropout_backward import DropoutGradients


class DropoutBackwardPicture(RowsPicture):
    """All that can be drawn of one way back."""

    def __init__(self, gradients: DropoutGradients) -> None:
        self.gradients = g = gradients
        f = g.forward
        forward, back = max(largest(f.x), largest(f.y)), max(largest(g.grad_y), largest(g.grad_x))
        note = "" if f.training else "not used in eval mode"
        super().__init__(
            [
                ValueRow("x", "x", f.x, forward, keys=EDIT),
                ValueRow("mask", "mask, 1 is kept", f.mask, 2.0, note, FLIP, idle=not f.training),
                ValueRow("factor", _factor(f), f.factor, 2 * largest(f.factor), "the same both ways"),
                ValueRow("y", "y = x · factor", f.y, forward),
                ValueRow("grad_y", "dy, from the right", g.grad_y, back, keys=EDIT, apart=True),
                ValueRow("grad_x", "dx = dy · factor", g.grad_x, back, keys=CHOOSE),
            ]
        )
        self.label = f"The way back through dropout: {self.count} numbers"

    def told(self, at: int) -> tuple[list[str], str]:
        return [str(self.gradients.forward.equation(at)), str(self.gradients.equation(at))], self.gradients.says(at)

    def checked(self) -> str:
        return self.gradients.checked()


def _factor(f: DropoutLayer) -> str:
    if f.training:
        return "factor = mask / (1 − p)" if f.inverted else "factor = mask"
    return "factor = 1" if f.inverted else "factor = 1 − p"
