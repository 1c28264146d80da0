"""The measurements of 150 irises that come with scikit-learn: small real data for a model of two weights."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.shipped import shipped_file

SPECIES = ("setosa", "versicolor", "virginica")


@cache
def flowers() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Irises: measurements (150, 4) in cm, float64; species (150,), int64, places in ``SPECIES``.

    The columns are length and width of the sepals, then length and width of the petals. Both arrays are read-only, and
    the same ones at every call. They equal ``sklearn.datasets.load_iris``; the file is read directly because importing
    scikit-learn takes a second and 80 MB.

    Raises ValueError where scikit-learn, or its file of irises, is not installed.

    Source: R. A. Fisher 1936, "The use of multiple measurements in taxonomic problems"; the flowers were measured by
    E. Anderson.
    """
    # The first line of the file says how many rows and columns there are, and the names of the species.
    table = np.loadtxt(shipped_file("iris.csv", "flowers"), delimiter=",", skiprows=1)
    measurements, species = np.ascontiguousarray(table[:, :4]), table[:, 4].astype(np.int64)
    measurements.setflags(write=False)
    species.setflags(write=False)
    return measurements, species
