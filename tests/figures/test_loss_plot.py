"""The curve of a loss: where its points lie, what its axis says, and what it keeps to itself."""

import re

import numpy as np
import pytest

from cnnlab.figures.loss_plot import LossPlot, loss_text


def drawn(losses: list[float], index: int = 0, walk: bool = False, floor: tuple[float, str] | None = None) -> str:
    """A plot 100 wide and 60 high, with room for 10 steps."""
    return "".join(LossPlot(np.array(losses), 10, 0.0, 0.0, 100.0, 60.0, floor).draw(index, walk))


def points(svg: str) -> list[tuple[float, float]]:
    curve = re.search(r'd="M([^"]*)"/>', svg[svg.index("cl-pos-line") :])
    assert curve
    pairs = (point.split() for point in curve[1].split("L"))
    return [(float(x), float(y)) for x, y in pairs]


def labels(svg: str) -> list[str]:
    return re.findall(r'cl-gray cl-end"[^>]*>([^<]+)<', svg)[-2::-1]  # from above; the last is "steps"


def test_a_power_of_ten_is_as_high_as_the_next() -> None:
    svg = drawn([5, 1, 0.1, 0.01, 0.01])
    assert labels(svg) == ["10", "1", "0.1", "0.01"]
    assert points(svg)[1:] == [(10, 20), (20, 40), (30, 60), (40, 60)]


def test_what_is_far_below_lies_on_the_border() -> None:
    svg = drawn([5, 1e-11, 1e-30, 0])
    assert [y for _, y in points(svg)][1:] == [60, 60, 60]
    assert labels(svg)[-1] == "10⁻¹⁰"


def test_a_walk_shows_the_losses_so_far_and_six_powers() -> None:
    for rest in ([1.0, 0.5], [1e9, 1e20], [1e-3, 1e-30]):
        svg = drawn([5, 2, *rest], index=1, walk=True)
        assert labels(svg) == ["10¹", "1", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴", "10⁻⁵"]
        assert len(points(svg)) == 2


def test_a_loss_that_cannot_be_undercut_is_marked_where_it_is_to_be_seen() -> None:
    marked = (0.1, "no lower")
    assert "no lower" in drawn([5, 1, 0.2], floor=marked)
    assert "no lower" not in drawn([5, 1, 0.2], floor=marked, walk=True)
    assert "no lower" not in drawn([5000, 900, 200], floor=marked)


def test_of_a_thousand_losses_the_first_and_the_last_are_among_those_drawn() -> None:
    plot = LossPlot(np.linspace(9, 1, 1001), 1000, 0.0, 0.0, 100.0, 60.0)
    shown = points("".join(plot.draw(0, False)))
    assert len(shown) < 150 and (shown[0][0], shown[-1]) == (0, (100, 60))


@pytest.mark.parametrize(
    ("loss", "text"),
    [(46711.2, "46711"), (0.02345, "0.023"), (0.000234, "2.3·10⁻⁴"), (1e-10, "1.0·10⁻¹⁰"), (1e-31, "0")],
)
def test_a_loss_in_words(loss: float, text: str) -> None:
    assert loss_text(loss) == text
