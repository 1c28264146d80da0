"""The equations of a two-layer network for single entries, with their numbers filled in."""

from cnnlab.ops._arguments import one_of
from cnnlab.traces.arrays import within
from cnnlab.traces.equation import SHOWN, Equation, Right, equation, products, terms, total
from cnnlab.traces.mlp import LOSSES, PARAMETERS, TwoLayerMLP


def entry(mlp: TwoLayerMLP, name: str, row: int = 0, col: int = 0) -> Equation:
    """One entry of a quantity: how it is computed from those before it.

    Raises:
        ValueError: there is no such quantity, or no such entry.
    """
    value = mlp.quantity(name).value
    i, j = within("row", row, value.shape[0]), within("col", col, value.shape[1])
    symbols, (template, numbers) = _right_side(mlp, name, i, j)
    return equation(f"{name}{_place(mlp, name, i, j)}", symbols, template, numbers, value[i, j])


def arising(mlp: TwoLayerMLP, row: int = 0, col: int = 0) -> tuple[Equation, Equation, Equation]:
    """How delta2 arises by the chain rule: the slope of the loss at a2, that of sigmoid at z2, and their product.

    With binary cross-entropy the factor a2·(1 − a2) cancels, and a2 − y is left.

    Raises:
        ValueError: there is no such entry, or a2 is so close to 0 or 1 that its logarithm cannot be shown.
    """
    i, n = within("row", row, mlp.a2.shape[0]), within("col", col, mlp.samples)
    a, y, at = float(mlp.a2[i, n]), float(mlp.y[i, n]), _place(mlp, "a2", i, n)
    slope = a * (1 - a)
    loss = "loss" if mlp.samples == 1 else f"losses[{n}]"
    if mlp.loss_name == "bce":
        if slope < SHOWN:
            raise ValueError(f"a2{at} is {round(a)} to nine digits: the slope of the loss is too steep there to show")
        symbols, template = f"(a2{at} − y{at}) / (a2{at}·(1 − a2{at}))", "({:n} − {}) / ({}·(1 − {}))"
        first = equation(f"∂{loss}/∂a2{at}", symbols, template, [a, y, a, a], (a - y) / slope)
    else:
        first = equation(f"∂{loss}/∂a2{at}", f"a2{at} − y{at}", "{:n} − {}", [a, y], a - y)
    second = equation(f"∂a2{at}/∂z2{at}", f"a2{at}·(1 − a2{at})", "{:n}·(1 − {})", [a, a], slope)
    symbols = f"{first.name} · {second.name}"
    product = equation(f"delta2{at}", symbols, "{:n}·{}", [first.result, slope], mlp.delta2[i, n])
    return first, second, product


def update(mlp: TwoLayerMLP, parameter: str, lr: float, row: int = 0, col: int = 0) -> Equation:
    """One entry of a parameter after `mlp.step(lr)`: what it was, less `lr` times its gradient.

    Raises:
        ValueError: there is no such parameter, or no such entry.
    """
    one_of("parameter", parameter, PARAMETERS)
    old, gradient = getattr(mlp, parameter), getattr(mlp, f"d{parameter}")
    i, j = within("row", row, old.shape[0]), within("col", col, old.shape[1])
    at, new = _place(mlp, parameter, i, j), getattr(mlp.step(lr), parameter)
    symbols = f"{parameter}{at} − lr·d{parameter}{at}"
    return equation(f"new {parameter}{at}", symbols, "{:n} − {}·{}", [old[i, j], lr, gradient[i, j]], new[i, j])


def _place(mlp: TwoLayerMLP, name: str, row: int, col: int) -> str:
    """[row] for a single sample, [row, sample] for several; [row, column] of a weight."""
    if name.endswith(("W1", "W2")):
        return f"[{row}, {col}]"
    if name.endswith(("b1", "b2")):
        return f"[{row}]"
    if name == "loss" or (name == "losses" and mlp.samples == 1):
        return ""
    if name == "losses":
        return f"[{col}]"
    return f"[{row}]" if mlp.samples == 1 else f"[{row}, {col}]"


def _right_side(mlp: TwoLayerMLP, name: str, i: int, j: int) -> Right:
    at = _place(mlp, "z1", i, j)
    match name:
        case "z1":
            return _weighted(mlp, "W1", "x", "b1", i, j)
        case "z2":
            return _weighted(mlp, "W2", "a1", "b2", i, j)
        case "a1":
            return f"relu(z1{at})", ("relu({:n})", [float(mlp.z1[i, j])])
        case "a2":
            return f"sigmoid(z2{at})", ("sigmoid({:n})", [float(mlp.z2[i, j])])
        case "losses":
            return _loss(mlp, j)
        case "loss":
            return _loss(mlp, 0) if mlp.samples == 1 else _mean(mlp, "losses", 0)
        case "delta2":
            return _delta2(mlp, i, j)
        case "delta1":
            return _delta1(mlp, i, j)
        case "dW2":
            return _outer(mlp, "delta2", "a1", i, j)
        case "dW1":
            return _outer(mlp, "delta1", "x", i, j)
    return _mean(mlp, "delta2" if name == "db2" else "delta1", i)


def _weighted(mlp: TwoLayerMLP, weight: str, input: str, bias: str, i: int, n: int) -> Right:
    column = input if mlp.samples == 1 else f"{input}[:, {n}]"
    template, numbers = products(getattr(mlp, weight)[i], getattr(mlp, input)[:, n])
    return f"{weight}[{i}]·{column} + {bias}[{i}]", (f"{template} + {{}}", [*numbers, float(getattr(mlp, bias)[i, 0])])


def _loss(mlp: TwoLayerMLP, n: int) -> Right:
    """The loss of one sample, summed over its outputs."""
    outputs = list(zip(mlp.y[:, n].tolist(), mlp.a2[:, n].tolist(), mlp.z2[:, n].tolist(), strict=True))
    if mlp.loss_name == "half_squared_error":
        return LOSSES[mlp.loss_name], terms([("({:n} − {})² / 2", [a, y]) for y, a, _ in outputs])
    if any(min(a, 1 - a) < SHOWN for _, a, _ in outputs):  # log(0) is no number: the same in terms of z2
        each = [("max({:n}, 0) − {}·{} + log(1 + exp(−|{:n}|))", [z, y, z, z]) for y, _, z in outputs]
        return "max(z2, 0) − y·z2 + log(1 + exp(−|z2|))", terms(each)
    template, numbers = terms([("{:n}·log({:n}) + (1 − {})·log(1 − {})", [y, a, y, a]) for y, a, _ in outputs])
    return LOSSES[mlp.loss_name], (f"−({template})", numbers)


def _delta2(mlp: TwoLayerMLP, i: int, n: int) -> Right:
    a, y, at = float(mlp.a2[i, n]), float(mlp.y[i, n]), _place(mlp, "a2", i, n)
    if mlp.loss_name == "bce":
        return f"a2{at} − y{at}", ("{:n} − {}", [a, y])
    return f"(a2{at} − y{at})·a2{at}·(1 − a2{at})", ("({:n} − {})·{}·(1 − {})", [a, y, a, a])


def _delta1(mlp: TwoLayerMLP, i: int, n: int) -> Right:
    column = "delta2" if mlp.samples == 1 else f"delta2[:, {n}]"
    template, numbers = products(mlp.W2[:, i], mlp.delta2[:, n])
    symbols = f"(W2[:, {i}]·{column})·relu′(z1{_place(mlp, 'z1', i, n)})"
    return symbols, (f"({template})·{{}}", [*numbers, float(mlp.z1[i, n] > 0)])


def _outer(mlp: TwoLayerMLP, delta: str, input: str, i: int, j: int) -> Right:
    """An entry of a weight's gradient: what came back at its output times what went into it, mean over the samples."""
    template, numbers = products(getattr(mlp, delta)[i], getattr(mlp, input)[j])
    if mlp.samples == 1:
        return f"{delta}[{i}]·{input}[{j}]", (template, numbers)
    return f"({delta}[{i}]·{input}[{j}]) / N", (f"({template}) / {mlp.samples}", numbers)


def _mean(mlp: TwoLayerMLP, name: str, i: int) -> Right:
    template, numbers = total(getattr(mlp, name)[i])
    if mlp.samples == 1:
        return f"{name}[{i}]", (template, numbers)
    return f"mean of {name if name == 'losses' else f'{name}[{i}]'}", (f"({template}) / {mlp.samples}", numbers)
