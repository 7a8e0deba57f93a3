"""What is too much for one request, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

One = TypeVar("One")


def pieces(values: Iterable[One], size: int) -> Iterator[list[One]]:
    """The same values in lists of at most so many."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
