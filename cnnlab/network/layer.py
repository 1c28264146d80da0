"""What a layer is: a forward pass that remembers, a backward pass that adds up gradients, and parameters by name."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array, ArrayLike, as_array
from cnnlab.optim import Parameter

Memory = TypeVar("Memory")


class Layer:
    """A step of a network. Parameters and layers that it has as attributes belong to it, under the attribute's name.

    A layer of your own says what is computed, `forward`, and how the gradient comes back, `backward`:

        class Residual(Layer):
            def __init__(self, body):
                self.body = body
            def forward(self, input):
                return input + self.body(input)
            def backward(self, grad_output):
                return grad_output + self.body.backward(grad_output)

    Several layers go into one attribute as a `Sequential`: in a list they would not be found.

    A layer keeps its last input for `backward`, and not a copy of it. Whoever changes that array in between, in place,
    gets wrong gradients.

    Attributes:
        training: whether it is in training (`train`) or in use (`eval`), which dropout and batch norm tell apart.
    """

    training: bool = True
    buffers: tuple[str, ...] = ()  # attributes that are part of the state, but not learned

    def __call__(self, input: ArrayLike) -> Array:
        """The output for this input. Raises ValueError, with the layer's name, where it cannot take the input."""
        return named(self, self.forward, input)

    def forward(self, input: ArrayLike) -> Array:
        """Computes the output, and remembers what `backward` needs."""
        raise NotImplementedError

    def backward(self, grad_output: ArrayLike) -> Array:
        """From the gradient with respect to the last output, that with respect to its input. Those of the parameters
        are added to their `grad`."""
        raise NotImplementedError

    def children(self) -> dict[str, Layer]:
        """The layers that it consists of, by name.

        Raises:
            ValueError: some are in a list, a tuple or a dict.
        """
        for name, value in vars(self).items():
            _check_no_container(name, value)
        return {name: value for name, value in vars(self).items() if isinstance(value, Layer)}

    def modules(self) -> Iterator[Layer]:
        """This layer and all that it consists of."""
        yield self
        for child in self.children().values():
            yield from child.modules()

    # ---- parameters and state

    def named_parameters(self) -> dict[str, Parameter]:
        """The parameters by name: "weight", or "0.weight" for that of the child "0"."""
        own = {name: value for name, value in vars(self).items() if isinstance(value, Parameter)}
        return own | {
            f"{child}.{name}": parameter
            for child, layer in self.children().items()
            for name, parameter in layer.named_parameters().items()
        }

    def parameters(self) -> list[Parameter]:
        """The parameters, for an optimizer; one that several layers share is there once."""
        return list({id(parameter): parameter for parameter in self.named_parameters().values()}.values())

    @property
    def parameter_count(self) -> int:
        """How many numbers it learns."""
        return sum(parameter.value.size for parameter in self.parameters())

    def zero_grad(self) -> None:
        """Forgets the gradients. Until then every backward pass adds its own to what is there, as in PyTorch."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All that is learned or measured, by PyTorch's names; not copied."""
        own = {name: value.value for name, value in vars(self).items() if isinstance(value, Parameter)}
        own |= {name: getattr(self, name) for name in self.buffers}
        return own | {
            f"{child}.{name}": array
            for child, layer in self.children().items()
            for name, array in layer._arrays().items()
        }

    def state_dict(self) -> dict[str, npt.NDArray[Any]]:
        """A copy of all parameters and running statistics, by the names that PyTorch gives them."""
        return {name: array.copy() for name, array in self._arrays().items()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Takes over a `state_dict`: its own at an earlier time, or that of the same network in PyTorch as arrays,
        {name: tensor.numpy() for name, tensor in torch_network.state_dict().items()}.

        Raises:
            ValueError: a name is missing or not known, or an array has another shape, or fractions where there are
                whole numbers; nothing is taken over then.
        """
        if not isinstance(state, Mapping):
            raise ValueError(f"state must be a dict of arrays, such as state_dict() returns, but is {state!r}")
        mine = self._arrays()
        for what, names in (("does not have", mine.keys() - state.keys()), ("must not have", state.keys() - mine)):
            if names:
                raise ValueError(f"state {what} {', '.join(sorted(names))}: is it of a network with these layers?")
        given = {name: as_array(f"state[{name!r}]", state[name]) for name in mine}
        for name, array in mine.items():
            if given[name].shape != array.shape:
                raise ValueError(f"state[{name!r}] must have the shape {array.shape}, but has {given[name].shape}")
            if array.dtype.kind == "i" and (given[name] != np.rint(given[name])).any():
                raise ValueError(f"state[{name!r}] must hold whole numbers, but is {given[name]}")
        for name, array in mine.items():
            array[...] = given[name]

    # ---- modes

    def train(self, mode: bool = True) -> Self:
        """Training: dropout drops, batch norm uses the statistics of the batch. Returns the layer."""
        for layer in self.modules():
            layer.training = mode
        return self

    def eval(self) -> Self:
        """In use: dropout lets all pass, batch norm uses its running statistics. Returns the layer."""
        return self.train(False)

    # ---- as text

    def macs(self) -> int:
        """Multiply-accumulates of the last forward pass, for one example."""
        return sum(layer.macs() for layer in self.children().values())

    def __repr__(self) -> str:
        """The call that makes it, without what is as by default."""
        shown = []
        for name, argument in inspect.signature(type(self)).parameters.items():
            if name in ("rng", "dtype") or not hasattr(self, name):
                continue
            value = _as_python(getattr(self, name))
            if name == "bias":
                value = value is not None  # the argument says whether there is one
            if argument.default is argument.empty:
                shown.append(repr(value))
            elif value != argument.default:
                shown.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


class OpLayer(Layer):
    """A layer that is one op of `cnnlab.ops`. What it gave to the op, its backward pass gives to the op's backward.

    Such a layer only says which op it is (staticmethod: a function that gets no `self`), and which of its attributes
    the op takes:

        class Leaky(OpLayer):
            forward_op, backward_op = staticmethod(ops.leaky_relu), staticmethod(ops.leaky_relu_backward)
            takes = ("negative_slope",)
            def __init__(self, negative_slope=0.01):
                self.negative_slope = negative_slope

    Its forward pass is ops.leaky_relu(input=input, negative_slope=self.negative_slope), and its backward pass
    ops.leaky_relu_backward(grad_output, input=input, negative_slope=...) with the same arguments. Gradients behind that
    of the input go to `weight` and `bias`, in this order.
    """

    forward_op: ClassVar[Callable[..., Array]]
    backward_op: ClassVar[Callable[..., Any]]
    takes: ClassVar[tuple[str, ...]] = ()  # attributes that the op takes as arguments of the same name
    weight: Parameter | None = None
    bias: Parameter | None = None
    given: dict[str, Any] | None = None  # the arguments of the last forward pass
    output_shape: tuple[int, ...] | None = None  # and of what it returned

    def arguments(self, input: ArrayLike) -> dict[str, Any]:
        """The arguments of the op, by name."""
        attributes = {name: getattr(self, name) for name in self.takes}
        return {"input": input} | {name: a.value if isinstance(a, Parameter) else a for name, a in attributes.items()}

    def forward(self, input: ArrayLike) -> Array:
        given = self.arguments(input)
        output = type(self).forward_op(**given)
        self.given, self.output_shape = given, output.shape
        return output

    def backward(self, grad_output: ArrayLike) -> Array:
        gradients = type(self).backward_op(grad_output, **remembered(self.given))
        grad_input, *others = gradients if isinstance(gradients, tuple) else (gradients,)
        for parameter, gradient in zip((self.weight, self.bias), others, strict=False):
            if parameter is not None:
                parameter.grad += gradient
        return np.asarray(grad_input)


def _check_no_container(name: str, value: object) -> None:
    """Refuses layers and parameters in a container, where neither training nor saving would find them."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    if any(isinstance(part, Layer | Parameter) for part in parts):
        what = f"is a {type(value).__name__} of layers or parameters, which would not be trained"
        raise ValueError(f"{name} {what}: use Sequential(...), or give each an attribute of its own")


def _as_python(value: Any) -> Any:
    """Arrays and numbers of NumPy as one writes them: array([1, 2]) -> (1, 2)."""
    if isinstance(value, np.ndarray) and value.ndim:
        return tuple(value.tolist())
    return value.item() if isinstance(value, np.ndarray | np.generic) else value


def remembered(memory: Memory | None) -> Memory:
    """What the forward pass left.

    Raises:
        ValueError: there was none.
    """
    if memory is None:
        raise ValueError("there was no forward pass yet: call the layer on an input before backward")
    return memory


def named(layer: Layer, call: Callable[[ArrayLike], Array], argument: ArrayLike, place: str = "") -> Array:
    """call(argument), with the layer's place and name in front of what it complains of."""
    try:
        return call(argument)
    except ValueError as error:
        error.args = (f"{place}{title(layer)}: {error}",)  # the same error, so that its traceback stays one
        raise


def title(layer: Layer) -> str:
    """The layer in a few words: the call that makes it, or for one that consists of others, its class."""
    return type(layer).__name__ if layer.children() else repr(layer)
