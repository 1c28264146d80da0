"""Nodes stand to the right of their inputs, none on another, and lines pass beside them."""

import numpy as np
import pytest

from cnnlab.figures.graph_layout import BESIDE_LINE, layout
from cnnlab.labs.graph_text import EXAMPLES, all_values
from cnnlab.traces.graph import graph_of


@pytest.mark.parametrize("expression", EXAMPLES)
def test_columns_go_up_and_rows_keep_apart(expression: str) -> None:
    graph = graph_of(expression, **all_values(expression, {}))
    nodes = [(node.name, node.inputs) for node in graph.nodes]
    found = layout(nodes)
    for name, inputs in nodes:
        assert all(found.places[source][0] < found.places[name][0] for source in inputs)
    columns: dict[int, list[float]] = {}
    for column, row in [*found.places.values(), *(place for way in found.bends.values() for place in way)]:
        columns.setdefault(column, []).append(row)
    for rows in columns.values():
        assert (np.diff(sorted(rows)) >= BESIDE_LINE - 1e-9).all()
    assert found.top == pytest.approx(-found.bottom)


def test_a_line_across_several_columns_has_a_place_in_each() -> None:
    found = layout([("a", []), ("b", ["a"]), ("c", ["b"]), ("d", ["c", "a"])])
    assert [column for column, _ in found.bends["a", "d"]] == [1, 2]
    assert found.bends["a", "b"] == ()
    assert found.columns == 4


def test_what_is_given_stands_just_left_of_its_use() -> None:
    found = layout([("a", []), ("b", ["a"]), ("c", ["b"]), ("late", []), ("d", ["c", "late"])])
    assert found.places["late"][0] == found.places["c"][0]
