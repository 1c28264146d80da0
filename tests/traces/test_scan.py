"""The scan: carrying the network from place to place is a convolution, and what it finds is where it was put."""

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.data.scans import MEADOW, SIGNAL_LENGTH, flowers, scene, words
from cnnlab.traces.scan import OFFSET, SLOPE, Scan, SmallNetwork

PATTERNS = {"word": (words, (1, SIGNAL_LENGTH)), "flower": (flowers, MEADOW)}
BOTH = pytest.mark.parametrize("name", PATTERNS)


def scan(name: str, places: tuple[tuple[int, int], ...], noise: float = 0.2, threshold: float = 0.5) -> Scan:
    make, size = PATTERNS[name]
    wanted, other = make()
    x = scene(size, noise, [(wanted, place) for place in places])
    return Scan(x, SmallNetwork(wanted, other), places, threshold, name)


@BOTH
def test_the_scan_is_two_convolutions(name: str) -> None:
    s = scan(name, ((0, 30),), noise=0.7)
    np.testing.assert_allclose(s.answers, s.scanned, rtol=1e-12)
    hidden = np.maximum(ops.conv2d(s.x[None], s.network.weight), 0)
    mixing = np.array([SLOPE, -SLOPE]).reshape(1, 2, 1, 1)
    np.testing.assert_allclose(s.answers, 1 / (1 + np.exp(-ops.conv2d(hidden, mixing, [-OFFSET])[0])), rtol=1e-12)


@BOTH
def test_a_hidden_unit_answers_one_to_its_own_pattern(name: str) -> None:
    wanted, other = PATTERNS[name][0]()
    network = SmallNetwork(wanted, other)
    assert network.hidden(wanted)[0] == pytest.approx(1)
    assert network.hidden(other)[1] == pytest.approx(1)
    assert network.answer(network.hidden(wanted)) > 0.9
    assert network.answer(network.hidden(other)) < 0.1
    assert network.answer(network.hidden(0 * wanted)) < 0.01


@BOTH
@pytest.mark.parametrize("place", [(0, 0), (0, 13), (5, 29), (99, 999)])
def test_the_pattern_is_found_where_it_is(name: str, place: tuple[int, int]) -> None:
    rows, cols = scan(name, ()).answers.shape
    place = min(place[0], rows - 1), min(place[1], cols - 1)
    s = scan(name, (place,))
    assert s.largest == place and s.found == (place,) and s.hits == 1
    assert s.says().endswith(f"1 {name} found, where it is.")


@BOTH
def test_when_the_pattern_moves_its_answers_move_with_it(name: str) -> None:
    here, there = scan(name, ((3, 10),) if name == "flower" else ((0, 10),), 0), None
    there = scan(name, ((3, 15),) if name == "flower" else ((0, 15),), 0)
    np.testing.assert_allclose(here.answers[:, :-5], there.answers[:, 5:], atol=1e-12)
    assert here.answers.max() == pytest.approx(there.answers.max())


@BOTH
def test_nothing_is_found_where_nothing_is(name: str) -> None:
    s = scan(name, ())
    assert s.found == () and "nowhere above the threshold" in s.says() and s.says().endswith("and there is none.")


@BOTH
def test_a_threshold_that_is_too_high_misses_it_and_one_too_low_hears_too_much(name: str) -> None:
    places = ((0, 20),)
    assert "but there is one." in scan(name, places, threshold=0.999).says()
    assert "false alarm" in scan(name, places, noise=1.0, threshold=0.05).says()


def test_without_the_second_hidden_unit_the_other_word_is_taken_for_it() -> None:
    wanted, other = words()
    x = scene((1, SIGNAL_LENGTH), 0.0, [(other, (0, 100))])
    assert Scan(x, SmallNetwork(wanted, other), (), 0.5, "word").found == ()
    fooled = Scan(x, SmallNetwork(wanted, other, against=0.0), (), 0.5, "word")
    assert len(fooled.found) == 1 and fooled.says().endswith("1 place above the threshold, a false alarm.")


def test_what_is_missed_and_what_is_heard_falsely_is_counted_apart() -> None:
    wanted, other = words()
    x = scene((1, SIGNAL_LENGTH), 0.0, [(wanted, (0, 20)), (0.45 * wanted, (0, 80)), (wanted, (0, 150))])
    heard = Scan(x, SmallNetwork(wanted, other), ((0, 20), (0, 80)), 0.5, "word")
    assert heard.says().endswith("2 places above the threshold, 1 of 2 words found, 1 false alarm.")


def test_an_answer_is_never_said_to_be_one() -> None:
    wanted, other = words()
    x = scene((1, SIGNAL_LENGTH), 0.0, [(2 * wanted, (0, 20))])
    says = Scan(x, SmallNetwork(wanted, other), ((0, 20),), 0.5, "word").says()
    assert says == "The largest answer is more than 0.999: 1 word found, where it is."


def test_one_place_is_written_out_with_its_numbers() -> None:
    look = scan("word", ((0, 60),)).at(60)
    h0, h1 = look.hidden
    assert look.answer == pytest.approx(1 / (1 + np.exp(-(12 * h0 - 12 * h1 - 6))))
    assert look.formula().startswith("answer at place 60 = sigmoid(12·") and " − 12·" in look.formula()
    assert scan("flower", ()).at(31).place == "place [1, 1]"


def test_the_same_seed_has_the_same_noise_only_stronger() -> None:
    np.testing.assert_allclose(2 * scene((3, 4), 0.5, [], 7), scene((3, 4), 1.0, [], 7))
    assert not np.allclose(scene((3, 4), 1.0, [], 7), scene((3, 4), 1.0, [], 8))


def test_a_pattern_at_the_border_is_cut_off() -> None:
    x = scene((4, 4), 0.0, [(np.ones((2, 3)), (3, 2))])
    assert x.sum() == 2 and x[3, 2:].tolist() == [1, 1]
