"""What a page makes of a number that lies between two steps of a slider.

A slider in the page moves such a number to the next step and sends that back, as if a person had moved it. The setting
is right, and the step is not: a running variance of 6.25 must not become 6.3 because nobody touched its slider.
"""

import math
from collections import deque
from typing import Any

import ipywidgets as widgets

SLIDERS = widgets.FloatSlider | widgets.FloatLogSlider | widgets.IntSlider
SOME = 16
"""Of how many numbers the answers are waited for, at most: without a page none comes."""


class Snapping:
    """Tells the answers of a page from the moves of a person, for one slider."""

    def __init__(self, widget: widgets.ValueWidget) -> None:
        self.widget = widget
        self.waiting: deque[float] = deque(maxlen=SOME)

    def shown(self, value: Any) -> None:
        """The slider is given a number."""
        if self.is_between(value):
            self.waiting.append(value)

    def is_answer(self, new: Any, setting: Any) -> bool:
        """Whether ``new``, from the slider, is no more than a step beside a number that it was given."""
        if self._beside(new, setting):
            self.waiting.clear()
            return True
        for i, value in enumerate(self.waiting):
            if self._beside(new, value):
                for _ in range(i + 1):
                    self.waiting.popleft()
                return True
        self.waiting.clear()
        return False

    def is_between(self, value: Any) -> bool:
        """Whether a number lies between two steps."""
        steps = self._steps(value)
        return steps is not None and abs(steps - round(steps)) > 1e-6

    def _beside(self, new: Any, value: Any) -> bool:
        if not self.is_between(value) or self.is_between(new):
            return False
        there, here = self._steps(new), self._steps(value)
        return there is not None and here is not None and abs(there - here) <= 0.5 + 1e-6

    def _steps(self, value: Any) -> float | None:
        """How many steps a number is from the left end."""
        if not isinstance(self.widget, SLIDERS):
            return None
        place = on_scale(self.widget, value)
        if not self.widget.step or place is None:
            return None
        try:
            steps = (place - self.widget.min) / self.widget.step
        except OverflowError:  # a number of hundreds of digits
            return None
        return steps if math.isfinite(steps) else None


def on_scale(widget: widgets.Widget, value: Any) -> float | None:
    """Where a number lies between the ends of a slider; those of a logarithmic one are exponents."""
    if not isinstance(value, int | float):
        return None
    if not isinstance(widget, widgets.FloatLogSlider):
        return value
    return math.log(value, widget.base) if value > 0 else None
