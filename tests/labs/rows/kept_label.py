import numpy as np

from cnnlab.labs import KeptLabelLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

KEPT_LABEL = Row(
    KeptLabelLab,
    good={
        "digit": [0, 8, np.int64(9)],
        "sample": [1, 29],
        "flip": ["left to right", "top to bottom"],
        "transform": ["shift", "zoom", "shear"],
        "angle": [-180, 180, 12.5],
        "x": [-10, 10, 2.5],
        "zoom": [0.5, 2, 1.25],
        "shear": [-60, 60],
        "curves": FLAG,
        "panel": ["code"],
        "controls": ["digit angle", ""],
    },
    bad={
        "digit": [*NO_INDEX, 10, HUGE],
        "sample": [*NO_INDEX, 30],
        "flip": NO_WORD,
        "transform": [*NO_WORD, "hue"],
        "angle": [*NO_NUMBER, 181],
        "x": [*NO_NUMBER, -11],
        "zoom": [*NO_NUMBER, 0, 2.5],
        "shear": [*NO_NUMBER, 61],
        "curves": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"angle": 180},
        {"digit": 8, "sample": 29, "flip": "top to bottom", "transform": "shear", "shear": -37},
        {"digit": 2, "flip": "left to right", "transform": "zoom", "zoom": 0.55},
        {"digit": 1, "transform": "shift", "x": -10, "sample": 3, "curves": False},
    ],
    company={"x": {"transform": "shift"}, "zoom": {"transform": "zoom"}, "shear": {"transform": "shear"}},
    unseen=("panel", "controls"),
)
