"""One contract for all labs, whatever they show: nothing that is moved, typed or reported ever breaks one.

The labs and the values of their settings are those of ``every_lab.py``.
"""

import gc
import importlib
import pkgutil
import re
import sys
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from ipywidgets.widgets import widget

import cnnlab.labs
from cnnlab.labs.base import Lab
from cnnlab.labs.numbers import same
from tests.labs.every_lab import CHANNELS, CONVOLUTION, IDS, LABS, SETTING_IDS, SETTINGS
from tests.labs.looking import GRIDS, JARGON, TEXTS, AnyLab, message, send, still
from tests.labs.rows.row import Row

LONGEST = 400  # signs of a sentence that a student still reads
CHANGES = 40


every_lab = pytest.mark.parametrize("row", LABS, ids=IDS)
every_setting = pytest.mark.parametrize(("row", "name"), SETTINGS, ids=SETTING_IDS)


def assert_is_told(row: Row, lab: AnyLab, name: str) -> None:
    """The lab says one plain sentence about this setting, in the trait and on the page."""
    said = str(lab.error)
    assert said, f"{name}={getattr(lab, name)!r} was taken"
    assert row.names(name, said), said
    assert not JARGON.search(said) and "wrong in the lab itself" not in said, said
    assert "\n" not in said and len(said) <= LONGEST, said
    assert 'role="alert"' in lab.note.value


def test_every_lab_is_in_the_table() -> None:
    labs = set()
    for module in pkgutil.iter_modules(cnnlab.labs.__path__, "cnnlab.labs."):
        found = vars(importlib.import_module(module.name)).values()
        labs |= {c for c in found if isinstance(c, type) and issubclass(c, Lab) and c.draw is not Lab.draw}
    assert {row.lab for row in LABS} == labs


# ---- settings --------------------------------------------------------------------------------------------------------


@every_lab
def test_every_setting_is_in_the_table_in_the_docstring_and_an_argument(row: Row) -> None:
    names = row.lab.setting_names()
    assert set(names) == set(row.good) == set(row.bad)
    assert {*row.company, *row.unseen, *row.called} <= set(names)
    assert set(names) <= set(re.findall(r"``(\w+)``", row.lab.__doc__ or ""))
    defaults = {name: row.lab.class_traits()[name].default() for name in names}
    assert row.lab(**defaults).recipe() == f"{row.lab.__name__}()"


@every_setting
def test_every_good_value_draws_a_picture_and_one_changes_it(row: Row, name: str) -> None:
    lab = row.lab(**row.made_for(name))
    before, pictures = still(lab), []
    for value in row.good[name]:
        setattr(lab, name, value)
        assert lab.error == "", value
        ElementTree.fromstring(lab.svg)
        pictures.append(still(lab))
    assert any(picture != before for picture in pictures) == (name not in row.unseen)


@every_setting
def test_every_bad_value_is_told_and_the_picture_stays(row: Row, name: str) -> None:
    lab = row.lab(**row.made_for(name))
    picture, good = still(lab), getattr(lab, name)
    for i, value in enumerate(row.bad[name]):
        setattr(lab, name, value)
        assert_is_told(row, lab, name)
        assert still(lab) == picture
        if i % 2:
            lab.reset()
        else:
            setattr(lab, name, good)
        assert (lab.error, still(lab)) == ("", picture)


@every_lab
def test_a_lab_made_with_a_bad_value_shows_its_defaults_and_is_mended_by_a_good_one(row: Row) -> None:
    default = still(row.lab())
    for name, values in row.bad.items():
        lab = row.lab(**{name: values[0]})
        assert_is_told(row, lab, name)
        assert still(lab) == default
        with lab.hold():
            for other, value in {**row.made_for(name), name: row.good[name][0]}.items():
                setattr(lab, other, value)
        assert lab.error == ""


@every_lab
@pytest.mark.parametrize("seed", range(2))
def test_forty_changes_in_any_order(row: Row, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lab = row.lab()
    for i in range(CHANGES):
        name = str(rng.choice([*row.good]))
        values = row.bad[name] if rng.random() < 0.2 else row.good[name]
        before = still(lab)
        setattr(lab, name, values[rng.integers(len(values))])
        settings = {name: getattr(lab, name) for name in lab.setting_names()}
        assert "wrong in the lab itself" not in lab.error, settings
        assert not JARGON.search(lab.error), settings
        if lab.error:
            assert still(lab) == before, settings
            lab.reset()
            assert lab.error == "", settings
        else:
            ElementTree.fromstring(lab.svg)
            if i % 4 == 0:  # the way on which it came here does not matter
                assert still(row.lab(**settings)) == still(lab), settings


# What the labs owe still: each of these fails as soon as it is mended, and belongs into the table then.


def test_an_array_in_the_place_of_one_value_is_told_in_one_line() -> None:
    for row in LABS:
        lab = row.lab()
        for name in row.lab.setting_names():
            if row.bad[name] and row.lab.class_traits()[name].metadata["check"]:
                setattr(lab, name, np.zeros((30, 30)))
                assert_is_told(row, lab, name)
                lab.reset()


@pytest.mark.parametrize("value", [None, 3])
def test_a_gray_mix_that_is_one_thing_is_told(value: object) -> None:
    lab = CHANNELS.lab()
    lab.gray = value
    assert_is_told(CHANNELS, lab, "gray")


@pytest.mark.parametrize(("row", "name"), [(CONVOLUTION, "step"), (CONVOLUTION, "filter"), (CHANNELS, "row")])
def test_a_lab_made_with_a_bad_place_is_mended_by_the_default_one(row: Row, name: str) -> None:
    lab = row.lab(**{name: -1})
    assert getattr(lab, name) == -1
    setattr(lab, name, row.lab.class_traits()[name].default())
    assert lab.error == ""


def test_a_reset_takes_back_what_was_said_about_a_cell() -> None:
    lab = CONVOLUTION.lab()
    send(lab, {"kind": "edit", "grid": "input", "cells": [[0, 0]], "text": "x"})
    assert lab.error
    lab.reset()
    assert lab.error == ""


# ---- what is shown ---------------------------------------------------------------------------------------------------


@every_lab
def test_the_recipe_rebuilds_the_lab(row: Row) -> None:
    single = [{**row.made_for(name), name: values[-1]} for name, values in row.good.items()]
    for look in ({}, *row.looks, *single):
        lab = row.lab(**look)
        assert lab.error == "", look
        again = eval(lab.recipe(), {row.lab.__name__: row.lab})
        assert again.svg == lab.svg, lab.recipe()
        assert lab.recipe() == repr(lab)


@every_lab
def test_two_labs_with_the_same_settings_draw_the_same_bytes(row: Row) -> None:
    for look in ({}, *row.looks):
        assert row.lab(**look).svg == row.lab(**look).svg


@every_lab
def test_a_page_without_widgets_gets_a_picture_and_words(row: Row) -> None:
    for look in ({}, row.looks[0]):
        lab = row.lab(**look)
        bundle = lab._repr_mimebundle_()
        recipe, words = bundle["text/plain"].split("\n", 1)
        assert recipe == lab.recipe()
        assert words.strip()
        assert not re.search(r"0x[0-9a-f]{6}|object at|array\(|np\.", bundle["text/plain"])
        assert bundle["image/png"].startswith(b"\x89PNG")
    name, values = next(iter(row.bad.items()))
    refused = row.lab(**{name: values[0]})
    assert f"\nnot shown: {refused.error}\n" in refused._repr_mimebundle_()["text/plain"]


@every_lab
def test_a_control_shows_what_its_setting_is(row: Row) -> None:
    """Those that offer a list: a slider may end before the setting does."""
    lab = row.lab()
    for name, values in row.good.items():
        control = lab._tied.get(name)
        for value in values if hasattr(control, "options") else ():
            setattr(lab, name, value)
            assert lab.error or control.value == getattr(lab, name), (name, value)
        lab.reset()


# ---- what the page reports -------------------------------------------------------------------------------------------


def assert_goes_on(row: Row, lab: AnyLab, event: dict[str, Any]) -> None:
    """After a report of the page the lab is whole, and with the next changes nothing is said about it any more."""
    send(lab, event)
    assert "wrong in the lab itself" not in lab.error, event
    assert not JARGON.search(lab.error), event
    ElementTree.fromstring(lab.svg)
    if lab.error:
        name, values = next(iter(row.good.items()))
        setattr(lab, name, next(value for value in values if not same(value, getattr(lab, name))))
        lab.reset()
        assert lab.error == "", event


def reports(svg: str, rng: np.random.Generator, count: int) -> list[dict[str, Any]]:
    """What a page that shows this picture can report, some of it more than once."""
    grids = []
    for group in re.findall(r"<g [^>]*data-grid=[^>]*>", svg):
        name, box, on = (re.search(rf'{data}="([^"]+)"', group) for data in ("data-grid", "data-box", "data-on"))
        assert name and box and on
        rows, cols = (int(n) for n in box[1].split()[4:])
        grids.append((name[1], rows, cols, [kind for kind in on[1].split() if kind not in ("steps", "held")]))
    found: list[dict[str, Any]] = [{"kind": "leave"}, {"kind": "alive"}]
    for _ in range(count if grids else 0):
        name, rows, cols, kinds = grids[rng.integers(len(grids))]
        row, col = int(rng.integers(rows)), int(rng.integers(cols))
        cell = {"row": row, "col": col, "cols": cols, "cells": [[row, col]], "text": str(rng.choice(TEXTS))}
        found.append({"kind": str(rng.choice(kinds)), "grid": name, **cell})
    return found


@every_lab
def test_a_person_points_at_a_picture_even_at_one_that_is_gone(row: Row) -> None:
    rng = np.random.default_rng(7)
    for look, gone in zip([*row.looks, {}], [{}, *row.looks], strict=True):
        lab = row.lab(**look)
        for event in [*reports(lab.svg, rng, 12), *reports(row.lab(**gone).svg, rng, 8)]:
            assert_goes_on(row, lab, event)


@every_lab
def test_reports_that_make_no_sense(row: Row) -> None:
    rng, lab = np.random.default_rng(100), row.lab()
    for _ in range(60):
        assert_goes_on(row, lab, message(rng, [*GRIDS, "no such grid"]))


# ---- the end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("step",)], ids=["a setting that does not exist", "no name"])
def test_a_refused_argument_raises_and_leaves_nothing_behind(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No widget, and no exception in ``__del__`` either: a student would see it below the true one."""
    before, unraisable = set(widget._instances), list[Any]()
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    for row in LABS:
        refused = "positional argument" if arguments else f"{row.lab.__name__} has no setting 'nonsense'"
        with pytest.raises(TypeError, match=refused):
            row.lab(*arguments, nonsense=1)
    gc.collect()
    assert [(type(u.exc_value), u.object) for u in unraisable] == []
    assert set(widget._instances) == before


@every_lab
def test_a_closed_lab_leaves_no_widget_behind(row: Row) -> None:
    before = set(widget._instances)
    lab = row.lab()
    for panel in row.good.get("panel", ()):
        lab.panel = panel
    lab.close()
    assert [widget._instances[i] for i in set(widget._instances) - before] == []
