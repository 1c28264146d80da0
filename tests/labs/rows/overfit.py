import numpy as np

from cnnlab.labs import OverfitLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

TRAINED = {"step": 2}
OVERFIT = Row(
    OverfitLab,
    good={
        "examples": [40, 400, np.int64(97)],
        "hidden": [1, 16, 200],
        "wrong": [0, 0.3, np.float64(0.5)],
        "dropout": [0.5, 0.95],
        "l1": [0.001, 1],
        "l2": [0.002, np.float64(0.5)],
        "patience": [1, 10],
        "epochs": [1, 50],
        "seed": [1, 999, HUGE],
        "step": [1, 3],
        "panel": ["code"],
        "controls": ["dropout l2", ""],
    },
    bad={
        "examples": [*NO_INDEX, 39, 1001],
        "hidden": [*NO_INDEX, 0, 513],
        "wrong": [*NO_NUMBER, -0.1, 0.6],
        "dropout": [*NO_NUMBER, -0.1, 1],
        "l1": [*NO_NUMBER, -0.1, 1.1],
        "l2": [*NO_NUMBER, -0.1, 1.1],
        "patience": [*NO_INDEX, 301],
        "epochs": [*NO_INDEX, 0, 301],
        "seed": NO_INDEX,
        "step": NO_INDEX,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"step": 4, "dropout": 0.5, "l1": 0.001, "l2": 0.002, "patience": 10, "examples": 400},
        {"step": HUGE, "epochs": 12, "hidden": 8, "patience": 1, "l1": 1},
        {"step": 30, "examples": 40, "epochs": 50, "seed": 3},
        {"step": 6, "dropout": 0.95, "hidden": 1, "wrong": 0.5},
    ],
    company={name: TRAINED for name in ("examples", "hidden", "wrong", "dropout", "l1", "l2", "patience", "seed")},
    unseen=("panel", "controls"),
)
