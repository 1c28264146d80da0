"""The two processes behind a window: the JupyterLab server and the headless Chromium."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0  # JupyterLab's first start on a busy machine with two cores
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = ("Google Chrome", "Chromium")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What a fresh JupyterLab would do by itself and a test must not depend on.
SETTINGS: dict[str, dict[str, object]] = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


class NoBrowserError(RuntimeError):
    """There is no Chromium on this machine."""


def find_chromium() -> Path | None:
    """The Chromium or Chrome of this machine: $CHROMIUM, then the PATH, then macOS's applications."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        return Path(found) if found else None
    for command in COMMANDS:
        if found := shutil.which(command):
            return Path(found)
    applications = (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MACOS)
    return next((path for path in applications if path.exists()), None)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


class Server:
    """JupyterLab on 127.0.0.1, with a token and with settings of its own, stopped on exit.

    `folder` holds the notebooks. The user's settings, workspaces and IPython profile are neither read
    nor written; the lab extensions are those of the Python that runs this.
    """

    def __init__(self) -> None:
        self.token = secrets.token_hex(16)
        self.url = ""

    def __enter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory(prefix="cnnlab-jupyter-", ignore_cleanup_errors=True)
        home = Path(self._home.name)
        self.folder = home / "notebooks"
        self.folder.mkdir()
        self._log = home / "server.log"
        self.reset_settings()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                env=self._environment(home),
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self._wait_until_up(home / "runtime")
        except BaseException:
            self.__exit__()
            raise
        return self

    def reset_settings(self) -> None:
        """Forget what a window has set, such as its theme: JupyterLab keeps that on the server."""
        settings = Path(self._home.name) / "settings"
        shutil.rmtree(settings, ignore_errors=True)
        for name, values in SETTINGS.items():
            path = settings / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")

    def _command(self) -> list[str]:
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": "0",
            "ServerApp.root_dir": str(self.folder),
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": "True",
        }
        root = ["--allow-root"] if is_root() else []
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", *root),
            *(f"--{name}={value}" for name, value in options.items()),
        ]

    @staticmethod
    def _environment(home: Path) -> dict[str, str]:
        environment = dict(os.environ)
        # Strict mode is for tests without a browser: here a lab shows its errors, as it does to a student.
        environment.pop("CNNLAB_STRICT", None)
        environment.update(
            JUPYTER_CONFIG_DIR=str(home / "config"),
            JUPYTER_DATA_DIR=str(home / "data"),
            JUPYTER_RUNTIME_DIR=str(home / "runtime"),
            JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
            JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
            IPYTHONDIR=str(home / "ipython"),
            PYTHONPATH=os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        )
        return environment

    def _wait_until_up(self, runtime: Path) -> None:
        """The server chooses a free port and writes it down; then it must also answer."""
        no_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            time.sleep(0.05)  # a process cannot be waited for in any other way
            try:
                described = json.loads(next(runtime.glob("jpserver-*.json")).read_text(encoding="utf-8"))
                self.url = f"http://127.0.0.1:{described['port']}"
                with no_proxy.open(f"{self.url}/api?token={self.token}", timeout=5):
                    return
            except (StopIteration, ValueError, OSError):
                continue
        log = self._log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"JupyterLab did not start within {START_SECONDS:.0f} s; its log ends:\n{log}")

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._home.cleanup()


class Browser:
    """Headless Chromium, driven by Playwright; its own downloads are never used."""

    def __enter__(self) -> Self:
        executable = find_chromium()
        if executable is None:
            raise NoBrowserError("no Chromium or Chrome was found: install chromium, or name it in $CHROMIUM")
        self._playwright: Playwright = sync_playwright().start()
        try:
            self.chromium: PlaywrightBrowser = self._playwright.chromium.launch(
                executable_path=executable,
                headless=True,
                chromium_sandbox=not is_root(),
                args=list(FLAGS),
                ignore_default_args=["--hide-scrollbars"],  # a student's window has them, and they take room
                timeout=START_SECONDS * 1000,
            )
        except BaseException:
            self._playwright.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.chromium.close()
        self._playwright.stop()
