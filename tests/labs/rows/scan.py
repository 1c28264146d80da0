import numpy as np

from cnnlab.labs import ScanLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

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
