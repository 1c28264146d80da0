"""The transforms of `cnnlab.augment` for batches of PyTorch images, on whatever device they are.

A pipeline is written once, and its numbers are drawn once, by NumPy; here they are applied to all images at the same
time, without a loop over them. On the same draws the result is that of `cnnlab.augment`.

    pipeline = augment.Compose([augment.RandomCrop(32, padding=4), augment.RandomHorizontalFlip()])
    images = batch(pipeline, images, rng=np.random.default_rng(0))                 # (N, C, H, W), floats from 0 to 1
    images, targets = mix(augment.MixUp(0.2, num_classes=10), images, labels, rng)  # targets (N, 10), for cross_entropy
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnnlab import augment
from cnnlab.augment.random_erasing import Erasing
from cnnlab.augment.random_mixing import Mixing
from cnnlab.augment.transform import Transform
from cnnlab.training import batched

ADJUST = (  # in the order of ColorJitter.NAMES
    batched.adjust_brightness,
    batched.adjust_contrast,
    batched.adjust_saturation,
    batched.adjust_hue,
)

# ---- a whole batch -----------------------------------------------------------------------------------------------


def batch(transform: Transform[Any], images: Tensor, rng: np.random.Generator) -> Tensor:
    """Each of the images (N, C, H, W) with a draw of its own: `transform.batch` for tensors."""
    checked(images)
    return apply(transform, images, transform.draw(rng, len(images), tuple(images.shape[1:])))


def mix(mixing: Mixing, images: Tensor, labels: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """The images (N, C, H, W) mixed with each other, and their labels (N,) as shares (N, num_classes)."""
    checked(images)
    draws = mixing.draw(rng, len(images), tuple(images.shape[1:]))
    return apply(mixing, images, draws), batched.mix_labels(
        labels, draws["partner"], draws["share"], mixing.num_classes, images
    )


def checked(images: Tensor) -> Tensor:
    """`images`, if they are a batch of floats.

    Raises:
        ValueError: says what they are instead.
    """
    if not isinstance(images, Tensor) or images.ndim != 4 or len(images) == 0 or not images.is_floating_point():
        shown = f"a {images.dtype} {tuple(images.shape)}" if isinstance(images, Tensor) else type(images).__name__
        raise ValueError(f"images must be a tensor (N, C, H, W) of floats from 0 to 1, but is {shown}")
    return images


@singledispatch
def apply(transform: Any, images: Tensor, draws: Any) -> Tensor:
    """The images (N, C, H, W), changed as was drawn: what `transform.apply` does, for every image at once."""
    raise ValueError(f"transform must be one of cnnlab.augment, but is {transform!r}")


@apply.register
def _(transform: augment.Compose, images: Tensor, draws: Any) -> Tensor:
    for step, drawn in zip(transform.transforms, draws, strict=True):
        images = apply(step, images, drawn)
    return images


@apply.register
def _(transform: augment.RandomHorizontalFlip, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.horizontal_flip(images, draws["flip"])


@apply.register
def _(transform: augment.RandomVerticalFlip, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.vertical_flip(images, draws["flip"])


@apply.register
def _(transform: augment.RandomAffine, images: Tensor, draws: augment.Draws) -> Tensor:
    numbers = (draws[name] for name in transform.NAMES)
    return batched.affine(images, *numbers, interpolation=transform.interpolation, fill=transform.fill)


@apply.register
def _(transform: augment.RandomRotation, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.rotate(images, draws["angle"], transform.interpolation, transform.fill)


@apply.register
def _(transform: augment.RandomCrop, images: Tensor, draws: augment.Draws) -> Tensor:
    height, width = transform.size_after((0, 0))
    return batched.pad_crop(images, transform.padding, draws["top"], draws["left"], height, width, transform.fill)


@apply.register
def _(transform: augment.RandomResizedCrop, images: Tensor, draws: augment.Draws) -> Tensor:
    crop = (draws[name] for name in ("top", "left", "height", "width"))
    return batched.resized_crop(images, *crop, size=transform.size_after((0, 0)), interpolation=transform.interpolation)


@apply.register
def _(transform: augment.ColorJitter, images: Tensor, draws: augment.Draws) -> Tensor:
    images = images.clone()
    for turn in draws["order"].T:  # of each image, what is its first adjustment, its second one, ...
        for step, adjust in enumerate(ADJUST):
            name, chosen = transform.NAMES[step], np.flatnonzero(turn == step)
            if getattr(transform, name) is not None and len(chosen):
                places = torch.as_tensor(chosen, device=images.device)
                images[places] = adjust(images[places], draws[name][chosen])
    return images


@apply.register
def _(transform: augment.RandomGrayscale, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.rgb_to_grayscale(images, draws["gray"])


@apply.register
def _(transform: augment.RandomChannelPermutation, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.permute_channels(images, draws["order"])


@apply.register
def _(transform: Erasing, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.erase(images, *(draws[name] for name in ("top", "left", "height", "width")), value=transform.value)


@apply.register
def _(transform: augment.MixUp, images: Tensor, draws: augment.Draws) -> Tensor:
    return batched.mixup(images, images[torch.as_tensor(draws["partner"], device=images.device)], draws["share"])


@apply.register
def _(transform: augment.CutMix, images: Tensor, draws: augment.Draws) -> Tensor:
    partners = images[torch.as_tensor(draws["partner"], device=images.device)]
    return batched.cutmix(images, partners, *(draws[name] for name in ("top", "left", "height", "width")))
