"""What is said about a step is true of it, and an answer is judged as a fair teacher would."""

import re

import numpy as np
import pytest
from hypothesis import given

from cnnlab.data import example
from cnnlab.kernels import kernel
from cnnlab.traces import convolution
from cnnlab.traces.conv_words import judge, mistakes, says
from cnnlab.traces.text import MINUS, number
from tests.traces.settings import settings

STEP, EDGE = example("step"), kernel("vertical edge").weight
FLAT = np.full((5, 5), 7.0)

# what a step shows, a word that must be said
SAID = [
    (convolution(STEP, EDGE).at(2), "30"),
    (convolution(STEP, EDGE).at(0), "flat"),
    (convolution(STEP, EDGE, padding=1).at(0), "5 cells of this window lie in the padding: its zeros"),
    (convolution(STEP, EDGE, padding=1).at(8), "3 cells of this window lie in the padding: its zeros"),
    (convolution(STEP, EDGE, padding=1, padding_mode="reflect").at(8), "mirrors"),
    (convolution(STEP, EDGE, padding=1, padding_mode="replicate").at(8), "repeats"),
    (convolution(STEP, EDGE, padding=1, padding_mode="circular").at(8), "other side"),
    (convolution(STEP, -EDGE, relu=True).at(2), "ReLU turned −30 into 0"),
    (convolution(STEP, EDGE, stride=2).at(1), "last row and the last column"),
    (convolution(STEP, EDGE, stride=3).at(1), "last 2 rows and the last 2 columns"),
    (convolution(np.zeros((3, 3)), np.ones((3, 3))).at(0), "0"),
]

# The slip of a student, and a word of the sentence that names it, at one cell where all of them differ.
TRACE = convolution(
    np.arange(18.0).reshape(2, 3, 3) % 5 + 1,
    np.array([[[[2, 0, 1], [0, 3, -1], [0, -2, 0]], [[1, 1, 0], [0, -5, 0], [0, -6, -7]]]]),
    bias=[-2.5],
).at(0)
SLIPS = [
    (float((TRACE.window * TRACE.kernel[:, ::-1, ::-1]).sum()) - 2.5, "180 degrees"),
    (TRACE.value + 2.5, "before the bias"),
    (float(TRACE.products[0].sum()) - 2.5, "one channel only"),
    (-TRACE.value, "sign"),
    (float(TRACE.window.sum()), "window alone"),
    (float(TRACE.products.mean()), "mean"),
]
CUT = convolution([[1.0, 2.0]], [[3.0, -4.0]], relu=True).at(0)


@pytest.mark.parametrize(("trace", "words"), SAID)
def test_the_most_surprising_thing_is_said(trace, words):
    assert words in says(trace)


@given(settings())
def test_what_is_said_is_true(given_):
    whole = convolution(**given_)
    for index in {0, whole.steps // 2, whole.steps - 1}:
        trace = whole.at(index, len(whole.output) - 1)
        sentence = says(trace)
        assert sentence.endswith(".")
        if "ReLU" in sentence:
            assert whole.relu and trace.value == 0 > trace.total
        if cells := re.search(r"(\d+) cells? of this window", sentence):
            assert int(cells[1]) == trace.in_padding.sum() > 0
        if "its zeros count" in sentence:
            assert whole.padding_mode == "zeros"
        if "No window reaches" in sentence:
            assert any(whole.unreached())
        if "above 0" in sentence:
            assert trace.value > 0
        if "below 0" in sentence:
            assert trace.value < 0


def test_a_flat_window_with_a_bias_is_not_said_to_answer_0():
    trace = convolution(FLAT, EDGE, bias=[5]).at(0)
    assert trace.value == 5
    assert "the answer is 0" not in says(trace)


def test_a_kernel_is_said_to_sum_to_0_only_where_it_does():
    channels = np.stack([np.full((3, 3), 1.0), np.full((3, 3), 2.0)])
    trace = convolution(channels, np.stack([np.full((3, 3), 2.0), np.full((3, 3), -1.0)])[None]).at(0)
    assert trace.value == 0 != trace.kernel.sum()
    assert "kernel sums to 0" not in says(trace)


def test_a_number_that_relu_cut_is_not_shown_as_0():
    trace = convolution([[0.00001]], [[-1.0]], relu=True).at(0)
    assert "turned 0 into 0" not in says(trace)


def test_the_last_row_is_not_said_to_be_missed_where_only_padding_is():
    """Padding 1 makes 8 rows 10; stride 2 leaves the tenth out, and that one is no row of the image."""
    trace = convolution(STEP, EDGE, stride=2, padding=1).at(5)
    assert not trace.in_padding.any()
    assert "last row" not in says(trace)


def test_the_right_answer_is_right():
    right, sentence = judge(TRACE, TRACE.value)
    assert right and sentence == f"Right: y[0, 0] = {number(TRACE.value)}."


def test_an_answer_as_it_is_shown_is_right():
    trace = convolution([[1.0, 2.0]], [[1 / 3, 1 / 7]]).at(0)
    assert judge(trace, float(number(trace.value).replace(MINUS, "-")))[0]
    assert "≈" in judge(trace, trace.value)[1]


@pytest.mark.parametrize(("answer", "words"), SLIPS)
def test_each_slip_is_named(answer, words):
    right, sentence = judge(TRACE, answer)
    assert not right
    assert sentence.startswith(f"{number(answer)} is not it.") and words in sentence


def test_the_sum_before_relu_is_named():
    right, sentence = judge(CUT, -5)
    assert not right and "before ReLU" in sentence
    assert judge(CUT, 0)[0]


@pytest.mark.parametrize("answer", [12345.678, 1e308, float("inf"), float("-inf"), float("nan")])
def test_any_other_answer_is_wrong_and_says_what_to_do(answer):
    right, sentence = judge(TRACE, answer)
    assert not right and "Multiply cell by cell, then add up: 18 products, then the bias −2.5." in sentence


@given(settings())
def test_a_slip_is_never_taken_for_the_answer(given_):
    whole = convolution(**given_)
    for index in {0, whole.steps - 1}:
        trace = whole.at(index)
        for sentence, value in mistakes(trace):
            if abs(value - trace.value) > 0.005 * abs(trace.value) + 1e-6:
                right, answer = judge(trace, value)
                assert not right, sentence
                assert "is not it." in answer


def test_a_slip_that_is_nearly_the_answer_is_still_a_slip():
    """The bias is small beside the sum, and a student who forgets it must hear so."""
    trace = convolution([[100.0, 100.0]], [[5.0, 5.0]], bias=[1]).at(0)
    right, sentence = judge(trace, 1000)
    assert not right and "before the bias" in sentence


def test_a_slip_that_happens_to_give_the_answer_is_no_mistake():
    trace = convolution(FLAT, np.ones((3, 3))).at(0)  # turning this kernel changes nothing
    assert not any("180" in sentence for sentence, _ in mistakes(trace))
