"""The scan lab: one small network carried over a signal, then over a picture."""

import ipywidgets as widgets
import numpy as np

from cnnlab.data import scans
from cnnlab.figures.scan import ScanPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized, tick
from cnnlab.labs.settings import Settings, flag, index, number, one_of, setting, words
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.scan import OFFSET, SLOPE, Look, Scan, SmallNetwork

CONTROLS = ("mode", "copies", "place", "down", "other", "second", "noise", "threshold", "seed")
MODES = {"signal": "word", "image": "flower"}
MOST_COPIES = 3
OTHER = {"signal": (0, 150), "image": (15, 26)}
"""Where the thing stands that it could be mistaken for."""
MOST_PLAYED = 200


class ScanLab(Stepped[ScanPicture, Look]):
    """One small network that answers for one window, carried to every place.

    Settings (all are arguments and traits; a control exists for each):

    - ``mode``: "signal" looks for a word in a recording, "image" for a flower in a picture.
    - ``copies``: how many there are, 0 to 3. ``place`` (and ``down`` in the picture): where the first one stands.
    - ``other``: whether there is something else, too, that it could be mistaken for.
    - ``second``: whether the second hidden unit, which knows that other thing, votes against it.
    - ``noise``: its standard deviation; the patterns are at most 1 high. ``seed``: another noise.
    - ``threshold``: an answer above it counts as found.
    - ``step``: where the network looks. ``walk``: show only the answers up to there.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "place noise".

    ``lab.trace`` is the :class:`~cnnlab.traces.scan.Look` at the window, ``lab.trace.scan`` all answers.
    """

    play_ms = 60  # there are hundreds of places

    mode = setting("signal", one_of(*MODES))
    copies = setting(1, index)
    place = setting(60, index)
    down = setting(4, index)
    other = setting(True, flag)
    second = setting(True, flag)
    noise = setting(0.2, number)
    seed = setting(0, index)
    threshold = setting(0.5, number)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Look
    current: ScanPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ScanPicture:
        if s.copies > MOST_COPIES:
            raise ValueError(f"copies must be from 0 to {MOST_COPIES}, but is {s.copies}")
        if not 0 <= s.noise <= 5:
            raise ValueError(f"noise must be from 0 to 5, but is {s.noise:g}")
        if not 0 < s.threshold < 1:
            raise ValueError(f"threshold must lie between 0 and 1, but is {s.threshold:g}")
        wanted, other = scans.words() if s.mode == "signal" else scans.flowers()
        size = (1, scans.SIGNAL_LENGTH) if s.mode == "signal" else scans.MEADOW
        places = true_places(s, size, wanted.shape)
        placed = [(wanted, place) for place in places] + ([(other, OTHER[s.mode])] if s.other else [])
        network = SmallNetwork(wanted, other, SLOPE if s.second else 0.0)
        x = scans.scene(size, s.noise, placed, s.seed)
        return ScanPicture(Scan(x, network, places, s.threshold, MODES[s.mode]))

    def steps(self, model: ScanPicture) -> int:
        return model.scan.steps

    def look(self, model: ScanPicture, s: Settings) -> Look:
        return model.scan.at(self.position(model, s))

    def draw(self, model: ScanPicture, trace: Look, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk, frame)

    def numbers(self, trace: Look, s: Settings) -> str:
        scan = trace.scan
        if s.walk:  # the rest is still to come
            return trace.formula()
        return f"{trace.formula()}\n{scan.says()}\ntrue places: {list(scan.true_places)}, found: {list(scan.found)}"

    def status(self, trace: Look, s: Settings) -> str:
        return trace.formula()

    def hint(self, trace: Look, s: Settings) -> str:
        return "Point at the input or at the answers to carry the network there, click to stay; or press play."

    def pointed(self, event: Event) -> None:
        if event["kind"] in ("hover", "pin") and event["grid"] == "input":  # the window's middle goes there
            (height, width), (rows, cols) = self.current.scan.window_size, self.current.scan.answers.shape
            at_row = min(max(event["row"] - height // 2, 0), rows - 1)
            at_col = min(max(event["col"] - width // 2, 0), cols - 1)
            event = {**event, "row": at_row, "col": at_col, "cols": cols}
        super().pointed(event)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for all answers at once: two convolutions."""
        mixing = [[[[SLOPE]], [[-self.current.scan.network.against]]]]
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "x = torch.from_numpy(image)[None]  # the signal is an image of one row",
                "w = torch.from_numpy(kernels)  # the weights of the two hidden units",
                f"mixing = torch.tensor({mixing}, dtype=torch.float64)",
                "hidden = F.relu(F.conv2d(x, w))",
                f"y = torch.sigmoid(F.conv2d(hidden, mixing, torch.tensor([{-OFFSET}], dtype=torch.float64)))",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the answers of PyTorch's two convolutions with the network carried from place to place."""
        from cnnlab.training.parity import run_torch_code

        scan = self.current.scan
        output = run_torch_code(self.torch_code(), image=scan.x[None], kernels=scan.network.weight)
        return float(np.abs(output[0] - scan.scanned).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, decimal = widgets.IntSlider, widgets.FloatSlider
        threshold = decimal(min=0.05, max=0.95, step=0.05, description="threshold", **sized(230))
        self.boxes: dict[str, widgets.Widget] = {
            "mode": self.control("mode", widgets.Dropdown(options=[*MODES], description="look at", **sized(160))),
            "copies": self.control("copies", slider(max=MOST_COPIES, description="how many", **sized(170))),
            "place": self.control("place", slider(max=176, description="place", **sized(250))),
            "down": self.control("down", slider(max=17, description="down", **sized(180))),
            "other": tick(self, "other", "something else, too", 150),
            "noise": self.control("noise", decimal(max=1.5, step=0.05, description="noise", **sized(220))),
            "threshold": self.control("threshold", threshold),
            "second": tick(self, "second", "hidden unit 1 votes", 160),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(105))),
        }
        reset = reset_button(self)
        controls = row(*self.boxes.values(), reset)
        return [controls, self.note, self.stage, self.plain_picture, row(*self.step_controls())]

    def after_frame(self, trace: Look, s: Settings) -> None:
        super().after_frame(trace, s)
        rows, cols = trace.scan.answers.shape
        self.put(self.boxes["place"], s.place, max=cols - 1)
        self.put(self.boxes["down"], s.down, max=max(rows - 1, 0))
        self.boxes["down"].disabled = rows == 1
        show_only(self.boxes, s.controls)
        self.play.step = max(1, trace.scan.steps // MOST_PLAYED)


def true_places(s: Settings, size: tuple[int, int], window: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Where the copies stand: the first at ``down`` and ``place``, the others a window and a half further each."""
    rows, cols = size[0] - window[0] + 1, size[1] - window[1] + 1
    down, place = min(s.down, rows - 1), min(s.place, cols - 1)
    return tuple(
        ((down + i * (window[0] + 2)) % rows, (place + i * (window[1] * 3 // 2)) % cols) for i in range(s.copies)
    )
