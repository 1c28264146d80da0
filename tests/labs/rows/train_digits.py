import numpy as np

from cnnlab.labs import TrainDigitsLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

TRAIN_DIGITS = Row(
    TrainDigitsLab,
    good={
        "filters": [4, 16, np.int64(1)],
        "kernel_size": [3, 7],
        "optimizer": ["SGD", "Adam"],
        "lr": [0.0003, 0.1, np.float64(0.3)],
        "epochs": [1, 10],
        "seed": [1, 999, HUGE],
        "step": [1, 3],
        "panel": ["code"],
        "controls": ["lr seed", ""],
    },
    bad={
        "filters": [*NO_INDEX, 0, 17],
        "kernel_size": [*NO_INDEX, 1, 4, 9],
        "optimizer": NO_WORD,
        "lr": [*NO_NUMBER, 0, -0.1, 0.4],
        "epochs": [*NO_INDEX, 0, 21],
        "seed": NO_INDEX,
        "step": NO_INDEX,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"filters": 16, "kernel_size": 3, "step": 3},
        {"optimizer": "SGD", "lr": 0.3, "epochs": 1, "step": HUGE},
        {"lr": 0.3, "filters": 4, "seed": 5, "step": 2},
    ],
    company={"optimizer": {"step": 1}, "lr": {"step": 1}},
    unseen=("panel", "controls"),
)
