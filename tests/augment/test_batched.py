"""Batches in PyTorch are, on the same draws, what NumPy makes of each image."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import augment
from cnnlab.augment import Transform
from cnnlab.training.augment import apply, batch, mix

IMAGES = np.random.default_rng(0).random((24, 3, 32, 28))
TOLERANCE = {np.float32: 1e-5, np.float64: 1e-10}

TRANSFORMS: dict[str, Transform[Any]] = {
    "horizontal flip": augment.RandomHorizontalFlip(),
    "vertical flip": augment.RandomVerticalFlip(),
    "rotation": augment.RandomRotation(180),
    "rotation with fill": augment.RandomRotation(45, fill=0.4),
    "rotation, nearest": augment.RandomRotation(45, "nearest", fill=0.4),
    "quarter turns, nearest": augment.RandomRotation((90, 90), "nearest"),
    "affine": augment.RandomAffine(30, (0.2, 0.3), (0.5, 2), (-20, 20, -10, 10)),
    "crop": augment.RandomCrop((20, 25)),
    "padded crop": augment.RandomCrop((32, 28), padding=4, fill=0.3),
    "resized crop": augment.RandomResizedCrop((40, 17)),
    "resized crop, nearest": augment.RandomResizedCrop(24, interpolation="nearest"),
    "jitter": augment.ColorJitter(0.8, 0.8, 0.8, 0.5),
    "hue alone": augment.ColorJitter(hue=0.5),
    "gray": augment.RandomGrayscale(0.5),
    "channels": augment.RandomChannelPermutation(),
    "erasing": augment.RandomErasing(0.7, value=0.5),
    "cutout": augment.Cutout(16),
    "CIFAR-10": augment.Compose([augment.RandomCrop((32, 28), padding=4), augment.RandomHorizontalFlip()]),
    "everything": augment.Compose(
        [
            augment.RandomResizedCrop(20, (0.3, 1)),
            augment.RandomVerticalFlip(),
            augment.RandomAffine(10, (0.1, 0.1), (0.9, 1.1), 5),
            augment.ColorJitter(0.4, 0.4, 0.4, 0.1),
            augment.RandomGrayscale(0.2),
            augment.Cutout(6),
        ]
    ),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_batch_is_that_of_numpy(name: str, dtype: type) -> None:
    transform, images = TRANSFORMS[name], IMAGES.astype(dtype)
    tensor = torch.tensor(images)
    result = batch(transform, tensor, np.random.default_rng(7))
    expected = transform.batch(images, np.random.default_rng(7))
    assert result.numpy().dtype == dtype and tuple(result.shape) == expected.shape
    np.testing.assert_allclose(result.numpy(), expected, rtol=0, atol=TOLERANCE[dtype])
    np.testing.assert_array_equal(tensor.numpy(), images)  # never written to


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mixing", [augment.MixUp(0.4, num_classes=10), augment.CutMix(num_classes=10)])
def test_mixed_batches_and_their_labels_are_those_of_numpy(mixing: Any, dtype: type) -> None:
    images, labels = IMAGES.astype(dtype), np.arange(24) % 10
    mixed, shares = mix(mixing, torch.tensor(images), torch.tensor(labels), np.random.default_rng(3))
    expected, expected_shares = mixing.batch(images, labels, np.random.default_rng(3))
    assert mixed.numpy().dtype == dtype and shares.dtype == mixed.dtype
    np.testing.assert_allclose(mixed.numpy(), expected, rtol=0, atol=TOLERANCE[dtype])
    np.testing.assert_allclose(shares.numpy(), expected_shares, rtol=0, atol=TOLERANCE[dtype])


@pytest.mark.parametrize("name", TRANSFORMS)
def test_all_of_it_happens_where_the_images_are(name: str) -> None:
    """The device "meta" knows shapes only, and refuses to be mixed with tensors of the processor, as a GPU does."""
    elsewhere = torch.empty((24, 3, 32, 28), device="meta")
    result = batch(TRANSFORMS[name], elsewhere, np.random.default_rng(0))
    assert result.device.type == "meta"
    assert tuple(result.shape) == (24, 3, *TRANSFORMS[name].size_after((32, 28)))


def test_mixing_happens_where_the_images_are() -> None:
    elsewhere, labels = torch.empty((24, 3, 8, 8), device="meta"), torch.zeros(24, dtype=torch.long, device="meta")
    for mixing in (augment.MixUp(num_classes=3), augment.CutMix(num_classes=3)):
        mixed, shares = mix(mixing, elsewhere, labels, np.random.default_rng(0))
        assert mixed.device.type == shares.device.type == "meta" and tuple(shares.shape) == (24, 3)


def test_one_gray_channel() -> None:
    gray = IMAGES[:, :1]
    for transform in (augment.ColorJitter(0.5, 0.5, 0.5, 0.5), augment.RandomGrayscale(0.5), augment.RandomRotation(9)):
        result = batch(transform, torch.tensor(gray), np.random.default_rng(0))
        np.testing.assert_allclose(result.numpy(), transform.batch(gray, np.random.default_rng(0)), atol=1e-12)


def test_the_same_draws_may_be_applied_to_both() -> None:
    transform = augment.RandomRotation(30)
    draws = transform.draw(np.random.default_rng(0), 24, IMAGES.shape[1:])
    turned = apply(transform, torch.tensor(IMAGES), draws)
    np.testing.assert_allclose(turned[5].numpy(), transform.apply(IMAGES[5], draws, 5), atol=1e-12)


def test_every_transform_has_its_batches() -> None:
    """Whoever adds a transform to cnnlab.augment is told here that its batches are missing."""
    tried = {type(transform) for transform in TRANSFORMS.values()} | {augment.MixUp, augment.CutMix}
    offered = {value for value in vars(augment).values() if isinstance(value, type) and hasattr(value, "draw")}
    assert offered - tried == {Transform}


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.zeros(2, 3, 4, 4, dtype=torch.uint8), "but is a torch.uint8"),
        (torch.zeros(3, 4, 4), r"but is a torch.float32 \(3, 4, 4\)"),
        (IMAGES, "but is ndarray"),
    ],
)
def test_what_is_no_batch_is_refused(images: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        batch(augment.RandomHorizontalFlip(), images, np.random.default_rng(0))


def test_what_is_no_transform_is_refused() -> None:
    with pytest.raises(ValueError, match=r"transform must be one of cnnlab\.augment, but is 'flip'"):
        apply("flip", torch.tensor(IMAGES), {})
