"""The builder lab: rows that are looked at, changed, moved and mended, and the same network in PyTorch."""

from typing import Any

import numpy as np
import pytest

from cnnlab.data.networks import NETWORKS
from cnnlab.data.resized import FINEST, resized
from cnnlab.labs import BuilderLab
from tests.labs.looking import click, send, still

EXAM = NETWORKS["exam"].layers


def told(lab: BuilderLab, **event: Any) -> None:
    send(lab, {"grid": "layer", "col": 0, "cols": 1, **event})


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"layers": "VGG16"},
        {"layers": "four mistakes"},
        {"layers": "any size", "input": "1 x 50 x 40", "picture": "cat"},
        {"layers": "batch norm; conv 3 3x3 same; leaky relu; dropout; max pool 3x3 stride 2 padding 1; flatten"},
        {"layers": "dense 4; tanh; batch norm; dense 2; sigmoid", "input": "3"},
    ],
)
def test_pytorch_counts_shapes_and_computes_the_same(settings: dict[str, Any]) -> None:
    assert BuilderLab(**settings).check_with_torch() < 1e-12


def test_a_network_of_which_nothing_works_cannot_be_compared() -> None:
    lab = BuilderLab(layers="dense 3")
    assert lab.error == "" and lab.trace.broken is not None
    with pytest.raises(ValueError, match="no layer that works"):
        lab.check_with_torch()


def test_the_trace_holds_every_number() -> None:
    lab = BuilderLab(layers="LeNet-5")
    assert lab.trace.parameters == 61_706
    assert [row.parameters for row in lab.trace.rows] == [156, 0, 2416, 0, 0, 48_120, 10_164, 850]


def test_a_network_brings_the_input_that_it_is_made_for_and_an_input_of_ones_own_stays() -> None:
    lab = BuilderLab(layers="VGG16")
    assert lab.trace.input_shape == (3, 224, 224)
    lab.input = (3, 64, 64)
    assert lab.trace.output_shape == (1000,)
    lab.network_box.value = "LeNet-5"
    assert (lab.layers, lab.input, lab.trace.input_shape) == ("LeNet-5", "", (1, 32, 32))
    lab.boxes["input"].value = "1 x 28 x 28"
    assert lab.trace.input_shape == (1, 28, 28) and lab.error == ""


def test_an_emptied_field_shows_again_the_shape_that_the_network_is_made_for() -> None:
    lab = BuilderLab()
    for _ in range(2):
        lab.boxes["input"].value = ""
        assert lab.boxes["input"].value == "1 x 32 x 32" and lab.trace.input_shape == (1, 32, 32)
        lab.boxes["input"].value = "1 x 28 x 28"
    lab.boxes["input"].value = ""
    assert lab.boxes["input"].value == "1 x 32 x 32" and lab.input == ""


def test_a_network_without_layers_says_that_it_has_none() -> None:
    assert BuilderLab(layers="").trace.says() == "There is no layer yet: what goes in comes out."


# ---- changing a row --------------------------------------------------------------------------------------------------


def test_the_controls_change_the_row_that_is_looked_at() -> None:
    lab = BuilderLab(layers="conv 8 3x3; relu; max pool 2x2", input="1 x 9 x 9")
    editor = lab.editor
    editor.numbers["out"].value = 5
    editor.numbers["kernel_size"].value = 4
    editor.numbers["stride"].value = 2
    editor.numbers["padding"].value = "same"
    assert "padding" in lab.error  # with stride 2 there is no 'same'
    editor.numbers["padding"].value = 3
    editor.then.value = "tanh"
    assert lab.layers == "conv 5 4x4 stride 2 padding 3; tanh; max pool 2x2"
    lab.layer = 2
    editor.numbers["kernel_size"].value = 3
    assert lab.layers.endswith("max pool 3x3")  # and steps by its own size still
    editor.kind.value = "flatten"
    editor.then.value = "nothing"
    assert lab.layers == "conv 5 4x4 stride 2 padding 3; tanh; flatten"
    assert lab.error == ""


def test_the_controls_show_the_row_and_only_what_it_has() -> None:
    lab = BuilderLab(layers="conv 300 13x13 stride 7 padding 9 from 1; relu; dropout 0.5; flatten; dense 10")
    editor = lab.editor
    shown = [editor.numbers[name].value for name in ("out", "kernel_size", "stride", "padding")]
    assert (shown, editor.then.value) == ([300, 13, 7, 9], "relu, dropout 0.5")
    lab.layer = 3
    assert [n for n, w in editor.numbers.items() if w.layout.display != "none"] == ["out"]
    assert (editor.kind.value, editor.numbers["out"].description, editor.then.value) == ("dense", "units", "nothing")
    lab.layer = 0
    assert editor.kind.disabled and editor.buttons["remove"].disabled and not editor.buttons["add"].disabled
    assert lab.layers.startswith("conv 300")  # looking changes nothing


def test_rows_are_added_moved_and_taken_out() -> None:
    lab = BuilderLab(layers="max pool 2x2; flatten; dense 10", layer=1)
    click(lab, "add")
    assert (lab.layers, lab.layer) == ("max pool 2x2; conv 8 3x3 padding 1; relu; flatten; dense 10", 2)
    click(lab, "move this row up")
    assert (lab.layers, lab.layer) == ("conv 8 3x3 padding 1; relu; max pool 2x2; flatten; dense 10", 1)
    click(lab, "move this row up")  # the first one stays the first
    click(lab, "move this row down")
    lab.layer = 3
    click(lab, "add")
    assert lab.layers == "max pool 2x2; conv 8 3x3 padding 1; relu; flatten; dense 16; relu; dense 10"
    for _ in range(9):
        click(lab, "remove")
    assert (lab.layers, lab.layer, lab.trace.rows) == ("", 0, ())
    click(lab, "add")
    assert lab.trace.output_shape == (8, 32, 32)


def test_mend_puts_what_would_work_in_the_place_of_what_does_not() -> None:
    lab = BuilderLab(layers="four mistakes")
    seen = []
    while not lab.boxes["mend"].disabled:
        click(lab, "mend")
        seen.append(lab.layer)
    assert seen == [3, 5, 6, 9]
    assert lab.trace.broken is None and lab.trace.output_shape == (10,)
    before = still(lab)
    lab.mend()
    assert still(lab) == before


def test_layers_typed_line_by_line() -> None:
    lab = BuilderLab(panel="type")
    (text,) = (w for w in lab.panels._panels["type"]._texts.values())  # type: ignore[attr-defined]
    assert text.value.splitlines()[:3] == ["conv 8 3x3 stride 2 padding 1", "relu", "max pool 2x2"]
    text.value = "conv 4 5x5\nrelu"
    click(lab, "Use as layers")
    assert lab.layers == "conv 4 5x5; relu"
    text.value = "convolve"
    click(lab, "Use as layers")
    assert "there is no such layer" in lab.error and lab.layers == "conv 4 5x5; relu"


# ---- looking ---------------------------------------------------------------------------------------------------------


def test_a_row_is_looked_at_while_it_is_pointed_at_and_stays_after_a_click() -> None:
    lab = BuilderLab()
    told(lab, kind="hover", row=3)
    assert "Row 3: conv 16" in lab.svg and lab.layer == 1
    told(lab, kind="leave")
    assert "Row 1: conv 8" in lab.svg
    told(lab, kind="pin", row=3)
    assert lab.layer == 3
    send(lab, {"kind": "choose", "grid": "channel", "row": 1, "col": 2, "cols": 4})
    assert lab.channel == 6
    lab.layer = 2
    assert lab.channel == 6
    lab.layer = 0
    assert lab.channel == 0  # the digit has a single one


def test_a_block_is_pointed_at_like_a_row() -> None:
    lab = BuilderLab(view="blocks")
    send(lab, {"kind": "hover", "grid": "block", "row": 0, "col": 4, "cols": 8})
    assert "Row 4: max pool" in lab.svg
    send(lab, {"kind": "pin", "grid": "block", "row": 0, "col": 6, "cols": 8})
    assert lab.layer == 6
    lab.walk, lab.layer = True, 2
    assert "16 × 2 × 2" not in lab.svg


def test_of_many_rows_those_around_the_chosen_one_are_shown() -> None:
    lab = BuilderLab(layers="; ".join(["conv 2 3x3 padding 1"] * 40), layer=30)
    assert 'data-step="12"' in lab.svg  # row 30 stands in line 12: 18 rows are above
    told(lab, kind="pin", row=1)
    assert lab.layer == 19


def test_the_rows_behind_are_hidden_while_walking() -> None:
    lab = BuilderLab(walk=True, layer=2)
    assert "8 × 8 × 8" in lab.svg and "1,168" not in lab.svg and "2,356" not in lab.svg and "50% of all" not in lab.svg
    assert "1,168" not in lab._repr_mimebundle_()["text/plain"]
    before = still(lab)
    told(lab, kind="hover", row=5)
    assert still(lab) == before
    lab.layer = 7
    assert "2,356" in lab.svg and "50% of all" in lab.svg


def test_a_mistake_is_hidden_until_its_row_is_reached() -> None:
    lab = BuilderLab(layers="four mistakes", walk=True, layer=2)
    assert "cannot work" not in lab.svg and "as far as it works" not in lab.svg
    assert "cannot work" not in lab._repr_mimebundle_()["text/plain"]
    lab.layer = 3
    assert "Row 3 cannot work: conv is made for 3 channels" in lab.svg
    lab.mend()
    assert "cannot work" not in lab.svg and "16 × 8 × 8" in lab.svg


def test_what_is_shown_comes_out_of_the_layers() -> None:
    lab = BuilderLab(layers="conv and pool", picture="coffee", layer=2)
    run = lab.current.run
    assert run is not None
    pooled = run.output(lab.trace.specs)
    assert pooled.shape == (16, 32, 32)
    full = run.output(lab.trace.specs[:2])
    np.testing.assert_array_equal(pooled[:, 3, 5], full[:, 6:8, 10:12].max(axis=(1, 2)))


def test_moving_a_row_keeps_what_was_computed() -> None:
    lab = BuilderLab()
    run = lab.current.run
    lab.layers = EXAM.replace("dense 16", "dense 32")
    assert lab.current.run is run
    lab.seed = 1
    assert lab.current.run is not run


# ---- the picture that goes through -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["digit", "cat"])
@pytest.mark.parametrize("shape", [(1, 32, 32), (3, 20, 30), (5, 7, 4), (9,)])
def test_a_picture_has_the_shape_that_is_asked_for(name: str, shape: tuple[int, ...]) -> None:
    picture = resized(name, shape)
    assert picture.shape == shape and 0 <= picture.min() < picture.max() <= 1
    assert not picture.flags.writeable


def test_a_digit_of_its_own_size_is_itself() -> None:
    from cnnlab.data import digits

    np.testing.assert_allclose(resized("digit", (1, 8, 8))[0] * 16, digits()[0][13])


def test_a_picture_that_is_not_known() -> None:
    with pytest.raises(ValueError, match="picture 'dog' is not known: give one of digit, cat"):
        resized("dog", (1, 8, 8))


def test_a_number_that_is_refused_does_not_stay_in_its_control() -> None:
    lab = BuilderLab()
    lab.editor.numbers["padding"].value = "same"
    assert "set the stride to 1, or give a number" in lab.error
    assert lab.editor.numbers["padding"].value == 1 and lab.layers == "exam"
    lab.editor.numbers["stride"].value = 1
    lab.editor.numbers["padding"].value = "same"
    assert lab.error == "" and str(lab.trace.rows[0].main) == "conv 8 3x3 padding same"


def test_a_long_row_or_a_narrow_strip_of_a_picture_is_not_made_out_of_a_whole_one() -> None:
    assert FINEST == 512
    row, strip = resized("cat", (4096,)), resized("cat", (3, 4096, 100))
    assert row.shape == (4096,) and strip.shape == (3, 4096, 100)
    square = resized("cat", (3, FINEST, FINEST))
    np.testing.assert_array_equal(strip[:, ::8, 0], square[:, :, 1998 // 8])
    np.testing.assert_array_equal(resized("digit", (64,)), resized("digit", (1, 64, 64))[0, 32])
