"""What only the graph lab does: typed expressions, numbers changed in the picture, questions, updates."""

import re
from typing import Any

import pytest

from cnnlab.labs import GraphLab
from cnnlab.labs.graph_text import EXAMPLES
from tests.labs.looking import click, send, shown_text


@pytest.mark.parametrize("expression", [*EXAMPLES, "max(a, 0) + log(2)*b", "z = w*x; e = z - y; e^2", "3", "−x**2"])
def test_autograd_gives_the_same_gradients(expression: str) -> None:
    assert GraphLab(expression=expression).check_with_torch() < 1e-12


def test_an_example_brings_its_values_and_other_names_have_some() -> None:
    lab = GraphLab(expression="(w*x + b - y)**2 / 2")
    assert {node.name: node.value for node in lab.trace.walk.graph.inputs} == {"w": 2, "x": 3, "b": -1, "y": 4}
    lab.expression = "w*q"
    assert {node.name: node.value for node in lab.trace.walk.graph.inputs} == {"w": 2, "q": -1}


def test_a_given_number_is_changed_in_the_picture() -> None:
    lab = GraphLab()
    send(lab, {"kind": "edit", "grid": "value a", "cells": [[0, 0]], "text": "-1/2"})
    assert lab.trace.walk.graph.node("a").value == -0.5 and lab.values == "a=-0.5, b=-1, c=5"
    send(lab, {"kind": "edit", "grid": "value a", "cells": [[0, 0]], "text": "x"})
    assert "not a number" in lab.error and lab.trace.walk.graph.node("a").value == -0.5


def test_a_click_on_a_number_goes_to_where_it_comes_about() -> None:
    lab = GraphLab()
    for grid, row, step in [("node v2", 0, 1), ("node v2", 1, 4), ("gradient b", 0, 8), ("node f", 1, 3)]:
        send(lab, {"kind": "choose", "grid": grid, "row": row, "col": 0})
        assert lab.step == step


def test_a_question_is_not_given_away_and_its_answer_shows_the_number() -> None:
    lab = GraphLab(expression="a*b*c", values="a=7, b=11, c=13", step=3, predict=True)
    results = {0: "77", 1: "1001", 5: "143", 6: "91"}
    for step, value in results.items():
        lab.step = step
        assert f"{lab.trace.equation.result:g}" == value
        seen = " ".join(re.findall(">([^<]+)<", lab.svg))  # without the coordinates
        for text in (seen, lab.stage.status, lab.note.value, lab._repr_mimebundle_()["text/plain"].split("\n", 1)[1]):
            assert not re.search(rf"\b{value}\b", text), step
        assert ">?<" in lab.svg and not lab.answer(-lab.trace.equation.result)
        assert lab.answer(lab.trace.equation.result) and ">?<" not in lab.svg


def test_walking_shows_only_what_is_known() -> None:
    lab = GraphLab(expression="a*b*c", values="a=7, b=11, c=13", walk=True)
    assert ">77<" in lab.svg and ">1001<" not in lab.svg and ">143<" not in lab.svg
    lab.step = 4
    assert ">1001<" in lab.svg and ">143<" not in lab.svg
    lab.walk = False
    assert ">143<" in lab.svg


def test_one_update_lowers_the_loss_and_says_so() -> None:
    lab = GraphLab(expression="(w*x + b - y)**2 / 2", learning_rate=0.05)
    losses = [lab.trace.walk.graph.output.value]
    for _ in range(3):
        click(lab, "one update")
        losses.append(lab.trace.walk.graph.output.value)
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.1
    assert "f fell from" in shown_text(lab)
    assert [lab.trace.walk.graph.node(n).value for n in "xy"] == [3, 4]  # the data stay
    lab.learn = "b"
    w = lab.trace.walk.graph.node("w").value
    click(lab, "one update")
    assert lab.trace.walk.graph.node("w").value == w


def test_an_update_that_leaves_the_domain_is_told_and_changes_nothing() -> None:
    lab = GraphLab(expression="log(x)", values="x=1", learning_rate=2)
    before = lab.svg
    click(lab, "one update")
    assert "log needs a number above 0" in lab.error and lab.svg == before


def test_choosing_an_example_begins_anew() -> None:
    lab = GraphLab(values="a=3", step=5)
    lab.example_box.value = "x*x + 3*x"
    assert (lab.expression, lab.values, lab.step) == ("x*x + 3*x", "", 0)
    lab.expression = "x*x"
    assert lab.example_box.value == "(your own)"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"expression": "a*"}, "cannot read"),
        ({"expression": "+".join("abcdefghijklmnop")}, "31 boxes, and the picture holds 15"),
        ({"expression": "sin(" * 9 + "x" + ")" * 9}, "in a row to draw"),
        ({"values": "a=1/0"}, "a in values"),
        ({"values": "c"}, "values must be text such as"),
        ({"learn": "z"}, "learn must hold names of the expression, a, b, c, but holds 'z'"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence(settings: dict[str, Any], words: str) -> None:
    lab = GraphLab()
    before = lab.svg
    for name, value in settings.items():
        setattr(lab, name, value)
    assert words in lab.error and lab.svg == before
