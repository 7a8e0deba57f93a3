"""`python -m bot` and the console script `zhiwen`."""

import io
import sys

from bot.commands.cli import main as run


def main() -> None:
    """Run a command and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks Chinese characters shows question marks; it ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run())


if __name__ == "__main__":
    main()
