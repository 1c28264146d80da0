"""Labs that walk through positions one after the other: step, previous, next, play, hover, click."""

from typing import Any, TypeVar

import ipywidgets as widgets

from cnnlab.labs.base import Event
from cnnlab.labs.controls import sized, tick
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, flag, index, setting

Model = TypeVar("Model")
Trace = TypeVar("Trace")


class Stepped(Pointing[Model, Trace]):
    """A lab with a position.

    ``step`` is the position, counted from 0; ``walk`` shows only the results up to it. Pointing at a cell of a grid
    that is drawn with ``data-on="hover pin"`` shows that position for as long as the pointer is there, a click stays.
    """

    play_ms = 500
    """Between two positions, while it plays."""

    step = setting(0, index, view=True)
    walk = setting(False, flag, view=True)

    def steps(self, model: Model) -> int:
        """How many positions there are."""
        raise NotImplementedError

    def position(self, model: Model, s: Settings) -> int:
        """The position that is shown: the one pointed at, or else the step."""
        hovered: int | None = self._hovered
        return min(s.step if hovered is None else hovered, self.steps(model) - 1)

    def adapt(self, before: Model | None, now: Model, s: Settings) -> dict[str, Any]:
        """After the last position comes nothing: a step past it is the last one."""
        return {"step": min(s.step, self.steps(now) - 1)}

    def pointed(self, event: Event) -> None:
        kind = event["kind"]
        if kind == "leave":
            self.point_at(None)
        elif kind in ("hover", "pin"):
            place = event["row"] * event["cols"] + event["col"]
            if kind == "pin":
                self.stay_at(step=place)
            else:
                self.point_at(place)

    # ---- controls ----------------------------------------------------------------------------------------------------

    def step_controls(self) -> list[widgets.Widget]:
        """Previous, next, play and the slider of the step."""
        small: dict[str, Any] = {"layout": {"width": "40px"}}
        self.step_slider = self.control("step", widgets.IntSlider(max=0, description="step", **sized(265)))
        self.play = widgets.Play(max=0, interval=self.play_ms, show_repeat=False)
        self.link = widgets.jsdlink((self.play, "value"), (self.step_slider, "value"))
        # The front end moves the window as soon as the slider moves, and lets play go on from there.
        self.stage.stepped = [self.step_slider.model_id, self.play.model_id]
        return [
            self.button("", lambda: self._go(-1), "previous step", icon="step-backward", **small),
            self.button("", lambda: self._go(1), "next step", icon="step-forward", **small),
            self.play,
            self.step_slider,
            tick(self, "walk", "fill in as it walks", 145),
        ]

    def reset(self) -> None:
        self.play.playing = False
        super().reset()

    def _go(self, by: int) -> None:
        if self.current is not None:
            self.step = min(max(int(self.step) + by, 0), self.steps(self.current) - 1)

    def after_frame(self, trace: Trace, s: Settings) -> None:
        if self.current is not None:
            last = self.steps(self.current) - 1
            self.put(self.step_slider, s.step, max=last)
            if self.play.max != last:  # never only its value: the page is ahead of Python while it plays
                self.put(self.play, s.step, max=last)

    def close(self) -> None:
        self.link.close()
        super().close()
