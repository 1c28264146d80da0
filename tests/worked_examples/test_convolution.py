"""Every example of the slides on convolution, padding, stride and output sizes, computed by the ops."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnlab import ops, shapes
from cnnlab.network import Flatten
from tests.worked import example
from tests.worked_examples.every_number import Computed, Given, check, hwc

IMAGES = {  # id: for every result of the slide, the settings that it is made with
    "A-vertical-edge": {"y": {}},
    "A-horizontal-edge": {"y": {}},
    "A-padding": {"y": {"padding": 1}},
    "A-stride-grid": {"y_stride1": {}, "y_stride2": {"stride": 2}},
}
LAYERS = {  # id: input (N, C, H, W), weight, settings
    "A-out-8": ((1, 3, 8, 8), (1, 3, 3, 3), {"padding": 1}),
    "A-out-10": ((1, 3, 10, 10), (16, 3, 5, 5), {"padding": 2, "stride": 2}),
    "B-maps": ((1, 3, 32, 32), (4, 3, 5, 5), {}),
    "B-same": ((1, 1, 32, 32), (1, 1, 5, 5), {"padding": 2}),
    "C-six-filters": ((1, 3, 32, 32), (6, 3, 5, 5), {}),
    "D-Q1": ((1, 3, 64, 64), (32, 3, 3, 3), {"padding": 1}),
    "D-Q2": ((1, 3, 64, 64), (32, 3, 3, 3), {"stride": 2}),
    "D-Q3": ((1, 1, 32, 32), (1, 1, 5, 5), {}),
    "D-Q5": ((8, 16, 64, 64), (64, 16, 5, 5), {"padding": "same"}),
    "E-six": ((1, 3, 32, 32), (6, 3, 5, 5), {}),
    "E-ten": ((1, 3, 32, 32), (10, 3, 5, 5), {"padding": 2}),
}


def convolved(given: Given, **settings: Any) -> np.ndarray:
    return ops.conv2d(np.array(given["x"])[None, None], np.array(given["w"])[None, None], **settings)[0, 0]


def images(id: str, given: Given) -> dict[str, Any]:
    return {name: convolved(given, **settings) for name, settings in IMAGES[id].items()}


def shape_of(id: str) -> tuple[int, ...]:
    """(N, F, H, W): what the layer makes of its input."""
    x_shape, w_shape, settings = LAYERS[id]
    return ops.conv2d(np.zeros(x_shape, "f4"), np.zeros(w_shape, "f4"), **settings).shape


def one_dimensional(given: Given) -> dict[str, Any]:
    return {"y": ops.conv1d(np.array(given["x"])[None, None], np.array(given["w"])[None, None])[0, 0]}


def step_image_both_ways(given: Given) -> dict[str, Any]:
    flipped = ops.true_conv2d(np.array(given["x"])[None, None], np.array(given["w"])[None, None])[0, 0]
    return {"y": convolved(given), "y_stride2": convolved(given, stride=2), "y_true_convolution": flipped}


def replicated_convolved_pooled_flattened(given: Given) -> dict[str, Any]:
    p, w = given["padding"], np.array(given["w"])
    padded = ops.pad(np.array(given["x"])[None, None], (p, p, p, p), mode=given["padding_mode"])
    y = ops.conv2d(padded, w[None, None])
    pooled = ops.max_pool2d(y, 2)
    return {"y": y[0, 0], "pooled": pooled[0, 0], "flat": Flatten()(pooled)[0]}


def padded_size(given: Given) -> dict[str, Any]:
    p = given["p"]
    height, width = ops.pad(np.zeros((given["n"], given["n"])), (p, p, p, p)).shape
    assert height == width
    return {"size": height}


def size_of_each(given: Given) -> dict[str, Any]:
    return {"n_out": [size(case) for case in given["cases"]]}


def size(case: Given) -> int:
    n, k = case["n"], case["k"]
    height, width = ops.conv2d(np.zeros((1, n, n)), np.zeros((1, 1, k, k)), stride=case["s"], padding=case["p"])[
        0
    ].shape
    assert height == width == shapes.conv_output_size(n, k, case["s"], case["p"])
    return height


def same_padding(given: Given) -> dict[str, Any]:
    both_sides = [shapes.same_padding(k) for k in given["k"]]
    assert all(before == after for before, after in both_sides)
    return {"p": [before for before, _ in both_sides]}


def shrinking(given: Given) -> dict[str, Any]:
    """Until the kernel no longer fits."""
    n, k = given["n"], given["k"]
    x, sizes = np.zeros((1, n, n)), [n]
    while x.shape[-1] >= k:
        x = ops.conv2d(x, np.zeros((1, 1, k, k)))
        sizes.append(x.shape[-1])
    return {"sizes": sizes}


def six_filters(given: Given) -> dict[str, Any]:
    n, k, c, f = given["n"], given["k"], given["c_in"], given["c_out"]
    return {
        "shape_chw": shape_of("C-six-filters")[1:],
        "weights_per_filter": shapes.conv_parameters(c, 1, k, bias=False),
        "weights": shapes.conv_parameters(c, f, k, bias=False),
        "params_with_bias": shapes.conv_parameters(c, f, k),
        "mlp_1000_weights": shapes.linear_parameters(c * n * n, 1000, bias=False),
    }


def dot_product_length(k: int, channels: int) -> int:
    """Every product of ones adds 1."""
    return int(ops.conv2d(np.ones((channels, k, k)), np.ones((1, channels, k, k))).item())


COMPUTED: Computed = {
    **{id: partial(images, id) for id in IMAGES},
    "A-pad-size": padded_size,
    "A-out-8": lambda given: {"n_out": shape_of("A-out-8")[-1]},
    "A-out-10": lambda given: {"n_out": shape_of("A-out-10")[-1], "shape_hwc": hwc(shape_of("A-out-10"))},
    "B-arith": size_of_each,
    "B-maps": lambda given: {"shape_chw": shape_of("B-maps")[1:]},
    "B-same": lambda given: {"n_out": shape_of("B-same")[-1]},
    "B-replicate": replicated_convolved_pooled_flattened,
    "C-1d": one_dimensional,
    "C-vertical": step_image_both_ways,
    "C-table": size_of_each,
    "C-same": same_padding,
    "C-six-filters": six_filters,
    "D-Q1": lambda given: {"shape_hwc": hwc(shape_of("D-Q1"))},
    "D-Q2": lambda given: {"shape_hwc": hwc(shape_of("D-Q2"))},
    "D-Q3": lambda given: {"shape_hwc": hwc(shape_of("D-Q3"))},
    "D-Q5": lambda given: {
        "shape_nhwc": (shape_of("D-Q5")[0], *hwc(shape_of("D-Q5"))),
        "padding": shapes.same_padding(given["k"])[0],
    },
    "E-six": lambda given: {
        "shape_hwc": hwc(shape_of("E-six")),
        "dot_product_length": dot_product_length(given["k"], 3),
    },
    "E-shrink": shrinking,
    "E-ten": lambda given: {
        "shape_hwc": hwc(shape_of("E-ten")),
        "params": shapes.conv_parameters(3, given["filters"], given["k"]),
    },
}


@pytest.mark.parametrize("id", COMPUTED)
def test_the_ops_give_every_number_of_the_slide(id: str) -> None:
    check(id, COMPUTED)


@pytest.mark.parametrize("id", LAYERS)
def test_a_layer_has_the_sizes_that_the_slide_gives_it(id: str) -> None:
    (N, C, n, _), (filters, channels, k, _), settings = LAYERS[id]
    padding = settings.get("padding", 0)
    p = shapes.same_padding(k)[0] if padding == "same" else padding
    used = {"batch": N, "n": n, "k": k, "p": p, "s": settings.get("stride", 1), "filters": filters}
    used |= {"c_in": C, "c_out": filters}
    assert example(id)["given"].items() <= used.items()
    assert channels == C


@pytest.mark.parametrize("id", ["C-same"])
def test_same_padding_is_half_of_the_odd_kernel(id: str) -> None:
    entry = example(id)
    x = np.arange(81.0).reshape(1, 1, 9, 9)
    for k, p in zip(entry["given"]["k"], entry["expect"]["p"], strict=True):
        w = np.arange(k * k, dtype=float).reshape(1, 1, k, k)
        np.testing.assert_array_equal(ops.conv2d(x, w, padding="same"), ops.conv2d(x, w, padding=p))
