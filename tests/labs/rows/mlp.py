import numpy as np

from cnnlab.labs import MLPLab
from tests.labs.looking import numbers
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

MLP = Row(
    MLPLab,
    good={
        "loss": ["half_squared_error", "bce"],
        "x": ["0.5; -1", [[3], [1]], np.array([1.0, -2.0]), [0, 0]],
        "y": ["0", [0.5], [[0]]],
        "W1": ["1 1; 1 1; 1 1", numbers(3, 2)],
        "b1": ["1;2;3", [0, 0, 0], numbers(3)],
        "W2": ["0 1 0", [[1, 2, 3]], numbers(1, 3)],
        "b2": ["-1", [4]],
        "step": [1, 4, 10, HUGE],
        "walk": FLAG,
        "predict": FLAG,
        "row": [1, 2, HUGE],
        "col": [1, HUGE],
        "learning_rate": [1, 0, -0.5],
        "panel": ["code"],
        "controls": ["loss", ""],
    },
    bad={
        "loss": NO_WORD,
        "x": ["", "1 x", "1", None, 3, [[1], [np.nan]], [["a"], ["b"]], numbers(3, 1), numbers(2, 9)],
        "y": ["2", "", None, [1, 0], [np.inf], True],
        "W1": ["", None, "1 2", [[1, 2], [3]], numbers(3, 3), numbers(2, 2, 2)],
        "b1": ["1", None, "x", [1, 2], 3],
        "W2": ["1", None, numbers(2, 2), "1 2 x"],
        "b2": ["1; 2", None, 0.5, "", [10**400]],
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "predict": NO_FLAG,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "learning_rate": NO_NUMBER,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"step": 5},
        {"step": 7, "loss": "half_squared_error", "walk": True},
        {"step": 9, "row": 1, "predict": True},
        {"x": "1 -2; 0.123 1", "y": "1 0", "step": 7, "col": 1},
        {"x": "-1000; 1", "step": 5, "W2": "0.0001 -1000 12345"},
        {"x": "1;2;3", "W1": "1 0 0.5; 1 1 -1", "b1": "0;0", "W2": "1 -1; 0.5 2", "b2": "0;1", "y": "1;0", "step": 8},
    ],
    company={"walk": {"step": 3}, "col": {"step": 9}},
    unseen=("learning_rate", "panel", "controls"),
    called={"W1": "W1|W2|x|b1", "W2": "W2|b2|y", "x": "x|W1"},
)
