"""The digits are scikit-learn's, read without scikit-learn."""

import subprocess
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

import numpy as np
import pytest

from cnnlab.data import digits


def test_the_digits_equal_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    theirs = load_digits()
    images, labels = digits()
    np.testing.assert_array_equal(images, theirs.images)
    np.testing.assert_array_equal(labels, theirs.target)


def test_the_digits_have_the_shapes_types_and_range_that_are_promised():
    images, labels = digits()
    assert (images.shape, images.dtype, images.min(), images.max()) == ((1797, 8, 8), np.uint8, 0, 16)
    assert (labels.shape, labels.dtype, sorted(set(labels.tolist()))) == ((1797,), np.int64, list(range(10)))


def test_the_digits_cannot_be_written_to():
    for array in digits():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_reading_the_digits_does_not_import_scikit_learn():
    code = "import sys; from cnnlab.data import digits; digits(); print('sklearn' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (answer.stdout.strip(), answer.stderr) == ("False", "")


def test_without_scikit_learn_the_digits_say_what_to_install(monkeypatch):
    module = import_module("cnnlab.data.shipped")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install scikit-learn"):
        digits.__wrapped__()


def test_a_scikit_learn_without_its_file_is_told_apart(monkeypatch, tmp_path):
    module = import_module("cnnlab.data.shipped")
    spec = ModuleSpec("sklearn", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(module, "find_spec", lambda name: spec)
    with pytest.raises(ValueError, match=r"digits\.csv\.gz, but are not"):
        digits.__wrapped__()
