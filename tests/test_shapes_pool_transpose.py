"""The sizes of pools and transposed convolutions, against the decks' answers and what PyTorch returns."""

from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab.shapes import (
    conv_output_size,
    conv_transpose_output_derivation,
    conv_transpose_output_size,
    kernel_extent,
    pool_output_derivation,
    pool_output_size,
)
from tests.formulas import evaluated
from tests.worked import example

# settings, the derivation as a person would write it
POOL_DERIVATIONS = [
    ({"n": 6, "kernel_size": 3}, "size = ⌊(n + 2p − k) / s⌋ + 1 = ⌊(6 + 2·0 − 3) / 3⌋ + 1 = 2"),
    (
        {"n": 6, "kernel_size": 3, "stride": 2, "ceil_mode": True},
        "size = ⌈(n + 2p − k) / s⌉ + 1 = ⌈(6 + 2·0 − 3) / 2⌉ + 1 = 3",
    ),
    (
        {"n": 5, "kernel_size": 2, "padding": 1, "ceil_mode": True},
        "size = ⌈(n + 2p − k) / s⌉ + 1 − 1 = ⌈(5 + 2·1 − 2) / 2⌉ + 1 − 1 = 3 "
        "(the last window starts behind the input: left out)",
    ),
    (
        {"n": 7, "kernel_size": 2, "stride": 1, "dilation": 3, "name": "width"},
        "width = ⌊(n + 2p − (d(k − 1) + 1)) / s⌋ + 1 = ⌊(7 + 2·0 − (3·(2 − 1) + 1)) / 1⌋ + 1 = 4",
    ),
]
TRANSPOSE_DERIVATIONS = [
    ({"n": 4, "kernel_size": 3}, "size = (n − 1)·s − 2p + k = (4 − 1)·1 − 2·0 + 3 = 6"),
    (
        {"n": 4, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
        "size = (n − 1)·s − 2p + k + o = (4 − 1)·2 − 2·1 + 3 + 1 = 8",
    ),
    (
        {"n": 4, "kernel_size": 3, "dilation": 2, "name": "height"},
        "height = (n − 1)·s − 2p + (d(k − 1) + 1) = (4 − 1)·1 − 2·0 + (2·(3 − 1) + 1) = 8",
    ),
]
BAD_POOL = [
    ({"n": 0, "kernel_size": 2}, "n must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 2, "stride": 0}, "stride must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 2, "dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"n": 8, "kernel_size": 2, "padding": -1}, "padding must be at least 0, but is -1"),
    ({"n": 8, "kernel_size": 3, "padding": 2}, "padding must be at most half the kernel, but is 2"),
    ({"n": 8, "kernel_size": 2, "ceil_mode": "a"}, "ceil_mode must be True or False, but is 'a'"),
    ({"n": 2, "kernel_size": 3}, "the window covers 3 but the padded input is only 2"),
]
BAD_TRANSPOSE = [
    ({"n": 0, "kernel_size": 2}, "n must be at least 1, but is 0"),
    ({"n": 4.5, "kernel_size": 2}, "n must be a whole number, but is 4.5"),
    ({"n": 4, "kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"n": 4, "kernel_size": 2, "stride": 0}, "stride must be at least 1, but is 0"),
    ({"n": 4, "kernel_size": 2, "dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"n": 4, "kernel_size": 2, "padding": -1}, "padding must be at least 0, but is -1"),
    ({"n": 4, "kernel_size": 2, "output_padding": -1}, "output_padding must be at least 0, but is -1"),
    (
        {"n": 4, "kernel_size": 3, "stride": 2, "output_padding": 2},
        "output_padding must be smaller than stride or dilation, but is 2",
    ),
    ({"n": 1, "kernel_size": 3, "padding": 2}, "padding 2 leaves nothing"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD_POOL)
def test_a_pool_that_cannot_work_says_why(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pool_output_size(**arguments)


@pytest.mark.parametrize(("arguments", "words"), BAD_TRANSPOSE)
def test_a_transposed_convolution_that_cannot_work_says_why(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        conv_transpose_output_size(**arguments)


@pytest.mark.parametrize(("worked", "n"), [("C-max-pool", 6), ("C-avg-pool", 6), ("A-avg-pool", 4), ("D-Q13", 32)])
def test_a_pool_has_the_output_size_of_the_deck(worked: str, n: int) -> None:
    entry = example(worked)
    key = "shape_hwc" if worked == "D-Q13" else "avg" if "avg" in entry["expect"] else "max"
    wanted = entry["expect"][key]
    size = pool_output_size(n, entry["given"]["k"], entry["given"]["s"])
    assert size == (wanted[0] if worked == "D-Q13" else len(wanted))


def test_a_convolution_then_a_pool_halves_the_image_of_the_deck() -> None:
    n, sizes = example("D-Q18")["given"]["n"], example("D-Q18")["expect"]["sizes"]
    assert [conv_output_size(n, 3, 1, 1), pool_output_size(conv_output_size(n, 3, 1, 1), 2)] == sizes


@pytest.mark.parametrize(("arguments", "text"), POOL_DERIVATIONS)
def test_the_derivation_of_a_pool_reads_as_a_person_would_write_it(arguments: dict[str, Any], text: str) -> None:
    assert str(pool_output_derivation(**arguments)) == text


@pytest.mark.parametrize(("arguments", "text"), TRANSPOSE_DERIVATIONS)
def test_the_derivation_of_a_transposed_convolution_reads_as_a_person_would_write_it(
    arguments: dict[str, Any], text: str
) -> None:
    assert str(conv_transpose_output_derivation(**arguments)) == text


def test_a_pool_moves_by_its_own_size_where_no_stride_is_given() -> None:
    assert pool_output_size(12, 3) == pool_output_size(12, 3, 3) == 4


def test_rounding_up_keeps_the_window_that_the_end_cuts_off() -> None:
    assert (pool_output_size(5, 2), pool_output_size(5, 2, ceil_mode=True)) == (2, 3)


SMALL = st.integers(1, 4)


@st.composite
def pools(draw: st.DrawFn) -> dict[str, Any]:
    """Settings of a pool that PyTorch accepts: padding of at most half the kernel, one window at least."""
    k, s, d, ceil_mode = draw(st.integers(1, 5)), draw(st.none() | SMALL), draw(SMALL), draw(st.booleans())
    p = draw(st.integers(0, k // 2))
    n = max(1, kernel_extent(k, d) - 2 * p) + draw(st.integers(0, 12))
    return {"n": n, "kernel_size": k, "stride": s, "padding": p, "dilation": d, "ceil_mode": ceil_mode}


@run_with(deadline=None)
@given(pools())
def test_the_size_of_any_pool_is_the_length_of_what_pytorch_returns(settings: dict[str, Any]) -> None:
    y = functional.max_pool1d(torch.zeros(1, 1, settings["n"]), **{k: v for k, v in settings.items() if k != "n"})
    derivation = pool_output_derivation(**settings)
    assert derivation.result == pool_output_size(**settings) == y.shape[2]
    assert evaluated(derivation) == derivation.result


@run_with(deadline=None)
@given(pools())
def test_an_average_pool_is_as_large_as_a_max_pool(settings: dict[str, Any]) -> None:
    settings = {**settings, "dilation": 1}  # average pooling has no other
    x = torch.zeros(1, 1, settings["n"])
    chosen = {name: settings[name] for name in ("kernel_size", "stride", "padding", "ceil_mode")}
    assert pool_output_size(**settings) == functional.avg_pool1d(x, **chosen).shape[2]


@run_with(deadline=None)
@given(st.integers(1, 12), st.integers(1, 5), SMALL, st.integers(0, 4), st.integers(0, 3), SMALL)
def test_the_size_of_any_transposed_convolution_is_the_length_of_what_pytorch_returns(
    n: int, k: int, s: int, p: int, o: int, d: int
) -> None:
    assume(o < max(s, d) and (n - 1) * s + kernel_extent(k, d) - 2 * p + o >= 1)
    y = functional.conv_transpose1d(
        torch.zeros(1, 1, n), torch.zeros(1, 1, k), stride=s, padding=p, output_padding=o, dilation=d
    )
    derivation = conv_transpose_output_derivation(n, k, s, p, o, d)
    assert derivation.result == conv_transpose_output_size(n, k, s, p, o, d) == y.shape[2]
    assert evaluated(derivation) == derivation.result


@run_with(deadline=None)
@given(st.integers(1, 20), st.integers(1, 5), SMALL, st.integers(0, 4), SMALL)
def test_a_transposed_convolution_gives_back_the_size_that_a_convolution_took(
    n: int, k: int, s: int, p: int, d: int
) -> None:
    assume(kernel_extent(k, d) <= n + 2 * p)
    rest = (n + 2 * p - kernel_extent(k, d)) % s  # cells that no window reached
    assert conv_transpose_output_size(conv_output_size(n, k, s, p, d), k, s, p, rest, d) == n
