"""Every example of the slides on parameters, receptive fields and whole networks, computed by networks and shapes."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from cnnlab import ops, shapes
from cnnlab.network import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, Tanh
from tests.worked import example
from tests.worked_examples.every_number import Computed, Given, check

RNG = np.random.default_rng(0)  # for weights whose number counts, not their values
VGG16 = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""The filters of its convolutions, all 3 x 3 with a padding of 1; a 2 x 2 max pool follows each group."""

ACTIVATIONS = {
    "relu": ops.relu,
    "sigmoid": ops.sigmoid,
    "tanh": ops.tanh,
    "softmax": partial(ops.softmax, dim=1),
}


def dense_network(given: Given) -> dict[str, Any]:
    n, hidden, m = given["layers"]
    table = Sequential(Linear(n, hidden, rng=RNG), ReLU(), Linear(hidden, m, rng=RNG)).summary((n,))
    first, _, second = table.rows
    return {"hidden": first.parameters, "output": second.parameters, "total": table.parameters}


def conv_params(given: Given) -> int:
    return Conv2d(given["c_in"], given["c_out"], given["k"], rng=RNG).parameter_count


def filters_and_one(given: Given) -> dict[str, Any]:
    return {"per_filter": conv_params({**given, "c_out": 1}), "params": conv_params(given)}


def kernels_of_a_layer(given: Given) -> dict[str, Any]:
    F, C, _, _ = Conv2d(given["c_in"], given["c_out"], given["k"], rng=RNG).weight.value.shape
    return {"kernel_depth": C, "kernels": F}


def flattened_photo(given: Given) -> dict[str, Any]:
    inputs = Flatten()(np.zeros((1, 3, 224, 224), "f4")).shape[1]
    return {"inputs": inputs, "weights": shapes.linear_parameters(inputs, 1000, bias=False)}


def dense_against_conv(given: Given) -> dict[str, Any]:
    return {
        "dense_weights": shapes.linear_parameters(256 * 256, 256 * 256, bias=False),
        "conv_weights": shapes.conv_parameters(1, 1, 3, bias=False),
    }


def three_layers(given: Given) -> dict[str, Any]:
    """On an image of 8 x 8, the convolutions without padding leave the 32·4·4 = 512 numbers of the slide."""
    table = Sequential(
        Conv2d(3, 16, 3, rng=RNG),
        Conv2d(16, 32, 3, rng=RNG),
        Flatten(),
        Linear(512, 10, rng=RNG),
    ).summary((3, 8, 8))
    return {"parts": [row.parameters for row in table.rows if row.parameters], "total": table.parameters}


def conv_then_pool(given: Given) -> dict[str, Any]:
    n = given["n"]
    table = Sequential(Conv2d(3, 8, 3, padding=1, rng=RNG), MaxPool2d(2, 2)).summary((3, n, n))
    assert all(height == width for _, height, width in (row.output_shape for row in table.rows))
    return {"sizes": [row.output_shape[-1] for row in table.rows]}


def exam_network() -> Sequential:
    return Sequential(
        Conv2d(1, 8, 3, padding=1, stride=2, rng=RNG), ReLU(), MaxPool2d(2),
        Conv2d(8, 16, 3, padding=1, stride=2, rng=RNG), ReLU(), MaxPool2d(2),
        Flatten(),
        Linear(64, 16, rng=RNG), ReLU(),
        Linear(16, 4, rng=RNG),
    )  # fmt: skip


def exam(given: Given) -> dict[str, Any]:
    network = exam_network()
    table = network.summary(given["input"])
    images = np.random.default_rng(1).normal(size=(5, *given["input"])).astype("f4")
    outputs = {name: activation(network(images)) for name, activation in ACTIVATIONS.items()}
    (probabilities,) = [name for name, y in outputs.items() if np.allclose(y.sum(axis=1), 1) and (y >= 0).all()]
    return {
        "shapes": [row.output_shape for row in table.rows if row.layer != "ReLU()"],
        "output_activation": probabilities,
        "output_units": outputs[probabilities].shape[1],
        "params_total": table.parameters,
    }


def vgg16(given: Given) -> dict[str, Any]:
    """Counted, not made: as float32 its weights take half a gigabyte."""
    c, n, _ = given["input"]
    params = 0
    for group in VGG16:
        for f in group:
            params, c, n = params + shapes.conv_parameters(c, f, 3), f, shapes.conv_output_size(n, 3, padding=1)
        n = shapes.pool_output_size(n, 2)
    flat = c * n * n
    dense = [shapes.linear_parameters(*sizes) for sizes in ((flat, 4096), (4096, 4096), (4096, 1000))]
    return {"flat": flat, "params": params + sum(dense)}


def lenet(given: Given) -> dict[str, Any]:
    network = Sequential(
        Conv2d(1, 6, 5, rng=RNG), Tanh(), AvgPool2d(2),
        Conv2d(6, 16, 5, rng=RNG), Tanh(), AvgPool2d(2),
        Conv2d(16, 120, 5, rng=RNG), Tanh(), Flatten(),
        Linear(120, 84, rng=RNG), Tanh(),
        Linear(84, 10, rng=RNG),
    )  # fmt: skip
    return {"params_full_c3": network.summary(given["input"]).parameters}


def receptive_fields(given: Given) -> dict[str, Any]:
    return {"rf": [shapes.receptive_field([shapes.Layer(given["k"])] * L).size for L in given["L"]]}


COMPUTED: Computed = {
    "A-params-mlp": dense_network,
    "A-params-conv": lambda given: {"params": conv_params(given)},
    "B-params": filters_and_one,
    "B-exam": exam,
    "B-vgg16": vgg16,
    "C-flatten": flattened_photo,
    "C-rf": receptive_fields,
    "D-Q4": kernels_of_a_layer,
    "D-Q6": lambda given: {"params": conv_params(given)},
    "D-Q7": lambda given: {"params": Linear(given["n_in"], given["n_out"], rng=RNG).parameter_count},
    "D-Q18": conv_then_pool,
    "D-Q19": three_layers,
    "E-dense-vs-conv": dense_against_conv,
    "E-lenet": lenet,
}


@pytest.mark.parametrize("id", COMPUTED)
def test_networks_and_shapes_give_every_number_of_the_slide(id: str) -> None:
    check(id, COMPUTED)


@pytest.mark.parametrize("id", ["C-rf"])
def test_a_unit_behind_stacked_convolutions_gets_a_gradient_from_its_receptive_field_alone(id: str) -> None:
    entry = example(id)
    w = np.ones((1, 1, entry["given"]["k"], entry["given"]["k"]))
    for L, rf in zip(entry["given"]["L"], entry["expect"]["rf"], strict=True):
        inputs = [np.zeros((1, 11, 11))]
        for _ in range(L):
            inputs.append(ops.conv2d(inputs[-1], w))
        grad = np.zeros_like(inputs.pop())
        grad[0, 2, 1] = 1
        for x in reversed(inputs):
            grad = ops.conv2d_backward(grad, x, w)[0]
        rows, columns = np.nonzero(grad[0])
        assert (set(rows), set(columns)) == (set(range(2, 2 + rf)), set(range(1, 1 + rf)))


@pytest.mark.parametrize("id", ["B-gpu"])
def test_the_ratio_of_the_printed_times_is_the_printed_ratio(id: str) -> None:
    """The seconds were measured on one machine: there is nothing to compute but their ratio."""
    entry = example(id)
    ratio = entry["expect"]["cpu_epoch_s"] / entry["expect"]["gpu_epoch_s"]
    assert ratio == pytest.approx(entry["expect"]["ratio"], abs=entry["tol"])
