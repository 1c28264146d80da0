"""The pictures of the dropout lab: a network with dropped units, or 1000 units; beside them what many masks gave."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.draws import BELOW, HIGH, PITCH, Draws, Mean, Y
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import SMALLEST_TEXT, Box, Tone, Values, bitmap_grid
from cnnlab.traces.dropout_draws import UNITS, DropCounts, DropCountsLook
from cnnlab.traces.dropout_nets import DropoutLook, DropoutNet
from cnnlab.traces.dropped_nets import edges
from cnnlab.traces.text import number, plural

PICTURE, MARGIN = 1096.0, 16.0
LEFT, RIGHT = 92.0, 580.0
"""Centers of the first and the last layer."""
TALL = 252.0
RADIUS = 20.0
THICKEST = 3.5
MEANS_Y = Y + HIGH + BELOW
FORMULA_Y = MEANS_Y + 3 * PITCH + 16
HEIGHT = FORMULA_Y + 66
BINS = 31
ACROSS, UNIT = 50, 10.8
"""Units in a row, of 1000, and the side of each."""


class DropoutPicture:
    """All that can be drawn of one network, one rate and one way of scaling."""

    def __init__(self, whole: DropoutNet) -> None:
        self.whole = whole
        values = whole.values
        self.draws = _binned(
            values, whole.probabilities, float(np.ptp(values)) / (BINS - 1), f"all {len(values):,} masks"
        )

    def draw(self, look: DropoutLook, training: bool, reveal: bool = True, frame: int = 0) -> str:
        """The whole picture as SVG; without ``reveal`` only what this mask and those before it gave."""
        mode = "in training" if training else "in eval"
        y = look.y_train if training else self.whole.y_eval
        here = Mean("this mask: y =" if training else "eval: y =", number(y), y)
        count = 2**look.net.count
        means = [
            Mean(f"mean of {plural(look.masks, 'drawn mask')}", look.says_mean(reveal), look.mean, look.error * reveal),
            Mean(f"mean of all {count:,}", number(self.whole.mean), self.whole.mean),
            Mean("output in eval", number(self.whole.y_eval), self.whole.y_eval),
        ]
        means = means if reveal else [means[0], *(mean.hidden() for mean in means[1:])]
        parts = [
            *_Diagram(look, training).draw(),
            *self.draws.draw(look.outputs, here, means, reveal),
            svg.text(MARGIN, MEANS_Y + 2 * PITCH + 5, look.says_mask(training), 14),
            *_words(look, training, reveal),
        ]
        label = f"A network {mode}: {look.says_mask(training)} Output {number(y)}"
        return svg.document(PICTURE, HEIGHT, parts, label, frame=frame)


def _binned(values: Values, probabilities: Values, width: float, says_dots: str) -> Draws:
    """What is expected of outputs with these probabilities, in bins from the smallest to the largest."""
    title = "in training: the output under every mask drawn"
    centers = values.min() + width * np.arange(round(float(np.ptp(values)) / width) + 1)
    which = np.rint((values - values.min()) / width).astype(int)
    expected = np.bincount(which, weights=probabilities, minlength=len(centers))
    return Draws(centers, np.asarray(expected, np.float64), title, "y", says_dots)


def _words(look: DropoutLook, training: bool, reveal: bool) -> list[str]:
    """Both sums, that of the other mode in gray, and one sentence."""
    room, parts = PICTURE - 2 * MARGIN, []
    for mode, y in ((True, FORMULA_Y), (False, FORMULA_Y + 25)):
        if reveal or mode == training:
            parts.append(mono(MARGIN, y, room, str(look.equation(mode)), classes="" if mode == training else "gray"))
    return [*parts, svg.text(MARGIN, FORMULA_Y + 54, look.whole.says(), 15)] if reveal else parts


class _Diagram:
    """Units as circles with their numbers; dropped ones are hollow and crossed out, and their lines are gone."""

    def __init__(self, look: DropoutLook, training: bool) -> None:
        self.look, self.training = look, training
        self.layers = look.layers if training else look.whole.eval_layers
        sizes = look.net.sizes
        self.columns = np.linspace(LEFT, RIGHT, len(sizes)).tolist()
        self.pitches = [TALL / size for size in sizes]

    def _at(self, layer: int, unit: int) -> tuple[float, float]:
        return self.columns[layer], Y + (unit + 0.5) * self.pitches[layer]

    def _kept(self, layer: int, unit: int) -> bool:
        net = self.look.net
        return not self.training or layer not in net.dropped or bool(self.look.mask[net.units(layer)][unit])

    def draw(self) -> list[str]:
        sizes = self.look.net.sizes
        names = ["inputs", *["hidden"] * (len(sizes) - 2), "output" if sizes[-1] == 1 else "outputs"]
        titles = [svg.text(x, 18, name, 14, "gray middle") for x, name in zip(self.columns, names, strict=True)]
        return [*titles, *self._lines(), *(part for layer in range(len(sizes)) for part in self._column(layer))]

    def _lines(self) -> list[str]:
        found = edges(self.look.net)
        strongest = max(abs(weight) for *_, weight in found)
        parts = []
        for layer, i, j, weight in found:
            if not (self._kept(layer, i) and self._kept(layer + 1, j)):
                continue
            (x0, y0), (x1, y1) = self._at(layer, i), self._at(layer + 1, j)
            kind = "pos-line" if weight > 0 else "neg-line"
            parts.append(svg.line(x0, y0, x1, y1, kind, THICKEST * abs(weight) / strongest))
            if len(self.look.net.sizes) == 2:  # few enough to be written on
                x, y = x0 + 0.4 * (x1 - x0), y0 + 0.4 * (y1 - y0)
                parts.append(svg.rect(x - 22, y - 11, 44, 22, "paper"))
                parts.append(svg.text(x, y + 5, f"w {number(weight)}", 14, "middle"))
        return parts

    def _column(self, layer: int) -> list[str]:
        units = [self._unit(layer, unit) for unit in range(self.look.net.sizes[layer])]
        if layer == 0 and layer in self.look.net.dropped:  # what they are without dropout
            for unit, x in enumerate(self.look.net.x.tolist()):
                left, y = self._at(layer, unit)
                units.append(svg.text(left - RADIUS - 10, y + 5, f"x = {number(x)}", 14, "gray end"))
        if not self.training or layer not in self.look.net.dropped:
            return units
        x, pitch = self.columns[layer], self.pitches[layer]
        box = Box(x - RADIUS - 2, Y, 2 * RADIUS + 4, self.look.net.sizes[layer], 1)
        label = f"units of layer {layer}: arrow keys go along, Space drops one or brings it back"
        mask = " ".join(str(int(self._kept(layer, unit))) for unit in range(box.rows))
        inside = f"0 0 {box.rows} 1"
        return [box.pointable(f"units {layer}", label, units, "paint", pitch, values=mask, inside=inside)]

    def _unit(self, layer: int, unit: int) -> str:
        x, y = self._at(layer, unit)
        if not self._kept(layer, unit):
            arm = RADIUS * 0.5
            cross = svg.line(x - arm, y - arm, x + arm, y + arm, "gray-line", 2)
            cross += svg.line(x - arm, y + arm, x + arm, y - arm, "gray-line", 2)
            return svg.circle(x, y, RADIUS, "paper") + svg.circle(x, y, RADIUS, "lines") + cross
        said = number(round(float(self.layers[layer][unit]) * (1 + 1e-12), 2))  # a tie away from 0, as in the sums
        size = max(SMALLEST_TEXT, min(15.0, (2 * RADIUS - 4) / svg.text_width(said, 1)))
        watched = layer == len(self.columns) - 1 and unit == 0
        ring = svg.circle(x, y, RADIUS, "outline" if watched else "thin")
        return svg.circle(x, y, RADIUS, "paper") + ring + svg.text(x, y + 0.36 * size, said, size, "middle")


class CountPicture:
    """All that can be drawn of 1000 units under one rate."""

    def __init__(self, whole: DropCounts) -> None:
        self.whole = whole
        binomial, width = whole.binomial, max(1, round(whole.binomial.std / 4))
        first = max(0, round(binomial.mean - 4.5 * binomial.std) - 2)
        last = min(UNITS, round(binomial.mean + 4.5 * binomial.std) + 8)
        numbers = np.arange(first, last + 1)
        which = (numbers - first) // width
        expected = np.asarray(np.bincount(which, weights=binomial.pmf[first : last + 1]), np.float64)
        centers = np.asarray(first + (width - 1) / 2 + width * np.arange(len(expected)), np.float64)
        self.draws = Draws(centers, expected, "how many every mask drawn drops", "dropped of 1000", "binomial")

    def draw(self, look: DropCountsLook, reveal: bool = True, frame: int = 0) -> str:
        """The whole picture as SVG; without ``reveal`` only what the masks so far dropped."""
        binomial = self.whole.binomial
        means = [
            Mean(f"mean of {plural(look.masks, 'drawn mask')}", look.says_mean(reveal), look.mean, look.error * reveal),
            Mean("expected, n·p", number(binomial.mean), binomial.mean),
        ]
        means = means if reveal else [means[0], means[1].hidden()]
        box = Box(MARGIN, Y, UNIT, UNITS // ACROSS, ACROSS)
        mean, std = binomial.equations()
        parts = [
            svg.text(box.x, 18, look.says_mask(), 15, "bold"),
            bitmap_grid(box, look.mask.reshape(-1, ACROSS), Tone(True, 1.0)),
            box.lines(),
            svg.text(box.x, box.bottom + 20, "blue: kept, empty: dropped", 13, "gray"),
            *self.draws.draw(look.counts, Mean("this mask:", str(look.count), look.count), means, reveal),
        ]
        if reveal:
            lines = (str(mean), str(std))
            parts += [mono(MARGIN, FORMULA_Y + 25 * i, PICTURE - 2 * MARGIN, line) for i, line in enumerate(lines)]
            parts.append(svg.text(MARGIN, FORMULA_Y + 54, self.whole.says(), 15))
        return svg.document(PICTURE, HEIGHT, parts, f"1000 units: {look.says_mask()}", frame=frame)
