import numpy as np

from cnnlab.labs import GraphLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORDS, Row

GRAPH = Row(
    GraphLab,
    good={
        "expression": ["x*x + 3*x", "relu(w*x + b)", "z = a·b; −z^2 / c", "max(a, 0) - sigmoid(b)", "a", "3"],
        "values": ["a=4", "a=1/2, b=−3; c=0", {"a": 2, "c": np.float64(-1)}, "unused=3", ""],
        "learning_rate": [1, 0, -0.5],
        "learn": ["a", "b c"],
        "step": [1, 4, 8, HUGE],
        "walk": FLAG,
        "predict": FLAG,
        "panel": ["code"],
        "controls": ["expression", ""],
    },
    bad={
        "expression": [
            "",
            "a*",
            "1 / 0",
            "log(-1)",
            "print(a)",
            "a if b else c",
            None,
            3,
            "+".join("abcdefghijklmnop"),
        ],
        "values": ["nonsense", "a=", "a=x", "a=1/0", "a 2", None, 3, {"a": "two"}, {"a": np.nan}, {3: 4}, [1.0]],
        "learning_rate": NO_NUMBER,
        "learn": ["z", None, 3],
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "predict": NO_FLAG,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"expression": "x*x + 3*x", "step": 9},
        {"expression": "(w*x + b - y)**2 / 2", "step": 8, "walk": True},
        {"expression": "log(sigmoid(w*x + b))", "step": 6, "predict": True},
        {"expression": "a = sigmoid(z); -(y*log(a) + (1 - y)*log(1 - a))", "step": HUGE},
        {"expression": "max(a, b)*(a + b)", "values": "a=-0.123456, b=1e9", "step": 8},
        {"expression": "3"},
    ],
    company={"walk": {"step": 3}},
    unseen=("learning_rate", "learn", "panel", "controls"),
    called={"expression": r"expression|cannot read|division|log needs|function"},
)
