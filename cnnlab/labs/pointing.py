"""Labs in which a place is pointed at: it is looked at for as long as the pointer is there, and a click stays."""

from typing import Any, TypeVar

from cnnlab.labs.base import Lab

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
