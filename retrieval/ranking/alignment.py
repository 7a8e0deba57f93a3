"""How a question lies over the text of a sentence: its words close together, what could be the answer near.

The focus of a question is the noun that its asking word governs: 哪种语言 and 语言是什么 both ask after 语言;
a sentence that answers often has it (德语, 东方语言). Texts are compared normalised.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from retrieval.language.mentions.mention import Mention
from retrieval.language.normalise import in_place, normalise
from retrieval.language.tokeniser import places
from retrieval.models import AnswerKind, Question, Span, Stream
from retrieval.questions.answer_type import own_part
from retrieval.questions.chinese import ASKING_PHRASE
from retrieval.questions.demands import names
from retrieval.questions.measures import measure_asked
from retrieval.regex import regex

ASKING = regex(
    "为什么|什么时候|什么样|什么|甚么|何时|何地|何处|何种|何人|何|哪一|哪些|哪几|哪里|哪儿|哪|谁"
    "|多少|多大|多高|多长|多远|多久|几|如何|怎么样|怎么|怎样|为何",
)
MEASURE = "[个种位家座项部名间所条本首篇款件只场次届支张片类段]"
FOCUS_AFTER = regex(
    rf"(?:什么样的|什么|甚么|何种|哪一|哪些|哪几|哪|多少|几)(?:{MEASURE}(?=[\u4e00-\u9fff]))?的?"
    r"([\u4e00-\u9fffa-z0-9]{1,8})",
)
FOCUS_BEFORE = regex(
    r"([\u4e00-\u9fffa-z0-9]{1,10})(?:是|为|有|叫|达到?|约)?(?:什么|甚么|多少|谁|哪|何|几|多[大高长远久])",
)
NO_LETTERS = regex(r"\W+")
CLAUSE = regex(r"[^,，;；。！？!?:：]+")
LINK = regex("[的是为在有被由于和与了把将会能可来去让使不中上下里对从到而及会曾时后前所并]")
"""What ends a noun."""
FIRST_HAN, HAN = 0x4E00, 0x5200
"""The first of the characters that are counted as Chinese, and how many there are."""
FIGURES = (AnswerKind.NUMBER, AnswerKind.DATE)
UNDIVIDED = (AnswerKind.OTHER, AnswerKind.NAME, AnswerKind.LIST, AnswerKind.REASON)
"""Kinds of answer that no kind of mention stands for: any could be it."""
PAIR = 2
"""Characters of a bigram."""
FAR = 60
"""Characters beyond which a distance says nothing more."""
ABSENT = -1.0
"""The value of a feature that a question or a sentence gives no ground for."""
FACTS = (
    *("text length", "new of kind", "gap to kind", "all new", "unit", "names held", "last word"),
    *("focus characters", "density", "match place", "clause with kind", "gap to word before"),
)
"""What there is to say about each sentence alone."""

Column = NDArray[np.float64]
Columns = dict[str, Column]
"""Features by name, a number for each sentence."""


class _Text:
    """The text of a sentence, and its pieces, in the form in which they are compared."""

    def __init__(self, text: str) -> None:
        self.stored = text
        self._in_place = in_place(text)
        self.normalised = normalise(text) if self._in_place is None else self._in_place

    def piece(self, start: int, end: int) -> str:
        """The piece at a span of the stored text."""
        return normalise(self.stored[start:end]) if self._in_place is None else self._in_place[start:end]


class Asked:
    """A question, and what it wants of a sentence."""

    def __init__(self, question: Question) -> None:
        self._kind = question.kind
        self._is_undivided = question.kind in UNDIVIDED
        self._names = names(question)
        self._normalised = question.normalised
        bigrams = {
            tuple([token for token, _ in term.alternatives])
            for term in question.terms[Stream.BIGRAM]
            if len(term.token) > 1
        }
        self._bigram_count = len(bigrams)
        self._bigrams: dict[str, list[int]] = {}
        for number, tokens in enumerate(bigrams):
            for token in tokens:
                self._bigrams.setdefault(token, []).append(number)
        self._words = [term.token for term in question.terms[Stream.WORD]]
        self._word_before = self._last_before_asking()
        is_number = question.kind is AnswerKind.NUMBER
        self._measure = measure_asked(own_part(question.normalised)) if is_number else None
        self._focus = focus(question.normalised)
        self._length = float(len(NO_LETTERS.sub("", ASKING_PHRASE.sub("", question.normalised))))

    def features(self, texts: Sequence[str], mentions: Sequence[Sequence[Mention]]) -> Columns:
        """The features by name, of sentences by their stored texts and what they mention."""
        read = list(map(_Text, texts))
        facts = np.array(list(map(self._facts, read, mentions)), dtype=np.float64)
        columns = dict(zip(FACTS, facts.T, strict=True))
        columns["names lead"] = columns["names held"] - columns["names held"].max()
        columns["question length"] = np.full(len(texts), self._length)
        columns["novel"] = self._novel([text.normalised for text in read])
        return columns

    def _facts(self, text: _Text, mentions: Sequence[Mention]) -> tuple[float, ...]:
        """What there is to say about a sentence, as numbers (`FACTS`)."""
        normalised = text.normalised
        new = self._new(mentions, text)
        of_kind = [(start, end) for kind, start, end in new if kind is self._kind]
        fitting = [(start, end) for _, start, end in new] if self._is_undivided else of_kind
        found = {token: list(places(normalised, token)) for token in self._bigrams if token in normalised}
        return (
            len(normalised),
            len(of_kind),
            _nearest(of_kind, [at for of_token in found.values() for at in of_token], PAIR),
            len({start for _, start, _ in new}),
            self._unit(mentions, text),
            self._names_held(normalised),
            self._words[-1] in normalised if self._words else ABSENT,
            self._focus_held(normalised),
            *_placed([of_token[0] for of_token in found.values()], len(normalised)),
            self._best_clause(text, found, fitting),
            self._gap_to_word_before(normalised, fitting),
        )

    def _novel(self, texts: Sequence[str]) -> Column:
        """How many Chinese characters of each normalised text the question has not."""
        codes = np.frombuffer("".join(texts).encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
        is_novel = np.ones(HAN + 1, dtype=np.bool_)
        asked = [ord(character) - FIRST_HAN for character in self._normalised]
        is_novel[[*(code for code in asked if 0 <= code < HAN), HAN]] = False
        # What comes before the first wraps around, so that it is beyond the last as well.
        novel = is_novel.take(codes - np.uint32(FIRST_HAN), mode="clip")
        before = np.zeros(len(codes) + 1)
        novel.cumsum(out=before[1:])
        counted: Column = np.diff(before.take(np.array([0, *map(len, texts)]).cumsum()))
        return counted

    def _new(self, mentions: Sequence[Mention], text: _Text) -> list[tuple[AnswerKind, int, int]]:
        """What a sentence mentions that the question does not say; noun phrases only serve to mark."""
        asked, piece, phrase = self._normalised, text.piece, AnswerKind.NAME
        return [
            (kind, start, end)
            for kind, start, end in mentions
            if kind is not phrase and piece(start, end) not in asked
        ]

    def _unit(self, mentions: Sequence[Mention], text: _Text) -> float:
        """1 with a figure in the unit asked for, -1 without, 0 where none is asked for."""
        if self._measure is None:
            return 0.0
        figures = [text.piece(start, end) for kind, start, end in mentions if kind in FIGURES]
        return 1.0 if any(map(self._measure.holds, figures)) else -1.0

    def _names_held(self, text: str) -> float:
        """The share of what the question names that the sentence names too."""
        if not self._names:
            return ABSENT
        return sum([any(map(text.__contains__, forms)) for forms in self._names]) / len(self._names)

    def _focus_held(self, text: str) -> float:
        """The share of the characters of what is asked after that the sentence has."""
        if not self._focus:
            return ABSENT
        return sum(map(text.__contains__, self._focus)) / len(self._focus)

    def _best_clause(self, text: _Text, found: Iterable[str], fitting: Sequence[Span]) -> float:
        """The largest share of the question's bigrams in a clause that has what could be the answer."""
        if not fitting:
            return ABSENT
        if not found:
            return 0.0
        most = 0
        for match in CLAUSE.finditer(text.stored):
            start, end = match.span()
            for first, last in fitting:
                if first < end and last > start:
                    clause = text.piece(start, end)
                    held = [self._bigrams[token] for token in found if token in clause]
                    most = max(most, len(set(chain.from_iterable(held))))
                    break
        return most / self._bigram_count

    def _gap_to_word_before(self, text: str, fitting: Sequence[Span]) -> float:
        """The distance from what could be the answer to the last word before the asking word."""
        word = self._word_before
        if word is None or not fitting or word not in text:
            return FAR
        return _nearest(fitting, list(places(text, word)), len(word))

    def _last_before_asking(self) -> str | None:
        """The last word before the asking word (the last of all, where nothing asks)."""
        asking = list(ASKING.finditer(self._normalised))
        end = asking[-1].start() if asking else len(self._normalised)
        position, last = 0, None
        for word in self._words:
            start = self._normalised.find(word, position)
            if start >= 0:
                position = start + len(word)
                last = word if start < end else last
        return last


def _nearest(spans: Sequence[Span], found: Sequence[int], length: int) -> float:
    """The distance from a span to the nearest of the places of something so long; `FAR` without any."""
    before = [abs(start - length - at) for start, _ in spans for at in found]
    return min(before + [abs(at - end) for _, end in spans for at in found], default=FAR)


def _placed(found: Sequence[int], length: int) -> tuple[float, float]:
    """How close together the question's bigrams first stand, and how late."""
    if len(found) <= 1:
        return ABSENT, ABSENT
    density = len(set(found)) / (max(found) - min(found) + 1)
    return density, sum(found) / len(found) / max(length, 1)


def focus(normalised: str) -> str:
    """The noun that a question's asking word governs; empty when there is none."""
    after = FOCUS_AFTER.search(normalised)
    noun = LINK.split(after.group(1))[0] if after else ""
    if noun:
        return noun
    before = list(FOCUS_BEFORE.finditer(normalised))
    return LINK.split(before[-1].group(1))[-1] if before else ""
