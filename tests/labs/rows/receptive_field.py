import numpy as np

from cnnlab.labs import ReceptiveFieldLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_WORD, NO_WORDS, Row

RECEPTIVE_FIELD = Row(
    ReceptiveFieldLab,
    good={
        "layers": ["ten 3 × 3", "conv 5x5 stride 2; relu; average pool 2x2", "max pool 3x3 padding 1", "VGG blocks"],
        "photo": ["coffee", "rocket"],
        "size": [16, 100, 256, np.int64(32)],
        "weights": ["random", "equal"],
        "seed": [1, 999, HUGE],
        "layer": [0, 1, 2, HUGE, None],
        "row": [0, 57, HUGE, None],
        "col": [0, 57, HUGE, None],
        "show": ["box", "effective", "both"],
        "panel": ["code"],
        "controls": ["layers layer", ""],
    },
    bad={
        "layers": ["nonsense", "", "conv 3", "dense 10", "conv 3x3 stride 0", "conv 99x99", "conv 33x33; conv 33x33",
                   "max pool 2x2 padding 2", "; ".join(["conv 1x1"] * 11), "conv 3x3 dilation 32", None, 3],
        "photo": ["nonsense", "", "missing.png", None, 3, np.zeros((4, 4))],
        "size": [*NO_INDEX, 0, 15, 257, HUGE],
        "weights": NO_WORD,
        "seed": NO_INDEX,
        "layer": [n for n in NO_INDEX if n is not None],
        "row": [n for n in NO_INDEX if n is not None],
        "col": [n for n in NO_INDEX if n is not None],
        "show": NO_WORD,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"layers": "ten 3 × 3", "weights": "random"},
        {"layers": "VGG blocks", "row": 0, "col": 15},
        {"layers": "ResNet stem", "size": 256, "row": 63, "col": 0, "show": "box"},
        {"layers": "dilated 1, 2, 4", "layer": 2, "show": "effective"},
        {"layers": "; ".join(["average pool 2x2"] * 5), "row": 1, "col": 1},
        {"layers": "; ".join(["conv 3x3 padding 1; average pool 2x2"] * 5), "size": 96, "row": 0},
        {"layers": "conv 1x1 stride 4; conv 11x11 padding same; conv 4x4 padding same", "layer": 1, "row": 0, "col": 0},
        {"layers": "conv 2x2 padding 9", "row": 0, "col": 0},
        {"layer": 0, "row": 63, "col": 63},
    ],
    company={"seed": {"weights": "random"}, "weights": {"layers": "ten 3 × 3"}},
    unseen=("panel", "controls"),
    called={"layers": "layer", "photo": "missing.png"},
)  # fmt: skip
