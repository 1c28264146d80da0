"""The learned kernel lab: it learns what PyTorch learns, and what is pointed at is shown."""

import re
from typing import Any

import numpy as np
import pytest

from cnnlab.kernels import kernel
from cnnlab.labs import LearnedKernelLab
from tests.figures.measure import parse
from tests.labs.looking import send


def told(lab: LearnedKernelLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 301, **event})


@pytest.mark.parametrize(
    "settings",
    [
        {"step": 50},
        {"picture": "noise", "step": 30, "updates": 30},
        {"kernel_size": 5, "lr": 0.03, "target": "gaussian", "noise": 0.2, "seed": 3, "step": 40},
        {"kernel_size": 2, "target": "1 2 3; 4 5 6", "picture": "camera", "normalize": False, "step": 7},
        {"lr": 0.2, "step": 5},
        {"step": 0},
    ],
)
def test_pytorch_learns_the_same_kernel(settings: dict[str, Any]) -> None:
    lab = LearnedKernelLab(**settings)
    assert lab.error == ""
    assert lab.check_with_torch() < 1e-9


def test_the_code_makes_as_many_steps_as_are_shown() -> None:
    lab = LearnedKernelLab(step=17, lr=0.05)
    assert "for step in range(17):" in lab.torch_code()
    assert "torch.optim.SGD([w], lr=0.05)" in lab.torch_code()


def test_from_noise_it_is_learned_in_30_steps_and_from_the_photo_not_in_300() -> None:
    """The numbers of the notebook."""
    lab = LearnedKernelLab(picture="noise", step=30, updates=30)
    assert lab.trace.off < 0.003
    lab = LearnedKernelLab(step=300)
    assert lab.trace.loss < 0.0003 * lab.trace.learned.losses[0]
    assert lab.trace.off > 0.18


def test_a_smooth_patch_of_a_photo_has_one_steep_direction() -> None:
    flat, steep = LearnedKernelLab().trace.learned.task.bowl[0][[0, -1]]
    assert (round(steep, 1), round(steep / flat)) == (15.9, 1591)


def test_the_hidden_kernel_is_neither_drawn_nor_told_before_it_is_revealed() -> None:
    lab = LearnedKernelLab(target="one to nine", step=3)
    assert ">9</text>" not in lab.svg and ">?</text>" in lab.svg
    assert "hidden" not in lab._repr_mimebundle_()["text/plain"]
    lab.reveal = True
    assert ">9</text>" in lab.svg and ">?</text>" not in lab.svg
    assert "hidden kernel, 3 × 3:\n  1 2 3\n  4 5 6\n  7 8 9" in lab._repr_mimebundle_()["text/plain"]


def test_pointing_at_the_curve_looks_at_that_step_and_a_click_stays() -> None:
    lab = LearnedKernelLab()
    told(lab, kind="hover", grid="loss", col=40)
    assert (lab.trace.index, lab.step) == (40, 0)
    told(lab, kind="leave")
    assert lab.trace.index == 0
    told(lab, kind="pin", grid="loss", col=70)
    assert (lab.trace.index, lab.step) == (70, 70)


@pytest.mark.parametrize("grid", ["kernel", "gradient"])
def test_a_click_on_a_weight_writes_out_how_it_changes(grid: str) -> None:
    lab = LearnedKernelLab()
    assert "w[0, 0] ← " in lab.svg
    told(lab, kind="choose", grid=grid, row=2, col=1, cols=3)
    assert (lab.row, lab.col) == (2, 1)
    assert "w[2, 1] ← " in lab.svg


def test_a_smaller_kernel_keeps_a_weight_that_it_has() -> None:
    lab = LearnedKernelLab(kernel_size=5, lr=0.03, row=4, col=4)
    lab.kernel_size = 3
    assert (lab.error, lab.row, lab.col) == ("", 2, 2)


def test_a_descent_that_diverges_is_shown_as_far_as_it_goes() -> None:
    lab = LearnedKernelLab(step=300, lr=0.2)
    assert lab.error == "" and lab.step == lab.step_slider.max < 30
    assert "Use an lr below 0.126." in lab.svg


def test_the_colors_of_the_gradient_fade_as_there_is_less_to_learn() -> None:
    strongest = []
    for step in (0, 10, 300):
        cells = [item for item in parse(LearnedKernelLab(step=step).svg).items if item.grid == "gradient"]
        strongest.append(max(item.opacity for item in cells if item.classes & {"cl-pos", "cl-neg"}))
    assert strongest[0] == 0.78 > strongest[1] > strongest[2] == 0.1


def test_while_it_walks_the_loss_is_drawn_only_up_to_the_step() -> None:
    lab = LearnedKernelLab(walk=True, step=2)
    (curve,) = [part for part in lab.svg.split("<path ") if 'class="cl-pos-line"' in part]
    assert curve.split("/>")[0].count("L") == 2


def test_while_it_walks_the_scale_does_not_tell_what_is_to_come() -> None:
    scales = []
    for lr in (0.001, 0.12, 0.2, 10):
        svg = LearnedKernelLab(walk=True, lr=lr).svg
        scales.append(re.findall(r'cl-gray cl-end"[^>]*>([^<]+)<', svg))
    assert scales == [["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1", "10¹", "steps"]] * 4


@pytest.mark.parametrize(("step", "words"), [(0, "step 0: 14"), (20, "step 20: 0.002"), (30, "step 30: 2.3·10⁻⁵")])
def test_a_small_loss_is_not_shown_as_0(step: int, words: str) -> None:
    assert words in LearnedKernelLab(picture="noise", step=step).svg


def test_a_learning_rate_is_moved_without_making_the_task_anew() -> None:
    lab = LearnedKernelLab()
    before = lab.trace.learned.task
    lab.lr = 0.05
    lab.seed = 4
    assert lab.trace.learned.task is before
    with lab.hold():
        lab.target, lab.lr = "box blur", -1.0
    assert "lr must be above 0" in lab.error
    lab.lr = 0.1
    np.testing.assert_array_equal(lab.trace.learned.task.hidden, kernel("box blur").weight)


def test_only_the_controls_that_are_asked_for_are_shown() -> None:
    lab = LearnedKernelLab(controls="lr reveal")
    assert [name for name, box in lab.boxes.items() if box.layout.display != "none"] == ["lr", "reveal"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"picture": "dog"}, "picture 'dog' is not known: give one of cat, camera, coffee, rocket, astronaut, noise"),
        ({"target": "dog"}, "target 'dog' is not known: give one of identity, vertical edge"),
        ({"target": "1 2; 3"}, "target is ragged"),
        ({"kernel_size": 9}, "kernel_size must be from 1 to 7, but is 9"),
        ({"lr": 0}, "lr must be above 0 and at most 10, but is 0"),
    ],
)
def test_what_cannot_be_learned_is_told(settings: dict[str, Any], words: str) -> None:
    assert LearnedKernelLab(**settings).error.startswith(words)
