"""What batch_norm takes, writes to and gives back: running statistics, layouts, dtypes, and what it refuses."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.contract import refused
from tests.ops.oracles import random

MODES = pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])

Settings = dict[str, Any]


def arrays(*shape: int) -> dict[str, np.ndarray]:
    return {"input": random(*shape, seed=1), "weight": random(shape[1], seed=2), "bias": random(shape[1], seed=3)}


def statistics(channels: int) -> list[np.ndarray]:
    return [random(channels, seed=5), np.random.default_rng(6).uniform(0.5, 2, channels)]


@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_only_the_forward_pass_in_training_writes_to_the_running_statistics(module: Any) -> None:
    x, g, (mean, var) = random(4, 2), random(4, 2, seed=4), statistics(2)
    before = mean.copy(), var.copy()
    module.batch_norm(x, mean, var)
    module.batch_norm_backward(g, x, mean, var)
    module.batch_norm_backward(g, x, mean, var, training=True)
    module.batch_norm(x[:0], mean, var, training=True)  # an empty batch has no statistics
    np.testing.assert_array_equal((mean, var), before)
    module.batch_norm(x, mean, var, training=True)
    assert (mean != before[0]).all() and (var != before[1]).all()


@MODES
def test_read_only_inputs_work_and_no_input_is_written_to(training: bool) -> None:
    named = arrays(3, 2, 4) | {"g": random(3, 2, 4, seed=4)}
    named |= {} if training else dict(zip(["running_mean", "running_var"], statistics(2), strict=True))
    before = {name: array.copy() for name, array in named.items()}
    for array in named.values():
        array.flags.writeable = False
    settings = {"running_mean": None, "running_var": None, **named, "training": training}
    g = settings.pop("g")
    for result in (ops.batch_norm(**settings), *ops.batch_norm_backward(g, **settings)):
        assert result is not None and result.flags.writeable
        assert not any(np.shares_memory(result, array) for array in named.values())
    for name, array in named.items():
        np.testing.assert_array_equal(array, before[name])


def test_results_share_no_memory_with_one_another() -> None:
    named = arrays(1, 2, 3)
    first, second, third = ops.batch_norm_backward(random(1, 2, 3), named.pop("input"), *statistics(2), **named)
    assert second is not None and third is not None
    assert not any(np.shares_memory(a, b) for a, b in ((first, second), (first, third), (second, third)))


@MODES
@pytest.mark.parametrize(
    "view",
    [
        lambda x: np.asfortranarray(x),
        lambda x: np.concatenate([x, x], axis=-1)[..., : x.shape[-1]],
        lambda x: x[::-1, ..., ::-1].copy()[::-1, ..., ::-1],
        lambda x: np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1),  # a photo: channels last in memory
    ],
    ids=["fortran order", "slice", "negative steps", "channels last"],
)
def test_the_layout_in_memory_does_not_matter(view: Any, training: bool) -> None:
    x, g, running = random(4, 3, 5, 6), random(4, 3, 5, 6, seed=4), statistics(3)
    expected = ops.batch_norm_backward(g, x, *running, [1, 2, 3], None, training)
    results = ops.batch_norm_backward(view(g), view(x), *running, [1, 2, 3], None, training)
    for ours, theirs in zip(results[:2], expected[:2], strict=True):
        assert ours is not None and theirs is not None
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    y = ops.batch_norm(x, *map(np.copy, running), training=training)
    np.testing.assert_allclose(ops.batch_norm(view(x), *running, training=training), y, rtol=1e-12, atol=1e-12)


def test_running_statistics_may_be_views() -> None:
    x, both = random(5, 2), np.stack([np.zeros(4), np.ones(4)])
    ops.batch_norm(x, both[0, ::2], both[1, ::2], training=True, momentum=1.0)
    np.testing.assert_allclose(both[:, ::2], [x.mean(axis=0), x.var(axis=0, ddof=1)], rtol=1e-12)
    np.testing.assert_array_equal(both[:, 1::2], [[0, 0], [1, 1]])


KINDS = [  # input, the others, dtype of the results
    ([[1, 2], [3, 6]], [3, 4], "float64"),
    (np.array([[1, 2], [3, 6]], "uint8"), np.array([3, 4], "int16"), "float64"),
    (np.array([[1, 2], [3, 6]]), np.array([3, 4], "float32"), "float32"),
    (np.array([[1, 2], [3, 6]], "float32"), [3, 4], "float32"),
    (np.array([[1, 2], [3, 6]], "float16"), np.array([3, 4], "float16"), "float16"),
    (np.array([[1, 2], [3, 6]], ">f4"), np.array([3, 4], "<f4"), "float32"),  # bytes as some files have them
]


@MODES
@pytest.mark.parametrize(("x", "c", "dtype"), KINDS)
def test_floats_keep_their_dtype_and_everything_else_follows(x: Any, c: Any, dtype: str, training: bool) -> None:
    running = (None, None) if training else (c, c)
    results = [
        ops.batch_norm(x, *running, c, c, training),
        *ops.batch_norm_backward(np.ones((2, 2)), x, *running, c, c, training),
    ]
    assert [result is not None and result.dtype for result in results] == [dtype] * 4
    if not training:
        y = ops.batch_norm([[1, 2], [3, 6]], *([3, 4],) * 4)
        np.testing.assert_allclose(results[0], y, atol=4e-3 if dtype == "float16" else 1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize("kept", ["float16", "float32"])
def test_half_precision_is_computed_in_single_precision(kept: str) -> None:
    x = (100 + random(40, 2, 9, 9)).astype("float16")  # a sum of 3240 values near 100 is no float16
    running = [array.astype(kept) for array in statistics(2)]
    theirs = [torch.tensor(array) for array in running]
    y = ops.batch_norm(x, *running, training=True)
    torch.nn.functional.batch_norm(torch.tensor(x), *theirs, training=True)
    assert y.dtype == "float16" and running[0].dtype == kept
    exact = ops.batch_norm(x.astype("float64"), None, None, training=True)
    np.testing.assert_allclose(y, exact, rtol=1e-3, atol=1e-4)  # PyTorch is off by 6e-3 here with a float16 mean
    for ours, expected in zip(running, theirs, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5 if kept == "float32" else 1e-3)


def test_the_size_of_numpys_buffer_is_as_it_was_before() -> None:
    before = np.getbufsize()
    ops.batch_norm_backward(random(3, 2), random(3, 2), None, None, training=True)
    ops.batch_norm(random(3, 2), None, None, training=True)
    assert np.getbufsize() == before


# ---- what cannot work ----------------------------------------------------------------------------

X, C = np.arange(24.0).reshape(4, 3, 2), np.ones(3)
READ_ONLY = np.broadcast_to(1.0, 3)
WRONG = [  # settings, words of the message; refused by forward, backward and both of the loops
    ({"input": np.zeros(3)}, "input must have the axes (N, C, ...), but its shape is (3,): one example is input[None]"),
    ({"input": torch.zeros(4, 3)}, "input must be a NumPy array, but is a torch tensor"),
    ({"input": None}, "input must be an array of numbers, but is None"),
    ({"input": X.astype("float32")}, "input is float32 but running_mean is float64"),
    ({"input": X.astype("float16")}, "input is float16 but running_mean is float64"),
    ({"running_mean": np.zeros(4)}, "running_mean must hold one number per channel, shape (3,), but its shape is (4,)"),
    (
        {"running_var": np.ones((1, 3))},
        "running_var must hold one number per channel, shape (3,), but its shape is (1,",
    ),
    ({"running_var": torch.ones(3)}, "running_var must be a NumPy array, but is a torch tensor"),
    ({"running_var": -C}, "running_var must not be negative, but its smallest value is -1: running_mean comes first"),
    ({"running_mean": None}, "running_mean and running_var are needed together, but only running_var is given"),
    ({"running_var": None, "training": True}, "but only running_mean is given: give both, or neither"),
    (
        {"running_mean": None, "running_var": None},
        "both running_mean and running_var are None: give both, or training=True to use those of the batch",
    ),
    ({"weight": np.ones(2)}, "weight must hold one number per channel, shape (3,), but its shape is (2,)"),
    ({"weight": C.astype("float32")}, "input is float64 but running_mean is float64 but running_var is float64 but"),
    ({"bias": 1.0}, "bias must hold one number per channel, shape (3,), but its shape is ()"),
    ({"training": 1}, "training must be True or False, but is 1"),
    ({"training": None}, "training must be True or False, but is None"),
    ({"momentum": None}, "momentum must be a number, but is None: for a plain average give 1 / (batches seen so far)"),
    ({"momentum": "0.1"}, "momentum must be a number, but is '0.1'"),
    ({"eps": -1e-5}, "eps must be at least 0, but is -1e-05"),
    ({"eps": None}, "eps must be a number, but is None"),
    ({"eps": 0, "training": True}, "eps must be greater than 0 in training, but is 0"),
    (
        {"input": X[:1, :, :1], "training": True},
        "input must have more than one value per channel in training, but its shape is (1, 3, 1): the variance of a "
        "single value is 0. Use a larger batch, or training=False",
    ),
]
NOT_WRITABLE = [
    ([0.0, 0.0, 0.0], "must be a float array that can be written to, because training updates it, but is a list"),
    (np.zeros(3, int), "must be a float array that can be written to, because training updates it, but is an array of"),
    (READ_ONLY, "must be a float array that can be written to, because training updates it, but is read-only"),
]


@pytest.mark.parametrize(("settings", "message"), WRONG)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_what_cannot_work_is_refused(module: Any, settings: Settings, message: str) -> None:
    arguments = {"input": X, "running_mean": np.zeros(3), "running_var": np.ones(3), **settings}
    refused(message, module.batch_norm, **arguments)
    refused(message, module.batch_norm_backward, X, **arguments)


@pytest.mark.parametrize(("value", "message"), NOT_WRITABLE)
@pytest.mark.parametrize("name", ["running_mean", "running_var"])
def test_training_refuses_running_statistics_that_it_cannot_update(name: str, value: Any, message: str) -> None:
    arguments = {"input": X, "running_mean": np.zeros(3), "running_var": np.ones(3), name: value}
    before = np.copy(arguments["running_mean"]), np.copy(arguments["running_var"])
    refused(f"{name} {message}", ops.batch_norm, **arguments, training=True)
    np.testing.assert_array_equal((arguments["running_mean"], arguments["running_var"]), before)
    assert ops.batch_norm(**arguments).shape == X.shape


@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_a_gradient_must_have_the_shape_of_the_output(module: Any) -> None:
    message = "grad_output must have the shape of the output, (4, 3, 2), but has (4, 3)"
    refused(message, module.batch_norm_backward, np.ones((4, 3)), X, C, C)


def test_eps_may_be_0_where_the_running_variance_is_not() -> None:
    assert ops.batch_norm([[3.0]], [1.0], [4.0], eps=0).tolist() == [[1.0]]
