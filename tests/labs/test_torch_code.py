"""The PyTorch code that a lab shows is run as it stands, and gives the lab's own numbers."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from cnnlab.labs import ConvolutionLab
from cnnlab.labs.convolution_text import torch_code
from cnnlab.traces import convolution
from cnnlab.training.parity import run_torch_code
from tests.labs.looking import click, numbers, shown_text
from tests.traces.settings import MODES, settings

# settings of a lab, a line that its code must contain
CODE = [
    ({}, "y = F.conv2d(x, w)"),
    ({"stride": 2}, "y = F.conv2d(x, w, stride=2)"),
    ({"stride": (1, 2), "padding": (2, 0)}, "y = F.conv2d(x, w, stride=(1, 2), padding=(2, 0))"),
    ({"dilation": 2}, "y = F.conv2d(x, w, dilation=2)"),
    ({"bias": 1.5}, "y = F.conv2d(x, w, bias=b)"),
    ({"relu": True}, "y = F.relu(y)"),
    ({"flip": True}, "w = w.flip(2, 3)  # a true convolution turns the kernel by 180 degrees"),
    ({"padding": 1, "padding_mode": "reflect"}, 'x = F.pad(x, (1, 1, 1, 1), mode="reflect")'),
    ({"padding": "same", "weight": "1 2; 3 4"}, 'x = F.pad(x, (0, 1, 0, 1), mode="constant")'),
    ({"input": "color", "groups": 3, "weight": "edges"}, "y = F.conv2d(x, w, groups=3)"),
]

LABS = [
    {},
    {"input": "color", "weight": "four filters", "bias": [1, 0, -2, 0.1]},
    {"input": "color", "groups": 3, "weight": "edges", "relu": True},
    {"input": "signal", "weight": "signal", "flip": True},
    {"input": numbers(4, 6, 6) / 3, "weight": numbers(4, 2, 2, 3) / 7, "groups": 2, "padding": "same"},
    {"input": "photo: cat", "weight": "gaussian 5", "padding": 2, "padding_mode": "replicate"},
    {"input": "photo: cat, color", "weight": "sobel", "stride": 3},
    {"input": "photo: cat", "weight": numbers(23, 23) / 9, "stride": 5},
    *({"padding": 3, "padding_mode": mode, "dilation": 2} for mode in MODES),
]


def run(code, whole):
    scope = {"image": whole.input, "kernels": whole.weight}
    exec(code, scope)
    return scope["y"][0].numpy()


@hypothesis_settings(deadline=None, max_examples=80)
@given(settings())
def test_the_code_gives_the_output(given_):
    whole = convolution(**given_)
    scale = 1 + np.abs(whole.output).max()
    np.testing.assert_allclose(run(torch_code(whole), whole), whole.output, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("given_", LABS, ids=lambda g: ", ".join(g) or "default")
def test_a_lab_agrees_with_pytorch(given_):
    lab = ConvolutionLab(**given_)
    assert lab.error == ""
    assert lab.check_with_torch() <= 1e-12 * (1 + np.abs(lab.trace.convolution.output).max())


@pytest.mark.parametrize(("given_", "line"), CODE)
def test_the_code_is_what_a_person_would_write(given_, line):
    assert line in ConvolutionLab(**given_).torch_code()


def test_code_of_large_arrays_names_them():
    code = ConvolutionLab(input="photo: cat", weight=numbers(23, 23), stride=5).torch_code()
    assert "image" in code and "kernels" in code
    assert len(code) < 1000


def test_the_button_compares_and_says_how_well_it_agrees():
    lab = ConvolutionLab(panel="code")
    click(lab, "Check with PyTorch")
    until = time.monotonic() + 60  # the lab does not wait for it
    while "0.0e+00" not in shown_text(lab):
        assert time.monotonic() < until
        time.sleep(0.01)
    lab.stride = 2
    assert "0.0e+00" not in shown_text(lab)


def test_code_that_writes_to_its_arrays_changes_nothing_of_the_lab() -> None:
    shown = np.arange(3.0)
    shown.setflags(write=False)
    doubled = run_torch_code("import torch\nx = torch.from_numpy(shown)\nx *= 2\ny = x[None]", shown=shown)
    assert doubled.tolist() == [0, 2, 4]
    assert shown.tolist() == [0, 1, 2]
