"""`python -m bot` and the console script `zhiwen`."""

import gc
import io
import os
import sys
from pathlib import Path
from typing import Final

SELDOM: Final = 100_000
"""Objects made between two looks for garbage."""


def main() -> None:
    """Run a command and exit with its status."""
    gc.set_threshold(SELDOM)
    gc.disable()  # until the command is loaded: all that is made till then stays
    # NumPy's threads multiply matrices, of which there are none here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # There are no plugins of pydantic's here, and to look for some it reads what all packages declare.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from bot.commands.cli import main as run  # noqa: PLC0415  so that it is loaded without such looks

    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  it stays open
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks Chinese characters shows question marks; it ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    status = run()
    gc.freeze()  # Python looks through all that it has when it ends; it goes with the process anyway
    sys.exit(status)


if __name__ == "__main__":
    main()
