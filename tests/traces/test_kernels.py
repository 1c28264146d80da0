"""A photo and a kernel: the answer, the numbers of a pixel, how it is shown, two passes, and the sentences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab import ops
from cnnlab.data import photo
from cnnlab.kernels import KERNELS, box_kernel, gaussian_kernel, kernel
from cnnlab.kernels.named import named
from cnnlab.traces.kernels import Filtered, filtered, normalized, passes_say, sum_says

CAT = photo("cat", gray=True).astype(float)
SLOPE = np.array([[0, 3, 6], [4, 7, 10], [8, 11, 14]], float)  # rises by 3 to the right and by 4 downward
SOBEL = kernel("sobel x"), kernel("sobel y")


def by_loops(image: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The answer as one would write it, the border repeated."""
    (rows, cols), (kh, kw) = image.shape, weight.shape
    answer = np.zeros(image.shape)
    for row, col, i, j in np.ndindex(rows, cols, kh, kw):
        y = min(max(row + i - (kh - 1) // 2, 0), rows - 1)
        x = min(max(col + j - (kw - 1) // 2, 0), cols - 1)
        answer[row, col] += image[y, x] * weight[i, j]
    return answer


@pytest.mark.parametrize("name", KERNELS)
def test_the_answer_is_what_loops_give_for_every_named_kernel(name: str) -> None:
    image = CAT[60:69, 40:51]
    assert_allclose(filtered(image, [kernel(name)]).answer, by_loops(image, kernel(name).weight), atol=1e-9)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "circular"])
def test_the_border_is_what_its_mode_says(mode: str) -> None:
    image, made = CAT[:6, :7], gaussian_kernel(4, 1.0)  # an even kernel reaches further down and right
    padded = ops.pad(image[None], (1, 2, 1, 2), mode="constant" if mode == "zeros" else mode)
    expected = ops.conv2d(padded, made.weight[None, None])[0]
    assert_allclose(filtered(image, [made], mode).answer, expected, atol=1e-9)


def test_one_pixel_written_out() -> None:
    pixel = filtered(SLOPE, [SOBEL[0]]).at(1, 1)
    assert pixel.formula() == ("y[1, 1] = 0·(−1) + 3·0 + 6·1 + 4·(−2) + 7·0 + 10·2 + 8·(−1) + 11·0 + 14·1 = 24")
    assert pixel.value == (6 - 0) + 2 * (10 - 4) + (14 - 8)


def test_two_kernels_give_the_root_of_the_sum_of_both_squares() -> None:
    both = filtered(SLOPE, SOBEL)
    pixel = both.at(1, 1)
    assert [trace.value for trace in pixel.sums] == [24, 32]
    assert pixel.value == both.answer[1, 1] == 40  # and not the mean, 28
    assert pixel.formula() == "y[1, 1] = √(a² + b²) = √(24² + 32²) = 40"
    assert both.says()[0].startswith("How steep")
    assert "steep" not in "".join(filtered(SLOPE, [kernel("identity"), SOBEL[1]]).says())


def test_every_pixel_has_the_value_of_the_answer() -> None:
    for whole in (filtered(CAT, [kernel("gaussian 5")]), filtered(CAT, SOBEL)):
        for row, col in [(0, 0), (86, 74), (255, 255), (0, 255)]:
            assert_allclose(whole.at(row, col).value, whole.answer[row, col], atol=1e-9)


def test_a_large_kernel_is_not_written_out() -> None:
    large = filtered(CAT, [box_kernel(11)]).at(40, 40)
    assert large.formula().endswith(", the sum of 121 products")
    assert not large.written_out and filtered(CAT, [box_kernel(9)]).at(40, 40).written_out


# ---- how it is shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kernels", "signed", "note"),
    [
        ([SOBEL[0]], True, ""),
        ([kernel("sharpen")], False, "black 0, white 255"),
        (list(SOBEL), False, "black 0, white 40 and more"),
    ],
)
def test_what_is_shown_follows_the_sum_of_the_weights(kernels: list, signed: bool, note: str) -> None:
    shown = filtered(np.tile(np.arange(9.0) * 5, (9, 1)), kernels).shown("auto")
    assert (shown.signed, shown.note) == (signed, note)


def test_signs_leave_out_what_is_only_rounding() -> None:
    made = normalized(named("", [[0.1, 0.2, -0.3, 0.4]], "", ""))  # sums to 1
    less = named("", made.weight - made.weight.mean(), "", "")  # sums to 0, but for rounding
    flat = filtered(np.full((5, 5), 77.7), [less])
    assert not flat.shown("sign").values.any()
    assert_array_equal(filtered(SLOPE, [SOBEL[0]]).shown("sign").values[1], [1, 1, 1])


def test_absolute_has_no_sign_and_a_flat_answer_can_be_shown() -> None:
    assert filtered(CAT, [SOBEL[0]]).shown("absolute").values.min() >= 0
    for view in ("signed", "absolute"):
        assert filtered(np.zeros((4, 4)), [SOBEL[0]]).shown(view).high == 1


def test_the_range_and_what_is_cut() -> None:
    ones = filtered([[0, 0, 20, 200]], [kernel("ones")])
    assert_array_equal(ones.answer, [[0, 60, 660, 1260]])
    assert (ones.range, ones.cut) == ("0 to 1260", 0.5)
    assert ones.says()[1].endswith("50.0% of the answer lies outside 0 to 255 and is cut.")
    assert "cut" not in filtered([[0, 200]], [kernel("identity")]).says()[1]


# ---- two passes ------------------------------------------------------------------------------------------------------


def test_a_separable_kernel_is_compared_in_one_pass_and_in_two() -> None:
    sobel = filtered(CAT, [SOBEL[0]])
    assert sobel.difference == 0
    assert sobel.after_column is not None and sobel.after_column.shape == CAT.shape
    assert sobel.after_column[10, 20] == CAT[9, 20] + 2 * CAT[10, 20] + CAT[11, 20]
    assert sobel.says(separable=True)[1] == "All 65,536 pixels of both answers compared: exactly the same."
    blurred = filtered(CAT, [gaussian_kernel(7, 1.3)])
    assert 0 < blurred.difference < 1e-11 and "mere rounding" in blurred.says(separable=True)[1]


def test_a_kernel_that_is_no_product_says_so() -> None:
    whole = filtered(SLOPE, [kernel("laplacian")])
    assert (whole.separation, whole.after_column) == (None, None)
    assert whole.says(separable=True)[0].startswith("Not separable") and "2 such" in whole.says(separable=True)[0]


def test_a_single_row_is_not_taken_apart() -> None:
    row = filtered(SLOPE, [kernel("signal")])
    assert (row.separation, row.after_column) == (None, None)
    assert row.says(separable=True) == (
        "A single row or column: there is nothing to take apart.",
        "The weights sum to 0: a flat region becomes 0, a white one as well as a black one. Only change is seen.",
    )


def test_the_work_of_one_pass_and_of_two() -> None:
    made = box_kernel(7)
    whole = filtered(SLOPE, [made])
    assert passes_say(whole.separation, made) == [
        (49, "one pass: 7 · 7 = 49 products a pixel"),
        (14, "two passes: 7 + 7 = 14"),
    ]
    assert len(passes_say(None, kernel("laplacian"))) == 1


# ---- sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KERNELS)
def test_what_is_said_of_the_sum_is_what_happens_to_a_flat_wall(name: str) -> None:
    made = kernel(name)
    flat = filtered(np.full((12, 12), 200.0), [made]).answer
    assert_allclose(flat, 200 * made.sum, atol=1e-9)
    said = {0: "becomes 0", 1: "200 stays 200"}.get(made.sum, f"a flat 200 becomes {200 * made.sum:g}")
    assert said in sum_says(made.sum)


@pytest.mark.parametrize(
    ("total", "words"),
    [(0.5, "becomes 100."), (9.0, "becomes 1800, whiter than white."), (-1.0, "becomes −200, blacker than black.")],
)
def test_other_sums(total: float, words: str) -> None:
    assert sum_says(total).endswith(words)


def test_normalized_weights_sum_to_1() -> None:
    assert_allclose(normalized(kernel("ones")).weight, np.full((3, 3), 1 / 9))
    assert normalized(kernel("sharpen")) is kernel("sharpen")
    with pytest.raises(ValueError, match="normalize divides by the sum of the weights, which is 0 for sobel x"):
        normalized(SOBEL[0])


# ---- what cannot work ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "kernels", "words"),
    [
        (CAT[None], [SOBEL[0]], r"photo must be gray, with the axes \(H, W\)"),
        (CAT - 300, [SOBEL[0]], "photo must hold numbers from 0 to 255"),
        (np.zeros((600, 2)), [SOBEL[0]], "photo must be at most 512"),
        (CAT, [SOBEL[0], box_kernel(5)], "second must have as many cells as kernel, but they are 3 × 3 and 5 × 5"),
        (CAT, [box_kernel(33)], "kernel size must be at most 31"),
        (CAT, [SOBEL[0], named("", np.full((3, 3), np.nan), "", "")], "second.* is nan"),
        (CAT, [named("", [[2e6]], "", "")], "kernel must hold weights from -1e6 to 1e6"),
        (CAT, [named("", [1, 2], "", "")], "kernel must be a grid of rows and columns"),
    ],
)
def test_what_cannot_be_filtered_is_one_sentence(image: np.ndarray, kernels: list, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        filtered(image, kernels)


def test_nothing_given_is_written_to() -> None:
    image = SLOPE.copy()
    whole: Filtered = filtered(image, [SOBEL[0]])
    whole.shown("absolute")
    assert_array_equal(image, SLOPE)
