"""A stack on a photo: the numbers of the slide, what each unit sees, and the sentences about it."""

from fractions import Fraction

import numpy as np
import pytest

from cnnlab.traces.receptive_field import STACKS, Stack, read_stack, stack_of

PHOTO = np.random.default_rng(2).integers(0, 256, (64, 64)).astype(float)


def stack(text: str, weights: str = "equal", n: int = 64) -> Stack:
    return stack_of(PHOTO[:n, :n], read_stack(text), weights, seed=0)


def test_the_numbers_of_the_slide() -> None:
    """Deck C, receptive field (C-rf): one, two and three layers of 3 x 3."""
    assert [field.size for field in stack("three 3 × 3").fields] == [1, 3, 5, 7]


# size, jump and start of the last layer, by the recursion on paper
@pytest.mark.parametrize(
    ("name", "size", "jump", "start", "cells"),
    [
        ("three 3 × 3", 7, 1, 0, 58),
        ("one 7 × 7", 7, 1, 0, 58),
        ("ten 3 × 3", 21, 1, 0, 44),
        ("with pools", 1 + 2 + 1 + 4 + 2 + 8, 4, 0, 12),
        ("strided", 1 + 2 + 4 + 8, 4, 0, 13),
        ("dilated 1, 2, 4", 1 + 2 + 4 + 8, 1, 0, 50),
        ("same size", 7, 1, -3, 64),
        ("VGG blocks", 1 + 2 + 2 + 1 + 4 + 4 + 2, 4, -6, 16),
        ("ResNet stem", 1 + 6 + 4, 4, -5, 16),
    ],
)
def test_every_named_stack(name: str, size: int, jump: int, start: int, cells: int) -> None:
    whole = stack(name)
    last = whole.fields[-1]
    assert (last.size, last.jump, last.start, whole.sizes[-1]) == (size, jump, start, cells)


def test_no_named_stack_is_forgotten() -> None:
    assert len(STACKS) == 9


def test_layers_that_change_no_field_are_passed_over() -> None:
    assert read_stack("conv 8 3x3; relu; batch norm; max pool 2x2; dropout") == read_stack("conv 3x3; max pool 2x2")


# ---- one unit --------------------------------------------------------------------------------------------------------


def test_a_unit_says_the_recursion_with_its_numbers() -> None:
    assert stack("with pools").at(3, 2, 5).formulas() == (
        "r₃ = r₂ + (k − 1)·j₂ = 4 + (3 − 1)·2 = 8",
        "j₃ = j₂·s = 2·1 = 2",
        "start₃ = start₂ − p·j₂ = 0 − 0·2 = 0",
    )
    assert stack("with pools").at(0, 2, 5).formulas() == ("r₀ = 1", "j₀ = 1", "start₀ = 0")


def test_the_share_of_the_squares_follows_from_the_paths() -> None:
    """1 3 6 7 6 3 1 paths of 27 along each axis: 25, 19 and 7 of them in the middle 5, 3 and 1."""
    shares = stack("three 3 × 3").at(3, 20, 30).shares
    np.testing.assert_allclose(shares, [float(Fraction(n, 27) ** 2) for n in (27, 25, 19, 7)], rtol=1e-12)
    flat = stack("one 7 × 7").at(1, 20, 30).shares
    np.testing.assert_allclose(flat, np.array([7, 5, 3, 1]) ** 2 / 49, rtol=1e-12)


def test_the_square_that_holds_most_is_the_smallest_one() -> None:
    for name in STACKS:
        unit = stack(name).at(1, 5, 5)
        held = unit.held
        shares = dict(zip(range(unit.field.size, 0, -2), unit.shares, strict=True))
        assert shares[held] >= 0.9 - 1e-9 and shares.get(held - 2, 0) < 0.9


@pytest.mark.parametrize("weights", ["equal", "random"])
def test_the_deeper_the_stack_the_smaller_the_part_that_counts(weights: str) -> None:
    """Luo and others (2016), section 2: with the root of the depth, and the field with the depth itself."""
    parts = [
        (unit.held / unit.field.size) ** 2
        for depth in (3, 6, 10)
        for unit in [stack("; ".join(["conv 3x3"] * depth), weights).at(depth, 22, 22)]
    ]
    assert parts == sorted(parts, reverse=True) and parts[-1] < 0.6


def test_ten_layers_use_a_quarter_of_their_field() -> None:
    unit = stack("ten 3 × 3").at(10, 22, 22)
    assert (unit.field.size, unit.held) == (21, 11)
    assert unit.weighs() == "The middle 11 × 11 (27% of the area) holds 94% of its gradient."


@pytest.mark.parametrize(
    ("name", "at", "sees", "weighs"),
    [
        ("three 3 × 3", (3, 2, 30), "It sees rows 2 to 8, columns 30 to 36.",
         "The middle 5 × 5 (51% of the area) holds 86% of its gradient."),
        ("one 7 × 7", (1, 2, 30), "It sees rows 2 to 8, columns 30 to 36.",
         "The middle 5 × 5 (51% of the area) holds 51% of its gradient."),
        ("same size", (3, 0, 30), "Border: 4 × 7 of its 7 × 7 cells are photo.",
         "The middle 5 × 5 (51% of the area) holds 85% of its gradient."),
        ("conv 3x3 dilation 2", (1, 0, 0), "It sees rows 0 to 4, columns 0 to 4; it skips 16 cells.",
         "The middle 3 × 3 (36% of the area) holds 11% of its gradient."),
        ("conv 2x2 padding 9", (1, 0, 0), "Its field lies in the padding: it sees nothing of the photo.",
         "No gradient reaches the photo."),
        ("three 3 × 3", (0, 7, 9), "It sees row 7, column 9.", ""),
        ("three 3 × 3", (1, 7, 9), "It sees rows 7 to 9, columns 9 to 11.",
         "The cell in the middle (11% of the area) holds 11% of its gradient."),
    ],
)  # fmt: skip
def test_sentences(name: str, at: tuple[int, int, int], sees: str, weighs: str) -> None:
    unit = stack(name).at(*at)
    assert unit.sees() == sees
    assert unit.weighs() == weighs


@pytest.mark.parametrize("name", STACKS)
def test_the_nearest_unit_to_the_middle_of_a_field_is_that_unit(name: str) -> None:
    whole = stack(name)
    for level, size in enumerate(whole.sizes):
        for row, col in [(0, size - 1), (size // 2, 1), (size - 1, 0)]:
            assert whole.nearest(level, *whole.at(level, row, col).middle) == (row, col)
    assert whole.nearest(1, 1000, -1000) == (whole.sizes[1] - 1, 0)


@pytest.mark.parametrize("weights", ["equal", "random"])
def test_every_map_has_the_size_that_is_said(weights: str) -> None:
    for name in STACKS:
        whole = stack(name, weights)
        assert [len(values) for values in whole.maps] == list(whole.sizes)
    means = stack("average pool 4x4").maps[1]
    np.testing.assert_allclose(means, PHOTO.reshape(16, 4, 16, 4).mean(axis=(1, 3)), rtol=1e-12)


# ---- what cannot work ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("conv 3x3; flatten", "layers: flatten .layer 2. sees everything at once"),
        ("conv 3x3; dense 5", "layers: dense .layer 2. sees everything at once"),
        ("relu", "layers must hold 1 to 10 convolutions and pools, but hold 0"),
        ("; ".join(["conv 1x1"] * 11), "layers must hold 1 to 10 convolutions and pools, but hold 11"),
        ("conv 33x33", "the kernel size of layer 1 must be at most 31, but is 33"),
        ("max pool 3x3 padding 2", "must be at most half its kernel, but in layer 1 it is 2 for a kernel of 3"),
        ("conv 31x31; conv 31x31; conv 31x31", "do not fit a photo of 64 cells: layer 3 gets 4 cells"),
        ("; ".join(["conv 31x31 stride 2 padding 30"] * 6), "the field must have at most 512 cells, but it has"),
    ],
)
def test_what_cannot_work_is_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        stack(text)


def test_random_networks_have_a_smaller_limit() -> None:
    text = "; ".join(["conv 11x11"] * 5)
    assert stack(text).fields[-1].size == 51
    with pytest.raises(ValueError, match="random weights are for a field of at most 48 cells, but it has 51"):
        stack(text, "random")


@pytest.mark.parametrize("kind", ["max", "average"])
def test_more_padding_than_half_a_pool_is_refused_as_pytorch_does(kind: str) -> None:
    with pytest.raises(ValueError, match="the padding of a pool must be at most half its kernel"):
        read_stack(f"{kind} pool 3x3 padding 2")
