"""The size formulas against the decks' answers and against the length of what PyTorch really returns."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab.shapes import (
    conv_output_derivation,
    conv_output_size,
    kernel_extent,
    same_padding,
    same_padding_derivation,
)
from tests.formulas import evaluated
from tests.worked import example

# id of a worked example, where in its "expect" the output size stands
SIZES = [
    ("A-out-8", "n_out", ()),
    ("A-out-10", "n_out", ()),
    ("A-out-10", "shape_hwc", (0, 1)),
    ("B-maps", "shape_chw", (1, 2)),
    ("B-same", "n_out", ()),
    ("D-Q1", "shape_hwc", (0, 1)),
    ("D-Q2", "shape_hwc", (0, 1)),
    ("D-Q3", "shape_hwc", (0, 1)),
    ("E-six", "shape_hwc", (0, 1)),
    ("E-ten", "shape_hwc", (0, 1)),
    ("C-six-filters", "shape_chw", (1, 2)),
]

# (n, kernel_size, stride, padding, dilation), the derivation as a person would write it
DERIVATIONS = [
    ((8, 3, 1, 1, 1), "size = ⌊(n + 2p − k) / s⌋ + 1 = ⌊(8 + 2·1 − 3) / 1⌋ + 1 = 8"),
    ((10, 5, 2, 2, 1), "size = ⌊(n + 2p − k) / s⌋ + 1 = ⌊(10 + 2·2 − 5) / 2⌋ + 1 = 5"),
    ((7, 3, 1, 0, 2), "size = ⌊(n + 2p − (d(k − 1) + 1)) / s⌋ + 1 = ⌊(7 + 2·0 − (2·(3 − 1) + 1)) / 1⌋ + 1 = 3"),
    ((6, 2, 1, (0, 1), 1), "size = ⌊(n + p₁ + p₂ − k) / s⌋ + 1 = ⌊(6 + 0 + 1 − 2) / 1⌋ + 1 = 6"),
]

SAME_DERIVATIONS = [  # kernel_size, dilation, the lines
    (5, 1, ["p = (k − 1) / 2 = (5 − 1) / 2 = 2"]),
    (2, 4, ["p = d(k − 1) / 2 = 4·(2 − 1) / 2 = 2"]),
    (4, 1, ["p₁ = ⌊(k − 1) / 2⌋ = ⌊(4 − 1) / 2⌋ = 1", "p₂ = ⌈(k − 1) / 2⌉ = ⌈(4 − 1) / 2⌉ = 2"]),
    (2, 3, ["p₁ = ⌊d(k − 1) / 2⌋ = ⌊3·(2 − 1) / 2⌋ = 1", "p₂ = ⌈d(k − 1) / 2⌉ = ⌈3·(2 − 1) / 2⌉ = 2"]),
]

# kernel_size, dilation, cells before and after
SAME = [(1, 1, (0, 0)), (2, 1, (0, 1)), (4, 1, (1, 2)), (3, 2, (2, 2)), (2, 3, (1, 2)), (4, 3, (4, 5))]

# arguments that cannot work, words of the answer
BAD = [
    ({"n": 8, "kernel_size": 3, "stride": 0}, "stride must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 3, "stride": -2}, "stride must be at least 1, but is -2"),
    ({"n": 2, "kernel_size": 3}, "the kernel covers 3 but the padded input is only 2"),
    (
        {"n": 4, "kernel_size": 3, "dilation": 2},
        r"covers 5 \(kernel_size 3, dilation 2\) but the padded input is only 4",
    ),
    ({"n": 8, "kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 3, "dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 3, "padding": -1}, "padding must be at least 0, but is -1"),
]


@pytest.mark.parametrize(("worked", "key", "axes"), SIZES)
def test_the_size_is_the_one_that_the_deck_asks_for(worked, key, axes):
    given_, expected = example(worked)["given"], example(worked)["expect"][key]
    size = conv_output_size(given_["n"], given_["k"], given_.get("s", 1), given_.get("p", 0))
    for wanted in [expected[axis] for axis in axes] if axes else [expected]:
        assert size == wanted


@pytest.mark.parametrize("worked", ["B-arith", "C-table"])
def test_every_case_of_a_deck_table_has_its_size(worked):
    cases, expected = example(worked)["given"]["cases"], example(worked)["expect"]["n_out"]
    assert [conv_output_size(c["n"], c["k"], c["s"], c["p"]) for c in cases] == expected


def test_convolutions_without_padding_shrink_an_image_step_by_step():
    sizes = example("E-shrink")["expect"]["sizes"]
    assert [conv_output_size(n, example("E-shrink")["given"]["k"]) for n in sizes[:-1]] == sizes[1:]


def test_the_exam_network_halves_its_maps():
    shapes = example("B-exam")["expect"]["shapes"]
    assert conv_output_size(32, 3, 2, 1) == shapes[0][1]
    assert conv_output_size(shapes[1][1], 3, 2, 1) == shapes[2][1]


def test_padding_makes_an_image_larger_on_both_sides():
    n, p = example("A-pad-size")["given"].values()
    assert conv_output_size(n, 1, 1, p) == example("A-pad-size")["expect"]["size"]


def test_the_padding_that_keeps_the_size_is_the_one_of_the_deck():
    kernels, paddings = example("C-same")["given"]["k"], example("C-same")["expect"]["p"]
    assert [same_padding(k) for k in kernels] == [(p, p) for p in paddings]
    p = example("D-Q5")["expect"]["padding"]
    assert same_padding(example("D-Q5")["given"]["k"]) == (p, p)


@pytest.mark.parametrize(("kernel_size", "dilation", "expected"), SAME)
def test_an_odd_cell_of_same_padding_goes_to_the_end(kernel_size, dilation, expected):
    assert same_padding(kernel_size, dilation) == expected
    assert conv_output_size(20, kernel_size, 1, expected, dilation) == 20


@pytest.mark.parametrize(("arguments", "text"), DERIVATIONS)
def test_the_derivation_reads_as_a_person_would_write_it(arguments, text):
    assert str(conv_output_derivation(*arguments)) == text


def test_the_derivation_is_called_what_the_caller_says():
    assert str(conv_output_derivation(8, 3, name="height")).startswith("height = ⌊")


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_what_cannot_work_says_why(arguments, words):
    with pytest.raises(ValueError, match=words):
        conv_output_size(**arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((2.5,), "kernel_size must be a whole number, but is 2.5"),
        ((0,), "kernel_size must be at least 1, but is 0"),
        ((3, "a"), "dilation must be a whole number, but is 'a'"),
    ],
)
def test_a_kernel_that_cannot_be_covers_nothing(arguments, words):
    with pytest.raises(ValueError, match=words):
        kernel_extent(*arguments)


def test_numpy_integers_work_as_well_as_pythons():
    three, two, one = np.int64(3), np.int32(2), np.uint8(1)
    assert conv_output_size(np.int64(8), three, two, one, one) == conv_output_size(8, 3, 2, 1, 1) == 4


@pytest.mark.parametrize("name", ["kernel_size", "dilation"])
def test_same_padding_of_what_cannot_be_says_why(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 1, but is 0"):
        same_padding(**{"kernel_size": 3, name: 0})


@pytest.mark.parametrize(("kernel_size", "dilation", "lines"), SAME_DERIVATIONS)
def test_same_padding_has_one_line_or_one_for_each_side(kernel_size: int, dilation: int, lines: list[str]) -> None:
    derivations = same_padding_derivation(kernel_size, dilation)
    assert [str(line) for line in derivations] == lines
    assert [evaluated(line) for line in derivations] == [line.result for line in derivations]
    assert (derivations[0].result, derivations[-1].result) == same_padding(kernel_size, dilation)


SMALL = st.integers(1, 4)


@run_with(deadline=None)
@given(st.integers(1, 20), st.integers(1, 5), SMALL, st.integers(0, 4), SMALL)
def test_the_size_is_the_length_of_what_pytorch_returns(n, k, s, p, d):
    assume(kernel_extent(k, d) <= n + 2 * p)
    y = functional.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), stride=s, padding=p, dilation=d)
    assert conv_output_size(n, k, s, p, d) == y.shape[2]


@given(st.integers(1, 20), st.integers(1, 5), SMALL, st.integers(0, 4), st.integers(0, 4), SMALL)
def test_the_numbers_of_a_derivation_evaluate_to_its_result(n, k, s, before, after, d):
    assume(kernel_extent(k, d) <= n + before + after)
    derivation = conv_output_derivation(n, k, s, (before, after), d)
    assert evaluated(derivation) == derivation.result
