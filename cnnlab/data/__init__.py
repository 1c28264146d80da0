"""What the course looks at and learns from: photos (the bundled ones and your own), handwritten digits, flowers,
clothes, small example inputs; and larger sets of images, which are fetched when they are asked for.

Importing this loads NumPy only; files are read when they are asked for.
"""

from cnnlab.data.cifar import cifar10
from cnnlab.data.digits import digits
from cnnlab.data.examples import EXAMPLES, Example, example
from cnnlab.data.fashion import fashion_mnist
from cnnlab.data.flowers import SPECIES, flowers
from cnnlab.data.image_set import ImageSet
from cnnlab.data.photos import photo, photos, read_photo

__all__ = [
    "EXAMPLES",
    "SPECIES",
    "Example",
    "ImageSet",
    "cifar10",
    "digits",
    "example",
    "fashion_mnist",
    "flowers",
    "photo",
    "photos",
    "read_photo",
]
