"""What is said of an answer: which mistake, which case, which line; and that nothing gets out."""

import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from cnnlab.exercises import EXERCISES, check
from cnnlab.exercises.checking import describe, judge, same
from cnnlab.exercises.exercise import Exercise, Mistake, only_once
from cnnlab.exercises.running import run

slide = EXERCISES["slide"].solution
conv2d = EXERCISES["conv2d"].solution


def only_square(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    n, k = image.shape[0], kernel.shape[0]
    return slide(image[:n, :n], kernel) if image.shape[0] == image.shape[1] else np.zeros((n - k + 1, n - k + 1))


def test_an_answer_that_is_right_for_square_images_only_is_told_so() -> None:
    report = check("slide", only_square)
    assert "It is right for square images only." in str(report)
    failing = report.verdict.failing
    assert failing is not None and failing.arguments[0].shape[0] != failing.arguments[0].shape[1]


def test_an_answer_that_is_right_for_stride_1_only_is_told_so() -> None:
    def wrong(images: Any, weight: Any, bias: Any, stride: int = 1, padding: int = 0) -> Any:
        return conv2d(images, weight, bias, stride, padding) * stride

    assert "It is right for stride 1 only." in str(check("conv2d", wrong))


def test_a_single_right_case_is_no_kind_of_arguments() -> None:
    """Swapped slices are right for one channel and one filter, which is by chance the only square case of its size."""
    report = check("channels", lambda x, w, b, s, p: EXERCISES["channels"].solution(x, w.swapaxes(0, 1), b, s, p))
    assert report.verdict.mistake == "channels and filters swapped"
    rounded = check("conv2d", lambda *given: np.round(conv2d(*given), 2))
    assert not rounded and "only" not in str(rounded)


def test_arguments_in_another_order_are_told_before_anything_runs() -> None:
    padding = EXERCISES["padding"].solution
    report = check("padding", lambda image, kernel, padding_, stride: padding(image, kernel, stride, padding_))
    assert not report

    def mixed_up(image: Any, kernel: Any, padding: Any, stride: Any) -> Any:
        return image

    assert "It will be called as slide_padding(image, kernel, stride, padding), but you wrote mixed_up(image" in str(
        check("padding", mixed_up)
    )


@pytest.mark.parametrize("nothing", [None, ...])
def test_an_earlier_step_that_is_not_written_yet_is_named(nothing: Any, progress_file: Any) -> None:
    def unwritten(*given: Any) -> Any:
        return nothing

    def stacked(images: Any, weight: Any, bias: Any, stride: int = 1, padding: int = 0) -> Any:
        return np.stack([unwritten(image, weight, bias, stride, padding) for image in images])

    def added(image: Any, weight: Any, bias: Any, stride: int, padding: int) -> Any:
        return sum(unwritten(x) for x in image)

    assert str(check("conv2d", stacked)).endswith("slide_channels, the step before, does not return anything yet.")
    assert str(check("channels", added)).endswith("slide_padding, the step before, does not return anything yet.")
    assert not progress_file.exists()


def test_the_defaults_of_conv2d_are_tried_too() -> None:
    report = check(
        "conv2d", lambda images, weight, bias, stride=2, padding=1: conv2d(images, weight, bias, stride, padding)
    )
    assert not report


def test_numbers_that_differ_are_shown_to_differ() -> None:
    report = check("iou", lambda a, b: round(EXERCISES["iou"].solution(a, b), 3))
    expected, got = str(report).splitlines()[-2:]
    assert expected.split(": ")[1] != got.split(": ")[1]


@pytest.mark.parametrize("name", ["slide_stride", "Stride", " stride ", "channels_first", "IoU", "iou"])
def test_an_exercise_is_found_by_its_function_too_and_in_any_case(name: str) -> None:
    assert "There is no" not in str(check(name, None))


def test_the_smallest_failing_case_is_shown_with_what_was_expected_and_what_came_out() -> None:
    report = check("slide", lambda image, kernel: slide(image, kernel) + (image.size > 8))
    failing = report.verdict.failing
    assert failing is not None
    sizes = [image.size + kernel.size for image, kernel in EXERCISES["slide"].draw() if image.size > 8]
    assert failing.arguments[0].size + failing.arguments[1].size == min(sizes)
    np.testing.assert_array_equal(failing.got, failing.expected + 1)
    text = str(report)
    assert text.index("image:") < text.index("kernel:") < text.index("expected:") < text.index("you got:")


def test_in_a_notebook_the_cells_that_differ_are_marked() -> None:
    def one_off(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        output = slide(image, kernel)
        output[0, 0] += 1
        return output

    html = check("slide", one_off)._repr_html_()
    assert html.count("class=off") == 1
    assert "<script" not in html


def test_an_error_is_shown_with_its_line_and_the_case() -> None:
    def breaks(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        row = image[0]
        return row[99]

    text = str(check("slide", breaks))
    assert "Your code stops with IndexError: index 99 is out of bounds" in text
    assert "return row[99]" in text and "image:" in text


def test_an_error_in_a_function_that_was_called_is_shown_at_the_students_own_line() -> None:
    def breaks(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        return image.reshape(17, 4)

    assert "return image.reshape(17, 4)" in str(check("slide", breaks))


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, RecursionError, MemoryError])
def test_nothing_that_is_raised_gets_out(error: type[BaseException]) -> None:
    def breaks(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        raise error("no")

    assert f"Your code stops with {error.__name__}: no" in str(check("slide", breaks))


def test_a_mistake_that_ends_in_the_same_error_is_named() -> None:
    def transposed(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        return slide(image.T, kernel)

    assert check("slide", transposed).verdict.mistake == "axes swapped"


@pytest.mark.parametrize("keeps_errors", [False, True])
def test_an_endless_loop_is_stopped(keeps_errors: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECONDS", "FIRST_SECONDS"):
        monkeypatch.setattr(f"cnnlab.exercises.running.{name}", 0.2)
    threads = threading.active_count()

    def endless(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        while True:
            try:
                time.sleep(0.001)
            except Exception:
                if not keeps_errors:
                    raise

    started = time.monotonic()
    assert "It did not end within a few seconds and was stopped" in str(check("slide", endless))
    assert time.monotonic() - started < 10
    assert threading.active_count() == threads


def test_prints_and_plots_do_no_harm(capsys: pytest.CaptureFixture[str]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    kept = plt.figure()

    def talks(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        print("window", image)
        print("error", file=sys.stderr)
        plt.figure()
        plt.imshow(image)
        return slide(image, kernel)

    assert check("slide", talks)
    assert capsys.readouterr() == ("", "")
    assert plt.get_fignums() == [kept.number]
    plt.close(kept)


def test_an_argument_that_was_changed_is_named() -> None:
    def changes(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        output = slide(image, kernel)
        image[:] = 0
        return output

    report = check("slide", changes)
    assert report.verdict.mistake == "input changed"
    assert "image was changed on the way" in str(report) and "image.copy()" in str(report)


REFUSED: list[tuple[Any, str]] = [
    (slide(np.eye(3), np.eye(2)), "Give the function itself, without calling it: check('slide', slide)."),
    (3, "Give the function itself"),
    (lambda image: image, "It will be called as slide(image, kernel), but you wrote <lambda>(image)."),
    (lambda image, kernel, stride: image, "but you wrote <lambda>(image, kernel, stride)."),
]


@pytest.mark.parametrize(("answer", "words"), REFUSED)
def test_what_cannot_be_called_so_is_refused_before_it_runs(answer: Any, words: str) -> None:
    report = check("slide", answer)
    assert not report and words in str(report)


def nothing_yet(image: np.ndarray, kernel: np.ndarray) -> None: ...


def not_implemented(image: np.ndarray, kernel: np.ndarray) -> None:
    raise NotImplementedError


def as_in_the_notebook(image: np.ndarray, kernel: np.ndarray) -> Any:
    return ...  # your code here


@pytest.mark.parametrize("answer", [None, ..., nothing_yet, not_implemented, as_in_the_notebook])
def test_what_is_not_solved_yet_is_no_attempt(answer: Any, progress_file: Any) -> None:
    report = check("slide", answer)
    assert report.verdict.status == "unsolved" and not report
    assert str(report).startswith("○ slide: Not ")
    assert not progress_file.exists()


def test_an_unknown_exercise_is_answered_with_the_names() -> None:
    said = check("slied", slide)
    assert not said and "There is no 'slied'. There are: 'gray'" in str(said)


TWELVE = Exercise(
    name="twelve",
    notebook="00",
    statement="How many numbers has an array of the shape (3, 4)?",
    solution=lambda: 12,
    cases=only_once,
    mistakes=(Mistake("added", lambda: 7, "The sizes are multiplied, not added."),),
    hints=("Draw it.", "Three rows of four.", "3 * 4"),
)


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (12, "right", "Right."),
        (12.0, "right", "Right."),
        (np.int64(12), "right", "Right."),
        (7, "wrong", "The sizes are multiplied, not added."),
        (13, "wrong", "The result should be 12, but is 13."),
        ("12", "wrong", "should hold numbers"),
        (lambda: 12, "wrong", "Give the value itself, not a function: check('twelve', value)."),
        (..., "unsolved", "Not answered yet."),
    ],
)
def test_an_exercise_may_ask_for_a_value(answer: Any, status: str, words: str) -> None:
    verdict = judge(TWELVE, answer)
    assert verdict.status == status and words in verdict.says


@pytest.mark.parametrize(
    ("expected", "got", "is_same"),
    [
        (np.ones((2, 2)), [[1, 1], [1, 1]], True),
        (np.ones((2, 2)), np.ones(4), False),
        (np.array([1e6, 1.0]), np.array([1e6, 1.5]), True),  # to a relative tolerance of the largest
        (np.array([0.0]), np.array([1e-13]), True),
        (np.array([np.nan]), np.array([np.nan]), True),
        (np.array([1.0]), np.array([np.nan]), False),
        (3, 3.0, True),
        (3, True, False),
        (3, "3", False),
        (3, None, False),
        ("cat", " Cat", True),
        ("cat", "dog", False),
        ((1, np.ones(2)), [1, [1, 1]], True),
        ((1, 2), (1,), False),
    ],
)
def test_results_are_compared_by_shape_and_number(expected: Any, got: Any, is_same: bool) -> None:
    assert same(expected, got) is is_same


def test_a_result_of_several_things_is_described_by_the_first_that_is_wrong() -> None:
    assert describe((1.0, 2.0), (1.0, 3.0)) == "The result should be 2, but is 3."
    assert describe((1.0, 2.0), 1.0) == "The result should be 2 things, as in return a, b."
    pair = np.zeros(2), np.ones(2)
    assert describe(pair, (np.zeros(2), np.zeros(2)), ("dx", "dw")) == "dw is zero everywhere."
    assert (
        describe(pair, (np.zeros(2), np.array([1.0, 2])), ("dx", "dw")) == "1 of 2 numbers of dw are not as expected."
    )
    assert describe(pair, np.zeros(2), ("dx", "dw")) == "The result should be 2 things, as in return dx, dw."


def test_of_several_results_the_wrong_ones_are_shown_with_their_numbers() -> None:
    exercise = EXERCISES["conv backward"]
    assert exercise.results == ("dx", "dw") and EXERCISES["dense backward"].results == ("dx", "dW", "db")

    def off_by_one(dy: Any, image: Any, kernel: Any) -> Any:
        dx, dw = exercise.solution(dy, image, kernel)
        return dx, dw + 1

    report = check("conv backward", off_by_one)
    assert [part.name for part in report.parts()] == ["dy", "image", "kernel", "expected dw", "your dw"]
    assert "array of shape" not in str(report) and "class=off" in report._repr_html_()


def test_a_call_works_on_copies() -> None:
    x = np.zeros(3)
    outcome = run(lambda a: a.fill(1), (x,))
    assert outcome.changed == (0,) and not x.any()
