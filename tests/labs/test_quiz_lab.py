"""The quiz lab: a question, an answer, the reasoning; another one."""

from typing import Any

import pytest

from cnnlab.exercises import TOPICS
from cnnlab.figures.question import MOST_LINES, WIDTH, wrapped
from cnnlab.figures.svg import text_width
from cnnlab.labs import QuizLab


def told(lab: QuizLab) -> str:
    return str(lab.note.value)


def test_a_right_answer_is_right_and_its_reasoning_is_shown() -> None:
    lab = QuizLab(topic="stride")
    assert "31" not in lab.svg
    assert lab.answer("31 x 31 x 32")
    assert "Right." in told(lab) and "cnnlab-right" in told(lab)
    assert "So 31 × 31 × 32." in lab.reasoning.value and "31" not in lab.svg
    assert lab.trace.right


def test_a_wrong_answer_is_told_which_mistake_it_is() -> None:
    lab = QuizLab(topic="conv parameters")
    assert not lab.answer(864)
    assert "The biases were forgotten" in told(lab) and "cnnlab-wrong-answer" in told(lab)
    assert "= 896" in lab.reasoning.value
    assert lab.error == ""  # a wrong answer is no fault of the lab


def test_the_field_does_what_answer_does() -> None:
    lab = QuizLab(topic="dense parameters")
    lab.field.value = "1290"
    assert lab.trace.right
    lab.field.value = "1280"
    assert not lab.trace.right and lab.trace.answered


def test_another_question_forgets_the_answer() -> None:
    lab = QuizLab(topic="dense parameters")
    lab.field.value = "1290"
    lab.another()
    assert lab.reasoning.value == ""
    assert lab.seed == 1 and lab.field.value == "" and not lab.trace.answered
    assert lab.trace.question == TOPICS["dense parameters"].question(1)
    assert "Type your answer" in told(lab)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_fits_into_its_picture(topic: str) -> None:
    lab = QuizLab(topic=topic)
    for seed in range(12):
        lab.seed = seed
        lines = wrapped(lab.current.text, WIDTH - 48, 19)
        assert len(lines) <= MOST_LINES and all(text_width(line, 19) <= WIDTH - 48 for line in lines)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"topic": "strides"}, "topic must be one of 'output shape', 'stride'"),
        ({"topic": 3}, "topic must be one of"),
        ({"seed": -1}, "seed must be a whole number from 0 on, but is -1"),
        ({"seed": 1.5}, "seed must be a whole number from 0 on"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_question_stays(settings: dict[str, Any], words: str) -> None:
    lab = QuizLab()
    before = lab.current
    for name, value in settings.items():
        setattr(lab, name, value)
    assert words in lab.error
    assert lab.current is before


def test_the_recipe_rebuilds_the_question() -> None:
    lab = QuizLab(topic="pooling", seed=7)
    assert lab.recipe() == "QuizLab(topic='pooling', seed=7)"
    assert eval(lab.recipe(), {"QuizLab": QuizLab}).current == lab.current


def test_a_page_without_widgets_shows_the_question_and_not_the_answer() -> None:
    bundle = QuizLab(topic="stride")._repr_mimebundle_()
    assert bundle["text/plain"].startswith("QuizLab(topic='stride')\nAn image of 64 × 64 × 3")
    assert "31" not in bundle["text/plain"] and bundle["image/png"]
