import numpy as np

from cnnlab.labs import ShapesLab
from tests.labs.rows.row import FLAG, HUGE, NO_FLAG, NO_INDEX, NO_WORD, NO_WORDS, Row

SHAPES = Row(
    ShapesLab,
    good={
        "dimensions": [1, np.int64(2)],
        "n": [1, 12, 32, 64, np.int64(512)],
        "kernel_size": [1, 2, 7],
        "padding": [0, 2, 6, "valid", "same"],
        "padding_mode": ["reflect", "replicate", "circular"],
        "stride": [2, 5, 9],
        "dilation": [2, 3],
        "transposed": FLAG,
        "output_padding": [1],
        "show": ["usage"],
        "step": [1, 7, 24, HUGE],
        "walk": FLAG,
        "panel": ["code"],
        "controls": ["n stride step", ""],
    },
    bad={
        "dimensions": [*NO_INDEX, 0, 3, HUGE],
        "n": [*NO_INDEX, 0, 513, HUGE],
        "kernel_size": [*NO_INDEX, 0, 9, 17, HUGE],
        "padding": [-1, "wide", "", None, 0.5, True, 513, 10**9],
        "padding_mode": NO_WORD,
        "stride": [*NO_INDEX, 0, HUGE],
        "dilation": [*NO_INDEX, 0, 40, HUGE],
        "transposed": NO_FLAG,
        "output_padding": [*NO_INDEX, 2, HUGE],
        "show": NO_WORD,
        "step": NO_INDEX,
        "walk": NO_FLAG,
        "panel": NO_WORD[:1],
        "controls": NO_WORDS,
    },
    looks=[
        {"n": 7, "dilation": 2, "stride": 2, "padding": 2, "padding_mode": "reflect", "step": 1},
        {"show": "usage", "n": 12, "padding": "same", "kernel_size": 4, "step": 60},
        {"n": 64, "stride": 5, "dilation": 3, "show": "usage", "walk": True, "step": 40},
        {"n": 12, "kernel_size": 7, "stride": 3, "padding": 0, "step": 3},
        {"transposed": True, "n": 3, "stride": 2, "output_padding": 1, "step": 4},
        {"transposed": True, "n": 8, "stride": 3, "kernel_size": 2, "padding": 0, "show": "usage", "walk": True},
        {"dimensions": 1, "n": 9, "padding": 3, "padding_mode": "circular", "kernel_size": 7, "step": 8},
        {"dimensions": 1, "n": 512, "padding": 6, "kernel_size": 16, "dilation": 4, "stride": 3, "walk": True},
        {"dimensions": 1, "n": 6, "transposed": True, "stride": 2, "output_padding": 1, "show": "usage"},
        {"dimensions": 1, "n": 30, "stride": 4, "padding": 0, "padding_mode": "replicate", "step": 5},
    ],
    company={
        "padding_mode": {"padding": 2},
        "output_padding": {"transposed": True, "stride": 2},
        "walk": {"step": 3},
    },
    unseen=("panel", "controls"),
    called={"kernel_size": "kernel", "dilation": "kernel covers"},
)
