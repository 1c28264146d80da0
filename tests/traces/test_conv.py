"""Every number of a convolution step, against the decks, against PyTorch, and against its own formula."""

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.nn import functional

from cnnlab.traces import convolution
from tests.traces.settings import settings
from tests.worked import example

# worked example, further settings, where in its "expect" the output stands
DECKS = [
    ("A-vertical-edge", {}, "y"),
    ("A-horizontal-edge", {}, "y"),
    ("A-padding", {"padding": 1}, "y"),
    ("A-stride-grid", {}, "y_stride1"),
    ("A-stride-grid", {"stride": 2}, "y_stride2"),
    ("B-replicate", {"padding": 1, "padding_mode": "replicate"}, "y"),
    ("C-1d", {}, "y"),
    ("C-vertical", {}, "y"),
    ("C-vertical", {"stride": 2}, "y_stride2"),
    ("C-vertical", {"flip": True}, "y_true_convolution"),
]

# settings of a convolution of an 8 x 8 image with a 3 x 3 kernel, rows and columns at the end left over
LEFT_OVER = [
    ({}, (0, 0)),
    ({"stride": 2}, (1, 1)),
    ({"stride": (1, 2)}, (0, 1)),
    ({"stride": 3}, (2, 2)),
    ({"stride": 2, "padding": 1}, (1, 1)),
    ({"stride": 3, "dilation": 2}, (0, 0)),
]

IMAGE, KERNEL = np.arange(64.0).reshape(8, 8), np.arange(9.0).reshape(3, 3) - 4

# the input or the settings that cannot work, words of the answer
BAD = [
    ({"input": np.zeros((2, 2))}, "the kernel covers 3 x 3 but the padded input is only 2 x 2"),
    ({"input": [[1, 2], [3]]}, "input is ragged"),
    ({"input": np.zeros(5)}, r"input must be an image .* its shape is \(5,\)"),
    ({"input": np.zeros((0, 3))}, "input must be an image"),
    ({"input": [[1, np.nan, 3]] * 3}, r"input\[0, 0, 1\] is nan: every cell needs a finite number"),
    ({"input": [[1, 2, 1e400]] * 3}, r"input\[0, 0, 2\] is inf"),
    ({"input": [["a", "b", "c"]] * 3}, "input must hold real numbers"),
    ({"input": torch.zeros(5, 5)}, r"input must be a NumPy array.*input\.detach\(\)\.cpu\(\)\.numpy\(\)"),
    ({"weight": np.zeros(3)}, "weight must be a kernel"),
    ({"weight": [[1, -np.inf]]}, r"weight\[0, 0, 0, 1\] is -inf"),
    ({"weight": np.zeros((1, 2, 3, 3))}, "2"),
    ({"weight": torch.zeros(3, 3)}, r"weight must be a NumPy array.*\.numpy\(\)"),
    ({"bias": [1, 2]}, "bias"),
    ({"bias": [np.nan]}, r"bias\[0\] is nan"),
    ({"stride": 0}, "stride must be at least 1, but is 0"),
    ({"stride": -1}, "stride must be at least 1, but is -1"),
    ({"dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"padding": -1}, "padding must be at least 0, but is -1"),
    ({"padding": "same", "stride": 2}, "padding 'same' works with stride 1 only"),
    ({"padding_mode": "mirror"}, "padding_mode must be one of zeros, reflect, replicate, circular, but is 'mirror'"),
    ({"groups": 2}, "groups"),
    ({"groups": 0}, "groups must be at least 1, but is 0"),
]


def all_cells(whole):
    return [whole.at(i, f) for f in range(len(whole.output)) for i in range(whole.steps)]


def evaluated(formula):
    """What a person with a calculator gets out of the formula's text."""
    python = formula.replace("·", "*").replace("−", "-").replace("relu(", "max(0, ")
    return eval(python, {"__builtins__": {}, "max": max})


@pytest.mark.parametrize(("worked", "given_", "key"), DECKS)
def test_the_output_is_the_one_of_the_deck(worked, given_, key):
    x, w = (np.atleast_2d(example(worked)["given"][name]) for name in ("x", "w"))
    y = np.atleast_2d(example(worked)["expect"][key])
    whole = convolution(x, w, **given_)
    np.testing.assert_array_equal(whole.output, y[None])
    assert [trace.value for trace in all_cells(whole)] == list(y.ravel())


@given(settings())
def test_every_step_ends_in_the_cell_of_the_output(given_):
    whole = convolution(**given_)
    for number, trace in enumerate(all_cells(whole)):
        assert trace.index == number % whole.steps
        np.testing.assert_allclose(trace.value, whole.output[trace.filter, trace.row, trace.col], atol=1e-10)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")  # slower in PyTorch, and right
@given(settings())
def test_the_output_is_the_one_of_pytorch(given_):
    whole = convolution(**given_)
    x, w = (torch.from_numpy(given_[name]) for name in ("input", "weight"))
    w = w.flip(2, 3) if given_["flip"] else w
    b = None if given_["bias"] is None else torch.from_numpy(given_["bias"])
    layer = torch.nn.Conv2d(
        x.shape[0], w.shape[0], w.shape[2:], given_["stride"], given_["padding"], given_["dilation"],
        given_["groups"], b is not None, given_["padding_mode"], dtype=torch.float64,
    )  # fmt: skip
    with torch.no_grad():
        layer.weight.copy_(w)
        if b is not None:
            layer.bias.copy_(b)
        y = functional.relu(layer(x[None])) if given_["relu"] else layer(x[None])
    np.testing.assert_allclose(whole.output, y[0].numpy(), atol=1e-10)


@given(settings(whole=True))
def test_a_formula_with_an_equals_sign_evaluates_to_the_value(given_):
    for trace in all_cells(convolution(**given_))[:6]:
        assert trace.sign() == "="  # whole numbers lose nothing
        assert evaluated(trace.formula()) == pytest.approx(trace.value, abs=1e-9)


@given(settings())
def test_a_formula_of_rounded_numbers_says_so(given_):
    for trace in all_cells(convolution(**given_))[:6]:
        result = evaluated(trace.formula())
        if trace.sign() == "=":
            assert result == pytest.approx(trace.value, abs=1e-6)
        else:
            assert trace.sign() == "≈"
            assert result == pytest.approx(trace.value, rel=0.05, abs=0.06 * np.abs(trace.products).sum() + 0.01)


@given(settings())
def test_the_window_lies_where_the_rows_and_columns_say(given_):
    whole = convolution(**given_)
    (top, _), (left, _) = whole.padding
    _, height, width = whole.input.shape
    for trace in all_cells(whole)[-3:]:
        assert trace.products.shape == trace.window.shape == trace.kernel.shape
        for i, row in enumerate(trace.rows):
            for j, col in enumerate(trace.cols):
                np.testing.assert_array_equal(trace.window[:, i, j], whole.padded[trace.channels, row, col])
                inside = 0 <= row - top < height and 0 <= col - left < width
                assert trace.in_padding[i, j] == (not inside)
                if inside:
                    np.testing.assert_array_equal(
                        trace.window[:, i, j], whole.input[trace.channels, row - top, col - left]
                    )


@given(settings())
def test_the_rows_and_columns_left_over_are_those_behind_the_last_window(given_):
    whole = convolution(**given_)
    last = whole.at(whole.steps - 1)
    rows, cols = whole.padded.shape[1:]
    assert whole.unreached() == (rows - 1 - last.rows.max(), cols - 1 - last.cols.max())


@pytest.mark.parametrize(("given_", "expected"), LEFT_OVER)
def test_the_floor_of_the_formula_drops_what_does_not_fit(given_, expected):
    assert convolution(IMAGE, KERNEL, **given_).unreached() == expected


def test_the_formula_of_one_channel_shows_each_product():
    trace = convolution([[1, 2], [3, -4]], [[1, 0], [-1, 0.5]], bias=[-2]).at(0)
    assert f"{trace.name} = {trace.formula()} {trace.sign()} {trace.value}" == (
        "y[0, 0] = 1·1 + 2·0 + 3·(−1) + −4·0.5 + (−2) = -6.0"
    )
    assert trace.terms_are() == ""


def test_the_formula_of_a_large_kernel_shows_a_term_for_each_row():
    trace = convolution(np.ones((4, 4)), np.ones((4, 4)) * [[1], [2], [3], [-4]], relu=True).at(0)
    assert (trace.formula(), trace.terms_are()) == ("relu(4 + 8 + 12 + (−16))", "one term a row of the window")


def test_the_formula_of_several_channels_shows_a_term_for_each():
    trace = convolution(np.ones((3, 3, 3)), np.ones((2, 3, 3, 3)) * [[[1]], [[2]], [[-3]]]).at(0, 1)
    assert (trace.name, trace.formula(), trace.terms_are()) == ("y[1, 0, 0]", "9 + 18 + (−27)", "one term a channel")


def test_a_filter_of_a_group_looks_at_the_channels_of_its_group():
    whole = convolution(np.ones((6, 3, 3)), np.ones((4, 3, 1, 1)), groups=2)
    assert [list(whole.at(0, f).channels) for f in range(4)] == [[0, 1, 2]] * 2 + [[3, 4, 5]] * 2


def test_height_and_width_share_a_line_only_where_they_agree():
    assert [str(d)[:7] for d in convolution(IMAGE, KERNEL).sizes()] == ["size = "]
    assert [d.name for d in convolution(IMAGE, KERNEL, stride=(1, 2)).sizes()] == ["height", "width"]


@pytest.mark.parametrize(("given_", "words"), BAD)
def test_what_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        convolution(**{"input": IMAGE, "weight": KERNEL, **given_})


@pytest.mark.parametrize(
    ("index", "filter_", "words"),
    [
        (36, 0, "step must be from 0 to 35, but is 36"),
        (-1, 0, "step must be from 0 to 35, but is -1"),
        (0, 1, "filter must be from 0 to 0, but is 1"),
    ],
)
def test_a_cell_that_is_not_there_cannot_be_traced(index, filter_, words):
    with pytest.raises(ValueError, match=words):
        convolution(IMAGE, KERNEL).at(index, filter_)


def test_lists_and_numpy_integers_are_taken_as_they_are():
    whole = convolution(IMAGE.astype(int).tolist(), KERNEL.tolist(), stride=np.int64(2), padding=np.uint8(1))
    np.testing.assert_array_equal(whole.output, convolution(IMAGE, KERNEL, stride=2, padding=1).output)


def test_the_arrays_of_the_caller_are_left_alone():
    image, kernel = IMAGE.copy(), KERNEL.copy()
    whole = convolution(image, kernel, padding=1, flip=True, relu=True)
    image[:], kernel[:] = -1, -1
    np.testing.assert_array_equal(whole.input[0], IMAGE)
    np.testing.assert_array_equal(whole.weight[0, 0], KERNEL)
