"""The quiz: the slides' numbers, new ones that are right by the ops, and wrong answers that are understood."""

from typing import Any

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.exercises import TOPICS, answer, question
from cnnlab.exercises.quiz import read
from tests.worked import example

SEEDS = range(1, 60)
ALL = pytest.mark.parametrize("topic", TOPICS)


def shape_of(expect: dict[str, Any]) -> Any:
    return next(tuple(value) for key, value in expect.items() if key.startswith("shape"))


DECK = {
    "output shape": lambda e: shape_of(e),
    "stride": lambda e: shape_of(e),
    "one filter": lambda e: shape_of(e),
    "kernel depth": lambda e: (e["kernel_depth"], e["kernels"]),
    "batch": lambda e: shape_of(e),
    "conv parameters": lambda e: e["params"],
    "dense parameters": lambda e: e["params"],
    "pooling": lambda e: shape_of(e),
    "two layers": lambda e: tuple(e["sizes"]),
    "network parameters": lambda e: e["total"],
}


@ALL
def test_seed_0_is_the_question_of_the_slide(topic: str) -> None:
    assert TOPICS[topic].question(0).answer == DECK[topic](example(TOPICS[topic].source)["expect"])


def by_the_ops(topic: str, numbers: dict[str, int]) -> Any:
    """The answer, by running the layers."""
    n = numbers
    if topic in ("output shape", "stride", "one filter"):
        x, w = np.zeros((n["c"], n["n"], n["n"]), "f4"), np.zeros((n["filters"], n["c"], n["k"], n["k"]), "f4")
        return channels_last(ops.conv2d(x, w, stride=n["s"], padding=n["p"]).shape)
    if topic == "batch":
        x = np.zeros((n["batch"], n["c"], n["n"], n["n"]), "f4")
        w = np.zeros((n["filters"], n["c"], n["k"], n["k"]), "f4")
        return channels_last(ops.conv2d(x, w, padding="same").shape)
    if topic == "pooling":
        windows = ops.sliding_windows(np.zeros((n["c"], n["n"], n["n"])), n["k"], n["s"])
        return channels_last(windows.shape[:3])
    if topic == "two layers":
        x = ops.conv2d(np.zeros((1, n["n"], n["n"])), np.zeros((1, 1, n["k"], n["k"])), padding=n["p"])
        return x.shape[1], ops.sliding_windows(x, n["pool"], n["pool"]).shape[1]
    conv = [(n["filters"], n["c"], n["k"])] if "filters" in n else []
    if topic == "network parameters":
        conv = [(n["first"], n["c"], n["k"]), (n["second"], n["first"], n["k"])]
    if topic == "kernel depth":
        weight = np.zeros((n["filters"], n["c"], n["k"], n["k"]))
        return weight.shape[1], weight.shape[0]
    layers = [np.zeros((f, c, k, k)).size + f for f, c, k in conv]
    return sum(layers) + (np.zeros((n["units"], n["inputs"])).size + n["units"] if "units" in n else 0)


def channels_last(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*shape[:-3], shape[-2], shape[-1], shape[-3])


@ALL
def test_the_answer_is_what_the_layers_give_for_any_numbers(topic: str) -> None:
    for seed in (0, 1, 2, 3, 4, 5):
        t = TOPICS[topic]
        numbers = dict(t.deck if seed == 0 else t.draw(np.random.default_rng(seed)))
        assert t.question(seed).answer == by_the_ops(topic, numbers)


@ALL
def test_every_seed_has_its_own_question_the_same_each_time(topic: str) -> None:
    texts = [str(question(topic, seed)) for seed in SEEDS]
    assert len(set(texts)) > 5
    assert texts == [str(question(topic, seed)) for seed in SEEDS]


@ALL
def test_the_right_answer_is_right_and_comes_with_its_reasoning(topic: str) -> None:
    for seed in SEEDS:
        asked = TOPICS[topic].question(seed)
        said = answer(topic, asked.answer, seed)
        assert said and asked.reason() in str(said)


@ALL
def test_a_known_wrong_answer_is_understood(topic: str) -> None:
    understood = set()
    for seed in SEEDS:
        asked = TOPICS[topic].question(seed)
        for wrong, sentence in asked.mistakes:
            if wrong != asked.answer:
                said = answer(topic, wrong, seed)
                assert not said and sentence in str(said) and asked.reason() in str(said)
                understood.add(sentence)
    assert len(understood) >= 3


@ALL
def test_any_other_number_is_wrong(topic: str) -> None:
    asked = TOPICS[topic].question(3)
    off = tuple(n + 1000 for n in asked.answer) if isinstance(asked.answer, tuple) else asked.answer + 1000
    assert not answer(topic, off, 3)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("31 x 31 x 32", (31, 31, 32)),
        ("31×31×32", (31, 31, 32)),
        ("(31, 31, 32)", (31, 31, 32)),
        ([31, 31, 32], (31, 31, 32)),
        (np.array([31.0, 31.0, 32.0]), (31, 31, 32)),
        (" 896 ", 896),
        ("896.0", 896),
        ("896 parameters", 896),
        (896.0, 896),
        (np.int64(896), 896),
        ("−3", -3),
        ("", None),
        ("about 30", None),
        (30.5, None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_answers_are_read_as_people_write_them(given: Any, value: Any) -> None:
    assert read(given) == value


def test_a_comma_may_part_thousands_where_one_number_is_asked_for() -> None:
    assert answer("network parameters", "10,218")
    assert answer("two layers", "64,32")


@pytest.mark.parametrize(
    ("topic", "given", "words"),
    [
        ("stride", "thirty", "The answer is 3 whole numbers, such as 7 x 7 x 7, but your answer is 'thirty'."),
        ("stride", 31, "The answer is 3 whole numbers, such as 7 x 7 x 7, but your answer is 31."),
        ("kernel depth", 64, "The answer is 2 whole numbers, such as 7, 7"),
        ("conv parameters", (3, 3), "The answer is a whole number, but your answer is 3, 3."),
    ],
)
def test_what_is_no_answer_to_the_question_is_said_without_giving_it_away(topic: str, given: Any, words: str) -> None:
    said = str(answer(topic, given))
    assert words in said
    assert TOPICS[topic].question().reason() not in said


def test_no_answer_yet_and_unknown_topics_are_answered_kindly() -> None:
    assert str(answer("stride", None)) == "○ Not answered yet."
    assert str(answer("strides", 3)).startswith("There is no 'strides'. There are: 'output shape'")
    assert str(question("strides")).startswith("There is no 'strides'.")
