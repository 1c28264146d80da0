"""The data files that scikit-learn ships: read directly, because importing it takes a second and 80 MB."""

from importlib.util import find_spec
from pathlib import Path


def shipped_file(name: str, what: str) -> Path:
    """The path of a data file of scikit-learn; ``what`` is what an error calls its content.

    Raises ValueError where scikit-learn, or this file of it, is not installed.
    """
    spec = find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"the {what} need scikit-learn, which is not installed: pip install scikit-learn")
    path = Path(spec.submodule_search_locations[0]) / "datasets" / "data" / name
    if not path.is_file():
        raise ValueError(f"the {what} should be at {path}, but are not: install scikit-learn 1.5 or later")
    return path
