"""Regular expressions that are compiled when they are first used: of hundreds, one question needs few."""

import re
from typing import Any, AnyStr, cast


def regex(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern as `re.compile` makes it, once something is looked for with it.

    Raises:
        re.error: it is malformed; not here, but where it is first used.
    """
    return cast("re.Pattern[AnyStr]", _Uncompiled(written, flags))


def beginning(first: str, written: str) -> re.Pattern[str]:
    """A pattern whose matches all begin with one of some characters (a class, without brackets).

    Elsewhere its alternatives are not tried: of a long pattern, that is a quarter of the time.
    """
    return regex(f"(?=[{first}])(?:{written})")


class _Uncompiled:
    """Stands for a pattern, and keeps what it is asked for."""

    def __init__(self, written: str | bytes, flags: int) -> None:
        self.pattern = written
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a pattern has
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found
