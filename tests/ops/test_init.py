"""The initializers: their bounds and spreads by the papers' formulas, and as PyTorch has them."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import init
from tests.ops.contract import refused

SHAPES = [(200, 300), (60, 20, 5, 5), (300, 40, 5)]
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)
EVERY_NAME = pytest.mark.parametrize("name", ["kaiming_uniform", "kaiming_normal", "xavier_uniform", "xavier_normal"])
CASES = [  # name, settings
    ("kaiming_uniform", {}),
    ("kaiming_uniform", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_uniform", {"a": sqrt(5)}),  # the default of PyTorch's layers
    ("kaiming_normal", {}),
    ("kaiming_normal", {"mode": "fan_out", "a": 0.2}),
    ("kaiming_normal", {"nonlinearity": "tanh"}),
    ("kaiming_normal", {"nonlinearity": "linear"}),
    ("xavier_uniform", {}),
    ("xavier_uniform", {"gain": 5 / 3}),
    ("xavier_normal", {}),
    ("xavier_normal", {"gain": 2.0}),
]
EVERY_CASE = pytest.mark.parametrize(("name", "settings"), CASES)

Shape = tuple[int, ...]
Settings = dict[str, Any]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def made(name: str, shape: Shape, settings: Settings, seed: int = 0) -> np.ndarray:
    return getattr(ops, name)(shape, rng=rng(seed), **settings)


def std_by_torch(name: str, shape: Shape, settings: Settings) -> float:
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    if name.startswith("xavier"):
        return float(settings.get("gain", 1.0) * sqrt(2 / (fan_in + fan_out)))
    gain = torch.nn.init.calculate_gain(settings.get("nonlinearity", "leaky_relu"), settings.get("a", 0))
    return float(gain / sqrt(fan_out if settings.get("mode") == "fan_out" else fan_in))


@EVERY_CASE
@EVERY_SHAPE
def test_mean_and_spread_are_those_of_the_formula(name: str, settings: Settings, shape: Shape) -> None:
    weight, std = made(name, shape, settings), std_by_torch(name, shape, settings)
    assert weight.shape == shape
    error = std / sqrt(weight.size)  # of the mean of so many numbers
    assert abs(weight.mean()) < 4 * error
    assert abs(weight.std() - std) < 4 * error
    if name.endswith("uniform"):
        bound = sqrt(3) * std
        assert 0.999 * bound < np.abs(weight).max() <= bound


@EVERY_CASE
@EVERY_SHAPE
def test_the_spread_is_that_of_pytorchs_own_weights(name: str, settings: Settings, shape: Shape) -> None:
    theirs = torch.empty(shape, dtype=torch.float64)
    getattr(torch.nn.init, f"{name}_")(theirs, generator=torch.Generator().manual_seed(0), **settings)
    ours = made(name, shape, settings)
    assert ours.std() == pytest.approx(theirs.std().item(), rel=6 / sqrt(2 * ours.size))
    if name.endswith("uniform"):
        assert np.abs(ours).max() == pytest.approx(theirs.abs().max().item(), rel=1e-3)


@EVERY_NAME
def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(name: str) -> None:
    np.testing.assert_array_equal(made(name, (3, 4), {}), made(name, (3, 4), {}))
    assert (made(name, (3, 4), {}) != made(name, (3, 4), {}, seed=1)).all()


@EVERY_NAME
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", np.float32, np.dtype("float64"), ">f4"])
def test_the_dtype_is_the_one_asked_for(name: str, dtype: Any) -> None:
    weight = made(name, (3, 4), {"dtype": dtype})
    assert weight.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_allclose(weight, made(name, (3, 4), {}), rtol=2e-3)
    assert made(name, (3, 4), {}).dtype == "float64"


def test_fans_are_counted_as_a_person_would() -> None:
    assert init.fans((10, 784)) == (784, 10)
    assert init.fans((16, 3, 5, 5)) == (3 * 5 * 5, 16 * 5 * 5)


@run_with(deadline=None)  # the machine may be busy
@given(st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_fans_of_any_shape_agree_with_pytorch(shape: list[int]) -> None:
    assert init.fans(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@pytest.mark.parametrize("word", ["linear", "sigmoid", "tanh", "relu", "selu", "leaky_relu"])
def test_gains_agree_with_pytorch(word: str) -> None:
    assert init.gain(word) == pytest.approx(torch.nn.init.calculate_gain(word), rel=1e-15)


@pytest.mark.parametrize("slope", [0, 0.2, -1.5, 3])
def test_the_gain_of_a_leaky_relu_agrees_with_pytorch(slope: float) -> None:
    assert init.gain("leaky_relu", slope) == torch.nn.init.calculate_gain("leaky_relu", slope)


@pytest.mark.parametrize(("word", "forward"), [("relu", ops.relu), ("leaky_relu", lambda x: ops.leaky_relu(x, 0.3))])
def test_the_gain_makes_up_for_what_the_nonlinearity_takes_away(word: str, forward: Any) -> None:
    x = rng().normal(size=100_000)
    kept = (forward(x) ** 2).mean()
    assert init.gain(word, 0.3) ** 2 * kept == pytest.approx(1, rel=0.02)


def test_signals_keep_their_size_through_thirty_relu_layers() -> None:
    x = rng().normal(size=(256, 512))
    generator = rng(1)
    for _ in range(30):
        x = ops.relu(ops.linear(x, ops.kaiming_normal((512, 512), rng=generator)))
    assert 0.2 < (x**2).mean() < 5  # half of it a layer would leave a billionth


def test_a_gain_beyond_all_measure_raises_no_other_error() -> None:
    assert made("kaiming_uniform", (3, 4), {"a": 1e200}).tolist() == np.zeros((3, 4)).tolist()  # next to no gain
    assert np.isfinite(made("xavier_uniform", (3, 4), {"gain": 1e300})).all()
    assert np.isinf(made("xavier_normal", (3, 4), {"gain": 1e10, "dtype": "float16"})).all()


COMMON = [  # shape, settings, words of the message
    ((5,), {}, "shape must have two axes or more (outputs, inputs, ...), but is (5,)"),
    ((), {}, "shape must have two axes or more (outputs, inputs, ...), but is ()"),
    (5, {}, "shape must be a sequence such as (outputs, inputs), but is 5"),
    ("53", {}, "shape must be a sequence such as (outputs, inputs), but is '53'"),
    ((5, 0), {}, "shape must be at least 1, but is 0"),
    ((5, 2.0), {}, "shape must be a whole number, but is 2.0"),
    ((5, 2), {"rng": 0}, "rng must be a random generator such as np.random.default_rng(0), but is 0"),
    ((5, 2), {"rng": None}, "rng must be a random generator such as np.random.default_rng(0), but is None"),
    ((5, 2), {"dtype": "int32"}, "dtype must be one of 'float16', 'float32', 'float64', but is 'int32'"),
    (np.array(2), {}, "shape must be a sequence such as (outputs, inputs), but is array(2)"),
    ((10**6, 10**6), {}, "shape asks for 1000000 x 1000000 numbers, which is more than 2147483647: too many to keep"),
    ((5, 2), {"dtype": 1}, "dtype must be one of 'float16', 'float32', 'float64', but is '1'"),
    ((5, 2), {"dtype": "floaty"}, "dtype must be one of 'float16', 'float32', 'float64', but is 'floaty'"),
]
KAIMING = [
    ({"mode": "fan"}, "mode must be one of 'fan_in', 'fan_out', but is 'fan'"),
    ({"nonlinearity": "ReLU"}, "nonlinearity must be one of 'linear', 'sigmoid', 'tanh', 'relu', 'selu', 'leaky_relu'"),
    ({"a": "0.1"}, "a must be a number, but is '0.1'"),
    ({"a": 10**400}, "a must be a number between -1.79769e+308 and 1.79769e+308, but is beyond that"),
]
XAVIER = [
    ({"gain": -1}, "gain must be between 0 and 1e+300, but is -1"),
    ({"gain": np.inf}, "gain must be between 0 and 1e+300, but is inf"),
    ({"gain": "tanh"}, "gain must be a number, but is 'tanh'"),
]


@EVERY_NAME
@pytest.mark.parametrize(("shape", "settings", "message"), COMMON)
def test_what_cannot_work_is_refused(name: str, shape: Any, settings: Settings, message: str) -> None:
    refused(message, getattr(init, name), shape, **({"rng": rng()} | settings))


@pytest.mark.parametrize("spread", ["uniform", "normal"])
@pytest.mark.parametrize(
    ("family", "settings", "message"),
    [("kaiming", *case) for case in KAIMING] + [("xavier", *case) for case in XAVIER],
)
def test_settings_that_cannot_work_are_refused(family: str, spread: str, settings: Settings, message: str) -> None:
    refused(message, getattr(init, f"{family}_{spread}"), (5, 2), rng=rng(), **settings)


def test_a_gain_is_for_the_words_that_have_one() -> None:
    refused("nonlinearity must be one of", init.gain, "gelu")
    refused("negative_slope must be a number, but is None", init.gain, "leaky_relu", None)
