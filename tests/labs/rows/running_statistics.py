import numpy as np

from cnnlab.labs import RunningStatisticsLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

RUNNING_STATISTICS = Row(
    RunningStatisticsLab,
    good={
        "source": ["drifting", "a pixel of the digits"],
        "batch_size": [3, 32, np.int64(5)],
        "momentum": [0, 0.5, 1],
        "seed": [1, 12345],
        "step": [1, 50, 100, HUGE],
        "walk": FLAG,
        "panel": ["code"],
        "controls": ["momentum", ""],
    },
    bad={
        "source": NO_WORD,
        "batch_size": [*NO_INDEX, 0, 1, 33],
        "momentum": [*NO_NUMBER, -0.1, 1.5],
        "seed": NO_INDEX,
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"step": 100},
        {"source": "drifting", "batch_size": 8, "momentum": 0.05, "step": 60, "walk": True},
        {"source": "a pixel of the digits", "batch_size": 32, "momentum": 0.37, "step": 99},
        {"momentum": 1, "step": 7},
        {"momentum": 0, "step": 55},
    ],
    company={"walk": {"step": 20}},
    unseen=("panel", "controls"),
)
