"""A column of controls tied to settings, with one line for what there is to say: the part of a lab that draws nothing.

Callbacks may run on another thread beside a busy cell (ipykernel 7), and labs may be linked to each other: there is one
lock for all of them. An exception in a widget callback is seen by no one, so every callback is ``guarded``: a
ValueError is a sentence for the student; any other error is a defect, which is shown too, and raised where the
environment variable CNNLAB_STRICT is 1 (in tests).
"""

import operator
import os
import threading
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

from cnnlab.labs.numbers import literal, same
from cnnlab.labs.settings import Settings
from cnnlab.labs.snapping import Snapping, on_scale

LOCK = threading.RLock()


def strict() -> bool:
    """Whether a defect in a callback is raised, and not only shown."""
    return os.environ.get("CNNLAB_STRICT") == "1"


class Board(widgets.VBox):
    """Controls and settings that follow each other; ``error`` is the sentence shown now, "" when all is well."""

    error = traitlets.Unicode("")

    def __init__(self, given: dict[str, Any]) -> None:
        names = self.setting_names()
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise TypeError(f"{type(self).__name__} has no setting {unknown[0]!r}; it has {', '.join(names)}")
        self._given = given
        self._tied: dict[str, widgets.ValueWidget] = {}
        self._quiet: set[widgets.Widget] = set()
        self._snapping: dict[widgets.Widget, Snapping] = {}
        self._feedback: tuple[str, str] | None = None
        self.note = widgets.HTML()
        super().__init__()
        for name, value in given.items():
            self.set_trait(name, value)

    # ---- settings ----------------------------------------------------------------------------------------------------

    @classmethod
    @cache  # asked for with every picture
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
        for name in self.setting_names():
            setattr(self, name, self._given.get(name, self.traits()[name].default()))

    def checked(self, values: dict[str, Any] | None = None) -> Settings:
        """The present settings (or ``values``), each checked; ValueError for the first that is not allowed."""
        found, traits = {}, self.traits()
        for name in self.setting_names():
            value = getattr(self, name) if values is None else values[name]
            check = traits[name].metadata["check"]
            found[name] = check(name, value) if check else value
        return Settings(**found)

    # ---- sentences ---------------------------------------------------------------------------------------------------

    def feedback(self, sentence: str, kind: str) -> None:
        """Answer an action with a sentence that is "right", "wrong" or a "hint"; it stays until the next action."""
        self._feedback = (sentence, kind)
        self.say(sentence, kind)

    def say(self, sentence: str, kind: str) -> None:
        self.error = sentence if kind == "wrong" else ""
        role = "alert" if kind == "wrong" else "status"
        self.note.value = f'<div class="cnnlab-note cnnlab-{kind}" role="{role}">{escape(sentence)}</div>'

    def defect(self, defect: Exception) -> None:
        self.say(
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
                self.defect(defect)

        return run

    # ---- controls ----------------------------------------------------------------------------------------------------

    def control(self, name: str, widget: widgets.ValueWidget) -> widgets.ValueWidget:
        """Tie a control to the setting ``name``: each follows the other."""

        def to_setting(change: dict[str, Any]) -> None:
            new, now = meant(change["new"]), getattr(self, name)
            if not self.is_quiet(widget) and not same(now, new) and not self._snapping[widget].is_answer(new, now):
                setattr(self, name, new)

        self._tied[name] = widget
        self._snapping[widget] = Snapping(widget)
        self.put(widget, getattr(self, name))
        widget.observe(self.guarded(to_setting), "value")
        self.observe(self.guarded(lambda change: self.put(widget, change["new"])), name)
        return widget

    def put(self, widget: widgets.ValueWidget, value: Any, **others: Any) -> None:
        """Let a control show ``value``, after setting its ``others`` (options, max); it is no choice of a person.

        A value that the control cannot show leaves it as it is: the setting is right. So does one that it shows but for
        the last digits: sent back, it would undo what a hand on the keys has moved since.
        """
        self._quiet.add(widget)
        try:
            with widget.hold_sync():  # one message: the page must not correct the value in between
                for name, other in others.items():
                    setattr(widget, name, other)
                if not same(meant(widget.value), value):
                    if widget in self._snapping:
                        self._snapping[widget].shown(value)
                    widget.value = value
        except (traitlets.TraitError, TypeError, ValueError):
            pass
        finally:
            self._quiet.discard(widget)

    def offer_what_worked(self, s: Settings) -> None:
        """A value that worked but that its control has not: a pair becomes an option, a large number the end."""
        for name, widget in self._tied.items():
            options, value = getattr(widget, "options", None), getattr(s, name)
            if options is not None and not _offers(options, value):
                plain = all(isinstance(option, str) for option in options)  # a list is either of texts or of pairs
                added = value if plain and isinstance(value, str) else (str(value), value)
                self.put(widget, value, options=(*options, added))
            for end, beyond in (("max", operator.gt), ("min", operator.lt)):
                last, reached = getattr(widget, end, None), on_scale(widget, value)
                if last is not None and reached is not None and beyond(reached, last):
                    self.put(widget, value, **{end: reached})

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

    def close(self) -> None:
        """Free the lab and every widget that it made."""
        for widget in descendants(self):
            if widget is not self:
                widget.close()
        super().close()

    def __del__(self) -> None:
        """A lab whose arguments were refused has none of its parts yet, and nothing to close."""
        if self.comm is not None:
            super().__del__()


def meant(value: Any) -> Any:
    """What a control shows: a slider says 0.09999999999999964 for 0.1."""
    return round(value, 12) if isinstance(value, float) else value


def _offers(options: Any, value: Any) -> bool:
    """Whether a list of options, plain or as (label, value) pairs, holds ``value``."""
    pairs = (option if isinstance(option, tuple) else (option, option) for option in options)
    return any(same(offered, value) for _, offered in pairs)


def descendants(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """The widget, everything in it, and the layouts and styles of all of them."""
    for child in getattr(widget, "children", ()):
        yield from descendants(child)
    for name in ("layout", "style"):
        if isinstance(getattr(widget, name, None), widgets.Widget):
            yield getattr(widget, name)
    yield widget
