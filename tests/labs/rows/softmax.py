import numpy as np

from cnnlab.labs import SoftmaxLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

SOFTMAX = Row(
    SoftmaxLab,
    good={
        "logits": [[1, 2], "3 -1.5 0", np.array([0.0, 1, 2, 3, 4, 5]), (1000, 999.5), [-8, 0, 1]],
        "temperature": [0.01, 2, 100],
        "target": [0, 3, None],
        "index": [1, HUGE],
        "panel": ["code"],
        "controls": ["logits temperature", ""],
    },
    bad={
        "logits": [
            "1",
            "x y",
            "",
            "1 2 3 4 5 6 7",
            None,
            3,
            [1, None],
            [[1, 2], [3]],
            [1, np.nan],
            [0, 1e7],
        ],
        "temperature": [*NO_NUMBER, 0, -1, 101],
        "target": [n for n in NO_INDEX if n is not None] + [9],
        "index": NO_INDEX,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"logits": [3.2, -2, 0, 1, 1.1, -5.5], "target": 1, "temperature": 2, "index": 3},
        {"logits": "2 1 0", "target": 0, "temperature": 0.1},
        {"logits": [1000, 999, 998], "target": 2},
        {"logits": [-1e6, 1e6], "target": 0, "temperature": 0.01},
        {
            "logits": [-11.111, -22.222, -33.333, -44.444, -55.555, -66.666],
            "target": 5,
            "temperature": 99.9,
            "index": 5,
        },
    ],
    unseen=("panel", "controls"),
)
