"""Kernels of any size, the gradient magnitude, and kernels taken apart."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.kernels import (
    KERNELS,
    box_kernel,
    gaussian_kernel,
    gradient_magnitude,
    is_separable,
    kernel,
    kernel_rank,
    separability_says,
    separate,
)

SEPARABLE = [  # name, column, row, as a person would write them
    ("identity", [0, 1, 0], [0, 1, 0]),
    ("vertical edge", [1, 1, 1], [1, 0, -1]),
    ("vertical edge, right", [1, 1, 1], [-1, 0, 1]),
    ("horizontal edge", [1, 0, -1], [1, 1, 1]),
    ("prewitt x", [1, 1, 1], [-1, 0, 1]),
    ("prewitt y", [-1, 0, 1], [1, 1, 1]),
    ("sobel x", [1, 2, 1], [-1, 0, 1]),
    ("sobel y", [-1, 0, 1], [1, 2, 1]),
    ("scharr x", [3, 10, 3], [-1, 0, 1]),
    ("scharr y", [-1, 0, 1], [3, 10, 3]),
    ("box blur", [1 / 3, 1 / 3, 1 / 3], [1 / 3, 1 / 3, 1 / 3]),
    ("gaussian", [1 / 4, 2 / 4, 1 / 4], [1 / 4, 2 / 4, 1 / 4]),
    ("ones", [1, 1, 1], [1, 1, 1]),
    ("signal", [1], [1, 0, -1]),
]
RANKS = [  # name, how many products of a column and a row it takes
    ("laplacian", 2),
    ("laplacian 8", 2),
    ("strong edges", 2),
    ("sharpen", 2),
    ("gaussian 5", 3),  # rounded to whole numbers, it is a Gaussian only nearly
    ("diagonal", 2),
    ("corner", 3),
    ("one to nine", 2),
]
FACTORS = [  # what was multiplied: column, row; what comes back
    ([2, 4, 2], [-1, 0, 1], [2, 4, 2], [-1, 0, 1]),
    ([-1, -1], [1, 1], [1, 1], [-1, -1]),
    ([0.5, 1, 0.5], [-1, 0, 1], [1 / 4, 2 / 4, 1 / 4], [-2, 0, 2]),
    ([-0.5, 0, 0.5], [1, 2, 1], [-2, 0, 2], [1 / 4, 2 / 4, 1 / 4]),
    ([0.1, -0.3, 0.2], [1, 1], [0.2, -0.6, 0.4], [1 / 2, 1 / 2]),  # 0.1 - 0.3 + 0.2 is not 0 in binary
    ([0, 0], [0, 0, 0], [0, 0], [0, 0, 0]),
    ([0.5], [0.5], [1], [1 / 4]),
]
SENTENCES = [
    ("sobel x", "Separable: a column times a row. One after the other they take 3 + 3 = 6 multiplications an output "
                "cell instead of 3·3 = 9."),
    ("laplacian", "Not separable: no column times a row gives these weights, it takes a sum of 2 such products."),
    ("signal", "A single row or column: there is nothing to take apart."),
]  # fmt: skip
BAD = [
    ({"kernel": [1, 2, 1]}, r"kernel must have the axes \(kh, kw\), at least one cell each, but its shape is \(3,\)"),
    ({"kernel": np.zeros((0, 3))}, r"but its shape is \(0, 3\)"),
    ({"kernel": [[1, np.nan]]}, "kernel must hold finite numbers"),
    ({"kernel": [[1, np.inf]]}, "kernel must hold finite numbers"),
    ({"kernel": "sobel x"}, "kernel must hold real numbers"),
    ({"kernel": torch.ones(2, 2)}, "kernel must be a NumPy array, but is a torch tensor"),
    ({"kernel": np.full((2, 2), 1e308)}, "kernel must have a sum that a computer can hold, but has not: use smaller"),
    ({"kernel": [[1]], "tolerance": "a"}, "tolerance must be a number, but is 'a'"),
    ({"kernel": [[1]], "tolerance": -1e-3}, "tolerance must be at least 0 and below 1, but is -0.001"),
    ({"kernel": [[1]], "tolerance": 1.0}, "tolerance must be at least 0 and below 1, but is 1.0"),
]


# ---- box and Gaussian --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_a_box_is_a_mean_of_its_cells(size: int) -> None:
    box = box_kernel(size)
    assert box.weight.tolist() == [[1 / size**2] * size] * size
    assert box.sum == 1
    assert (box.name, box.source) == (f"box {size}", f"{size**2} times 1/{size**2}")


def test_the_box_blur_of_the_course_is_the_box_of_three() -> None:
    np.testing.assert_array_equal(kernel("box blur").weight, box_kernel(3).weight)


@pytest.mark.parametrize(("size", "sigma"), [(1, 1.0), (2, 0.5), (3, 0.85), (5, 1), (7, 1.5), (4, 100.0)])
def test_a_gaussian_is_its_formula_divided_by_its_sum(size: int, sigma: float) -> None:
    c = (size - 1) / 2
    bell = np.array(
        [[np.exp(-((i - c) ** 2 + (j - c) ** 2) / (2 * sigma**2)) for j in range(size)] for i in range(size)]
    )
    gaussian = gaussian_kernel(size, sigma)
    np.testing.assert_allclose(gaussian.weight, bell / bell.sum(), rtol=1e-13)
    assert gaussian.sum == 1
    assert not gaussian.weight.flags.writeable
    assert gaussian.name == f"gaussian {size}, sigma {sigma:g}"
    assert ("Copies the picture" in gaussian.says) == (size == 1)


def test_the_whole_numbers_of_the_deck_are_a_gaussian_of_width_one_but_for_a_hundredth() -> None:
    difference = gaussian_kernel(5, 1).weight - kernel("gaussian 5").weight
    assert abs(difference).max() == difference[2, 2] < 0.012  # the deck gives the center a little less
    assert abs(np.delete(difference, 12)).max() < 0.004


def test_a_narrow_gaussian_copies_and_a_wide_one_is_a_box() -> None:
    np.testing.assert_array_equal(gaussian_kernel(3, 1e-200).weight, kernel("identity").weight)
    np.testing.assert_allclose(gaussian_kernel(4, 1e9).weight, box_kernel(4).weight, rtol=1e-12)
    assert gaussian_kernel(2, 1e-300).weight.tolist() == [[0.25, 0.25], [0.25, 0.25]]


def test_two_gaussians_one_after_the_other_are_nearly_one_of_the_summed_variances() -> None:
    dot = np.zeros((1, 1, 25, 25))
    dot[..., 12, 12] = 1
    for sigma in (1.2, 1.6):
        dot = ops.conv2d(dot, gaussian_kernel(13, sigma).weight[None, None], padding="same")
    np.testing.assert_allclose(dot[0, 0], gaussian_kernel(25, 2.0).weight, atol=2e-5)


@pytest.mark.parametrize("sigma", [0, -1.0, np.inf, np.nan, "a", None, True])
def test_a_gaussian_without_a_width_says_why(sigma: Any) -> None:
    with pytest.raises(ValueError, match=f"sigma must be a (positive )?number, but is {sigma!r}"):
        gaussian_kernel(3, sigma)


@pytest.mark.parametrize(("size", "words"), [(0, "at least 1, but is 0"), (2.0, "a whole number, but is 2.0")])
def test_a_blur_of_no_size_says_why(size: Any, words: str) -> None:
    for make in (box_kernel, lambda size: gaussian_kernel(size, 1.0)):
        with pytest.raises(ValueError, match=f"size must be {words}"):
            make(size)


# ---- the gradient ------------------------------------------------------------------------------------------------


def test_the_gradient_magnitude_is_the_root_of_a_sum_of_squares_and_not_a_mean() -> None:
    assert gradient_magnitude([[3, 0, -5]], [[4, -2, 12]]).tolist() == [[5, 2, 13]]


def test_the_edge_of_a_square_is_as_strong_upright_as_lying() -> None:
    square = np.pad(np.ones((4, 4)), 3)[None, None]
    gx, gy = (ops.conv2d(square, kernel(f"sobel {axis}").weight[None, None]) for axis in "xy")
    magnitude = gradient_magnitude(gx, gy)[0, 0]
    np.testing.assert_array_equal(magnitude, magnitude.T)
    np.testing.assert_array_equal(magnitude, magnitude[::-1])
    assert magnitude[1, 3] == 4  # in the middle of a side: the weights of one side of the kernel


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_gradient_magnitude_keeps_its_dtype_and_writes_nowhere(dtype: str) -> None:
    gx, gy = np.array([3.0, 0.0], dtype), np.array([-4.0, 0.0], dtype)
    for part in (gx, gy):
        part.flags.writeable = False
    length = gradient_magnitude(gx, gy)
    assert (length.dtype, length.tolist()) == (dtype, [5.0, 0.0])
    assert not np.shares_memory(length, gx) and not np.shares_memory(length, gy)


def test_large_changes_do_not_overflow() -> None:
    assert gradient_magnitude([3e200], [4e200])[0] == pytest.approx(5e200)


def test_two_gradients_of_different_shapes_say_why() -> None:
    with pytest.raises(ValueError, match=r"gx and gy must have the same shape, but are \(2, 3\) and \(3,\)"):
        gradient_magnitude(np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="gx must be a NumPy array, but is a torch tensor"):
        gradient_magnitude(torch.zeros(3), np.zeros(3))  # type: ignore[arg-type]


# ---- separability ------------------------------------------------------------------------------------------------


def test_the_tables_here_name_every_kernel() -> None:
    assert {name for name, *_ in SEPARABLE} | {name for name, _ in RANKS} == set(KERNELS)
    assert len(SEPARABLE) + len(RANKS) == len(KERNELS)


@pytest.mark.parametrize(("name", "column", "row"), SEPARABLE)
def test_a_separable_kernel_is_the_column_and_the_row_that_a_person_would_write(
    name: str, column: list[float], row: list[float]
) -> None:
    parts = separate(kernel(name))
    assert parts is not None and is_separable(kernel(name)) and kernel_rank(kernel(name)) == 1
    np.testing.assert_allclose(parts.column, column, rtol=1e-15)
    np.testing.assert_allclose(parts.row, row, rtol=1e-15)
    assert not np.signbit(parts.column[parts.column == 0]).any() and not np.signbit(parts.row[parts.row == 0]).any()


@pytest.mark.parametrize(("name", "rank"), RANKS)
def test_any_other_kernel_has_a_higher_rank(name: str, rank: int) -> None:
    assert separate(kernel(name)) is None
    assert not is_separable(kernel(name))
    assert kernel_rank(kernel(name)) == rank == np.linalg.matrix_rank(kernel(name).weight)


@pytest.mark.parametrize(("column", "row", "expected_column", "expected_row"), FACTORS)
def test_the_factors_are_whole_for_whole_weights_and_a_mean_otherwise(
    column: list[float], row: list[float], expected_column: list[float], expected_row: list[float]
) -> None:
    parts = separate(np.outer(column, row))
    assert parts is not None
    np.testing.assert_allclose(parts.column, expected_column, rtol=1e-12)
    np.testing.assert_allclose(parts.row, expected_row, rtol=1e-12)


@pytest.mark.parametrize("size", [2, 3, 5, 12])
def test_every_gaussian_is_a_gaussian_down_times_a_gaussian_across(size: int) -> None:
    parts = separate(gaussian_kernel(size, 1.3))
    assert parts is not None
    np.testing.assert_allclose(parts.column, parts.row, rtol=1e-12)
    assert parts.column.sum() == pytest.approx(1)
    assert parts.multiplications == (size * size, 2 * size)


@pytest.mark.parametrize("name", ["sobel x", "gaussian", "box blur"])
def test_the_column_and_then_the_row_give_what_the_kernel_gives(name: str) -> None:
    parts = separate(kernel(name))
    assert parts is not None
    picture = np.random.default_rng(0).normal(size=(1, 1, 9, 8))
    in_two = ops.conv2d(ops.conv2d(picture, parts.column[None, None, :, None]), parts.row[None, None, None])
    np.testing.assert_allclose(in_two, ops.conv2d(picture, kernel(name).weight[None, None]), rtol=1e-12, atol=1e-12)


def test_rounding_does_not_hide_a_product_and_a_larger_tolerance_takes_what_is_nearly_one() -> None:
    product = np.outer([0.1, 0.7, 0.2], [0.3, 0.3, 0.4])
    off = product + 1e-14 * np.eye(3)
    assert is_separable(product) and is_separable(off)
    assert not is_separable(product + 1e-6 * np.eye(3))
    assert is_separable(product + 1e-6 * np.eye(3), tolerance=1e-3)
    near = separate(kernel("gaussian 5"), tolerance=0.05)
    assert near is not None
    np.testing.assert_allclose(np.outer(near.column, near.row), kernel("gaussian 5").weight, atol=0.01)


@run_with(deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.lists(st.integers(-9, 9), min_size=1, max_size=6))
def test_any_product_of_whole_numbers_comes_apart_into_whole_numbers(column: list[int], row: list[int]) -> None:
    product = np.outer(column, row)
    parts = separate(product)
    assert parts is not None
    np.testing.assert_array_equal(np.outer(parts.column, parts.row), product)
    for part in (parts.column, parts.row):
        np.testing.assert_array_equal(part, np.rint(part))


NUMBERS = st.floats(-10, 10).filter(lambda number: number == 0 or abs(number) > 1e-3)


@run_with(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=6), st.lists(NUMBERS, min_size=1, max_size=6))
def test_any_product_comes_apart_into_what_gives_it_again(column: list[float], row: list[float]) -> None:
    product = np.outer(column, row)
    parts = separate(product)
    assert parts is not None
    np.testing.assert_allclose(np.outer(parts.column, parts.row), product, rtol=1e-9, atol=1e-12)
    assert parts.column.sum() >= -1e-6 * np.abs(parts.column).sum()


@run_with(deadline=None)
@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_the_rank_is_that_of_numpy(height: int, width: int, seed: int) -> None:
    weight = np.random.default_rng(seed).integers(-2, 3, (height, width))
    rank = np.linalg.matrix_rank(weight)
    assert kernel_rank(weight) == rank
    assert (separate(weight) is None) == (rank > 1)


@pytest.mark.parametrize(("name", "sentence"), SENTENCES)
def test_separability_is_put_into_words(name: str, sentence: str) -> None:
    assert separability_says(kernel(name)) == sentence


def test_two_by_two_saves_nothing() -> None:
    words = "2 + 2 = 4 multiplications an output cell and the whole kernel 4: nothing is saved"
    assert words in separability_says(box_kernel(2))


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_what_is_no_kernel_says_why(arguments: dict[str, Any], words: str) -> None:
    for function in (separate, is_separable, kernel_rank):
        with pytest.raises(ValueError, match=words):
            function(**arguments)


def test_taking_apart_leaves_the_kernel_as_it_is() -> None:
    weight = np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0])
    kept = weight.copy()
    weight.flags.writeable = False
    parts = separate(weight)
    assert parts is not None
    assert not np.shares_memory(parts.column, weight) and not np.shares_memory(parts.row, weight)
    parts.column[:] = 7
    np.testing.assert_array_equal(weight, kept)
