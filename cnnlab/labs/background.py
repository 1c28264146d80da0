"""Labs that train in the background: start, stop, how far it is; everything else goes on meanwhile."""

import threading
from typing import Any, TypeVar

import ipywidgets as widgets

from cnnlab.labs.base import Event
from cnnlab.labs.board import LOCK
from cnnlab.labs.controls import row
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings

Model = TypeVar("Model")
Trace = TypeVar("Trace")

PAUSE_S, PATIENCE_S = 0.01, 0.1
"""Between two slices of the training, so that everything else goes on; how long it waits for the other labs."""
THREAD = "cnnlab-training"


class Background(Pointing[Model, Trace]):
    """A lab whose setting ``step`` says how far it has trained; Start moves it on, slice after slice.

    A subclass declares ``step``, says what a training is ``made_for`` and how to ``make`` it, and puts
    :meth:`training_controls` into its column. Plots that are drawn with ``data-on="hover pin"``, a column for each
    step, show an earlier moment for as long as they are pointed at; a click goes back to it.
    """

    step: Any

    def __init__(self, **given: Any) -> None:
        self._thread: threading.Thread | None = None
        self._made_for: tuple[Any, ...] = ()
        self._stopped = threading.Event()
        super().__init__(**given)

    # ---- for the subclass --------------------------------------------------------------------------------------------

    def made_for(self, s: Settings) -> tuple[Any, ...]:
        """What a training depends on: the arguments of :meth:`make`."""
        raise NotImplementedError

    def make(self, *made_for: Any) -> Model:
        """A training at its beginning; a ValueError is a sentence for the student."""
        raise NotImplementedError

    def steps(self, model: Model) -> int:
        """How many steps there are, the beginning included."""
        raise NotImplementedError

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> Model:
        """A training for these settings: the present one, as far as it is, where they have not changed."""
        made_for = self.made_for(s)
        if self.current is None or made_for != self._made_for:
            made = self.make(*made_for)
            self._made_for = made_for
            return made
        return self.current

    def adapt(self, before: Model | None, now: Model, s: Settings) -> dict[str, Any]:
        """Another training begins at its beginning, if it is not asked for a step of its own."""
        anew = before is not None and before is not now and s.step == self.drawn.step
        return {"step": 0 if anew else min(s.step, self.steps(now) - 1)}

    def position(self, s: Settings) -> int:
        """The step that is shown: the one pointed at, as far as it is trained, or else the last."""
        return int(s.step if self._hovered is None else min(self._hovered, s.step))

    def pointed(self, event: Event) -> None:
        if event["kind"] == "leave":
            self.point_at(None)
        elif event["kind"] == "hover":
            self.point_at(event["col"])
        elif event["kind"] == "pin":
            self.stop()
            self.stay_at(step=min(event["col"], int(self.step)))

    # ---- training ----------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether it trains in the background."""
        return self._thread is not None and self._thread.is_alive() and not self._stopped.is_set()

    @property
    def _at_the_end(self) -> bool:
        return self.current is not None and self.step >= self.steps(self.current) - 1

    def start(self) -> None:
        """Train in the background, from where it is; from the beginning where it is at the end."""
        if self.running:
            return
        if self._at_the_end:
            self.step = 0
        self._stopped = threading.Event()
        train = self.guarded(self._train, lock=False)
        self._thread = threading.Thread(target=train, args=(self._stopped,), name=THREAD, daemon=True)
        self._thread.start()
        self.refresh()

    def stop(self) -> None:
        """Stop after the present slice; what was reached stays."""
        self._stopped.set()
        self.refresh()

    def _train(self, stopped: threading.Event) -> None:
        """Slice after slice, each under the lock of the labs, which is free in between."""
        while not stopped.wait(PAUSE_S):
            if not LOCK.acquire(timeout=PATIENCE_S):
                continue  # so that whoever waits for the end and holds the lock does not wait for ever
            try:
                if not stopped.is_set():
                    self.step = int(self.step) + 1
                if self._at_the_end:
                    stopped.set()
                    self.refresh()
            finally:
                LOCK.release()

    def reset(self) -> None:
        self._stopped.set()
        super().reset()

    def close(self) -> None:
        """Free the lab; the thread of its training has ended then."""
        self._stopped.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        super().close()

    # ---- controls ----------------------------------------------------------------------------------------------------

    def training_controls(self) -> widgets.HBox:
        """Start, Stop, and how far it is."""
        wide: dict[str, Any] = {"layout": {"width": "90px"}}
        self.start_button = self.button("Start", self.start, "train in the background", icon="play", **wide)
        self.stop_button = self.button("Stop", self.stop, "keep what was reached", icon="stop", **wide)
        self.progress = widgets.IntProgress(layout={"width": "420px"})
        return row(self.start_button, self.stop_button, self.progress)

    def after_frame(self, trace: Trace, s: Settings) -> None:
        if self.current is not None:
            with self.progress.hold_sync():
                self.progress.max, self.progress.value = self.steps(self.current) - 1, s.step
        self.start_button.disabled, self.stop_button.disabled = self.running, not self.running
