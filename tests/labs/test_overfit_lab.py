"""The over-fitting lab: it trains in the background, an epoch at a time, and early stopping ends only its own curve."""

import threading

from cnnlab.labs import OverfitLab
from cnnlab.labs.background import THREAD
from tests.labs.looking import send, still
from tests.labs.test_train_digits_lab import wait_until

SHORT = {"epochs": 8, "hidden": 16, "dropout": 0.5}


def test_what_is_trained_in_the_background_is_what_is_trained_at_once() -> None:
    lab = OverfitLab(**SHORT)
    lab.start()
    assert lab.running and lab.start_button.disabled and not lab.stop_button.disabled
    wait_until(lambda: not lab.running)
    assert lab.step == lab.progress.value == lab.progress.max == 8
    assert still(lab) == still(OverfitLab(**SHORT, step=8))
    lab.close()
    assert not [thread for thread in threading.enumerate() if thread.name == THREAD]


def test_a_stopped_training_goes_on_and_another_setting_begins_anew() -> None:
    lab = OverfitLab(epochs=300, hidden=16)
    lab.start()
    wait_until(lambda: lab.step >= 3)
    lab.stop()
    reached = lab.step
    assert not lab.running and reached < 300
    lab.start()
    wait_until(lambda: lab.step > reached)
    lab.l2 = 0.01
    assert lab.step <= 2 and lab.running  # the new one trains on
    lab.close()


def test_early_stopping_ends_one_of_the_two_curves() -> None:
    lab = OverfitLab(patience=2, epochs=40, step=40)
    run, plain = lab.trace.run, lab.trace.plain
    assert run.ended and run.epoch < plain.epoch == 40
    assert "it stops, and takes epoch" in lab.svg


def test_a_curve_shows_an_earlier_epoch_and_a_click_goes_back_to_it() -> None:
    lab = OverfitLab(**SHORT, step=6)
    send(lab, {"kind": "hover", "grid": "loss", "row": 0, "col": 2, "cols": 9})
    assert "After 2 epochs" in lab.svg and lab.step == 6
    send(lab, {"kind": "pin", "grid": "right", "row": 0, "col": 4, "cols": 9})
    assert lab.step == 4


def test_pytorch_has_the_same_losses() -> None:
    treated = OverfitLab(examples=97, hidden=16, dropout=0.4, l1=0.001, l2=0.002, step=5)
    assert treated.check_with_torch() < 1e-10
    assert OverfitLab(hidden=16, dropout=1 / 3, l2=0.0012345678, step=3).check_with_torch() < 1e-10
    plain = OverfitLab(hidden=16, step=3)
    assert "rng" not in plain.torch_code() and plain.check_with_torch() < 1e-10
    assert OverfitLab(hidden=16).check_with_torch() < 1e-12  # nothing trained yet
