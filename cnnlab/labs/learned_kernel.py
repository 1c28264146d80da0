"""The learned kernel lab: gradient descent finds the kernel that turns one picture into another, from noise."""

from functools import lru_cache
from typing import Any, cast

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.data import photo
from cnnlab.figures.learned_kernel import LearnedKernelPicture
from cnnlab.kernels import KERNELS
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick, up_to
from cnnlab.labs.convolution_text import map_text
from cnnlab.labs.numbers import literal, parse_grid, same
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, flag, index, number, one_of, setting, words
from cnnlab.labs.sources import read_kernel
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.learned_kernel import LearningStep, learned_kernel
from cnnlab.traces.learning_task import LARGEST_KERNEL, Task, gray_noise, learning_task

NOISE = "noise"
SIZE = 64
CORNERS = {"cat": (60, 40), "camera": (30, 80), "coffee": (130, 80), "rocket": (70, 96), "astronaut": (5, 75)}
"""Where in each photo the patch of 64 x 64 pixels begins that the kernel learns from."""
TARGETS = [name for name, entry in KERNELS.items() if max(entry.weight.shape) <= LARGEST_KERNEL]
CONTROLS = ("picture", "target", "kernel_size", "lr", "noise", "seed", "updates", "normalize", "reveal", "panel")
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.2, 0.3, 0.5, 0.9)
"""Learning rates to choose from, closest where a photo's descent begins to diverge."""
MOST_PLAYED = 100
"""Pictures that play shows; of more steps it leaves some out."""


class LearnedKernelLab(Stepped[LearnedKernelPicture, LearningStep]):
    """A kernel that begins as random numbers and learns, step by step, to turn a picture into its target.

    The target is the picture filtered by a hidden kernel. The loss is the mean squared error, and every step changes
    the kernel by minus the learning rate times the gradient (plain gradient descent, on the whole picture).

    Settings (all are arguments and traits; a control exists for each, ``row`` and ``col`` are chosen in the picture):

    - ``picture``: the name of a bundled photo, of which a patch of 64 x 64 pixels is used, "noise" for random gray
      values, or gray values from 0 to 255 as an array (H, W) or as text. They are divided by 255.
    - ``normalize``: then their mean is subtracted, and they are divided by their standard deviation.
    - ``target``: the hidden kernel: the name of one, rows of numbers as text, or an array (kh, kw).
    - ``noise``: standard deviation of the random numbers that are added to the target.
    - ``kernel_size``: rows and columns of the kernel that learns, which may be more or fewer than the hidden one has.
    - ``lr``: the learning rate; ``updates``: how many steps are made; ``seed``: what the random numbers are drawn from.
    - ``step``: the step that is looked at, 0 for the beginning; ``walk``: show the loss only up to there.
    - ``row``, ``col``: the weight whose update is written out.
    - ``reveal``: show the hidden kernel, and how far off the learned one is.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "target lr".

    ``lab.trace`` is the :class:`~cnnlab.traces.learned_kernel.LearningStep`, ``lab.trace.learned`` the whole descent.
    """

    play_ms = 80

    picture = setting("cat")
    target = setting("sobel x")
    kernel_size = setting(3, index)
    lr = setting(0.1, number)
    noise = setting(0.0, number)
    seed = setting(0, index)
    updates = setting(300, index)
    normalize = setting(True, flag)
    row = setting(0, index, view=True)
    col = setting(0, index, view=True)
    reveal = setting(False, flag, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: LearningStep
    current: LearnedKernelPicture
    _last: tuple[list[Any], Task] | None = None

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> LearnedKernelPicture:
        return LearnedKernelPicture(learned_kernel(self._task(s), s.lr, s.updates, s.seed))

    def _task(self, s: Settings) -> Task:
        """The task of these settings: the last one again, where they have not changed."""
        seed = s.seed if s.noise else 0
        asked = [s.picture, s.target, s.kernel_size, s.normalize, s.noise, seed]
        if self._last is None or not all(same(a, b) for a, b in zip(asked, self._last[0], strict=True)):
            hidden = read_kernel("target", s.target, size=3, sigma=1.0).weight
            task = learning_task(_pixels(s.picture), hidden, s.kernel_size, s.normalize, s.noise, seed)
            self._last = asked, task
        return self._last[1]

    def steps(self, model: LearnedKernelPicture) -> int:
        return model.learned.steps

    def adapt(self, before: LearnedKernelPicture | None, now: LearnedKernelPicture, s: Settings) -> dict[str, Any]:
        """A smaller kernel has fewer rows and columns, a descent that is beyond return fewer steps."""
        last = now.task.size - 1
        return {**super().adapt(before, now, s), "row": min(s.row, last), "col": min(s.col, last)}

    def look(self, model: LearnedKernelPicture, s: Settings) -> LearningStep:
        return model.learned.at(self.position(model, s))

    def draw(self, model: LearnedKernelPicture, trace: LearningStep, s: Settings, frame: int) -> str:
        return model.draw(trace, (s.row, s.col), s.walk, s.reveal, frame)

    def numbers(self, trace: LearningStep, s: Settings) -> str:
        hidden = [("hidden kernel", trace.learned.task.hidden)] if s.reveal else []
        grids = [(f"kernel at step {trace.index}", trace.weight), ("gradient", trace.gradient), *hidden]
        lines = [map_text(name, values) for name, values in grids]
        return "\n".join([*lines, trace.update(s.row, s.col), trace.says(s.reveal)])

    def status(self, trace: LearningStep, s: Settings) -> str:
        return f"step {trace.index}: {trace.update(s.row, s.col)}; {trace.says(s.reveal)}"

    def hint(self, trace: LearningStep, s: Settings) -> str:
        return "Press play to watch it learn; point at the curve to look there. Click a weight to see how it changes."

    def pointed(self, event: Event) -> None:
        if event["kind"] == "choose":
            self.stay_at(row=event["row"], col=event["col"])
        else:
            super().pointed(event)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the training loop up to the step that is shown."""
        learned = self.current.learned
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "x = torch.tensor(image)[None, None]  # the picture, as float64",
                "t = torch.tensor(target)[None, None]",
                "w = torch.tensor(start)[None, None].requires_grad_()  # the random kernel",
                f"optimizer = torch.optim.SGD([w], lr={literal(learned.lr)})",
                f"for step in range({self.trace.index}):",
                "    optimizer.zero_grad()",
                "    loss = F.mse_loss(F.conv2d(x, w), t)",
                "    loss.backward()",
                "    optimizer.step()",
                "y = w[0]  # what was learned",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the kernel with the one that PyTorch's autograd and SGD learn in as many steps."""
        from cnnlab.training.parity import run_torch_code

        learned, task = self.current.learned, self.current.task
        y = run_torch_code(self.torch_code(), image=task.input, target=task.target, start=learned.start)
        return float(np.abs(y - self.trace.weight).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown = widgets.Dropdown
        lr = widgets.SelectionSlider(
            options=[(f"{lr:g}", lr) for lr in RATES], value=0.1, description="lr", **sized(220)
        )
        noise = widgets.FloatSlider(max=1, step=0.05, description="noise", **sized(190))
        size = dropdown(options=up_to(LARGEST_KERNEL)[::2], description="kernel size", **sized(130))
        updates = dropdown(options=[(str(n), n) for n in (30, 100, 300, 1000)], description="steps", **sized(115))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(130))
        self.boxes: dict[str, widgets.Widget] = {
            "picture": preset(self, "picture", "picture", [*CORNERS, NOISE], 160),
            "target": preset(self, "target", "target", TARGETS, 210),
            "kernel_size": self.control("kernel_size", size),
            "lr": self.control("lr", lr),
            "noise": self.control("noise", noise),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(100))),
            "updates": self.control("updates", updates),
            "normalize": tick(self, "normalize", "normalize", 105),
            "reveal": tick(self, "reveal", "reveal", 80),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top, below = row(*self.boxes.values(), reset_button(self)), row(*self.step_controls())
        return [top, self.note, self.stage, self.plain_picture, below, self.panels.box]

    def after_frame(self, trace: LearningStep, s: Settings) -> None:
        super().after_frame(trace, s)
        show_only(self.boxes, s.controls)
        self.play.step = max(1, trace.learned.steps // MOST_PLAYED)
        self.panels.follow(s.panel)


@lru_cache(maxsize=8)
def _patch(name: str) -> NDArray[np.float64]:
    if name == NOISE:
        return gray_noise(SIZE, 0)
    top, left = CORNERS[name]
    return photo(name, gray=True)[top : top + SIZE, left : left + SIZE].astype(np.float64)


def _pixels(value: Any) -> ArrayLike:
    """The gray values that ``picture`` stands for."""
    if not isinstance(value, str):
        return cast(ArrayLike, value)
    if value in CORNERS or value == NOISE:
        return _patch(value)
    if not any(sign.isdigit() for sign in value):
        names = ", ".join([*CORNERS, NOISE])
        raise ValueError(f"picture {value!r} is not known: give one of {names}, or rows of numbers")
    return parse_grid(value, "picture")
