"""Running somebody's function: for a few seconds at most, without its prints and plots, on copies of the arguments."""

import contextlib
import copy
import ctypes
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

SECONDS = 3.0  # for one call
FIRST_SECONDS = 8.0  # for the first one, which may have something large to import
LAST_WORDS = 1.0  # how long a stopped call may take to end


class TooLong(BaseException):
    """Raised inside a call that does not end. No Exception, so that `except Exception` in a loop does not keep it."""


@dataclass(frozen=True)
class Failure:
    """What was raised: its name and message, and the line of the student's code where it happened."""

    kind: str
    message: str
    line_number: int | None = None
    line: str = ""

    def __str__(self) -> str:
        said = f"{self.kind}: {self.message}" if self.message else self.kind
        return said if self.line_number is None else f"{said}, in line {self.line_number}: {self.line}"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a call gave: a value, or what was raised; and the places of the arguments that it wrote to."""

    value: Any = None
    failure: Failure | None = None
    too_long: bool = False
    changed: tuple[int, ...] = ()


def run(function: Callable[..., Any], arguments: tuple[Any, ...], first: bool = False) -> Outcome:
    """The outcome of one call. Nothing that the function does is raised here, printed or plotted."""
    given = copy.deepcopy(arguments)
    outcomes: list[Outcome] = []

    def call() -> None:
        try:
            outcomes.append(Outcome(function(*given)))
        except TooLong:
            outcomes.append(Outcome(too_long=True))
        except BaseException as error:  # SystemExit too
            outcomes.append(Outcome(failure=_failure(error, function)))

    with quiet():
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        thread.join(FIRST_SECONDS if first else SECONDS)
        if thread.is_alive():
            _stop(thread)
    found = outcomes[0] if outcomes else Outcome(too_long=True)
    changed = (i for i, (now, before) in enumerate(zip(given, arguments, strict=True)) if not _equal(now, before))
    return Outcome(found.value, found.failure, found.too_long, tuple(changed))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing printed, displayed or plotted inside is shown."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    figures = set(pyplot.get_fignums()) if pyplot else set()
    with contextlib.ExitStack() as stack:
        if "IPython" in sys.modules:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output())
        else:
            import io

            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
            stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in set(pyplot.get_fignums()) - figures if pyplot else ():
        pyplot.close(number)


def _stop(thread: threading.Thread) -> None:
    """Raises `TooLong` in a thread, again where a bare `except` has taken it for its own."""
    end = time.monotonic() + LAST_WORDS
    while thread.is_alive() and time.monotonic() < end:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TooLong))
        thread.join(0.05)


def _failure(error: BaseException, function: Callable[..., Any]) -> Failure:
    """The error with the last line of the student's own file that it went through."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == file]
    kind, message = type(error).__name__, str(error)
    return Failure(kind, message, own[-1].lineno, own[-1].line or "") if own else Failure(kind, message)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a.shape == np.shape(b) and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    return bool(a == b)
