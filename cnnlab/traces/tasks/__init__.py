"""Four tasks with pictures, each solved by simple methods: the numbers, and what there is to say about them."""

from dataclasses import dataclass

from cnnlab.traces.tasks.anomaly import Inspected
from cnnlab.traces.tasks.classification import Classified
from cnnlab.traces.tasks.detection import Detected
from cnnlab.traces.tasks.segmentation import Segmented

Result = Classified | Detected | Segmented | Inspected


@dataclass(frozen=True, eq=False)
class Looked:
    """A result, and the place of its grid that is looked at: a class, a window, a pixel or a patch."""

    result: Result
    row: int
    col: int

    @classmethod
    def at(cls, result: Result, row: int | None, col: int | None) -> "Looked":
        """The place, or the nearest there is; without one, where there is most to see."""
        if row is None or col is None:
            return cls(result, *result.interesting)
        rows, cols = result.grid
        return cls(result, min(row, rows - 1), min(col, cols - 1))

    def formula(self) -> str:
        return self.result.formula(self.row, self.col)


__all__ = ["Classified", "Detected", "Inspected", "Looked", "Result", "Segmented"]
