import numpy as np

from cnnlab.labs import ConvBackwardLab
from tests.labs.looking import numbers
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_WORD, NO_WORDS, Row

CONV_BACKWARD = Row(
    ConvBackwardLab,
    good={
        "kind": ["max pool", "average pool", "convolution"],
        "input": ["four by four", "ties", "digit", "1 2 3; 4 5 6; 7 8 9", numbers(6, 4), [[1, 2, 3]] * 3],
        "weight": ["two by two", "sobel x", "1 2; 3 4", [[2]], numbers(5, 2)],
        "grad_output": ["ones", "a single one", "1 2; 3 4", [[1, -1]], numbers(3, 3)],
        "kernel_size": [1, 3, np.int64(4)],
        "stride": [2, 3, np.int64(5)],
        "padding": [1, 2],
        "dilation": [2],
        "step": [1, 5, HUGE],
        "walk": FLAG,
        "focus": ["dx", "dw", "dy"],
        "row": [1, 4, HUGE],
        "col": [2, HUGE],
        "edit_dy": FLAG,
        "check": FLAG,
        "panel": ["code", "type"],
        "controls": ["kind stride", ""],
    },
    bad={
        "kind": NO_WORD,
        "input": ["nonsense", "", "1 2; 3", None, 5, [[1, np.nan]], numbers(9, 3), [["a"]]],
        "weight": ["nonsense", "", "1 2; 3", None, 3, numbers(6, 2), np.full((2, 2), np.inf)],
        "grad_output": ["nonsense", "", "1 2; 3", None, 3, [[np.inf]]],
        "kernel_size": [*NO_INDEX, 0, 6],
        "stride": [*NO_INDEX, 0],
        "padding": [*NO_INDEX, 3],
        "dilation": [*NO_INDEX, 0, 4],
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "focus": NO_WORD,
        "row": NO_INDEX,
        "col": NO_INDEX,
        "edit_dy": NO_FLAG,
        "check": NO_FLAG,
        "panel": ["nonsense", None],
        "controls": NO_WORDS,
    },
    looks=[
        {"padding": 1, "stride": 2, "step": 3, "walk": True, "check": True},
        {"kind": "max pool", "input": "ties", "stride": 2, "step": 1, "check": True},
        {"kind": "average pool", "input": "digit", "padding": 1, "stride": 2, "step": 6},
        {"input": "digit", "weight": "1 2 3 4 5; 0 1 2 3 4; 5 4 3 2 1; 1 0 1 0 1; 2 2 2 2 2", "padding": 2, "step": 9},
        {"focus": "dx", "row": 2, "col": 2, "dilation": 2, "padding": 2},
        {"focus": "dw", "row": 1, "col": 1, "input": "step"},
        {"kind": "max pool", "focus": "dx", "row": 1, "col": 1, "padding": 1, "kernel_size": 3},
    ],
    company={
        "kernel_size": {"kind": "max pool"},
        "walk": {"step": 3},
        "row": {"focus": "dx"},
        "col": {"focus": "dx"},
    },
    unseen=("panel", "controls"),
    called={"dilation": "kernel covers"},
)
