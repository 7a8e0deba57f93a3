"""The sentences of a stored article are made as they are asked for, and are the same every time."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.segment.encoding import HELD_BITS, QUOTABLE, sentence_kind
from retrieval.index.segment.sentences import Sentences
from retrieval.language.pieces import KINDS
from retrieval.models import Sentence, SentenceKind

READABLE = [*range(len(KINDS) << HELD_BITS), *range(QUOTABLE, 256)]
COLUMNS = st.lists(
    st.tuples(st.integers(0, 999), st.integers(1, 99), st.integers(0, 9), st.sampled_from(READABLE))
)


@given(COLUMNS, st.integers(0, 9), st.integers(0, 9))
def test_they_are_what_the_columns_say(rows: list[tuple[int, int, int, int]], first: int, last: int) -> None:
    expected = [
        Sentence(start, start + size, paragraph, sentence_kind(flags))
        for start, size, paragraph, flags in rows
    ]
    sentences = (
        Sentences(*(list(column) for column in zip(*rows, strict=True))) if rows else Sentences(*[()] * 4)
    )
    assert len(sentences) == len(rows)
    assert list(sentences) == expected
    assert sentences[first:last] == expected[first:last]


@given(st.lists(st.sampled_from(READABLE)))
def test_the_heading_above_a_sentence_is_the_last_before_it(flags: list[int]) -> None:
    sentences = Sentences(flags, flags, flags, flags)
    for number in range(len(flags)):
        above = [at for at in range(number) if sentences[at].kind is SentenceKind.HEADING]
        assert sentences.heading(number) == (above[-1] if above else None)
