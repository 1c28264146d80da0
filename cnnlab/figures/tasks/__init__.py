"""The pictures of the four tasks, one a file."""

from cnnlab.figures.tasks import anomaly, classification, detection, segmentation
from cnnlab.traces.tasks import Classified, Detected, Looked, Segmented


def draw_task(looked: Looked, frame: int = 0) -> str:
    """The picture of a result as SVG, with one place of its grid looked at."""
    result, place = looked.result, (looked.row, looked.col)
    if isinstance(result, Classified):
        return classification.draw(result, *place, frame)
    if isinstance(result, Detected):
        return detection.draw(result, *place, frame)
    if isinstance(result, Segmented):
        return segmentation.draw(result, *place, frame)
    return anomaly.draw(result, *place, frame)


__all__ = ["draw_task"]
