"""Execute notebooks in place and write them in one normal form, the same bytes each time.

    python tools/notebooks.py notebooks/*.ipynb            execute, then normalize
    python tools/notebooks.py --check notebooks/*.ipynb    only say which files are not in the normal form

In the normal form a changed file means a changed text or result: no random cell ids, no times, no widget
state, no versions of Python, execution counts from 1. A lab's widget view is left out and its picture kept:
that is what a reader without a kernel sees, on the repository's web page or in an exported page.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

Json = dict[str, Any]

CELL_TIMEOUT = 120  # seconds

# What a notebook is executed under, here and in the tests (conftest.py). Labs raise unexpected errors instead
# of only showing them; one thread, so that sums are added in the same order, and come out the same, anywhere.
KERNEL_SETTINGS = {
    "CNNLAB_STRICT": "1",
    "CNNLAB_PROGRESS": os.devnull,  # what is tried here is no progress of a student
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_NOTEBOOK_METADATA = ("authors", "title")
KEPT_CELL_METADATA = ("jupyter", "slideshow", "tags")

# Only a running kernel can show these. nbval leaves out the first when it compares, so removing it is safe.
LIVE_ONLY = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")

# The output of a cell with this tag differs from machine to machine: nbval does not compare it, and none is kept.
VARIES = "nbval-ignore-output"

VALID_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class NotebookError(Exception):
    """A notebook that cannot be read or executed, said in one sentence."""


def normalize(notebook: Json) -> Json:
    """The notebook in its normal form; the argument is left as it is.

    Code cells that hold anything are numbered 1, 2, 3, ... as an execution from top to bottom numbers them.
    """
    cells = []
    count = 0
    for cell, cell_id in zip(notebook["cells"], stable_ids(notebook["cells"]), strict=True):
        normal = {
            "cell_type": cell["cell_type"],
            "id": cell_id,
            "metadata": kept(cell.get("metadata", {}), KEPT_CELL_METADATA),
            "source": text(cell["source"]),
        }
        if cell.get("attachments"):
            normal["attachments"] = cell["attachments"]
        if cell["cell_type"] == "code":
            holds_code = bool(normal["source"].strip())
            count += holds_code
            normal["execution_count"] = count if holds_code else None
            varies = VARIES in cell.get("metadata", {}).get("tags", [])
            normal["outputs"] = [] if varies else normal_outputs(cell.get("outputs", []), count)
        cells.append(normal)
    metadata = NOTEBOOK_METADATA | kept(notebook.get("metadata", {}), KEPT_NOTEBOOK_METADATA)
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def stable_ids(cells: Sequence[Json]) -> list[str]:
    """An id for each cell: its own where that is valid and not taken yet, else one made from its position."""
    own = [cell.get("id") for cell in cells]
    reserved = {cell_id for cell_id in own if cell_id}
    used: set[str] = set()
    for position, cell_id in enumerate(own):
        if not isinstance(cell_id, str) or cell_id in used or not VALID_ID.fullmatch(cell_id):
            cell_id = f"cell-{position + 1}"
            while cell_id in reserved | used:
                cell_id += "-again"
        own[position] = cell_id
        used.add(cell_id)
    return [str(cell_id) for cell_id in own]


def normal_outputs(outputs: Sequence[Json], count: int) -> list[Json]:
    """The outputs of one cell, without what only a running kernel can show, pieces of a stream joined."""
    normal: list[Json] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            before = normal[-1] if normal else {}
            if (before.get("output_type"), before.get("name")) == ("stream", output["name"]):
                before["text"] += text(output["text"])
            else:
                normal.append({"name": output["name"], "output_type": kind, "text": text(output["text"])})
        elif kind == "error":
            normal.append({key: output[key] for key in ("ename", "evalue", "output_type", "traceback")})
        else:
            data = {mime: content for mime, content in output["data"].items() if mime not in LIVE_ONLY}
            metadata = kept(output.get("metadata", {}), tuple(data))
            number = {"execution_count": count} if kind == "execute_result" else {}
            if data:
                normal.append({"data": data, "metadata": metadata, "output_type": kind} | number)
    return normal


def kept(metadata: Json, names: Sequence[str]) -> Json:
    """The named entries that hold something: editors write empty ones on their own."""
    return {name: metadata[name] for name in names if metadata.get(name)}


def text(lines: str | list[str]) -> str:
    """A notebook file holds text as one string or as a list of lines."""
    return lines if isinstance(lines, str) else "".join(lines)


def read(path: Path) -> Json:
    """The notebook as it stands in the file."""
    try:
        # Not by nbformat.read, which gives random ids to cells that have none.
        notebook: Json = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotebookError(f"{path} cannot be read as a notebook: {error}") from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or "cells" not in notebook:
        raise NotebookError(f"{path} is not a notebook of format 4")
    return notebook


def to_text(notebook: Json) -> str:
    """The notebook as the text of its file: sorted keys, lines apart, one newline at the end."""
    node = nbformat.from_dict(notebook)
    nbformat.validate(node)
    written: str = nbformat.writes(node)
    return written.rstrip("\n") + "\n"


def execute(notebook: Json, path: Path) -> Json:
    """A copy of the notebook, executed from top to bottom in a fresh kernel, in the folder of ``path``."""
    node = nbformat.from_dict(normalize(notebook))
    started = [0]
    client = NotebookClient(
        node,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: started.append(cell_index + 1),
        extra_arguments=["--log-level=ERROR"],  # each start of a kernel warns about its (local) connection
    )
    try:
        client.execute(env=os.environ | KERNEL_SETTINGS)
    except CellExecutionError as error:
        raise NotebookError(f"{path}, cell {started[-1]}: {error.ename}: {error.evalue}") from None
    except CellTimeoutError:
        raise NotebookError(f"{path}, cell {started[-1]}: not done after {CELL_TIMEOUT} s") from None
    except DeadKernelError:
        raise NotebookError(f"{path}, cell {started[-1]}: the kernel died") from None
    return dict(node)


def write(path: Path, content: str) -> None:
    """Replace the file in one step: a reader, or a failure midway, never meets half a notebook."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(content, encoding="utf-8", newline="\n")
    beside.chmod(path.stat().st_mode)
    beside.replace(path)


def process(path: Path, check: bool) -> None:
    """Execute and normalize one file, or with ``check`` only compare it with its normal form."""
    notebook = read(path)
    if check:
        if to_text(normalize(notebook)) != path.read_text(encoding="utf-8"):
            raise NotebookError(f"{path} is not in the normal form: run `make notebooks`")
        return
    write(path, to_text(normalize(execute(notebook, path))))
    print(f"{path}: executed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Process every file, also after one that failed; the exit status is 1 where any did."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="execute nothing, write nothing")
    options = parser.parse_args(arguments)
    failed = False
    for path in options.notebooks:
        try:
            process(path, options.check)
        except NotebookError as error:
            print(error, file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
