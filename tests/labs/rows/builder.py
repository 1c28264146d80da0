from cnnlab.labs import BuilderLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_WORD, NO_WORDS, Row

BUILDER = Row(
    BuilderLab,
    good={
        "layers": ["VGG16", "four mistakes", "conv 4 3x3; relu", "dense 3", "", "any size"],
        "input": ["3 x 20 x 24", "7", (1, 9, 9), [2, 30, 30], "1×40×40"],
        "picture": ["cat"],
        "seed": [1, HUGE],
        "layer": [0, 3, 7, HUGE],
        "channel": [2, HUGE],
        "batch": [32, 4096],
        "view": ["blocks"],
        "walk": FLAG,
        "panel": ["type", "code"],
        "controls": ["network layer", "edit", ""],
    },
    bad={
        "layers": ["convolute", "conv 8", "dense", "relu 3", "conv 8 3x5", "max pool 2x2 stride 0", None, 3],
        "input": ["1 x 32", "0 x 3 x 3", "a", None, 1.5, (1, 2), (1, 5000, 5), "-3", [1, 2.5, 3], [[1], [2], [3]]],
        "picture": NO_WORD,
        "seed": NO_INDEX,
        "layer": NO_INDEX,
        "channel": NO_INDEX,
        "batch": [*NO_INDEX, 0, 5000],
        "view": NO_WORD,
        "walk": NO_FLAG,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"layers": "VGG16", "layer": 20, "batch": 32},
        {"layers": "four mistakes", "layer": 3, "channel": 4},
        {"layers": "LeNet-5", "layer": 8, "seed": 3},
        {"layers": "conv and pool", "picture": "cat", "layer": 2, "channel": 15},
        {"layers": "any size", "input": "3 x 60 x 40", "picture": "rocket", "layer": 0, "channel": 2},
        {"layers": "exam", "walk": True, "layer": 5},
        {"layers": "exam", "view": "blocks", "layer": 3},
        {"layers": "VGG16", "view": "blocks", "layer": 14},
        {"layers": "four mistakes", "view": "blocks", "layer": 5, "walk": True},
        {
            "layers": "conv 16 11x11 stride 2 padding 1 dilation 2 from 3; leaky relu; dropout 0.25; batch norm;"
            "softmax; conv 8 1x1; conv 8 1x1;" + "conv 8 3x3 padding 1; average pool 2x2 stride 1;" * 12,
            "input": "3 x 60 x 50",
            "layer": 28,
        },
        {"layers": "flatten; dense 20; dense 9; conv 3 3x3; relu", "layer": 2},
        {"layers": "conv 999999999 99x99 padding 99; flatten; dense 9", "input": "4096 x 4096 x 4096", "batch": 4096},
    ],
    company={"channel": {"layer": 1}, "walk": {"layer": 2}},
    unseen=("panel", "controls"),
    called={"layers": "layer"},
)  # fmt: skip
