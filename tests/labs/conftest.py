"""Every lab of a test is closed behind it: widgets are kept alive until they are."""

from collections.abc import Iterator

import pytest
from ipywidgets import Widget


@pytest.fixture(autouse=True)
def _closed_labs() -> Iterator[None]:
    yield
    Widget.close_all()
