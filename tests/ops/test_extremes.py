"""NaN, infinity and numbers beyond the dtype pass through every op that adds cells up, as in PyTorch and unwarned.

NumPy's warnings are errors here, so that each of these tests also says that there are none.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.contract import results
from tests.ops.oracles import by_torch, random

Shape = tuple[int, ...]
Settings = dict[str, Any]

CASES: list[tuple[str, list[Shape], Settings]] = [  # op, shapes of its arrays, settings
    ("conv1d", [(1, 2, 8), (2, 2, 3)], {}),
    ("conv2d", [(1, 2, 5, 5), (2, 2, 3, 3)], {}),
    ("true_conv1d", [(1, 2, 8), (2, 2, 3)], {}),
    ("true_conv2d", [(1, 2, 5, 5), (2, 2, 3, 3)], {}),
    ("conv_transpose2d", [(1, 2, 4, 4), (2, 2, 3, 3)], {}),
    ("unfold", [(1, 2, 4, 4)], {"kernel_size": 2}),
    ("fold", [(1, 8, 9)], {"output_size": (4, 4), "kernel_size": 2}),
    ("avg_pool2d", [(1, 2, 4, 4)], {"kernel_size": 2, "stride": 1, "divisor_override": 1}),
    ("max_pool2d", [(1, 2, 4, 4)], {"kernel_size": 2, "stride": 1}),
    ("adaptive_avg_pool2d", [(1, 2, 5, 5)], {"output_size": 3}),
    ("adaptive_max_pool2d", [(1, 2, 5, 5)], {"output_size": 3}),
    ("global_avg_pool2d", [(2, 2, 3, 3)], {}),
    ("global_max_pool2d", [(2, 2, 3, 3)], {}),
    ("pad", [(1, 2, 4, 4)], {"pad": (2, 1, 1, 1), "mode": "reflect"}),
    ("pad", [(1, 2, 4, 4)], {"pad": (2, 1, 1, 1), "value": -np.inf}),
    ("pad", [(1, 2, 4, 4)], {"pad": (2, 1, 1, 1), "value": np.nan}),
]
NOT_IN_PYTORCH: dict[str, Callable[..., torch.Tensor]] = {
    "true_conv1d": lambda x, w: F.conv1d(x, w.flip(-1)),
    "true_conv2d": lambda x, w: F.conv2d(x, w.flip(-1, -2)),
    "global_avg_pool2d": lambda x: x.mean((-2, -1)),
    "global_max_pool2d": lambda x: F.adaptive_max_pool2d(x, 1)[..., 0, 0],
}
ADDING = [case for case in CASES if "conv" in case[0] or case[0] in ("fold", "avg_pool2d")]
EVERY_CASE = pytest.mark.parametrize(("name", "shapes", "settings"), CASES)
EVERY_MODULE = pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])


def functions(name: str, module: Any) -> tuple[Any, Any]:
    return getattr(module, name), getattr(module, f"{name}_backward")


@EVERY_CASE
@EVERY_MODULE
@pytest.mark.parametrize("extremes", [(np.inf,), (np.inf, -np.inf), (np.nan,)])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_infinity_and_nan_give_what_pytorch_gives(
    module: Any,
    name: str,
    shapes: list[Shape],
    settings: Settings,
    extremes: tuple[float, ...],
    dtype: str,
    tolerance: float,
) -> None:
    arrays = [random(*shape, seed=i).astype(dtype) for i, shape in enumerate(shapes)]
    arrays[0].reshape(-1)[: len(extremes)] = extremes
    for weight in arrays[1:]:
        weight.reshape(-1)[:2] = 0  # infinity times 0 is NaN
    y, g, gradients = by_torch(NOT_IN_PYTORCH.get(name) or getattr(F, name), arrays, **settings)
    for ours, theirs in zip(results(*functions(name, module), g, arrays, settings), [y, *gradients], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("name", "shapes", "settings"), ADDING)
@EVERY_MODULE
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_a_sum_too_large_for_the_dtype_is_infinite(
    module: Any, name: str, shapes: list[Shape], settings: Settings, dtype: str
) -> None:
    x, *weights = [np.full(shape, np.finfo(dtype).max if i == 0 else 2, dtype) for i, shape in enumerate(shapes)]
    y = functions(name, module)[0](x, *weights, **settings)
    assert y.dtype == dtype and np.isposinf(y).any()


@EVERY_CASE
@EVERY_MODULE
def test_a_gradient_too_large_for_the_dtype_of_the_input_is_infinite(
    module: Any, name: str, shapes: list[Shape], settings: Settings
) -> None:
    forward, backward = functions(name, module)
    arrays = [np.ones(shape, "float32") for shape in shapes]
    g = np.full(forward(*arrays, **settings).shape, 1e300)
    grad_input, *_ = results(forward, backward, g, arrays, settings)[1:]
    assert grad_input.dtype == "float32" and np.isposinf(grad_input).any()


@EVERY_MODULE
def test_a_value_too_large_for_the_dtype_pads_with_infinity(module: Any) -> None:
    assert module.pad(np.ones((1, 1), "float16"), (1, 0), value=1e6).tolist() == [[np.inf, 1]]


def test_a_gradient_too_large_stops_at_a_relu_or_passes_as_infinity() -> None:
    x = np.array([1, -1], "float32")
    assert ops.relu_backward([1e300, 1e300], x).tolist() == [np.inf, 0]


@EVERY_MODULE
def test_normalizing_infinity_gives_nan_where_it_is_and_elsewhere_what_it_would_be(module: Any) -> None:
    x = np.array([[np.inf, 1.0], [1.0, 3.0]])
    y = module.layer_norm(x, (2,), eps=0)
    assert np.isnan(y[0]).all() and y[1].tolist() == [-1, 1]
    y = module.batch_norm(x, None, None, training=True)
    assert np.isnan(y[:, 0]).any() and np.isfinite(y[:, 1]).all()


@EVERY_MODULE
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_normalizing_the_largest_numbers_raises_nothing(module: Any, dtype: str) -> None:
    x = np.full((2, 3), np.finfo(dtype).max)
    x[:, 1] = 0
    for forward, backward, settings in (
        (module.layer_norm, module.layer_norm_backward, {"normalized_shape": (3,)}),
        (module.batch_norm, module.batch_norm_backward, {"running_mean": None, "running_var": None, "training": True}),
    ):
        for result in results(forward, backward, x, [x.astype(dtype)], settings):
            assert result.dtype == dtype and result.shape == x.shape
