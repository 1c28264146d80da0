"""gradcheck: right gradients pass, and of wrong ones it says which entry is off."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab.gradcheck import gradcheck, numerical_gradient

X = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


def product(input: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return input @ weight


def product_backward(g: np.ndarray, input: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return g @ weight.T, input.T @ g


def test_the_gradient_of_a_sum_of_squares_is_twice_the_numbers() -> None:
    np.testing.assert_allclose(numerical_gradient(lambda x: float((x**2).sum()), X), 2 * X, rtol=1e-9)


def test_a_number_has_a_gradient_too() -> None:
    assert numerical_gradient(lambda x: float(x) ** 3, 2.0) == pytest.approx(12)


def test_the_point_is_not_written_to() -> None:
    x = X.copy()
    x.flags.writeable = False
    numerical_gradient(lambda x: float(x.sum()), x)
    gradcheck(product, product_backward, x, X.T)


def test_right_gradients_pass_and_it_says_so_for_each_input() -> None:
    found = gradcheck(product, product_backward, X, X.T)
    assert found and found.ok
    assert str(found).startswith("input: right, 6 entries, largest error ")
    assert str(found).splitlines()[1].startswith("weight: right, 6 entries")


def test_the_entry_that_is_off_is_named_with_both_answers() -> None:
    def wrong(g: np.ndarray, *given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        grad_input, grad_weight = product_backward(g, *given)
        grad_weight[2, 1] += 0.5
        grad_weight[0, 0] -= 0.125
        return grad_input, grad_weight

    found = gradcheck(product, wrong, X, X.T)
    assert not found
    assert [part.ok for part in found.inputs] == [True, False]
    assert [entry.index for entry in found.inputs[1].wrong] == [(2, 1), (0, 0)]  # the worst one first
    worst = found.inputs[1].wrong[0]
    assert worst.backward - worst.differences == pytest.approx(0.5)
    assert "weight: 2 of 6 entries are off. The worst is weight[2, 1]: the backward pass says" in str(found)


@pytest.mark.parametrize("spoiled", [np.nan, np.inf])
def test_what_is_no_number_is_off(spoiled: float) -> None:
    found = gradcheck(np.sin, lambda g, x: np.full_like(x, spoiled), X)
    assert len(found.inputs[0].wrong) == X.size


def test_the_signs_of_two_errors_do_not_cancel() -> None:
    """With the plain sum as the loss, a backward pass that mixes up its outputs would pass."""
    found = gradcheck(lambda input: input, lambda g, input: g[::-1], X)
    assert not found


def test_an_input_that_is_not_given_is_left_out() -> None:
    def forward(input: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
        return input if bias is None else input + bias

    found = gradcheck(forward, lambda g, input, bias=None: (g, None), X, None)
    assert [part.name for part in found.inputs] == ["input"]


def test_a_function_that_does_not_name_its_arguments_gets_numbers() -> None:
    found = gradcheck(lambda *given: given[0] * given[1], lambda g, a, b: (g * b, g * a), X, X + 4)
    assert [part.name for part in found.inputs] == ["input 1", "input 2"] and found


BAD = [
    (lambda: numerical_gradient(lambda x: 0.0, X, step=0), "step must be positive and finite, but is 0"),
    (lambda: numerical_gradient(lambda x: 0.0, X, step=np.inf), "step must be positive and finite, but is inf"),
    (lambda: numerical_gradient(lambda x: 0.0, X, step="a"), "step must be a number, but is 'a'"),
    (lambda: gradcheck(np.sin, lambda g, x: g * np.cos(x), X, step="a"), "step must be a number, but is 'a'"),
    (lambda: gradcheck(np.sin, lambda g, x: g * np.cos(x), X, rtol="a"), "rtol must be a number, but is 'a'"),
    (lambda: gradcheck(np.sin, lambda g, x: g * np.cos(x), X, atol=-1), "atol must be at least 0, but is -1"),
    (lambda: gradcheck(product, product_backward, X, torch.ones(3, 2)), "weight must be a NumPy array, but is a torch"),
    (lambda: numerical_gradient(lambda x: 0.0, torch.ones(2)), "x must be a NumPy array, but is a torch tensor"),
    (
        lambda: gradcheck(product, lambda *given: list(product_backward(*given)), X, X.T),
        "backward must return an array, or a tuple of them, but returns a list: use tuple(...)",
    ),
    (
        lambda: numerical_gradient(lambda x: x, X),
        "loss must return a single number, but returns an array of shape (2, 3)",
    ),
    (lambda: gradcheck(product, lambda g, *_: g, X, X.T), "backward must return 2 gradients, one for each input, but"),
    (
        lambda: gradcheck(np.sin, lambda g, x: g.T, X),
        "the gradient of x must have the shape of x, (2, 3), but has (3, 2)",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_what_cannot_be_checked_is_said(call: Any, message: str) -> None:
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)
