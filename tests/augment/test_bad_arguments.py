"""What cannot work is answered with the argument and its value; and nothing that is given is ever written to."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from cnnlab import augment

IMAGE = np.random.default_rng(0).random((3, 6, 8))
BYTES = (IMAGE * 255).astype(np.uint8)
RNG = np.random.default_rng(0)

REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: augment.rotate(BYTES, 10), r"image must hold floats, but is of dtype uint8: .*image / 255"),
    (lambda: augment.adjust_hue(BYTES, 0.1), r"image must hold floats, but is of dtype uint8"),
    (lambda: augment.rotate(torch.zeros(3, 4, 4), 10), "image must be a NumPy array, but is a torch tensor"),
    (lambda: augment.rotate(IMAGE[None], 10), r"image must be \(C, H, W\).*a batch goes through a transform's batch"),
    (lambda: augment.rotate(IMAGE.transpose(1, 2, 0), 10), r"colors last: turn it with image.transpose\(2, 0, 1\)"),
    (lambda: augment.horizontal_flip(IMAGE[:, :0]), "must have at least one pixel"),
    (lambda: augment.horizontal_flip(np.array([["a"]])), "must hold real numbers"),
    (lambda: augment.rotate(IMAGE, "10"), "angle must be a number, but is '10'"),
    (lambda: augment.rotate(IMAGE, 10, "cubic"), "interpolation must be one of 'bilinear', 'nearest', but is 'cubic'"),
    (lambda: augment.zoom(IMAGE, 0), "factor must be above 0, but is 0"),
    (lambda: augment.affine(IMAGE, scale=-1), "scale must be above 0, but is -1"),
    (lambda: augment.affine(IMAGE, translate=3), "translate must be two numbers, x and y, but is 3"),
    (lambda: augment.shear(IMAGE, 90), "shear must be between -90 and 90 degrees, but is 90"),
    (lambda: augment.warp(IMAGE, np.eye(3)), r"matrix must be \(2, 3\), but has the shape \(3, 3\)"),
    (lambda: augment.crop(IMAGE, 3, 0, 4, 8), r"top \+ height must be at most 6, but is 3 \+ 4: the image is 6 x 8"),
    (lambda: augment.crop(IMAGE, 0, 5, 6, 4), r"left \+ width must be at most 8, but is 5 \+ 4"),
    (lambda: augment.crop(IMAGE, -1, 0, 4, 4), "top must be at least 0, but is -1"),
    (lambda: augment.resize(IMAGE, 0), "size must be at least 1, but is 0"),
    (lambda: augment.resize(BYTES, 3), "image must hold floats, but is of dtype uint8"),
    (lambda: augment.adjust_brightness(IMAGE, -0.1), "factor must be at least 0, but is -0.1"),
    (lambda: augment.adjust_brightness(IMAGE * 255, 1), "from 0 to 1, but holds 2.*before you normalize"),
    (lambda: augment.adjust_contrast(IMAGE - 0.5, 1), "from 0 to 1, but holds -0.4"),
    (lambda: augment.adjust_contrast(IMAGE * np.nan, 1), "from 0 to 1, but holds nan"),
    (lambda: augment.adjust_hue(IMAGE, 0.6), "factor must be between -0.5 and 0.5, but is 0.6"),
    (lambda: augment.rgb_to_grayscale(IMAGE[:2]), r"image must be \(3, H, W\).*but has the shape \(2, 6, 8\)"),
    (lambda: augment.permute_channels(IMAGE, (0, 0, 1)), "each of the channels 0 to 2 once, but is"),
    (lambda: augment.erase(IMAGE, 0, 0, -1, 2), "height must be at least 0, but is -1"),
    (lambda: augment.cutout(IMAGE, 0.5, 0, 2), "row must be a whole number, but is 0.5"),
    (lambda: augment.mixup(IMAGE, IMAGE[:, :5], 0.5), "a and b must have the same shape"),
    (lambda: augment.mixup(IMAGE, IMAGE.astype(np.float32), 0.5), "a is float64 but b is float32"),
    (lambda: augment.mixup(IMAGE, IMAGE, 1.5), "lam must be between 0 and 1, but is 1.5"),
    (lambda: augment.mix_labels(3, 0, 0.5, 3), "label_a must be at most 2, but is 3"),
    (lambda: augment.mix_labels(0, 1, -0.5, 3), "share must be between 0 and 1, but is -0.5"),
    (lambda: augment.horizontal_flip_box((4, 0, 1, 3), (6, 8)), "with x1 < x2 and y1 < y2, but is"),
    (lambda: augment.horizontal_flip_box((4, 0, 1), (6, 8)), "box must be four numbers"),
    (lambda: augment.RandomHorizontalFlip(1.2), "p must be between 0 and 1, but is 1.2"),
    (lambda: augment.RandomRotation(-5), "degrees must be at least 0, but is -5"),
    (lambda: augment.RandomRotation((5, -5)), "degrees must be two numbers.*the smaller one first, but is"),
    (lambda: augment.RandomRotation(np.inf), "degrees must be finite, but is inf"),
    (lambda: augment.RandomRotation((-np.inf, 5)), r"degrees must be two finite numbers, but is \(-inf, 5\)"),
    (lambda: augment.RandomAffine(0, scale=(1, np.inf)), r"scale must be two finite numbers, but is \(1, inf\)"),
    (lambda: augment.ColorJitter(brightness=np.inf), "brightness must be finite, but is inf"),
    (lambda: augment.ColorJitter(contrast=(0, np.inf)), "contrast must be two finite numbers"),
    (lambda: augment.RandomAffine(0, translate=(4, 4)), "translate must be two shares between 0 and 1"),
    (lambda: augment.RandomAffine(0, scale=(0, 1)), "scale must be above 0"),
    (lambda: augment.RandomAffine(0, shear=90), "shear must be between 0 and 89, but is 90"),
    (lambda: augment.RandomCrop(0), "size must be at least 1, but is 0"),
    (lambda: augment.RandomCrop(9, padding=1)(IMAGE, rng=RNG), "size must fit into the image, .* 8 x 10, but is 9"),
    (lambda: augment.RandomResizedCrop(4, scale=(0.5, 2)), "scale must be two numbers between 0 and 1"),
    (lambda: augment.RandomResizedCrop(4, ratio=(0, 1)), "ratio must be two numbers above 0"),
    (lambda: augment.ColorJitter(brightness=-1), "brightness must be at least 0, but is -1"),
    (lambda: augment.ColorJitter(hue=0.7), "hue must be between 0 and 0.5, but is 0.7"),
    (lambda: augment.Cutout(-1), "size must be at least 0, but is -1"),
    (lambda: augment.MixUp(0, num_classes=3), "alpha must be above 0, but is 0"),
    (lambda: augment.MixUp(num_classes=3).batch(IMAGE[None], [0, 1], RNG), "labels must be one class for each of 1"),
    (lambda: augment.Compose(augment.RandomGrayscale()), "transforms must be a list"),
    (lambda: augment.Compose([augment.CutMix(num_classes=3)]), r"but transforms\[0\] is CutMix"),
    (lambda: augment.RandomGrayscale().batch(IMAGE, RNG), r"images must be \(N, C, H, W\)"),
    (lambda: augment.RandomGrayscale()(IMAGE, rng=0), "rng must be a random generator"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_one_plain_sentence(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "change",
    [
        lambda image: augment.horizontal_flip(image),
        lambda image: augment.vertical_flip(image),
        lambda image: augment.affine(image),
        lambda image: augment.crop(image, 0, 0, 6, 8),
        lambda image: augment.pad(image, 0),
        lambda image: augment.resize(image, (6, 8)),
        lambda image: augment.adjust_brightness(image, 1),
        lambda image: augment.adjust_hue(image, 0),
        lambda image: augment.rgb_to_grayscale(image[:1]),
        lambda image: augment.permute_channels(image, (0, 1, 2)),
        lambda image: augment.erase(image, 0, 0, 3, 3),
        lambda image: augment.mixup(image, image, 1),
        lambda image: augment.cutmix(image, image, 0, 0, 2, 2),
        lambda image: augment.RandomHorizontalFlip(0)(image, rng=RNG),
        lambda image: augment.RandomGrayscale(0)(image, rng=RNG),
        lambda image: augment.ColorJitter()(image, rng=RNG),
        lambda image: augment.Compose([])(image, rng=RNG),
    ],
)
def test_what_comes_out_is_new_and_the_image_is_as_before(change: Callable[[np.ndarray], np.ndarray]) -> None:
    image = IMAGE.copy()
    changed = change(image)
    assert not np.shares_memory(changed, image)
    changed += 1
    np.testing.assert_array_equal(image, IMAGE)
