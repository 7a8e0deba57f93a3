"""A lazy attribute is worked out once for each object, and no object waits for another's."""

import threading

from retrieval.lazy import lazy


class Slow:
    """Counts how often it was asked; one may wait until another is done."""

    def __init__(self, awaited: threading.Event | None = None) -> None:
        self.asked = 0
        self._awaited = awaited

    @lazy
    def value(self) -> int:
        """What it is worth."""
        if self._awaited is not None:
            assert self._awaited.wait(timeout=60)
        self.asked += 1
        return 7


def test_it_is_worked_out_once_for_each_object() -> None:
    one, other = Slow(), Slow()
    assert (one.value, one.value, one.asked, other.asked) == (7, 7, 1, 0)
    assert Slow.value.__doc__ == "What it is worth."


def test_no_object_waits_for_another() -> None:
    awaited = threading.Event()
    waiting = Slow(awaited)
    thread = threading.Thread(target=lambda: waiting.value)
    thread.start()
    try:
        assert Slow().value == 7
    finally:
        awaited.set()
        thread.join()
    assert waiting.asked == 1
