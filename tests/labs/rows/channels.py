import numpy as np

from cnnlab.labs import ChannelsLab
from tests.labs.looking import numbers
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_NUMBER, NO_WORD, NO_WORDS, Row

CHANNELS = Row(
    ChannelsLab,
    good={
        "photo": ["coffee", numbers(4, 5, 3).clip(0), np.full((2, 2, 3), 7, np.uint8)],
        "red": [0, 0.5, 2, 1e6],
        "green": [0.0, 1.5],
        "blue": [0, np.float32(0.25)],
        "brightness": [-200, 12.5, 60],
        "gray": ["mean", "red only", "0.3 0.6 0.1"],
        "view": ["R", "G", "B", "gray"],
        "tint": FLAG,
        "row": [0, 10, 255, HUGE],
        "col": [0, 10, 255, HUGE],
        "controls": ["photo view", ""],
    },
    bad={
        "photo": ["nonsense", "", "missing.png", None, 3, np.zeros((4, 4)), np.zeros((0, 0, 3)), "photo.txt"],
        "red": [*NO_NUMBER, -0.5],
        "green": [*NO_NUMBER, -0.5],
        "blue": [*NO_NUMBER, -0.5],
        "brightness": NO_NUMBER,
        "gray": ["sepia", "", "1 2", "a b c", "0.3 nan 0.1"],
        "view": NO_WORD,
        "tint": NO_FLAG,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "controls": NO_WORDS,
    },
    looks=[
        {"photo": "coffee", "row": 0, "col": 255, "view": "G", "tint": True},
        {"red": 2, "green": 0.35, "blue": 1.95, "brightness": -123, "row": 40, "col": 100},
        {"brightness": 200, "gray": "0.3 0.6 0.1", "view": "gray", "row": 60},
        {"photo": "camera", "view": "R"},
    ],
    company={"tint": {"view": "R"}, "gray": {"row": 40, "col": 100}},
    unseen=("controls",),
    called={"photo": "missing.png"},
)
