"""Dense, local and shared connections: the matrix is the layer, and the counts are those of the decks."""

from itertools import pairwise

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.traces.connections import PATTERNS, SHARED, SIZES, Connections, count_text, layer_size, memory
from tests.worked import example

LAYERS = [(n, k, s) for n in (3, 5, 8, 10) for k in (1, 2, 3, 5) for s in (1, 2, 3) if k <= n]


@pytest.mark.parametrize(("n", "k", "s"), LAYERS)
def test_the_matrix_of_shared_weights_is_a_convolution(n: int, k: int, s: int) -> None:
    layer = Connections("shared", n, k, s)
    kernel = np.array(SHARED[:k])[None, None]
    np.testing.assert_array_equal(layer.output, ops.conv1d(layer.x[None], kernel, stride=s)[0])
    np.testing.assert_array_equal(layer.matrix @ layer.x, layer.output)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("n", "k", "s"), LAYERS)
def test_every_connection_has_a_weight_and_nothing_else_has(pattern: str, n: int, k: int, s: int) -> None:
    layer = Connections(pattern, n, k, s)
    np.testing.assert_array_equal(layer.matrix != 0, layer.connected)
    seen = n if pattern == "dense" else k
    assert (layer.connected.sum(axis=1) == seen).all()
    different = {"dense": layer.units * n, "local": layer.units * k, "shared": k}[pattern]
    assert layer.weights == different
    assert layer.count().endswith("weight" if different == 1 else "weights") and str(different) in layer.count()


def test_the_rows_of_the_shared_matrix_are_the_same_row_moved() -> None:
    matrix = Connections("shared", 9, 3, 2).matrix
    for above, below in pairwise(matrix):
        np.testing.assert_array_equal(np.roll(above, 2), below)


def test_local_and_dense_weights_are_all_their_own() -> None:
    local = Connections("local", 8, 3)
    rows = [tuple(row[seen]) for row, seen in zip(local.matrix, local.connected, strict=True)]
    assert len(set(rows)) == local.units


def test_a_layer_that_grows_keeps_the_weights_it_had() -> None:
    np.testing.assert_array_equal(Connections("dense", 9, 3).matrix[:6, :8], Connections("dense", 8, 3).matrix)


def test_the_sum_of_a_unit_is_written_out() -> None:
    assert Connections("shared", 8, 3).formula(1) == "unit 1 = 2·0 + (−1)·2 + 1·(−1) = −3"


def test_the_decks_counts_come_out() -> None:
    flatten = SIZES["224 × 224 × 3 to 1000 units"]
    expect = example("C-flatten")["expect"]
    assert (flatten.inputs, flatten.weights("dense")) == (expect["inputs"], expect["weights"])
    against = SIZES["256 × 256 to 256 × 256"]
    expect = example("E-dense-vs-conv")["expect"]
    assert (against.weights("dense"), against.weights("shared")) == (expect["dense_weights"], expect["conv_weights"])
    assert against.weights("local") == 256 * 256 * 9
    six = SIZES["32 × 32 × 3, six 5 × 5 filters"]
    expect = example("C-six-filters")["expect"]
    assert six.weights("shared") == expect["weights"]
    assert six.weights("shared") + six.biases("shared") == expect["params_with_bias"]
    assert six.weights("dense") == expect["mlp_1000_weights"]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("name", SIZES)
def test_the_formula_of_a_count_multiplies_to_it(name: str, pattern: str) -> None:
    size = SIZES[name]
    product = 1
    for number in size.formula(pattern).replace(",", "").replace("·", " ").split():
        product *= int(number) if number.isdigit() else 1
    assert product == size.weights(pattern)


@pytest.mark.parametrize(
    ("weights", "text"),
    [(9, "36 bytes"), (249, "996 bytes"), (250, "1 kB"), (27_000, "108 kB"), (150_528_000, "602 MB"),
     (4_294_967_296, "17.2 GB"), (10**12, "4 TB"), (10**16, "40,000 TB"), (17 * 10**25, "6.80·10¹⁴ TB")],
)  # fmt: skip
def test_memory_is_four_bytes_a_weight(weights: int, text: str) -> None:
    assert memory(weights) == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sparse", 8, 3), "pattern must be one of dense, local, shared, but is 'sparse'"),
        (("dense", 11, 3), "inputs must be from 1 to 10, but is 11"),
        (("dense", 8, 6), "kernel_size must be from 1 to 5, but is 6"),
        (("dense", 3, 4), "kernel_size must be at most the number of inputs, 3, but is 4"),
        (("dense", 8, 3, 0), "stride must be at least 1, but is 0"),
    ],
)
def test_a_layer_that_cannot_be_is_refused(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(ValueError) as error:
        Connections(*arguments)  # type: ignore[arg-type]
    assert words in str(error.value)


def test_counts_beyond_reading_are_powers_of_ten() -> None:
    assert count_text(4_294_967_296) == "4,294,967,296"
    assert count_text(687_194_767_360_000_000) == "6.87·10¹⁷"


def test_a_size_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="units must be from 1 to 10,000,000, but is 0"):
        layer_size(8, 8, 1, 0, 3, 1)
    with pytest.raises(ValueError, match="window is 9 × 9, but the image is only 8 × 12"):
        layer_size(8, 12, 1, 10, 9, 1)
