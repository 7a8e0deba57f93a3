"""What is made where it is asked for: an attribute, the items of a sequence."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801  it is written where `property` is
    """`functools.cached_property` as it is from Python 3.12 on.

    Before, it holds a lock while it works, one for all objects of a class: each waits for what the others
    read. Here two threads may work out the same at once, and the later one's is kept.
    """

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Under which name it is kept."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        """The value; it is kept where Python looks before it asks here again."""
        if instance is None:
            return self
        value: Value = self._work(instance)
        instance.__dict__[self._name] = value
        return value


class LazySequence(Sequence[Value]):
    """A sequence whose items are made each time they are asked for: for many of which few ever are."""

    @abstractmethod
    def made(self, at: int) -> Value:
        """The item at a place.

        Raises:
            IndexError: there is none.
        """

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> list[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | list[Value]:
        """One, or some."""
        if isinstance(at, slice):
            return [self.made(place) for place in range(*at.indices(len(self)))]
        return self.made(at)
