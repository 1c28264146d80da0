"""A network as a person reads it: its table, and each layer as the call that makes it."""

import re

import numpy as np
import pytest

from cnnlab import network as net
from cnnlab.network import Sequential
from tests.network.networks import IMAGES, Residual, lenet, seeded, small_network
from tests.ops.oracles import random

RNG = seeded()
LENET_TABLE = """
     layer                        output        parameters     MACs
     input                        1 x 28 x 28
0.0  Conv2d(1, 6, 5, padding=2)   6 x 28 x 28          156  117,600
0.1  Tanh()                       6 x 28 x 28
0.2  AvgPool2d(2)                 6 x 14 x 14
1    Conv2d(6, 16, 5)             16 x 10 x 10       2,416  240,000
2    AvgPool2d(2)                 16 x 5 x 5
3    Flatten()                    400
4    Linear(400, 120)             120               48,120   48,000
5    Linear(120, 10, bias=False)  10                 1,200    1,200
     total                                          51,892  406,800
"""


def test_the_table_has_a_line_a_layer() -> None:
    assert str(lenet().summary((1, 28, 28))) == LENET_TABLE.strip("\n")


def test_the_numbers_of_the_table_are_sums_that_a_person_would_write() -> None:
    table = lenet().summary([1, 28, 28])
    assert table.input_shape == (1, 28, 28)
    assert table.rows[3] == net.Row("1", "Conv2d(6, 16, 5)", (16, 10, 10), 16 * (6 * 25 + 1), 16 * 10 * 10 * 6 * 25)
    assert table.parameters == 6 * (25 + 1) + 16 * (6 * 25 + 1) + (400 + 1) * 120 + 120 * 10
    assert table.macs == 6 * 28 * 28 * 25 + 16 * 10 * 10 * 6 * 25 + 400 * 120 + 120 * 10


MACS = [  # layer, shape of one example, multiply-accumulates
    (net.Linear(5, 3, rng=RNG), (5,), 15),
    (net.Linear(5, 3, rng=RNG), (7, 5), 7 * 15),
    (net.Conv2d(4, 6, (3, 2), groups=2, rng=RNG), (4, 5, 5), 6 * 3 * 4 * 2 * 6),
    (net.ConvTranspose2d(4, 6, 2, stride=2, groups=2, rng=RNG), (4, 5, 3), 4 * 5 * 3 * 3 * 4),
    (net.MaxPool2d(2), (1, 4, 4), 0),
    (Residual(Sequential(net.Conv2d(2, 2, 3, padding=1, rng=RNG), net.ReLU())), (2, 4, 4), 2 * 16 * 2 * 9),
]


@pytest.mark.parametrize(("layer", "shape", "macs"), MACS, ids=repr)
def test_multiply_accumulates_are_counted_for_one_example(layer: net.Layer, shape: tuple[int, ...], macs: int) -> None:
    assert Sequential(layer).summary(shape).macs == macs
    layer(random(3, *shape).astype("float32"))
    assert layer.macs() == macs


def test_the_table_in_a_notebook_has_the_same_cells() -> None:
    table = Sequential(net.Flatten(), net.Linear(4, 2, rng=RNG)).summary((1, 2, 2))
    cells = re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", table._repr_html_())
    expected = [
        *("", "layer", "output", "parameters", "MACs"),
        *("", "input", "1 x 2 x 2", "", ""),
        *("0", "Flatten()", "4", "", ""),
        *("1", "Linear(4, 2)", "2", "10", "8"),
        *("", "total", "", "10", "8"),
    ]
    assert cells == expected


def test_a_name_with_signs_of_html_is_shown_as_it_is() -> None:
    row = net.Row("0", "Mine(<b>)", (1,), 0, 0)
    assert "Mine(&lt;b&gt;)" in net.Summary((1,), (row,))._repr_html_()


def test_a_layer_that_consists_of_others_is_one_line_with_its_class() -> None:
    body = Sequential(net.Conv2d(2, 2, 3, padding=1, rng=RNG), net.ReLU())
    (row,) = Sequential(Residual(body)).summary((2, 4, 4)).rows
    assert (row.name, row.layer, row.parameters) == ("0", "Residual", 2 * 2 * 9 + 2)


def test_a_table_leaves_the_network_as_it_was() -> None:
    network, twin = small_network(), small_network()
    g = random(4, 3, seed=5)
    for one in (network, twin):
        one(IMAGES)
    network.summary((2, 6, 5))
    np.testing.assert_array_equal(network.backward(g), twin.backward(g))
    np.testing.assert_array_equal(network(IMAGES), twin(IMAGES))  # the same masks, too
    assert all(layer.training for layer in network.modules())
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, twin.state_dict()[name])


# ---- as text -------------------------------------------------------------------------------------

TEXTS = [
    (net.Conv2d(1, 6, (5, 3), stride=2, padding="valid", rng=RNG), "Conv2d(1, 6, (5, 3), stride=2, padding='valid')"),
    (net.Conv2d(2, 6, 3, groups=2, bias=False, rng=RNG, dtype="float64"), "Conv2d(2, 6, 3, groups=2, bias=False)"),
    (net.Linear(3, 4, rng=RNG), "Linear(3, 4)"),
    (
        net.ConvTranspose2d(3, 4, 2, 2, output_padding=1, rng=RNG),
        "ConvTranspose2d(3, 4, 2, stride=2, output_padding=1)",
    ),
    (
        net.Conv2d(np.int64(1), 2, np.array([3, 2]), stride=np.array([1, 2]), padding=np.int64(0), rng=RNG),
        "Conv2d(1, 2, (3, 2), stride=(1, 2))",
    ),
    (net.MaxPool2d(np.array(2), np.array([2, 2])), "MaxPool2d(2, stride=(2, 2))"),
    (net.BatchNorm2d(3, momentum=None, affine=False), "BatchNorm2d(3, momentum=None, affine=False)"),
    (net.LeakyReLU(), "LeakyReLU()"),
    (net.LeakyReLU(0.2), "LeakyReLU(negative_slope=0.2)"),
    (net.MaxPool2d(3, stride=2, ceil_mode=True), "MaxPool2d(3, stride=2, ceil_mode=True)"),
    (net.Dropout(rng=RNG), "Dropout()"),
    (net.Dropout(0.2, rng=RNG), "Dropout(p=0.2)"),
    (Sequential(), "Sequential(\n)"),
    (
        Sequential(net.ReLU(), Sequential(net.Tanh())),
        "Sequential(\n  (0): ReLU()\n  (1): Sequential(\n    (0): Tanh()\n  )\n)",
    ),
]


@pytest.mark.parametrize(("layer", "text"), TEXTS)
def test_a_layer_shows_the_call_that_makes_it(layer: net.Layer, text: str) -> None:
    assert repr(layer) == text
