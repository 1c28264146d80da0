import numpy as np

from cnnlab.labs import PoolingLab
from tests.labs.looking import numbers
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_WORD, NO_WORDS, Row

POOLING = Row(
    PoolingLab,
    good={
        "input": ["digit with room", "color", "1 2 3; 4 5 6; 7 8 9", numbers(5, 6), numbers(2, 4, 4), [[1, 2, 3]] * 3],
        "kind": ["average", "global max", "global average"],
        "kernel_size": [1, 3, (2, 1), [1, 3], np.int64(4)],
        "stride": [1, 3, (2, 1), [1, 2], None],
        "padding": [1, (1, 0)],
        "ceil_mode": FLAG,
        "down": [-4, 1, 4],
        "right": [4, -1, np.int32(-4)],
        "view": ["shift", "gradient"],
        "step": [1, 3, HUGE],
        "walk": FLAG,
        "channel": [2, HUGE],
        "panel": ["code", "type", "photo"],
        "controls": ["input kind", ""],
    },
    bad={
        "input": ["nonsense", "", "1 2; 3", "1 x", None, 5, [[1, np.nan]], np.zeros((0, 3)), "missing.png", [["a"]]],
        "kind": NO_WORD,
        "kernel_size": [0, -1, 2.5, "2", None, (1, 2, 3), True, 5],
        "stride": [0, -1, 2.5, "2", (1, 2, 3), True],
        "padding": [-1, "same", None, 0.5, 2, 10**9],
        "ceil_mode": NO_FLAG,
        "down": ["1", None, True, 1.5, 5, -5],
        "right": ["1", None, True, 1.5, 5, -5],
        "view": NO_WORD,
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "channel": NO_INDEX,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"input": "digit with room", "view": "shift", "right": 1, "step": 8},
        {"input": "spot", "view": "shift", "down": -3, "right": 4, "kind": "global average"},
        {
            "input": "spot",
            "view": "gradient",
            "kind": "average",
            "kernel_size": 3,
            "stride": 2,
            "walk": True,
            "step": 6,
        },
        {"input": "below zero", "kernel_size": 3, "padding": 1, "ceil_mode": True, "step": 3},
        {"input": "photo: cat, color", "kernel_size": 8, "channel": 1, "step": 200},
        {"input": "photo: coffee", "view": "shift", "down": 2, "kind": "average"},
        {"input": "color", "view": "gradient", "stride": 1, "step": 7},
    ],
    company={
        "ceil_mode": {"kernel_size": 3},
        "walk": {"step": 1},
        "channel": {"input": "color"},
    },
    unseen=("panel", "controls"),
    called={"input": "missing.png", "kernel_size": "window", "padding": "kernel_size"},
)
