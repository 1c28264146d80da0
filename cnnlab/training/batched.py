"""The functions of `cnnlab.augment` for a batch of PyTorch images (N, C, H, W), all at once.

They are called as those of one image, and take an array of N numbers where those take one number. Arguments are not
checked here: the transforms that draw them did that.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from cnnlab.augment.color import LUMA
from cnnlab.augment.geometry import HALF, Numbers, affine_matrices, inverse_matrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# ---- geometry ----------------------------------------------------------------------------------------------------


def horizontal_flip(images: Tensor, flip: Bools) -> Tensor:
    """Those images that `flip` says."""
    return torch.where(_each(images, flip), images.flip(-1), images)


def vertical_flip(images: Tensor, flip: Bools) -> Tensor:
    """Those images that `flip` says."""
    return torch.where(_each(images, flip), images.flip(-2), images)


def rotate(images: Tensor, angle: Numbers, interpolation: str = "bilinear", fill: float = 0.0) -> Tensor:
    """Each by its own angle, counter-clockwise."""
    return affine(images, -np.asarray(angle), interpolation=interpolation, fill=fill)


def affine(
    images: Tensor,
    angle: Numbers,
    x: Numbers = 0.0,
    y: Numbers = 0.0,
    scale: Numbers = 1.0,
    shear_x: Numbers = 0.0,
    shear_y: Numbers = 0.0,
    *,
    interpolation: str = "bilinear",
    fill: float = 0.0,
) -> Tensor:
    """Each with its own numbers; the angle counts clockwise."""
    height, width = images.shape[-2:]
    matrices = affine_matrices((height, width), angle, x, y, scale, shear_x, shear_y)
    return warp(images, inverse_matrix(matrices), interpolation, fill)


def warp(images: Tensor, matrices: Floats, interpolation: str = "bilinear", fill: float = 0.0) -> Tensor:
    """Each through its own matrix (N, 2, 3), from the output to the image, in pixels."""
    if interpolation == "nearest":
        return _nearest(images, matrices, fill)
    # PyTorch counts from -1 to 1 between the edges of the image: pixels = (grid + 1) * size / 2.
    half = np.array([images.shape[3], images.shape[2]]) / 2
    linear = matrices[..., :2] * half / half[:, None]
    shift = (matrices[..., :2] @ half + matrices[..., 2]) / half - 1
    theta = _on(images, np.concatenate([linear, shift[..., None]], axis=-1))
    grid = F.affine_grid(theta.expand(len(images), 2, 3), list(images.shape), align_corners=False)
    moved = images - fill if fill else images
    moved = F.grid_sample(moved, grid, "bilinear", "zeros", align_corners=False)
    return moved + fill if fill else moved


def _nearest(images: Tensor, matrices: Floats, fill: float) -> Tensor:
    """The pixel in which each point lies. grid_sample would round a point on an edge to the even pixel."""
    count, channels, height, width = images.shape
    exact = torch.float32 if images.device.type == "mps" else torch.float64  # Apple's GPUs have no float64
    m = torch.as_tensor(matrices, dtype=exact).to(images.device).expand(count, 2, 3)
    row = torch.arange(height, device=images.device)[:, None] + 0.5
    column = torch.arange(width, device=images.device) + 0.5
    x, y = (
        m[:, axis, 0, None, None] * column + m[:, axis, 1, None, None] * row + (m[:, axis, 2, None, None] - 0.5)
        for axis in (0, 1)
    )
    x, y = torch.floor(x + HALF), torch.floor(y + HALF)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    place = (y.clamp(0, height - 1) * width + x.clamp(0, width - 1)).long()
    taken = images.flatten(2).gather(2, place.flatten(1)[:, None].expand(-1, channels, -1)).view(images.shape)
    return torch.where(inside[:, None], taken, fill)


# ---- crops -------------------------------------------------------------------------------------------------------


def pad_crop(images: Tensor, padding: int, top: Ints, left: Ints, height: int, width: int, fill: float = 0.0) -> Tensor:
    """Each padded image from its own corner on."""
    padded = F.pad(images, (padding,) * 4, value=fill) if padding else images
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # every crop there is, as a view: nothing is copied
    which = (torch.as_tensor(index, device=images.device) for index in (np.arange(len(images)), top, left))
    each, row, column = which
    return windows[each, :, row, column]


def resized_crop(
    images: Tensor,
    top: Ints,
    left: Ints,
    height: Ints,
    width: Ints,
    *,
    size: tuple[int, int],
    interpolation: str = "bilinear",
) -> Tensor:
    """Each with its own crop, all brought to `size`: rows * image * columns, see `resize_weights`."""
    rows = _weights(images, top, height, images.shape[2], size[0], interpolation)
    columns = _weights(images, left, width, images.shape[3], size[1], interpolation)
    return rows[:, None] @ images @ columns[:, None].mT


def _weights(images: Tensor, start: Ints, cells: Ints, total: int, outputs: int, interpolation: str) -> Tensor:
    """`resize_weights` of each image's crop, with zeros for the `total` pixels outside of it: (N, outputs, total)."""
    step = (cells / outputs)[:, None]
    center = (np.arange(outputs) + 0.5) * step  # (N, outputs), from where the crop starts
    if interpolation == "nearest":
        taken = center.astype(np.int64) + start[:, None]
        return F.one_hot(torch.as_tensor(taken, device=images.device), total).to(images.dtype)
    pixel = np.arange(total) + 0.5 - start[:, None]  # (N, total)
    weights = np.maximum(0, 1 - np.abs(pixel[:, None] - center[..., None]) / np.maximum(step, 1)[..., None])
    weights *= ((pixel > 0) & (pixel < cells[:, None]))[:, None]
    return _on(images, weights / weights.sum(axis=2, keepdims=True))


# ---- colors ------------------------------------------------------------------------------------------------------


def adjust_brightness(images: Tensor, factor: Floats) -> Tensor:
    """factor * image"""
    return (_each(images, factor) * images).clamp(0, 1)


def adjust_contrast(images: Tensor, factor: Floats) -> Tensor:
    """factor * image + (1 - factor) * its mean gray"""
    mean = _gray(images).mean(dim=(1, 2, 3), keepdim=True)
    return _blend(images, mean, factor)


def adjust_saturation(images: Tensor, factor: Floats) -> Tensor:
    """factor * image + (1 - factor) * gray"""
    return _blend(images, _gray(images), factor)


def adjust_hue(images: Tensor, factor: Floats) -> Tensor:
    """Each around the color wheel by its own part of a turn; the equation is that of one image."""
    if images.shape[1] == 1:
        return images.clone()
    red, green, blue = images.unbind(1)
    high = images.amax(1)
    chroma = high - images.amin(1)
    safe = torch.where(chroma == 0, 1, chroma)
    sixths = torch.where(
        high == red,
        (green - blue) / safe,
        torch.where(high == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    turned = sixths[:, None] + 6 * _each(images, factor)
    k = (_on(images, np.array([5.0, 3.0, 1.0])).view(3, 1, 1) + turned) % 6
    return high[:, None] - chroma[:, None] * torch.minimum(k, 4 - k).clamp(0, 1)


def rgb_to_grayscale(images: Tensor, gray: Bools) -> Tensor:
    """0.299 red + 0.587 green + 0.114 blue, for those images that `gray` says."""
    return torch.where(_each(images, gray), _gray(images), images)


def permute_channels(images: Tensor, order: Ints) -> Tensor:
    """Each with its own order of channels, (N, C)."""
    return images.gather(1, torch.as_tensor(order, device=images.device)[:, :, None, None].expand_as(images))


def _gray(images: Tensor) -> Tensor:
    """(N, 1, H, W)"""
    if images.shape[1] == 1:
        return images
    return (images * _on(images, np.array(LUMA)).view(3, 1, 1)).sum(1, keepdim=True)


def _blend(images: Tensor, plain: Tensor, factor: Floats) -> Tensor:
    return (_each(images, factor) * images + _each(images, 1 - factor) * plain).clamp(0, 1)


# ---- erasing and mixing ------------------------------------------------------------------------------------------


def erase(images: Tensor, top: Ints, left: Ints, height: Ints, width: Ints, *, value: float = 0.0) -> Tensor:
    """Each without its own rectangle."""
    return torch.where(_rectangles(images, top, left, height, width), value, images)


def mixup(a: Tensor, b: Tensor, lam: Floats) -> Tensor:
    """lam * a + (1 - lam) * b"""
    return _each(a, lam) * a + _each(a, 1 - lam) * b


def cutmix(a: Tensor, b: Tensor, top: Ints, left: Ints, height: Ints, width: Ints) -> Tensor:
    """Each of a with its own rectangle of b."""
    return torch.where(_rectangles(a, top, left, height, width), b, a)


def mix_labels(labels: Tensor, partner: Ints, share: Floats, num_classes: int, images: Tensor) -> Tensor:
    """The shares (N, num_classes) of the classes (N,), in the dtype of the images."""
    one_hot = F.one_hot(labels.long(), num_classes).to(images)
    part = _on(images, share)[:, None]
    return part * one_hot + (1 - part) * one_hot[torch.as_tensor(partner, device=images.device)]


def _rectangles(images: Tensor, top: Ints, left: Ints, height: Ints, width: Ints) -> Tensor:
    """Where each image's rectangle is: (N, 1, H, W)."""
    row, column = np.arange(images.shape[2]), np.arange(images.shape[3])
    rows = (row >= top[:, None]) & (row < (top + height)[:, None])
    columns = (column >= left[:, None]) & (column < (left + width)[:, None])
    down, across = (torch.as_tensor(inside, device=images.device) for inside in (rows, columns))
    return down[:, None, :, None] & across[:, None, None, :]


# ---- from NumPy --------------------------------------------------------------------------------------------------


def _on(images: Tensor, array: Floats) -> Tensor:
    """The array where the images are, in their dtype; converted here first, for not every device has float64."""
    return torch.as_tensor(array, dtype=images.dtype).to(images.device)


def _each(images: Tensor, numbers: Floats | Bools) -> Tensor:
    """One number for each image, (N, 1, 1, 1); True and False stay."""
    dtype = torch.bool if numbers.dtype == bool else images.dtype
    return torch.as_tensor(numbers, dtype=dtype).to(images.device)[:, None, None, None]
