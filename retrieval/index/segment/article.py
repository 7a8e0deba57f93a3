"""What an article of a segment says and mentions: each part read once, when it is asked for."""

from itertools import accumulate
from typing import NamedTuple

from retrieval.index.segment import schema
from retrieval.index.segment.encoding import read_mentions
from retrieval.index.segment.reader import Segment
from retrieval.index.segment.schema import Field
from retrieval.index.segment.sentences import Sentences
from retrieval.language.mentions.mention import Mention
from retrieval.lazy import lazy
from retrieval.models import AnswerKind, Article


class _Values(NamedTuple):
    """What is stored of an article's sentences: that of sentence `s` is `stored[ends[s] : ends[s + 1]]`."""

    stored: bytes
    ends: list[int]

    def of(self, sentence: int) -> bytes:
        """What is stored of a sentence."""
        return self.stored[self.ends[sentence] : self.ends[sentence + 1]]


class EmbeddedArticle:
    """An article of a segment.

    Args:
        segment: that holds it.
        number: of the article there.
    """

    def __init__(self, segment: Segment, number: int) -> None:
        self._segment = segment
        self._number = number
        self._rows = slice(*segment.first[number : number + 2].tolist())
        self._mentions: dict[int, tuple[Mention, ...]] = {}

    @property
    def id(self) -> str:
        """What the article is called in every index."""
        return self._segment.id(self._number)

    @lazy
    def record(self) -> Article:
        """The article itself."""
        return self._segment.article(self._number)

    @lazy
    def sentences(self) -> Sentences:
        """Where its sentences lie, in the order of the text."""
        columns = schema.SENTENCE_START, schema.SENTENCE_SIZE, schema.PARAGRAPH, schema.FLAGS
        return Sentences(*self._columns(*columns))

    def heading(self, sentence: int) -> int | None:
        """The heading above a sentence, by its number."""
        return self.sentences.heading(sentence)

    def text(self, sentence: int) -> str:
        """The stored text of a sentence."""
        return self._texts[sentence]

    @lazy
    def _texts(self) -> list[str]:
        summary = self.record.summary
        places = zip(*self._columns(schema.SENTENCE_START, schema.SENTENCE_SIZE), strict=True)
        return [summary[start : start + size] for start, size in places]

    def mentions(self, sentence: int) -> tuple[Mention, ...]:
        """What a sentence mentions."""
        found = self._mentions.get(sentence)
        if found is None:
            found = self._mentions[sentence] = read_mentions(self._stored_mentions.of(sentence))
        return found

    def figures(self, sentence: int, kind: AnswerKind) -> list[str]:
        """The numbers, or the dates, of a sentence, normalised; `kind` says which."""
        stored = (self._dates if kind is AnswerKind.DATE else self._numbers).of(sentence)
        return stored.decode().split("\n") if stored else []

    @lazy
    def _stored_mentions(self) -> _Values:
        return self._values(schema.MENTION_COUNT, schema.MENTIONS, schema.FIRST_MENTION)

    @lazy
    def _numbers(self) -> _Values:
        of = schema.FIGURES["numbers"]
        return self._values(of.sizes, of.values, of.first)

    @lazy
    def _dates(self) -> _Values:
        of = schema.FIGURES["dates"]
        return self._values(of.sizes, of.values, of.first)

    def _values(self, sizes: Field, values: Field, firsts: Field) -> _Values:
        """What an array holds of the article, in which what its sentences have lies one after another."""
        first, last = self._segment.array(firsts)[self._number : self._number + 2].tolist()
        (counts,) = self._columns(sizes)
        held = self._segment.array(values)[first:last]
        return _Values(held.tobytes(), [held.itemsize * end for end in accumulate(counts, initial=0)])

    def _columns(self, *fields: Field) -> list[list[int]]:
        """What some arrays have of each of its sentences."""
        return [self._segment.array(field)[self._rows].tolist() for field in fields]
