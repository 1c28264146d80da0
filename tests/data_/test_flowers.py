"""The irises are scikit-learn's, read without scikit-learn."""

import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest

from cnnlab.data import SPECIES, flowers


def test_the_flowers_equal_those_of_scikit_learn():
    from sklearn.datasets import load_iris

    theirs = load_iris()
    measurements, species = flowers()
    np.testing.assert_array_equal(measurements, theirs.data)
    np.testing.assert_array_equal(species, theirs.target)
    assert list(SPECIES) == theirs.target_names.tolist()


def test_the_flowers_cannot_be_written_to():
    for array in flowers():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_reading_the_flowers_does_not_import_scikit_learn():
    code = "import sys; from cnnlab.data import flowers; flowers(); print('sklearn' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (answer.stdout.strip(), answer.stderr) == ("False", "")


def test_without_scikit_learn_the_flowers_say_what_to_install(monkeypatch):
    module = import_module("cnnlab.data.shipped")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install scikit-learn"):
        flowers.__wrapped__()
