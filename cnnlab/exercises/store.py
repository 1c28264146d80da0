"""What was tried and what was solved: one local file, one line for each attempt.

Lines are only ever appended, in one write each, so that two kernels do not harm each other and nothing is lost when one
of them stops in the middle. A line that cannot be read is passed over.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PLACE = "CNNLAB_PROGRESS"  # an environment variable: another file, for a class that shares a machine, or for tests


@dataclass(frozen=True)
class Attempt:
    exercise: str
    status: str  # "right" or "wrong"
    mistake: str | None = None


def path() -> Path:
    """Where the attempts are kept."""
    if os.environ.get(PLACE):
        return Path(os.environ[PLACE])
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "cnnlab" / "attempts.jsonl"


def save(attempt: Attempt) -> str | None:
    """Appends an attempt; where that cannot be done, why."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "exercise": attempt.exercise,
        "status": attempt.status,
        "mistake": attempt.mistake,
    }
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        with path().open("ab", buffering=0) as file:
            file.write(json.dumps(line).encode() + b"\n")
    except OSError as error:
        return f"Your progress could not be saved in {path()} ({error.strerror})."
    return None


def attempts() -> Iterator[Attempt]:
    """All attempts so far, the oldest first."""
    try:
        lines = path().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
            yield Attempt(str(entry["exercise"]), str(entry["status"]), entry.get("mistake"))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
