import numpy as np

from cnnlab.labs import DiceLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

DICE = Row(
    DiceLab,
    good={
        "truth": ["square", "disk", "small", "empty"],
        "prediction": ["rectangle", "disk", "small", "empty", "everything"],
        "row": [0, 2, HUGE],
        "col": [0, 10, np.int64(3), HUGE],
        "true_row": [0, 2, HUGE],
        "true_col": [0, 10, np.int64(3), HUGE],
        "smooth": [1, 0.5, 100],
        "panel": ["code"],
        "controls": ["truth prediction", ""],
    },
    bad={
        "truth": [*NO_WORD, "everything"],
        "prediction": NO_WORD,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "true_row": NO_INDEX,
        "true_col": NO_INDEX,
        "smooth": [*NO_NUMBER, -1, 101],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"truth": "disk", "prediction": "disk", "row": 0, "col": 2},
        {"truth": "small", "prediction": "everything", "smooth": 99.5},
        {"truth": "small", "prediction": "empty"},
        {"true_row": 2, "true_col": 11, "row": 0, "col": 0},
        {"truth": "empty", "prediction": "empty"},
        {"truth": "empty", "prediction": "square", "row": 2, "col": 10, "smooth": 1},
    ],
    unseen=("panel", "controls"),
)
