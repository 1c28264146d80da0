"""The training lab: it trains in the background, stops, goes on, and leaves nothing behind."""

import threading
import time
from collections.abc import Callable

from cnnlab.labs import ConvolutionLab, TrainDigitsLab
from cnnlab.labs.background import THREAD
from tests.labs.looking import send, still


def wait_until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD]


def test_it_trains_in_the_background_stops_and_goes_on() -> None:
    lab = TrainDigitsLab(epochs=3)
    lab.start()
    assert lab.running and lab.start_button.disabled and not lab.stop_button.disabled
    wait_until(lambda: lab.step >= 3)
    other = ConvolutionLab()
    other.step = 5  # another lab is used meanwhile
    assert other.trace.index == 5
    lab.stop()
    reached = lab.step
    wait_until(lambda: not training_threads())
    assert lab.step == reached < lab.current.training.steps - 1
    assert not lab.running and not lab.start_button.disabled and lab.stop_button.disabled
    lab.start()
    wait_until(lambda: lab.step > reached)
    lab.close()
    assert training_threads() == []


def test_it_ends_by_itself_and_begins_anew() -> None:
    lab = TrainDigitsLab(epochs=1)
    lab.start()
    wait_until(lambda: not lab.running)
    assert lab.step == lab.progress.value == lab.progress.max == lab.current.training.steps - 1
    wait_until(lambda: not lab.start_button.disabled)  # with the last picture, a moment after the thread has ended
    lab.start()
    assert lab.step <= 2
    lab.close()


def test_what_is_trained_in_the_background_is_what_is_trained_at_once() -> None:
    lab = TrainDigitsLab(epochs=1, filters=4)
    lab.start()
    wait_until(lambda: not lab.running)
    assert still(lab) == still(TrainDigitsLab(epochs=1, filters=4, step=lab.step))


def test_another_setting_begins_at_the_beginning() -> None:
    lab = TrainDigitsLab(step=3)
    lab.lr = 0.03
    assert (lab.step, lab.error) == (0, "")
    with lab.hold():
        lab.seed, lab.step = 4, 2
    assert lab.step == 2


def test_a_curve_shows_an_earlier_moment_and_a_click_goes_back_to_it() -> None:
    lab = TrainDigitsLab(step=5)
    send(lab, {"kind": "hover", "grid": "loss", "row": 0, "col": 2, "cols": 64})
    assert "After 8 updates" in lab.svg and lab.step == 5
    send(lab, {"kind": "hover", "grid": "loss", "row": 0, "col": 60, "cols": 64})
    assert "After 20 updates" in lab.svg  # it is not trained any further
    send(lab, {"kind": "pin", "grid": "accuracy", "row": 0, "col": 1, "cols": 64})
    assert lab.step == 1


def test_reset_stops_it() -> None:
    lab = TrainDigitsLab(epochs=10)
    lab.start()
    wait_until(lambda: lab.step >= 2)
    lab.reset()
    wait_until(lambda: not training_threads())
    assert (lab.step, lab.running) == (0, False)


def test_pytorch_learns_the_same_filters() -> None:
    for optimizer in ("Adam", "SGD"):
        assert TrainDigitsLab(optimizer=optimizer, step=20).check_with_torch() < 1e-9


def test_the_default_training_reads_97_percent() -> None:
    lab = TrainDigitsLab(step=63)
    assert lab.trace.snapshot.accuracy >= 0.97
