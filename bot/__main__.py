"""`python -m bot` and the console script `zhiwen`."""

import sys

from bot.commands.cli import main as run


def main() -> None:
    """Run a command and exit with its status."""
    sys.exit(run())


if __name__ == "__main__":
    main()
