"""What there is to say about a transform: its equation with the numbers filled in, and one sentence."""

from colorsys import rgb_to_hsv

from cnnlab.augment.color import LUMA
from cnnlab.traces.augmented import Augmented, Pixel, area
from cnnlab.traces.text import MINUS, number, plural
from cnnlab.traces.transforms import Matrix, Step

SPACES = "\u00a0" * 3  # an SVG takes several plain spaces for one
CHANNELS = ("red", "green", "blue")
SAYS = {
    "horizontal flip": "Left and right change places. A cat stays a cat; text and most digits do not.",
    "vertical flip": "Top and bottom change places: right for cells under a microscope, wrong for a house.",
    "rotation": "Each new pixel asks where it was before the turn, and mixes the four pixels around that place.",
    "shift": "What leaves on one side is gone; what comes in on the other is black.",
    "crop": "A part of the picture, enlarged: the thing must still be in it, or the label lies.",
    "zoom": "Above 1 the border is lost, below 1 a border of black comes in.",
    "shear": "Rows slide over each other: upright lines lean, areas stay as large as they are.",
    "affine": "Scaled, sheared, turned and shifted by one matrix: read once, and so blurred once.",
    "brightness": "Every number times the same factor; what would go above 1 stays at 1.",
    "contrast": "Every number moves away from the mean of the gray picture, or towards it.",
    "saturation": "Every pixel moves away from its own gray, or towards it: gray pixels stay.",
    "hue": "Every color goes around the color wheel. Where the color is the label, this destroys it.",
    "gray": "One brightness in three equal channels: what is left are shapes.",
    "channel shuffle": "The same three numbers in other places. The edges stay where they are.",
}
QUARTERS = "After quarter turns each new pixel asks for exactly one old pixel: nothing is mixed."
STILL = "No turn yet: each new pixel asks for the old one at its own place."


def signed(value: float) -> str:
    """``+ 3`` or ``− 3``, to stand behind another term."""
    return f"{MINUS if value < 0 else '+'} {number(abs(value))}"


def equations(matrix: Matrix, left: str, right: str) -> tuple[str, str]:
    """The two rows of a matrix, for the point ``right`` = "x y" of which ``left`` follows."""
    (x, y), rows = right.split(), []
    for name, (a, b, c) in zip(left.split(), matrix.round(9).tolist(), strict=True):
        terms = [f"{number(a)} · {x}", f"{signed(b)} · {y}", signed(c)]
        rows.append(f"{name} = {' '.join(terms)}")
    return rows[0], rows[1]


def pixel_lines(pixel: Pixel) -> tuple[str, str]:
    """How one pixel of the new picture is computed."""
    return _moved_lines(pixel) if pixel.augmented.step.moves else _color_lines(pixel)


def _moved_lines(pixel: Pixel) -> tuple[str, str]:
    y, x = pixel.source
    read = f"new pixel [{pixel.row}, {pixel.col}] is read at row {place(y)}, column {place(x)} of the old picture"
    if not pixel.parts:
        return f"{read}: outside", "red = green = blue = 0: there is nothing, so it is filled with black"
    old = pixel.augmented.before[0]
    terms = [f"{number(weight)} · {number(float(old[r, c]))}" for weight, r, c in pixel.parts]
    if len(pixel.parts) == 1 and pixel.parts[0][0] > 1 - 1e-9:
        _, r, c = pixel.parts[0]
        return read, f"red = old red [{r}, {c}] = {number(pixel.new[0])}: one pixel, nothing is mixed"
    return read, f"red = {' + '.join(terms)} ≈ {number(pixel.new[0])}"


def _color_lines(pixel: Pixel) -> tuple[str, str]:
    step = pixel.augmented.step
    head = f"[{pixel.row}, {pixel.col}]: "
    old = dict(zip(CHANNELS, pixel.old, strict=True))
    new = dict(zip(CHANNELS, pixel.new, strict=True))
    if step.name in ("brightness", "contrast", "saturation"):
        return head + SPACES.join(_blended(pixel, name, old[name], new[name]) for name in CHANNELS), rule(pixel)
    if step.name == "channel shuffle":
        order = [CHANNELS["RGB".index(sign)] for sign in step.numbers["order"]]
        told = (f"{name} ← {source} {number(old[source])}" for name, source in zip(CHANNELS, order, strict=True))
        return head + SPACES.join(told), rule(pixel)
    if step.name == "gray":
        terms = " + ".join(f"{weight} · {number(old[name])}" for weight, name in zip(LUMA, CHANNELS, strict=True))
        return f"{head}{terms} ≈ {number(new['red'])}", rule(pixel)
    told = (f"{name} {number(old[name])} → {number(new[name])}" for name in CHANNELS)
    return head + SPACES.join(told), _hue_line(pixel)


def _blended(pixel: Pixel, name: str, old: float, new: float) -> str:
    step = pixel.augmented.step
    factor = step.numbers["factor"]
    plain = plain_value(pixel)
    term = "" if plain is None else f" {signed(round((1 - factor) * plain, 2))}"
    exact = factor * old + (1 - factor) * (plain or 0)
    end = f" → {short(new)}" if abs(exact - new) > 1e-4 else ""
    return f"{name} {number(factor)} · {short(old)}{term} ≈ {short(exact)}{end}"


def plain_value(pixel: Pixel) -> float | None:
    """What a factor of 0 leaves of this pixel: nothing, the mean gray of the picture, or its own gray."""
    name = pixel.augmented.step.name
    if name == "contrast":
        return pixel.augmented.mean_gray
    return gray(pixel.old) if name == "saturation" else None


def rule(pixel: Pixel) -> str:
    """The rule that holds for every pixel."""
    step = pixel.augmented.step
    if step.name == "gray":
        return "red = green = blue: to the eye green is the brightest and blue the darkest of the three"
    if step.name == "channel shuffle":
        change = f"gray {number(gray(pixel.old))} → {number(gray(pixel.new))}"
        return f"{change}: the three numbers stay, how bright they look does not"
    clipped = 100 * pixel.augmented.clipped
    cut = f"{number(round(clipped, 1))}% of all numbers were cut off at 0 or 1" if clipped else "nothing was cut off"
    says = {
        "brightness": "new = factor · old",
        "contrast": f"new = factor · old + (1 − factor) · {number(pixel.augmented.mean_gray)}, the mean of gray",
        "saturation": f"new = factor · old + (1 − factor) · {short(gray(pixel.old))}, the gray of this pixel",
    }
    return f"{says[step.name]}; {cut}"


def _hue_line(pixel: Pixel) -> str:
    (before, saturation, value), (after, _, _) = rgb_to_hsv(*pixel.old), rgb_to_hsv(*pixel.new)
    if saturation < 1e-6:
        return "a gray pixel has no hue: it stays as it is"
    kept = f"saturation {number(round(saturation, 3))} and largest {number(round(value, 3))} stay"
    moved = f"gray {number(round(gray(pixel.old), 3))} → {number(round(gray(pixel.new), 3))}"
    return f"hue {number(round(before, 3))} → {number(round(after, 3))} of a turn; {kept}; {moved}"


def gray(color: tuple[float, float, float]) -> float:
    """How bright a color looks."""
    return sum(weight * channel for weight, channel in zip(LUMA, color, strict=True))


def short(value: float) -> str:
    """A color with two decimals, where there is little room."""
    return number(round(value, 2))


def place(value: float) -> str:
    """A row or column between pixels, with one decimal."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0").replace("-", MINUS)


def says(augmented: Augmented) -> str:
    """One sentence about the step, and what it costs."""
    outside = f" {100 * augmented.outside:.0f}% of the new picture is black." if augmented.outside > 0.005 else ""
    step = augmented.step
    if step.name == "rotation" and step.numbers["angle"] % 90 == 0:
        return (QUARTERS if step.numbers["angle"] % 360 else STILL) + outside
    return SAYS[step.name] + outside


def box_says(augmented: Augmented) -> str:
    """What became of the first box."""
    if not augmented.truth.boxes:
        return ""
    old, new = augmented.truth.boxes[0], augmented.boxes[0]
    if new is None:
        return "box: nothing is left of it"
    sizes = f"box {_sides(old)} → {_sides(new)}, area × {number(round(area(new) / area(old), 2))}"
    tight = augmented.tight[0] if augmented.tight else None
    return f"{sizes}; the thing needs {_sides(tight)}" if tight and augmented.step.moves else sizes


def mask_says(augmented: Augmented) -> str:
    """What mixing class numbers would do to the mask."""
    wrong = 0 if augmented.invented is None else int(augmented.invented.sum())
    if not wrong:
        return ""
    return f"mixed class numbers: {plural(wrong, 'pixel')} of a class that was not there"


def _sides(box: tuple[float, float, float, float]) -> str:
    return f"{place(box[2] - box[0])} × {place(box[3] - box[1])}"


def called(step: Step) -> str:
    """The step in a few words: ``rotation −12.3°``."""
    n = step.numbers
    parts = [f"{NAMES.get(key, key + ' ')}{place_or_word(key, value)}" for key, value in n.items()]
    return " ".join([step.name, *(p for p in [", ".join(parts)] if p)])


NAMES = {"angle": "", "zoom": "", "factor": "", "hue": "", "order": "", "shear": ""}
UNITS = {"angle": "°", "shear": "°"}


def place_or_word(key: str, value: float | str) -> str:
    """A number of a step with its unit."""
    return value if isinstance(value, str) else f"{number(round(value, 2))}{UNITS.get(key, '')}"
