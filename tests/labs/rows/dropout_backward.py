import numpy as np

from cnnlab.labs import DropoutBackwardLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORDS, Row

DROPOUT_BACKWARD = Row(
    DropoutBackwardLab,
    good={
        "x": ["deck A", "one far away", "1 2 3", [7.5], np.arange(10.0)],
        "grad_output": ["ones", "the first alone", "1 0 2", [0, 0, 3], np.arange(12.0)],
        "p": [0, 0.25, 1, np.float64(0.9)],
        "seed": [1, 9999],
        "mask": ["1 0 1", [0, 0, 0, 1, 1], np.ones(12), "1 1 1 1 1 1 1 1"],
        "inverted": FLAG,
        "training": FLAG,
        "at": [1, 3, HUGE],
        "check": [True],
        "panel": ["code"],
        "controls": ["x training", ""],
    },
    bad={
        "x": ["nonsense", "", "1 2; 3 4", "1 x", None, 5, [], np.arange(11.0), [1, np.nan], [[1, 2]]],
        "grad_output": ["nonsense", "", "1 2; 3 4", None, 3, [[1.0]], [np.inf]],
        "p": [-0.1, 1.5, *NO_NUMBER],
        "seed": [-1, 10_000, 1.5, "one", None],
        "mask": ["nonsense", "", "1 2", [0.5], [-1], None, 3, [[1.0]]],
        "inverted": NO_FLAG,
        "training": NO_FLAG,
        "at": NO_INDEX,
        "check": NO_FLAG,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"x": "deck A", "mask": "1 0 1 0", "grad_output": "3 3 3 3", "check": True},
        {"training": False, "inverted": False, "p": 0.35, "at": 5, "check": True},
        {"x": np.arange(10.0) * 1111.5 - 4000, "p": 0.9, "seed": 3, "at": 9, "check": True},
        {"p": 1, "at": 2},
    ],
    unseen=("panel", "controls"),
)
