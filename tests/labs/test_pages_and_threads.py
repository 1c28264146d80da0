"""A lab where no widgets run, with two threads at once, and over a long lesson."""

import gc
import io
import threading
import tracemalloc

import numpy as np
import pytest
from ipywidgets.widgets import widget
from PIL import Image

from cnnlab.labs import ConvolutionLab
from tests.labs.looking import expected, step_shown, still

SHOWN = [
    ({}, ["ConvolutionLab()", "input, 8 × 8:", "kernel, 3 × 3:", "output, 6 × 6:", "y[0, 0] = 10·1 + 10·0", "size = "]),
    ({"input": "color", "weight": "edges", "step": 2}, ["input, channel 2, 6 × 6:", "output, feature map 1, 4 × 4:"]),
    ({"input": "photo: cat"}, ["input, 256 × 256: numbers from ", "output, 254 × 254: numbers from −"]),
]


@pytest.mark.parametrize(("given_", "lines"), SHOWN)
def test_a_page_without_widgets_gets_the_numbers_and_the_picture(given_, lines):
    first, second = (ConvolutionLab(**given_)._repr_mimebundle_() for _ in range(2))
    assert first["text/plain"] == second["text/plain"]
    assert first["image/png"] == second["image/png"]
    assert all(line in first["text/plain"] for line in lines)
    assert "object at 0x" not in first["text/plain"] and "model_id" not in first["text/plain"]
    picture = Image.open(io.BytesIO(first["image/png"]))
    assert picture.size == (1100, picture.height) and 300 < picture.height < 720
    assert len(np.unique(np.asarray(picture.convert("L")))) > 20


def test_the_text_is_that_of_the_step_that_is_shown():
    lab = ConvolutionLab(step=2)
    assert "y[0, 2] = 10·1 + 10·0 + 0·(−1)" in lab._repr_mimebundle_()["text/plain"]
    assert "= 30\n" in lab._repr_mimebundle_()["text/plain"]


def test_the_plain_picture_shows_only_where_the_front_end_is_not_alive():
    lab = ConvolutionLab()
    assert "<style>" in lab.plain_picture.value and "var(" not in lab.plain_picture.value
    lab.stage.alive = True
    lab.step = 3
    assert lab.plain_picture.value == ""


def test_the_picture_is_sent_as_it_is_drawn():
    lab = ConvolutionLab(step=7)
    assert lab.stage.svg == lab.svg
    assert lab.stage.status == "y[1, 1] = 10·1 + 10·0 + 10·(−1) + 10·1 + 10·0 + 10·(−1) + 10·1 + 10·0 + 10·(−1) = 0"


@pytest.mark.parametrize("attempt", range(3))
def test_two_threads_leave_a_consistent_lab(attempt):
    """A slider is dragged while a cell of the notebook changes settings (ipykernel 7)."""
    lab = ConvolutionLab(input="digit")
    failed = []
    start = threading.Barrier(2)

    def work(changes):
        try:
            start.wait()
            for name, value in changes:
                setattr(lab, name, value)
        except Exception as problem:
            failed.append(problem)

    drag = [("step", (7 * i + attempt) % 60) for i in range(60)]
    cell = [
        (("stride", "padding", "flip", "input")[i % 4], (1 + i % 3, i % 5, i % 8 < 4, "digit")[i % 4])
        for i in range(60)
    ]
    threads = [threading.Thread(target=work, args=(changes,)) for changes in (drag, cell)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed and not any(thread.is_alive() for thread in threads)
    assert lab.error == ""
    assert step_shown(lab) == lab.trace.index
    np.testing.assert_array_equal(lab.trace.convolution.output, expected(lab).output)
    assert still(ConvolutionLab(**{name: getattr(lab, name) for name in lab.setting_names()})) == still(lab)


def changes(lab, count):
    for i in range(count):
        lab.step = i % 36
        if i % 15 == 0:
            lab.stride = 1 + i % 3
        if i % 50 == 0:
            lab.panel = ("", "code", "type")[i % 3]
            lab.stride = 0
            lab.stride = 1


def test_a_long_lesson_does_not_fill_the_memory():
    lab = ConvolutionLab()
    changes(lab, 120)  # every panel has been open once
    gc.collect()
    widgets = len(widget._instances)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        changes(lab, 300)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 1_000_000
    assert len(widget._instances) == widgets
