"""The picture that is pushed, the two networks beside PyTorch, and one pass over a scene beside picture by picture."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.data.shift_nets import shift_nets, unseen_digit, untouched_weights
from cnnlab.traces.shift import (
    CANVAS,
    PLACES,
    REACH,
    SCENE,
    Answers,
    Pushing,
    cnn_everywhere,
    cnn_scores,
    mlp_everywhere,
    mlp_scores,
    parameters,
    pushed,
    scene,
    softmax,
)
from cnnlab.traces.shift_words import answer, called, cnn_says, mlp_says, percent, where

DIGIT = unseen_digit(3, 0)
PUSHES = list(product(range(-REACH, REACH + 1), repeat=2))
pushes = st.integers(-REACH, REACH)


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


CNN = {
    "first.weight": random(3, 1, 5, 5), "first.bias": random(3), "second.weight": random(7, 3, 5, 5) / 9,
    "second.bias": random(7, seed=2), "output.weight": random(10, 7), "output.bias": random(10, seed=3),
}  # fmt: skip
MLP = {
    "hidden.weight": random(5, CANVAS**2) / 9, "hidden.bias": random(5), "output.weight": random(10, 5),
    "output.bias": random(10, seed=4),
}  # fmt: skip


def pushing(digit=3, sample=0, pool=1, **changes):
    nets, net = shift_nets(), "pooled" if pool == 2 else "plain"
    picture = scene(unseen_digit(digit, sample), **changes)
    scores = mlp_everywhere(nets.weights["mlp"], picture), cnn_everywhere(nets.weights[net], picture, pool)
    share = np.full((PLACES, PLACES), 0.5)
    mlp, cnn = (
        Answers(name, parameters(nets.weights[key]), digit, softmax(given), share)
        for name, key, given in zip(("MLP", "CNN"), ("mlp", net), scores, strict=True)
    )
    return Pushing(
        picture,
        digit,
        mlp,
        cnn,
        pool,
        untouched_weights(),
        360,
        **{k: changes[k] for k in ("scale", "noise", "stain") if k in changes},
    )


# ---- the picture -----------------------------------------------------------------------------------------------------


def test_at_scale_1_the_digit_lies_in_the_middle_cell_by_cell():
    picture = scene(DIGIT)
    assert (picture.shape, picture.dtype) == ((SCENE, SCENE), np.float32)
    np.testing.assert_array_equal(picture[16:24, 16:24], DIGIT / np.float32(16))
    assert picture.sum() == DIGIT.sum() / 16


@pytest.mark.parametrize("scale", [0.7, 0.8, 1.1, 1.2, 1.4])
def test_a_larger_digit_has_more_ink_by_the_square_and_stays_in_the_middle(scale):
    picture = scene(np.full((8, 8), 16), scale).astype(float)
    assert picture.sum() == pytest.approx(64 * scale**2, rel=0.05)
    np.testing.assert_allclose(picture, picture[::-1, ::-1], atol=1e-6)
    np.testing.assert_allclose(picture, picture.T, atol=1e-6)
    rows = np.arange(SCENE) + 0.5
    assert (picture.sum(axis=1) @ rows) / picture.sum() == pytest.approx(SCENE / 2)


def test_twice_as_large_is_what_one_works_out_by_hand():
    """Between the middles of two cells a quarter and three quarters of the way: the usual bilinear weights."""
    row = np.zeros((8, 8))
    row[3:5, 3:5] = 16
    profile = scene(row, 2.0)[SCENE // 2, SCENE // 2 - 4 : SCENE // 2 + 4]
    np.testing.assert_allclose(profile, [0, 0.25, 0.75, 1, 1, 0.75, 0.25, 0], atol=1e-6)


def test_noise_is_the_same_for_a_seed_another_for_another_and_as_strong_as_it_says():
    gray = np.full((8, 8), 8)
    first, again, other = scene(gray, noise=0.1), scene(gray, noise=0.1), scene(gray, noise=0.1, seed=1)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    added = np.concatenate([scene(gray, noise=0.1, seed=s)[16:24, 16:24].ravel() - 0.5 for s in range(30)])
    assert added.std() == pytest.approx(0.1, rel=0.1)
    assert abs(added.mean()) < 0.01
    loud = scene(DIGIT, noise=5)
    assert (loud.min(), loud.max()) == (0, 1)


@pytest.mark.parametrize("stain", [0, 1, 4, 6])
def test_a_stain_is_full_of_ink_and_beside_the_digit(stain):
    changed = np.argwhere(scene(DIGIT, stain=stain) != scene(DIGIT))
    assert len(changed) == stain**2
    if stain:
        assert changed.min(axis=0).tolist() == [16, 27]
        assert changed.max(axis=0).tolist() == [15 + stain, 26 + stain]
        assert (scene(DIGIT, stain=stain)[tuple(changed.T)] == 1).all()
        assert changed.max() < SCENE - REACH  # all of it is on the canvas while nothing is pushed


@given(pushes, pushes)
def test_a_pushed_cell_lies_where_it_was_pushed(down, right):
    picture = np.zeros((SCENE, SCENE), np.float32)
    picture[20, 18] = 1
    assert np.argwhere(pushed(picture, down, right)).tolist() == [[20 - REACH + down, 18 - REACH + right]]


def test_what_comes_in_at_an_edge_was_there_before():
    picture = scene(DIGIT, noise=0.3)
    np.testing.assert_array_equal(pushed(picture, 3, -2)[3:, : CANVAS - 2], pushed(picture, 0, 0)[:-3, 2:])
    assert (pushed(picture, 3, 0)[:3] == picture[3:6, 6:34]).all()


# ---- the networks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", ["mlp", "plain", "pooled"])
def test_pytorch_gives_the_same_scores(net):
    import torch

    from tools.make_shift_weights import POOL, Cnn, Mlp

    weights = shift_nets().weights[net]
    model = Mlp() if net == "mlp" else Cnn(POOL[net])
    model.load_state_dict({name: torch.tensor(values) for name, values in weights.items()})
    pictures = np.stack([pushed(scene(DIGIT, noise=0.2), *push) for push in PUSHES[::17]])
    with torch.no_grad():
        theirs = model(torch.tensor(pictures)[:, None]).numpy()
    mine = mlp_scores(weights, pictures) if net == "mlp" else cnn_scores(weights, pictures, POOL[net])
    np.testing.assert_allclose(mine, theirs, atol=2e-5)


@pytest.mark.parametrize("pool", [1, 2, 3])
def test_one_pass_over_the_scene_gives_the_answers_of_every_picture(pool):
    whole = random(SCENE, SCENE, seed=9)
    pictures = np.stack([pushed(whole, *push) for push in PUSHES])
    one_by_one = cnn_scores(CNN, pictures, pool).reshape(PLACES, PLACES, 10)
    np.testing.assert_allclose(cnn_everywhere(CNN, whole, pool), one_by_one, atol=1e-4)
    assert np.ptp(one_by_one, axis=(0, 1)).min() > 0.1  # the places differ


def test_the_mlp_everywhere_is_the_mlp_picture_by_picture():
    whole = random(SCENE, SCENE, seed=9)
    pictures = np.stack([pushed(whole, *push) for push in PUSHES])
    expected = mlp_scores(MLP, pictures).reshape(PLACES, PLACES, 10)
    np.testing.assert_allclose(mlp_everywhere(MLP, whole), expected, atol=1e-5)


def test_the_cnn_by_hand():
    """One kernel that copies a cell, one that doubles it: the score is twice the brightest cell it reaches, plus 1."""
    dot, double = np.zeros((1, 1, 5, 5), np.float32), np.zeros((1, 1, 5, 5), np.float32)
    dot[0, 0, 2, 2], double[0, 0, 2, 2] = 1, 2
    weights = {
        "first.weight": dot, "first.bias": np.zeros(1, np.float32), "second.weight": double,
        "second.bias": np.zeros(1, np.float32), "output.weight": np.ones((1, 1), np.float32),
        "output.bias": np.ones(1, np.float32),
    }  # fmt: skip
    picture = np.zeros((1, CANVAS, CANVAS), np.float32)
    picture[0, 9, 11], picture[0, 20, 4], picture[0, 0, 0] = 3, 2, 100  # the middle of no window reaches the corner
    assert cnn_scores(weights, picture).tolist() == [[7]]
    assert cnn_scores(weights, picture, pool=2).tolist() == [[7]]


def test_parameters_are_counted():
    assert parameters(MLP) == 784 * 5 + 5 + 50 + 10
    assert parameters(CNN) == 75 + 3 + 7 * 75 + 7 + 70 + 10


def test_softmax_adds_up_to_1_and_stands_large_scores():
    found = softmax(np.array([[0, np.log(3)], [1000, 0]], np.float32))
    np.testing.assert_allclose(found, [[0.25, 0.75], [1, 0]], atol=1e-6)


# ---- invariance, as far as it goes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("digit", range(10))
def test_the_cnn_without_pooling_gives_the_same_probabilities_until_the_edge(digit):
    """Its two kernels see 9 x 9 cells: from 2 cells off the middle, every window that meets the digit is there."""
    found = pushing(digit).cnn.probabilities[4:-4, 4:-4]
    np.testing.assert_allclose(found, np.broadcast_to(found[2, 2], found.shape), atol=1e-5)


def test_the_cnn_with_pooling_does_so_for_even_pushes_only():
    """It sees 14 x 14 cells, every second place: only a dot keeps clear of the edge when it is pushed by 2."""
    dot = np.zeros((8, 8))
    dot[4, 4] = 16
    found = cnn_everywhere(shift_nets().weights["pooled"], scene(dot), 2)[REACH - 2 : REACH + 1, REACH - 2 : REACH + 1]
    np.testing.assert_allclose(found[::2, ::2], np.broadcast_to(found[2, 2], (2, 2, 10)), atol=1e-4)
    for odd in (found[2, 1], found[1, 2], found[1, 1]):
        assert np.abs(odd - found[2, 2]).max() > 0.1


# ---- all the answers -------------------------------------------------------------------------------------------------


def test_the_answers_by_hand():
    probabilities = np.zeros((PLACES, PLACES, 10), np.float32)
    probabilities[..., 4], probabilities[..., 3] = 0.6, 0.4
    probabilities[0, 0] = np.eye(10)[3]
    found = Answers("MLP", 1, 3, probabilities, np.zeros((PLACES, PLACES)))
    assert (found.winners[0, 0], found.winners[5, 5]) == (3, 4)
    assert (found.right_places, found.steady) == (1, 168)
    assert found.sureness[0, 0] == 1
    assert found.sureness[5, 5] == pytest.approx(-0.6)


@given(pushes, pushes)
def test_a_trace_is_its_place(down, right):
    whole = pushing()
    trace = whole.at(down, right)
    assert divmod(trace.index, PLACES) == (down + REACH, right + REACH)
    np.testing.assert_array_equal(trace.picture, pushed(whole.scene, down, right))
    expected = softmax(mlp_scores(shift_nets().weights["mlp"], trace.picture[None]))[0]
    np.testing.assert_allclose(trace.probabilities(whole.mlp), expected, atol=1e-5)
    assert trace.winner(whole.mlp) == expected.argmax()
    assert trace.is_right(whole.mlp) == (expected.argmax() == 3)
    assert trace.share(whole.mlp) == 0.5


@pytest.mark.parametrize(("down", "right", "name"), [(7, 0, "down"), (0, -7, "right")])
def test_too_far_is_refused(down, right, name):
    with pytest.raises(ValueError, match=f"{name} must be from -6 to 6, but is"):
        pushing().at(down, right)


# ---- words -----------------------------------------------------------------------------------------------------------

WHERE = [
    (0, 0, "in the middle"), (2, 0, "pushed 2 down"), (-1, 0, "pushed 1 up"), (0, 6, "pushed 6 right"),
    (-3, -4, "pushed 3 up and 4 left"),
]  # fmt: skip


@pytest.mark.parametrize(("down", "right", "text"), WHERE)
def test_the_place_in_words(down, right, text):
    assert where(pushing().at(down, right)) == text


def test_what_is_shown_in_words():
    assert called(pushing().at(0, 0)) == "a 3, in the middle"
    assert called(pushing(8).at(0, 1)) == "an 8, pushed 1 right"


def test_the_answer_in_words():
    trace = pushing().at(2, 2)
    assert answer(trace, trace.pushing.mlp) == "says 9: wrong"
    assert answer(trace, trace.pushing.cnn) == "says 3: right"
    assert percent(6 / 360) == "1.7%"


# what is changed, where it is pushed to, what the MLP meets
MEETS = [
    ({}, (0, 0), "here every weight meets the cell that it was trained on"),
    ({"scale": 1.4}, (0, 0), "enlarged, the digit lies on the weights of other cells"),
    ({"scale": 0.7, "noise": 0.1}, (0, 0), "shrunk, the digit lies on the weights of other cells"),
    ({"scale": 0.7}, (0, -1), "pushed and shrunk, the digit lies on other weights"),
    ({"noise": 0.1}, (0, 0), "here noise lies on weights that never met ink, too"),
    ({"stain": 1}, (0, 0), "here the stain lies on weights that never met ink"),
    ({"noise": 0.1, "stain": 1}, (0, 0), "here noise and stain lie on weights that never met ink"),
    ({"noise": 0.1, "stain": 1}, (1, 0), "pushed, the digit lies on the weights of other cells"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "place", "words"), MEETS)
def test_what_the_mlp_meets_is_true_of_scale_noise_and_stain(changes, place, words):
    assert mlp_says(pushing(**changes).at(*place)).startswith(f"MLP: {words}. 23,136 of its")


def test_noise_and_stain_lie_where_no_training_digit_ever_had_ink():
    for changes in ({"noise": 0.1}, {"stain": 1}):
        picture = pushing(**changes).at(0, 0).picture.copy()
        picture[10:18, 10:18] = 0
        assert picture.any()


def test_the_mlp_is_explained():
    assert mlp_says(pushing().at(0, 1)) == (
        "MLP: pushed, the digit lies on the weights of other cells. "
        "23,136 of its 25,450 parameters never met ink and are still random."
    )


def test_the_cnn_is_explained():
    assert cnn_says(pushing().at(1, 1)).startswith(
        "CNN: right at all 169 places: its feature maps move along (equivariant), the maximum forgets where (invariant)"
    )
    wrong = pushing(3, 17)
    assert wrong.cnn.right_places == 0 and wrong.cnn.steady == 169
    assert cnn_says(wrong.at(0, 3)).startswith("CNN: wrong at all 169 places: ")
    mixed = pushing(3, scale=1.4)
    assert mixed.cnn.right_places == 0 and mixed.cnn.steady == 143
    assert cnn_says(mixed.at(0, 0)).startswith("CNN: wrong at all 169 places, but not alike: at 26 the edge changes")
    edge = pushing(3, stain=5)
    assert edge.cnn.steady < 169
    assert f"another answer than in the middle at {169 - edge.cnn.steady} places. Only the edge" in cnn_says(
        edge.at(0, 0)
    )


@pytest.mark.parametrize(("down", "right", "even"), [(0, 0, 1), (2, -4, 1), (1, 0, 0), (0, 3, 0), (1, 1, 0), (2, 5, 0)])
def test_pooling_is_explained_by_where_the_picture_lies(down, right, even):
    said = cnn_says(pushing(pool=2).at(down, right))
    assert ("pooled together as in the middle" in said) == bool(even)
    assert ("pooling puts other cells together" in said) == (not even)
