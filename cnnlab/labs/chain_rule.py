"""Labs that walk along the chain rule: forward, then back, with an equation, a sentence and a question at each stop."""

from typing import Protocol, TypeVar

import ipywidgets as widgets

from cnnlab.labs.asking import Asking
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, one_of, setting
from cnnlab.traces.equation import Equation


class Stop(Protocol):
    """A stop of the walk; ``asking`` leaves its result out."""

    @property
    def equation(self) -> Equation: ...

    def lines(self, asking: bool = False) -> tuple[str, ...]: ...

    def says(self, asking: bool = False) -> str: ...

    def judge(self, value: float) -> tuple[bool, str]: ...


Model = TypeVar("Model")
Shown = TypeVar("Shown", bound=Stop)


class ChainRule(Asking[Model, Shown]):
    """A walk whose numbers can learn: ``update`` moves them by ``learning_rate`` times their gradients."""

    elsewhere = "see where it comes from"
    """What a click on a number does that was not given."""

    panel = setting("", one_of("", "code"), view=True, recipe=False)

    def status(self, trace: Shown, s: Settings) -> str:
        asking = self.is_asking(trace, s)
        return f"{'; '.join(trace.lines(asking))}. {trace.says(asking)}"

    def hint(self, trace: Shown, s: Settings) -> str:
        if self.is_asking(trace, s):
            return f"Predict {trace.equation.name}: type your answer and press Enter."
        return f"Press next step to walk. Click a given number to change it, any other to {self.elsewhere}."

    def judge(self, trace: Shown, value: float) -> tuple[bool, str]:
        return trace.judge(value)

    def update(self) -> None:
        """One step of gradient descent."""
        raise NotImplementedError

    def torch_code(self) -> str:
        """The same in PyTorch."""
        raise NotImplementedError

    def check_with_torch(self) -> float:
        """The largest difference to what PyTorch computes."""
        raise NotImplementedError

    # ---- controls ----------------------------------------------------------------------------------------------------

    def column(self, boxes: dict[str, widgets.Widget], moves: str, panel: int) -> list[widgets.Widget]:
        """The column of the lab: its own ``boxes``, the update, which ``moves`` something, and the code."""
        rate = widgets.FloatText(step=0.1, description="learning rate", **sized(145))
        panels = widgets.Dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(panel))
        update = self.button("one update", self.update, f"each {moves} less learning rate times its gradient")
        update.layout.width = "100px"
        self.boxes = {
            **boxes,
            "learning_rate": row(self.control("learning_rate", rate), update),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        views = row(*self.step_controls(), *self.asking_controls())
        return [controls, self.note, self.stage, self.plain_picture, views, self.panels.box]

    def after_frame(self, trace: Shown, s: Settings) -> None:
        super().after_frame(trace, s)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
