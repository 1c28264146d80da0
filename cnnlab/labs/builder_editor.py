"""The controls of the builder lab that change a row: its kind and numbers, its place, what stands behind it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from cnnlab.labs.controls import row, sized, visible
from cnnlab.network.stack import LayerSpec
from cnnlab.traces.built import ATTACHED, Built, BuiltRow, new_layers

if TYPE_CHECKING:
    from cnnlab.labs.builder import BuilderLab

NOTHING = "nothing"
KINDS = ("conv", "max pool", "average pool", "global average pool", "batch norm", "flatten", "dense")
FIRST = {
    "conv": LayerSpec("conv", out=8, kernel_size=3),
    "max pool": LayerSpec("max pool", kernel_size=2),
    "average pool": LayerSpec("average pool", kernel_size=2),
    "dense": LayerSpec("dense", out=16),
}
"""How a layer begins whose kind has just been chosen."""
HAS = {
    "out": ("conv", "dense"),
    "kernel_size": ("conv", "max pool", "average pool"),
    "stride": ("conv", "max pool", "average pool"),
    "padding": ("conv", "max pool", "average pool"),
}
"""Which kinds have which of the numbers that can be changed."""
LARGEST_OUT = 99_999


class RowEditor:
    """Controls for the row of a lab that is looked at; ``box`` holds them."""

    def __init__(self, lab: "BuilderLab") -> None:
        self._lab = lab
        small: dict[str, Any] = {"layout": {"width": "40px"}}
        listed = widgets.Dropdown
        self.kind = listed(options=[*KINDS], description="kind", **sized(181))
        self.numbers: dict[str, widgets.ValueWidget] = {
            "out": widgets.BoundedIntText(min=1, max=LARGEST_OUT, description="filters", **sized(104)),
            "kernel_size": listed(options=range(1, 12), description="kernel", **sized(100)),
            "stride": listed(options=range(1, 6), description="stride", **sized(92)),
            "padding": listed(options=[*range(7), "same"], description="padding", **sized(124)),
        }
        self.then = listed(options=[NOTHING, *ATTACHED[:-1]], description="then", **sized(125))
        self.kind.observe(self._taken(self._take_kind), "value")
        self.then.observe(self._taken(self._take_then), "value")
        for name, widget in self.numbers.items():
            widget.observe(self._taken(partial(self._take_number, name)), "value")
        self.buttons = {
            "add": lab.button("add", self._add, "a row behind this one", layout={"width": "50px"}),
            "remove": lab.button("remove", self._remove, "take this row out", layout={"width": "78px"}),
            "up": lab.button("", lambda: self._move(-1), "move this row up", icon="arrow-up", **small),
            "down": lab.button("", lambda: self._move(1), "move this row down", icon="arrow-down", **small),
        }
        buttons = widgets.HBox([*self.buttons.values()])
        self.box = row(self.kind, *self.numbers.values(), self.then, buttons)

    def _taken(self, take: Callable[[Any], None]) -> Callable[..., None]:
        """A callback for the value of a control, which shows the row as it is again where it is refused."""

        def run(change: dict[str, Any]) -> None:
            try:
                take(change["new"])
            except ValueError:
                self.follow(self._lab.trace, self._lab.drawn.layer)
                raise

        return self._lab.guarded(run)

    def follow(self, stack: Built, layer: int) -> None:
        """Show the row that is looked at."""
        at = self._row()
        for widget in (self.kind, self.then, *self.buttons.values()):
            widget.disabled = at is None
        self.buttons["add"].disabled = False
        for name, widget in self.numbers.items():
            visible(widget, at is not None and at.main.kind in HAS[name])
        if at is None:
            return
        self._offer(self.kind, at.main.kind, KINDS)
        self._offer(self.then, at.behind or NOTHING, self.then.options)
        self.numbers["out"].description = "units" if at.main.kind == "dense" else "filters"
        for name in (name for name in self.numbers if at.main.kind in HAS[name]):
            value = getattr(at.main, name)
            options = getattr(self.numbers[name], "options", None)
            self._lab.put(self.numbers[name], value) if options is None else self._offer(
                self.numbers[name], value, options
            )

    def _offer(self, widget: widgets.Dropdown, value: Any, options: Any) -> None:
        """Let a list show a value, which becomes one of its options where it is none."""
        if value not in widget.options:
            self._lab.put(widget, value, options=(*options, value))
        elif value != widget.value:
            self._lab.put(widget, value)

    # ---- what a person does ------------------------------------------------------------------------------------------

    def _row(self) -> BuiltRow | None:
        """The row that is looked at; None for the input."""
        stack, layer = self._lab.trace, self._lab.drawn.layer
        return stack.rows[layer - 1] if layer else None

    def _groups(self) -> list[tuple[LayerSpec, ...]]:
        return [row.specs for row in self._lab.trace.rows]

    def _put_back(self, groups: list[tuple[LayerSpec, ...]], layer: int) -> None:
        self._lab.edit(tuple(spec for group in groups for spec in group), min(max(layer, 0), len(groups)))

    def _change(self, specs: tuple[LayerSpec, ...]) -> None:
        at, groups = self._row(), self._groups()
        if at is not None and specs != at.specs:
            groups[at.index] = specs
            self._put_back(groups, at.index + 1)

    def _take_kind(self, kind: str) -> None:
        at = self._row()
        if at is not None and not self._lab.is_quiet(self.kind) and kind != at.main.kind:
            self._change((FIRST.get(kind) or LayerSpec(kind), *at.specs[1:]))

    def _take_number(self, name: str, value: Any) -> None:
        at = self._row()
        if at is not None and not self._lab.is_quiet(self.numbers[name]) and value != getattr(at.main, name):
            changed = {name: value}
            if name == "kernel_size" and at.main.stride == at.main.changed(stride=0).stride:
                changed["stride"] = 0  # a pool that steps by its own size goes on doing so
            self._change((at.main.changed(**changed), *at.specs[1:]))

    def _take_then(self, kind: str) -> None:
        at = self._row()
        if at is None or self._lab.is_quiet(self.then):
            return
        if kind in (*ATTACHED, NOTHING):  # other texts are what stands there already
            self._change((at.main, *([LayerSpec(kind)] if kind != NOTHING else [])))

    def _add(self) -> None:
        layer, groups = self._lab.drawn.layer, self._groups()
        at = self._row()
        shape = self._lab.trace.input_shape if at is None else at.output_shape or at.input_shape
        groups.insert(layer, new_layers(shape))
        self._put_back(groups, layer + 1)

    def _remove(self) -> None:
        layer, groups = self._lab.drawn.layer, self._groups()
        if layer:
            del groups[layer - 1]
            self._put_back(groups, layer)

    def _move(self, by: int) -> None:
        layer, groups = self._lab.drawn.layer, self._groups()
        if layer and 0 <= layer - 1 + by < len(groups):
            groups[layer - 1], groups[layer - 1 + by] = groups[layer - 1 + by], groups[layer - 1]
            self._put_back(groups, layer + by)
