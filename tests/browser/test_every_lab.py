"""Every lab in JupyterLab: it appears, its first control answers to the keyboard, and the console stays silent."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.labs.every_lab import IDS, LABS
from tests.labs.rows.row import Row

from .hands import control
from .jupyter import Lab


@dataclass(frozen=True)
class Moved:
    """The label of a control, the key pressed on it, its setting, and the value that it has then."""

    label: str
    key: str
    setting: str
    value: str


FIRST = {
    "ActivationsLab": Moved("activation", "ArrowDown", "activation", "'tanh'"),
    "AugmentationLab": Moved("picture", "ArrowDown", "picture", "'camera'"),
    "BatchNormLab": Moved("x", "ArrowDown", "x", "'another batch'"),
    "BuilderLab": Moved("network", "ArrowDown", "layers", "'two dense layers'"),
    "ChannelsLab": Moved("red", "ArrowRight", "red", "1.05"),
    "ConvBackwardLab": Moved("kind", "ArrowDown", "kind", "'max pool'"),
    "ConvolutionLab": Moved("stride", "ArrowRight", "stride", "2"),
    "DeepActivationsLab": Moved("layers", "ArrowRight", "layers", "11"),
    "DescentLab": Moved("surface", "ArrowDown", "surface", "'turned ravine'"),
    "DiceLab": Moved("row A", "ArrowLeft", "row", "0"),
    "DropoutBackwardLab": Moved("x", "ArrowUp", "x", "'one far away'"),
    "DropoutLab": Moved("view", "ArrowDown", "view", "'1000 units'"),
    "DyingReLULab": Moved("learning rate", "ArrowLeft", "learning_rate", "0.45"),
    "FitsLab": Moved("points", "ArrowDown", "question", "'Q9b'"),
    "GradientFlowLab": Moved("activation", "ArrowDown", "activation", "'tanh'"),
    "GraphLab": Moved("example", "ArrowDown", "expression", "'x*x + 3*x'"),
    "KeptLabelLab": Moved("digit", "ArrowRight", "digit", "7"),
    "KernelsLab": Moved("photo", "ArrowDown", "photo", "'camera'"),
    "LearnedKernelLab": Moved("lr", "ArrowRight", "lr", "0.12"),
    "LossesLab": Moved("prediction", "ArrowRight", "value", "-3.9"),
    "MLPLab": Moved("loss", "ArrowDown", "loss", "'half_squared_error'"),
    "MixingLab": Moved("first", "ArrowDown", "first", "'camera'"),
    "NormBackwardLab": Moved("x", "ArrowDown", "x", "'one far away'"),
    "NormPlacementLab": Moved("bias of the layer", "ArrowRight", "layer_bias", "-1.9"),
    "OverfitLab": Moved("examples", "ArrowDown", "examples", "200"),
    "PenaltyLab": Moved("model", "ArrowDown", "view", "'3 or 8'"),
    "PipelineLab": Moved("picture", "ArrowDown", "picture", "'camera'"),
    "PoolingLab": Moved("kernel", "ArrowRight", "kernel_size", "3"),
    "QuizLab": Moved("topic", "ArrowDown", "topic", "'stride'"),
    "ReceptiveFieldLab": Moved("stack", "ArrowDown", "layers", "'one 7 × 7'"),
    "RunningStatisticsLab": Moved("batches from", "ArrowDown", "source", "'drifting'"),
    "ScanLab": Moved("how many", "ArrowRight", "copies", "2"),
    "ShapesLab": Moved("n, input", "ArrowRight", "n", "6"),
    "ShiftLab": Moved("digit", "ArrowRight", "digit", "4"),
    "SoftmaxLab": Moved("classes", "ArrowRight", "logits", "[2.0, 1.0, 0.0, -1.0, 0.0]"),
    "TasksLab": Moved("scene", "ArrowRight", "scene", "1"),
    "TrainDigitsLab": Moved("filters", "ArrowDown", "filters", "16"),
    "WeightsLab": Moved("inputs", "ArrowRight", "inputs", "9"),
}


@pytest.mark.parametrize("row", LABS, ids=IDS)
def test_the_first_control_changes_the_picture(lab: Lab, row: Row) -> None:
    moved, name = FIRST[row.lab.__name__], row.lab.__name__
    lab.open([f"from {row.lab.__module__} import {name}\nlab = {name}()\nlab"])
    lab.run(0)
    picture = lab.page.locator(".cnnlab-stage svg")
    expect(picture).to_have_count(1)
    before, frame = picture.inner_html(), str(picture.get_attribute("data-frame"))
    control(lab, moved.label).focus()
    lab.page.keyboard.press(moved.key)
    lab.wait_for_python(f"lab.{moved.setting}", moved.value)
    expect(picture).not_to_have_attribute("data-frame", frame)
    assert picture.inner_html() != before
    assert lab.python("lab.error") == "''"
    assert lab.errors() == []
