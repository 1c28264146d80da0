"""Labs in which a place is pointed at: it is looked at for as long as the pointer is there, and a click stays."""

from typing import Any, TypeVar

from cnnlab.labs.base import Event, Lab

Model = TypeVar("Model")
Trace = TypeVar("Trace")


class Pointing(Lab[Model, Trace]):
    """A lab that knows what is pointed at, ``_hovered``: a place in the lab's own terms, None for nothing."""

    def __init__(self, **given: Any) -> None:
        self._hovered: Any = None
        super().__init__(**given)

    def on_change(self, name: str) -> None:
        """Whatever is changed, by hand or by code, is to be seen where the settings say."""
        self._hovered = None

    def point_at(self, place: Any) -> None:
        """Look at a place for as long as it is pointed at; None is where the settings say."""
        self._hovered = place
        self.refresh()

    def stay_at(self, **settings: Any) -> None:
        """Leave the lab at the place that these settings say, in one picture."""
        with self.hold():
            self._hovered = None
            for name, value in settings.items():
                setattr(self, name, value)
            self.refresh()  # also where only a setting that was refused, or what is pointed at, goes

    def point_at_cell(self, event: Event) -> None:
        """The cell (row, col) under the pointer is looked at; a click leaves ``row`` and ``col`` there."""
        kind = event["kind"]
        if kind == "pin":
            self.stay_at(row=event["row"], col=event["col"])
        elif kind in ("hover", "leave"):
            self.point_at((event["row"], event["col"]) if kind == "hover" else None)

    def point_at_layer(self, event: Event) -> None:
        """The layer under the pointer, in a grid of that name, is looked at; a click leaves ``layer`` there."""
        if event["kind"] == "leave":
            self.point_at(None)
        elif event["kind"] in ("hover", "pin") and event["grid"] == "layer":
            if event["kind"] == "pin":
                self.stay_at(layer=event["col"])
            else:
                self.point_at(event["col"])
