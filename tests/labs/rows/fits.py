import numpy as np

from cnnlab.labs import FitsLab
from tests.labs.rows.row import FLAG, NO_FLAG, NO_WORD, NO_WORDS, Row

FITS = Row(
    FitsLab,
    good={
        "question": ["Q9b", "outlier"],
        "predictions": [
            "fit 2",
            "fit 3",
            [1, 2.5, 3.5],
            "1 2 0.1",
            "y = 1.5x - 1",
            "0,5x",
            "MSE's best line",
            np.array([1.0, 2, 3]),
        ],
        "loss": ["mae"],
        "compare": FLAG,
        "panel": ["code"],
        "controls": ["predictions loss", ""],
    },
    bad={
        "question": NO_WORD,
        "predictions": [
            "fit 4",
            "",
            "1 z",
            "2x + y",
            "9x",
            "1 x x",
            None,
            3,
            [1, 2],
            [1, None, 2],
            [1, np.nan, 2],
            [0, 1, 5.5],
            [-1, 0, 1],
        ],
        "loss": NO_WORD,
        "compare": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"question": "Q9b", "predictions": "fit 3"},
        {"question": "outlier", "predictions": "fit 2", "compare": False},
        {"question": "outlier", "predictions": [-1, 11, -1, 11, -1]},
        {"predictions": [5, 0, 4.9], "loss": "mae"},
        {"predictions": "y = -2.123456x + 6.654321"},
        {"question": "Q9b", "predictions": "MAE's best line", "compare": False},
        {"question": "outlier", "predictions": "MSE's best line", "loss": "mae"},
        {"predictions": [1, 2.5, 3.5]},
    ],
    unseen=("panel", "controls"),
)
