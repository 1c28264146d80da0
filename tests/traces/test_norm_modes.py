"""The four modes of batch norm, and what is said of a batch."""

import pytest

from cnnlab.traces.norm import batch_normalization
from cnnlab.traces.norm_modes import Mode, as_text, forward_says, running_lines


def test_training_decides_the_statistics_and_grad_the_graph_and_neither_the_others_work() -> None:
    said = {(t, g): Mode(t, g).says() for t in (True, False) for g in (True, False)}
    assert said[True, True] == ("uses this batch", "running ones move", "graph recorded")
    assert said[False, False] == ("uses the running ones", "running ones stay", "no graph")
    for grad in (True, False):
        assert said[True, grad][:2] != said[False, grad][:2] and said[True, grad][2] == said[False, grad][2]
    for training in (True, False):
        assert said[training, True][:2] == said[training, False][:2]


SENTENCES = {
    "deck A": (dict(x=[2, 4, 6, 8], gamma=2, beta=1), "y has mean β = 1 and standard deviation γ = 2."),
    "turned": (dict(x=[2, 4], gamma=-3), "standard deviation |γ| = 3."),
    "constant": (dict(x=[4, 4, 4], beta=7), "All x are the same, so that every x̂ is 0 and every y is β = 7."),
    "large eps": (dict(x=[-1, 1], eps=3, gamma=4), "x̂ has the standard deviation 0.5 and not 1, y has 2."),
    "eval": (dict(x=[1, 5], training=False, eps=0.0), "y has mean 3 and standard deviation 2."),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_says_what_became_of_the_batch(name: str) -> None:
    settings, expected = SENTENCES[name]
    assert forward_says(batch_normalization(**settings)).endswith(expected)


def test_the_running_ones_move_in_training_alone() -> None:
    trained = batch_normalization([2, 4, 6, 8])
    assert running_lines(trained) == ("running_mean = 0.9·0 + 0.1·5 = 0.5", "running_var  = 0.9·1 + 0.1·6.67 ≈ 1.56667")
    same = batch_normalization([2, 4, 6, 8], training=False, running_mean=3, running_var=2)
    assert running_lines(same) == ("running_mean = 3, as before", "running_var  = 2, as before")


def test_the_numbers_as_text() -> None:
    text = as_text(batch_normalization([2, 4, 6, 8], 2, 1), 3, Mode(True, False))
    assert text.splitlines()[2:4] == ["y: −1.68 0.106 1.89 3.68", "batch_mean = sum of x / n = (2 + 4 + 6 + 8) / 4 = 5"]
    assert "uses this batch; running ones move; no graph" in text
