"""What is fetched is written whole or not at all, checked, and never believed without its sum."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from cnnlab.data import cache
from cnnlab.data.cache import FetchError, download, kept, sha256, written

CONTENT = bytes(range(256)) * 9000  # more than two pieces


class Answer(BaseHTTPRequestHandler):
    """/whole gives all of it; /cut says that there is more than it sends; /noise is no HTTP."""

    def do_GET(self) -> None:
        if self.path == "/noise":
            self.wfile.write(b"\x00\x01 no status line\r\n\r\n")
            return
        if self.path not in ("/whole", "/cut"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT) + 1000 * (self.path == "/cut")))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.PLACE, str(tmp_path))
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- writing


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_what_is_interrupted_leaves_nothing(folder: Path, stop: type[BaseException]) -> None:
    with suppress(stop), written(folder / "a") as file:
        file.write(b"half")
        assert len(files(folder)) == 1 and not (folder / "a").exists()
        raise stop
    assert files(folder) == []


def test_the_old_file_is_there_until_the_new_one_is_whole(folder: Path) -> None:
    (folder / "a").write_bytes(b"old")
    with written(folder / "a") as file:
        file.write(b"new")
        assert (folder / "a").read_bytes() == b"old"
    assert (folder / "a").read_bytes() == b"new" and files(folder) == ["a"]


# ---- downloading


def test_a_file_arrives_as_it_is(server: str) -> None:
    file = BytesIO()
    download([f"{server}/whole"], file, "a file")
    assert file.getvalue() == CONTENT


@pytest.mark.parametrize("first", ["/cut", "/missing", "/noise"])
def test_the_next_address_is_asked_and_nothing_of_the_first_is_left(server: str, first: str) -> None:
    file = BytesIO()
    download([server + first, f"{server}/whole"], file, "a file")
    assert file.getvalue() == CONTENT


def test_each_address_says_why_it_failed(server: str) -> None:
    with pytest.raises(FetchError) as refusal:
        download([f"{server}/cut", f"{server}/missing", "http://127.0.0.1:1/", "no address"], BytesIO(), "the photos")
    said = str(refusal.value)
    assert said.startswith("the photos could not be downloaded")
    assert f"ended after {len(CONTENT):,} of {len(CONTENT) + 1000:,} bytes" in said
    assert "Not Found" in said and "refused" in said and "no address: unknown url type" in said


# ---- keeping

ARRAYS = (np.arange(12, dtype=np.uint8).reshape(3, 4), np.array([7, 8], np.uint8))
SUMS = [sha256(array) for array in ARRAYS]


def made(calls: list[int]) -> tuple[np.ndarray, ...]:
    calls.append(1)
    return ARRAYS


def test_the_sum_is_that_of_the_bytes() -> None:
    assert sha256(np.frombuffer(b"abc", np.uint8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256(ARRAYS[0].T) != SUMS[0]  # another order


def test_it_is_fetched_once(folder: Path) -> None:
    calls: list[int] = []
    for _ in range(3):
        first, second = kept("set", SUMS, lambda: made(calls))
        assert np.array_equal(first, ARRAYS[0]) and np.array_equal(second, ARRAYS[1])
    assert calls == [1] and files(folder) == ["set.npz"]


def damaged(path: Path, how: str) -> None:
    whole = path.read_bytes()
    if how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "text":
        path.write_text("<html>please log in</html>")
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "other numbers":
        np.savez(path, ARRAYS[0] + 1, ARRAYS[1])
    elif how == "one array":
        np.savez(path, ARRAYS[0])
    else:
        np.savez(path, np.array([{"pickled": 1}], dtype=object), ARRAYS[1])


@pytest.mark.parametrize("how", ["cut", "text", "empty", "other numbers", "one array", "pickled"])
def test_a_damaged_file_is_said_and_fetched_again(folder: Path, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    calls: list[int] = []
    kept("set", SUMS, lambda: made(calls))
    damaged(folder / "set.npz", how)
    assert np.array_equal(kept("set", SUMS, lambda: made(calls))[0], ARRAYS[0])
    assert "is damaged: it is fetched again" in capsys.readouterr().out
    kept("set", SUMS, lambda: made(calls))
    assert len(calls) == 2


def test_what_is_not_what_it_should_be_is_not_kept(folder: Path) -> None:
    with pytest.raises(FetchError, match="not what it should be"):
        kept("set", SUMS, lambda: (ARRAYS[0] + 1, ARRAYS[1]))
    assert files(folder) == []


def test_where_nothing_can_be_written_it_is_used_all_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("in the way")
    monkeypatch.setenv(cache.PLACE, str(folder / "file"))
    assert np.array_equal(kept("set", SUMS, lambda: ARRAYS)[0], ARRAYS[0])


def _keep_in_another_process(folder: str) -> bool:
    import os

    os.environ[cache.PLACE] = folder
    return all(np.array_equal(kept("set", SUMS, lambda: ARRAYS)[0], ARRAYS[0]) for _ in range(50))


def test_two_processes_at_once_do_no_harm(folder: Path) -> None:
    with get_context("spawn").Pool(2) as pool:
        assert pool.map(_keep_in_another_process, [str(folder)] * 2) == [True, True]
    assert files(folder) == ["set.npz"]
