"""What every op does first: turn its arguments into arrays and numbers, or say plainly what is wrong with
them."""

import operator
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, SupportsIndex, TypeGuard

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
ArrayLike = npt.ArrayLike
Ints = SupportsIndex | Sequence[SupportsIndex]

FLOAT_NAMES = ("float16", "float32", "float64")
FLOATS = "efd"  # float16, float32, float64, whatever their byte order; asking for the letter is the fastest way

MOST = 2**31 - 1  # no argument needs a larger number; a step of so many cells still fits into 64 bits, in bytes


# ---- arrays --------------------------------------------------------------------------------------


def is_torch_tensor(value: object) -> bool:
    """Whether `value` is a PyTorch tensor (or a Parameter), found out without importing torch."""
    return any(c.__name__ == "Tensor" and c.__module__.split(".")[0] == "torch" for c in type(value).__mro__)


def as_array(name: str, value: ArrayLike) -> Array:
    """`value` as a floating-point array: floats keep their dtype, integers and lists become float64.

    The result may share memory with `value`, so it must not be written to.

    Raises:
        ValueError: a torch tensor, a ragged list, or anything that does not hold real numbers.
    """
    return as_arrays({name: value})[0]


def as_arrays(values: Mapping[str, ArrayLike]) -> list[Array]:
    """Several arguments that are computed with each other, as arrays of one floating dtype.

    That dtype is the one of the floating-point arrays among them. Integers and lists, which have none of
    their own, follow it; so do NumPy's single numbers such as np.float32(1), whose dtype counts where there is
    no floating-point array. If there are no such numbers either, everything is computed in float64.

    Raises:
        ValueError: as in `as_array`; or two of them differ in their floating dtype (PyTorch refuses this too).
    """
    arrays = {name: _numbers(name, value) for name, value in values.items()}
    floats = _float_dtypes(values, arrays, np.ndarray) or _float_dtypes(values, arrays, np.floating)
    if len(set(floats.values())) > 1:
        listed = " but ".join(f"{name} is {arrays[name].dtype.name}" for name in floats)
        raise ValueError(f"{listed}: convert them to the same dtype, for example with .astype(np.float32)")
    dtype = np.dtype(next(iter(floats.values()), "d"))
    return [array.astype(dtype, copy=False) for array in arrays.values()]


def _float_dtypes(
    values: Mapping[str, ArrayLike], arrays: Mapping[str, npt.NDArray[Any]], kind: type
) -> dict[str, str]:
    """The letters of the floating dtypes of those values that are of one kind, by their names."""
    chars = {name: array.dtype.char for name, array in arrays.items() if isinstance(values[name], kind)}
    return {name: char for name, char in chars.items() if char in FLOATS}


def _numbers(name: str, value: ArrayLike) -> npt.NDArray[Any]:
    if isinstance(value, np.ndarray) and value.dtype.char in FLOATS:
        return np.asarray(value)  # the usual case; drops subclasses such as np.matrix
    first: Any = value
    while isinstance(first, list | tuple) and first:
        first = first[0]
    if is_torch_tensor(first):
        what = "a torch tensor" if first is value else "a list of torch tensors"
        remedy = f"convert with {name}.detach().cpu().numpy()"
        raise ValueError(f"{name} must be a NumPy array, but is {what}: {remedy}")
    if value is None:
        raise ValueError(f"{name} must be an array of numbers, but is None")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is ragged: its rows must all have the same length") from None
    if array.dtype.kind not in "biu" and array.dtype.char not in FLOATS:
        shown = f"{type(value).__name__} of dtype {array.dtype}"
        wanted = "real numbers (integers, float16, float32 or float64)"
        raise ValueError(f"{name} must hold {wanted}, but is a {shown}")
    return array


def as_grad(grad_output: ArrayLike, output_shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """The gradient that comes back from an output of this shape, in the dtype of the input.

    Raises:
        ValueError: its shape is not that of the output.
    """
    grad = as_array("grad_output", grad_output).astype(dtype, copy=False)
    if grad.shape != output_shape:
        raise ValueError(f"grad_output must have the shape of the output, {output_shape}, but has {grad.shape}")
    return grad


def computed(x: Array) -> Array:
    """float16 is computed in float32 and rounded at the end: sums of many halves lose too much."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def float_dtype(name: str, dtype: npt.DTypeLike) -> np.dtype[np.floating[Any]]:
    """`dtype`, if it is float16, float32 or float64, in the byte order of this machine.

    Raises:
        ValueError: names the argument and its value.
    """
    try:
        word = np.dtype(dtype).name
    except (TypeError, ValueError, DeprecationWarning):  # the last one for old names, where warnings are errors
        word = str(dtype)
    return np.dtype(one_of(name, word, FLOAT_NAMES))


# ---- whole numbers -------------------------------------------------------------------------------


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether several numbers can be given like this: a list, a tuple, a range or an array with one axis; no word."""
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def integer(name: str, value: SupportsIndex, minimum: int = 0, maximum: int = MOST) -> int:
    """`value` as an int from `minimum` to `maximum`. NumPy integers pass; booleans and floats do not.

    Raises:
        ValueError: names the argument and its value.
    """
    if isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be a whole number, but is {value}")
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, but is {value!r}") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, but is {number}")
    if number > maximum:
        raise ValueError(f"{name} must be at most {maximum}, but is {number}")
    return number


def integers(name: str, value: Ints, count: int, minimum: int = 0) -> tuple[int, ...]:
    """`count` ints from one number (used for every axis) or from a sequence of one or `count` numbers.

    Raises:
        ValueError: names the argument and its value.
    """
    if not is_sequence(value):
        return (integer(name, value, minimum),) * count  # type: ignore[arg-type]
    if len(value) not in (1, count):
        wanted = "one whole number" if count == 1 else f"one whole number or {count} of them"
        raise ValueError(f"{name} must be {wanted}, but is {value}")
    checked = tuple(integer(name, number, minimum) for number in value)
    return checked * count if len(checked) == 1 else checked


def pair(name: str, value: Ints, minimum: int = 0) -> tuple[int, int]:
    """(vertical, horizontal) from one number or two, as the 2-D ops take stride, dilation and padding."""
    first, second = integers(name, value, 2, minimum)
    return first, second


def flag(name: str, value: object) -> bool:
    """`value`, if it is True or False.

    Raises:
        ValueError: names the argument and its value.
    """
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, but is {value!r}")
    return bool(value)


def generator(rng: np.random.Generator) -> np.random.Generator:
    """`rng`, if it is a generator of random numbers.

    Raises:
        ValueError: says how to make one.
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a random generator such as np.random.default_rng(0), but is {rng!r}")
    return rng


def one_of(name: str, value: object, choices: Sequence[str]) -> str:
    """`value`, if it is one of the words.

    Raises:
        ValueError: lists the words.
    """
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, but is {value!r}")
    return str(value)


# ---- sizes ---------------------------------------------------------------------------------------


def times(numbers: Sequence[int]) -> str:
    """Sizes the way one says them: (3, 5) -> '3 x 5'."""
    return " x ".join(str(number) for number in numbers)


def check_size(name: str, shape: Sequence[int]) -> None:
    """Refuses to make what no memory holds.

    Raises:
        ValueError: names the argument that asks for it, and the shape.
    """
    if prod(shape) > MOST:
        raise ValueError(f"{name} asks for {times(shape)} numbers, which is more than {MOST}: too many to keep")


def conv_padding(
    padding: Ints | str, kernel_size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Cells to add (before, after) along each axis for `padding` as the convolutions take it.

    'valid' adds none. 'same' adds dilation * (kernel_size - 1) in all, so that a stride of 1 keeps the size;
    where that is odd, the extra cell goes to the end (right or bottom), as in PyTorch.

    Raises:
        ValueError: another word, a negative number, or 'same' with a stride other than 1.
    """
    if not isinstance(padding, str):
        return tuple((p, p) for p in integers("padding", padding, len(kernel_size)))
    if padding == "valid":
        return ((0, 0),) * len(kernel_size)
    if padding != "same":
        raise ValueError(f"padding must be a whole number, a pair, 'same' or 'valid', but is {padding!r}")
    if any(s != 1 for s in stride):
        shown = stride[0] if len(set(stride)) == 1 else tuple(stride)
        remedy = "give padding as a number"
        raise ValueError(f"padding 'same' works with stride 1 only, but stride is {shown}: {remedy}")
    totals = [d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def window_counts(
    size: Sequence[int], kernel_size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> tuple[int, ...]:
    """How many windows fit along each axis of an (already padded) input: floor((n - d*(k - 1) - 1) / s) + 1.

    Raises:
        ValueError: not even one window fits.
    """
    covers = [d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    if any(cover > n for cover, n in zip(covers, size, strict=True)):
        why = ""
        if any(d > 1 for d in dilation):
            why = f" (kernel_size {_short(kernel_size)}, dilation {_short(dilation)})"
        raise ValueError(
            f"the kernel covers {times(covers)}{why} but the padded input is only {times(size)}: "
            "use a smaller kernel or more padding"
        )
    return tuple((n - cover) // s + 1 for n, cover, s in zip(size, covers, stride, strict=True))


def _short(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else times(numbers)
