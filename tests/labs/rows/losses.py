import numpy as np

from cnnlab.labs import LossesLab
from tests.labs.rows.row import FLAG, NO_FLAG, NO_NUMBER, NO_WORD, NO_WORDS, Row

LOSSES = Row(
    LossesLab,
    good={
        "axis": ["number", "probability"],
        "loss": ["squared", "hinge"],
        "target": [0, 1.0, np.float64(0)],
        "value": [-6, 0, 5.9, np.float32(2.5)],
        "compare": FLAG,
        "panel": ["code"],
        "controls": ["loss value", ""],
    },
    bad={
        "axis": NO_WORD,
        "loss": [*NO_WORD, "absolute"],
        "target": [*NO_NUMBER, 0.5, -1, 2],
        "value": [*NO_NUMBER, 6.1, -7],
        "compare": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"axis": "number", "loss": "squared", "value": -4, "target": 3},
        {"axis": "number", "loss": "absolute", "value": 0.35, "target": -2.5},
        {"axis": "probability", "loss": "bce", "value": 0.01},
        {"axis": "probability", "loss": "squared", "value": 0.99, "target": 0},
        {"loss": "squared", "value": -6},
        {"loss": "squared", "value": -0.1, "target": 0},
        {"loss": "hinge", "value": 5.9, "target": 0},
        {"loss": "hinge", "value": 1},
        {"value": 6, "compare": False},
        {"value": 0.1},
    ],
    unseen=("panel", "controls"),
)
