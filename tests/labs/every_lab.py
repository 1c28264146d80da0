"""Every lab of the course, with values for each of its settings: a new lab is one more row here.

``good`` are values that have to work and, at least one of them, to change the picture; ``bad`` are values that have to
be refused with a sentence. A setting that only shows in company is tried on a lab made with ``company``; settings that
are ``unseen`` change the controls and not the picture. A sentence names a setting by its name or as it is ``called``.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnnlab.exercises import TOPICS
from cnnlab.labs import (
    ActivationsLab,
    ChannelsLab,
    ConvolutionLab,
    DeepActivationsLab,
    DyingReLULab,
    KernelsLab,
    QuizLab,
    ScanLab,
    ShapesLab,
    SoftmaxLab,
    WeightsLab,
)
from cnnlab.labs.base import Lab
from cnnlab.labs.shift import ShiftLab
from cnnlab.labs.tasks import TasksLab
from tests.labs.looking import numbers

HUGE = 10**30
NO_FLAG = ["yes", 1, None, np.array([True, False])]
NO_INDEX = [-1, 1.5, "2", None, True]
NO_NUMBER = ["much", None, True, np.nan, -np.inf, 10**400, [1.0]]
NO_WORD = ["nonsense", "", None, 3]
NO_WORDS = ["nonsense", None, 3]
FLAG = [True, False, np.True_]


@dataclass(frozen=True)
class Row:
    """A lab with values for its settings; ``looks`` are settings whose pictures tell most."""

    lab: type[Lab[Any, Any]]
    good: dict[str, list[Any]]
    bad: dict[str, list[Any]]
    looks: list[dict[str, Any]]
    company: dict[str, dict[str, Any]] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()
    called: dict[str, str] = field(default_factory=dict)

    def made_for(self, setting: str) -> dict[str, Any]:
        """Settings of a lab on which this one can be seen."""
        return self.company.get(setting, {})

    def names(self, setting: str, sentence: str) -> bool:
        """Whether a sentence names a setting."""
        return bool(re.search(rf"\b({setting}|{self.called.get(setting, setting)})\b", sentence))


CONVOLUTION = Row(
    ConvolutionLab,
    good={
        "input": ["digit", "color", "1 2 3; 4 5 6; 7 8 9", numbers(5, 6), numbers(2, 4, 4), [[1, 2, 3]] * 3],
        "weight": ["horizontal edge", "edges", "1 0; 0 1", [[2]], numbers(2, 1, 3, 3)],
        "bias": [2.5, -1, [1], np.float64(-3), None],
        "stride": [2, 5, (2, 1), np.int64(3)],
        "padding": [1, 4, "same", "valid", (1, 0)],
        "dilation": [2, 3, (1, 2)],
        "groups": [3],
        "padding_mode": ["reflect", "replicate", "circular"],
        "flip": FLAG,
        "relu": FLAG,
        "step": [1, 7, 35, HUGE],
        "walk": FLAG,
        "predict": FLAG,
        "filter": [1, HUGE],
        "channel": [2, HUGE],
        "paint": FLAG,
        "brush": [-3, 0.5],
        "panel": ["code", "type", "photo", "keys"],
        "controls": ["input weight stride", ""],
    },
    bad={
        "input": ["nonsense", "", "1 2; 3", "1 x", None, 5, [[1, np.nan]], np.zeros((0, 3)), "missing.png", [["a"]]],
        "weight": ["nonsense", "", "1 2; 3", None, 3, np.full((2, 2), np.inf), np.ones((9, 9)), numbers(1, 2, 3, 3)],
        "bias": [np.inf, np.nan, "two", [1, 2, 3], 10**400],
        "stride": [0, -1, 2.5, "2", None, (1, 2, 3), True],
        "padding": [-1, "wide", None, 0.5, 10**9],
        "dilation": [0, -2, "1", 40, None],
        "groups": [0, 2, -1, 1.5, "2", None],
        "padding_mode": NO_WORD,
        "flip": NO_FLAG,
        "relu": NO_FLAG,
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "predict": NO_FLAG,
        "filter": NO_INDEX,
        "channel": NO_INDEX,
        "paint": NO_FLAG,
        "brush": NO_NUMBER,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"input": "color", "weight": "edges", "padding": 1, "channel": 2, "filter": 1},
        {"input": "signal", "weight": "1 0 -1", "bias": -1.5, "relu": True, "step": 3},
        {"input": "digit", "padding": 1, "predict": True, "step": 20},
        {"input": "photo: cat", "weight": "sobel x", "stride": 2},
        {"input": "color", "weight": "edges", "groups": 3, "walk": True, "step": 9},
    ],
    company={
        "groups": {"input": "color"},
        "padding_mode": {"padding": 1},
        "relu": {"bias": -31},
        "walk": {"step": 3},
        "filter": {"weight": "edges"},
        "channel": {"input": "color"},
        "brush": {"paint": True},
    },
    unseen=("brush", "panel", "controls"),
    called={"input": "missing.png", "weight": "kernel", "padding": "pad", "dilation": "kernel covers"},
)  # fmt: skip

CHANNELS = Row(
    ChannelsLab,
    good={
        "photo": ["coffee", numbers(4, 5, 3).clip(0), np.full((2, 2, 3), 7, np.uint8)],
        "red": [0, 0.5, 2, 1e6],
        "green": [0.0, 1.5],
        "blue": [0, np.float32(0.25)],
        "brightness": [-200, 12.5, 60],
        "gray": ["mean", "red only", "0.3 0.6 0.1"],
        "view": ["R", "G", "B", "gray"],
        "tint": FLAG,
        "row": [0, 10, 255, HUGE],
        "col": [0, 10, 255, HUGE],
        "controls": ["photo view", ""],
    },
    bad={
        "photo": ["nonsense", "", "missing.png", None, 3, np.zeros((4, 4)), np.zeros((0, 0, 3)), "photo.txt"],
        "red": [*NO_NUMBER, -0.5],
        "green": [*NO_NUMBER, -0.5],
        "blue": [*NO_NUMBER, -0.5],
        "brightness": NO_NUMBER,
        "gray": ["sepia", "", "1 2", "a b c", "0.3 nan 0.1"],
        "view": NO_WORD,
        "tint": NO_FLAG,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "controls": NO_WORDS,
    },
    looks=[
        {"photo": "coffee", "row": 0, "col": 255, "view": "G", "tint": True},
        {"red": 2, "green": 0.35, "blue": 1.95, "brightness": -123, "row": 40, "col": 100},
        {"brightness": 200, "gray": "0.3 0.6 0.1", "view": "gray", "row": 60},
        {"photo": "camera", "view": "R"},
    ],
    company={"tint": {"view": "R"}, "gray": {"row": 40, "col": 100}},
    unseen=("controls",),
    called={"photo": "missing.png"},
)

SCAN = Row(
    ScanLab,
    good={
        "mode": ["image", "signal"],
        "copies": [0, 2, 3],
        "place": [0, 100, 176, HUGE],
        "down": [0, 11, 23, HUGE],
        "other": FLAG,
        "second": FLAG,
        "noise": [0, 0.5, 5],
        "seed": [1, 999, HUGE],
        "threshold": [0.05, 0.95, np.float64(0.01)],
        "step": [1, 60, 176, HUGE],
        "walk": FLAG,
        "controls": ["place noise", ""],
    },
    bad={
        "mode": NO_WORD,
        "copies": [*NO_INDEX, 4],
        "place": NO_INDEX,
        "down": NO_INDEX,
        "other": NO_FLAG,
        "second": NO_FLAG,
        "noise": [*NO_NUMBER, -0.1, 6],
        "seed": NO_INDEX,
        "threshold": [*NO_NUMBER, 0, 1, -3],
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "controls": NO_WORDS,
    },
    looks=[
        {"copies": 3, "noise": 1.0, "threshold": 0.95, "step": 176},
        {"second": False, "walk": True, "step": 60, "threshold": 0.05},
        {"mode": "image", "copies": 3},
        {"mode": "image", "copies": 0, "step": 700, "walk": True, "second": False},
        {"place": 176, "step": 176, "threshold": 0.01},
    ],
    company={"down": {"mode": "image"}, "walk": {"step": 3}},
    unseen=("controls",),
)

WEIGHTS = Row(
    WeightsLab,
    good={
        "inputs": [3, 5, 10],
        "kernel_size": [1, 2, 5],
        "stride": [2, 3],
        "pattern": ["dense", "local"],
        "unit": [0, 5, HUGE],
        "height": [3, 4096],
        "width": [32],
        "channels": [1, 4096],
        "units": [1, 10**7],
        "window": [1, 99],
        "filters": [64, 4096],
        "panel": ["code"],
        "controls": ["inputs stride", ""],
    },
    bad={
        "inputs": [*NO_INDEX, 0, 2, 99, HUGE],
        "kernel_size": [*NO_INDEX, 0, 9, HUGE],
        "stride": [*NO_INDEX, 0],
        "pattern": NO_WORD,
        "unit": NO_INDEX,
        "height": [*NO_INDEX, 0, HUGE],
        "width": [*NO_INDEX, 0, HUGE],
        "channels": [*NO_INDEX, 0, HUGE],
        "units": [*NO_INDEX, 0, HUGE],
        "window": [*NO_INDEX, 0, 100, HUGE],
        "filters": [*NO_INDEX, 0, HUGE],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"inputs": 10, "kernel_size": 1, "pattern": "dense", "unit": 9},
        {"inputs": 10, "kernel_size": 5, "pattern": "local", "unit": 0},
        {"inputs": 3, "stride": 3},
        {"inputs": 10, "kernel_size": 2, "stride": 2, "pattern": "local", "unit": 4},
        {"height": 256, "width": 256, "channels": 1, "units": 65536, "filters": 64, "pattern": "dense"},
    ],
    unseen=("panel", "controls"),
    called={"inputs": "input", "kernel_size": "kernel"},
)

QUIZ = Row(
    QuizLab,
    good={"topic": [*TOPICS], "seed": [1, 9999, HUGE]},
    bad={"topic": NO_WORD, "seed": NO_INDEX},
    looks=[{"topic": topic, "seed": seed} for topic, seed in zip(TOPICS, (0, 3, 7, 12, 40), strict=False)],
)

SHAPES = Row(
    ShapesLab,
    good={
        "dimensions": [1, np.int64(2)],
        "n": [1, 12, 32, 64, np.int64(512)],
        "kernel_size": [1, 2, 7],
        "padding": [0, 2, 6, "valid", "same"],
        "padding_mode": ["reflect", "replicate", "circular"],
        "stride": [2, 5, 9],
        "dilation": [2, 3],
        "transposed": FLAG,
        "output_padding": [1],
        "show": ["usage"],
        "step": [1, 7, 24, HUGE],
        "walk": FLAG,
        "panel": ["code"],
        "controls": ["n stride step", ""],
    },
    bad={
        "dimensions": [*NO_INDEX, 0, 3, HUGE],
        "n": [*NO_INDEX, 0, 513, HUGE],
        "kernel_size": [*NO_INDEX, 0, 9, 17, HUGE],
        "padding": [-1, "wide", "", None, 0.5, True, 513, 10**9],
        "padding_mode": NO_WORD,
        "stride": [*NO_INDEX, 0, HUGE],
        "dilation": [*NO_INDEX, 0, 40, HUGE],
        "transposed": NO_FLAG,
        "output_padding": [*NO_INDEX, 2, HUGE],
        "show": NO_WORD,
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"n": 7, "dilation": 2, "stride": 2, "padding": 2, "padding_mode": "reflect", "step": 1},
        {"show": "usage", "n": 12, "padding": "same", "kernel_size": 4, "step": 60},
        {"n": 64, "stride": 5, "dilation": 3, "show": "usage", "walk": True, "step": 40},
        {"n": 12, "kernel_size": 7, "stride": 3, "padding": 0, "step": 3},
        {"transposed": True, "n": 3, "stride": 2, "output_padding": 1, "step": 4},
        {"transposed": True, "n": 8, "stride": 3, "kernel_size": 2, "padding": 0, "show": "usage", "walk": True},
        {"dimensions": 1, "n": 9, "padding": 3, "padding_mode": "circular", "kernel_size": 7, "step": 8},
        {"dimensions": 1, "n": 512, "padding": 6, "kernel_size": 16, "dilation": 4, "stride": 3, "walk": True},
        {"dimensions": 1, "n": 6, "transposed": True, "stride": 2, "output_padding": 1, "show": "usage"},
        {"dimensions": 1, "n": 30, "stride": 4, "padding": 0, "padding_mode": "replicate", "step": 5},
    ],
    company={
        "padding_mode": {"padding": 2},
        "output_padding": {"transposed": True, "stride": 2},
        "walk": {"step": 3},
    },
    unseen=("panel", "controls"),
    called={"kernel_size": "kernel", "dilation": "kernel covers"},
)

SHIFT = Row(
    ShiftLab,
    good={
        "digit": [0, 8, np.int64(9)],
        "sample": [1, 29],
        "down": [-6, 1, 6],
        "right": [6, -1, np.int32(-6)],
        "scale": [0.7, 1.4, 0.1 * 3 + 0.6],
        "noise": [0.1, 0.5],
        "seed": [1, HUGE],
        "stain": [1, 6],
        "cnn": ["pooled"],
        "panel": ["code"],
        "controls": ["digit down", ""],
    },
    bad={
        "digit": [*NO_INDEX, 10, HUGE],
        "sample": [*NO_INDEX, 30],
        "down": ["1", None, True, 1.5, 7, -7],
        "right": ["1", None, True, 1.5, 7, -7],
        "scale": [*NO_NUMBER, 2, 0.75],
        "noise": [*NO_NUMBER, -0.1, 0.15],
        "seed": NO_INDEX,
        "stain": [*NO_INDEX, 7],
        "cnn": NO_WORD,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"down": 2, "right": 2},
        {"digit": 8, "sample": 29, "down": 6, "right": 6},
        {"digit": 5, "noise": 0.1, "stain": 3, "cnn": "pooled", "down": 1, "right": -3},
        {"digit": 0, "scale": 1.4, "noise": 0.5, "stain": 6, "cnn": "pooled", "down": -6, "right": 6},
    ],
    company={"seed": {"noise": 0.3}},
    unseen=("panel", "controls"),
)

TASKS = Row(
    TasksLab,
    good={
        "task": ["detection", "segmentation", "anomaly"],
        "scene": [1, 19, HUGE],
        "brightness": [-16, 4.5, 16],
        "noise": [0, 24],
        "threshold": [-0.5, 1.5],
        "keep": ["all", "single best"],
        "distance": [0, 300],
        "deviations": [0, 10.0],
        "row": [0, 3, HUGE, None],
        "col": [0, 9, HUGE, None],
    },
    bad={
        "task": NO_WORD,
        "scene": NO_INDEX,
        "brightness": NO_NUMBER,
        "noise": [*NO_NUMBER, -1],
        "threshold": NO_NUMBER,
        "keep": NO_WORD,
        "distance": [*NO_NUMBER, -1],
        "deviations": [*NO_NUMBER, -0.5],
        "row": [n for n in NO_INDEX if n is not None],
        "col": [n for n in NO_INDEX if n is not None],
    },
    looks=[
        {"brightness": 16, "noise": 24, "scene": 7, "row": 9},
        {"task": "detection", "keep": "all", "threshold": -0.5, "scene": 3},
        {"task": "detection", "keep": "single best", "scene": 11},
        {"task": "segmentation", "distance": 300, "scene": 2, "row": 0, "col": 0},
        {"task": "anomaly", "deviations": 0, "scene": 5},
    ],
    company={
        "threshold": {"task": "detection"},
        "keep": {"task": "detection", "threshold": -0.5},
        "distance": {"task": "segmentation"},
        "deviations": {"task": "anomaly"},
        "row": {"task": "detection", "col": 3},
        "col": {"task": "detection", "row": 3},
    },
)

KERNELS = Row(
    KernelsLab,
    good={
        "photo": ["camera", numbers(9, 12).clip(0), np.full((4, 5, 3), 200, np.uint8), numbers(1, 1).clip(0)],
        "kernel": ["sharpen", "gaussian, any size", "box, any size", "1 2; 3 4", numbers(5, 3), [[0.5]], "signal"],
        "size": [1, 4, 31, np.int64(7)],
        "sigma": [0.3, 4, np.float32(2.5)],
        "second": ["sobel y", "1 0 0; 0 0 0; 0 0 -1", numbers(3, 3)],
        "normalize": FLAG,
        "separable": FLAG,
        "show": ["absolute", "sign", "photo", "signed"],
        "padding_mode": ["zeros", "reflect", "circular"],
        "row": [0, 200, HUGE],
        "col": [0, 255, HUGE],
        "panel": ["code", "type", "photo"],
        "controls": ["photo kernel", ""],
    },
    bad={
        "photo": [
            "nonsense",
            "",
            "missing.png",
            None,
            3,
            np.zeros((0, 0)),
            np.full((4, 4), 256),
            numbers(4, 4),
            "a.txt",
        ],
        "kernel": [
            "nonsense",
            "",
            "1 2; 3",
            "1 x",
            None,
            3,
            np.ones(3),
            np.ones((32, 1)),
            [[np.inf]],
            [[1e7]],
            [["a"]],
        ],
        "size": [*NO_INDEX, 0, 32],
        "sigma": [*NO_NUMBER, 0, -1],
        "second": ["nonsense", "", None, "gaussian 5", "1 x", np.ones((3, 2)), [[np.nan] * 3] * 3],
        "normalize": NO_FLAG,
        "separable": NO_FLAG,
        "show": NO_WORD,
        "padding_mode": NO_WORD,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"kernel": "sharpen", "row": 0, "col": 255, "padding_mode": "zeros"},
        {"second": "sobel y", "photo": "camera", "row": 100, "col": 130},
        {"separable": True, "show": "absolute"},
        {"kernel": "gaussian, any size", "size": 15, "sigma": 3.0, "separable": True},
        {"kernel": "laplacian", "separable": True, "show": "sign"},
        {"kernel": "gaussian 5", "row": 255, "col": 0},
        {"kernel": "strong edges", "show": "photo"},
        {"kernel": "box, any size", "size": 9, "photo": "astronaut"},
        {"kernel": "signal", "separable": True},
        {"photo": [[0, 0, 200, 200]] * 3, "kernel": "ones", "row": 1, "col": 1},
    ],
    company={
        "size": {"kernel": "box, any size"},
        "sigma": {"kernel": "gaussian, any size"},
        "normalize": {"kernel": "ones"},
        "padding_mode": {"row": 0, "col": 0},
    },
    unseen=("panel", "controls"),
    called={"photo": "missing.png|a.txt"},
)

ACTIVATIONS = Row(
    ActivationsLab,
    good={
        "activation": ["tanh", "relu", "leaky_relu"],
        "beside": ["relu", "sigmoid", "leaky_relu"],
        "value": [-6, 0, np.float64(5.9)],
        "negative_slope": [0, 0.01, 1],
        "panel": ["code"],
        "controls": ["activation value", ""],
    },
    bad={
        "activation": NO_WORD,
        "beside": ["nonsense", None, 3],
        "value": [*NO_NUMBER, 6.1, -7],
        "negative_slope": [*NO_NUMBER, -0.1, 1.5],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"value": -6},
        {"activation": "tanh", "beside": "sigmoid", "value": 0},
        {"activation": "relu", "value": 6, "beside": "leaky_relu"},
        {"activation": "leaky_relu", "negative_slope": 1, "value": -6, "beside": "tanh"},
    ],
    company={"negative_slope": {"activation": "leaky_relu"}},
    unseen=("panel", "controls"),
)

DEEP_ACTIVATIONS = Row(
    DeepActivationsLab,
    good={
        "activation": ["tanh", "relu", "leaky_relu"],
        "beside": ["relu", "sigmoid"],
        "layers": [1, 20, np.int64(7)],
        "gain": [0.5, 3, np.float64(1)],
        "negative_slope": [0, 1],
        "seed": [1, HUGE],
        "layer": [0, 1, HUGE],
        "panel": ["code"],
        "controls": ["activation layers", ""],
    },
    bad={
        "activation": NO_WORD,
        "beside": ["nonsense", None, 3],
        "layers": [*NO_INDEX, 0, 21, HUGE],
        "gain": [*NO_NUMBER, 0.1, 4],
        "negative_slope": [*NO_NUMBER, -0.1, 1.5],
        "seed": NO_INDEX,
        "layer": NO_INDEX,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"layers": 20, "beside": "relu", "layer": 0, "gain": 0.5},
        {"activation": "relu", "layers": 20, "gain": 3, "layer": 20},
        {"activation": "tanh", "layers": 1},
        {"activation": "leaky_relu", "layers": 3, "gain": 2, "negative_slope": 0, "layer": 2, "beside": "tanh"},
    ],
    company={"negative_slope": {"activation": "leaky_relu"}},
    unseen=("panel", "controls"),
)

DYING_RELU = Row(
    DyingReLULab,
    good={
        "activation": ["leaky_relu"],
        "beside": ["leaky_relu", "relu"],
        "learning_rate": [0.01, 0.2, 1],
        "negative_slope": [0, 1],
        "w": [-5, 0, 5],
        "b": [-5, 0, 5],
        "step": [1, 60, HUGE],
        "walk": FLAG,
        "panel": ["code"],
        "controls": ["learning_rate", ""],
    },
    bad={
        "activation": NO_WORD,
        "beside": ["nonsense", None, 3],
        "learning_rate": [*NO_NUMBER, 0, 1.1],
        "negative_slope": [*NO_NUMBER, -0.1, 1.5],
        "w": [*NO_NUMBER, -6, 5.5],
        "b": [*NO_NUMBER, -6, 5.5],
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"step": 1, "beside": "leaky_relu"},
        {"activation": "leaky_relu", "learning_rate": 1, "w": -5, "b": 5, "step": 60},
        {"learning_rate": 0.2, "walk": True, "step": 7, "beside": "leaky_relu"},
        {"w": 0, "b": -5},
        {"w": 5, "b": 5, "activation": "leaky_relu", "negative_slope": 1, "learning_rate": 1, "step": 59},
    ],
    company={"negative_slope": {"activation": "leaky_relu", "step": 2}, "walk": {"step": 3}},
    unseen=("panel", "controls"),
)

SOFTMAX = Row(
    SoftmaxLab,
    good={
        "logits": [[1, 2], "3 -1.5 0", np.array([0.0, 1, 2, 3, 4, 5]), (1000, 999.5), [-8, 0, 1]],
        "temperature": [0.01, 2, 100],
        "target": [0, 3, None],
        "index": [1, HUGE],
        "panel": ["code"],
        "controls": ["logits temperature", ""],
    },
    bad={
        "logits": [
            "1",
            "x y",
            "",
            "1 2 3 4 5 6 7",
            None,
            3,
            [1, None],
            [[1, 2], [3]],
            [1, np.nan],
            [0, 1e7],
        ],
        "temperature": [*NO_NUMBER, 0, -1, 101],
        "target": [n for n in NO_INDEX if n is not None] + [9],
        "index": NO_INDEX,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"logits": [3.2, -2, 0, 1, 1.1, -5.5], "target": 1, "temperature": 2, "index": 3},
        {"logits": "2 1 0", "target": 0, "temperature": 0.1},
        {"logits": [1000, 999, 998], "target": 2},
        {"logits": [-1e6, 1e6], "target": 0, "temperature": 0.01},
        {
            "logits": [-11.111, -22.222, -33.333, -44.444, -55.555, -66.666],
            "target": 5,
            "temperature": 99.9,
            "index": 5,
        },
    ],
    unseen=("panel", "controls"),
)

LABS = [
    ACTIVATIONS,
    CHANNELS,
    CONVOLUTION,
    DEEP_ACTIVATIONS,
    DYING_RELU,
    KERNELS,
    QUIZ,
    SCAN,
    SHAPES,
    SHIFT,
    SOFTMAX,
    TASKS,
    WEIGHTS,
]
IDS = [row.lab.__name__ for row in LABS]
SETTINGS = [(row, name) for row in LABS for name in row.good]
SETTING_IDS = [f"{row.lab.__name__}-{name}" for row, name in SETTINGS]
