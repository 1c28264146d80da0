"""Settings, controls, picture and recipe of the shift lab agree, whatever is moved, in any order."""

import re
from xml.etree import ElementTree

import ipywidgets as widgets
import numpy as np
import pytest

from cnnlab.data.shift_nets import NOISES, SCALES, shift_nets, unseen_digit
from cnnlab.labs.numbers import same
from cnnlab.labs.shift import ShiftLab
from cnnlab.traces.shift import cnn_scores, mlp_scores, pushed, scene, softmax
from tests.labs.looking import JARGON, click, control, found, send, shown_text, step_shown, still

# setting, the values that its control offers
CONTROLS = [
    ("digit", [0, 9, 3]),
    ("sample", [29, 7, 0]),
    ("down", [-6, 6, 1, 0]),
    ("right", [6, -6, -1, 0]),
    ("scale", [1.4, *SCALES, 1.0]),
    ("noise", [0.1, *NOISES, 0.0]),
    ("stain", [6, 1, 0]),
    ("cnn", ["pooled", "plain"]),
    ("panel", ["code", ""]),
]

# setting, a value that it may not have, what the sentence must say
REFUSED = [
    ("digit", 10, "digit must be a whole number from 0 to 9, but is 10"),
    ("digit", "3", "digit must be a whole number from 0 to 9, but is '3'"),
    ("digit", None, "but is None"),
    ("sample", 30, "sample must be a whole number from 0 to 29, but is 30"),
    ("sample", -1, "but is -1"),
    ("down", 7, "down must be a whole number from -6 to 6, but is 7"),
    ("down", 1.5, "but is 1.5"),
    ("down", True, "but is True"),
    ("right", -7, "right must be a whole number from -6 to 6, but is -7"),
    ("right", np.zeros((40, 40)), "right must be a whole number"),
    ("scale", 2, "scale must be one of 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, but is 2"),
    ("scale", 0.75, "but is 0.75"),
    ("scale", np.nan, "scale must be a number"),
    ("noise", -0.1, "noise must be one of 0, 0.1, 0.2, 0.3, 0.4, 0.5, but is -0.1"),
    ("noise", "loud", "noise must be a number"),
    ("seed", -1, "seed must be a whole number from 0 on, but is -1"),
    ("stain", 7, "stain must be a whole number from 0 to 6, but is 7"),
    ("cnn", "deep", "cnn must be one of 'plain', 'pooled', but is 'deep'"),
    ("cnn", None, "but is None"),
    ("panel", "cellar", "panel must be one of"),
    ("controls", "digit color", "but not 'color'"),
]

POOL = {
    "digit": [0, 3, 8, np.int64(9)], "sample": [0, 17, 29], "down": [-6, 0, 1, np.int32(4)], "right": [-3, 0, 2, 6],
    "scale": [0.7, 1, 1.4, 0.1 * 3 + 0.6], "noise": [0, 0.1 * 3, 0.5], "seed": [0, 5], "stain": [0, 3, 6],
    "cnn": ["plain", "pooled"], "panel": ["", "code"], "controls": ["all", "digit down", ""],
}  # fmt: skip
MAPS = ["mlp-places", "mlp-shares", "cnn-places", "cnn-shares"]


def box(lab, name):
    return found(lab, widgets.Dropdown, description="CNN") if name == "cnn" else control(lab, name)


def correct(lab):
    """Whether the lab shows what both networks say to the picture of its settings, worked out one picture at a time."""
    trace, s = lab.trace, lab.drawn
    whole = scene(unseen_digit(s.digit, s.sample), s.scale, s.noise, s.stain, s.seed)
    picture = pushed(whole, trace.down, trace.right)
    np.testing.assert_array_equal(trace.picture, picture)
    nets, pool = shift_nets(), 2 if s.cnn == "pooled" else 1
    mlp = softmax(mlp_scores(nets.weights["mlp"], picture[None]))[0]
    cnn = softmax(cnn_scores(nets.weights[s.cnn], picture[None], pool))[0]
    np.testing.assert_allclose(trace.probabilities(trace.pushing.mlp), mlp, atol=1e-4)
    np.testing.assert_allclose(trace.probabilities(trace.pushing.cnn), cnn, atol=1e-4)
    place = SCALES.index(s.scale), NOISES.index(s.noise), trace.down + 6, trace.right + 6
    for answers, net in ((trace.pushing.mlp, "mlp"), (trace.pushing.cnn, s.cnn)):
        assert trace.share(answers) == nets.right[net][place] / 360
    assert step_shown(lab) == trace.index
    ElementTree.fromstring(lab.svg)
    return True


@pytest.mark.parametrize(("name", "values"), CONTROLS)
def test_a_setting_follows_its_control(name, values):
    lab = ShiftLab()
    for value in values:
        box(lab, name).value = value
        assert same(getattr(lab, name), value)
        assert lab.error == ""
        assert correct(lab)


@pytest.mark.parametrize(("name", "values"), CONTROLS)
def test_a_control_follows_its_setting(name, values):
    lab = ShiftLab()
    for value in values:
        setattr(lab, name, value)
        assert box(lab, name).value == value
        assert lab.error == ""


@pytest.mark.parametrize(("name", "values"), CONTROLS[:-1])
def test_every_control_changes_the_picture(name, values):
    lab = ShiftLab(**{name: values[-1]})
    before = still(lab)
    setattr(lab, name, values[0])
    assert still(lab) != before


def test_the_first_picture_and_a_push():
    lab = ShiftLab()
    p = lab.trace.pushing
    assert (lab.trace.winner(p.mlp), lab.trace.winner(p.cnn)) == (3, 3)
    assert (p.mlp.right_places, p.cnn.right_places) == (8, 169)
    lab.down = lab.right = 2
    p = lab.trace.pushing
    assert (lab.trace.winner(p.mlp), lab.trace.winner(p.cnn)) == (9, 3)
    assert lab.trace.share(p.mlp) == 6 / 360


def test_a_push_does_not_work_out_the_networks_again():
    lab = ShiftLab()
    before = lab.current
    lab.down, lab.right = 3, -2
    assert lab.current is before
    lab.stain = 1
    assert lab.current is not before


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_what_cannot_work_is_said_in_one_sentence_and_the_picture_stays(name, value, sentence):
    lab = ShiftLab(digit=5, down=2)
    before = still(lab)
    setattr(lab, name, value)
    assert sentence in lab.error
    assert "\n" not in lab.error and not JARGON.search(lab.error)
    assert still(lab) == before
    assert lab.recipe().startswith("ShiftLab(")
    setattr(lab, name, lab.traits()[name].default())
    assert lab.error == "" and correct(lab)


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED[:12])
def test_a_lab_made_with_a_setting_that_cannot_work_shows_its_defaults_and_says_why(name, value, sentence):
    lab = ShiftLab(**{name: value})
    assert sentence in lab.error
    assert still(lab) == still(ShiftLab())


def test_an_unknown_setting_is_a_type_error():
    with pytest.raises(TypeError, match="ShiftLab has no setting 'left'"):
        ShiftLab(left=2)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_changed_in_any_order_the_lab_says_the_truth_and_can_be_rebuilt(seed):
    rng = np.random.default_rng(seed)
    lab = ShiftLab()
    for _ in range(25):
        name = str(rng.choice(list(POOL)))
        setattr(lab, name, POOL[name][rng.integers(len(POOL[name]))])
        assert lab.error == ""
        assert correct(lab)
        if rng.random() < 0.2:
            send(lab, {"kind": "hover", "grid": "mlp-places", "row": int(rng.integers(13)), "col": 3, "cols": 13})
            assert correct(lab)
            send(lab, {"kind": "leave"})
    again = eval(lab.recipe(), {"ShiftLab": ShiftLab})
    assert still(again) == still(lab)
    assert again.recipe() == lab.recipe()


def test_the_recipe_names_what_was_changed():
    lab = ShiftLab(digit=8, noise=0.3)
    lab.cnn, lab.down = "pooled", -1
    assert lab.recipe() == repr(lab) == "ShiftLab(digit=8, down=-1, noise=0.3, cnn='pooled')"
    click(lab, "reset")
    assert lab.recipe() == "ShiftLab(digit=8, noise=0.3)"


# ---- pointing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grid", MAPS)
def test_pointing_at_a_map_looks_and_a_click_stays(grid):
    lab = ShiftLab(down=1)
    send(lab, {"kind": "hover", "grid": grid, "row": 2, "col": 9, "cols": 13})
    assert (lab.trace.down, lab.trace.right, lab.down, lab.right) == (-4, 3, 1, 0)
    send(lab, {"kind": "leave"})
    assert (lab.trace.down, lab.trace.right) == (1, 0)
    send(lab, {"kind": "pin", "grid": grid, "row": 2, "col": 9, "cols": 13})
    assert (lab.trace.down, lab.trace.right, lab.down, lab.right) == (-4, 3, -4, 3)
    assert (control(lab, "down").value, control(lab, "right").value) == (-4, 3)
    assert correct(lab)


def test_a_setting_changed_while_pointing_is_seen_where_the_digit_was_left():
    lab = ShiftLab(down=1)
    send(lab, {"kind": "hover", "grid": MAPS[0], "row": 2, "col": 9, "cols": 13})
    lab.digit = 4
    assert (lab.trace.down, lab.trace.right) == (1, 0)


def dragged(lab, *cells):
    send(lab, {"kind": "paint", "grid": "digit", "cells": [list(cell) for cell in cells]})
    return lab.down, lab.right


ON_THE_DIGIT = [(10, 10), (10, 17), (17, 10), (17, 17), (14, 14), (12, 16)]


@pytest.mark.parametrize("cell", ON_THE_DIGIT)
def test_a_digit_is_dragged_by_the_cell_where_it_was_grabbed(cell):
    lab, (row, col) = ShiftLab(), cell
    assert dragged(lab, cell) == (0, 0)
    assert dragged(lab, (row, col + 1)) == (0, 1)
    assert dragged(lab, (row, col + 2)) == (0, 2)
    assert dragged(lab, (row + 7, col - 5)) == (6, -5)  # too far down: it stays on the canvas, and comes back
    assert dragged(lab, (row + 1, col - 5)) == (1, -5)
    assert correct(lab)


def test_cells_that_come_together_are_one_drag_and_one_picture():
    lab = ShiftLab()
    before = lab._frames
    assert dragged(lab, (11, 16), (11, 17), (12, 18)) == (1, 2)
    assert lab._frames == before + 1


@pytest.mark.parametrize("cell", [(0, 0), (27, 27), (0, 14), (9, 14), (14, 18)])
def test_a_press_beside_the_digit_moves_nothing_and_holds_nothing(cell):
    lab, (row, col) = ShiftLab(), cell
    assert dragged(lab, cell) == (0, 0)
    assert dragged(lab, (row, abs(col - 1)), (14, 14), (16, 16)) == (0, 0)  # nor by going over it


@pytest.mark.parametrize(
    "between",
    [
        {"kind": "hover", "grid": "digit", "row": 12, "col": 12, "cols": 28}, {"kind": "leave"},
        {"kind": "hover", "grid": "mlp-places", "row": 2, "col": 2, "cols": 13},
    ],
    ids=str,
)  # fmt: skip
def test_after_another_report_the_next_press_grabs_anew(between):
    lab = ShiftLab()
    assert dragged(lab, (14, 14), (14, 16)) == (0, 2)
    send(lab, between)
    send(lab, {"kind": "leave"})
    assert dragged(lab, (11, 13)) == (0, 2)
    assert dragged(lab, (11, 14)) == (0, 3)


def test_a_finger_that_is_put_down_again_grabs_anew(monkeypatch):
    """It reports nothing between: what is left is that it comes after a while, and somewhere else."""
    clock = [5.0]
    monkeypatch.setattr("cnnlab.labs.shift.time.monotonic", lambda: clock[0])
    lab = ShiftLab()
    assert dragged(lab, (11, 11), (11, 12)) == (0, 1)
    clock[0] += 0.1
    assert dragged(lab, (11, 15)) == (0, 4)  # quick, but the same drag
    clock[0] += 2
    assert dragged(lab, (11, 14)) == (0, 3)  # held still in between
    clock[0] += 2
    assert dragged(lab, (15, 18)) == (0, 3)
    assert dragged(lab, (16, 18)) == (1, 3)


def test_a_larger_digit_is_held_by_its_larger_square():
    assert dragged(ShiftLab(), (9, 14), (10, 14)) == (0, 0)
    assert dragged(ShiftLab(scale=1.4), (9, 14), (10, 14)) == (1, 0)


def test_after_a_drag_the_arrow_keys_push_on_from_there():
    lab = ShiftLab()
    dragged(lab, (10, 12), (10, 14))
    send(lab, {"kind": "pin", "grid": "digit", "row": 9, "col": 14, "cols": 28})
    send(lab, {"kind": "pin", "grid": "digit", "row": 9, "col": 13, "cols": 28})
    assert (lab.down, lab.right) == (-1, 1)
    assert dragged(lab, (13, 13)) == (-1, 1)  # a new press, wherever the keys have gone
    send(lab, {"kind": "pin", "grid": "digit", "row": 10**6, "col": 13, "cols": 28})
    assert (lab.down, lab.right, lab.error) == (6, 1, "")


def test_the_arrow_keys_push_on_the_canvas():
    lab = ShiftLab(down=6, right=-2)
    send(lab, {"kind": "pin", "grid": "canvas", "row": 11, "col": 4, "cols": 13})
    assert (lab.down, lab.right) == (5, -2)


@pytest.mark.parametrize(
    "message",
    [
        {}, [], None, "hover", {"kind": "jump"}, {"kind": "hover"}, {"kind": "pin", "grid": "canvas", "row": 2},
        {"kind": "paint", "grid": "canvas"}, {"kind": "paint", "grid": "canvas", "cells": [[0]]},
        {"kind": "paint", "grid": "canvas", "cells": [[12, 12], [13, 13]]},
        {"kind": "paint", "grid": "other", "cells": [[1, 1]]},
        {"kind": "paint", "grid": "digit", "cells": [[10**6, 0]]},
        {"kind": "pin", "grid": "digit", "row": 3, "col": 3, "cols": 28},
        {"kind": "choose", "grid": "canvas", "row": 0, "col": 1},
        {"kind": "edit", "grid": "canvas", "cells": [[0, 0]], "text": "5"},
        {"kind": "grid", "grid": "canvas", "text": "1"},
    ],
    ids=str,
)  # fmt: skip
def test_a_report_that_makes_no_sense_changes_nothing(message):
    lab = ShiftLab(down=2)
    before = still(lab)
    send(lab, message)
    assert (still(lab), lab.error) == (before, "")


@pytest.mark.parametrize("kind", ["hover", "pin"])
def test_a_place_beyond_the_map_is_its_last_one(kind):
    lab = ShiftLab()
    send(lab, {"kind": kind, "grid": MAPS[2], "row": 10**6, "col": 10**6, "cols": 13})
    assert (lab.trace.down, lab.trace.right, lab.error) == (6, 6, "")


def test_pointing_at_the_place_where_it_lies_mends_a_setting_that_was_refused():
    lab = ShiftLab(down=1)
    lab.down = 99
    send(lab, {"kind": "pin", "grid": MAPS[0], "row": 7, "col": 6, "cols": 13})
    assert (lab.error, lab.down) == ("", 1)


def test_new_noise_is_drawn_only_where_there_is_some():
    lab = ShiftLab()
    (button,) = (w for w in lab.children[0].children if getattr(w, "description", "") == "new noise")
    assert button.disabled
    lab.noise = 0.3
    assert not button.disabled
    before = lab.trace.picture
    click(lab, "new noise")
    assert lab.seed == 1
    assert (lab.trace.picture != before).any()


def test_only_the_controls_that_are_named_are_shown():
    lab = ShiftLab(controls="digit down")
    assert {name for name, widget in lab.boxes.items() if widget.layout.display != "none"} == {"digit", "down"}
    assert lab.redraw.layout.display == "none"


@pytest.mark.parametrize("cnn", ["plain", "pooled"])
def test_pytorch_gives_the_same_probabilities(cnn):
    lab = ShiftLab(cnn=cnn, noise=0.2, digit=6, down=3, right=-1)
    assert ("max_pool2d" in lab.torch_code()) == (cnn == "pooled")
    assert lab.check_with_torch() < 1e-5


def test_the_check_with_pytorch_would_see_another_network():
    from cnnlab.training.parity import run_torch_code

    lab = ShiftLab(noise=0.2)
    other = run_torch_code(ShiftLab(cnn="pooled").torch_code(), picture=lab.trace.picture.copy())
    assert np.abs(other[1] - lab.trace.probabilities(lab.trace.pushing.cnn)).max() > 1e-3


def test_the_code_is_shown_with_the_recipe():
    lab = ShiftLab(panel="code", digit=2)
    assert "ShiftLab(digit=2)" in shown_text(lab) and "F.conv2d" in shown_text(lab)


def test_a_page_without_widgets_has_the_picture_and_the_numbers():
    lab = ShiftLab(down=2, right=2, stain=0)
    bundle = lab._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    text = bundle["text/plain"]
    assert "MLP, 25,450 parameters: says 9: wrong" in text
    assert "CNN, 5,318 parameters: says 3: right" in text
    assert "right at 8 of 169 places" in text and "360 unseen digits: right here 1.7%" in text
    chances = re.findall(r"\d: (\d\.\d\d)", text)
    assert len(chances) == 20 and sum(float(c) for c in chances[:10]) == pytest.approx(1, abs=0.05)
    assert "without the stain" in ShiftLab(stain=1)._repr_mimebundle_()["text/plain"]


def test_what_is_shown_is_said_to_screen_readers():
    assert ShiftLab(right=-2).stage.status.startswith("a 3, pushed 2 left: MLP says ")
