import numpy as np

from cnnlab.labs import BatchNormLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORDS, Row

BATCH_NORM = Row(
    BatchNormLab,
    good={
        "x": ["one far away", "a thousand more", "all the same", "1 2 3", [0.5, -2.5], np.arange(10.0)],
        "gamma": [-1, 0.5, np.float64(3)],
        "beta": [-2, 0.25],
        "eps": [0.1, 1, 1e-8, 400],
        "momentum": [0, 0.5, 1],
        "running_mean": [-3, 5.5],
        "running_var": [0, 4],
        "training": FLAG,
        "grad": FLAG,
        "at": [1, 3, HUGE],
        "panel": ["code"],
        "controls": ["x training", "feed", ""],
    },
    bad={
        "x": [
            "nonsense",
            "",
            "1 2; 3 4",
            "1 x",
            None,
            5,
            [1.0],
            "one alone",
            np.arange(11.0),
            [1, np.nan],
            [[1, 2]],
            [],
        ],
        "gamma": NO_NUMBER,
        "beta": NO_NUMBER,
        "eps": [*NO_NUMBER, 0, -1],
        "momentum": [*NO_NUMBER, -0.1, 1.5],
        "running_mean": NO_NUMBER,
        "running_var": [*NO_NUMBER, -1],
        "training": NO_FLAG,
        "grad": NO_FLAG,
        "at": NO_INDEX,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"x": "a thousand more", "gamma": -3.25, "at": 3},
        {"x": "one far away", "training": False, "grad": False, "running_mean": 4.5, "running_var": 6.66, "at": 4},
        {"x": np.arange(10.0) * 1111.5 - 4000, "beta": -2.75, "grad": False, "eps": 1e-8, "at": 9},
        {"x": [-3.333], "training": False, "running_mean": -1234.5, "running_var": 0.001},
        {"x": "all the same"},
        {"x": [0.1234, 0.2], "eps": 0.1},
    ],
    company={},
    unseen=("panel",),
)
