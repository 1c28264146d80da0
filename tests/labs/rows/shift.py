import numpy as np

from cnnlab.labs import ShiftLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

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
