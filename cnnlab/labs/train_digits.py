"""The training lab: a CNN made of NumPy learns to read digits while one watches."""

from functools import cache
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import digits
from cnnlab.figures.training import TrainingPicture
from cnnlab.labs.background import Background
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.convolution_text import map_text
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, index, number, one_of, setting, whole, words
from cnnlab.traces.training import MOST_EPOCHS, OPTIMIZERS, POOL, Examples, Training, TrainingStep

CONTROLS = ("filters", "kernel_size", "optimizer", "lr", "epochs", "seed", "panel")
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


class TrainDigitsLab(Background[TrainingPicture, TrainingStep]):
    """A small CNN (convolution, ReLU, max pool, linear) that learns scikit-learn's digits, in NumPy alone.

    Start trains in the background, a few updates at a time, so that every other cell stays usable; Stop keeps what was
    reached, and Start goes on from there. The same settings give the same numbers each time.

    Settings (all are arguments and traits; a control exists for each, save for ``step``):

    - ``filters``, ``kernel_size``: of the convolution: 1 to 16 filters of 3, 5 or 7 rows and columns.
    - ``optimizer``: "Adam" or "SGD"; ``lr``: its learning rate.
    - ``epochs``: how often every digit is learned from; ``seed``: what everything random is drawn from.
    - ``step``: how far it is trained, in slices of 4 updates: ``TrainDigitsLab(step=63)`` is trained at once.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "lr seed".

    ``lab.trace`` is the :class:`~cnnlab.traces.training.TrainingStep`, ``lab.trace.training.network`` the network.
    """

    filters = setting(8, whole(1, 16))
    kernel_size = setting(5, whole(3, 7))
    optimizer = setting("Adam", one_of(*OPTIMIZERS))
    lr = setting(0.01, number)
    epochs = setting(6, whole(1, MOST_EPOCHS))
    seed = setting(0, index)
    step = setting(0, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: TrainingStep
    current: TrainingPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def made_for(self, s: Settings) -> tuple[Any, ...]:
        return s.filters, s.kernel_size, s.optimizer, s.lr, s.epochs, s.seed

    def make(self, *made_for: Any) -> TrainingPicture:
        return TrainingPicture(Training(_examples(), *made_for))

    def steps(self, model: TrainingPicture) -> int:
        return model.training.steps

    def look(self, model: TrainingPicture, s: Settings) -> TrainingStep:
        return model.training.at(self.position(s))

    def draw(self, model: TrainingPicture, trace: TrainingStep, s: Settings, frame: int) -> str:
        return model.draw(trace, frame)

    def numbers(self, trace: TrainingStep, s: Settings) -> str:
        filters = [map_text(f"filter {i}", values) for i, values in enumerate(trace.snapshot.filters)]
        guesses = ", ".join(str(guess) for guess in trace.snapshot.guesses[:20])
        return "\n".join([trace.says(), f"the first held-out digits are taken for {guesses}", *filters])

    def status(self, trace: TrainingStep, s: Settings) -> str:
        return trace.says()

    def hint(self, trace: TrainingStep, s: Settings) -> str:
        if self.running:
            return "It trains in the background: other cells and labs can be used meanwhile."
        return "Press Start to train. Point at a curve to look at an earlier moment, click to go back to it."

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the training up to the step that is shown."""
        s, side = self.drawn, _examples().images.shape[-1] // POOL
        return "\n".join(
            [
                "import torch",
                "from torch import nn",
                "",
                "network = nn.Sequential(",
                f"    nn.Conv2d(1, {s.filters}, {s.kernel_size}, padding={s.kernel_size // 2}),",
                "    nn.ReLU(),",
                f"    nn.MaxPool2d({POOL}),",
                "    nn.Flatten(),",
                f"    nn.Linear({s.filters * side * side}, 10),",
                ").double()",
                "starts = (filters, filter_bias, weight, bias)  # the same random numbers to begin with",
                "for parameter, start in zip(network.parameters(), starts):",
                "    parameter.data = torch.tensor(start)",
                f"optimizer = torch.optim.{s.optimizer}(network.parameters(), lr={literal(s.lr)})",
                "for batch in order:  # 32 digits each",
                "    optimizer.zero_grad()",
                "    scores = network(torch.tensor(images[batch]))",
                "    nn.functional.cross_entropy(scores, torch.tensor(labels[batch])).backward()",
                "    optimizer.step()",
                "y = network[0].weight[None, :, 0]  # the filters",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the filters with those that PyTorch learns from the same digits in the same order."""
        from cnnlab.training.parity import run_torch_code

        training, examples = self.trace.training, _examples()
        start: dict[str, Any] = dict(zip(("filters", "filter_bias", "weight", "bias"), training.start, strict=True))
        data: dict[str, Any] = {"images": examples.images, "labels": examples.labels}
        y = run_torch_code(self.torch_code(), order=training.order[: self.trace.updates], **data, **start)
        return float(np.abs(y - self.trace.snapshot.filters).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown = widgets.Dropdown
        lr = widgets.SelectionSlider(options=[(f"{r:g}", r) for r in RATES], description="lr", **sized(200))
        filters = dropdown(options=[(str(n), n) for n in (4, 8, 16)], description="filters", **sized(100))
        epochs = dropdown(options=[(str(n), n) for n in (1, 3, 6, 10)], description="epochs", **sized(105))
        sizes = dropdown(options=[("3 × 3", 3), ("5 × 5", 5), ("7 × 7", 7)], description="size", **sized(110))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(130))
        self.boxes: dict[str, widgets.Widget] = {
            "filters": self.control("filters", filters),
            "kernel_size": self.control("kernel_size", sizes),
            "optimizer": self.control("optimizer", dropdown(options=OPTIMIZERS, description="optimizer", **sized(150))),
            "lr": self.control("lr", lr),
            "epochs": self.control("epochs", epochs),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(100))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top = row(*self.boxes.values(), reset_button(self))
        below = self.training_controls()
        return [top, self.note, self.stage, self.plain_picture, below, self.panels.box]

    def after_frame(self, trace: TrainingStep, s: Settings) -> None:
        super().after_frame(trace, s)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


@cache
def _examples() -> Examples:
    """Scikit-learn's digits from 0 to 1, a quarter held out."""
    images, labels = digits()
    order = np.random.default_rng(0).permutation(len(images))
    train, held_out = np.split(order, [3 * len(images) // 4])
    x = (images / 16)[:, None]
    return Examples(x[train], labels[train], x[held_out], labels[held_out])
