"""Mixed pictures and labels: written-out values, and what is counted where a rectangle leaves the picture."""

import numpy as np
import pytest

from cnnlab.traces.mixed import METHODS, mixed

A, B = np.full((3, 10, 20), 0.25, np.float32), np.full((3, 10, 20), 0.75, np.float32)
CLASSES = ("cat", "dog", "cup")


def of(method, lam=0.75, size=50.0, place=(5, 10), labels=(0, 2)):
    return mixed(method, (A, B), labels, CLASSES, lam, size, place)


def test_mixup_written_out():
    m = of("mixup", lam=0.7)
    np.testing.assert_allclose(m.image, 0.7 * 0.25 + 0.3 * 0.75, atol=1e-7)
    np.testing.assert_allclose(m.label, [0.7, 0, 0.3])
    assert m.formula() == "mixed = 0.7 · cat + 0.3 · cup, pixel by pixel"
    assert m.pixel() == "red of pixel [5, 10] = 0.7 · 0.25 + 0.3 · 0.75 ≈ 0.4"
    assert m.loss() == "loss = −0.7 · log p(cat) − 0.3 · log p(cup)"


def test_cutmix_written_out():
    m = of("cutmix")  # half of each side
    assert m.asked == m.inside == (3, 5, 5, 10)
    expected = A.copy()
    expected[:, 3:8, 5:15] = 0.75
    np.testing.assert_array_equal(m.image, expected)
    np.testing.assert_allclose(m.label, [0.75, 0, 0.25])
    assert m.formula() == "share of cat = 1 − 5 · 10 / (10 · 20) = 0.75"
    assert m.pixel() == "red of pixel [5, 10] = 0.75, from cup"


def test_a_rectangle_over_the_border_counts_what_was_replaced():
    m = of("cutmix", place=(0, 0))
    assert m.asked == (-2, -5, 5, 10) and m.inside == (0, 0, 3, 5)
    assert m.share == pytest.approx(1 - 15 / 200)
    assert (m.image == 0.75).sum() == 3 * 15
    assert m.says().startswith("5 × 10 were asked for")


def test_cutout_keeps_the_label():
    m = of("cutout")
    np.testing.assert_array_equal(m.label, [1, 0, 0])
    assert (m.image == 0.5).mean() == 0.25 and m.loss() == "loss = −log p(cat)"
    assert m.formula() == "hidden: 5 · 10 / (10 · 20) = 0.25 of the picture"
    assert m.pixel().endswith("from gray")


def test_two_of_one_class_stay_of_it():
    m = of("mixup", labels=(1, 1))
    np.testing.assert_allclose(m.label, [0, 1, 0])
    assert m.loss() == "loss = −log p(dog)"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lam", [0, 0.31, 1])
@pytest.mark.parametrize("place", [(0, 0), (9, 19), (5, 3)])
def test_the_label_is_the_share_of_the_pixels(method, lam, place):
    m = of(method, lam=lam, place=place, size=100 * lam)
    assert m.label.sum() == pytest.approx(1)
    if method != "cutout":
        assert 0.25 * m.share + 0.75 * (1 - m.share) == pytest.approx(float(m.image.mean()), abs=1e-6)
    assert m.formula() and m.pixel() and m.loss() and m.says()
    assert "0 · log" not in m.loss()
