import numpy as np

from cnnlab.labs import NormPlacementLab
from tests.labs.rows.row import NO_NUMBER, NO_WORDS, Row

NORM_PLACEMENT = Row(
    NormPlacementLab,
    good={
        "layer_bias": [0, 3.5, -6, np.float64(6)],
        "spread": [0.1, 3, 2],
        "gamma": [-1, 0, 4],
        "beta": [-4, 1.5],
        "panel": ["code"],
        "controls": ["layer_bias", ""],
    },
    bad={
        "layer_bias": [*NO_NUMBER, -7, 6.1],
        "spread": [*NO_NUMBER, 0, 4],
        "gamma": [*NO_NUMBER, 5],
        "beta": [*NO_NUMBER, -5],
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"layer_bias": -6, "beta": 1.25},
        {"layer_bias": 6, "spread": 3, "gamma": 4, "beta": -3.75},
        {"layer_bias": 0.3, "spread": 0.1, "gamma": -2.25},
    ],
    company={},
    unseen=("panel", "controls"),
)
