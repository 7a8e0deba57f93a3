"""The exit statuses."""

from typing import Final

DONE: Final = 0
BAD: Final = 1
WRONG_USAGE: Final = 2
"""Done; the thing asked about is bad; wrong usage or settings."""
