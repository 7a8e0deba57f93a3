"""`python -m bot` and the console script `zhiwen`."""

import gc
import io
import sys
from typing import Final

SELDOM: Final = 20_000
"""Objects made between two looks for garbage: while modules are loaded, all that is made stays."""


def main() -> None:
    """Run a command and exit with its status."""
    gc.set_threshold(SELDOM)
    from bot.commands.cli import main as run  # noqa: PLC0415  so that it is loaded with few such looks

    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks Chinese characters shows question marks; it ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run())


if __name__ == "__main__":
    main()
