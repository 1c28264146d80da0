"""What is said about a race of optimizers: the update of one of them with its numbers, and how the race stands."""

from dataclasses import dataclass

from cnnlab.traces.descent import ALPHA, BETAS, PLAIN, Moment, Path, limit_of
from cnnlab.traces.equation import equation
from cnnlab.traces.text import MINUS, is_exact, number, plural, precise

_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NEAR = 1e-9
"""A loss that is nearer to the smallest one has arrived: what is left is the rounding of the computer."""
_ROUNDING = 1e-12
"""What is smaller is the rounding of a computer."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Update:
    """An update: its rule, and for each weight its rows of formulas with their numbers."""

    rule: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return "\n".join([self.rule, *("   ".join(row) for row in self.rows)])


def update(moment: Moment) -> Update:
    """The update that led here; before the first, where the weights stand."""
    path, names = moment.path, moment.race.surface.weights
    rule = _rule(path, moment.race.momentum)
    if not moment.moved:
        return Update(rule, tuple((f"{n} = {precise(w)}",) for n, w in _weights(moment, path)))
    return Update(rule, tuple(row for i in range(len(names)) for row in _rows(moment, i)))


def _weights(moment: Moment, path: Path) -> list[tuple[str, float]]:
    """The weights of a path now, by name."""
    return list(zip(moment.race.surface.weights, moment.point(path), strict=False))  # there may be only one


def _rule(path: Path, momentum: float) -> str:
    beta, (beta1, beta2) = number(momentum), BETAS
    if path.name in PLAIN:
        return f"w = w {MINUS} lr·g"
    if path.name == "momentum":
        return f"v = {beta}·v + g,  w = w {MINUS} lr·v"
    if path.name == "Nesterov":
        return f"v = {beta}·v + g,  w = w {MINUS} lr·(g + {beta}·v)"
    if path.name == "RMSProp":
        return f"s = {number(ALPHA)}·s + {number(1 - ALPHA)}·g²,  w = w {MINUS} lr·g/(√s + ε)"
    mean = f"m = {number(beta1)}·m + {number(1 - beta1)}·g"
    square = f"s = {number(beta2)}·s + {number(1 - beta2)}·g²"
    return f"{mean},  {square},  w = w {MINUS} lr·m̂/(√ŝ + ε)"


def _rows(moment: Moment, i: int) -> list[Row]:
    """The update of one weight with its numbers, as the rule of its optimizer says."""
    race, path, t = moment.race, moment.path, moment.moved
    name, g, lr = race.surface.weights[i], float(path.gradients[t - 1, i]), float(path.rates[t - 1])
    before, after = float(path.points[t - 1, i]), float(path.points[t, i])
    kept = [float(k) for k in path.memories[t - 1, :, i]]
    old = [float(k) for k in path.memories[t - 2, :, i]] if t > 1 else [0.0] * len(kept)

    def moves(by: str, *numbers: float) -> str:
        return _filled(name, f"{{:n}} {MINUS} {{}}·{by}", [before, lr, *numbers], after)

    if path.name in PLAIN:
        return [(moves("{}", g),)]
    if path.name in ("momentum", "Nesterov"):
        (v,), beta = kept, race.momentum
        velocity = _filled("v", "{}·{} + {}", [beta, old[0], g], v)
        if path.name == "momentum":
            return [(velocity, moves("{}", v))]
        return [(velocity,), (moves("({:n} + {}·{})", g, beta, v),)]
    if path.name == "RMSProp":
        (s,) = kept
        return [(_filled("s", "{}·{} + {}·{}²", [ALPHA, old[0], 1 - ALPHA, g], s), moves("{}/√{}", g, s))]
    (m, s), (beta1, beta2), power = kept, BETAS, str(t).translate(_POWERS)
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    corrected = f"{{:n}}/(1 {MINUS} {{}}{power})"
    return [
        (
            _filled("m", "{}·{} + {}·{}", [beta1, old[0], 1 - beta1, g], m),
            _filled("m̂", corrected, [m, beta1], m_hat),
        ),
        (
            _filled("s", "{}·{} + {}·{}²", [beta2, old[1], 1 - beta2, g], s),
            _filled("ŝ", corrected, [s, beta2], s_hat),
        ),
        (moves("{}/√{}", m_hat, s_hat),),
    ]


def _filled(name: str, template: str, numbers: list[float], result: float) -> str:
    filled = equation(name, "", template, numbers, result)
    return f"{name} = {filled.numbers} {filled.sign} {filled.result_text if filled.sign == '=' else brief(result)}"


# ---- the race --------------------------------------------------------------------------------------------------------


def standing(moment: Moment) -> str:
    """How the race stands: who is lowest, and who has left the map."""
    paths = list(moment.race.paths.values())
    if not moment.step:
        at = ", ".join(f"{name} = {precise(w)}" for name, w in _weights(moment, paths[0]))
        return f"{'All begin' if len(paths) > 1 else 'It begins'} at {at}, {_height(moment, paths[0])}."
    outside = {path: moment.left(path) for path in paths}
    inside = [path for path in paths if outside[path] is None]
    said = f"After {plural(moment.step, 'step')}"
    if inside:
        best = min(inside, key=moment.excess)
        if len(inside) == len(paths) > 1 == len({_height(moment, path) for path in inside}):
            said += f", {'all' if len(inside) > 2 else 'both'} are {_height(moment, best)}"
        else:
            said += f", {best.label} is {'lowest, ' if len(paths) > 1 else ''}{_height(moment, best)}"
    gone = [f"{path.label} (since step {t})" for path, t in outside.items() if t is not None]
    if len(gone) > 2:
        gone = [gone[0], f"{len(gone) - 1} others"]
    return f"{said}{'. Outside' if inside else ', outside'} the map: {', '.join(gone)}." if gone else f"{said}."


def _height(moment: Moment, path: Path) -> str:
    excess = moment.excess(path)
    return f"{brief(excess)} above the smallest loss" if excess > _NEAR else "at the smallest loss"


def brief(value: float) -> str:
    """A number however small or large, as short as can be.

    >>> brief(12.34), brief(-0.00456), brief(7.8e-6), brief(3.5e13)
    ('12.3', '−0.0046', '7.8e−6', '3.5e13')
    """
    if abs(value) < _ROUNDING or 0.01 <= abs(value) < 1e6:
        return number(value)
    digits, e, power = f"{value:.2g}".partition("e")
    return (digits + (f"e{int(power)}" if e else "")).replace("-", MINUS)


def limit(moment: Moment) -> str:
    """How large the learning rate of the optimizer that is written out may be."""
    race, path = moment.race, moment.path
    curvatures, beta = race.surface.curvatures, race.momentum
    if path.name in ("RMSProp", "Adam"):
        return f"{path.name} divides by the size of the gradients: how far it goes is said by lr, hardly by the slope."
    if not curvatures:
        return "The curvature of this surface is not the same everywhere: no single number is the limit of lr."
    steepest, largest = number(curvatures[1]), limit_of(path.name, beta, curvatures[1])
    shown = {
        "momentum": f"2·(1 + {number(beta)})/{steepest}",
        "Nesterov": f"2·(1 + {number(beta)})/((1 + 2·{number(beta)})·{steepest})",
    }.get(path.name, f"2/{steepest}")
    rounded = f"{largest:.3g}"
    sign = "=" if is_exact(largest, rounded) and is_exact(curvatures[1]) else "≈"
    seen = ", if it sees all examples" if 0 < path.batch_size < race.surface.examples else ""
    kind = "Curvature" if curvatures[0] == curvatures[1] else "Largest curvature"
    return f"{kind} {steepest}: {path.label} converges for lr below {shown} {sign} {rounded}{seen}."


def as_text(moment: Moment) -> str:
    """The whole moment, for pages where no widgets run."""
    race = moment.race
    lines = [race.surface.formula, standing(moment)]
    for path in race.paths.values():
        w = ", ".join(f"{name} = {number(v)}" for name, v in _weights(moment, path))
        lines.append(f"{path.label}: {w}, loss {brief(moment.loss(path))}")
    return "\n".join([*lines, f"{moment.path.label}, step {moment.moved}:", str(update(moment))])
