from cnnlab.exercises import TOPICS
from cnnlab.labs import QuizLab
from tests.labs.rows.row import HUGE, NO_INDEX, NO_WORD, Row

QUIZ = Row(
    QuizLab,
    good={"topic": [*TOPICS], "seed": [1, 9999, HUGE]},
    bad={"topic": NO_WORD, "seed": NO_INDEX},
    looks=[{"topic": topic, "seed": seed} for topic, seed in zip(TOPICS, (0, 3, 7, 12, 40), strict=False)],
)
