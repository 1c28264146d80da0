"""Where the nodes of a small graph stand: in columns from left to right, each to the right of all its inputs.

Source: Sugiyama, Tagawa, Toda, Methods for visual understanding of hierarchical system structures (1981), IEEE
Transactions on Systems, Man, and Cybernetics 11 (2); here with a few sweeps, which is enough for a dozen nodes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 12
BESIDE_LINE = 0.8
"""Rows between a node and a line that passes it; between two nodes it is one row."""

Key = str | tuple[str, str, int]
"""A node by its name, or the place where the edge of two nodes passes a column."""


@dataclass(frozen=True)
class Layout:
    """Column and row of each node; the rows are centered on 0. `bends` are the places where an edge passes columns
    between its ends, from left to right."""

    places: Mapping[str, tuple[int, float]]
    bends: Mapping[tuple[str, str], tuple[tuple[int, float], ...]]

    @property
    def columns(self) -> int:
        return 1 + max(column for column, _ in self.places.values())

    @property
    def top(self) -> float:
        return min(row for _, row in self._all())

    @property
    def bottom(self) -> float:
        return max(row for _, row in self._all())

    def _all(self) -> list[tuple[int, float]]:
        return [*self.places.values(), *(place for way in self.bends.values() for place in way)]


def layout(nodes: Sequence[tuple[str, Sequence[str]]]) -> Layout:
    """The layout of nodes given as (name, names of its inputs), each after its inputs."""
    column = _columns(nodes)
    edges = list(dict.fromkeys((source, name) for name, inputs in nodes for source in inputs))
    ways: dict[tuple[str, str], list[Key]] = {}
    neighbors: dict[Key, list[Key]] = {name: [] for name, _ in nodes}
    members: list[list[Key]] = [[] for _ in range(1 + max(column.values()))]
    for name, _ in nodes:
        members[column[name]].append(name)
    for source, target in edges:
        between: list[Key] = [(source, target, c) for c in range(column[source] + 1, column[target])]
        ways[source, target] = between
        for c, key in zip(range(column[source] + 1, column[target]), between, strict=True):
            members[c].append(key)
            neighbors[key] = []
        chain: list[Key] = [source, *between, target]
        for one, other in pairwise(chain):
            neighbors[one].append(other)
            neighbors[other].append(one)
    rows = _rows(members, neighbors)
    places = {name: (column[name], rows[name]) for name, _ in nodes}
    bends = {
        edge: tuple((column[edge[0]] + 1 + i, rows[key]) for i, key in enumerate(way)) for edge, way in ways.items()
    }
    return Layout(places, bends)


def _columns(nodes: Sequence[tuple[str, Sequence[str]]]) -> dict[str, int]:
    """A computed node stands right of all its inputs; what is given stands just left of its first use."""
    column: dict[str, int] = {}
    for name, inputs in nodes:
        column[name] = 1 + max((column[i] for i in inputs), default=-1)
    for name, inputs in nodes:
        users = [column[user] for user, used in nodes if name in used]
        if not inputs and users:
            column[name] = min(users) - 1
    return column


def _rows(members: list[list[Key]], neighbors: Mapping[Key, Sequence[Key]]) -> dict[Key, float]:
    """Every key near the middle of its neighbors, and none on another."""
    rows: dict[Key, float] = {}
    for keys in members:
        rows |= {key: i - (len(keys) - 1) / 2 for i, key in enumerate(keys)}
    for sweep in range(SWEEPS):
        for keys in members if sweep % 2 == 0 else members[::-1]:
            wanted = {key: _mean([rows[other] for other in neighbors[key]] or [rows[key]]) for key in keys}
            keys.sort(key=lambda key: (wanted[key], rows[key]))
            rows |= _apart(keys, wanted)
    middle = (min(rows.values()) + max(rows.values())) / 2
    return {key: row - middle for key, row in rows.items()}


def _apart(keys: Sequence[Key], wanted: Mapping[Key, float]) -> dict[Key, float]:
    """The wanted rows, pushed apart where they are too close, their mean kept."""
    rows: dict[Key, float] = {}
    for before, key in zip([None, *keys], keys, strict=False):
        space = 1.0 if isinstance(before, str) and isinstance(key, str) else BESIDE_LINE
        rows[key] = wanted[key] if before is None else max(wanted[key], rows[before] + space)
    shift = _mean([wanted[key] - rows[key] for key in keys])
    return {key: row + shift for key, row in rows.items()}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
