"""Questions with a field for the answer: numbers drawn from a seed, checked with the whole reasoning."""

from html import escape
from typing import Any

import ipywidgets as widgets

from cnnlab.exercises import TOPICS
from cnnlab.exercises.quiz import Question, Reply
from cnnlab.figures.question import question_picture
from cnnlab.labs.base import Lab
from cnnlab.labs.board import LOCK
from cnnlab.labs.controls import row, sized
from cnnlab.labs.settings import Settings, index, one_of, setting


class QuizLab(Lab[Question, Reply]):
    """A question of the quiz, a field for its answer, and the reasoning once it is answered.

    Settings (all are arguments and traits; a control exists for each):

    - ``topic``: one of ``cnnlab.exercises.TOPICS``.
    - ``seed``: 0 is the question with the numbers of the slide, any other number draws new ones.

    ``lab.answer("31 x 31 x 32")`` does what the field does. ``lab.trace`` is the
    :class:`~cnnlab.exercises.quiz.Reply` that is shown.
    """

    topic = setting("output shape", one_of(*TOPICS))
    seed = setting(0, index)

    trace: Reply
    current: Question

    def __init__(self, **given: Any) -> None:
        self._given_answer: Any = None
        super().__init__(**given)

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> Question:
        return TOPICS[s.topic].question(s.seed)

    def look(self, model: Question, s: Settings) -> Reply:
        return Reply(model, self._given_answer)

    def draw(self, model: Question, trace: Reply, s: Settings, frame: int) -> str:
        return question_picture(model.text, frame)

    def numbers(self, trace: Reply, s: Settings) -> str:
        return "\n".join([trace.question.text, *trace.lines])

    def status(self, trace: Reply, s: Settings) -> str:
        return " ".join([trace.question.text, *trace.lines])

    def hint(self, trace: Reply, s: Settings) -> str:
        return "Type your answer and press Enter."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def answer(self, given: Any) -> bool:
        """Answer the question: whether it is right. The lab shows why."""
        with LOCK:
            self._given_answer = given
            reply = Reply(self.current, given)
            if reply.answered:
                self.feedback(reply.lines[0], "right" if reply.right else "wrong-answer")
            self.refresh()
            return reply.right

    def another(self) -> None:
        """The same question with new numbers."""
        self.seed = int(self.drawn.seed) + 1

    def on_change(self, name: str) -> None:
        self._given_answer = None
        self.field.value = ""

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        topics = self.control("topic", widgets.Dropdown(options=[*TOPICS], description="topic", **sized(230)))
        seed = self.control("seed", widgets.BoundedIntText(min=0, max=9999, description="seed", **sized(120)))
        another = self.button("another one", self.another, "the same question with new numbers")
        self.field = widgets.Text(placeholder="your answer", continuous_update=False, **sized(260))
        self.field.observe(self.guarded(lambda change: self._typed(change["new"])), "value")
        check = self.button("check", lambda: self._typed(self.field.value), "is it right?")
        self.reasoning = widgets.HTML()
        return [
            row(topics, seed, another),
            self.stage,
            self.plain_picture,
            row(self.field, check),
            self.note,
            self.reasoning,
        ]

    def after_frame(self, trace: Reply, s: Settings) -> None:
        lines = "\n".join(trace.lines[1:])  # the first one, whether it is right, is the note
        self.reasoning.value = f'<div class="cnnlab-code">{escape(lines)}</div>' if lines else ""

    def _typed(self, text: str) -> None:
        if text.strip():
            self.answer(text)
