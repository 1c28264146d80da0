"""The named kernels do what they say, on pictures small enough to think through."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from cnnlab import data
from cnnlab.kernels import FILTERS, KERNELS, filter_bank, kernel
from tests.worked import example

# name, shape, sum of the weights
SUMS = [
    ("identity", (3, 3), 1),
    ("vertical edge", (3, 3), 0),
    ("vertical edge, right", (3, 3), 0),
    ("horizontal edge", (3, 3), 0),
    ("prewitt x", (3, 3), 0),
    ("prewitt y", (3, 3), 0),
    ("sobel x", (3, 3), 0),
    ("sobel y", (3, 3), 0),
    ("scharr x", (3, 3), 0),
    ("scharr y", (3, 3), 0),
    ("laplacian", (3, 3), 0),
    ("laplacian 8", (3, 3), 0),
    ("strong edges", (3, 3), 0),
    ("sharpen", (3, 3), 1),
    ("box blur", (3, 3), 1),
    ("gaussian", (3, 3), 1),
    ("gaussian 5", (5, 5), 1),
    ("diagonal", (3, 3), 0),
    ("ones", (3, 3), 9),
    ("signal", (1, 3), 0),
    ("corner", (3, 3), 0),
    ("one to nine", (3, 3), 45),
]

# Written as a person would write them, for the kernels that the module builds from parts.
NUMBERS = {
    "vertical edge": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    "vertical edge, right": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "horizontal edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    "prewitt x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "prewitt y": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "sobel x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "scharr x": [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]],
    "scharr y": [[-3, -10, -3], [0, 0, 0], [3, 10, 3]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "laplacian 8": [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
    "strong edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "box blur": [[1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9]],
    "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
    "signal": [[1, 0, -1]],
}

# name, shape of its bank on three channels
BANKS = [
    ("edges", (2, 3, 3, 3)),
    ("sobel", (2, 3, 3, 3)),
    ("four filters", (4, 3, 3, 3)),
    ("color filters", (3, 3, 1, 1)),
]

# kernel, example, the deck's worked example, the output that the deck gives for stride 1
DECKS = [
    ("vertical edge", "step", "A-vertical-edge", "y"),
    ("horizontal edge", "blocks", "A-horizontal-edge", "y"),
    ("ones", "numbers", "A-stride-grid", "y_stride1"),
    ("vertical edge, right", "small step", "C-vertical", "y"),
    ("signal", "signal", "C-1d", "y"),
]

FLAT = np.full((6, 6), 7.0)
RISING_TO_THE_RIGHT = np.tile(np.arange(6.0), (6, 1))
BRIGHT_BELOW = np.repeat([[0.0], [9.0]], 3, axis=0) * np.ones(6)


def slide(picture: np.ndarray, name: str) -> np.ndarray:
    """The kernel laid on every position of the picture, not flipped."""
    weight = kernel(name).weight
    return (sliding_window_view(picture, weight.shape) * weight).sum(axis=(-2, -1))


def test_the_tables_here_name_every_kernel_and_every_bank():
    assert [name for name, _, _ in SUMS] == list(KERNELS)
    assert [name for name, _ in BANKS] == list(FILTERS)


@pytest.mark.parametrize(("name", "shape", "total"), SUMS)
def test_a_kernel_has_its_shape_and_sum_and_cannot_be_written_to(name, shape, total):
    k = kernel(name)
    assert k.name == name
    assert k.weight.shape == shape
    assert k.weight.dtype == np.float64
    assert k.sum == total
    with pytest.raises(ValueError, match="read-only"):
        k.weight[0, 0] = 1


@pytest.mark.parametrize(("name", "numbers"), NUMBERS.items())
def test_a_kernel_built_from_parts_has_the_numbers_of_the_textbook(name, numbers):
    np.testing.assert_array_equal(kernel(name).weight, numbers)


@pytest.mark.parametrize(("name", "picture", "id", "output"), DECKS)
def test_a_kernel_of_a_deck_gives_the_output_of_the_deck(name, picture, id, output):
    np.testing.assert_array_equal(kernel(name).weight, np.atleast_2d(example(id)["given"]["w"]))
    np.testing.assert_array_equal(slide(data.example(picture)[0], name), np.atleast_2d(example(id)["expect"][output]))


def test_the_other_kernels_of_the_decks_have_the_numbers_of_the_decks():
    gaussian, gradient = example("E-gaussian")["given"], example("E-gradient")["given"]
    np.testing.assert_array_equal(kernel("gaussian 5").weight * gaussian["divide_by"], gaussian["w"])
    np.testing.assert_array_equal(kernel("sobel x").weight, gradient["sx"])
    np.testing.assert_array_equal(kernel("sobel y").weight, gradient["sy"])
    np.testing.assert_array_equal(kernel("diagonal").weight, example("B-replicate")["given"]["w"])


@pytest.mark.parametrize("name", KERNELS)
def test_no_weight_is_a_negative_zero(name):
    weight = kernel(name).weight
    assert not np.signbit(weight[weight == 0]).any()


@pytest.mark.parametrize(("name", "shape", "total"), SUMS)
def test_a_flat_region_is_multiplied_by_the_sum_of_the_weights(name, shape, total):
    np.testing.assert_allclose(slide(FLAT, name), 7 * total, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sobel x", "flat regions vanish"),
        ("gaussian 5", "brightness of flat regions is kept"),
        ("ones", "by 9"),
    ],
)
def test_the_sum_is_put_into_words(name, words):
    assert words in kernel(name).sum_says


def test_sobel_x_on_a_ramp_is_eight_times_its_slope():
    np.testing.assert_array_equal(slide(RISING_TO_THE_RIGHT, "sobel x"), 8)


def test_sobel_y_along_a_ramp_to_the_right_is_zero():
    np.testing.assert_array_equal(slide(RISING_TO_THE_RIGHT, "sobel y"), 0)


def test_sobel_y_is_positive_where_dark_turns_bright_downward():
    np.testing.assert_array_equal(slide(BRIGHT_BELOW, "sobel y"), [[0] * 4, [36] * 4, [36] * 4, [0] * 4])


def test_the_horizontal_edge_kernel_is_negative_where_dark_turns_bright_downward():
    np.testing.assert_array_equal(slide(BRIGHT_BELOW, "horizontal edge"), [[0] * 4, [-27] * 4, [-27] * 4, [0] * 4])


@pytest.mark.parametrize("name", ["prewitt", "sobel", "scharr"])
def test_an_edge_kernel_along_its_edge_is_zero(name):
    vertical_edge, horizontal_edge = BRIGHT_BELOW.T, BRIGHT_BELOW
    assert not slide(horizontal_edge, f"{name} x").any()
    assert not slide(vertical_edge, f"{name} y").any()


@pytest.mark.parametrize(("name", "weights"), [("prewitt", 3), ("sobel", 4), ("scharr", 16)])
def test_an_edge_kernel_across_its_edge_adds_up_the_weights_of_one_side(name, weights):
    vertical_edge, horizontal_edge = BRIGHT_BELOW.T, BRIGHT_BELOW
    assert slide(vertical_edge, f"{name} x")[0].tolist() == [0, 9 * weights, 9 * weights, 0]
    assert slide(horizontal_edge, f"{name} y")[:, 0].tolist() == [0, 9 * weights, 9 * weights, 0]


def test_the_direction_of_a_slanted_edge_is_truer_with_scharr_than_with_sobel_and_with_sobel_than_with_prewitt():
    down, across = np.mgrid[:12, :12]
    angle = np.deg2rad(22.5)
    wave = np.sin(across * np.cos(angle) + down * np.sin(angle))
    off = {}
    for name in ("prewitt", "sobel", "scharr"):
        gx, gy = slide(wave, f"{name} x"), slide(wave, f"{name} y")
        off[name] = abs(np.arctan2(gy, gx)[gx > 1e-3] - angle).max()
    assert off["scharr"] < off["sobel"] / 3 < off["prewitt"] / 6


def test_prewitt_across_is_the_edge_kernel_that_rises_to_the_right():
    np.testing.assert_array_equal(kernel("prewitt x").weight, kernel("vertical edge, right").weight)


def test_strong_edges_leaves_nothing_of_a_ramp_and_eight_of_a_dot():
    dot = np.zeros((5, 5))
    dot[2, 2] = 1
    assert not slide(RISING_TO_THE_RIGHT, "strong edges").any()
    assert slide(dot, "strong edges").tolist() == [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
    np.testing.assert_array_equal(slide(dot, "strong edges"), -slide(dot, "laplacian 8"))


def test_the_corners_count_in_the_laplacian_of_eight_neighbors_only():
    corners = np.array([[1.0, 0, 1], [0, 0, 0], [1, 0, 1]])
    assert slide(corners, "laplacian").item() == 0
    assert slide(corners, "laplacian 8").item() == 4


def test_the_two_vertical_edge_kernels_differ_in_sign_only():
    step = data.example("step")[0]
    np.testing.assert_array_equal(slide(step, "vertical edge"), -slide(step, "vertical edge, right"))


def test_the_laplacian_of_a_ramp_is_zero_and_sharpening_leaves_it_as_it_is():
    np.testing.assert_array_equal(slide(RISING_TO_THE_RIGHT, "laplacian"), 0)
    np.testing.assert_array_equal(slide(RISING_TO_THE_RIGHT, "sharpen"), RISING_TO_THE_RIGHT[1:-1, 1:-1])


def test_sharpening_makes_an_edge_overshoot_on_both_sides():
    assert slide(BRIGHT_BELOW, "sharpen")[:, 0].tolist() == [0, -9, 18, 9]


@pytest.mark.parametrize("name", ["box blur", "gaussian", "gaussian 5"])
def test_a_blur_stays_between_the_darkest_and_the_brightest_cell(name):
    blurred = slide(np.kron(np.eye(2), np.full((6, 6), 255.0)), name)
    assert blurred.min() >= 0
    assert blurred.max() <= 255 * (1 + 1e-12)


def test_the_corner_kernel_answers_most_at_the_upper_left_corner_of_the_letter():
    answer = slide(data.example("letter")[0], "corner")
    assert answer[0, 0] == answer.max() == 6
    assert (answer == 6).sum() == 1


def test_the_corner_kernel_turned_around_finds_no_such_corner_in_the_letter():
    letter = data.example("letter")[0]
    turned = kernel("corner").weight[::-1, ::-1]
    assert (sliding_window_view(letter, (3, 3)) * turned).sum(axis=(-2, -1)).max() < 6


@pytest.mark.parametrize("name", ["corner", "one to nine", "diagonal", "sobel x", "signal"])
def test_a_flip_changes_the_asymmetric_kernels(name):
    weight = kernel(name).weight
    assert not np.array_equal(weight, weight[::-1, ::-1])


def test_an_unknown_kernel_is_answered_with_the_names():
    with pytest.raises(ValueError, match=r"name must be one of 'identity', .*'sobel x'.* but is 'sobel'"):
        kernel("sobel")


@pytest.mark.parametrize(("name", "shape"), BANKS)
def test_a_bank_has_one_filter_a_name_and_one_slice_a_channel(name, shape):
    bank = filter_bank(name, 3)
    assert bank.shape == shape
    assert len(FILTERS[name]) == shape[0]
    assert bank.dtype == np.float64


def test_the_slices_of_an_edge_filter_are_alike_and_those_of_a_color_filter_are_not():
    edges, colors = filter_bank("edges", 3), filter_bank("color filters", 3)
    np.testing.assert_array_equal(edges[0], np.stack([kernel("vertical edge").weight] * 3))
    assert colors[0, :, 0, 0].tolist() == [1, -1, 0]


def test_red_minus_green_is_positive_on_the_red_house_alone():
    answer = np.tensordot(filter_bank("color filters", 3)[0, :, 0, 0], data.example("color"), axes=1)
    rows, columns = np.nonzero(answer > 0)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (2, 4, 1, 3)
    assert (answer > 0).sum() == 9


def test_gray_has_no_color_to_answer_to():
    answers = np.tensordot(filter_bank("color filters", 3)[:, :, 0, 0], np.full((3, 2, 2), 5.0), axes=1)
    np.testing.assert_allclose(answers[:2], 0)
    np.testing.assert_allclose(answers[2], 5)


def test_writing_to_a_bank_leaves_the_kernels_as_they_are():
    filter_bank("edges", 1)[:] = 99
    assert filter_bank("edges", 1).max() == 1


@pytest.mark.parametrize(
    ("name", "channels", "words"),
    [
        ("edge", 1, "name must be one of 'edges', .* but is 'edge'"),
        ("edges", 0, "in_channels must be at least 1, but is 0"),
        ("color filters", 1, "in_channels must be 3 .* but is 1"),
    ],
)
def test_a_bank_that_cannot_be_made_says_why(name, channels, words):
    with pytest.raises(ValueError, match=words):
        filter_bank(name, channels)
