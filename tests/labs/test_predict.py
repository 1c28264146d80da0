"""With predict on, a result is hidden until it has been answered, and nothing else gives it away."""

from cnnlab.labs import ConvolutionLab
from tests.labs.looking import answer_box, send


def test_a_right_answer_shows_the_cell():
    lab = ConvolutionLab(step=2, predict=True)
    assert lab.trace.value == 30 and "?" in lab.svg and "what is it?" in lab.stage.status
    assert lab.answer(30) is True
    assert "cnnlab-right" in lab.note.value and "Right" in lab.note.value
    assert ">?<" not in lab.svg and "30" in lab.stage.status


def test_a_wrong_answer_is_named_and_hides_the_cell_still():
    lab = ConvolutionLab(step=2, predict=True)
    assert lab.answer(-30) is False
    assert "not it" in lab.note.value and "cnnlab-wrong" in lab.note.value
    assert ">?<" in lab.svg


def test_an_answer_is_typed_and_can_be_typed_again():
    lab = ConvolutionLab(step=2, predict=True)
    for text, word in [("7", "not it"), ("7", "not it"), ("abc", "not a number"), ("30", "Right")]:
        lab.note.value = ""
        answer_box(lab).value = text
        assert word in lab.note.value
        assert answer_box(lab).value == ""


def test_what_was_answered_stays_and_the_rest_is_asked():
    lab = ConvolutionLab(step=2, predict=True)
    lab.answer(30)
    lab.step = 3
    assert ">?<" in lab.svg and "Predict" in lab.note.value
    lab.step = 2
    assert ">?<" not in lab.svg
    lab.stride = 2
    assert ">?<" in lab.svg  # other numbers, other questions


def test_a_question_gives_nothing_away_by_text():
    lab = ConvolutionLab(input="23 29 31; 37 41 43; 47 53 59", weight="2 3; 5 7", step=3, predict=True)
    value = f"{lab.trace.value:g}"
    for text in (lab.svg, lab.stage.status, lab.note.value, lab._repr_mimebundle_()["text/plain"]):
        assert value not in text


def test_looking_around_does_not_give_the_answer_away():
    lab = ConvolutionLab(input="23 29 31; 37 41 43; 47 53 59", weight="2 3; 5 7", step=1, predict=True)
    value = f"{lab.trace.value:g}"
    send(lab, {"kind": "hover", "grid": "output", "row": 1, "col": 1, "cols": 2})
    assert value not in lab.svg
