"""What a sentence mentions: dates, numbers, people, places, organisations, reasons, lists.

Found by rules on the normalised text and by jieba's part-of-speech tags, when a sentence is indexed; they
tell whether it holds the kind of answer that a question asks for, and where in it the answer stands.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval import dates, patterns
from retrieval.models import AnswerKind, Span
from retrieval.phrases import ENDING_WORDS, Word, phrases
from retrieval.text import Tokeniser, align

NAME_FLAGS = ("n", "j", "s", "f", "b", "eng", "vn", "an", "l", "i", "q", "g", "k", "h")
"""Parts of speech that a name of a place or an organisation is made of (ICTPOS, jieba's set)."""
TAGGED = {"nr": AnswerKind.PERSON, "ns": AnswerKind.PLACE, "nt": AnswerKind.ORGANISATION}
BITS = {
    AnswerKind.PERSON: 1,
    AnswerKind.PLACE: 2,
    AnswerKind.ORGANISATION: 4,
    AnswerKind.REASON: 8,
    AnswerKind.LIST: 16,
}
"""The kinds that a sentence holds whatever the question; dates and numbers must be new to the question."""


PATTERNS = (
    (AnswerKind.DATE, dates.DATE),
    (AnswerKind.NUMBER, patterns.QUANTITY),
    (AnswerKind.PERSON, patterns.FOREIGN_NAME),
)
HELD = (
    (AnswerKind.PLACE, patterns.HELD_PLACE),
    (AnswerKind.ORGANISATION, patterns.HELD_ORGANISATION),
    (AnswerKind.REASON, patterns.HELD_REASON),
    (AnswerKind.LIST, patterns.HELD_LIST),
)


class Mention(NamedTuple):
    """A piece of a sentence (a span of the text as stored) that could answer a question of this kind."""

    kind: AnswerKind
    start: int
    end: int


class Held(NamedTuple):
    """What one sentence mentions, the bits of the kinds that it holds, its numbers and dates (normalised)."""

    mentions: tuple[Mention, ...]
    bits: int
    numbers: tuple[str, ...]
    dates: tuple[str, ...]


def find(text: str, tokeniser: Tokeniser) -> Held:
    """What a stored sentence mentions."""
    normalised, spans = align(text)
    words = list(tokeniser.tagged(normalised))
    tagged = list(_tagged(words))
    found = [*_patterns(normalised), *tagged, *_phrases(words, normalised)]
    kinds = {mention.kind for mention in tagged}
    kinds |= {kind for kind, pattern in HELD if pattern.search(normalised)}
    found += [Mention(AnswerKind.NAME, *span) for span in phrases(words, normalised)]
    mentions = {Mention(kind, spans[start][0], spans[end - 1][1]) for kind, start, end in found}
    for match in patterns.LATIN_NAME.finditer(text):
        mentions |= {Mention(kind, *match.span()) for kind in TAGGED.values()}
    numbers = tuple(dict.fromkeys(patterns.HELD_NUMBER.findall(normalised)))
    held_dates = patterns.HELD_DATE.findall(normalised)
    years = (number for number in numbers if len(number) == len("2022"))
    return Held(
        mentions=tuple(sorted(mentions, key=lambda mention: (mention[1:], mention.kind))),
        bits=sum(BITS[kind] for kind in kinds),
        numbers=numbers,
        dates=tuple(dict.fromkeys((*held_dates, *years))),
    )


def _patterns(normalised: str) -> Iterator[Mention]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(normalised):
            yield Mention(kind, *match.span())


def _tagged(words: Sequence[Word]) -> Iterator[Mention]:
    """Names by their part of speech; neighbours of one kind are one name (尼古拉·特斯拉)."""
    kind, start, end = None, 0, 0
    for word, flag, position in words:
        joins = kind is not None and position == end
        if joins and word in "·.-" and flag[0] in "xwm":
            end += len(word)
            continue
        found = TAGGED.get(flag[:2])
        if joins and (found is kind or (kind is AnswerKind.PERSON and _is_given_name(end - start, word))):
            end = position + len(word)
            continue
        if kind is not None:
            yield Mention(kind, start, end)
        kind, start, end = found, position, position + len(word)
    if kind is not None:
        yield Mention(kind, start, end)


def _is_given_name(length: int, word: str) -> bool:
    """Whether a word continues a surname of one character (王|治平, which no dictionary has)."""
    return length == 1 and len(word) <= len("治平") and word.isalpha() and word not in ENDING_WORDS


def _phrases(words: Sequence[Word], normalised: str) -> Iterator[Mention]:
    """Places and organisations by whole noun phrases (大阪府丰中市, 鑫诺卫星通信有限公司)."""
    phrase: list[Word] = []
    for word in [*words, ("", "", -1)]:
        joined = phrase and word[2] == phrase[-1][2] + len(phrase[-1][0])
        if joined and word[1].startswith(NAME_FLAGS):
            phrase.append(word)
            continue
        if phrase:
            yield from _named(phrase, normalised)
        phrase = [word] if word[1].startswith(NAME_FLAGS) else []


def _named(phrase: Sequence[Word], normalised: str) -> Iterator[Mention]:
    start, end = phrase[0][2], phrase[-1][2] + len(phrase[-1][0])
    flags = {flag[:2] for _, flag, _ in phrase}
    text = normalised[start:end]
    if patterns.PLACE_END.search(text) or "ns" in flags or "s" in flags:
        yield Mention(AnswerKind.PLACE, start, end)
    if patterns.ORGANISATION_END.search(text) or "nt" in flags:
        yield Mention(AnswerKind.ORGANISATION, start, end)


def spans_of(kind: AnswerKind, mentions: Sequence[Mention]) -> list[Span]:
    """The spans of one kind."""
    return [(mention.start, mention.end) for mention in mentions if mention.kind is kind]
