from cnnlab.labs import TasksLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_NUMBER, NO_WORD, Row

TASKS = Row(
    TasksLab,
    good={
        "task": ["detection", "segmentation", "anomaly"],
        "scene": [1, 19, HUGE],
        "brightness": [-16, 4.5, 16],
        "noise": [0, 24],
        "threshold": [-0.5, 1.5],
        "keep": ["all", "single best"],
        "distance": [0, 300],
        "deviations": [0, 10.0],
        "row": [0, 3, HUGE, None],
        "col": [0, 9, HUGE, None],
    },
    bad={
        "task": NO_WORD,
        "scene": NO_INDEX,
        "brightness": NO_NUMBER,
        "noise": [*NO_NUMBER, -1],
        "threshold": NO_NUMBER,
        "keep": NO_WORD,
        "distance": [*NO_NUMBER, -1],
        "deviations": [*NO_NUMBER, -0.5],
        "row": [n for n in NO_INDEX if n is not None],
        "col": [n for n in NO_INDEX if n is not None],
    },
    looks=[
        {"brightness": 16, "noise": 24, "scene": 7, "row": 9},
        {"task": "detection", "keep": "all", "threshold": -0.5, "scene": 3},
        {"task": "detection", "keep": "single best", "scene": 11},
        {"task": "segmentation", "distance": 300, "scene": 2, "row": 0, "col": 0},
        {"task": "anomaly", "deviations": 0, "scene": 5},
    ],
    company={
        "threshold": {"task": "detection"},
        "keep": {"task": "detection", "threshold": -0.5},
        "distance": {"task": "segmentation"},
        "deviations": {"task": "anomaly"},
        "row": {"task": "detection", "col": 3},
        "col": {"task": "detection", "row": 3},
    },
)
