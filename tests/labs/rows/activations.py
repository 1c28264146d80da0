import numpy as np

from cnnlab.labs import ActivationsLab
from tests.labs.rows.row import NO_NUMBER, NO_WORD, NO_WORDS, Row

ACTIVATIONS = Row(
    ActivationsLab,
    good={
        "activation": ["tanh", "relu", "leaky_relu"],
        "beside": ["relu", "sigmoid", "leaky_relu"],
        "value": [-6, 0, np.float64(5.9)],
        "negative_slope": [0, 0.01, 1],
        "panel": ["code"],
        "controls": ["activation value", ""],
    },
    bad={
        "activation": NO_WORD,
        "beside": ["nonsense", None, 3],
        "value": [*NO_NUMBER, 6.1, -7],
        "negative_slope": [*NO_NUMBER, -0.1, 1.5],
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"value": -6},
        {"activation": "tanh", "beside": "sigmoid", "value": 0},
        {"activation": "relu", "value": 6, "beside": "leaky_relu"},
        {"activation": "leaky_relu", "negative_slope": 1, "value": -6, "beside": "tanh"},
    ],
    company={"negative_slope": {"activation": "leaky_relu"}},
    unseen=("panel", "controls"),
)
