"""The dropout lab: masks on a small network, in training and in eval, and what thousands of them give."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.dropout import CountPicture, DropoutPicture
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized, tick
from cnnlab.labs.dropout_text import count_code, net_code
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, brief, flag, index, one_of, setting, whole, words
from cnnlab.traces.dropout_draws import DropCounts, DropCountsLook
from cnnlab.traces.dropout_nets import MOST_MASKS, SCALINGS, DropoutLook, DropoutNet, flipped
from cnnlab.traces.dropped_nets import NETS

CONTROLS = ("view", "network", "p", "training", "scaling", "masks", "seed", "reveal", "panel")
VIEWS = ("network", "1000 units")


def zeros_and_ones(name: str, value: Any) -> tuple[int, ...] | None:
    """The check of a mask: zeros and ones as text ("1 0 1 0") or in a row; "" is None."""
    if isinstance(value, str):
        value = [*value.replace(",", " ").replace(" ", "")]
    found = [str(v) for v in value] if isinstance(value, list | tuple | np.ndarray) else ["?"]
    plain = [text.removesuffix(".0") for text in found]
    if not set(plain) <= {"0", "1"}:
        raise ValueError(
            f"{name} must be zeros and ones such as '1 0 1 0', or '' for a drawn one, but is {brief(value)}"
        )
    return tuple(int(text) for text in plain) or None


class DropoutLab(Lab[DropoutPicture | CountPicture, DropoutLook | DropCountsLook]):
    """Dropout on a small network: mask after mask, and the distribution of what comes out.

    Settings (all are arguments and traits; a control exists for each, save for ``mask``):

    - ``view``: "network", or "1000 units": how many of them a mask drops.
    - ``network``: "deck A", a linear unit whose inputs are dropped, or "two hidden layers", 4-6-6-2 with ReLU.
    - ``p``: the probability that a unit is dropped, from 0 to 0.95.
    - ``training``: a mask is applied; else the network is in eval.
    - ``scaling``: "inverted" (divide by 1 - p in training), "at inference" (multiply by 1 - p in eval), and three that
      are wrong: "by p" (multiply by p in eval), "both", "nowhere".
    - ``masks``: how many were drawn, from 1 to 2000; the last of them is shown.
    - ``seed``: other masks.
    - ``mask``: one of your own in its place, such as "1 0 1 0"; in the picture, click a unit. "" is the drawn one.
    - ``reveal``: what all masks together and eval give; without it only what was drawn.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "p training".

    ``lab.trace`` is the :class:`~cnnlab.traces.dropout_nets.DropoutLook` that is shown, or of 1000 units the
    :class:`~cnnlab.traces.dropout_draws.DropCountsLook`.
    """

    view = setting("network", one_of(*VIEWS))
    network = setting("deck A", one_of(*NETS))
    p = setting(0.5, between(0, 0.95))
    training = setting(True, flag, view=True)
    scaling = setting("inverted", one_of(*SCALINGS))
    masks = setting(1, whole(1, MOST_MASKS), view=True)
    seed = setting(0, index)
    mask = setting("", zeros_and_ones, view=True)
    reveal = setting(True, flag, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: DropoutLook | DropCountsLook
    current: DropoutPicture | CountPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> DropoutPicture | CountPicture:
        if s.view == "network":
            return DropoutPicture(DropoutNet(s.network, s.p, s.scaling, s.seed))
        return CountPicture(DropCounts(s.p, s.seed))

    def look(self, model: DropoutPicture | CountPicture, s: Settings) -> DropoutLook | DropCountsLook:
        if isinstance(model, CountPicture):
            return model.whole.at(s.masks)
        return model.whole.at(s.masks, s.mask)

    def draw(
        self, model: DropoutPicture | CountPicture, trace: DropoutLook | DropCountsLook, s: Settings, frame: int
    ) -> str:
        if isinstance(trace, DropCountsLook):
            assert isinstance(model, CountPicture)
            return model.draw(trace, s.reveal, frame)
        assert isinstance(model, DropoutPicture)
        return model.draw(trace, s.training, s.reveal, frame)

    def numbers(self, trace: DropoutLook | DropCountsLook, s: Settings) -> str:
        if isinstance(trace, DropCountsLook):
            return trace.as_text(s.reveal)
        return trace.as_text(s.training, s.reveal)

    def status(self, trace: DropoutLook | DropCountsLook, s: Settings) -> str:
        if isinstance(trace, DropCountsLook):
            said = f"{trace.says_mask()}."
        else:
            said = f"{trace.says_mask(s.training)} {trace.equation(s.training)}."
        return f"{said} {trace.whole.says()}" if s.reveal else said

    def hint(self, trace: DropoutLook | DropCountsLook, s: Settings) -> str:
        if isinstance(trace, DropCountsLook):
            return "Press next mask, or drag masks to draw many."
        if not s.training:
            return "In eval there is no mask. Tick training to see one."
        return "Click a unit to drop it or to bring it back. Press next mask, or drag masks to draw many."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def on_change(self, name: str) -> None:
        """Where other masks are drawn, a mask of one's own goes."""
        if name in ("network", "masks", "seed"):
            self._adopt({"mask": ""})

    def pointed(self, event: Event) -> None:
        what, _, layer = str(event.get("grid", "")).partition(" ")
        if event["kind"] == "paint" and what == "units" and isinstance(self.trace, DropoutLook):
            self.mask = flipped(self.trace, layer, [row for row, _ in event["cells"]])

    def next_mask(self) -> None:
        """Draw one mask more; after the last one begin again with another seed."""
        s = self.drawn
        with self.hold():
            if s.masks < MOST_MASKS:
                self.masks = s.masks + 1
            else:
                self.masks, self.seed = 1, s.seed + 1

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the output under every mask drawn and in eval; of 1000 units for their distribution."""
        if isinstance(self.trace, DropCountsLook):
            return count_code(self.trace.whole)
        return net_code(self.trace.whole)

    def check_with_torch(self) -> float:
        """Compare all outputs, or the probabilities of 1000 units: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        trace = self.trace
        if isinstance(trace, DropCountsLook):
            found, given = trace.whole.binomial.pmf, {}
        else:
            found, given = np.append(trace.whole.outputs, trace.whole.y_eval), {"masks": trace.whole.drawn}
        return float(np.abs(found - run_torch_code(self.torch_code(), **given)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown = widgets.Dropdown
        p = widgets.FloatSlider(max=0.95, step=0.05, description="p", **sized(190))
        scaling = dropdown(options=[*SCALINGS], description="scaling", **sized(160))
        masks = widgets.IntSlider(min=1, max=MOST_MASKS, description="masks", **sized(250))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(130))
        following = self.button("next mask", self.next_mask, "draw one mask more", layout={"width": "90px"})
        self.boxes: dict[str, widgets.Widget] = {
            "view": self.control("view", dropdown(options=VIEWS, description="view", **sized(150))),
            "network": self.control("network", dropdown(options=[*NETS], description="network", **sized(210))),
            "p": self.control("p", p),
            "training": tick(self, "training", "training", 85),
            "scaling": self.control("scaling", scaling),
            "masks": row(self.control("masks", masks), following),
            "reveal": tick(self, "reveal", "reveal", 75),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(105))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: DropoutLook | DropCountsLook, s: Settings) -> None:
        for name in ("network", "training", "scaling"):
            self.boxes[name].disabled = s.view != "network"
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
