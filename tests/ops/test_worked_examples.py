"""Every example of the slides on convolution, padding, stride and sizes, computed by the ops."""

from typing import Any

import numpy as np
import pytest

from cnnlab import ops
from tests.worked import example, examples

IMAGES = [  # id, the expected result, settings
    ("A-vertical-edge", "y", {}),
    ("A-horizontal-edge", "y", {}),
    ("A-padding", "y", {"padding": 1}),
    ("A-stride-grid", "y_stride1", {}),
    ("A-stride-grid", "y_stride2", {"stride": 2}),
    ("C-vertical", "y", {}),
    ("C-vertical", "y_stride2", {"stride": 2}),
]
SHAPES = [  # id, input (N, C, H, W), weight, settings, expected output shape
    ("A-out-8", (1, 3, 8, 8), (1, 3, 3, 3), {"padding": 1}, (1, 1, 8, 8)),
    ("A-out-10", (1, 3, 10, 10), (16, 3, 5, 5), {"padding": 2, "stride": 2}, (1, 16, 5, 5)),
    ("B-maps", (1, 3, 32, 32), (4, 3, 5, 5), {}, (1, 4, 28, 28)),
    ("B-same", (1, 1, 32, 32), (1, 1, 5, 5), {"padding": 2}, (1, 1, 32, 32)),
    ("C-six-filters", (1, 3, 32, 32), (6, 3, 5, 5), {}, (1, 6, 28, 28)),
    ("D-Q1", (1, 3, 64, 64), (32, 3, 3, 3), {"padding": 1}, (1, 32, 64, 64)),
    ("D-Q2", (1, 3, 64, 64), (32, 3, 3, 3), {"stride": 2}, (1, 32, 31, 31)),
    ("D-Q3", (1, 1, 32, 32), (1, 1, 5, 5), {}, (1, 1, 28, 28)),
    ("D-Q5", (8, 16, 64, 64), (64, 16, 5, 5), {"padding": "same"}, (8, 64, 64, 64)),
    ("E-six", (1, 3, 32, 32), (6, 3, 5, 5), {}, (1, 6, 28, 28)),
    ("E-ten", (1, 3, 32, 32), (10, 3, 5, 5), {"padding": 2}, (1, 10, 32, 32)),
]
SIZE_CASES = [(id, i) for id in ("B-arith", "C-table") for i in range(len(example(id)["expect"]["n_out"]))]


def convolved(entry: dict[str, Any], **settings: Any) -> np.ndarray:
    x, w = np.array(entry["given"]["x"]), np.array(entry["given"]["w"])
    return ops.conv2d(x[None, None], w[None, None], **settings)[0, 0]


@pytest.mark.parametrize(("id", "key", "settings"), IMAGES)
def test_an_image_and_a_kernel_give_the_numbers_of_the_slide(id: str, key: str, settings: dict[str, Any]) -> None:
    entry = example(id)
    np.testing.assert_allclose(convolved(entry, **settings), entry["expect"][key], rtol=0, atol=entry["tol"])


def test_the_one_dimensional_filter_gives_the_numbers_of_the_slide() -> None:
    entry = example("C-1d")
    y = ops.conv1d(np.array(entry["given"]["x"])[None, None], np.array(entry["given"]["w"])[None, None])
    np.testing.assert_allclose(y[0, 0], entry["expect"]["y"], rtol=0, atol=entry["tol"])


def test_true_convolution_of_the_step_image_has_the_other_sign() -> None:
    entry = example("C-vertical")
    x, w = np.array(entry["given"]["x"]), np.array(entry["given"]["w"])
    y = ops.true_conv2d(x[None, None], w[None, None])[0, 0]
    np.testing.assert_allclose(y, entry["expect"]["y_true_convolution"], rtol=0, atol=entry["tol"])


def test_replicate_padding_then_the_diagonal_kernel_gives_the_numbers_of_the_slide() -> None:
    entry = example("B-replicate")
    x = ops.pad(np.array(entry["given"]["x"])[None, None], (1, 1, 1, 1), mode="replicate")
    y = ops.conv2d(x, np.array(entry["given"]["w"])[None, None])
    np.testing.assert_allclose(y[0, 0], entry["expect"]["y"], rtol=0, atol=entry["tol"])


def test_padding_adds_to_both_sides() -> None:
    entry = example("A-pad-size")
    n, p, size = entry["given"]["n"], entry["given"]["p"], entry["expect"]["size"]
    assert ops.pad(np.zeros((n, n)), (p, p, p, p)).shape == (size, size)


@pytest.mark.parametrize(("id", "x_shape", "w_shape", "settings", "shape"), SHAPES)
def test_a_layer_has_the_output_size_of_the_slide(
    id: str, x_shape: tuple[int, ...], w_shape: tuple[int, ...], settings: dict[str, Any], shape: tuple[int, ...]
) -> None:
    expect = example(id)["expect"]
    n, f, h, w = shape
    told = {"n_out": h, "shape_chw": [f, h, w], "shape_hwc": [h, w, f], "shape_nhwc": [n, h, w, f]}
    assert {key: value for key, value in told.items() if key in expect}.items() <= expect.items()
    assert any(key in expect for key in told)
    assert ops.conv2d(np.zeros(x_shape, "f4"), np.zeros(w_shape, "f4"), **settings).shape == shape


@pytest.mark.parametrize(("id", "i"), SIZE_CASES)
def test_a_row_of_a_table_has_the_size_of_the_slide(id: str, i: int) -> None:
    case, n_out = example(id)["given"]["cases"][i], example(id)["expect"]["n_out"][i]
    x, w = np.zeros((1, 1, case["n"], case["n"])), np.zeros((1, 1, case["k"], case["k"]))
    assert ops.conv2d(x, w, stride=case["s"], padding=case["p"]).shape == (1, 1, n_out, n_out)


def test_same_padding_is_half_of_the_odd_kernel() -> None:
    entry = example("C-same")
    x = np.arange(81.0).reshape(1, 1, 9, 9)
    for k, p in zip(entry["given"]["k"], entry["expect"]["p"], strict=True):
        w = np.arange(k * k, dtype=float).reshape(1, 1, k, k)
        np.testing.assert_array_equal(ops.conv2d(x, w, padding="same"), ops.conv2d(x, w, padding=p))


def test_convolutions_without_padding_shrink_the_image_step_by_step() -> None:
    entry = example("E-shrink")
    k = entry["given"]["k"]
    x = np.zeros((1, entry["given"]["n"], entry["given"]["n"]))
    sizes = [x.shape[-1]]
    while x.shape[-1] - k + 1 >= entry["expect"]["sizes"][-1]:
        x = ops.conv2d(x, np.zeros((1, 1, k, k)))
        sizes.append(x.shape[-1])
    assert sizes == entry["expect"]["sizes"]


def test_the_convolutions_of_the_exam_network_have_the_shapes_of_the_solution() -> None:
    shapes = example("B-exam")["expect"]["shapes"]
    first = ops.conv2d(np.zeros(example("B-exam")["given"]["input"]), np.zeros((8, 1, 3, 3)), stride=2, padding=1)
    second = ops.conv2d(np.zeros(shapes[1]), np.zeros((16, 8, 3, 3)), stride=2, padding=1)
    assert [list(first.shape), list(second.shape)] == [shapes[0], shapes[2]]


def test_every_example_on_these_topics_is_used_here() -> None:
    topics = {"convolution", "padding", "stride", "output size", "output size and parameters"}
    used = {id for id, *_ in IMAGES + SHAPES + SIZE_CASES}
    used |= {"C-1d", "C-vertical", "B-replicate", "A-pad-size", "C-same", "E-shrink"}
    assert {id for id, entry in examples().items() if entry["topic"] in topics} <= used
