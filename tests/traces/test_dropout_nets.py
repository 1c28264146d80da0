"""Networks under dropout: by hand, against the ops, and the mean over every mask against eval; 1000 units drawn."""

import math

import numpy as np
import pytest

from cnnlab.ops.dropout import dropout, dropout_mask, non_inverted_dropout
from cnnlab.traces.dropout import dropout_unit
from cnnlab.traces.dropout_draws import UNITS, DropCounts
from cnnlab.traces.dropout_nets import MOST_MASKS, SCALINGS, DropoutNet, flipped
from cnnlab.traces.dropped_nets import NETS
from tests.traces.calculator import check
from tests.worked import example

RATES = (0.0, 0.2, 0.5, 0.95)
DECK = [1, 0, 1, 0]

# a way of scaling, the two lines for the mask of the deck at p = 0.2
LINES = [
    (
        "inverted",
        "y in training = w·(x·mask / (1 − p)) = 1·2.5 + 2·0 + 3·7.5 + 4·0 = 25",
        "y in eval = w·x = 1·2 + 2·4 + 3·6 + 4·8 = 60",
    ),
    (
        "at inference",
        "y in training = w·(x·mask) = 1·2 + 2·0 + 3·6 + 4·0 = 20",
        "y in eval = w·(x·(1 − p)) = 1·1.6 + 2·3.2 + 3·4.8 + 4·6.4 = 48",
    ),
    (
        "by p",
        "y in training = w·(x·mask) = 1·2 + 2·0 + 3·6 + 4·0 = 20",
        "y in eval = w·(x·p) = 1·0.4 + 2·0.8 + 3·1.2 + 4·1.6 = 12",
    ),
]

# settings, what is said about them
SAID = [
    (("deck A", 0.5, "inverted"), "Training gives 60 on average over all masks, and so does eval."),
    (("deck A", 0.2, "at inference"), "Training gives 48 on average over all masks, and so does eval."),
    (("deck A", 0.2, "by p"), "Training gives 48 on average, but eval 12. The factor is 1 − p,"),
    (("deck A", 0.5, "by p"), "Training gives 30 on average over all masks, and so does eval. The factor is 1 − p,"),
    (("deck A", 0.2, "both"), "Training gives 60 on average, but eval 48. One of the two makes up for it;"),
    (("deck A", 0.2, "nowhere"), "Training gives 48 on average, but eval 60. Nothing makes up for the units"),
    (("deck A", 0.0, "both"), "With p = 0 nothing is dropped: training and eval are the same."),
    (("two hidden layers", 0.5, "inverted"), "4.73 on average, eval 4.56: not quite the same, as ReLU is not linear."),
]


def test_the_unit_is_that_of_the_deck():
    given, expected = example("A-dropout-unit")["given"], example("A-dropout-unit")["expect"]
    paper = DropoutNet("deck A", given["p"], "at inference", 0)
    inverted = DropoutNet("deck A", given["p"], "inverted", 0)
    np.testing.assert_array_equal(paper.net.x, given["x"])
    np.testing.assert_array_equal(paper.net.weights[0], [given["w"]])
    assert paper.at(1, given["r"]).y_train == expected["y_train_this_mask"]
    assert paper.mean == pytest.approx(expected["y_train_mean"]) == pytest.approx(paper.y_eval)
    assert inverted.at(1, given["r"]).y_train == expected["inverted_y_train_this_mask"]
    assert inverted.mean == pytest.approx(expected["inverted_y_train_mean"]) == pytest.approx(inverted.y_eval)


@pytest.mark.parametrize(("scaling", "training", "afterwards"), LINES)
def test_the_sums_read_as_a_person_would_write_them(scaling, training, afterwards):
    look = DropoutNet("deck A", 0.2, scaling, 0).at(1, DECK)
    assert [str(look.equation(True)), str(look.equation(False))] == [training, afterwards]


@pytest.mark.parametrize(("given", "words"), SAID)
def test_what_is_said_about_training_and_eval(given, words):
    assert words in DropoutNet(*given, 0).says()


@pytest.mark.parametrize("p", RATES)
def test_all_masks_of_the_unit_are_those_of_its_own_trace(p):
    net = DropoutNet("deck A", p, "at inference", 0)
    unit = dropout_unit(net.net.x, net.net.weights[0][0], p, DECK)
    assert net.mean == pytest.approx(unit.y_train_mean, abs=1e-12)
    assert net.std == pytest.approx(unit.y_train_std, abs=1e-9)


@pytest.mark.parametrize("scaling", ["inverted", "at inference"])
@pytest.mark.parametrize("p", RATES)
def test_the_layers_are_those_of_the_ops(p, scaling):
    """Layer by layer, with the dropout of `ops` and a loop over the units."""
    op = dropout if scaling == "inverted" else non_inverted_dropout
    net = DropoutNet("two hidden layers", p, scaling, 3)
    look = net.at(17)
    for training, found in ((True, look.layers), (False, net.eval_layers)):
        h = NETS["two hidden layers"].x
        np.testing.assert_array_equal(found[0], h)
        for layer, w in enumerate(net.net.weights, 1):
            h = np.array([sum(a * b for a, b in zip(row, h, strict=True)) for row in w])
            if layer < 3:
                mask = look.mask[:6] if layer == 1 else look.mask[6:]
                h = op(np.maximum(h, 0), p, training, mask=mask) if training else op(np.maximum(h, 0), p, False)
            np.testing.assert_allclose(found[layer], h, atol=1e-12)
    assert (look.y_train, net.y_eval) == (look.layers[-1][0], net.eval_layers[-1][0])


@pytest.mark.parametrize("network", NETS)
@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("p", RATES)
def test_every_output_that_is_drawn_is_that_of_its_mask(network, scaling, p):
    net = DropoutNet(network, p, scaling, 0)
    assert net.probabilities.sum() == pytest.approx(1)
    assert (len(net.values), len(net.outputs)) == (2**net.net.count, MOST_MASKS)
    for masks in (1, 2, 900):
        look = net.at(masks)
        assert look.outputs[-1] == pytest.approx(look.y_train)
        assert look.outputs[-1] == pytest.approx(net.at(1, look.mask).y_train)
        assert len(look.outputs) == masks
        assert look.mean == pytest.approx(look.outputs.mean())
        for training in (True, False):
            check(look.equation(training))
    many = net.at(MOST_MASKS)
    assert abs(many.mean - net.mean) <= 4 * many.error + 1e-9


def test_only_the_two_right_ways_agree_at_every_rate():
    agreeing = [s for s in SCALINGS if all(DropoutNet("deck A", p, s, 0).agrees for p in (0.1, 0.2, 0.5, 0.8))]
    assert agreeing == ["inverted", "at inference"]
    at_half = [s for s in SCALINGS if DropoutNet("deck A", 0.5, s, 0).agrees]
    assert at_half == ["inverted", "at inference", "by p"]


def test_one_relu_layer_would_agree_and_two_are_off_a_little():
    net = DropoutNet("two hidden layers", 0.5, "inverted", 0)
    assert (net.makes_up, net.agrees) == (True, False)
    assert net.mean == pytest.approx(net.y_eval, rel=0.05)
    second = net.net.run(np.array([[1.0] * 6 + [0.0] * 6, [1.0] * 12]))
    np.testing.assert_array_equal(second[-1][0], 0)
    np.testing.assert_array_equal(second[1][0], second[1][1])


def test_masks_are_drawn_one_by_one_and_another_rate_drops_more_of_the_same():
    few, many = DropoutNet("two hidden layers", 0.2, "inverted", 5), DropoutNet("two hidden layers", 0.7, "inverted", 5)
    assert (many.drawn <= few.drawn).all()
    assert abs(1 - few.drawn.mean() - 0.2) < 4 * math.sqrt(0.2 * 0.8 / few.drawn.size)
    other = DropoutNet("two hidden layers", 0.2, "inverted", 6)
    assert (other.drawn != few.drawn).any()
    mask = dropout_mask((MOST_MASKS, 12), 0.2, rng=np.random.default_rng(5))
    assert mask.shape == few.drawn.shape and set(np.unique(few.drawn)) == {0.0, 1.0}


def test_a_unit_is_flipped_and_what_is_not_there_is_not():
    net = DropoutNet("two hidden layers", 0.5, "inverted", 0)
    look = net.at(1, [1] * 12)
    assert flipped(look, "1", [0]) == "0 1 1 1 1 1 1 1 1 1 1 1"
    assert flipped(look, "2", [5]) == "1 1 1 1 1 1 1 1 1 1 1 0"
    for layer, unit in (("0", 0), ("3", 0), ("1", 6), ("1", -1), ("", 0)):
        assert flipped(look, layer, [unit]) == "1 1 1 1 1 1 1 1 1 1 1 1"
    with pytest.raises(ValueError, match="mask must have 12 zeros and ones for this network, but has 4"):
        net.at(1, DECK)


def test_how_many_are_dropped_is_said():
    look = DropoutNet("deck A", 0.5, "inverted", 0).at(1, DECK)
    assert look.says_mask() == "2 of 4 units dropped: one of 2⁴ = 16 sub-networks."
    assert look.says_mask(False) == "In eval no unit is dropped."
    assert look.as_text(True).startswith("mask: 1 0 1 0\n")


def test_the_error_of_the_mean_shrinks_with_the_root():
    net = DropoutNet("deck A", 0.5, "inverted", 0)
    assert net.std == pytest.approx(2 * math.sqrt(354))  # 2² + 8² + 18² + 32² = 1416, a quarter of it is the variance
    assert net.at(100).error == pytest.approx(net.std / 10)
    assert net.at(100).says_mean().endswith("± 3.8") and "±" not in net.at(100).says_mean(error=False)


@pytest.mark.parametrize("p", RATES)
def test_the_thousand_units_that_are_drawn_are_binomial(p):
    draws = DropCounts(p, 0)
    look = draws.at(MOST_MASKS)
    assert draws.binomial.mean == pytest.approx(UNITS * p)
    assert abs(look.mean - UNITS * p) <= 4 * look.error
    assert draws.counts.std() == pytest.approx(draws.binomial.std, rel=0.1)
    for masks in (1, 7):
        assert UNITS - draws.at(masks).mask.sum() == draws.at(masks).count == draws.counts[masks - 1]


def test_five_hundred_of_a_thousand_is_rare():
    """Deck A says that 500 are removed in each iteration."""
    expected = example("A-dropout-mask")["expect"]
    draws = DropCounts(0.5, 0)
    assert draws.binomial.std == pytest.approx(expected["std_dropped_of_1000_at_half"], abs=5e-4)
    exactly = math.comb(1000, 500) / 2**1000
    first, last, probability = draws.near
    assert (first, last) == (485, 515)
    assert probability == pytest.approx(sum(math.comb(1000, k) for k in range(485, 516)) / 2**1000)
    assert draws.says() == (
        f"Exactly 500 has the probability {exactly:.3f}; 485 to 515, the mean ± one standard deviation, 0.673."
    )
    assert DropCounts(0, 0).says() == "With p = 0 nothing is dropped, whatever is drawn."
    assert draws.at(1).as_text().splitlines()[0] == f"{draws.at(1).count} of 1000 dropped by this mask"
