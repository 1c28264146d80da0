"""A graph's numbers, forward and backward, against PyTorch, central differences and hand-worked sums."""

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnlab.traces.expressions import variables
from cnnlab.traces.graph import graph_of
from cnnlab.traces.scalars import exp, log, maximum, relu, sigmoid, sin, tanh, variable
from tests.traces.calculator import check

# expression, values, the value, the gradients as a person works them out
WORKED = [
    ("relu(w*x + b)", {"w": 2, "x": 3, "b": -1}, 2 * 3 - 1, {"w": 3, "x": 2, "b": 1}),
    ("relu(w*x + b)", {"w": -2, "x": 3, "b": -1}, 0, {"w": 0, "x": 0, "b": 0}),
    ("relu(x)", {"x": 0}, 0, {"x": 0}),
    ("(w*x - y)**2 / 2", {"w": 2, "x": 3, "y": 5}, 0.5, {"w": (2 * 3 - 5) * 3, "x": (2 * 3 - 5) * 2, "y": -1}),
    ("x*x", {"x": -3}, 9, {"x": -3 + -3}),
    ("x*x + 3*x", {"x": 4}, 28, {"x": 4 + 4 + 3}),
    ("x", {"x": 5}, 5, {"x": 1}),
    ("max(a, b)", {"a": 2, "b": 7}, 7, {"a": 0, "b": 1}),
    ("max(a, b)", {"a": 7, "b": 7}, 7, {"a": 0.5, "b": 0.5}),
    ("max(x, x)", {"x": 7}, 7, {"x": 0.5 + 0.5}),
    ("-x**2", {"x": 3}, -9, {"x": -6}),
    ("2**3**x", {"x": 1}, 8, {"x": 8 * math.log(2) * 3 * math.log(3)}),
    ("x / 2 / 5", {"x": 10}, 1, {"x": 0.1}),
    ("a - (b - c)", {"a": 1, "b": 2, "c": 3}, 2, {"a": 1, "b": -1, "c": 1}),
    ("x**0", {"x": 0}, 1, {"x": 0}),
    ("x**2", {"x": -3}, 9, {"x": -6}),
    ("x**y", {"x": 0, "y": 2}, 0, {"x": 0, "y": 0}),
    ("z = w*x\nz*z + z", {"w": 2, "x": 3}, 42, {"w": (6 + 6 + 1) * 3, "x": (6 + 6 + 1) * 2}),
    ("z = w*x; e = z - y; e^2", {"w": 2, "x": 3, "y": 4}, 4, {"w": 2 * 2 * 3, "x": 2 * 2 * 2, "y": -4}),
    ("2·x − 1 × x", {"x": 3}, 3, {"x": 1}),
    ("sigmoid(1000*x)", {"x": 1}, 1, {"x": 0}),
    ("sigmoid(1000*x)", {"x": -1}, 0, {"x": 0}),
    ("3", {}, 3, {}),
]

# expression and values that have no result or no slope, words of the answer
UNDEFINED = [
    ("log(x)", {"x": -2}, r"log needs a number above 0: log\(x\) has no value where x is −2"),
    ("log(x - 3)", {"x": 3}, r"log needs a number above 0: log\(x − 3\) has no value where x − 3 is 0"),
    ("log(-1)", {}, r"log\(−1\) has no value"),
    ("1 / x", {"x": 0}, "1 / x is a division by 0 where x is 0"),
    ("1 / (x - x)", {"x": 2}, r"1 / \(x − x\) is a division by 0 where x − x is 0"),
    ("x**-1", {"x": 0}, r"x\^\(−1\) is a division by 0 where x is 0"),
    ("(-2)**x", {"x": 2}, r"a fixed whole number as its exponent: \(−2\)\^x has none where x is 2"),
    ("x**0.5", {"x": -4}, "a negative number needs a fixed whole number as its exponent"),
    ("x**0.5", {"x": 0}, r"f = x\^0.5 has no slope where x is 0"),
    ("x**y", {"x": 0, "y": 0}, r"f = x\^y has no slope where x is 0 and y is 0"),
    ("0**y", {"y": 0}, r"f = 0\^y has no slope where y is 0"),
    ("exp(x)", {"x": 1000}, r"exp\(x\) is beyond the largest number that a computer holds"),
    ("9**9**9", {}, r"9\^\(9\^9\) is beyond the largest number"),
    ("1e999", {}, "'1e309' is beyond the largest number"),
    ("x*x", {"x": 1e200}, "x·x is beyond the largest number"),
    ("1/x", {"x": 1e-200}, "f = 1 / x has no slope where x is 0"),
    ("1e200 * (1e200 * x)", {"x": 1e-250}, "the gradient of x is beyond the largest number"),
    ("w*x", {"w": 1}, "x has no value: give x a number"),
    ("w*x", {"w": 1, "x": 2, "b": 3}, r"b is given a value, but does not appear in the expression 'w\*x'"),
    ("w", {"w": math.nan}, "w must be a finite number, but is nan"),
    ("w", {"w": "two"}, "w must be a number, but is 'two'"),
]


def of_tensors(function):
    """A function of PyTorch that takes plain numbers too."""
    return lambda *given: function(*(torch.as_tensor(x, dtype=torch.float64) for x in given))


FUNCTIONS = {
    name: of_tensors(getattr(torch, "maximum" if name == "max" else name))
    for name in ("exp", "log", "max", "relu", "sigmoid", "sin", "tanh")
}

CURVES = ["exp", "log", "relu", "sigmoid", "tanh", "sin"]
LEAVES = st.sampled_from(["a", "b", "c", "2", "0.5", "3"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["exp", "log", "relu", "sigmoid", "tanh", "sin"]), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(inner, inner).map("max({0[0]}, {0[1]})".format),
        inner.map("-({})".format),
        inner.map("({})**2".format),
        inner.map("sigmoid({})**1.5".format),
        st.tuples(inner, inner).map("exp({0[0]} / 9)**({0[1]})".format),
    ),
    max_leaves=7,
)
VALUES = st.fixed_dictionaries({name: st.integers(-40, 40).map(lambda n: n / 16 + 1 / 64) for name in "abc"})


def drawn(text, values):
    """The graph of an expression that hypothesis made, where it has one of sensible size."""
    assume(len(text) <= 200)
    try:
        graph = graph_of(text, **{name: values[name] for name in variables(text)})
    except ValueError as error:
        assume("cannot read" in str(error))  # no value or slope there
        raise
    assume(all(abs(v) < 1e6 for v in (*(n.value for n in graph.nodes), *graph.gradients.values())))
    return graph


@pytest.mark.parametrize(("text", "values", "value", "gradients"), WORKED)
def test_value_and_gradients_are_those_worked_out_by_hand(text, values, value, gradients):
    graph = graph_of(text, **values)
    assert graph.output.value == pytest.approx(value, abs=1e-12)
    assert {node.name: graph.gradients[node.name] for node in graph.inputs} == pytest.approx(gradients)


@settings(deadline=None)
@given(EXPRESSIONS, VALUES)
def test_value_and_gradients_are_those_of_pytorch(text, values):
    graph = drawn(text, values)
    assume(graph.inputs)
    tensors = {name: torch.tensor(v, dtype=torch.float64, requires_grad=True) for name, v in values.items()}
    result = eval(text, {"__builtins__": {}}, {**FUNCTIONS, **tensors})
    result.backward()
    assert graph.output.value == pytest.approx(result.item(), rel=1e-9, abs=1e-9)
    for node in graph.inputs:
        assert graph.gradients[node.name] == pytest.approx(tensors[node.name].grad.item(), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(EXPRESSIONS, VALUES)
def test_each_node_and_each_step_is_what_its_equation_says(text, values):
    graph = drawn(text, values)
    for node in graph.nodes:
        assert (node.equation is None) == (node.operation in ("input", "number")) == (node.inputs == ())
        if node.equation:
            assert node.equation.result == node.value
            check(node.equation)
    for step in graph.backward:
        check(step.local)
        check(step.equation)
        assert step.contribution == step.incoming * step.local.result == step.equation.result


@settings(deadline=None)
@given(EXPRESSIONS, VALUES)
def test_the_steps_add_up_to_the_gradients_in_an_order_one_can_follow(text, values):
    graph = drawn(text, values)
    arrived = {graph.output.name: 1.0}
    for step in graph.backward:
        assert not any(later.target == step.source for later in graph.backward[graph.backward.index(step) :])
        assert step.incoming == arrived[step.source] == graph.gradients[step.source]
        assert step.target == graph.node(step.source).inputs[step.which]
        arrived[step.target] = arrived.get(step.target, 0.0) + step.contribution
        assert step.so_far == arrived[step.target]
    if not graph.output.constant:
        assert arrived == graph.gradients
    for name in graph.gradients:
        assert graph.gradient(name).result == graph.gradients[name]
        check(graph.gradient(name))


@given(EXPRESSIONS, VALUES)
def test_every_node_comes_after_its_inputs_and_has_its_own_name(text, values):
    graph = drawn(text, values)
    seen = set()
    for node in graph.nodes:
        assert set(node.inputs) <= seen and node.name not in seen
        seen.add(node.name)
    assert [node.name for node in graph.inputs] == list(variables(text))


def test_the_deck_s_unit_step_by_step():
    graph = graph_of("relu(w*x + b)", w=2, x=3, b=-1)
    assert [str(node.equation) for node in graph.nodes if node.equation] == [
        "v1 = w·x = 2·3 = 6",
        "v2 = v1 + b = 6 + (−1) = 5",
        "f = relu(v2) = relu(5) = 5",
    ]
    assert [(step.source, step.target) for step in graph.backward] == [
        ("f", "v2"), ("v2", "v1"), ("v2", "b"), ("v1", "w"), ("v1", "x"),
    ]  # fmt: skip
    assert [str(step.local) for step in graph.backward[::3]] == [
        "∂f/∂v2 = 1 if v2 > 0, else 0 = 1 if 5 > 0, else 0 = 1",
        "∂v1/∂w = x = 3",
    ]
    assert str(graph.backward[3].equation) == "∂f/∂w = ∂f/∂v1 · ∂v1/∂w = 1·3 = 3"


def test_a_node_that_is_used_twice_adds_up_what_comes_back():
    graph = graph_of("x*x + 3*x", x=4)
    assert [(step.source, step.which, step.so_far) for step in graph.backward if step.target == "x"] == [
        ("v2", 1, 3), ("v1", 0, 3 + 4), ("v1", 1, 3 + 4 + 4),
    ]  # fmt: skip
    assert str(graph.gradient("x")) == ("∂f/∂x = ∂f/∂v2 · ∂v2/∂x + ∂f/∂v1 · ∂v1/∂x + ∂f/∂v1 · ∂v1/∂x = 3 + 4 + 4 = 11")
    assert str(graph.gradient("f")) == "∂f/∂f = 1"


def test_python_and_typed_text_build_the_same_graph():
    text = "max(log(exp(w*x) + 1) - b/2, -relu(3 - b)**2) + tanh(sin(2*x)) * sigmoid(2**w) + (1 + x) / (1 / w)"
    values = {"w": 0.5, "x": -1.5, "b": 2.25}
    w, x, b = (variable(name, values[name]) for name in ("w", "x", "b"))
    typed = graph_of(text, **values)
    built = graph_of(
        maximum(log(exp(w * x) + 1) - b / 2, -(relu(3 - b) ** 2)) + tanh(sin(2 * x)) * sigmoid(2**w) + (1 + x) / (1 / w)
    )
    assert typed.nodes == built.nodes
    assert typed.backward == built.backward


def test_a_number_may_stand_on_the_left_of_every_sign():
    x = variable("x", 4)
    assert [graph_of(y).gradients["x"] for y in (1 + x, 1 - x, 3 * x, 8 / x)] == [1, -1, 3, -8 / 16]
    assert graph_of(2**x).gradients["x"] == pytest.approx(16 * math.log(2))


def test_the_names_of_the_steps_are_kept():
    graph = graph_of("v1 = w*x; f = v1 + 2; relu(f - v2) + 1", w=1, x=2, v2=3)
    assert [node.name for node in graph.nodes] == ["w", "x", "v1", "c1", "f", "v2", "v3", "v4", "c2", "v5"]
    x = variable("x", 2)
    assert graph_of((x * x).named("area")).output.name == "area"
    assert graph_of("x", x=2).output.name == "x"


def test_no_line_shows_a_logarithm_or_a_quotient_of_0():
    for text, values in (("x**y", {"x": 0, "y": 2}), ("x**0", {"x": 0})):
        local = graph_of(text, **values).backward[-1].local
        assert str(local) == f"{local.name} = 0"
    assert str(graph_of("x**y", x=2, y=3).backward[1].local) == "∂f/∂y = x^y·log(x) = 2^3·log(2) ≈ 5.54518"


def test_a_number_gets_no_gradient_and_no_step():
    graph = graph_of("2*x + (3 - 1)", x=1)
    assert set(graph.gradients) == {"v1", "x", "f"}
    assert {step.target for step in graph.backward} == {"v1", "x"}
    with pytest.raises(ValueError, match="c1 is a constant: nothing that could change goes into it"):
        graph.gradient("c1")


def test_a_node_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(ValueError, match="there is no node y: the nodes are w, x, f"):
        graph_of("w*x", w=1, x=2).node("y")


@pytest.mark.parametrize(("text", "values", "words"), UNDEFINED)
def test_what_has_no_value_or_no_slope_says_why(text, values, words):
    with pytest.raises(ValueError, match=words):
        graph_of(text, **values)


def test_a_graph_too_large_to_show_is_refused():
    y = variable("x", 1)
    for _ in range(200):
        y = y * 1.01
    with pytest.raises(ValueError, match="may have 200 nodes, but has 401"):
        graph_of(y)
    for _ in range(3000):
        y = -y
    with pytest.raises(ValueError, match="may have 200 nodes"):
        graph_of(y)


def test_two_nodes_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two nodes are named x"):
        graph_of(variable("x", 1) + variable("x", 2))


def test_values_belong_to_typed_text_only():
    with pytest.raises(ValueError, match="x: values belong to typed text"):
        graph_of(variable("x", 1), x=2)
    with pytest.raises(ValueError, match="expression must be text or made of variables, but is 3"):
        graph_of(3)


def test_an_expression_in_an_error_has_the_parentheses_it_needs():
    a, b, c = (variable(name, 2) for name in "abc")
    zero = variable("o", 0)
    written = {
        "1 / (o·(a − (b − c)))": zero * (a - (b - c)),
        "1 / (o·(a^b)^c)": zero * (a**b) ** c,
        "1 / (o·a^(b^c))": zero * a ** (b**c),
        "1 / (o·(−a)^2)": zero * (-a) ** 2,
        "1 / (o·exp(a + b))": zero * exp(a + b),
        "1 / (−o)": -zero,
        "1 / (o·s)": zero * (a + b).named("s"),
    }
    for expected, denominator in written.items():
        with pytest.raises(ValueError) as raised:
            1 / denominator
        assert str(raised.value).startswith(f"{expected} is a division by 0 where ")


def test_a_long_expression_is_cut_short_in_an_error():
    y = variable("x", 1)
    for _ in range(60):
        y = y * y - 1  # 2^60 characters, written out
    with pytest.raises(ValueError, match="is a division by 0") as raised:
        1 / (y * 0)
    assert len(str(raised.value)) < 160
