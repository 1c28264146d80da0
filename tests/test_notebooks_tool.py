"""tools/notebooks.py: notebooks come out executed and in one normal form, the same bytes each time."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tools import notebooks

Json = dict[str, Any]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def code(source: str, **more: Any) -> Json:
    """A code cell as an editor may leave it."""
    blank: Json = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return blank | {"source": source} | more


def notebook(*cells: Json, **more: Any) -> Json:
    """A notebook of these cells."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more


def save(path: Path, content: Json) -> Path:
    """The notebook as a file."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def shown(data: Json, **more: Any) -> Json:
    """An output that shows ``data`` by MIME type."""
    return {"output_type": "display_data", "data": data, "metadata": {}} | more


def stream(text: str, name: str = "stdout") -> Json:
    """An output that was printed."""
    return {"output_type": "stream", "name": name, "text": text}


def ids(*cells: Json) -> list[str]:
    """The cells' ids in the normal form."""
    return [cell["id"] for cell in notebooks.normalize(notebook(*cells))["cells"]]


def outputs(*given: Json) -> list[Json]:
    """One cell's outputs in the normal form."""
    (cell,) = notebooks.normalize(notebook(code("1", outputs=list(given))))["cells"]
    return list(cell["outputs"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["one", "two"], ["one", "two"]),
        ([None, None], ["cell-1", "cell-2"]),
        (["one", "one"], ["one", "cell-2"]),
        (["not valid!", ""], ["cell-1", "cell-2"]),
        ([None, "cell-1"], ["cell-1-again", "cell-1"]),
        (["cell-2", "cell-2"], ["cell-2", "cell-2-again"]),
    ],
)
def test_a_cell_keeps_a_valid_id_and_else_gets_one_by_its_position(
    given: list[str | None], expected: list[str]
) -> None:
    assert ids(*(code("", **({"id": one} if one is not None else {})) for one in given)) == expected


def test_what_differs_between_machines_and_sessions_is_left_out() -> None:
    times = {"iopub.status.busy": "2026-01-01T10:00:00Z"}
    cell = code("1", metadata={"execution": times, "scrolled": True, "tags": ["keep"], "jupyter": {}})
    messy = notebook(cell, metadata={"language_info": {"version": "3.11.7"}, "widgets": {"state": {}}})
    normal = notebooks.normalize(messy)
    assert normal["cells"][0]["metadata"] == {"tags": ["keep"]}
    assert normal["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def test_cells_that_hold_code_are_counted_from_1_and_others_are_not() -> None:
    markdown = {"cell_type": "markdown", "metadata": {}, "source": "# Convolution"}
    cells = [code("a = 1", execution_count=7), markdown, code(" \n"), code("a", execution_count=None)]
    normal = notebooks.normalize(notebook(*cells))
    assert [cell.get("execution_count", "none") for cell in normal["cells"]] == [1, "none", None, 2]


def test_a_result_carries_the_number_of_its_cell() -> None:
    (result,) = outputs(shown({"text/plain": "1"}, output_type="execute_result", execution_count=9))
    assert result["execution_count"] == 1


def test_the_widget_goes_and_its_picture_stays() -> None:
    (lab,) = outputs(shown({WIDGET_VIEW: {"model_id": "abc"}, "image/png": "iVBOR", "text/plain": "a lab"}))
    assert lab["data"] == {"image/png": "iVBOR", "text/plain": "a lab"}


def test_a_widget_without_a_picture_leaves_no_output() -> None:
    assert outputs(shown({WIDGET_VIEW: {"model_id": "abc"}})) == []


def test_an_output_that_differs_from_machine_to_machine_is_not_kept() -> None:
    cell = code("now()", outputs=[stream("12:00")], metadata={"tags": ["nbval-ignore-output"]})
    assert notebooks.normalize(notebook(cell))["cells"][0]["outputs"] == []


def test_adjacent_pieces_of_a_stream_are_joined_and_others_keep_their_place() -> None:
    given = [stream("a\n"), stream("b\n"), stream("!", "stderr"), shown({"text/plain": "x"}), stream("c\n")]
    assert [output.get("text") for output in outputs(*given)] == ["a\nb\n", "!", None, "c\n"]


def test_normalizing_leaves_its_argument_as_it_is_and_twice_is_once() -> None:
    messy = notebook(code("1", outputs=[stream("a"), stream("b")], metadata={"scrolled": False}))
    before = json.dumps(messy)
    once = notebooks.normalize(messy)
    assert json.dumps(messy) == before
    assert notebooks.normalize(once) == once


def test_the_text_of_a_file_is_what_jupyterlab_itself_would_save() -> None:
    normal = notebooks.normalize(notebook(code("a = 'é'\na", id="one", outputs=[stream("1\n2\n")])))
    written = notebooks.to_text(normal)
    assert written == nbformat.writes(nbformat.reads(written, as_version=4)) + "\n"
    assert "é" in written


def test_executing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    cells = [
        code("import os\nprint(os.getcwd() == os.path.realpath(os.environ['FOLDER']))\nprint('second line')"),
        code("os.environ['CNNLAB_STRICT']"),
        code("from ipywidgets import IntSlider\nIntSlider(value=3)"),
        code("import sys\nprint('careful', file=sys.stderr)\n1 / 3"),
    ]
    path = save(tmp_path / "one.ipynb", notebook(*cells))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("FOLDER", str(tmp_path))
        monkeypatch.delenv("CNNLAB_STRICT")
        assert notebooks.main([str(path)]) == 0
        first = path.read_bytes()
        assert notebooks.main([str(path)]) == 0
    assert path.read_bytes() == first
    assert notebooks.main(["--check", str(path)]) == 0
    printed, strict, slider, last = [cell["outputs"] for cell in json.loads(first)["cells"]]
    assert printed[0]["text"] == ["True\n", "second line\n"]
    assert strict[0]["data"] == {"text/plain": ["'1'"]}
    assert slider[0]["data"] == {"text/plain": ["IntSlider(value=3)"]}
    assert [output["output_type"] for output in last] == ["stream", "execute_result"]


# what happens: the source of the second cell, the time it has, what is said
FAILING = {
    "an error": ("[][3]", 120, "cell 2: IndexError: list index out of range"),
    "a cell without end": ("import time; time.sleep(600)", 3, "cell 2: not done after 3 s"),
    "a kernel that dies": ("import os; os._exit(1)", 120, "cell 2: the kernel died"),
}


@pytest.mark.parametrize(("source", "timeout", "says"), FAILING.values(), ids=FAILING)
def test_a_failing_cell_is_named_and_its_file_stays_as_it_was(
    source: str,
    timeout: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(notebooks, "CELL_TIMEOUT", timeout)
    failing = save(tmp_path / "failing.ipynb", notebook(code("1"), code(source), code("2")))
    before = failing.read_bytes()
    assert notebooks.main([str(failing)]) == 1
    assert f"{failing}, {says}" in capsys.readouterr().err
    assert failing.read_bytes() == before
    assert list(tmp_path.iterdir()) == [failing]


def test_a_failure_does_not_keep_the_next_notebook_from_its_turn(tmp_path: Path) -> None:
    failing = save(tmp_path / "failing.ipynb", notebook(code("1 / 0")))
    sound = save(tmp_path / "sound.ipynb", notebook(code("1 + 1")))
    assert notebooks.main([str(failing), str(sound)]) == 1
    assert notebooks.main(["--check", str(sound)]) == 0


def test_check_names_the_file_and_executes_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "messy.ipynb", notebook(code("open('trace', 'w')")))
    before = path.read_bytes()
    assert notebooks.main(["--check", str(path)]) == 1
    assert f"{path} is not in the normal form" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("not json", "cannot be read as a notebook"),
        ("[]", "is not a notebook of format 4"),
        ('{"nbformat": 3, "worksheets": []}', "is not a notebook of format 4"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_sentence(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.ipynb"
    path.write_text(content, encoding="utf-8")
    assert notebooks.main([str(path)]) == 1
    assert says in capsys.readouterr().err


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert notebooks.main([str(tmp_path / "none.ipynb")]) == 1
    assert "No such file" in capsys.readouterr().err
