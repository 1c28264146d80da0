"""The batch norm backward lab: why every value of a batch gets a gradient, whichever output the loss looks at."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.norm_backward import NormPicture
from cnnlab.labs.controls import sized
from cnnlab.labs.row_backward import RowBackward
from cnnlab.labs.settings import Settings, number, setting, words
from cnnlab.traces.norm import BatchNormGradients, batch_normalization

CONTROLS = ("x", "grad_output", "gamma", "beta", "training", "check", "panel")


class NormBackwardLab(RowBackward[BatchNormGradients]):
    """The way back through the batch norm of one channel, in its three terms.

    Settings (all are arguments and traits; a control exists for each, save for ``at``):

    - ``x``: the values of the batch, 2 to 10 of them: the name of a batch, numbers as text, or an array (n,).
    - ``grad_output``: dy: "the first alone", "ones", "numbers", numbers as text, or an array (n,); of more numbers than
      the batch has the first are used, missing ones are 0.
    - ``gamma``, ``beta``: scale and shift.
    - ``training``: by the statistics of the batch; else by running ones, a mean of 0 and a variance of 1.
    - ``at``: the value whose gradient is written out.
    - ``check``: compare with central differences.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "x training".

    ``lab.trace`` is the :class:`~cnnlab.traces.norm.BatchNormGradients`.
    """

    shortest = 2

    gamma = setting(2.0, number)
    beta = setting(1.0, number)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: BatchNormGradients

    def model(self, s: Settings) -> BatchNormGradients:
        x, dy = self.values(s)
        return batch_normalization(x, s.gamma, s.beta, training=s.training).backward(dy)

    def picture(self, gradients: BatchNormGradients) -> NormPicture:
        return NormPicture(gradients)

    def draw(self, model: BatchNormGradients, trace: BatchNormGradients, s: Settings, frame: int) -> str:
        return self.rows_drawn(trace, s, frame)

    def hint(self, trace: BatchNormGradients, s: Settings) -> str:
        return "Click a number of x or dy to change it. Point at dx to see what it is made of, click to stay."

    def torch_code(self) -> str:
        """PyTorch code that lets autograd compute dx."""
        s = self.drawn
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "x = torch.tensor(batch)[:, None].requires_grad_()",
                "running_mean = torch.zeros(1, dtype=x.dtype)",
                "running_var = torch.ones(1, dtype=x.dtype)",
                f"gamma, beta = torch.tensor([{float(s.gamma)}, {float(s.beta)}], dtype=x.dtype).split(1)",
                f"out = F.batch_norm(x, running_mean, running_var, gamma, beta, training={s.training})",
                "out.backward(torch.tensor(dy)[:, None])",
                "y = x.grad.T  # dx",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare dx with what PyTorch's autograd computes."""
        from cnnlab.training.parity import run_torch_code

        trace = self.trace
        y = run_torch_code(self.torch_code(), batch=trace.forward.x, dy=trace.grad_y)
        return float(np.abs(y - trace.grad_x).max())

    def build(self) -> list[widgets.Widget]:
        decimal = widgets.FloatSlider
        return self.rows(
            {
                "gamma": self.control("gamma", decimal(min=-4, max=4, step=0.25, description="gamma", **sized(210))),
                "beta": self.control("beta", decimal(min=-4, max=4, step=0.25, description="beta", **sized(200))),
            }
        )
