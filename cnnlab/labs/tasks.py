"""The tasks lab: four questions that a computer can be asked about a picture, each answered by simple methods."""

from typing import Any

import ipywidgets as widgets

from cnnlab.figures.tasks import draw_task
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, index, number, one_of, setting
from cnnlab.labs.tasks_scenes import classified, detected, inspected, segmented
from cnnlab.traces.tasks import Looked, Result
from cnnlab.traces.tasks.detection import KEEP

TASKS = {
    "classification": ("brightness", "noise"),
    "detection": ("threshold", "keep"),
    "segmentation": ("distance",),
    "anomaly": ("deviations",),
}
"""Each task with the settings that belong to it alone."""
HINTS = {
    "classification": "One answer for the whole picture. Point at a class to compare the picture with its mean.",
    "detection": "A box around each thing. Point at the picture to move the window and see its score.",
    "segmentation": "An answer for every pixel. Point at the picture to see how far the color of a pixel is off.",
    "anomaly": "What is unlike all that is normal? Point at the picture to see the numbers of a patch.",
}
LOCALIZATION = (
    "Localization: there is one thing to find, and one box says where. Point at the picture to move the window."
)


def not_negative(name: str, value: Any) -> float:
    """A number that is 0 or more."""
    checked = number(name, value)
    if checked < 0:
        raise ValueError(f"{name} must be 0 or more, but is {checked:g}")
    return checked


def place(name: str, value: Any) -> int | None:
    """A row or a column; None for where there is most to see."""
    return None if value is None else index(name, value)


class TasksLab(Pointing[Result, Looked]):
    """Classification, detection, segmentation and anomaly detection, each made to succeed and to fail.

    Classification compares the digit with the mean of each class, and answers with the class of the smallest
    difference. Its probability of a class is the softmax of minus the differences: e^(−difference) of this class,
    divided by the sum of e^(−difference) of all ten. The other tasks give no probability.

    Settings (all are arguments and traits; a control exists for each):

    - ``task``: "classification", "detection", "segmentation" or "anomaly".
    - ``scene``: which picture, any whole number from 0 on; detection and segmentation share theirs.
    - ``brightness``, ``noise``: what is added to the digit that is classified.
    - ``threshold``: the score from which a window is a box. ``keep``: which boxes are kept, "best of each place"
      (non-maximum suppression), "all", or "single best" (localization).
    - ``distance``: how far a pixel's color may be from the red that is looked for.
    - ``deviations``: from how many standard deviations a patch is called a defect.
    - ``row``, ``col``: the class, window, pixel or patch that is looked at; None for where there is most to see.

    ``lab.trace`` is the :class:`~cnnlab.traces.tasks.Looked`, ``lab.trace.result`` the whole answer.
    """

    task = setting("classification", one_of(*TASKS))
    scene = setting(0, index)
    brightness = setting(0.0, number)
    noise = setting(3.0, not_negative)
    threshold = setting(0.5, number)
    keep = setting(KEEP[0], one_of(*KEEP))
    distance = setting(70.0, not_negative)
    deviations = setting(3.0, not_negative)
    row = setting(None, place, view=True)
    col = setting(None, place, view=True)

    trace: Looked
    current: Result

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> Result:
        if s.task == "classification":
            return classified(s.scene, s.brightness, s.noise)
        if s.task == "detection":
            return detected(s.scene, s.threshold, s.keep)
        if s.task == "segmentation":
            return segmented(s.scene, s.distance)
        return inspected(s.scene, s.deviations)

    def adapt(self, before: Result | None, now: Result, s: Settings) -> dict[str, Any]:
        """In another picture, the place that was looked at means nothing."""
        if before is None or (s.task, s.scene) == (self.drawn.task, self.drawn.scene):
            return {}
        moved = (s.row, s.col) != (self.drawn.row, self.drawn.col)
        return {} if moved else {"row": None, "col": None}

    def look(self, model: Result, s: Settings) -> Looked:
        return Looked.at(model, *(self._hovered or (s.row, s.col)))

    def draw(self, model: Result, trace: Looked, s: Settings, frame: int) -> str:
        return draw_task(trace, frame)

    def numbers(self, trace: Looked, s: Settings) -> str:
        return f"{trace.formula()}\n{trace.result.measure()}\n{trace.result.says()}"

    def status(self, trace: Looked, s: Settings) -> str:
        return f"{trace.formula()}. {trace.result.says()}"

    def hint(self, trace: Looked, s: Settings) -> str:
        return LOCALIZATION if (s.task, s.keep) == ("detection", "single best") else HINTS[s.task]

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        self.point_at_cell(event)

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        task = widgets.ToggleButtons(options=[*TASKS], **sized(530))
        task.style.button_width = "124px"
        keep = widgets.Dropdown(options=[*KEEP], description="keep", **sized(210))
        self.boxes: dict[str, widgets.Widget] = {
            "brightness": self._slider("brightness", -16, 16, 0.5, 420),
            "noise": self._slider("noise", 0, 24, 0.5, 380),
            "threshold": self._slider("threshold", -0.5, 1.5, 0.02, 480),
            "keep": self.control("keep", keep),
            "distance": self._slider("distance", 0, 300, 1, 600),
            "deviations": self._slider("deviations", 0, 10, 0.1, 600),
        }
        for name, box in self.boxes.items():
            if name in ("brightness", "noise", "distance", "deviations"):
                box.readout_format = ".0f" if name == "distance" else ".1f"
        scene = self.control("scene", widgets.IntSlider(max=19, description="scene", **sized(270)))
        reset = reset_button(self)
        return [
            row(self.control("task", task), scene, reset),
            row(*self.boxes.values()),
            self.note,
            self.stage,
            self.plain_picture,
        ]

    def _slider(self, name: str, low: float, high: float, step: float, width: int) -> widgets.FloatSlider:
        return self.control(name, widgets.FloatSlider(min=low, max=high, step=step, description=name, **sized(width)))

    def after_frame(self, trace: Looked, s: Settings) -> None:
        show_only(self.boxes, TASKS[s.task])
