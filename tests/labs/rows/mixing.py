import numpy as np

from cnnlab.labs import MixingLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

MIXING = Row(
    MixingLab,
    good={
        "method": ["cutmix", "cutout"],
        "first": ["rocket", "coffee"],
        "second": ["astronaut", "cat"],
        "lam": [0, 1, 0.125, np.float32(0.5)],
        "size": [0, 100, 33.3],
        "row": [0, 159, np.int64(80)],
        "col": [0, 159],
        "panel": ["code"],
        "controls": ["method lam", ""],
    },
    bad={
        "method": NO_WORD,
        "first": NO_WORD,
        "second": [*NO_WORD, "dog"],
        "lam": [*NO_NUMBER, -0.1, 1.1],
        "size": [*NO_NUMBER, -1, 101],
        "row": [*NO_INDEX, 160, HUGE],
        "col": [*NO_INDEX, 160],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"method": "cutmix", "lam": 0.37, "row": 3, "col": 157},
        {"method": "cutout", "size": 33, "first": "astronaut"},
        {"first": "camera", "second": "camera", "lam": 0.123},
        {"method": "cutmix", "lam": 1, "first": "astronaut", "second": "camera"},
    ],
    company={"size": {"method": "cutout"}},
    unseen=("panel", "controls"),
)
