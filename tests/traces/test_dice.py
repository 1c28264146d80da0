"""The Dice loss, against the deck, hand-worked overlaps, automatic differentiation and its own formulas."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.dice import dice_of_masks, dice_of_sizes
from tests.traces.calculator import check
from tests.worked import example

BAD = [
    (lambda: dice_of_sizes(50, 40, 60), "intersection must be at most 40, the smaller mask, but is 50"),
    (lambda: dice_of_sizes(-1, 40, 60), "intersection must be at least 0, but is -1"),
    (lambda: dice_of_sizes(1, 40, 60, smooth=-1), "smooth must be at least 0, but is -1"),
    (lambda: dice_of_masks([1, 0], [1, 0, 1]), "shape"),
    (lambda: dice_of_masks([2, 0], [1, 0]), "input"),
    (lambda: dice_of_masks([1, 0], [3, 0]), "target"),
    (lambda: dice_of_masks([1, np.nan], [1, 0]), r"input\[1\] is nan"),
    (lambda: dice_of_masks(np.ones((1, 1, 2)), np.ones((1, 1, 2))), r"one mask .* but its shape is \(1, 1, 2\)"),
    (lambda: dice_of_masks([], []), "one mask"),
    (lambda: dice_of_masks(torch.ones(2), [1, 0]), "input must be a NumPy array"),
    (lambda: dice_of_masks([1, 0], [1, 0]).slope(0, 0), "index must be 1 numbers"),
    (lambda: dice_of_masks([1, 0], [1, 0]).slope(2), "index must be from 0 to 1, but is 2"),
]


@st.composite
def masks(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.sampled_from([(1,), (5,), (2, 3), (4, 1)]))
    target = rng.integers(0, 2, shape).astype(float)
    target.flat[0] = 1
    return rng.integers(1, 9, shape) / 8, target, draw(st.sampled_from([0.0, 1.0]))


def test_the_loss_is_that_of_the_deck():
    entry = example("D-Q12")
    found = dice_of_sizes(**entry["given"])
    assert found.coefficient == pytest.approx(entry["expect"]["dice"], abs=entry["tol"])
    assert found.value == pytest.approx(entry["expect"]["loss"], abs=entry["tol"])
    assert [str(line) for line in found.equations()] == [
        "dice = 2·|A∩B| / (|A| + |B|) = 2·80 / (100 + 90) ≈ 0.842105",
        "loss = 1 − dice = 1 − 0.842 ≈ 0.157895",
    ]


def test_two_masks_as_a_person_works_them_out():
    found = dice_of_masks([[1, 1], [0, 0]], [[1, 0], [1, 0]])
    np.testing.assert_array_equal(found.overlap, [[1, 0], [0, 0]])
    assert (found.sizes.intersection, found.sizes.a, found.sizes.b) == (1, 2, 2)
    assert found.value == 1 - 2 * 1 / (2 + 2)
    assert str(found.slope(0, 0)) == (
        "gradient[0, 0] = (2·|A∩B| − 2·y[0, 0]·(|A| + |B|)) / (|A| + |B|)² = (2 − 2·1·4) / 4² = −0.375"
    )
    smoothed = dice_of_sizes(1, 2, 2, smooth=1).equations()[0]
    assert str(smoothed) == "dice = (2·|A∩B| + s) / (|A| + |B| + s) = (2·1 + 1) / (2 + 2 + 1) = 0.6"


def test_equal_masks_cost_nothing_and_disjoint_ones_all():
    assert dice_of_masks([1, 1, 0], [1, 1, 0]).value == 0
    assert dice_of_masks([1, 1, 0], [0, 0, 1]).value == 1


def test_two_empty_masks_are_equal():
    found = dice_of_masks([0, 0], [0, 0])
    assert (found.value, found.gradient.tolist()) == (0, [0, 0])
    assert str(found.sizes.equations()[0]) == "dice = 1"
    assert str(found.slope(0)) == "gradient[0] = 0: two empty masks = 0"


@settings(deadline=None)
@given(masks())
def test_value_and_gradient_are_those_of_automatic_differentiation(case):
    prediction, target, smooth = case
    found = dice_of_masks(prediction, target, smooth=smooth)
    p, y = torch.tensor(prediction, requires_grad=True), torch.from_numpy(target)
    loss = 1 - (2 * (p * y).sum() + smooth) / (p.sum() + y.sum() + smooth)
    loss.backward()
    assert found.value == pytest.approx(loss.item(), abs=1e-12)
    np.testing.assert_allclose(found.gradient, p.grad.numpy(), rtol=1e-10, atol=1e-14)


@settings(deadline=None)
@given(masks())
def test_each_equation_comes_to_its_number(case):
    prediction, target, smooth = case
    found = dice_of_masks(prediction, target, smooth=smooth)
    coefficient, loss = found.sizes.equations()
    assert (coefficient.result, loss.result) == (found.sizes.coefficient, found.value)
    check(coefficient)
    check(loss)
    for index in np.ndindex(prediction.shape):
        assert found.slope(*index).result == found.gradient[index]
        check(found.slope(*index))


def test_the_gradient_is_the_slope():
    prediction, target = np.array([0.9, 0.2, 0.6, 0.4]), [1, 0, 1, 1]
    differences = numerical_gradient(lambda p: dice_of_masks(p, target).value, prediction)
    np.testing.assert_allclose(dice_of_masks(prediction, target).gradient, differences, rtol=1e-6)


@pytest.mark.parametrize(("ask", "words"), BAD)
def test_what_cannot_work_says_why(ask, words):
    with pytest.raises(ValueError, match=words):
        ask()


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    mask = np.array([1.0, 0.0])
    found = dice_of_masks(mask, mask)
    mask[:] = 0
    np.testing.assert_array_equal(found.input, [1, 0])
    for array in (found.input, found.target, found.overlap, found.gradient):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 1
