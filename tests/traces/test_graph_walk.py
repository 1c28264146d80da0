"""The walk through a graph: the order of its stops, what is known at each, and what is said about it."""

import pytest
import torch

from cnnlab.traces.graph import graph_of
from cnnlab.traces.graph_walk import GraphWalk, descend
from tests.traces.calculator import check

WALKS = {
    "square": ("(a*b + c)**2", {"a": 2, "b": -1, "c": 5}),
    "paths": ("x*x + 3*x", {"x": 4}),
    "loss": ("a = sigmoid(z); -(y*log(a) + (1 - y)*log(1 - a))", {"z": 0.5, "y": 1}),
    "alone": ("x", {"x": 5}),
    "number": ("3", {}),
    "off": ("relu(w*x)", {"w": -2, "x": 3}),
}


def walk(name: str) -> GraphWalk:
    expression, values = WALKS[name]
    return GraphWalk(graph_of(expression, **values))


def test_every_line_of_a_small_walk() -> None:
    stops = [walk("square").at(i).lines() for i in range(walk("square").count)]
    assert stops == [
        ("v1 = a·b = 2·(−1) = −2",),
        ("v2 = v1 + c = (−2) + 5 = 3",),
        ("f = v2^2 = 3^2 = 9",),
        ("∂f/∂f = 1",),
        ("∂f/∂v2 = 2·v2 = 2·3 = 6", "∂f/∂v2 = ∂f/∂f · ∂f/∂v2 = 1·6 = 6"),
        ("∂v2/∂v1 = 1", "∂f/∂v1 = ∂f/∂v2 · ∂v2/∂v1 = 6·1 = 6"),
        ("∂v2/∂c = 1", "∂f/∂c = ∂f/∂v2 · ∂v2/∂c = 6·1 = 6"),
        ("∂v1/∂a = b = −1", "∂f/∂a = ∂f/∂v1 · ∂v1/∂a = 6·(−1) = −6"),
        ("∂v1/∂b = a = 2", "∂f/∂b = ∂f/∂v1 · ∂v1/∂b = 6·2 = 12"),
    ]


def test_where_paths_meet_the_shares_are_named_and_added() -> None:
    last = walk("paths").at(walk("paths").count - 1)
    assert last.lines()[1].startswith("share 3 of ∂f/∂x") and last.lines()[2] == "∂f/∂x = 3 + 4 + 4 = 11"
    assert "x is used 3 times: its shares add up, to 11" in last.says()
    before = walk("paths").at(walk("paths").count - 2)
    assert len(before.lines()) == 2 and "another one is still to come" in before.says()


@pytest.mark.parametrize("name", WALKS)
def test_at_the_end_everything_is_known_and_at_each_stop_one_thing_more(name: str) -> None:
    it = walk(name)
    assert it.values(it.count) == {node.name: node.value for node in it.graph.nodes}
    assert it.gradients(it.count) == pytest.approx(dict(it.graph.gradients))
    assert it.gradients(0) == {}
    for i in range(it.count):
        stop, before, after = it.at(i), (it.values(i), it.gradients(i)), (it.values(i + 1), it.gradients(i + 1))
        assert stop.is_forward == (before[1] == after[1] and before[0] != after[0])
        if stop.is_forward:
            assert set(after[0]) - set(before[0]) == {stop.node.name}
        check(stop.equation) if stop.step is None or "share" not in stop.equation.name else None
        assert stop.says().endswith(".")


@pytest.mark.parametrize("name", WALKS)
def test_a_question_does_not_hold_its_answer(name: str) -> None:
    it = walk(name)
    for i in range(it.count):
        stop = it.at(i)
        assert stop.lines(asking=True)[-1].endswith("= ?")
        assert len(stop.lines(asking=True)) <= len(stop.lines())
        assert stop.judge(stop.equation.result)[0]
        assert not stop.judge(stop.equation.result + 1)[0]


def test_numbers_lead_to_where_they_come_about() -> None:
    it = walk("square")
    assert [it.index_of_value(n) for n in ("a", "v1", "v2", "f")] == [None, 0, 1, 2]
    assert [it.index_of_gradient(n) for n in ("f", "v2", "c", "b")] == [3, 4, 6, 8]
    assert walk("paths").index_of_gradient("x") == walk("paths").count - 1  # where it is complete
    assert walk("number").index_of_gradient("c1") is not None


@pytest.mark.parametrize(
    ("stop", "answer", "words"),
    [
        (8, 6, "only what arrived"),
        (7, -1, "local slope alone"),
        (7, 5, "do not add"),
        (8, -12, "the sign is not"),
        (0, 2, "the sign is not"),
        (8, 100, "what arrived, 6, times the local slope"),
        (1, 100, "put the numbers into v2 = v1 + c"),
        (3, 9, "by how much does f itself grow"),
    ],
)
def test_a_known_slip_is_named(stop: int, answer: float, words: str) -> None:
    right, said = walk("square").at(stop).judge(answer)
    assert not right and words in said


def test_a_sum_is_a_slip_where_a_share_is_asked_for() -> None:
    last = walk("paths").count - 1
    assert "sum so far" in walk("paths").at(last).judge(11)[1]
    assert "all ways add up to" in walk("paths").at(last - 1).judge(11)[1]


def test_a_wrong_answer_at_the_beginning_of_the_way_back_does_not_give_the_one_away() -> None:
    right, said = walk("square").at(3).judge(9)
    assert not right and "∂f/∂f = 1" not in said


def test_the_slope_of_a_power_is_written_as_in_school() -> None:
    for power, slope in [
        (2, "2·x = 2·5 = 10"),
        (3, "3·x^2 = 3·5^2 = 75"),
        (0.5, "0.5·x^(0.5 − 1) = 0.5·5^(0.5 − 1)"),
    ]:
        assert f"∂f/∂x = {slope}" in str(graph_of(f"x**{power}", x=5).backward[0].local)
    assert "b·a^(b − 1)" in str(graph_of("a**b", a=3, b=2).backward[0].local)  # b could be another number


def test_an_update_moves_only_what_is_learned_and_says_what_it_did() -> None:
    text, values = "(w*x + b - y)**2 / 2", {"w": 2, "x": 3, "b": -1, "y": 4}
    done = descend(text, graph_of(text, **values), 0.1, ("w", "b"))
    assert done.values == pytest.approx({"w": 2 - 0.1 * 3, "x": 3, "b": -1 - 0.1, "y": 4})
    assert done.after == pytest.approx(0)  # 1.7·3 − 1.1 is 4
    assert done.lines == ("new w = 2 − 0.1·3 = 1.7", "new b = −1 − 0.1·1 = −1.1")
    assert "f fell from 0.5 to 0" in done.says()
    assert "too large" in descend(text, graph_of(text, **values), 1, ("w", "b")).says()
    assert "stayed at 0.5" in descend(text, graph_of(text, **values), 0, ("w",)).says()
    with pytest.raises(ValueError, match="log needs a number above 0"):
        descend("log(x)", graph_of("log(x)", x=1), 1, ("x",))


def test_updates_are_those_of_torch() -> None:
    w, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (-1.0, 1.0))
    optimizer, text, values = torch.optim.SGD([w, b], lr=0.3), "-log(sigmoid(w*x + b))", {"w": -1.0, "x": 2.0, "b": 1.0}
    for _ in range(5):
        optimizer.zero_grad()
        (-torch.log(torch.sigmoid(w * 2 + b))).backward()
        optimizer.step()
        values = dict(descend(text, graph_of(text, **values), 0.3, ("w", "b")).values)
    assert (values["w"], values["b"]) == pytest.approx((w.item(), b.item()))
