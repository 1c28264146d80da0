import numpy as np

from cnnlab.labs import GradientFlowLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_WORD, NO_WORDS, Row

GRADIENT_FLOW = Row(
    GradientFlowLab,
    good={
        "activation": ["tanh", "relu", "leaky_relu", "none"],
        "init": ["zeros", "small", "normal", "he", "torch"],
        "batch_norm": FLAG,
        "residual": FLAG,
        "depth": [1, 50, np.int64(7)],
        "beside": ["sigmoid and ReLU", "", "relu he; relu he residual batch_norm", "  none zeros ;", "nothing"],
        "gradient": ["weights"],
        "seed": [1, HUGE],
        "layer": [0, 1, HUGE],
        "panel": ["code"],
        "controls": ["activation depth", ""],
    },
    bad={
        "activation": NO_WORD,
        "init": NO_WORD,
        "batch_norm": NO_FLAG,
        "residual": NO_FLAG,
        "depth": [*NO_INDEX, 0, 51, HUGE],
        "beside": ["nonsense", None, 3, "relu", "he", "relu he relu", "relu he; tanh he; none he"],
        "gradient": NO_WORD,
        "seed": NO_INDEX,
        "layer": NO_INDEX,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"activation": "relu", "init": "he", "batch_norm": True, "beside": "sigmoid and ReLU", "depth": 50},
        {"activation": "sigmoid", "init": "small", "depth": 50, "layer": 0},
        {"activation": "relu", "init": "normal", "residual": True, "depth": 50, "layer": 50, "beside": "tanh zeros"},
        {"activation": "none", "init": "zeros", "depth": 1, "gradient": "weights"},
        {
            "activation": "leaky_relu",
            "init": "normal",
            "batch_norm": True,
            "residual": True,
            "depth": 3,
            "beside": "leaky_relu small residual; none torch batch_norm residual",
            "gradient": "weights",
        },
    ],
    unseen=("panel", "controls"),
)
