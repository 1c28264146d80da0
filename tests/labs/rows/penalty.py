import numpy as np

from cnnlab.labs import PenaltyLab
from tests.labs.rows.row import NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

DIGITS = {"view": "3 or 8"}
PENALTY = Row(
    PenaltyLab,
    good={
        "view": ["3 or 8", "two weights"],
        "penalty": ["L2", "both"],
        "lam": [0, 0.01, 3, 100, np.float64(2.5)],
        "minimum": [(0, 0), [-3, 3], np.array([1.5, -0.5])],
        "row": [0, 7, np.int64(2)],
        "col": [0, 7],
        "panel": ["code"],
        "controls": ["penalty lam", ""],
    },
    bad={
        "view": NO_WORD,
        "penalty": NO_WORD,
        "lam": [*NO_NUMBER, -0.1, 100.5],
        "minimum": ["2 1", None, 2, (1,), (1, 2, 3), (3.1, 0), (0, -4), (1, None), (np.nan, 1)],
        "row": [*NO_INDEX, 8],
        "col": [*NO_INDEX, 8],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"lam": 3},
        {"penalty": "L2", "lam": 0.01, "minimum": (-3, 3)},
        {"penalty": "both", "minimum": (3, 3), "lam": 100},
        {"minimum": (0, 0), "lam": 0},
        DIGITS,
        DIGITS | {"penalty": "L2", "lam": 0, "row": 2, "col": 2},
        DIGITS | {"penalty": "both", "lam": 100, "row": 0, "col": 0},
    ],
    company={"row": DIGITS, "col": DIGITS},
    unseen=("panel", "controls"),
)
