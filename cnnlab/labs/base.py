"""What all labs have in common: state that is never lost, pictures that are never blank, errors that are always shown.

A lab is a column of core ipywidgets with one :class:`~cnnlab.labs.stage.Stage` for its picture. A subclass declares its
settings as traits tagged ``setting=True``, and gives three methods:

``compute()``
    the settings as a trace; a ValueError is a sentence for the student.
``draw(trace)``
    the trace as SVG.
``numbers(trace)``
    the trace as plain text, for pages where no widgets run.

The base does the rest. Any change of a setting, from a control or from code, computes and draws once. Where that
fails, the sentence is shown, ``error`` holds it, and the last good picture stays. An error that is no ValueError is a
defect: it is shown too, and raised where the environment variable CNNLAB_STRICT is 1 (in tests), because an exception
in a widget callback is otherwise seen by no one.

Callbacks may run on another thread beside a busy cell (ipykernel 7), so all work is done under one lock.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

from cnnlab.figures import standalone, to_png
from cnnlab.labs.numbers import literal, same
from cnnlab.labs.stage import Stage

Change = dict[str, Any]


def strict() -> bool:
    """Whether a defect in a callback is raised, and not only shown."""
    return os.environ.get("CNNLAB_STRICT") == "1"


class Lab(widgets.VBox):
    """Base of all labs; see the module for what a subclass gives.

    ``error`` is the sentence shown now, "" when all is well. ``trace`` is what is shown now. ``last_ms`` is how long
    Python took for the last picture, in milliseconds.
    """

    error = traitlets.Unicode("")

    def __init__(self, **settings: Any) -> None:
        unknown = sorted(set(settings) - set(self.setting_names()))
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has no setting {unknown[0]!r}; it has {', '.join(self.setting_names())}"
            )
        self._lock = threading.RLock()
        self._held = 0
        self._frame = 0
        self._waiting = False
        self.trace: Any = None
        self.svg = ""
        self.last_ms = 0.0
        self.stage = Stage()
        self.note = widgets.HTML()
        self.plain_picture = widgets.HTML()  # shows the picture where the front-end file cannot load
        self.plain_picture.add_class("cnnlab-plain")
        super().__init__()
        self.add_class("cnnlab")
        self.add_class("cnnlab-lab")
        with self.hold():
            self.children = self.build()
        for name, value in settings.items():
            self.set_trait(name, value)
        self.observe(self._setting_changed, names=list(self.setting_names()))
        self.stage.observe(self._guarded(lambda _: self._show_plain()), "alive")
        self.stage.on_msg(self._guarded(lambda _, content, __: self.pointed(content)))
        self.refresh()
        if not self.svg:
            self._show_default()

    # ---- for the subclass --------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        """Make the controls and return the column of the lab, the stage among it."""
        raise NotImplementedError

    def compute(self) -> Any:
        """The settings as a trace."""
        raise NotImplementedError

    def draw(self, trace: Any) -> str:
        """The trace as SVG."""
        raise NotImplementedError

    def numbers(self, trace: Any) -> str:
        """The trace as plain text."""
        raise NotImplementedError

    def status(self, trace: Any) -> str:
        """The step that is shown, as a sentence for screen readers."""
        raise NotImplementedError

    def pointed(self, event: dict[str, Any]) -> None:
        """React to what a person did to the picture."""

    def shown(self) -> None:
        """Bring the controls in line with the trace; called after each picture."""

    # ---- state -------------------------------------------------------------------------------------------------------

    @classmethod
    def setting_names(cls) -> tuple[str, ...]:
        """The names of all settings, in the order of their declaration."""
        own = [n for c in reversed(cls.__mro__) for n, t in vars(c).items() if isinstance(t, traitlets.TraitType)]
        tagged = cls.class_traits(setting=True)
        return tuple(dict.fromkeys(n for n in own if n in tagged))

    def recipe(self) -> str:
        """The line of Python that rebuilds this lab: its name, and every setting that is not the default.

        A setting tagged ``recipe=False`` is left out: it says nothing about what is shown.
        """
        given = []
        for name in self.setting_names():
            if self.traits()[name].metadata.get("recipe") is False:
                continue
            value, default = getattr(self, name), self.traits()[name].default()
            if not same(value, default):
                given.append(f"{name}={literal(value)}")
        return f"{type(self).__name__}({', '.join(given)})"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Change several settings, and draw once at the end."""
        with self._lock:
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1
                if not self._held and self._waiting:
                    self._waiting = False
                    self.refresh()

    def refresh(self) -> None:
        """Compute and draw the present settings; on failure keep the last good picture and show why."""
        with self._lock:
            if self._held:
                self._waiting = True
                return
            start = time.perf_counter()
            self._held += 1  # what the lab sets while it draws belongs to this picture and asks for no other
            try:
                trace = self.compute()
                self._show(trace, self.draw(trace))
            except ValueError as problem:
                self.fail(str(problem))
            except Exception as defect:
                self._defect(defect)
            finally:
                self._held -= 1
                self._waiting = False
            self.last_ms = (time.perf_counter() - start) * 1000

    def fail(self, sentence: str) -> None:
        """Show a sentence for the student; the picture stays as it is."""
        self.error = sentence
        self.say(sentence, "wrong")

    def say(self, sentence: str, kind: str = "") -> None:
        """Show a sentence below the controls: plain, or "wrong", or "right"."""
        role = "alert" if kind == "wrong" else "status"
        self.note.value = f'<div class="cnnlab-note cnnlab-{kind or "hint"}" role="{role}">{escape(sentence)}</div>'

    def _show_default(self) -> None:
        """A lab that cannot show the settings it was made with shows those of a new one, and still says why."""
        new = type(self)()
        self.trace, self.svg = new.trace, new.svg
        self.stage.svg = new.svg
        self._show_plain()
        new.close()

    @property
    def frame(self) -> int:
        """A running number for the next picture."""
        self._frame += 1
        return self._frame

    def _show(self, trace: Any, picture: str) -> None:
        self.trace, self.svg = trace, picture
        with self.stage.hold_sync():
            self.stage.status = self.status(trace)
            self.stage.svg = picture
        self._show_plain()
        self.error = ""
        self.shown()

    def _show_plain(self) -> None:
        self.plain_picture.value = "" if self.stage.alive or not self.svg else standalone(self.svg)
        self.plain_picture.layout.display = "none" if self.stage.alive else None

    def _defect(self, defect: Exception) -> None:
        self.fail(f"Something is wrong in the lab itself ({type(defect).__name__}: {defect}). Please report it.")
        if strict():
            raise defect

    def _setting_changed(self, change: Change) -> None:
        self.refresh()

    def _guarded(self, action: Callable[..., None]) -> Callable[..., None]:
        """``action`` as a callback that holds the lock, and whose errors are shown."""

        def run(*args: Any) -> None:
            with self._lock:
                try:
                    action(*args)
                except ValueError as problem:
                    self.fail(str(problem))
                except Exception as defect:
                    self._defect(defect)

        return run

    # ---- controls ----------------------------------------------------------------------------------------------------

    def control(self, name: str, widget: widgets.ValueWidget) -> widgets.ValueWidget:
        """Tie a control to the setting ``name``: each follows the other.

        A value that the control does not offer is added to its options, or else left unshown: the setting is right.
        """

        def to_setting(change: Change) -> None:
            if not same(getattr(self, name), change["new"]):
                setattr(self, name, change["new"])

        def to_control(change: Change) -> None:
            show(widget, change["new"])

        show(widget, getattr(self, name))
        widget.observe(self._guarded(to_setting), "value")
        self.observe(self._guarded(to_control), name)
        return widget

    def button(self, label: str, action: Callable[[], None], tooltip: str = "", **options: Any) -> widgets.Button:
        """A button whose action holds the lock and whose errors are shown."""
        button = widgets.Button(description=label, tooltip=tooltip, **options)
        button.on_click(self._guarded(lambda _: action()))
        return button

    # ---- without a front end -----------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return self.recipe()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live lab, and beside it its picture and its numbers for pages where no widgets run."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        bundle["text/plain"] = f"{self.recipe()}\n{self.numbers(self.trace)}"
        bundle["image/png"] = to_png(self.svg)
        return bundle


def show(widget: widgets.ValueWidget, value: Any) -> None:
    """Let a control show ``value``, if it can."""
    if isinstance(widget, widgets.widget_selection._Selection):
        values = [option[1] for option in widget._options_full]
        if value not in values:
            if not isinstance(value, int | str | tuple):
                return
            widget.options = (*widget.options, (str(value), value))
    try:
        widget.value = value
    except traitlets.TraitError:
        return
