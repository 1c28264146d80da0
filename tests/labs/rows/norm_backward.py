import numpy as np

from cnnlab.labs import NormBackwardLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORDS, Row

NORM_BACKWARD = Row(
    NormBackwardLab,
    good={
        "x": ["one far away", "eight", "1 2 3", [0.5, -2.5], np.arange(10.0)],
        "grad_output": ["ones", "numbers", "1 0 2", [0, 0, 3], np.arange(12.0)],
        "gamma": [-1, 0.5, np.float64(3)],
        "beta": [-2, 0.25],
        "training": FLAG,
        "at": [1, 3, HUGE],
        "check": [True],
        "panel": ["code"],
        "controls": ["x training", ""],
    },
    bad={
        "x": ["nonsense", "", "1 2; 3 4", "1 x", None, 5, [1.0], np.arange(11.0), [1, np.nan], [[1, 2]]],
        "grad_output": ["nonsense", "", "1 2; 3 4", None, 3, [[1.0]], [np.inf]],
        "gamma": NO_NUMBER,
        "beta": NO_NUMBER,
        "training": NO_FLAG,
        "at": NO_INDEX,
        "check": NO_FLAG,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"x": "eight", "grad_output": "numbers", "at": 5, "gamma": -3.25, "check": True},
        {"x": "one far away", "training": False, "at": 4},
        {"x": np.arange(10.0) * 1111.5 - 4000, "grad_output": "ones", "at": 9},
    ],
    company={},
    unseen=("panel", "controls"),
)
