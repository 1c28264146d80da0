import numpy as np

from cnnlab.labs import LearnedKernelLab
from tests.labs.looking import numbers
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

LEARNED_KERNEL = Row(
    LearnedKernelLab,
    good={
        "picture": ["camera", "noise", np.arange(600.0).reshape(20, 30) % 251, np.eye(16, 17, dtype=np.uint8) * 255],
        "target": ["box blur", "signal", "1 0; 0 -1", [[1, -1]], numbers(5, 4)],
        "kernel_size": [1, 2, 5, 7, np.int64(4)],
        "lr": [0.001, 0.12, 0.2, 10, np.float64(0.05)],
        "noise": [0, 0.5, 100],
        "seed": [1, 999, HUGE],
        "updates": [1, 30, 1000],
        "normalize": FLAG,
        "step": [1, 50, 300, HUGE],
        "walk": FLAG,
        "row": [1, 2, HUGE],
        "col": [2, HUGE],
        "reveal": FLAG,
        "panel": ["code"],
        "controls": ["target lr", ""],
    },
    bad={
        "picture": ["nonsense", "", None, 3, np.zeros((64, 64)), np.eye(15) * 9, np.eye(129) * 9, np.eye(20) * 256],
        "target": ["nonsense", "", "1 2; 3", None, 3, np.ones((8, 8)), [[101.0]], [[np.nan]], np.ones((1, 3, 3))],
        "kernel_size": [*NO_INDEX, 0, 8, HUGE],
        "lr": [*NO_NUMBER, 0, -0.1, 11],
        "noise": [*NO_NUMBER, -0.1, 101],
        "seed": NO_INDEX,
        "updates": [*NO_INDEX, 0, 1001, HUGE],
        "normalize": NO_FLAG,
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "reveal": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"step": 50, "reveal": True, "row": 1, "col": 2},
        {"picture": "noise", "step": 20, "updates": 30, "reveal": True},
        {"lr": 0.2, "step": 7, "walk": True},
        {"lr": 10, "step": 3, "picture": "rocket"},
        {"kernel_size": 5, "lr": 0.03, "target": "corner", "step": 60, "reveal": True, "normalize": False},
        {"kernel_size": 7, "lr": 0.02, "target": "gaussian 5", "updates": 1000, "step": 900, "reveal": True},
        {"kernel_size": 1, "target": "signal", "noise": 0.5, "step": 300, "reveal": True, "picture": "coffee"},
        {"kernel_size": 3, "target": "gaussian 5", "noise": 0.5, "step": 300, "picture": "astronaut"},
    ],
    company={"walk": {"step": 3}, "row": {"step": 3}},
    unseen=("panel", "controls"),
)
