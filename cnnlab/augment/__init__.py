"""Data augmentation: an image changed so that its label stays, on NumPy arrays.

Functions take an image (C, H, W) of floats from 0 to 1, and the numbers of one transform; they write to nothing that
they were given. Classes draw these numbers from a generator. Named as in `torchvision.transforms.v2`:

    turned = rotate(image, 15)
    pipeline = Compose([RandomCrop(32, padding=4), RandomHorizontalFlip(), ColorJitter(brightness=0.3)])
    images = pipeline.batch(images, rng=np.random.default_rng(0))
"""

from cnnlab.augment.boxes import (
    affine_box,
    box_after,
    crop_box,
    horizontal_flip_box,
    rotate_box,
    vertical_flip_box,
)
from cnnlab.augment.color import (
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    permute_channels,
    rgb_to_grayscale,
)
from cnnlab.augment.cropping import crop, crop_matrix, pad, pad_crop, resize, resize_weights, resized_crop
from cnnlab.augment.erasing import cutout, erase
from cnnlab.augment.geometry import (
    affine,
    affine_matrix,
    flip_matrix,
    horizontal_flip,
    inverse_matrix,
    rotate,
    shear,
    translate,
    vertical_flip,
    warp,
    zoom,
)
from cnnlab.augment.mixing import cutmix, cutmix_share, mix_labels, mixup
from cnnlab.augment.random_color import ColorJitter, RandomChannelPermutation, RandomGrayscale
from cnnlab.augment.random_erasing import Cutout, RandomErasing
from cnnlab.augment.random_geometry import (
    RandomAffine,
    RandomCrop,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomVerticalFlip,
)
from cnnlab.augment.random_mixing import CutMix, MixUp
from cnnlab.augment.transform import Compose, Draws, Transform

__all__ = [
    "ColorJitter",
    "Compose",
    "CutMix",
    "Cutout",
    "Draws",
    "MixUp",
    "RandomAffine",
    "RandomChannelPermutation",
    "RandomCrop",
    "RandomErasing",
    "RandomGrayscale",
    "RandomHorizontalFlip",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomVerticalFlip",
    "Transform",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_hue",
    "adjust_saturation",
    "affine",
    "affine_box",
    "affine_matrix",
    "box_after",
    "crop",
    "crop_box",
    "crop_matrix",
    "cutmix",
    "cutmix_share",
    "cutout",
    "erase",
    "flip_matrix",
    "horizontal_flip",
    "horizontal_flip_box",
    "inverse_matrix",
    "mix_labels",
    "mixup",
    "pad",
    "pad_crop",
    "permute_channels",
    "resize",
    "resize_weights",
    "resized_crop",
    "rgb_to_grayscale",
    "rotate",
    "rotate_box",
    "shear",
    "translate",
    "vertical_flip",
    "vertical_flip_box",
    "warp",
    "zoom",
]
