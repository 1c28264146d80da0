"""The augmentation labs as text: their numbers for a page without widgets, and the same steps in PyTorch."""

from collections.abc import Sequence

from cnnlab.traces.augmented import Pixel
from cnnlab.traces.augmented_words import box_says, called, equations, mask_says, pixel_lines, says
from cnnlab.traces.transforms import PARAMETERS, Step

GRAY = "gray = 0.299 * x[:, :1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:]"
HUE = """high, low = x.amax(1), x.amin(1)
chroma = high - low
r, g, b = x[0]
safe = torch.where(chroma > 0, chroma, 1)[0]
h = torch.where(high[0] == r, (g - b) / safe, torch.where(high[0] == g, 2 + (b - r) / safe, 4 + (r - g) / safe))
k = [(n + h + 6 * {hue}) % 6 for n in (5, 3, 1)]  # h: sixths of the color wheel
x = torch.stack([high[0] - chroma[0] * torch.minimum(n, 4 - n).clamp(0, 1) for n in k])[None]"""
WARP = """H, W = x.shape[-2:]
a, lean = math.radians({angle}), math.tan(math.radians({shear}))
turn = number([[math.cos(a), math.sin(a), {x}], [-math.sin(a), math.cos(a), {y}], [0, 0, 1]])  # then shifted
form = number([[{zoom}, -{zoom} * lean, 0], [0, {zoom}, 0], [0, 0, 1]])
half = number([[W / 2, 0, 0], [0, H / 2, 0], [0, 0, 1]])  # PyTorch counts from -1 to 1
theta = torch.linalg.inv(half) @ torch.linalg.inv(turn @ form) @ half  # the way back
grid = F.affine_grid(theta[None, :2], x.shape, align_corners=False)
x = F.grid_sample(x, grid, mode="bilinear", align_corners=False)"""
LINES = {
    "horizontal flip": "x = x.flip(-1)",
    "vertical flip": "x = x.flip(-2)",
    "crop": "part = x[:, :, {top}:{top} + {height}, {left}:{left} + {width}]\n"
    'x = F.interpolate(part, size=x.shape[-2:], mode="bilinear", align_corners=False)',
    "brightness": "x = ({factor} * x).clamp(0, 1)",
    "contrast": GRAY + "\nx = ({factor} * x + (1 - {factor}) * gray.mean()).clamp(0, 1)",
    "saturation": GRAY + "\nx = ({factor} * x + (1 - {factor}) * gray).clamp(0, 1)",
    "hue": HUE,
    "gray": GRAY + "\nx = gray.expand(-1, 3, -1, -1)",
    "channel shuffle": "x = x[:, {order}]",
    "cutout": "x = x.clone()\nx[:, :, {top}:{bottom}, {left}:{right}] = 0.5",
}


def as_text(pixel: Pixel, boxes: bool) -> str:
    """What is shown, in numbers."""
    a = pixel.augmented
    lines = [called(a.step)]
    if a.step.moves:
        lines += equations(a.matrix, "x′ y′", "x y")
    told = [box_says(a), mask_says(a)] if boxes else []
    return "\n".join(line for line in (*lines, *pixel_lines(pixel), says(a), *told) if line)


def torch_code(steps: Sequence[Step], size: tuple[int, int]) -> str:
    """PyTorch code that takes these steps with ``image``, an array (3, H, W) from 0 to 1, of ``size``."""
    lines = [_lines(step, size) for step in steps]
    warps = any("grid_sample" in line for line in lines)
    head = ["import math", "from functools import partial", ""] if warps else []
    head += ["import torch", "import torch.nn.functional as F", ""]
    head += ["number = partial(torch.tensor, dtype=torch.float64)"] if warps else []
    return "\n".join([*head, "x = torch.tensor(image)[None]  # (1, 3, H, W), from 0 to 1", *lines, "y = x"])


def _lines(step: Step, size: tuple[int, int]) -> str:
    n = step.numbers
    if step.name == "channel shuffle":
        n = {"order": ["RGB".index(name) for name in n["order"]]}
    if step.name == "cutout":
        top, left, side = n["row"] - n["side"] // 2, n["col"] - n["side"] // 2, n["side"]
        n = {"top": max(top, 0), "bottom": max(top + side, 0), "left": max(left, 0), "right": max(left + side, 0)}
    if step.name in LINES:
        return LINES[step.name].format(**n)
    return WARP.format(**{"angle": 0, "shear": 0, "x": 0, "y": 0, "zoom": 1, **n})


assert set(LINES) <= set(PARAMETERS)
