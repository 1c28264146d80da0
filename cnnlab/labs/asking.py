"""Labs that ask: the result of a step is hidden until it has been answered."""

from typing import Any, TypeVar

import ipywidgets as widgets

from cnnlab.labs.board import LOCK
from cnnlab.labs.controls import sized, tick, visible
from cnnlab.labs.numbers import parse_number
from cnnlab.labs.settings import Settings, flag, setting
from cnnlab.labs.stepping import Stepped

Model = TypeVar("Model")
Trace = TypeVar("Trace")


class Asking(Stepped[Model, Trace]):
    """A lab with ``predict``: while it is on, only the results that were answered rightly can be seen."""

    predict = setting(False, flag, view=True)

    def __init__(self, **given: Any) -> None:
        self._answered: set[Any] = set()
        super().__init__(**given)

    def question(self, trace: Trace) -> Any:
        """What tells the questions of this model from each other, such as the filter and the step."""
        raise NotImplementedError

    def judge(self, trace: Trace, value: float) -> tuple[bool, str]:
        """Whether an answer is right, and what to say about it."""
        raise NotImplementedError

    def is_asking(self, trace: Trace, s: Settings) -> bool:
        """Whether the result of this step is still hidden."""
        return bool(s.predict) and self.question(trace) not in self._answered

    def answer(self, value: float) -> bool:
        """Answer the question of this step: True, and the result is shown, where it is right; otherwise why not."""
        with LOCK:
            if self.trace is None:
                return False
            right, sentence = self.judge(self.trace, value)
            if right:
                self._answered.add(self.question(self.trace))
            self.feedback(sentence, "right" if right else "wrong-answer")
            self.refresh()
            return right

    def on_change(self, name: str) -> None:
        super().on_change(name)
        if name == "predict" or self._stale:
            self._answered.clear()

    # ---- controls ----------------------------------------------------------------------------------------------------

    def asking_controls(self) -> list[widgets.Widget]:
        """The box to tick, and the field for the answer."""
        self.answer_box = widgets.Text(description="your answer", continuous_update=False, **sized(170))

        def given(change: dict[str, Any]) -> None:
            if change["new"].strip():
                self.answer_box.value = ""
                self.answer(parse_number(change["new"], "your answer"))

        self.answer_box.observe(self.guarded(given), "value")
        return [tick(self, "predict", "predict", 80), self.answer_box]

    def after_frame(self, trace: Trace, s: Settings) -> None:
        super().after_frame(trace, s)
        visible(self.answer_box, s.predict)
