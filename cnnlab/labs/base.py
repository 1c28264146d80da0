"""What all labs have in common: settings that are never lost, pictures never blank, errors always shown.

A lab is a column of core ipywidgets with one :class:`~cnnlab.labs.stage.Stage` for its picture. A subclass declares its
settings with :func:`~cnnlab.labs.settings.setting`, and says in a few methods how they become a picture:

    settings -> model(settings) -> look(model, settings) -> draw(model, trace, settings)
                all the numbers    what is looked at now     SVG

``model`` is called only when a setting has changed that the numbers depend on. ``model`` and ``look`` may refuse: a
ValueError is a sentence for the student. It is shown, ``error`` holds it, and the last good picture stays. Any other
error, and any error of ``draw``, is a defect of the lab: it is shown too, and raised where the environment variable
CNNLAB_STRICT is 1 (in tests), because an exception in a widget callback is otherwise seen by no one.

Callbacks may run on another thread beside a busy cell (ipykernel 7), and labs may be linked to each other: there is one
lock for all of them.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, Generic, TypeVar

import ipywidgets as widgets
import traitlets

from cnnlab.figures import standalone, to_png
from cnnlab.labs.numbers import literal, same
from cnnlab.labs.settings import Settings
from cnnlab.labs.stage import Stage

Model = TypeVar("Model")
Trace = TypeVar("Trace")
Event = dict[str, Any]

LOCK = threading.RLock()
MOST_ROUNDS = 5
"""How often a lab draws again because its own callbacks have changed a setting meanwhile."""


def strict() -> bool:
    """Whether a defect in a callback is raised, and not only shown."""
    return os.environ.get("CNNLAB_STRICT") == "1"


class Lab(widgets.VBox, Generic[Model, Trace]):
    """Base of all labs; see the module for what a subclass gives.

    ``error`` is the sentence shown now, "" when all is well. ``trace`` is what is shown now, ``svg`` its picture.
    ``last_ms`` is how long Python took for it, in milliseconds.
    """

    error = traitlets.Unicode("")

    def __init__(self, **given: Any) -> None:
        names = self.setting_names()
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise TypeError(f"{type(self).__name__} has no setting {unknown[0]!r}; it has {', '.join(names)}")
        self._given = given
        self.current: Model | None = None
        self.trace: Trace | None = None
        self.drawn = Settings()
        self.svg = ""
        self.last_ms = 0.0
        self._stale, self._busy, self._again = True, False, False
        self._held, self._frames = 0, 0
        self._adopting = False
        self._tied: dict[str, widgets.ValueWidget] = {}
        self._quiet: set[widgets.Widget] = set()
        self._feedback: tuple[str, str] | None = None
        self.stage = Stage()
        self.note = widgets.HTML()
        self.plain_picture = widgets.HTML()  # shows the picture where the front-end file cannot load
        self.plain_picture.add_class("cnnlab-plain")
        super().__init__()
        self.add_class("cnnlab")
        self.add_class("cnnlab-lab")
        for name, value in given.items():
            self.set_trait(name, value)
        self.children = self.build()
        self.stage.controls = [
            w.model_id for w in _descendants(self) if isinstance(w, widgets.ValueWidget | widgets.Button)
        ]
        self.observe(self._setting_changed, names=list(names))
        self.stage.observe(self.guarded(lambda _: self._show_plain_picture()), "alive")
        self.stage.on_msg(self.guarded(lambda _, event, __: self.pointed(event)))
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

    # ---- settings ----------------------------------------------------------------------------------------------------

    @classmethod
    def setting_names(cls) -> tuple[str, ...]:
        """The names of all settings: those of the lab itself first, in the order of their declaration."""
        declared = [n for c in cls.__mro__ for n, t in vars(c).items() if isinstance(t, traitlets.TraitType)]
        tagged = cls.class_traits(setting=True)
        return tuple(dict.fromkeys(n for n in declared if n in tagged))

    def recipe(self) -> str:
        """The line of Python that rebuilds this lab: its name, and every setting that is not the default.

        An array too large to write out goes by a name, which a comment explains.
        """
        given, comment = [], ""
        for name in self.setting_names():
            trait, value = self.traits()[name], getattr(self, name)
            if trait.metadata["recipe"] and not same(value, trait.default()):
                given.append(f"{name}={literal(value, name)}")
                if given[-1].endswith(f"=your_{name}"):
                    comment += f"  # your_{name}: your array, {' × '.join(str(n) for n in value.shape)}"
        return f"{type(self).__name__}({', '.join(given)}){comment}"

    def reset(self) -> None:
        """Back to the settings that the lab was made with."""
        with self.hold():
            for name in self.setting_names():
                setattr(self, name, self._given.get(name, self.traits()[name].default()))

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

    def checked(self, values: dict[str, Any] | None = None) -> Settings:
        """The present settings (or ``values``), each checked; ValueError for the first that is not allowed."""
        found = {}
        for name in self.setting_names():
            value = getattr(self, name) if values is None else values[name]
            check = self.traits()[name].metadata["check"]
            found[name] = check(name, value) if check else value
        return Settings(**found)

    def _setting_changed(self, change: dict[str, Any]) -> None:
        if self._adopting:
            return
        with LOCK:
            self._stale = self._stale or not self.traits()[change["name"]].metadata["view"]
            self._feedback = None
            self.on_change(change["name"])
            self.refresh()

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Draw the present settings, and again for as long as drawing has changed one of them."""
        with LOCK:
            self._again = True
            if self._busy or self._held:
                return
            self._busy = True
            try:
                for _ in range(MOST_ROUNDS):
                    if self._again:
                        self._again = False
                        self._draw_once()
            finally:
                self._busy = False

    def _draw_once(self, values: dict[str, Any] | None = None) -> None:
        start = time.perf_counter()
        try:
            s = self.checked(values)
            model = self.model(s) if self._stale or self.current is None else self.current
            self._adopt(self.adapt(self.current, model, s), s)
            trace = self.look(model, s)
        except ValueError as refusal:
            self._say(str(refusal), "wrong")
            return
        except Exception as defect:
            self._defect(defect)
            return
        try:
            self._frames += 1
            self._commit(model, trace, s, self.draw(model, trace, s, self._frames), self.status(trace, s))
            self._offer_what_worked(s)
            self.after_frame(trace, s)
        except Exception as defect:
            self._defect(defect)
        self.last_ms = (time.perf_counter() - start) * 1000

    def _commit(self, model: Model, trace: Trace, s: Settings, picture: str, status: str) -> None:
        self.current, self.trace, self.drawn, self.svg, self._stale = model, trace, s, picture, False
        self.stage.show(picture, status)
        self._show_plain_picture()
        self._say(*(self._feedback or (self.hint(trace, s), "hint")))

    def _adopt(self, values: dict[str, Any], s: Settings) -> None:
        """Set settings that follow from the model: they belong to this picture and ask for no other."""
        self._adopting = True
        try:
            for name, value in values.items():
                setattr(self, name, value)
                setattr(s, name, value)
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
        self._say(reason, "wrong")

    def _show_plain_picture(self) -> None:
        self.plain_picture.value = "" if self.stage.alive or not self.svg else standalone(self.svg)
        self.plain_picture.layout.display = "none" if self.stage.alive else None

    # ---- sentences ---------------------------------------------------------------------------------------------------

    def feedback(self, sentence: str, kind: str) -> None:
        """Answer an action with a sentence that is "right", "wrong" or a "hint"; it stays until the next action."""
        self._feedback = (sentence, kind)
        self._say(sentence, kind)

    def _say(self, sentence: str, kind: str) -> None:
        self.error = sentence if kind == "wrong" else ""
        role = "alert" if kind == "wrong" else "status"
        self.note.value = f'<div class="cnnlab-note cnnlab-{kind}" role="{role}">{escape(sentence)}</div>'

    def _defect(self, defect: Exception) -> None:
        self._say(
            f"Something is wrong in the lab itself ({type(defect).__name__}: {defect}). Please report it.", "wrong"
        )
        if strict():
            raise defect

    def guarded(self, action: Callable[..., None], lock: bool = True) -> Callable[..., None]:
        """``action`` as a callback that holds the lock, and whose errors are shown."""

        def run(*args: Any) -> None:
            try:
                if lock:
                    with LOCK:
                        action(*args)
                else:
                    action(*args)
            except ValueError as refusal:
                self.feedback(str(refusal), "wrong")
            except Exception as defect:
                self._defect(defect)

        return run

    # ---- controls ----------------------------------------------------------------------------------------------------

    def control(self, name: str, widget: widgets.ValueWidget) -> widgets.ValueWidget:
        """Tie a control to the setting ``name``: each follows the other."""

        def to_setting(change: dict[str, Any]) -> None:
            if not self.is_quiet(widget) and not same(getattr(self, name), change["new"]):
                setattr(self, name, change["new"])

        self._tied[name] = widget
        self.put(widget, getattr(self, name))
        widget.observe(self.guarded(to_setting), "value")
        self.observe(self.guarded(lambda change: self.put(widget, change["new"])), name)
        return widget

    def put(self, widget: widgets.ValueWidget, value: Any, **others: Any) -> None:
        """Let a control show ``value``, after setting its ``others`` (options, max); it is no choice of a person.

        A value that the control cannot show leaves it as it is: the setting is right.
        """
        self._quiet.add(widget)
        try:
            for name, other in others.items():
                setattr(widget, name, other)
            widget.value = value
        except (traitlets.TraitError, TypeError, ValueError):
            pass
        finally:
            self._quiet.discard(widget)

    def _offer_what_worked(self, s: Settings) -> None:
        """A value that worked but is not among the options of its control, such as a pair, becomes one of them."""
        for name, widget in self._tied.items():
            options, value = getattr(widget, "options", None), getattr(s, name)
            if options is not None and not _offers(options, value):
                self.put(widget, value, options=(*options, (str(value), value)))

    def is_quiet(self, widget: widgets.Widget) -> bool:
        """Whether the lab itself is setting this control at the moment."""
        return widget in self._quiet

    def button(
        self, label: str, action: Callable[[], None], tooltip: str = "", slow: bool = False, **options: Any
    ) -> widgets.Button:
        """A button whose errors are shown; a ``slow`` action runs beside the labs, on a thread and without the lock."""
        button = widgets.Button(description=label, tooltip=tooltip, **options)
        button.on_click(self._on_thread(button, action) if slow else self.guarded(lambda _: action()))
        return button

    def _on_thread(self, button: widgets.Button, action: Callable[[], None]) -> Callable[..., None]:
        def run() -> None:
            button.disabled = True
            try:
                self.guarded(action, lock=False)()
            finally:
                button.disabled = False

        return lambda _: threading.Thread(target=run, daemon=True).start()

    # ---- without a front end -----------------------------------------------------------------------------------------

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

    def close(self) -> None:
        """Free the lab and every widget that it made."""
        for widget in _descendants(self):
            if widget is not self:
                widget.close()
        super().close()


def _offers(options: Any, value: Any) -> bool:
    """Whether a list of options, plain or as (label, value) pairs, holds ``value``."""
    pairs = (option if isinstance(option, tuple) else (option, option) for option in options)
    return any(same(offered, value) for _, offered in pairs)


def _descendants(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """The widget, everything in it, and the layouts and styles of all of them."""
    for child in getattr(widget, "children", ()):
        yield from _descendants(child)
    for name in ("layout", "style"):
        if isinstance(getattr(widget, name, None), widgets.Widget):
            yield getattr(widget, name)
    yield widget
