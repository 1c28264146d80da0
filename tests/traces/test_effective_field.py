"""The effective field is the gradient that a backward pass through the whole network gives, and counts paths."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnlab import network as nn
from cnnlab.network.stack import parse_stack
from cnnlab.shapes import Layer, seen_by, stack_sizes
from cnnlab.traces.effective_field import CHANNELS, NETWORKS, Networks, Step, effect, reaches

Values = NDArray[np.float64]

RNG = np.random.default_rng(5)
PHOTO: Values = RNG.normal(size=(23, 23))

STACKS = [
    "conv 3x3; conv 3x3; conv 3x3",
    "conv 3x3 padding 1; conv 3x3 padding 1; max pool 2x2; conv 3x3 padding 1",
    "conv 5x5 stride 2 padding 2; average pool 3x3 stride 2 padding 1; conv 2x2",
    "conv 3x3 dilation 2 padding 2; conv 3x3 dilation 3; conv 1x1 stride 2",
    "max pool 3x3 stride 2 padding 1; conv 4x4 padding same; max pool 2x2 dilation 2 stride 1",
    "average pool 2x2; average pool 2x2; conv 3x3 stride 3 padding 3",
]


def steps_of(text: str) -> tuple[Step, ...]:
    return tuple(map(Step.of, parse_stack(text)))


def unit_of(steps: Sequence[Step], row: int, col: int) -> tuple[int, int]:
    """A unit by its place in the last map, counted from the end where negative."""
    last = stack_sizes([step.layer for step in steps], len(PHOTO))[-1]
    return row % last, col % last


def by_patch(networks: Networks, row: int, col: int) -> Values:
    """The effective field on the whole photo."""
    layers = [step.layer for step in networks.steps]
    sizes = (len(PHOTO), *stack_sizes(layers, len(PHOTO)))
    rows, cols = reaches(row, layers, sizes), reaches(col, layers, sizes)
    whole = np.zeros_like(PHOTO)
    part = effect(PHOTO, networks, rows, cols)
    whole[rows[0].cells.start : rows[0].cells.stop, cols[0].cells.start : cols[0].cells.stop] = part
    return whole


def by_backward(networks: Networks, row: int, col: int) -> Values:
    """The same from the layers of cnnlab.network, forward and backward over the whole photo, one network at a time."""
    total = np.zeros_like(PHOTO)
    for number in range(networks.count):
        layers: list[nn.Layer] = []
        for i, (step, weight) in enumerate(zip(networks.steps, networks.weights, strict=True)):
            layer = step.layer
            if weight is not None:
                mine = weight.reshape(networks.count, -1, *weight.shape[1:])[number]
                same = "same" if isinstance(layer.padding, tuple) else layer.padding
                conv = nn.Conv2d(mine.shape[1], len(mine), layer.kernel_size, layer.stride, same, layer.dilation,
                                 bias=False, rng=np.random.default_rng(0), dtype=np.float64)  # fmt: skip
                assert conv.weight is not None
                conv.weight.value[...] = mine
                layers.append(conv)
                if networks.relu and i < len(networks.steps) - 1:
                    layers.append(nn.ReLU())
            elif step.kind == "max pool":
                layers.append(nn.MaxPool2d(layer.kernel_size, layer.stride, layer.before, layer.dilation))
            else:
                layers.append(nn.AvgPool2d(layer.kernel_size, layer.stride, layer.before))
        network = nn.Sequential(*layers)
        grad = np.zeros_like(network(PHOTO[None, None]))
        grad[0, 0, row, col] = 1
        total += np.abs(network.backward(grad)[0, 0])
    return total / networks.count


@pytest.mark.parametrize("at", [(0, 0), (-1, 0), (1, 1), (2, -1)])
@pytest.mark.parametrize("text", STACKS)
@pytest.mark.parametrize("kind", ["equal", "random"])
def test_the_patch_gives_what_a_backward_pass_over_the_whole_photo_gives(
    text: str, at: tuple[int, int], kind: str
) -> None:
    steps = steps_of(text)
    networks = Networks.equal(steps) if kind == "equal" else Networks.random(steps, seed=3)
    row, col = unit_of(steps, *at)
    np.testing.assert_allclose(by_patch(networks, row, col), by_backward(networks, row, col), rtol=0, atol=1e-14)


@pytest.mark.parametrize("text", STACKS)
def test_what_is_reached_is_what_the_shapes_say(text: str) -> None:
    layers = [step.layer for step in steps_of(text)]
    sizes = (23, *stack_sizes(layers, 23))
    for unit in range(sizes[-1]):
        for i, reach in enumerate(reaches(unit, layers, sizes)):
            seen = seen_by(unit, layers[i:], sizes[i])
            assert reach.window == seen.window
            assert tuple(cell for cell, count in zip(reach.cells, reach.paths, strict=True) if count) == seen.cells


# ---- paths, written out ----------------------------------------------------------------------------------------------


def paths(unit: int, n: int, *layers: Layer) -> list[list[int]]:
    """Paths in every map, the unit's own first."""
    found = reaches(unit, layers, (n, *stack_sizes(layers, n)))
    return [reach.paths.tolist() for reach in reversed(found)]


def test_three_kernels_of_three_make_a_pyramid() -> None:
    assert paths(4, 20, Layer(3), Layer(3), Layer(3)) == [[1], [1, 1, 1], [1, 2, 3, 2, 1], [1, 3, 6, 7, 6, 3, 1]]


def test_kernels_of_two_make_pascals_triangle() -> None:
    assert paths(0, 9, *[Layer(2)] * 4) == [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1]]


def test_pools_that_do_not_overlap_leave_one_path_to_every_cell() -> None:
    assert paths(1, 8, Layer(2, 2), Layer(2, 2)) == [[1], [1, 1], [1, 1, 1, 1]]


def test_dilation_leaves_holes_and_a_smaller_one_below_fills_them() -> None:
    assert paths(2, 20, Layer(3, dilation=2)) == [[1], [1, 0, 1, 0, 1]]
    assert paths(0, 20, Layer(3), Layer(3, dilation=2))[-1] == [1, 1, 2, 1, 2, 1, 1]


def test_a_long_stride_leaves_cells_out() -> None:
    assert paths(0, 7, Layer(1, 3), Layer(2))[-1] == [1, 0, 0, 1]


def test_at_the_border_the_paths_through_the_padding_are_lost() -> None:
    padded = Layer(3, padding=1)
    assert paths(0, 9, padded, padded) == [[1], [1, 1], [2, 2, 1]]  # not 1 2 3 2 1 cut off, which is 3 2 1
    whole = reaches(0, [padded, padded], (9, 9, 9))[0]
    assert (whole.window, whole.cells) == (range(-2, 3), range(3))


def test_a_unit_in_the_padding_sees_nothing() -> None:
    assert paths(0, 5, Layer(2, padding=4)) == [[1], []]
    corner = reaches(0, [Layer(2, padding=4)], (23, 30))
    assert effect(PHOTO, Networks.equal(steps_of("conv 2x2 padding 4")), corner, corner).shape == (0, 0)


# ---- the networks ----------------------------------------------------------------------------------------------------


def test_the_gradient_of_means_adds_up_to_one_where_no_padding_is_seen() -> None:
    networks = Networks.equal(steps_of("conv 3x3 stride 2; average pool 2x2; conv 2x2"))
    assert by_patch(networks, 1, 2).sum() == pytest.approx(1, abs=1e-12)


def test_random_networks_follow_the_seed_and_keep_their_lower_layers() -> None:
    short, long = (Networks.random(steps_of(text), 7) for text in ("conv 3x3", "conv 3x3; conv 5x5"))
    first, second = long.weights
    assert first is not None and second is not None and short.weights[0] is not None
    np.testing.assert_array_equal(first, short.weights[0])
    assert first.shape == (NETWORKS * CHANNELS, 1, 3, 3) and second.shape == (NETWORKS * CHANNELS, CHANNELS, 5, 5)
    assert second.std() == pytest.approx(np.sqrt(2 / (CHANNELS * 25)), rel=0.05)  # He and others (2015)
    other = Networks.random(steps_of("conv 3x3"), 8).weights[0]
    assert other is not None and not np.array_equal(first, other)
