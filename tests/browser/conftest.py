"""One JupyterLab and one browser for all the tests here, and a fresh window for each."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .jupyter import WAIT_SECONDS, Browser, Lab, NoBrowserError, Server

expect.set_options(timeout=WAIT_SECONDS * 1000)  # Playwright's own 5 s are short for a busy machine


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Without one these tests are skipped on a laptop, but fail where CI=true."""
    try:
        chromium = Browser().__enter__()
    except NoBrowserError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{missing}, and CI=true does not allow these tests to be skipped")
        pytest.skip(str(missing))
    yield chromium
    chromium.__exit__()


@pytest.fixture(scope="package")
def server(browser: Browser) -> Iterator[Server]:
    """JupyterLab, started only where there is a browser to look at it."""
    with Server() as running:
        yield running


@pytest.fixture
def lab(server: Server, browser: Browser) -> Iterator[Lab]:
    """A fresh window of 1280 x 720 without a notebook: a test opens its own."""
    with Lab(server, browser) as window:
        yield window
