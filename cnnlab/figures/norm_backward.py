"""The picture of the way back through batch norm: the values of a batch in rows, the three ways of a gradient."""

from cnnlab.figures.grids import largest
from cnnlab.figures.value_rows import CHOOSE, EDIT, RowsPicture, ValueRow
from cnnlab.traces.norm import BatchNormGradients
from cnnlab.traces.norm_words import checked, says
from cnnlab.traces.text import number


class NormPicture(RowsPicture):
    """All that can be drawn of one way back."""

    def __init__(self, gradients: BatchNormGradients) -> None:
        self.gradients = g = gradients
        f = g.forward
        forward = max(largest(f.x_hat), largest(f.y))
        back = max(largest(values) for values in (g.direct, g.through_mean, g.through_var, g.grad_x))
        fixed = "" if f.training else f"fixed: mean {number(f.mean)}, variance {number(f.var)}"
        super().__init__(
            [
                ValueRow("x", "x, the batch", f.x, largest(f.x), keys=EDIT),
                ValueRow("x_hat", "x̂ = (x − mean) / std", f.x_hat, forward, fixed),
                ValueRow("y", "y = γ·x̂ + β", f.y, forward),
                ValueRow("grad_y", "dy, from the right", g.grad_y, largest(g.grad_y), keys=EDIT, apart=True),
                ValueRow("direct", "direct", g.direct, back, "through its own x̂"),
                ValueRow("through_mean", "through the mean", g.through_mean, back, "it moves the mean of all"),
                ValueRow("through_var", "through the variance", g.through_var, back, "it moves the spread of all"),
                ValueRow("grad_x", "dx, the sum of the three", g.grad_x, back, keys=CHOOSE, apart=True),
            ]
        )
        self.label = f"The way back through batch norm: a batch of {self.count} values"

    def told(self, at: int) -> tuple[list[str], str]:
        return [str(self.gradients.equation("grad_x", at)).replace("grad_x", "dx")], says(self.gradients)

    def checked(self) -> str:
        return checked(self.gradients)
