"""Every lab as it looks at 1280 x 720: all of it is seen at once, and every text can be read, in light and in dark."""

from pathlib import Path
from typing import Any

import pytest

from tests.labs.every_lab import LABS

from .hands import show
from .jupyter import Lab

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
HEIGHTS = """() => [".cnnlab-lab", ".jp-NotebookPanel-notebook"].map(
    (selector) => document.querySelector(selector).getBoundingClientRect().height)"""

LOOKS = (
    "ActivationsLab()",
    "AugmentationLab()",
    "AugmentationLab(picture='shapes')",
    "BatchNormLab()",
    "BatchNormLab(training=False, x=range(10))",
    "BuilderLab(layers='LeNet-5', controls='network input layer')",
    "BuilderLab(layers='VGG16', controls='network input layer')",
    "BuilderLab(layers='exam', controls='network input layer')",
    "BuilderLab(layers='four mistakes', layer=3, controls='network input layer')",
    "ChannelsLab(controls='brightness red green blue')",
    "ConvBackwardLab()",
    "ConvolutionLab(input='color', weight='edges', padding=1, bias=1)",
    "ConvolutionLab(input='eye', padding=1, walk=True, step=20)",
    "ConvolutionLab(input='photo: cat', weight='sobel x', predict=True)",
    "DeepActivationsLab()",
    "DescentLab()",
    "DiceLab()",
    "DropoutBackwardLab()",
    "DropoutLab()",
    "DropoutLab(network='two hidden layers')",
    "DropoutLab(view='1000 units')",
    "DyingReLULab()",
    "FitsLab()",
    "GradientFlowLab()",
    "GradientFlowLab(activation='relu', init='he', batch_norm=True, beside='sigmoid and ReLU', depth=50)",
    "GraphLab(expression='(w*x + b - y)**2 / 2', step=7)",
    "KeptLabelLab()",
    "KernelsLab()",
    "LearnedKernelLab(step=50, reveal=True, kernel_size=5, lr=0.03)",
    "LossesLab()",
    "MLPLab(step=5)",
    "MixingLab(method='cutmix')",
    "NormBackwardLab()",
    "NormPlacementLab()",
    "OverfitLab(step=50)",
    "PenaltyLab(lam=2)",
    "PipelineLab(sample=11)",
    "PoolingLab()",
    "PoolingLab(input='color', view='shift')",
    "PoolingLab(input='digit with room', view='shift', right=1)",
    "QuizLab()",
    "ReceptiveFieldLab(layers='VGG blocks')",
    "RunningStatisticsLab(step=30)",
    "RunningStatisticsLab(step=50)",
    "ScanLab()",
    "ShapesLab(dimensions=1, n=5, stride=2, transposed=True)",
    "ShapesLab(n=6, stride=2)",
    "ShapesLab(transposed=True, n=3, stride=2)",
    "ShiftLab(digit=5, noise=0.1, stain=3, cnn='pooled', down=1, right=-3)",
    "SoftmaxLab(target=1)",
    "TasksLab(task='anomaly')",
    "TasksLab(task='classification')",
    "TasksLab(task='detection')",
    "TasksLab(task='segmentation')",
    "TrainDigitsLab(step=5)",
    "WeightsLab(controls='inputs kernel_size unit pattern')",
)

LOWER = {"QuizLab()": 200}
"""Pixels; every other lab is more than 300 high, as one without its picture would not be."""
TEXTS = {
    "BuilderLab": 30,
    "ConvolutionLab(input='eye'": 200,
    "GraphLab": 15,
    "LearnedKernelLab": 30,
    "MLPLab": 15,
    "PoolingLab": 30,
    "QuizLab": 2,
    "ShiftLab": 30,
}
"""There are more texts than so many in the pictures that begin with these words; in every other one more than 12."""


def test_every_lab_is_looked_at() -> None:
    assert {made.partition("(")[0] for made in LOOKS} == {row.lab.__name__ for row in LABS}


@pytest.mark.parametrize("made", LOOKS)
def test_it_is_seen_at_once_and_every_text_can_be_read(lab: Lab, made: str) -> None:
    picture = show(lab, made)
    high, room = lab.page.evaluate(HEIGHTS)
    assert LOWER.get(made, 300) < high <= room
    fewest = next((count for start, count in TEXTS.items() if made.startswith(start)), 12)
    for theme in ("dark", "light"):
        lab.theme(theme)
        texts: list[dict[str, Any]] = picture.evaluate_all(CONTRAST)
        assert len(texts) > fewest
        assert [text for text in texts if text["text"] and text["ratio"] < LEAST_CONTRAST] == [], theme
    assert lab.errors() == []
