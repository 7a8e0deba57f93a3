"""What else a piece of a question may be called in the corpus, as alternatives of its terms.

An alternative acts in all three streams: each word, character and bigram of what the reader said is found
also by those of what may be written instead, for a share. What was said itself counts wholly, so that a
sentence in the reader's own words stays ahead of one in others.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from retrieval.language.tokeniser import Tokeniser, bigrams, characters
from retrieval.models import Stream, Term
from retrieval.questions.vocabulary import Vocabulary, tokens_of

REMEMBERED = 4096
"""Alternatives whose words are kept: they are the same for one question after another."""
OF_CONTEXT = 0.5
"""What a term of the question before weighs, one of the follow-up itself weighing 1."""


class Placed(NamedTuple):
    """A token of a question, and where it stands in the text that was cut."""

    token: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
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
        return frozenset(at for word in self.words for at in (word.start, word.end))


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a question, and what may be written instead, each with its share.

    Of a piece `in_one`, tokens that only touch it count as its own, and what is written instead does so only
    where it is a single token: of 第三届, the 3 of 第3届 stands for 第三 and for 三届.
    """

    start: int
    end: int
    others: tuple[tuple[str, float], ...]
    in_one: bool = False

    def has(self, token: Placed) -> bool:
        """Whether a token of the question belongs to it."""
        if self.in_one:
            return token.start < self.end and self.start < token.end
        return self.start <= token.start and token.end <= self.end


def placed(tokens: Iterable[str], text: str, *, overlapping: bool = False) -> Iterator[Placed]:
    """The tokens of a text with their places; one that is written otherwise there (1,000) has no width."""
    start = 0
    for token in tokens:
        at = text.find(token, start)
        if at < 0:
            yield Placed(token, start, start)
            continue
        yield Placed(token, at, at + len(token))
        start = at + 1 if overlapping else at + len(token)


def terms(
    cut: Cut, said: Iterable[Said], tokeniser: Tokeniser, vocabulary: Vocabulary
) -> Mapping[Stream, tuple[Term, ...]]:
    """The terms of a question, each with what else the corpus has for the piece that it stands in."""
    pieces = list(said)
    vocabulary.look_up(other for piece in pieces for other, _ in piece.others)
    known = [
        replace(piece, others=tuple(other for other in piece.others if vocabulary.has(other[0])))
        for piece in pieces
    ]
    kept = [piece for piece in known if piece.others]
    cutters = _cutters(tokeniser)
    return {
        stream: tuple(_of_stream(tokens, kept, cutters[stream], cut)) for stream, tokens in cut.tokens.items()
    }


def looked_up(cut: Cut, said: Iterable[Said], tokeniser: Tokeniser) -> Mapping[Stream, list[str]]:
    """All tokens that the terms of a question may have."""
    pieces = list(said)
    others = [other for piece in pieces for other, _ in piece.others]
    own = {
        stream: [*(one.token for one in tokens), *(name for one in pieces for name in _own(one, tokens, cut))]
        for stream, tokens in cut.tokens.items()
    }
    of_others = tokens_of(others)
    cutters = _cutters(tokeniser)
    return {
        stream: [
            *own[stream],
            *of_others[stream],
            *(token for other in dict.fromkeys(others) for token in cutters[stream](other)),
        ]
        for stream in Stream
    }


def _cutters(tokeniser: Tokeniser) -> Mapping[Stream, Callable[[str], Sequence[str]]]:
    return {
        Stream.WORD: functools.partial(_words, tokeniser),
        Stream.CHARACTER: characters,
        Stream.BIGRAM: bigrams,
    }


@functools.lru_cache(REMEMBERED)
def _words(tokeniser: Tokeniser, text: str) -> tuple[str, ...]:
    return tuple(tokeniser.words(text))


def _of_stream(
    tokens: Sequence[Placed], said: Sequence[Said], cutter: Callable[[str], Sequence[str]], cut: Cut
) -> Iterator[Term]:
    """The terms of a stream; a piece without a token of its own (什么意思: 是指) is one by itself."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for piece in said:
        own = _own(piece, tokens, cut)
        others = dict(_tokens(piece, cutter))
        for token in own:
            for other, share in others.items():
                shares[token][other] = max(share, shares[token].get(other, 0.0))
    asked = [
        (one.token, OF_CONTEXT if one.start < cut.context and not one.token.isascii() else 1.0)
        for one in tokens
    ]
    by_itself = [(token, 1.0) for token in shares if not any(token == name for name, _ in asked)]
    for token, weight in [*asked, *by_itself]:
        others = {other: share for other, share in shares[token].items() if other != token}
        yield Term(token, ((token, 1.0), *others.items()), weight)


def _own(piece: Said, tokens: Iterable[Placed], cut: Cut) -> list[str]:
    """The tokens of a piece; its text where it has none."""
    return [token.token for token in tokens if piece.has(token)] or [cut.text[piece.start : piece.end]]


def _tokens(piece: Said, cutter: Callable[[str], Sequence[str]]) -> Iterator[tuple[str, float]]:
    """What a piece may be found by, with shares; those of an alternative of several tokens share its own."""
    for other, share in piece.others:
        tokens = cutter(other)
        if len(tokens) == 1 or not piece.in_one:
            yield from ((token, share / len(tokens)) for token in tokens)
