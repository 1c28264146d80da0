"""The numbers worked out by hand in the course's slides, to hold the code against."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "worked_examples.json"


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Every example by its id."""
    listed = json.loads(FILE.read_text(encoding="utf-8"))["examples"]
    return {entry["id"]: entry for entry in listed}


def example(id: str) -> dict[str, Any]:
    """One example: what it asks, what is given, what to expect, and how exactly ("tol")."""
    return examples()[id]
