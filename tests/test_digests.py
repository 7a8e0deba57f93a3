"""A table of digests says what a dict would say."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval import digests
from retrieval.digests import DigestTable

CLOSE = st.integers(1, 1 << 64) | st.integers(0, 20).map(lambda number: 1 + number * digests.FIRST_SIZE)
"""Digests, many of which have the same place in a small table."""


@given(st.lists(st.integers(1, (1 << 64) - 1) | CLOSE.map(lambda number: number % (1 << 64) or 1)))
def test_each_digest_keeps_what_it_came_with_first(given_digests: list[int]) -> None:
    table, expected = DigestTable(), dict[int, int]()
    for number, digest in enumerate(given_digests):
        assert table.add(digest, number) == expected.get(digest)
        expected.setdefault(digest, number)
    assert len(table) == len(expected)


def test_nothing_is_lost_when_a_table_grows() -> None:
    table, count = DigestTable(), 5 * digests.FIRST_SIZE
    for number in range(count):
        assert table.add(digests.digest_of(str(number)), number) is None
    assert [table.add(digests.digest_of(str(number)), 0) for number in range(count)] == list(range(count))
