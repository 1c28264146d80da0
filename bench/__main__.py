"""`python -m bench`: the speed of the ops, then of the labs, each in a fresh Python.

The ops are timed on one thread, which must be set before NumPy is loaded.
"""

import subprocess
import sys


def main() -> None:
    for name in ("bench.ops", "bench.labs"):
        print(f"{name}\n", flush=True)
        subprocess.run([sys.executable, "-m", name], check=True)
        print()


if __name__ == "__main__":
    main()
