"""What else a piece of a question may be called in the corpus, as alternatives of its terms.

An alternative acts in all three streams: each word, character and bigram of what the reader said is found
also by those of what may be written instead, for a share. What was said itself counts wholly, so that a
sentence in the reader's own words stays ahead of one in others.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.language.tokeniser import Tokeniser, bigrams, characters
from retrieval.models import Stream, Term
from retrieval.questions.vocabulary import Vocabulary

REMEMBERED = 4096
"""Alternatives whose tokens are kept: they are the same for one question after another."""
OF_CONTEXT = 0.5
"""What a term of the question before weighs, one of the follow-up itself weighing 1."""


class Placed(NamedTuple):
    """A token of a question, and where it stands in the text that was cut."""

    token: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What of a question is looked up: its text, all words of that, and the tokens that count.

    Up to `context` the text only says of what something is asked. `of_version` tells that a version is.
    """

    text: str
    words: tuple[Placed, ...]
    context: int
    tokens: Mapping[Stream, tuple[Placed, ...]]
    of_version: bool = False

    @property
    def borders(self) -> frozenset[int]:
        """Where words begin and end."""
        return frozenset([start for _, start, _ in self.words] + [end for _, _, end in self.words])


class Said(NamedTuple):
    """A piece of a question, and what may be written instead, each with its share.

    Of a piece `in_one`, tokens that only touch it count as its own, and what is written instead does so only
    where it is a single token: of 第三届, the 3 of 第3届 stands for 第三 and for 三届.
    """

    start: int
    end: int
    others: tuple[tuple[str, float], ...]
    in_one: bool = False

    def among(self, tokens: Iterable[Placed]) -> list[str]:
        """Those of the question's tokens that belong to it."""
        first, last = self.start, self.end
        if self.in_one:
            return [token for token, start, end in tokens if start < last and first < end]
        return [token for token, start, end in tokens if first <= start and end <= last]


def placed(tokens: Iterable[str], text: str, *, overlapping: bool = False) -> list[Placed]:
    """The tokens of a text with their places; one that is written otherwise there (1,000) has no width."""
    found: list[Placed] = []
    start = 0
    for token in tokens:
        at = text.find(token, start)
        if at < 0:
            found.append(Placed(token, start, start))
            continue
        end = at + len(token)
        found.append(Placed(token, at, end))
        start = at + 1 if overlapping else end
    return found


def terms(
    cut: Cut, said: Iterable[Said], tokeniser: Tokeniser, vocabulary: Vocabulary
) -> Mapping[Stream, tuple[Term, ...]]:
    """The terms of a question, each with what else the corpus has for the piece that it stands in."""
    pieces = list(said)
    vocabulary.look_up(other for piece in pieces for other, _ in piece.others)
    known = [
        piece._replace(others=tuple(other for other in piece.others if vocabulary.has(other[0])))
        for piece in pieces
    ]
    kept = [piece for piece in known if piece.others]
    return {stream: tuple(_of_stream(cut, stream, kept, tokeniser)) for stream in cut.tokens}


def looked_up(cut: Cut, said: Iterable[Said], tokeniser: Tokeniser) -> Mapping[Stream, list[str]]:
    """All tokens that the terms of a question may have."""
    pieces = list(said)
    others = dict.fromkeys(other for piece in pieces for other, _ in piece.others)
    of_others = [_cut(tokeniser, other) for other in others]
    return {
        stream: [
            *(one.token for one in tokens),
            *(name for piece in pieces for name in _own(piece, tokens, cut)),
            *(token for of_other in of_others for token in of_other[stream]),
        ]
        for stream, tokens in cut.tokens.items()
    }


@functools.lru_cache(REMEMBERED)
def _cut(tokeniser: Tokeniser, text: str) -> Mapping[Stream, Sequence[str]]:
    """The tokens of what may be written instead."""
    return {
        Stream.WORD: tokeniser.words(text),
        Stream.CHARACTER: characters(text),
        Stream.BIGRAM: bigrams(text),
    }


def _of_stream(cut: Cut, stream: Stream, said: Sequence[Said], tokeniser: Tokeniser) -> Iterator[Term]:
    """The terms of a stream; a piece without a token of its own (什么意思: 是指) is one by itself."""
    tokens, found = cut.tokens[stream], dict[str, dict[str, float]]()
    for piece in said:
        others = dict(_tokens(piece, stream, tokeniser))
        for token in _own(piece, tokens, cut) if others else ():
            shares = found.setdefault(token, {})
            for other, share in others.items():
                shares[other] = max(share, shares.get(other, 0.0))
    for token, start, _ in tokens:
        weight = OF_CONTEXT if start < cut.context and not token.isascii() else 1.0
        yield _term(token, found.get(token), weight)
    asked = {token for token, *_ in tokens} if found else set()
    yield from (_term(token, others, 1.0) for token, others in found.items() if token not in asked)


def _term(token: str, others: Mapping[str, float] | None, weight: float) -> Term:
    """A token with what may be written instead."""
    if others:
        return Term(token, ((token, 1.0), *[one for one in others.items() if one[0] != token]), weight)
    return Term(token, ((token, 1.0),), weight)


def _own(piece: Said, tokens: Iterable[Placed], cut: Cut) -> list[str]:
    """The tokens of a piece; its text where it has none."""
    return piece.among(tokens) or [cut.text[piece.start : piece.end]]


def _tokens(piece: Said, stream: Stream, tokeniser: Tokeniser) -> Iterator[tuple[str, float]]:
    """What a piece may be found by, with shares; those of an alternative of several tokens share its own."""
    for other, share in piece.others:
        tokens = _cut(tokeniser, other)[stream]
        if len(tokens) == 1 or not piece.in_one:
            yield from ((token, share / len(tokens)) for token in tokens)
