"""What only the pipeline lab does: a text that is typed, seeds, samples that are pointed at."""

import pytest
import torch  # noqa: F401, so that the code runs in this process

from cnnlab.labs import PipelineLab
from cnnlab.labs.pipeline import EXAMPLES
from cnnlab.traces.pipeline import MAKE, parse_pipeline
from tests.labs.looking import click, send


@pytest.mark.parametrize("pipeline", [*EXAMPLES, *(example for *_, example in MAKE.values())])
def test_every_sample_agrees_with_pytorch(pipeline):
    lab = PipelineLab(pipeline=pipeline)
    for sample in (0, 9):
        lab.sample = sample
        assert lab.check_with_torch() < 1e-6


def test_a_text_that_is_typed_is_the_pipeline_and_a_name_shows_its_text():
    lab = PipelineLab()
    assert lab.text.value == EXAMPLES["photos"]
    lab.text.value = "rotate 90; gray 1"
    assert lab.pipeline == "rotate 90; gray 1" and lab.trace.sheet.written == parse_pipeline(lab.pipeline)
    lab.text.value = "rotate 90; grey 1"
    assert "step 2: 'grey 1' is not known" in lab.error and lab.text.value == "rotate 90; grey 1"
    lab.pipeline = "cells"
    assert lab.error == "" and lab.text.value == EXAMPLES["cells"]


def test_drawing_again_takes_the_next_seed():
    lab = PipelineLab(seed=4)
    click(lab, "draw again")
    assert lab.seed == 5
    lab.reset()
    assert lab.seed == 4


def test_pointing_looks_and_clicking_stays():
    lab = PipelineLab()
    send(lab, {"kind": "hover", "grid": "sample", "row": 1, "col": 3, "cols": 8})
    assert lab.trace.index == 11 and lab.sample == 0
    send(lab, {"kind": "leave"})
    assert lab.trace.index == 0
    send(lab, {"kind": "pin", "grid": "sample", "row": 1, "col": 7, "cols": 8})
    assert lab.sample == 15
