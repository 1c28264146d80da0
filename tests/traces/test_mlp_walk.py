"""The walk through a network of two layers: the order of its stops, what each uses, and what is said about it."""

from typing import Any

import numpy as np
import pytest

from cnnlab.traces.mlp import PARAMETERS, TwoLayerMLP, two_layer_mlp
from cnnlab.traces.mlp_walk import GIVEN, MLPWalk, updated

UNIT = {
    "x": [1, 2],
    "y": [1],
    "W1": [[1, -1], [0.5, 1], [-1, 1]],
    "b1": [0, -0.5, 0.5],
    "W2": [[1, 0.5, -1]],
    "b2": [0.25],
}
TWO = UNIT | {"x": [[1, -2], [2, 0.5]], "y": [[1, 0]]}


def walk(given: dict[str, Any] = UNIT, **more: Any) -> MLPWalk:
    return MLPWalk(two_layer_mlp(**given, **more))


def changed(mlp: TwoLayerMLP, name: str, row: int, col: int) -> TwoLayerMLP:
    """The network with one of its given numbers nudged."""
    given = {n: np.array(getattr(mlp, n)) for n in GIVEN}
    given[name][row, col] += 0.37 if name != "y" else -0.37 * np.sign(given[name][row, col] - 0.5)
    return two_layer_mlp(**given, loss=mlp.loss_name)


def test_the_stops_come_in_the_order_of_computing() -> None:
    names = ("z1", "a1", "z2", "a2", "loss", "delta2", "dW2", "db2", "delta1", "dW1", "db1")
    assert walk().names == names
    assert walk(TWO).names == (*names[:4], "losses", *names[4:])


@pytest.mark.parametrize("given", [UNIT, TWO])
def test_an_entry_uses_what_its_equation_says_and_nothing_later(given: dict[str, Any]) -> None:
    it = walk(given)
    for i, name in enumerate(it.names):
        for row, col in np.ndindex(getattr(it.mlp, name).shape):
            used = it.at(i, row, col).used()
            assert all(mask.shape == getattr(it.mlp, n).shape and mask.any() for n, mask in used.items())
            assert set(used) <= {*GIVEN, *it.known(i)}


@pytest.mark.parametrize("name", ["z1", "z2"])
def test_what_an_entry_does_not_use_does_not_change_it(name: str) -> None:
    """Of the given numbers that it is computed from in one step; z2 is given the hidden units as they are."""
    it = walk(TWO)
    i = it.names.index(name)
    for row, col in np.ndindex(getattr(it.mlp, name).shape):
        stop = it.at(i, row, col)
        for given in ("x", "W1", "b1") if name == "z1" else ("W2", "b2"):
            for place in np.ndindex(getattr(it.mlp, given).shape):
                moved = getattr(changed(it.mlp, given, *place), name)[row, col] != stop.value
                assert not moved or stop.used()[given][place]


def test_delta2_is_seen_arising_with_either_loss() -> None:
    lines = walk().at(5).lines()
    assert lines[0].startswith("∂loss/∂a2[0] = (a2[0] − y[0]) / (a2[0]·(1 − a2[0]))")
    assert lines[3].startswith("delta2[0] = a2[0] − y[0] = 0.438 − 1 ≈ −0.562")
    half = walk(loss="half_squared_error").at(5)
    assert half.lines()[3].startswith("delta2[0] = (a2[0] − y[0])·a2[0]·(1 − a2[0])")
    assert "stays" in half.says() and "cancels" in walk().at(5).says()


def test_of_several_samples_each_delta_is_that_of_its_own_loss() -> None:
    """The loss is their mean: its slope at a2 is half of that with two samples."""
    it = walk(TWO)
    stop = it.at(it.names.index("delta2"), 0, 1)
    assert stop.lines()[0].startswith("∂losses[1]/∂a2[0, 1] = ") and "own sample" in stop.says()
    nudged = two_layer_mlp(it.mlp.x, it.mlp.y, it.mlp.W1, it.mlp.b1, it.mlp.W2, it.mlp.b2 + 1e-6)
    assert (nudged.losses - it.mlp.losses)[0] / 1e-6 == pytest.approx(it.mlp.delta2[0], abs=1e-5)
    assert "mean over the samples" in it.at(it.names.index("dW2")).says()
    assert "All gradients" not in it.at(it.names.index("loss")).says()


def test_a_saturated_output_is_shown_without_the_quotient() -> None:
    assert walk(UNIT | {"b2": [100]}).at(5).lines()[0] == "delta2 = a2 − y"


@pytest.mark.parametrize("given", [UNIT, TWO])
@pytest.mark.parametrize("loss", ["bce", "half_squared_error"])
def test_a_question_does_not_hold_its_answer(given: dict[str, Any], loss: str) -> None:
    it = walk(given, loss=loss)
    for i in range(len(it.names)):
        stop = it.at(i, 1)
        assert stop.lines(asking=True)[-1].endswith("= ?") and len(stop.lines(asking=True)) <= 2
        assert stop.says().endswith(".") and stop.says(asking=True).endswith("?")
        assert stop.judge(stop.value)[0] and not stop.judge(stop.value + 1)[0]


@pytest.mark.parametrize(
    ("name", "row", "answer", "words"),
    [
        ("delta1", 0, -0.562177, "ReLU was off"),
        ("delta2", 0, 0.562177, "the sign is not"),
        ("delta2", 0, -0.138371, "the other loss"),
        ("z1", 1, 2.5, "bias is missing"),
        ("z2", 0, -0.5, "bias is missing"),
        ("a1", 1, 77, "put the numbers into relu"),
    ],
)
def test_a_known_slip_is_named(name: str, row: int, answer: float, words: str) -> None:
    right, said = walk().at(walk().names.index(name), row).judge(answer)
    assert not right and words in said


def test_a_place_beyond_the_end_is_the_last_one() -> None:
    assert (walk().at(0, 99, 99).row, walk().at(0, 99, 99).col) == (2, 0)


def test_an_update_is_a_step_down_for_every_parameter() -> None:
    mlp = walk().mlp
    after, said = updated(mlp, 0.5)
    for name in PARAMETERS:
        assert np.allclose(
            getattr(after, name), getattr(mlp, name) - 0.5 * getattr(mlp, f"d{name}"), rtol=0, atol=1e-12
        )
    assert said.startswith("new W2[0, 1] = 0.5 − 0.5·(−1.12) ≈ 1.06218, and so for all 13 parameters.")
    assert said.endswith("The loss fell from 0.825939 to 0.0282881.")
    assert "stayed" in updated(mlp, 0)[1] and "rose" in updated(mlp, -1)[1]
