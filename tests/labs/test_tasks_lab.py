"""The tasks lab: each task works as it comes, and fails at both ends of its slider."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from cnnlab.data import digits
from cnnlab.labs.tasks import TASKS, TasksLab
from cnnlab.labs.tasks_scenes import classified, detected, inspected, segmented
from cnnlab.traces.tasks import Classified, Detected, Inspected, Segmented
from cnnlab.traces.tasks.detection import KEEP

SCENES = range(20)
KINDS = {
    "classification": Classified,
    "detection": Detected,
    "segmentation": Segmented,
    "anomaly": Inspected,
}


def told(lab: TasksLab, **event: Any) -> None:
    lab.stage._handle_custom_msg({"grid": "places", "cols": 40, **event}, [])


def slider(lab: TasksLab, name: str) -> Any:
    return lab.boxes[name]


# ---- what the tasks can do -------------------------------------------------------------------------------------------


def test_classification_works_as_it_comes_and_fails_in_the_dark_and_in_the_light() -> None:
    assert classified(0, 0, 3).right > 0.8 * 500
    lab = TasksLab()
    for end in (slider(lab, "brightness").min, slider(lab, "brightness").max):
        assert classified(0, end, 3).right < 0.3 * 500
        lab.brightness = end
        assert lab.error == "" and not lab.trace.result.is_right
    assert classified(0, 0, slider(lab, "noise").max).right < 0.4 * 500


def test_a_little_noise_helps_where_it_is_too_dark_to_see_anything() -> None:
    rights = [classified(0, -16, noise).right for noise in (0, 12, 24)]
    assert rights[1] > 3 * rights[0] and rights[1] > rights[2]


def test_the_digits_that_are_named_were_not_learned_from() -> None:
    images, labels = digits()
    for scene in (0, 7, 499, 500):
        result = classified(scene, 0, 0)
        np.testing.assert_array_equal(result.clean, images[1297 + scene % 500])
        assert result.truth == labels[1297 + scene % 500]
    np.testing.assert_allclose(result.means[3], images[:1297][labels[:1297] == 3].mean(axis=0))


def test_detection_works_as_it_comes_and_fails_at_both_ends() -> None:
    usual = [detected(scene, 0.5, KEEP[0]) for scene in SCENES]
    count = sum(len(d.truth) for d in usual)
    assert sum(len(d.hits) for d in usual) >= 0.9 * count
    assert sum(len(d.false) for d in usual) <= 0.1 * count
    box = slider(TasksLab(), "threshold")
    for scene in SCENES:
        low, high = detected(scene, box.min, KEEP[0]), detected(scene, box.max, KEEP[0])
        assert len(low.false) > 20
        assert len(high.missed) == len(high.truth) and not high.found


def test_without_suppression_the_same_disks_have_many_boxes() -> None:
    for scene in SCENES:
        one, many, single = (detected(scene, 0.4, keep) for keep in KEEP)
        assert len(many.found) > len(one.found) >= len(single.found) == 1


def test_segmentation_works_as_it_comes_and_fails_at_both_ends() -> None:
    box = slider(TasksLab(), "distance")
    assert np.mean([segmented(scene, 70).iou for scene in SCENES]) > 0.95
    for scene in SCENES:
        assert segmented(scene, box.min).iou == 0
        assert segmented(scene, box.max).iou < 0.15
        assert segmented(scene, 70).iou > 0.8


def test_anomaly_detection_works_as_it_comes_and_fails_at_both_ends() -> None:
    box = slider(TasksLab(), "deviations")
    for scene in SCENES:
        usual, low, high = (inspected(scene, k) for k in (3, box.min, box.max))
        assert bool(usual.flagged.any()) == bool(usual.defect)
        assert usual.false <= 2
        assert low.false > 80
        assert not high.flagged.any()


@pytest.mark.parametrize("task", TASKS)
def test_the_first_scene_of_each_task_is_a_success(task: str) -> None:
    result: Any = TasksLab(task=task).trace.result
    if isinstance(result, Classified):
        assert result.is_right
    elif isinstance(result, Segmented):
        assert result.iou > 0.95 and result.regions == result.things
    else:
        assert result.hits and not result.false and not result.missed


# ---- the lab ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("scene", [0, 5, 12, 10**6])
def test_every_task_shows_every_scene(task: str, scene: int) -> None:
    lab = TasksLab(task=task, scene=scene)
    assert lab.error == "" and isinstance(lab.trace.result, KINDS[task])
    ElementTree.fromstring(lab.svg)
    assert lab.trace.result.says() in lab.numbers(lab.trace, lab.drawn)


def test_only_the_controls_of_the_task_are_shown() -> None:
    lab = TasksLab()
    for task, names in TASKS.items():
        lab.task = task
        assert {name for name, box in lab.boxes.items() if box.layout.display != "none"} == set(names)


def test_the_hint_says_which_task_it_is() -> None:
    lab = TasksLab(task="detection")
    assert "A box around each thing" in lab.note.value
    lab.keep = "single best"
    assert "Localization" in lab.note.value
    lab.task = "segmentation"
    assert "An answer for every pixel" in lab.note.value


def test_a_control_does_what_its_setting_does() -> None:
    lab = TasksLab(task="detection")
    before = lab.svg
    slider(lab, "threshold").value = 0.9
    assert lab.threshold == 0.9 and lab.svg != before
    slider(lab, "keep").value = "all"
    assert lab.trace.result.keep == "all"
    lab.threshold = 0.2
    assert slider(lab, "threshold").value == 0.2


def test_pointing_looks_and_a_click_stays() -> None:
    lab = TasksLab(task="detection")
    told(lab, kind="hover", row=3, col=4)
    assert (lab.trace.row, lab.trace.col, lab.row) == (3, 4, None)
    told(lab, kind="leave")
    assert (lab.trace.row, lab.trace.col) == lab.trace.result.interesting
    told(lab, kind="pin", row=3, col=4)
    assert (lab.trace.row, lab.trace.col, lab.row, lab.col) == (3, 4, 3, 4)
    lab.threshold = 0.1
    assert (lab.trace.row, lab.trace.col) == (3, 4)


def test_in_another_picture_the_place_is_forgotten_unless_it_is_given() -> None:
    lab = TasksLab(task="anomaly", row=1, col=2)
    assert (lab.trace.row, lab.trace.col) == (1, 2)
    lab.scene = 5
    assert (lab.row, lab.col) == (None, None)
    with lab.hold():
        lab.scene, lab.row, lab.col = 6, 3, 4
    assert (lab.trace.row, lab.trace.col) == (3, 4)
    lab.reset()
    assert (lab.scene, lab.trace.row, lab.trace.col) == (0, 1, 2)


def test_a_place_past_the_end_is_the_last_one() -> None:
    assert (TasksLab(row=99, col=99).trace.row, TasksLab(row=99, col=99).trace.col) == (9, 0)
    lab = TasksLab(task="segmentation", row=999, col=5)
    assert (lab.trace.row, lab.trace.col) == (95, 5)


VALUES: dict[str, list[Any]] = {
    "task": [*TASKS, "captioning", None],
    "scene": [0, 3, 11, 600, -1, 1.5, None],
    "brightness": [0.0, -16, 7.5, 1e299, np.nan, "dark"],
    "noise": [0.0, 24, -1, None],
    "threshold": [0.5, -0.5, 9, -9, np.inf],
    "keep": [*KEEP, "none", 3],
    "distance": [70.0, 0, 300, 1e9, -5],
    "deviations": [3.0, 0, 10, -0.1, True],
    "row": [None, 0, 4, 1000, -1, "x"],
    "col": [None, 0, 4, 1000, 2.5],
}
BAD: dict[str, set[Any]] = {
    "task": {"captioning", None},
    "scene": {-1, 1.5, None},
    "brightness": {"dark"},
    "noise": {-1, None},
    "threshold": {np.inf},
    "keep": {"none", 3},
    "distance": {-5},
    "deviations": {-0.1},
    "row": {-1, "x"},
    "col": {2.5},
}


def is_bad(name: str, value: Any) -> bool:
    if isinstance(value, float) and np.isnan(value):
        return True
    return value is True or any(type(value) is type(bad) and value == bad for bad in BAD[name])


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_the_lab_shows_it_or_says_why_not(seed: int) -> None:
    rng, lab = np.random.default_rng(seed), TasksLab()
    for _ in range(60):
        name = str(rng.choice(list(VALUES)))
        before = lab.svg
        setattr(lab, name, VALUES[name][rng.integers(len(VALUES[name]))])
        wrong = [n for n in VALUES if is_bad(n, getattr(lab, n))]
        assert bool(lab.error) == bool(wrong), (name, getattr(lab, name), lab.error)
        if wrong:
            assert lab.error.startswith(tuple(wrong)) and lab.svg == before
            for n in wrong:
                setattr(lab, n, VALUES[n][0])
        assert lab.error == ""
        ElementTree.fromstring(lab.svg)
        rebuilt = eval(lab.recipe(), {"TasksLab": TasksLab})
        assert rebuilt.numbers(rebuilt.trace, rebuilt.drawn) == lab.numbers(lab.trace, lab.drawn)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"task": "captioning"}, "task must be one of 'classification', 'detection', 'segmentation', 'anomaly'"),
        ({"scene": -1}, "scene must be a whole number from 0 on, but is -1"),
        ({"noise": -2}, "noise must be 0 or more, but is -2"),
        ({"distance": -0.5}, "distance must be 0 or more, but is -0.5"),
        ({"deviations": -1}, "deviations must be 0 or more"),
        ({"threshold": "high"}, "threshold must be a number"),
        ({"keep": "some"}, "keep must be one of 'best of each place', 'all', 'single best'"),
        ({"row": 1.5}, "row must be a whole number from 0 on"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = TasksLab()
    before = lab.svg
    for name, value in settings.items():
        setattr(lab, name, value)
    assert words in lab.error
    assert lab.svg == before
    lab.reset()
    assert lab.error == ""


def test_the_recipe_names_only_what_was_changed() -> None:
    assert TasksLab().recipe() == "TasksLab()"
    lab = TasksLab(task="anomaly", scene=3)
    lab.deviations = 2
    assert lab.recipe() == "TasksLab(task='anomaly', scene=3, deviations=2)"
