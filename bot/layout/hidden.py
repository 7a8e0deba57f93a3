"""What a reader is not shown."""

from typing import Final

HIDE: Final = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
"""Characters that steer a terminal, break a line or turn the writing direction: never sent to one."""
