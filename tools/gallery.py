"""Draw every lab once, small, for the README: no browser is needed, and the same labs give the same pictures.

    python -m tools.gallery docs/gallery    write a picture of every lab, and print the table that shows them

A lab is one more row in ``SHOWN``; ``tests/test_gallery.py`` holds that none is missing, here and in the README.
"""

import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from cnnlab import labs
from cnnlab.figures import to_png

WIDTH, HEIGHT, MARGIN = 600, 288, 8
"""Every picture lies in the middle of a canvas of this size."""
COLORS = 128
COLUMNS = 3


@dataclass(frozen=True)
class Shown:
    """A lab by the name of its class, what is to be seen in it, and the settings that show it best."""

    lab: str
    says: str
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Named after the module of the lab: ``LearnedKernelLab`` as ``learned_kernel.png``."""
        module: str = getattr(labs, self.lab).__module__
        return module.rpartition(".")[2] + ".png"


SHOWN = (
    Shown("ChannelsLab", "a photo is three grids of numbers", {"row": 86, "col": 74}),
    Shown("TasksLab", "four questions about a picture, answered", {"task": "detection"}),
    Shown("WeightsLab", "dense, local, shared: what a layer costs", {"unit": 3}),
    Shown("ShiftLab", "the digit that moved: an MLP beside a CNN", {"down": 2, "right": 2}),
    Shown("ScanLab", "one small network at every place", {"mode": "image", "copies": 3, "step": 149}),
    Shown("ConvolutionLab", "the sliding dot product, every product of it", {"padding": 1, "step": 12}),
    Shown("KernelsLab", "a kernel, what it does to a photo, and why"),
    Shown("LearnedKernelLab", "a kernel that learns, from random numbers", {"step": 50, "reveal": True}),
    Shown("ShapesLab", "padding, stride, dilation: what fits where", {"n": 8, "stride": 2, "step": 5}),
    Shown(
        "PoolingLab",
        "pools, and what a push of one pixel leaves of them",
        {"input": "digit with room", "view": "shift", "right": 1, "step": 8},
    ),
    Shown("ReceptiveFieldLab", "what a unit sees of a photo, and how much of it counts", {"layers": "VGG blocks"}),
    Shown("BuilderLab", "a network layer by layer: shapes, parameters, work", {"layers": "LeNet-5"}),
    Shown("ActivationsLab", "a number through an activation, and its slope"),
    Shown("DeepActivationsLab", "many layers: what arrives, what gradient comes back"),
    Shown("DyingReLULab", "a ReLU that dies, a leaky one that comes back", {"step": 6}),
    Shown("SoftmaxLab", "logits that are dragged, and their probabilities"),
    Shown("FitsLab", "lines to turn and move, errors as squares or bars", {"question": "outlier"}),
    Shown("LossesLab", "what a prediction costs, and how hard it pulls"),
    Shown("DiceLab", "two shapes to drag over each other"),
    Shown("GraphLab", "the chain rule, one factor at a time", {"step": 6}),
    Shown("MLPLab", "a two-layer network, forward and backward"),
    Shown("ConvBackwardLab", "a gradient goes back through a convolution", {"step": 4}),
    Shown("NormBackwardLab", "a gradient goes back through batch norm"),
    Shown("DropoutBackwardLab", "a gradient goes back through dropout, by the same mask"),
    Shown("TrainDigitsLab", "a CNN of NumPy learns digits while you watch"),
    Shown("DescentLab", "optimizers race down a loss, step by step", {"surface": "Rosenbrock", "step": 60}),
    Shown(
        "DropoutLab",
        "units that are dropped, and what a thousand masks give",
        {"network": "two hidden layers", "masks": 1000},
    ),
    Shown("PenaltyLab", "L1 and L2 pull weights to zero, one of them all the way", {"lam": 2}),
    Shown("OverfitLab", "digits learned by heart, and what helps against it", {"dropout": 0.5, "step": 100}),
    Shown("BatchNormLab", "a batch before and after, in training and in eval"),
    Shown("RunningStatisticsLab", "what batch norm remembers of the batches", {"step": 100}),
    Shown("NormPlacementLab", "batch norm before ReLU, and after it"),
    Shown(
        "GradientFlowLab",
        "fifty layers: where the gradient vanishes, and what helps",
        {"activation": "relu", "init": "he", "batch_norm": True, "beside": "sigmoid and ReLU", "depth": 50},
    ),
    Shown("AugmentationLab", "every transform on a photo, pixel by pixel, with its boxes", {"picture": "shapes"}),
    Shown("PipelineLab", "random transforms, and sixteen samples of them", {"picture": "rocket", "sample": 11}),
    Shown("MixingLab", "mixup, cutmix, cutout, and their labels", {"method": "cutmix"}),
    Shown("KeptLabelLab", "a digit is turned until its label is wrong", {"angle": 180}),
    Shown("QuizLab", "exam questions with endless new numbers", {"topic": "stride"}),
)


def picture(shown: Shown) -> Image.Image:
    """The lab as it stands, without its controls, as large as the canvas allows."""
    lab = getattr(labs, shown.lab)(**shown.settings)
    assert not lab.error, lab.error
    whole = Image.open(io.BytesIO(to_png(lab.svg)))
    scale = min((WIDTH - 2 * MARGIN) / whole.width, (HEIGHT - 2 * MARGIN) / whole.height)
    small = Image.open(io.BytesIO(to_png(lab.svg, scale=scale))).convert("RGB")
    canvas = Image.new("RGB", (WIDTH, HEIGHT), "white")
    canvas.paste(small, ((WIDTH - small.width) // 2, (HEIGHT - small.height) // 2))
    lab.close()
    return canvas.quantize(COLORS, dither=Image.Dither.NONE)


def table(folder: str) -> str:
    """The gallery as a table in Markdown; its heading row is empty."""
    cells = [f"![{shown.lab}: {shown.says}]({folder}/{shown.file})<br>**{shown.lab}**: {shown.says}" for shown in SHOWN]
    cells += [""] * (-len(cells) % COLUMNS)
    rows = [cells[i : i + COLUMNS] for i in range(0, len(cells), COLUMNS)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [[""] * COLUMNS, ["---"] * COLUMNS, *rows])


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for shown in SHOWN:
        picture(shown).save(folder / shown.file, optimize=True)
    print(table(folder.as_posix()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
