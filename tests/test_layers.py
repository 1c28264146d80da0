"""The arrows between the parts of the package, and what importing each of them costs."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

import pytest

from tools.notebooks import execute

PACKAGE = Path(__file__).parent.parent / "cnnlab"

# part: what it may import of cnnlab, and of what is installed beside it. The order is that of the arrows.
MAY_IMPORT = {
    "ops": ("", "numpy"),
    "shapes": ("ops", "numpy"),  # the ops say what a stride or a padding may be
    "kernels": ("ops", "numpy"),
    "gradcheck": ("ops", "numpy"),
    "network": ("ops shapes optim", "numpy"),
    "optim": ("ops", "numpy"),
    "augment": ("ops", "numpy"),  # the ops check its numbers
    "data": ("", "numpy PIL platformdirs tqdm"),
    "training": ("data augment", "numpy torch"),  # the same transforms on the same draws, for batches
    # A training is followed, a gradient checked, an image transformed.
    "traces": ("ops shapes kernels network optim gradcheck augment", "numpy"),
    "exercises": ("ops network shapes kernels augment traces", "numpy IPython jupyter_core"),
    "figures": ("traces", "numpy PIL resvg_py matplotlib contourpy"),
    "labs": (
        "figures traces data kernels shapes network augment exercises",
        "numpy ipywidgets anywidget traitlets IPython",
    ),
    "doctor": ("cnnlab data", "packaging jupyter_core"),  # cnnlab itself: its version
    "__main__": ("doctor", ""),
    "__init__": ("", ""),
}

# Beyond the table, and only inside a function, where it costs nothing until it is called.
MAY_IMPORT_IN_A_FUNCTION = {
    ("labs", "training"): "a lab compares itself with PyTorch when it is asked to",
    ("doctor", "torch"): "the doctor says whether PyTorch loads and which device it finds",
}


class Import(NamedTuple):
    """One imported thing: a part of cnnlab, or a package; ``top`` where it is not inside a function."""

    name: str
    top: bool


def imports(source: str, package: str = "cnnlab") -> set[Import]:
    """What a file of ``package`` imports, the standard library aside."""
    tree = ast.parse(source)
    nested = {
        inner
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
    }
    return {
        Import(name, node not in nested)
        for node in ast.walk(tree)
        for name in imported_names(node, package)
        if name not in sys.stdlib_module_names
    }


def imported_names(node: ast.AST, package: str) -> Iterator[str]:
    """"ops" for cnnlab.ops.conv, "torch" for torch.nn."""
    modules: list[str] = []
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        module = resolve_name("." * node.level + (node.module or ""), package)
        modules = [f"cnnlab.{alias.name}" for alias in node.names] if module == "cnnlab" else [module]
    for module in modules:
        first, *rest = module.split(".")
        yield rest[0] if first == "cnnlab" and rest else first


FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_imports_only_what_its_layer_may(file: Path) -> None:
    part = file.parts[0].removesuffix(".py")
    assert part in MAY_IMPORT, f"cnnlab/{part} has no row in MAY_IMPORT: give it one"
    allowed = {part, *" ".join(MAY_IMPORT[part]).split()}
    package = ".".join(("cnnlab", *file.parts[:-1]))
    for name, top in imports((PACKAGE / file).read_text(encoding="utf-8"), package):
        if not top and (part, name) in MAY_IMPORT_IN_A_FUNCTION:
            continue
        assert name in allowed, f"cnnlab/{file} imports {name}: an arrow that is not in the design"


@pytest.mark.parametrize(
    ("source", "package", "expected"),
    [
        ("import cnnlab.ops.conv", "cnnlab", {("ops", True)}),
        ("from cnnlab import ops, traces", "cnnlab", {("ops", True), ("traces", True)}),
        ("from . import grids", "cnnlab.figures", {("figures", True)}),
        ("from ..labs.base import Lab", "cnnlab.figures", {("labs", True)}),
        ("from .. import labs", "cnnlab.figures", {("labs", True)}),
        ("import os, torch.nn as nn", "cnnlab", {("torch", True)}),
        ("def check():\n    from cnnlab.training import run", "cnnlab.labs", {("training", False)}),
        ("class Lab:\n    import torch", "cnnlab.labs", {("torch", True)}),
        ("import torch\ndef f():\n    import torch", "cnnlab", {("torch", True), ("torch", False)}),
    ],
)
def test_every_way_to_import_is_seen(source: str, package: str, expected: set[tuple[str, bool]]) -> None:
    assert imports(source, package) == expected


HEAVY = ("torch", "sklearn", "scipy", "matplotlib")
WIDGETS = ("ipywidgets", "anywidget", "IPython")


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("cnnlab", (*HEAVY, *WIDGETS, "numpy")),
        ("cnnlab.ops", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.shapes", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.kernels", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.augment", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.data", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.traces", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.figures", (*HEAVY, *WIDGETS)),
        ("cnnlab.labs", HEAVY),
        ("cnnlab.network", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.optim", (*HEAVY, *WIDGETS, "PIL")),
        ("cnnlab.exercises", (*HEAVY, *WIDGETS, "PIL")),
    ],
)
def test_importing_a_part_does_not_load_what_it_does_not_need(module: str, absent: tuple[str, ...]) -> None:
    loaded = in_a_fresh_python(f"import sys, {module}; print(*sys.modules)").split()
    assert module in loaded
    assert not set(absent) & set(loaded)


def test_import_cnnlab_takes_at_most_0_3_seconds() -> None:
    timed = "import time; start = time.perf_counter(); import cnnlab; print(time.perf_counter() - start)"
    assert min(float(in_a_fresh_python(timed)) for _ in range(3)) <= 0.3


FIRST_WITH_TRAINING = "14"  # from this notebook on, networks are trained with PyTorch
NOTEBOOKS = sorted(PACKAGE.parent.glob("notebooks/*.ipynb"))
WITHOUT_TRAINING = [path for path in NOTEBOOKS if path.stem < FIRST_WITH_TRAINING]


@pytest.mark.parametrize("notebook", WITHOUT_TRAINING, ids=lambda path: path.stem)
def test_a_notebook_without_training_stays_under_150_megabytes_and_loads_no_pytorch(notebook: Path) -> None:
    source = "import sys, psutil\nprint(psutil.Process().memory_info().rss, 'torch' in sys.modules)"
    measured = {"cell_type": "code", "metadata": {}, "source": source}
    node = json.loads(notebook.read_text(encoding="utf-8"))
    node["cells"].append(measured)
    memory, torch = execute(node, notebook)["cells"][-1]["outputs"][0]["text"].split()
    assert int(memory) < 150e6
    assert torch == "False"


def test_a_lab_loads_without_the_others_and_tab_completion_knows_them() -> None:
    asked = "import sys; from cnnlab.labs import MixingLab; import cnnlab.labs; print(*dir(cnnlab.labs), *sys.modules)"
    found = in_a_fresh_python(asked).split()
    assert "cnnlab.labs.mixing" in found and "DescentLab" in found
    assert not {"cnnlab.labs.descent", "cnnlab.labs.shift"} & {*found}


def test_a_submodule_loads_when_it_is_first_used() -> None:
    assert in_a_fresh_python("import cnnlab; print(cnnlab.ops.conv2d.__name__)").split() == ["conv2d"]


def test_tab_completion_lists_the_submodules_that_are_not_loaded_yet() -> None:
    listed = in_a_fresh_python("import cnnlab; print(*dir(cnnlab))").split()
    assert {"data", "figures", "kernels", "labs", "ops", "traces"} <= set(listed)


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    import cnnlab

    with pytest.raises(AttributeError, match="module 'cnnlab' has no attribute 'opps'"):
        cnnlab.opps  # noqa: B018


def test_a_missing_package_is_not_hidden_behind_an_attribute_error() -> None:
    # None in sys.modules is how Python is told that an import must fail.
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import cnnlab\n"
        "try: cnnlab.ops\n"
        "except ModuleNotFoundError as error: print(error.name)"
    )
    assert in_a_fresh_python(code).split() == ["numpy"]


def in_a_fresh_python(code: str) -> str:
    """What the code prints in a process of its own, in which nothing is loaded yet."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
