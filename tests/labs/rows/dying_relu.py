from cnnlab.labs import DyingReLULab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

DYING_RELU = Row(
    DyingReLULab,
    good={
        "activation": ["leaky_relu"],
        "beside": ["leaky_relu", "relu"],
        "learning_rate": [0.01, 0.2, 1],
        "negative_slope": [0, 1],
        "w": [-5, 0, 5],
        "b": [-5, 0, 5],
        "step": [1, 60, HUGE],
        "walk": FLAG,
        "panel": ["code"],
        "controls": ["learning_rate", ""],
    },
    bad={
        "activation": NO_WORD,
        "beside": ["nonsense", None, 3],
        "learning_rate": [*NO_NUMBER, 0, 1.1],
        "negative_slope": [*NO_NUMBER, -0.1, 1.5],
        "w": [*NO_NUMBER, -6, 5.5],
        "b": [*NO_NUMBER, -6, 5.5],
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"step": 1, "beside": "leaky_relu"},
        {"activation": "leaky_relu", "learning_rate": 1, "w": -5, "b": 5, "step": 60},
        {"learning_rate": 0.2, "walk": True, "step": 7, "beside": "leaky_relu"},
        {"w": 0, "b": -5},
        {"w": 5, "b": 5, "activation": "leaky_relu", "negative_slope": 1, "learning_rate": 1, "step": 59},
    ],
    company={"negative_slope": {"activation": "leaky_relu", "step": 2}, "walk": {"step": 3}},
    unseen=("panel", "controls"),
)
