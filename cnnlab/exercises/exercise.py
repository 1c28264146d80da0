"""What an exercise is: all that is known about it, declared in one place."""

import ast
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import getsource, signature
from typing import Any

import numpy as np

Answer = Callable[..., Any]
Arguments = tuple[Any, ...]
Cases = Callable[[np.random.Generator], Iterator[Arguments]]


@dataclass(frozen=True)
class Mistake:
    """A way in which people get it wrong.

    ``function`` computes what somebody with this mistake computes; whoever gets the same numbers is told ``says``.
    """

    name: str
    function: Answer
    says: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise: what is asked, what is right, what goes wrong, and what helps.

    ``cases`` yields the arguments to try, drawn from a generator: they must tell every mistake from the right answer.
    ``only`` names kinds of arguments, such as square images: whoever is right for these and wrong for all others is
    told so. ``solution`` is the function that a student may read; it is run, so it cannot be out of date. A
    question for a value, not for a function, has a solution without arguments.
    """

    name: str
    notebook: str
    statement: str
    solution: Answer
    cases: Cases
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, str, str]
    uses: str = ""  # the function of an earlier step that the solution calls
    only: Mapping[str, Callable[..., bool]] = field(default_factory=dict, compare=False)
    tolerance: float = 1e-6  # relative to the largest number of the right result

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments; none where a value is asked for."""
        return tuple(signature(self.solution).parameters)

    @cached_property
    def results(self) -> tuple[str, ...]:
        """The names of what the solution returns, where it returns several things: dx, dw."""
        if self.asks_for_a_value or self.solution.__name__ == "<lambda>":
            return ()
        function = ast.parse(textwrap.dedent(getsource(self.solution))).body[0]
        last = function.body[-1] if isinstance(function, ast.FunctionDef) else None
        if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Tuple):
            return ()
        names = tuple(part.id for part in last.value.elts if isinstance(part, ast.Name))
        return names if len(names) == len(last.value.elts) else ()

    @property
    def call(self) -> str:
        """How the answer is called: ``conv2d(image, kernel)``."""
        return f"{self.solution.__name__}({', '.join(self.arguments)})"

    @property
    def asks_for_a_value(self) -> bool:
        return not self.arguments

    @property
    def code(self) -> str:
        """The source of the solution, without the types: it runs in a notebook as it is."""
        source = textwrap.dedent(getsource(self.solution))
        function = ast.parse(source).body[0]
        assert isinstance(function, ast.FunctionDef)
        for argument in function.args.args:
            argument.annotation = None
        body = source.splitlines()[function.body[0].lineno - 1 :]
        before = [f"# {self.uses} is the step before"] if self.uses else []
        return "\n".join([*before, f"def {function.name}({ast.unparse(function.args)}):", *body])

    def draw(self) -> list[Arguments]:
        """The arguments to try: the same ones every time."""
        return list(self.cases(np.random.default_rng(0)))


def only_once(rng: np.random.Generator) -> Iterator[Arguments]:
    """The cases of a question for a value: there is nothing to vary."""
    yield ()
