"""What all labs have in common: settings that are never lost, pictures never blank, errors always shown.

A lab is a column of core ipywidgets with one :class:`~cnnlab.labs.stage.Stage` for its picture. A subclass declares its
settings with :func:`~cnnlab.labs.settings.setting`, and says in a few methods how they become a picture:

    settings -> model(settings) -> look(model, settings) -> draw(model, trace, settings)
                all the numbers    what is looked at now     SVG

``model`` is called only when a setting has changed that the numbers depend on. ``model`` and ``look`` may refuse: a
ValueError is a sentence for the student. It is shown, ``error`` holds it, and the last good picture stays. Any other
error, and any error of ``draw``, is a defect of the lab (see :mod:`cnnlab.labs.board`).
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, cast

import ipywidgets as widgets

from cnnlab.figures import standalone, to_png
from cnnlab.labs.board import LOCK, Board, descendants
from cnnlab.labs.settings import Settings
from cnnlab.labs.stage import Stage, is_event

Model = TypeVar("Model")
Trace = TypeVar("Trace")
Event = dict[str, Any]

MOST_ROUNDS = 5
"""How often a lab draws again because its own callbacks have changed a setting meanwhile."""


class Lab(Board, Generic[Model, Trace]):
    """Base of all labs; see the module for what a subclass gives.

    ``trace`` is what is shown now, ``svg`` its picture. ``last_ms`` is how long Python took for it, in milliseconds.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(given)
        self.current: Model | None = None
        self.trace: Trace | None = None
        self.drawn = Settings()
        self.svg = ""
        self.last_ms = 0.0
        self._stale, self._busy, self._again = True, False, False
        self._held, self._frames = 0, 0
        self._adopting = False
        self.stage = Stage()
        self.plain_picture = widgets.HTML()  # shows the picture where the front-end file cannot load
        self.plain_picture.add_class("cnnlab-plain")
        self.add_class("cnnlab")
        self.add_class("cnnlab-lab")
        self.children = self.build()
        self.observe(self._setting_changed, names=list(self.setting_names()))
        self.stage.observe(self.guarded(lambda _: self._show_plain_picture()), "alive")
        self.stage.on_msg(self.guarded(lambda _, event, __: self._heard(event)))
        self.refresh()
        if not self.svg:
            self._draw_defaults()

    # ---- for the subclass --------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        """Make the controls and return the column of the lab, the stage among it."""
        raise NotImplementedError

    def model(self, s: Settings) -> Model:
        """All numbers that follow from the settings; a ValueError is a sentence for the student."""
        raise NotImplementedError

    def adapt(self, before: Model | None, now: Model, s: Settings) -> dict[str, Any]:
        """Settings that have to follow the model: an index past the end, a place that is to stay. May be empty."""
        return {}

    def look(self, model: Model, s: Settings) -> Trace:
        """What is looked at; a ValueError is a sentence for the student."""
        raise NotImplementedError

    def draw(self, model: Model, trace: Trace, s: Settings, frame: int) -> str:
        """The picture as SVG; ``frame`` is a running number that it carries as ``data-frame``."""
        raise NotImplementedError

    def numbers(self, trace: Trace, s: Settings) -> str:
        """The picture as plain text, for pages where no widgets run."""
        raise NotImplementedError

    def status(self, trace: Trace, s: Settings) -> str:
        """What is shown, as a sentence for screen readers."""
        raise NotImplementedError

    def hint(self, trace: Trace, s: Settings) -> str:
        """What can be done now, for the line below the picture."""
        raise NotImplementedError

    def pointed(self, event: Event) -> None:
        """React to what a person did to the picture (see ``stage.js``)."""

    def on_change(self, name: str) -> None:
        """A setting has changed, and its picture is not drawn yet."""

    def after_frame(self, trace: Trace, s: Settings) -> None:
        """Bring the controls in line with what is shown."""

    # ---- from settings to the picture --------------------------------------------------------------------------------

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Change several settings, and draw once at the end."""
        with LOCK:
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1
                if self._again:
                    self.refresh()

    def reset(self) -> None:
        """Back to the settings that the lab was made with, in one picture."""
        with self.hold():
            super().reset()
            self._feedback = None
            self.refresh()  # where no setting changes, there may still be a sentence to take back

    def _setting_changed(self, change: dict[str, Any]) -> None:
        if self._adopting:
            return
        with LOCK:
            self._stale = self._stale or not self.traits()[change["name"]].metadata["view"]
            self._feedback = None
            self.on_change(change["name"])
            self.refresh()

    def refresh(self) -> None:
        """Draw the present settings, and again for as long as drawing has changed one of them."""
        with LOCK:
            self._again = True
            if self._busy or self._held:
                return
            self._busy, before = True, self._frames
            try:
                for _ in range(MOST_ROUNDS):
                    if self._again:
                        self._again = False
                        self._draw_once()
            finally:
                self._busy = False
                self._answer(before)

    def _draw_once(self, values: dict[str, Any] | None = None) -> None:
        start = time.perf_counter()
        try:
            s = self.checked(values)
            model = self.model(s) if self._stale or self.current is None else self.current
            followed = self.adapt(self.current, model, s)
            vars(s).update(followed)
            if values is None:
                self._adopt(followed)
            trace = self.look(model, s)
        except ValueError as refusal:
            self.say(str(refusal), "wrong")
            return
        except Exception as defect:
            self.defect(defect)
            return
        try:
            self._commit(model, trace, s, self.draw(model, trace, s, self._frames + 1), self.status(trace, s))
            self.offer_what_worked(s)
            self.after_frame(trace, s)
        except Exception as defect:
            self.defect(defect)
        self.last_ms = (time.perf_counter() - start) * 1000

    def _commit(self, model: Model, trace: Trace, s: Settings, picture: str, status: str) -> None:
        self.current, self.trace, self.drawn, self.svg, self._stale = model, trace, s, picture, False
        self._frames += 1
        from_cell = self.stage.awake and threading.current_thread() is threading.main_thread()
        self.stage.show(picture, status, from_cell)
        self._show_plain_picture()
        self.say(*(self._feedback or (self.hint(trace, s), "hint")))

    def _adopt(self, values: dict[str, Any]) -> None:
        """Set settings that follow from the model: they belong to this picture and ask for no other."""
        self._adopting = True
        try:
            for name, value in values.items():
                setattr(self, name, value)
        finally:
            self._adopting = False

    def _draw_defaults(self) -> None:
        """A lab that cannot show the settings it was made with shows its defaults, and still says why."""
        reason = self.error
        self._adopting = True  # the settings stay what they are
        try:
            defaults = {name: self.traits()[name].default() for name in self.setting_names()}
            self._draw_once(defaults)
        finally:
            self._adopting, self._stale = False, True
        self.say(reason, "wrong")

    def _show_plain_picture(self) -> None:
        self.plain_picture.value = "" if self.stage.alive or not self.svg else standalone(self.svg)
        self.plain_picture.layout.display = "none" if self.stage.alive else None

    # ---- the page ----------------------------------------------------------------------------------------------------

    def _heard(self, message: object) -> None:
        if not is_event(message):
            return
        event, before = cast(Event, message), self._frames
        try:
            if event["kind"] == "alive":
                self._wake_controls()
            else:
                self.pointed(event)
        finally:
            self._answer(before)

    def _answer(self, frames_before: int) -> None:
        """Let the page know that Python has listened, where no new picture says so."""
        if self._frames == frames_before:
            self.stage.answers += 1

    def _wake_controls(self) -> None:
        """Let every control answer beside a busy cell.

        ipykernel 7 hands a message to the subshell that its widget last spoke from. A control that has last spoken from
        a cell would wait for the next cell, too. Saying anything in answer to the page, on its subshell, is enough.
        """
        self.stage.awake = _asked_on_subshell()
        for widget in descendants(self) if self.stage.awake else ():
            if widget.comm is not None:
                widget.send({"kind": "awake"})

    def __repr__(self) -> str:
        return self.recipe()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live lab, and beside it its picture and its numbers for pages where no widgets run."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        with LOCK:
            lines = [self.recipe(), *([f"not shown: {self.error}"] if self.error else [])]
            if self.trace is not None:
                lines.append(self.numbers(self.trace, self.drawn))
                bundle["image/png"] = to_png(self.svg)
            bundle["text/plain"] = "\n".join(lines)
        return bundle


def _asked_on_subshell() -> bool:
    """Whether the message that is answered now came over a subshell of the kernel."""
    from IPython.core.getipython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent() if kernel is not None else {}
    return bool(parent.get("header", {}).get("subshell_id"))
