import numpy as np

from cnnlab.labs import PipelineLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_WORD, NO_WORDS, Row

PIPELINE = Row(
    PipelineLab,
    good={
        "picture": ["rocket", "astronaut"],
        "pipeline": ["too much", "cells", "hue 0.5", "Flip; rotate 5 10\nshuffle", "flip 0"],
        "seed": [1, np.int64(99), HUGE],
        "sample": [1, 15],
        "panel": ["code"],
        "controls": ["pipeline seed", ""],
    },
    bad={
        "picture": NO_WORD,
        "pipeline": ["nonsense", "", "flip 2", "rotate", "flip; twirl", ";".join(["flip"] * 8), None, 3, "zoom 0 0"],
        "seed": NO_INDEX,
        "sample": [*NO_INDEX, 16, HUGE],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"pipeline": "too much", "sample": 13, "picture": "coffee", "seed": 12},
        {"pipeline": "; ".join(["jitter 0.99"] * 7), "sample": 8},
        {
            "pipeline": "vertical flip 0.25; saturation 0.123 2.345; brightness 0.01 0.02; shift 0.125 0.333",
            "sample": 1,
        },
    ],
    unseen=("panel", "controls"),
)
