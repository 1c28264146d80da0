"""The pooling lab: windows, a push beside what it leaves of all digits, the gradient, and the same in PyTorch."""

import io
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest
import torch  # noqa: F401  (loaded here, it compares in this process, and not in one of its own for each case)
from PIL import Image

from cnnlab.data.maps import MAPS, digits_with_room
from cnnlab.labs import PoolingLab
from cnnlab.traces.pool_push import push
from tests.labs.looking import click, found, send, step_shown


def told(lab: PoolingLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": lab.trace.pooling.columns, **event})


@pytest.mark.parametrize("view", ["window", "shift", "gradient"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"kind": "average", "kernel_size": (3, 2), "stride": (1, 2), "padding": 1, "ceil_mode": True},
        {"kernel_size": 3, "stride": 2, "padding": (1, 0), "input": "color", "down": -1, "right": 2},
        {"kind": "global max", "input": "spot", "right": -4},
        {"kind": "global average", "input": "photo: cat", "down": 4},
        {"input": "two lines", "kernel_size": 3, "stride": 1, "walk": True, "step": 5},
    ],
    ids=["max", "average", "color, pushed", "global max", "photo", "walk"],
)
def test_pytorch_computes_what_is_shown(view: str, settings: dict[str, Any]) -> None:
    assert PoolingLab(view=view, **settings).check_with_torch() < 1e-12


def test_the_code_is_the_one_that_a_person_would_write() -> None:
    assert PoolingLab().torch_code().splitlines()[-1] == "y = F.max_pool2d(x, 2)"
    lab = PoolingLab(kind="average", kernel_size=3, stride=2, padding=1, ceil_mode=True, right=1)
    assert lab.torch_code().splitlines()[-2:] == [
        "x = F.pad(x, (1, -1, 0, 0))  # zeros come in on one side, the other is cut off",
        "y = F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)",
    ]
    assert PoolingLab(kind="global average").torch_code().splitlines()[-1] == "y = F.adaptive_avg_pool2d(x, 1)"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"kind": "average", "down": 2},
        {"kernel_size": 3, "stride": [1, 2], "down": -3},
        {"kind": "global max", "right": 4},
    ],
)
def test_the_digits_are_counted_as_one_picture_is(settings: dict[str, Any]) -> None:
    """All of them as the channels of one picture: a pool looks at each by itself."""
    digits = PoolingLab(input="spot", view="shift", **settings).digits
    channels = push(digits_with_room(), **settings)
    assert digits is not None and digits.images == 1797
    for counted, expected in ((digits.input, channels.input), (digits.output, channels.output)):
        assert (counted.same, counted.cells) == (expected.same, expected.cells)
        assert counted.change == pytest.approx(expected.change, rel=1e-5)
    assert digits.unchanged == (~channels.difference.any(axis=(1, 2))).sum()
    assert digits.moved == (channels.moved is not None)


def test_what_the_notebook_says_about_the_digits() -> None:
    """Shares of the cells that are not 0, in percent: input, output; and how much changed."""
    lab, rows = PoolingLab(view="shift", input="spot", right=1), {}
    for kind, size in (("max", 2), ("max", 3), ("max", 4), ("average", 2), ("average", 4)):
        lab.kind, lab.kernel_size = kind, size
        assert lab.digits is not None
        kept, changed = (lab.digits.input, lab.digits.output), lab.digits.output.change
        rows[kind, size] = (*(round(100 * k.share, 1) for k in kept), round(100 * changed, 1))
    assert rows == {
        ("max", 2): (5.3, 30.8, 54.9),
        ("max", 3): (5.3, 46.4, 39.4),
        ("max", 4): (5.3, 65.9, 22.2),
        ("average", 2): (5.3, 1.2, 58.5),
        ("average", 4): (5.3, 0.2, 49.4),
    }


def test_a_window_that_the_digits_are_too_small_for_is_said() -> None:
    lab = PoolingLab(input="photo: cat", view="shift", kernel_size=20, down=1)
    assert lab.digits is None and lab.error == ""
    assert "too small" in lab.svg
    lab.kind = "global max"
    assert lab.digits is not None and lab.digits.unchanged == 1797


def test_the_winner_is_outlined_and_so_are_those_that_are_as_large() -> None:
    assert PoolingLab(input="1 2; 3 4").svg.count("cl-thin") == 1  # in the input
    assert PoolingLab(input="4 2; 3 4").svg.count("cl-thin") == 2  # and the second one of the window
    assert PoolingLab(input="4 2; 3 4", kind="average").svg.count("cl-thin") == 0


# ---- what a person does ----------------------------------------------------------------------------------------------


def test_a_number_is_changed_in_place() -> None:
    lab = PoolingLab()
    told(lab, kind="edit", grid="input", cells=[[0, 0]], text="12")
    assert lab.trace.value == 12 and lab.push.image[0, 0, 0] == 12
    lab.padding = 1
    told(lab, kind="edit", grid="input", cells=[[1, 1]], text="-1")  # the padding is drawn around it
    assert lab.push.image[0, 0, 0] == -1
    told(lab, kind="edit", grid="input", cells=[[0, 0]], text="5")
    assert "that cell is padding" in lab.error
    told(lab, kind="grid", grid="input", text="1\t2\n3\t4")
    assert lab.push.image.tolist() == [[[1, 2], [3, 4]]]


def test_a_pushed_picture_is_pointed_at_and_not_edited() -> None:
    lab = PoolingLab(input="spot", right=1)
    told(lab, kind="edit", grid="input", cells=[[0, 0]], text="12")
    assert lab.input == "spot"
    told(lab, kind="hover", grid="input", row=5, col=5)
    assert step_shown(lab) == 2 * 5 + 2
    told(lab, kind="pin", grid="output", row=3, col=1)
    assert lab.step == 16


def test_a_click_on_a_small_map_chooses_the_channel_for_input_and_output() -> None:
    lab = PoolingLab(input="color", step=4)
    for channel in (2, 1):
        told(lab, kind="choose", grid="channel", col=channel)
        assert lab.channel == lab.trace.channel == channel
        assert f"channel {'RGB'[channel]}" in lab.svg and f"output, channel {'RGB'[channel]}" in lab.svg


def test_typed_numbers_are_taken() -> None:
    lab = PoolingLab(panel="type")
    text = found(lab, widgets.Textarea)
    assert text.value.startswith("2 3 8 0")
    text.value = "1 2 3; 4 5 6; 7 8 9"
    click(lab, "Use as input")
    assert lab.trace.value == 5


# ---- controls --------------------------------------------------------------------------------------------------------


def test_the_slider_of_the_stride_shows_none_as_that_of_the_kernel() -> None:
    lab = PoolingLab(input="spot")
    slider = lab.boxes["stride"]
    assert slider.value == 0 and slider.options[0] == ("= kernel", 0)
    slider.value = 1
    assert lab.stride == 1 and lab.trace.pooling.stride == (1, 1)
    slider.value = 0
    assert lab.stride is None and lab.trace.pooling.stride == (2, 2)
    lab.stride = 3
    assert slider.value == 3
    lab.reset()
    assert slider.value == 0


def test_a_global_pool_takes_no_sizes() -> None:
    lab = PoolingLab(kernel_size=3, padding=1)
    names = ("kernel_size", "stride", "padding", "ceil_mode")
    assert not any(lab.boxes[name].disabled for name in names)
    lab.kind = "global max"
    assert all(lab.boxes[name].disabled for name in names)
    assert lab.trace.value == 10 and lab.error == ""


def test_in_a_shift_nothing_is_filled_in() -> None:
    lab = PoolingLab(walk=True, view="shift")
    walk = found(lab, widgets.Checkbox, description="fill in as it walks")
    assert walk.disabled
    lab.view = "gradient"
    assert not walk.disabled


def test_the_gradient_that_was_sent_back_so_far() -> None:
    lab = PoolingLab(view="gradient", stride=1, walk=True, step=1)
    assert "what its windows send back" not in lab.svg  # that would tell who wins next
    lab.walk = False
    assert "dx[0, 2] = what its windows send back = 1 + 1 = 2" in lab.svg


def test_the_window_stays_where_it_was_when_the_stride_changes() -> None:
    lab = PoolingLab(input="spot", step=12)
    assert lab.trace.rows.tolist() == [4, 5]
    lab.stride = 1
    assert lab.trace.rows.tolist() == [4, 5]
    lab.input = "photo: cat"
    assert lab.trace.rows[0] > 100  # the middle of a photo: a corner shows nothing


def test_every_map_of_the_list_can_be_chosen() -> None:
    lab = PoolingLab()
    for name in lab.boxes["input"].options:
        lab.boxes["input"].value = name
        assert (lab.input, lab.error) == (name, "")
    assert set(MAPS) < set(lab.boxes["input"].options)


def test_while_it_walks_the_text_gives_nothing_away() -> None:
    assert "output" not in PoolingLab(walk=True)._repr_mimebundle_()["text/plain"]


def test_only_the_controls_that_are_asked_for_are_shown() -> None:
    lab = PoolingLab(controls="kind down")
    assert [name for name, box in lab.boxes.items() if box.layout.display != "none"] == ["kind", "down"]


def test_a_photo_is_taken() -> None:
    lab, file = PoolingLab(), _png()
    lab.upload("mine.png", file, color=True)
    assert lab.push.image.shape == (3, 256, 256) and lab.input == "mine.png, color"
    with pytest.raises(ValueError, match=r"broken.png"):
        lab.upload("broken.png", b"no photo")
    assert lab.input == "mine.png, color"


def _png() -> bytes:
    with io.BytesIO() as file:
        Image.fromarray(np.full((6, 4, 3), 90, np.uint8)).save(file, "PNG")
        return file.getvalue()
