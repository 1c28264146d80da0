import numpy as np

from cnnlab.labs import DeepActivationsLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

DEEP_ACTIVATIONS = Row(
    DeepActivationsLab,
    good={
        "activation": ["tanh", "relu", "leaky_relu"],
        "beside": ["relu", "sigmoid"],
        "layers": [1, 20, np.int64(7)],
        "gain": [0.5, 3, np.float64(1)],
        "negative_slope": [0, 1],
        "seed": [1, HUGE],
        "layer": [0, 1, HUGE],
        "panel": ["code"],
        "controls": ["activation layers", ""],
    },
    bad={
        "activation": NO_WORD,
        "beside": ["nonsense", None, 3],
        "layers": [*NO_INDEX, 0, 21, HUGE],
        "gain": [*NO_NUMBER, 0.1, 4],
        "negative_slope": [*NO_NUMBER, -0.1, 1.5],
        "seed": NO_INDEX,
        "layer": NO_INDEX,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"layers": 20, "beside": "relu", "layer": 0, "gain": 0.5},
        {"activation": "relu", "layers": 20, "gain": 3, "layer": 20},
        {"activation": "tanh", "layers": 1},
        {"activation": "leaky_relu", "layers": 3, "gain": 2, "negative_slope": 0, "layer": 2, "beside": "tanh"},
    ],
    company={"negative_slope": {"activation": "leaky_relu"}},
    unseen=("panel", "controls"),
)
