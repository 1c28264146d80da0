"""The graph lab: an expression as a graph, every value forward and every gradient backward."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.graph import GraphPicture
from cnnlab.labs.base import Event
from cnnlab.labs.chain_rule import ChainRule
from cnnlab.labs.controls import sized
from cnnlab.labs.graph_text import EXAMPLES, all_values, as_text, given, learned, torch_code, typed
from cnnlab.labs.numbers import parse_number
from cnnlab.labs.settings import Settings, number, setting, words
from cnnlab.traces.expressions import variables
from cnnlab.traces.graph import graph_of
from cnnlab.traces.graph_walk import GraphWalk, Stop, descend

CONTROLS = ("example", "expression", "learning_rate", "panel")
OWN = "(your own)"


class GraphLab(ChainRule[GraphPicture, Stop]):
    """An expression as a graph: values go forward, gradients come backward.

    Settings (all are arguments and traits; a control exists for each):

    - ``expression``: names, numbers, + - * / **, parentheses, exp, log, max, relu, sigmoid, sin, tanh;
      "z = w*x; z**2" names a step on the way.
    - ``values``: the numbers of its names, as "w=2, x=-3" or as a dictionary; in the picture, click a number.
    - ``step``: how far the walk has come: forward value by value, then backward factor by factor.
    - ``walk``: show only what is known by then. ``predict``: ask for each number before it is shown.
    - ``learning_rate``: how far one update goes. ``learn``: the names that it changes, "" for those of the example.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "expression".

    ``lab.trace`` is the :class:`~cnnlab.traces.graph_walk.Stop` that is shown, ``lab.trace.walk.graph`` the graph.
    """

    play_ms = 1500  # each stop is an equation to read

    expression = setting("(a*b + c)**2", typed)
    values = setting("", given)
    learning_rate = setting(0.1, number)
    learn = setting("", typed)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Stop
    current: GraphPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> GraphPicture:
        learned(s.expression, s.learn)  # refuses a name that is not there
        return GraphPicture(GraphWalk(graph_of(s.expression, **all_values(s.expression, s.values))))

    def steps(self, model: GraphPicture) -> int:
        return model.walk.count

    def look(self, model: GraphPicture, s: Settings) -> Stop:
        return model.walk.at(self.position(model, s))

    def draw(self, model: GraphPicture, trace: Stop, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk or s.predict, self.is_asking(trace, s), frame)

    def numbers(self, trace: Stop, s: Settings) -> str:
        if s.walk or s.predict:  # the rest is still to come
            return "\n".join(trace.lines(self.is_asking(trace, s)))
        graph = trace.walk.graph
        values = (
            str(node.equation or f"{node.name} = {node.value:g}") for node in graph.nodes if node.operation != "number"
        )
        return "\n".join([*values, *(str(graph.gradient(name)) for name in graph.gradients)])

    # ---- what a person does ------------------------------------------------------------------------------------------

    def question(self, trace: Stop) -> int:
        return trace.index

    def pointed(self, event: Event) -> None:
        what, _, name = str(event.get("grid", "")).partition(" ")
        walk = self.trace.walk
        if name not in walk.graph.names:
            return
        if event["kind"] == "edit" and what == "value":
            self.write(name, parse_number(event["text"], name))
        elif event["kind"] == "choose" and what in ("node", "gradient"):
            forward = what == "node" and event["row"] == 0
            place = walk.index_of_value(name) if forward else walk.index_of_gradient(name)
            if place is not None:
                self.stay_at(step=place)

    def write(self, name: str, value: float) -> None:
        """Give a name another number."""
        s = self.drawn
        if name in variables(s.expression):
            self.values = as_text(all_values(s.expression, s.values) | {name: value})

    def update(self) -> None:
        """One step of gradient descent: each learned number less learning rate times its gradient."""
        s = self.checked()
        done = descend(s.expression, self.trace.walk.graph, s.learning_rate, learned(s.expression, s.learn))
        self.values = as_text(done.values)
        if not self.error:
            self.feedback(done.says(), "right")

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the same expression; autograd does the walk back."""
        return torch_code(self.drawn.expression, all_values(self.drawn.expression, self.drawn.values))

    def check_with_torch(self) -> float:
        """Compare the result and the gradients of all names with PyTorch's: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        graph = self.trace.walk.graph
        ours = [graph.output.value, *(graph.gradients[name] for name in variables(self.drawn.expression))]
        return float(np.abs(run_torch_code(self.torch_code()) - ours).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        text = widgets.Text(continuous_update=False, description="expression", **sized(300))
        self.example_box = widgets.Dropdown(options=[*EXAMPLES, OWN], description="example", **sized(245))
        self.example_box.observe(self.guarded(lambda change: self._take_example(change["new"])), "value")
        boxes = {"example": self.example_box, "expression": self.control("expression", text)}
        return self.column(boxes, "number", panel=120)

    def _take_example(self, name: str) -> None:
        if name in EXAMPLES and not self.is_quiet(self.example_box):
            with self.hold():
                self.expression, self.values, self.learn, self.step = name, "", "", 0

    def after_frame(self, trace: Stop, s: Settings) -> None:
        super().after_frame(trace, s)
        self.put(self.example_box, s.expression if s.expression in EXAMPLES else OWN)
