"""The shapes lab: sizes with their steps, the window that walks, and how often each cell is used."""

import re
from typing import Any

import numpy as np
import pytest
import torch  # noqa: F401 - in this process, so that it starts once and not for every comparison

from cnnlab.labs import ShapesLab

TORCH = [
    {"n": 6, "stride": 2, "padding": 1},
    {"padding": "same", "kernel_size": 4, "padding_mode": "reflect"},
    {"padding": 2, "padding_mode": "circular", "dilation": 2, "stride": 3},
    {"padding": 3, "padding_mode": "replicate"},
    {"n": 64, "kernel_size": 7, "stride": 5, "padding": 0},
    {"dimensions": 1, "n": 9, "padding": 2, "padding_mode": "replicate", "stride": 2},
    {"dimensions": 1, "n": 9, "padding": "same", "kernel_size": 2},
    {"transposed": True, "n": 4, "stride": 2, "padding": 1, "output_padding": 1},
    {"transposed": True, "n": 4, "stride": 3, "dilation": 2, "padding": 0, "output_padding": 2},
    {"transposed": True, "dimensions": 1, "n": 5, "stride": 2},
]


def told(lab: ShapesLab, **event: Any) -> None:
    lab.stage._handle_custom_msg(event, [])


@pytest.mark.parametrize("show", ["window", "usage"])
@pytest.mark.parametrize("settings", TORCH, ids=str)
def test_pytorch_computes_what_is_shown(settings: dict[str, Any], show: str) -> None:
    lab = ShapesLab(**settings, show=show)
    assert lab.error == ""
    assert lab.check_with_torch() == 0


def test_another_size_than_pytorch_is_no_small_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnlab.training.parity.run_torch_code", lambda code: np.zeros((1, 4, 5)))
    assert ShapesLab().check_with_torch() == float("inf")


def test_the_code_is_what_a_student_would_write() -> None:
    assert ShapesLab(n=7, stride=2).torch_code().splitlines()[3:] == [
        "x = torch.arange(1, 50, dtype=torch.float64).reshape(1, 1, 7, 7)",
        "w = torch.ones(1, 1, 3, 3, dtype=torch.float64)",
        "y = F.conv2d(x, w, stride=2, padding=1)",
    ]
    assert ShapesLab(dimensions=1, padding_mode="reflect", show="usage").torch_code().splitlines()[5:] == [
        "x.requires_grad_()",
        'padded = F.pad(x, (1, 1), mode="reflect")',
        "y = F.conv1d(padded, w)",
        "y.sum().backward()",
        "y = x.grad  # how often each cell is used",
    ]


def test_the_floor_stands_in_the_picture_step_by_step() -> None:
    lab = ShapesLab(n=6, stride=2)
    for text in (
        "6 + 2·1 = 8",
        "8 − 3 = 5",
        "⌊5 / 2⌋ = ⌊2.5⌋ = 2",
        "2 + 1 = 3",
        "5 / 2 is rounded down",
    ):
        assert text in lab.svg


def test_cells_that_no_window_reaches_are_crossed_out() -> None:
    strokes = re.compile(r'<path class="cl-frame" d="(M[^"]*l[^"]*)"')
    assert not strokes.search(ShapesLab(n=7, stride=2).svg)
    found = strokes.search(ShapesLab(n=6, stride=2, padding=0).svg)
    assert found and found[1].count("M") == 6 + 6 - 1


def test_pointing_at_the_input_puts_the_middle_of_the_window_there() -> None:
    lab = ShapesLab(n=6, stride=2)
    told(lab, kind="hover", grid="input", row=7, col=3, cols=8)
    assert (lab.trace.row, lab.trace.col, lab.step) == (2, 1, 0)
    told(lab, kind="pin", grid="input", row=0, col=7, cols=8)
    assert lab.step == 2
    told(lab, kind="leave")
    told(lab, kind="hover", grid="output", row=1, col=1, cols=3)
    assert lab.trace.name == "[1, 1]"


def test_pointing_at_the_input_of_a_transposed_convolution_stamps_there() -> None:
    lab = ShapesLab(transposed=True, n=3, stride=2)
    told(lab, kind="pin", grid="input", row=1, col=2, cols=3)
    assert lab.step == 5
    assert "Input [1, 2] stamps its number on 9 cells, from row 2, column 4 on" in lab.svg


def test_walking_counts_up() -> None:
    lab = ShapesLab(show="usage", walk=True)
    totals = []
    for step in (0, 12, 24):
        lab.step = step
        totals.append(lab.trace.shapes.used(step + 1).sum())
        assert ("do not count equally" in lab.svg) == (step == 24)
    assert totals[0] == 4 and totals[-1] == lab.trace.shapes.usage.sum()
    assert "a corner 4 times, the middle of an edge 6 times, the center 9 times" in lab.svg


@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("stride", [1, 2])
def test_while_it_walks_neither_picture_nor_text_gives_the_size_away(dimensions: int, stride: int) -> None:
    lab = ShapesLab(dimensions=dimensions, n=8, stride=stride, padding=0, walk=True)
    size, last = lab.trace.shapes.size, lab.trace.shapes.steps - 1
    for step in (0, last - 1):
        lab.step = step
        for text in (lab.svg, lab.stage.status, lab._repr_mimebundle_()["text/plain"]):
            assert "size =" not in text and f"= {size}" not in text and "rounded" not in text
        assert not re.search(r"output, \d", lab.svg)
    lab.step = last
    assert f"= {size}" in lab.svg and f"= {size}" in lab.stage.status


def test_the_transposed_convolution_stands_beside_its_convolution() -> None:
    for dimensions in (1, 2):
        lab = ShapesLab(dimensions=dimensions, transposed=True, n=3, stride=2)
        assert "(3 − 1)·2 = 4" in lab.svg
        assert "⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3" in lab.svg
        assert "the size comes back, the numbers do not" in lab.svg


def test_controls_that_do_nothing_are_gray() -> None:
    lab = ShapesLab(padding=0)
    assert lab.boxes["padding_mode"].disabled and lab.boxes["output_padding"].disabled
    lab.padding = 1
    assert not lab.boxes["padding_mode"].disabled
    lab.transposed = True
    assert lab.boxes["padding_mode"].disabled and not lab.boxes["output_padding"].disabled


def test_only_the_controls_that_are_asked_for_are_shown() -> None:
    lab = ShapesLab(controls="n step")
    shown = [name for name, box in lab.boxes.items() if box.layout.display != "none"]
    assert shown == ["n", "step"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"padding": "same", "stride": 2}, "padding 'same' works with stride 1 only, but stride is 2"),
        ({"transposed": True, "padding": "same"}, "padding of a transposed convolution must be a whole number"),
        ({"n": 1, "padding": 0}, "the kernel covers 3 but the padded input is only 1"),
        ({"n": 3, "padding": 3, "padding_mode": "reflect"}, "can fill from 3: use at most 2"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = ShapesLab()
    before = lab.svg
    with lab.hold():
        for name, value in settings.items():
            setattr(lab, name, value)
    assert words in lab.error and lab.svg == before
    lab.reset()
    assert lab.error == ""


@pytest.mark.parametrize("dimensions", [1, 2])
def test_a_transposed_convolution_that_walks_makes_its_output_grow(dimensions: int) -> None:
    lab = ShapesLab(dimensions=dimensions, n=4, stride=2, padding=0, transposed=True, walk=True)
    lab.step = 1
    assert lab.current.shown_long(lab.trace, True) == (1 if dimensions == 1 else 3, 5)  # two stamps
    assert "(4 − 1)·2 = 6" not in lab.svg and "9 × 9" not in lab.svg and "output, 9 cells" not in lab.svg
    lab.step = lab.trace.shapes.steps - 1
    assert "(4 − 1)·2 = 6" in lab.svg


def test_a_slider_reaches_as_far_as_what_it_shows() -> None:
    lab = ShapesLab(n=224)
    assert (lab.boxes["n"].value, lab.boxes["n"].max) == (224, 224)
    lab.n = 7
    assert lab.boxes["n"].value == 7
    lab.n = 0  # which cannot be
    assert lab.error and lab.boxes["n"].min == 1
