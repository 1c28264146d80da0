"""The same computation in PyTorch, to compare with.

PyTorch takes seconds to import and some 250 MB, which a notebook that only compares should not pay: where it is not
loaded yet, the code runs in a process of its own.
"""

import io
import subprocess
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

TIMEOUT_S = 120


def run_torch_code(code: str, **arrays: NDArray[np.float64]) -> NDArray[np.float64]:
    """Run PyTorch code that a lab shows, and return what it calls ``y``, without the batch axis.

    ``arrays`` are what the code uses by name. What is run is the very text that the student reads, so that the text is
    checked along with the numbers. Raises ValueError where PyTorch cannot run it.
    """
    if "torch" in sys.modules:
        return _run(code, arrays)
    sent = io.BytesIO()
    np.savez(sent, code=np.array(code), **arrays)  # type: ignore[arg-type]
    command = [sys.executable, "-m", "cnnlab.training.parity"]
    try:
        done = subprocess.run(command, input=sent.getvalue(), capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError(f"PyTorch did not answer within {TIMEOUT_S} seconds: try again") from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ValueError(f"PyTorch could not run the code: {' '.join(last)}")
    result: NDArray[np.float64] = np.load(io.BytesIO(done.stdout))
    return result


def _run(code: str, arrays: dict[str, Any]) -> NDArray[np.float64]:
    # Copies: what a lab shows is read-only, which PyTorch warns of, and code that writes must not change it.
    scope: dict[str, Any] = {name: np.array(value) for name, value in arrays.items()}
    exec(code, scope)  # our own text: see cnnlab.labs.convolution_text.torch_code
    y: NDArray[np.float64] = scope["y"][0].detach().cpu().numpy()
    return y


def _main() -> None:
    """The process of its own: code and arrays on standard input, the result on standard output."""
    received = np.load(io.BytesIO(sys.stdin.buffer.read()))
    arrays = {name: received[name] for name in received.files if name != "code"}
    np.save(sys.stdout.buffer, _run(str(received["code"]), arrays))


if __name__ == "__main__":
    _main()
