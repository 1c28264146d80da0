"""The command line: ``python -m cnnlab doctor``."""

import argparse
import sys
from collections.abc import Sequence

from cnnlab import doctor


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that is named; without one, print the usage."""
    parser = argparse.ArgumentParser(prog="python -m cnnlab", description="cnnlab's command line")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("doctor", help="check the installation: a line for each part, with the remedy")
    if parser.parse_args(arguments).command == "doctor":
        return doctor.main()
    parser.print_help()
    return 0


if __name__ == "__main__":
    sys.exit(main())
