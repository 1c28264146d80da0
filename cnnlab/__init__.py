"""cnnlab: live labs and notebooks for learning how convolutional neural networks work.

Every part is a submodule that loads when it is first used, so that ``import cnnlab`` costs next to nothing::

    import cnnlab
    cnnlab.ops.conv2d(image, kernel)     # loads NumPy now, and no widgets and no PyTorch

=========  ==========================================================================
ops        convolution and its kin on NumPy arrays, named as in ``torch.nn.functional``
network    layers that hold parameters, and networks of them, named as in ``torch.nn``
optim      SGD, Adam and others, named as in ``torch.optim``
gradcheck  is a backward pass right? central differences say which entry is off
shapes     output sizes, parameters, work, receptive fields, with their formulas
kernels    the named kernels of the course: Sobel, blur, sharpen, ...
augment    data augmentation, named as in ``torchvision.transforms.v2``
data       photos, digits and small example inputs
traces     what happens at one step, every number by its name
figures    pictures of arrays and traces
labs       the interactive labs for Jupyter
exercises  exercises and a quiz that say what went wrong
=========  ==========================================================================
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    """Load the submodule ``name`` on first use (PEP 562)."""
    missing = AttributeError(f"module 'cnnlab' has no attribute {name!r}")
    if name.startswith("_"):
        raise missing
    try:
        return import_module(f"cnnlab.{name}")
    except ModuleNotFoundError as error:
        # A package that the submodule needs and does not find is another matter: that goes through as it is.
        if error.name == f"cnnlab.{name}":
            raise missing from None
        raise


def __dir__() -> list[str]:
    """Every public submodule, so that tab completion finds what is not loaded yet."""
    from pkgutil import iter_modules

    submodules = (module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return sorted({*submodules, "__doc__", "__version__"})
