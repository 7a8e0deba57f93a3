"""What a question finds in texts is what reading them piece by piece would find."""

import re
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.language.mentions.mention import Mention
from retrieval.language.normalise import normalise
from retrieval.models import AnswerKind, Question, Stream, Term
from retrieval.ranking.alignment import ABSENT, FAR, UNDIVIDED, Asked

CHARACTERS = "一云州，：aＡ½"
"""Of all kinds: Chinese ones, marks, full-width ones, and such as are more than one when normalised."""
CLAUSES = "[^,，;；。！？!?:：]+"
KINDS = st.sampled_from([AnswerKind.DATE, AnswerKind.OTHER, AnswerKind.NAME])


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    """A text, and some of its pieces."""
    text = draw(st.text(CHARACTERS, min_size=1, max_size=30))
    places = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True)
    spans = draw(st.lists(places.map(sorted), max_size=4))
    return text, [Mention(draw(KINDS), start, end) for start, end in spans]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question whose bigrams may be written in several ways."""
    pairs = st.text("一云州", min_size=2, max_size=2)
    bigrams = draw(st.lists(st.lists(pairs, min_size=1, max_size=2, unique=True), min_size=1, max_size=4))
    terms = {tokens[0]: Term(tokens[0], tuple((token, 1.0) for token in tokens)) for tokens in bigrams}
    text = draw(st.text("一云海", min_size=1, max_size=3))
    streams = {Stream.WORD: (), Stream.CHARACTER: (), Stream.BIGRAM: tuple(terms.values())}
    return Question(text=text, understood=text, normalised=text, kind=draw(KINDS), terms=streams)


@settings(max_examples=400)
@given(questions(), st.lists(sentences(), min_size=1, max_size=5))
def test_the_features_of_texts_are_those_of_each_read_by_itself(
    question: Question, found: list[tuple[str, list[Mention]]]
) -> None:
    texts, mentions = zip(*found, strict=True)
    columns = Asked(question).features(texts, mentions)
    for place, (text, told) in enumerate(found):
        expected = plain(question, text, told)
        assert {name: columns[name][place] for name in expected} == expected
    assert np.array_equal(columns["names lead"], columns["names held"] - columns["names held"].max())


def plain(question: Question, text: str, mentions: Sequence[Mention]) -> dict[str, float]:
    """The same without any haste."""
    named = (one for one in mentions if one.kind is not AnswerKind.NAME)
    new = [one for one in named if normalise(text[one.start : one.end]) not in question.normalised]
    of_kind = [one for one in new if one.kind is question.kind]
    fitting = new if question.kind in UNDIVIDED else of_kind
    bigrams = {tuple(token for token, _ in term.alternatives) for term in question.terms[Stream.BIGRAM]}
    tokens = {token for held in bigrams for token in held}
    whole = normalise(text)
    at = {token: [match.start() for match in re.finditer(token, whole)] for token in tokens}
    gaps = [
        min(abs(place - one.end), abs(one.start - place - 2))
        for token in tokens
        for place in at[token]
        for one in of_kind
    ]
    firsts = [places[0] for places in at.values() if places]
    spread = max(firsts, default=0) - min(firsts, default=0) + 1
    clauses = [
        normalise(match.group())
        for match in re.finditer(CLAUSES, text)
        if any(one.start < match.end() and match.start() < one.end for one in fitting)
    ]
    shares = [sum(any(token in clause for token in held) for held in bigrams) for clause in clauses]
    return {
        "text length": len(whole),
        "new of kind": len(of_kind),
        "all new": len({one.start for one in new}),
        "gap to kind": min(gaps, default=FAR),
        "density": len(set(firsts)) / spread if len(firsts) > 1 else ABSENT,
        "match place": sum(firsts) / len(firsts) / len(whole) if len(firsts) > 1 else ABSENT,
        "clause with kind": max(shares, default=0) / max(len(bigrams), 1) if fitting else ABSENT,
        "novel": sum("一" <= one <= "\u9fff" and one not in question.normalised for one in whole),
    }
