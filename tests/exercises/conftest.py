"""Nothing that is tried here is kept in the file of a person."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "attempts.jsonl"
    monkeypatch.setenv("CNNLAB_PROGRESS", str(file))
    return file
