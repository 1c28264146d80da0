"""What is drawn, and that applying it is the function of the same name."""

from typing import Any

import numpy as np
import pytest

from cnnlab import augment
from cnnlab.augment import Transform

SHAPE = (3, 32, 24)
SIZE = SHAPE[1:]
IMAGES = np.random.default_rng(0).random((16, *SHAPE))
MANY = 4000

TRANSFORMS: list[Transform[Any]] = [
    augment.RandomHorizontalFlip(),
    augment.RandomVerticalFlip(0.3),
    augment.RandomRotation(30),
    augment.RandomAffine(10, (0.1, 0.2), (0.8, 1.2), (-10, 10, -5, 5)),
    augment.RandomCrop((28, 20), padding=4),
    augment.RandomResizedCrop(16),
    augment.ColorJitter(0.4, 0.4, 0.4, 0.1),
    augment.RandomGrayscale(0.5),
    augment.RandomChannelPermutation(),
    augment.RandomErasing(),
    augment.Cutout(12),
]
TRANSFORMS.append(augment.Compose(list(TRANSFORMS)))
BY_NAME = pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda transform: type(transform).__name__)


def drawn(transform: Transform[Any], count: int = MANY, seed: int = 0) -> Any:
    return transform.draw(np.random.default_rng(seed), count, SHAPE)


# ---- every transform ---------------------------------------------------------------------------------------------


@BY_NAME
def test_a_seed_gives_the_same_images_and_another_one_others(transform: Transform[Any]) -> None:
    first, again, other = (transform.batch(IMAGES, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (16, 3, *transform.size_after(SIZE))


@BY_NAME
def test_a_batch_is_each_image_by_itself(transform: Transform[Any]) -> None:
    draws = drawn(transform, 16, seed=3)
    batch = transform.batch(IMAGES, np.random.default_rng(3))
    for i, image in enumerate(IMAGES):
        np.testing.assert_array_equal(transform.apply(image, draws, i), batch[i])


@BY_NAME
def test_one_image_is_a_batch_of_one(transform: Transform[Any]) -> None:
    one = transform(IMAGES[5], rng=np.random.default_rng(4))
    np.testing.assert_array_equal(one, transform.batch(IMAGES[5:6], np.random.default_rng(4))[0])


@BY_NAME
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_range_and_input_stay(transform: Transform[Any], dtype: type) -> None:
    images = IMAGES.astype(dtype)
    before = images.copy()
    changed = transform.batch(images, np.random.default_rng(0))
    assert changed.dtype == dtype and changed.min() >= -1e-6 and changed.max() <= 1 + 1e-6
    np.testing.assert_array_equal(images, before)


@BY_NAME
def test_the_mask_and_the_box_go_where_the_object_goes(transform: Transform[Any]) -> None:
    """A bright rectangle in a dark image: its mask and its box are moved by the same draw."""
    mask = np.zeros(SIZE, dtype=int)
    mask[8:26, 6:20] = 7
    moves = type(transform).__name__ not in ("ColorJitter", "RandomGrayscale", "RandomErasing", "Cutout", "Compose")
    for i in range(16):
        draws = drawn(transform, 16, seed=5)
        moved = transform.apply_mask(mask, draws, i)
        assert moved.shape == transform.size_after(SIZE) and set(np.unique(moved)) <= {0, 7}
        if moves:
            image = transform.apply(np.repeat(mask[None] / 7, 3, axis=0), draws, i)
            assert ((image[0] > 0.5) != (moved > 0)).mean() < 0.05  # the edges may round another way
        box = transform.apply_box((6, 8, 20, 26), draws, SIZE, i)
        if box is None:
            assert (moved > 0).sum() < 4
            continue
        rows, columns = np.nonzero(moved)
        if len(rows):
            assert columns.min() >= box[0] - 1 and columns.max() + 1 <= box[2] + 1
            assert rows.min() >= box[1] - 1 and rows.max() + 1 <= box[3] + 1


@pytest.mark.parametrize(
    ("calm", "strong"),
    [
        (augment.RandomHorizontalFlip(0), augment.RandomHorizontalFlip(1)),
        (augment.RandomRotation(0), augment.RandomRotation(180)),
        (augment.RandomAffine(0), augment.RandomAffine(90, (0.5, 0.5), (0.5, 2), 20)),
        (augment.RandomCrop(SIZE), augment.RandomCrop(SIZE, padding=8)),
        (augment.RandomResizedCrop(SIZE, (1, 1)), augment.RandomResizedCrop(SIZE, (0.1, 0.5))),
        (augment.ColorJitter(), augment.ColorJitter(1, 1, 1, 0.5)),
        (augment.RandomErasing(0), augment.RandomErasing(1, (0.3, 0.9))),
        (augment.Cutout(0), augment.Cutout(20)),
    ],
)
def test_a_setting_does_not_change_what_the_others_draw(calm: Transform[Any], strong: Transform[Any]) -> None:
    """In a pipeline, a lab's slider moves one transform, and the sheet of samples stays otherwise."""
    behind = augment.RandomRotation(30)
    first, second = (drawn(augment.Compose([transform, behind]), 16)[1]["angle"] for transform in (calm, strong))
    np.testing.assert_array_equal(first, second)


# ---- what each one draws -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_coins(p: float) -> None:
    for transform in (augment.RandomHorizontalFlip(p), augment.RandomVerticalFlip(p), augment.RandomGrayscale(p)):
        (coins,) = drawn(transform).values()
        assert coins.mean() == pytest.approx(p, abs=0.03 if 0 < p < 1 else 0)
    assert (drawn(augment.RandomErasing(p))["height"] > 0).mean() == pytest.approx(p, abs=0.03)


@pytest.mark.parametrize(("degrees", "low", "high"), [(30, -30, 30), ((10, 20), 10, 20), (0, 0, 0)])
def test_angles_fill_their_range(degrees: Any, low: float, high: float) -> None:
    for transform in (augment.RandomRotation(degrees), augment.RandomAffine(degrees)):
        angle = drawn(transform)["angle"]
        _fills(angle, low, high)


def _fills(numbers: np.ndarray, low: float, high: float) -> None:
    """Uniform between low and high: the ends are reached, and the quarters are where they should be."""
    assert low <= numbers.min() and numbers.max() <= high
    quarters = np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(quarters, np.linspace(low, high, 5), atol=0.03 * (high - low))


def test_affine_draws_each_number_from_its_range() -> None:
    draws = drawn(augment.RandomAffine(0, (0.25, 0.5), (0.5, 1.5), (-10, 20, 5, 8)))
    _fills(draws["scale"], 0.5, 1.5)
    _fills(draws["shear_x"], -10, 20)
    _fills(draws["shear_y"], 5, 8)
    assert set(draws["x"]) == set(range(-6, 7)) and set(draws["y"]) == set(range(-16, 17))  # whole pixels
    assert set(drawn(augment.RandomAffine(0, shear=10))["shear_y"]) == {0.0}


def test_a_crop_reaches_every_place() -> None:
    draws = drawn(augment.RandomCrop((28, 20), padding=4))
    assert set(draws["top"]) == set(range(13)) and set(draws["left"]) == set(range(13))
    counts = np.bincount(draws["top"]) / MANY
    np.testing.assert_allclose(counts, 1 / 13, atol=0.02)


def test_a_resized_crop_has_the_area_and_the_shape_that_were_asked_for() -> None:
    draws = drawn(augment.RandomResizedCrop(8, scale=(0.3, 0.5), ratio=(0.8, 1.25)))
    height, width = draws["height"], draws["width"]
    share = height * width / (32 * 24)
    assert share.min() > 0.28 and share.max() < 0.53  # rounded to whole pixels
    assert (width / height).min() > 0.75 and (width / height).max() < 1.35
    assert share.mean() == pytest.approx(0.4, abs=0.01)
    assert (draws["top"] + height <= 32).all() and (draws["left"] + width <= 24).all()
    assert draws["top"].min() == 0 and (draws["top"] + height).max() == 32


def test_a_crop_that_never_fits_is_the_middle() -> None:
    draws = drawn(augment.RandomResizedCrop(8, scale=(1, 1), ratio=(2, 2)), 5)  # 24 x 12 at most
    for name, value in {"top": 10, "left": 0, "height": 12, "width": 24}.items():
        assert set(draws[name]) == {value}


def test_jitter_draws_factors_and_all_orders() -> None:
    draws = drawn(augment.ColorJitter(0.4, (0.5, 0.9), 3, 0.1))
    _fills(draws["brightness"], 0.6, 1.4)
    _fills(draws["contrast"], 0.5, 0.9)
    _fills(draws["saturation"], 0, 4)
    _fills(draws["hue"], -0.1, 0.1)
    assert len({tuple(order) for order in draws["order"]}) == 24


def test_jitter_adjusts_in_the_order_that_was_drawn() -> None:
    jitter = augment.ColorJitter(brightness=(0.5, 0.5), contrast=(2, 2))
    draws = {"order": np.array([[0, 1, 2, 3], [1, 3, 0, 2]])} | {
        name: np.full(2, factor) for name, factor in zip(jitter.NAMES, (0.5, 2.0, 1.0, 0.0), strict=True)
    }
    image = IMAGES[0]
    dark_first = augment.adjust_contrast(augment.adjust_brightness(image, 0.5), 2)
    np.testing.assert_array_equal(jitter.apply(image, draws, 0), dark_first)
    dark_last = augment.adjust_brightness(augment.adjust_contrast(image, 2), 0.5)
    np.testing.assert_array_equal(jitter.apply(image, draws, 1), dark_last)
    assert not np.allclose(dark_first, dark_last)


def test_all_six_orders_of_the_channels() -> None:
    orders, counts = np.unique(drawn(augment.RandomChannelPermutation())["order"], axis=0, return_counts=True)
    assert len(orders) == 6
    np.testing.assert_allclose(counts / MANY, 1 / 6, atol=0.02)


def test_erasing_has_the_area_and_the_shape_that_were_asked_for() -> None:
    draws = drawn(augment.RandomErasing(1, scale=(0.1, 0.2), ratio=(2, 4)))
    height, width = draws["height"], draws["width"]
    assert (height / width).min() > 1.7 and (height / width).max() < 4.8
    share = height * width / (32 * 24)
    assert share.min() > 0.08 and share.max() < 0.23
    assert (draws["top"] >= 0).all() and (draws["top"] + height <= 32).all()


def test_a_cutout_lies_around_every_pixel_alike() -> None:
    draws = drawn(augment.Cutout(12))
    assert set(draws["top"] + 6) == set(range(32)) and set(draws["left"] + 6) == set(range(24))


def test_numbers_of_a_rotation_by_hand() -> None:
    """Applied is what the function of the same name does."""
    image = IMAGES[0]
    rotation = augment.RandomRotation((20, 20), "nearest", 0.5)
    np.testing.assert_array_equal(
        rotation(image, rng=np.random.default_rng(0)), augment.rotate(image, 20, "nearest", 0.5)
    )
    shift = augment.RandomAffine((20, 20), scale=(0.5, 0.5), shear=(5, 5))
    np.testing.assert_array_equal(
        shift(image, rng=np.random.default_rng(0)), augment.affine(image, 20, scale=0.5, shear=(5, 0))
    )


def test_boxes_of_a_pipeline_by_hand() -> None:
    """Each transform sees the size that the one before it made."""
    pipeline = augment.Compose([augment.RandomCrop((20, 10)), augment.RandomHorizontalFlip(1)])
    draws = ({"top": np.array([5]), "left": np.array([4])}, {"flip": np.array([True])})
    assert pipeline.size_after(SIZE) == (20, 10)
    assert pipeline.apply_box((5, 8, 8, 9), draws, SIZE) == (6, 3, 9, 4)  # cut out: 1 to 4; of 10: 6 to 9
    assert pipeline.apply_box((20, 8, 22, 9), draws, SIZE) is None


# ---- mixing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mixing", [augment.MixUp(0.4, num_classes=10), augment.CutMix(num_classes=10)])
def test_labels_say_how_much_of_each_image_is_there(mixing: augment.MixUp | augment.CutMix) -> None:
    """Image i is all i / 16, so that what is mixed can be read from its mean."""
    images = np.broadcast_to(np.arange(16.0)[:, None, None, None] / 16, (16, *SHAPE))
    labels = np.arange(16) % 10
    mixed, soft = mixing.batch(images, labels, np.random.default_rng(0))
    draws = mixing.draw(np.random.default_rng(0), 16, SHAPE)
    np.testing.assert_allclose(soft.sum(axis=1), 1)
    for i, (partner, share) in enumerate(zip(draws["partner"], draws["share"], strict=True)):
        assert mixed[i].mean() == pytest.approx((share * i + (1 - share) * partner) / 16)
        expected = np.zeros(10)
        expected[labels[i]] += share
        expected[labels[partner]] += 1 - share
        np.testing.assert_array_equal(soft[i], expected)


def test_each_image_is_a_partner_once() -> None:
    draws = augment.MixUp(num_classes=2).draw(np.random.default_rng(0), 50, SHAPE)
    assert sorted(draws["partner"]) == list(range(50))


@pytest.mark.parametrize("alpha", [0.2, 1.0, 8.0])
def test_shares_are_from_the_beta_distribution(alpha: float) -> None:
    share = augment.MixUp(alpha, num_classes=2).draw(np.random.default_rng(0), MANY, SHAPE)["share"]
    assert share.mean() == pytest.approx(0.5, abs=0.03)
    assert share.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.1)


def test_cutmix_replaces_less_than_it_drew_only_at_the_border() -> None:
    draws = augment.CutMix(num_classes=2).draw(np.random.default_rng(0), MANY, SHAPE)
    asked = 1 - draws["height"] * draws["width"] / (32 * 24)
    inside = (draws["top"] >= 0) & (draws["left"] >= 0)
    inside &= (draws["top"] + draws["height"] <= 32) & (draws["left"] + draws["width"] <= 24)
    np.testing.assert_allclose(draws["share"][inside], asked[inside])
    assert 1 - asked.mean() == pytest.approx(0.5, abs=0.05)  # the area is 1 - lam, not its square
    assert (draws["share"][~inside] > asked[~inside]).all() and 0.1 < inside.mean() < 0.9
