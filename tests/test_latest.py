from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.latest import Latest


@given(st.lists(st.tuples(st.integers(0, 8), st.integers())), st.integers(1, 6))
def test_those_written_last_are_kept_in_their_order(written: list[tuple[int, int]], most: int) -> None:
    latest: Latest[int, int] = Latest(most)
    for key, value in written:
        latest[key] = value
    expected: dict[int, int] = {}
    for key, value in reversed(written):
        expected.setdefault(key, value)
    assert list(latest.items()) == list(reversed(list(expected.items())[:most]))
