import numpy as np

from cnnlab.labs import DropoutLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

DROPOUT = Row(
    DropoutLab,
    good={
        "view": ["1000 units"],
        "network": ["two hidden layers"],
        "p": [0, 0.05, 1 / 3, 0.95],
        "training": FLAG,
        "scaling": ["at inference", "by p", "both", "nowhere"],
        "masks": [2, 1000, np.int64(2000)],
        "seed": [1, 999, HUGE],
        "mask": ["1 0 1 0", "0000", "1,1,1,1", (0, 1, 1, 1), np.array([1.0, 0, 0, 1]), ""],
        "reveal": FLAG,
        "panel": ["code"],
        "controls": ["p training", ""],
    },
    bad={
        "view": NO_WORD,
        "network": NO_WORD,
        "p": [*NO_NUMBER, -0.1, 0.96, 1],
        "training": NO_FLAG,
        "scaling": NO_WORD,
        "masks": [0, 2001, 1.5, "2", None, True],
        "seed": NO_INDEX,
        "mask": ["1 0 2 0", "1 0", "yes", None, 5, [1, 0, 0.5, 1], "1 0 1 0 1", np.ones((2, 2))],
        "reveal": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"mask": "1 0 1 0", "masks": 500},
        {"scaling": "by p", "p": 0.2, "training": False, "masks": 2000},
        {"network": "two hidden layers", "masks": 1500, "p": 0.95},
        {"network": "two hidden layers", "p": 0, "scaling": "at inference"},
        {"view": "1000 units", "masks": 2000},
        {"view": "1000 units", "masks": 2000, "reveal": False},
        {"p": 0.2, "reveal": False, "training": False},
        {"view": "1000 units", "p": 0},
        {"view": "1000 units", "p": 0.95, "masks": 30},
        {"network": "two hidden layers", "scaling": "nowhere", "p": 0.8, "masks": 40, "training": False},
    ],
    unseen=("panel", "controls"),
)
