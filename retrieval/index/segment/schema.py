"""Every array of a segment: what it is called, the type of its elements, what there is one of, what it means.

A segment holds whole articles, their sentences one after another: article `a` has the rows `first[a]` to
`first[a + 1]`. Terms are numbered in the order of the names of tokens, each stream by itself.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from retrieval.index.segment.encoding import ARTICLE_STREAMS, STORED
from retrieval.models import Stream

SMALLEST = "uint"
"""The smallest type of whole numbers that holds them all: uint8 to uint64."""


class Shape(StrEnum):
    """What an array has an element of."""

    ARTICLE = "article"
    SENTENCE = "sentence"
    BORDER = "article, and one for the end"
    VALUE = "value; each article's together"
    LINE = "distinct line"
    LABEL = "label"
    LABEL_BORDER = "label, and one for the end"
    LABELLED = "article of a label"
    TEXT = "byte"
    TERM = "term"
    TERM_BORDER = "term, and one for the end"
    TERM_GROUP = "eight terms"
    FREQUENT = "frequent term"
    FREQUENT_BORDER = "frequent term, and one for the end"
    POSTING = "posting"
    FULL = "posting of 255 or more"


class Field(NamedTuple):
    """An array. `first` names the one that says where the values of each article begin."""

    name: str
    kind: str
    shape: Shape
    meaning: str
    first: "Field | None" = None

    @property
    def begins(self) -> "Field":
        """The one of values that says where they begin."""
        if self.first is None:
            raise TypeError(f"{self.name} has no values of which an article has some")
        return self.first


def _first(name: str, of: str) -> Field:
    return Field(name, SMALLEST, Shape.BORDER, f"where those of each article begin in {of}")


class Texts(NamedTuple):
    """What sentences hold of a kind, a line a piece: the bytes, how many a sentence has, where they begin."""

    values: Field
    sizes: Field
    first: Field

    @classmethod
    def of(cls, name: str) -> "Texts":
        """Those of a name."""
        first = _first(f"first_{name}", name)
        return cls(
            Field(name, "uint8", Shape.VALUE, f"the {name} of sentences, normalised, a line each", first),
            Field(f"{name}_size", SMALLEST, Shape.SENTENCE, f"bytes of its {name}"),
            first,
        )


FIRST = Field("first", SMALLEST, Shape.BORDER, "where the sentences of each article begin")
ID = Field("id", "uint64", Shape.ARTICLE, "the article's id")
BY_ID = Field("by_id", "uint32", Shape.ARTICLE, "the numbers of the articles, ascending by their ids")
ORDER = Field("order", "uint64", Shape.ARTICLE, "a digest of the id, which breaks ties")
PLACE = Field("place", "uint64", Shape.ARTICLE, "a digest of the file and the record that it stands in")
PUBLISHED = Field("published", "uint32", Shape.ARTICLE, "the ordinal of its date; 0 without one")
TITLE_LINE = Field("title_line", "uint32", Shape.ARTICLE, "a digest of its title, to tell repeated ones")
FIRST_RECORD = _first("first_record", "records")
RECORDS = Field("records", "uint8", Shape.VALUE, "the articles themselves: JSON, packed", FIRST_RECORD)
SENTENCE_START = Field("sentence_start", SMALLEST, Shape.SENTENCE, "where it begins in its article's text")
SENTENCE_SIZE = Field("sentence_size", SMALLEST, Shape.SENTENCE, "its characters")
PARAGRAPH = Field("paragraph", SMALLEST, Shape.SENTENCE, "the number of its paragraph")
FLAGS = Field("flags", "uint8", Shape.SENTENCE, "kinds of answer that it holds, its kind, if it is quotable")
LINE = Field("line", "uint32", Shape.SENTENCE, "a digest of its text, to tell repeated ones")
MENTION_COUNT = Field("mention_count", SMALLEST, Shape.SENTENCE, "how many mentions it has")
FIRST_MENTION = _first("first_mention", "mentions")
MENTIONS = Field(
    "mentions", "3 bytes", Shape.VALUE, "what sentences mention: start, length, kind", FIRST_MENTION
)
FIGURES = {name: Texts.of(name) for name in ("numbers", "dates")}
LINES = Field("lines", "uint32", Shape.LINE, "digests of sentences and titles, ascending")
LINE_ARTICLES = Field("line_articles", SMALLEST, Shape.LINE, "in how many articles each stands")
LABEL_NAMES = Field("label_names", "uint8", Shape.TEXT, "the labels as JSON: facet and name, ascending")
LABELS = Field("labels", "uint64", Shape.LABEL, "a digest of each that ignores script and case")
FIRST_LABEL = Field("first_label", "int64", Shape.LABEL_BORDER, "where the articles of each begin")
LABEL_ARTICLE = Field("label_article", "uint32", Shape.LABELLED, "the articles of each label")

PAIRS = Field("pairs", "uint8", Shape.TEXT, "a bit a character: whether it and the next make a bigram")

OF_ARTICLES = (ID, ORDER, PLACE, PUBLISHED, TITLE_LINE)
"""What is the article's own, wherever it lies."""
OF_SENTENCES = (
    *(SENTENCE_START, SENTENCE_SIZE, PARAGRAPH, FLAGS, LINE),
    *(MENTION_COUNT, *(texts.sizes for texts in FIGURES.values())),
)
"""What is the sentence's own, wherever it lies."""
VALUES = (RECORDS, MENTIONS, *(texts.values for texts in FIGURES.values()))
"""Of which each article has some."""
FACETS = (LABEL_NAMES, LABELS, FIRST_LABEL, LABEL_ARTICLE, PUBLISHED)
"""What articles are narrowed down by."""

TERM_FIELDS: Mapping[str, tuple[str, Shape, str]] = {
    "base": (SMALLEST, Shape.TERM_GROUP, "where the postings of the first begin"),
    "near": ("uint8", Shape.TERM_BORDER, "how much farther its postings begin"),
    "frequent": ("uint32", Shape.FREQUENT, "its number"),
    "frequent_first": (SMALLEST, Shape.FREQUENT_BORDER, "where its postings begin"),
    "sentences": ("uint8", Shape.TERM, "in how many sentences it stands; 255 for a frequent one"),
    "frequent_sentences": (SMALLEST, Shape.FREQUENT, "in how many sentences it stands"),
}
POSTING_FIELDS: Mapping[str, tuple[str, Shape, str]] = {
    "article": (SMALLEST, Shape.POSTING, "the article, by its number"),
    "frequency": ("uint8", Shape.POSTING, "how often it holds the term; 255 for more"),
    "full": (SMALLEST, Shape.FULL, "its place among the postings"),
    "full_frequency": ("uint32", Shape.FULL, "how often the article holds the term"),
    "bound_frequency": (SMALLEST, Shape.FREQUENT, "the highest frequency"),
    "bound_ratio": ("float32", Shape.FREQUENT, "the lowest ratio of an article's length to the frequency"),
    "article_length": (SMALLEST, Shape.ARTICLE, "its tokens, those of its title three times"),
}


class Numbered(NamedTuple):
    """Numbers of terms: the lower 16 bits and the higher ones; `first` is where each article's begin."""

    low: Field
    high: Field
    first: Field


class StreamFields:
    """The arrays of one stream of tokens.

    `terms` and `postings` go by the attributes of `Terms` and `Postings`; the latter are none for a stream
    that articles are not found by.
    """

    def __init__(self, stream: Stream) -> None:
        stored = STORED[stream]
        which = "tokens that no two characters make" if stream is Stream.BIGRAM else "tokens"
        self.tokens = _numbered(f"{stored}_tokens", f"the {which} of the sentences", f"{stored}_first_token")
        self.sizes = Field(f"{stored}_length", SMALLEST, Shape.SENTENCE, f"how many {which} are stored")
        self.lengths = self.sizes
        if stream is Stream.BIGRAM:
            self.lengths = Field(f"{stream}_length", SMALLEST, Shape.SENTENCE, "how many tokens it has")
        self.titles = _numbered(
            f"{stream}_title_tokens", "the tokens of the titles", f"{stream}_first_title_token"
        )
        self.short = Field(f"{stream}_short", "uint32", Shape.TERM, "names of one or two characters")
        self.long = Field(f"{stream}_long", "uint64", Shape.TERM, "digests of longer ones, which come after")
        self.terms = _of(stream, TERM_FIELDS)
        self.postings = _of(stream, POSTING_FIELDS) if stream in ARTICLE_STREAMS else {}

    def __iter__(self) -> Iterator[Field]:
        """All of them, but for those that say where values begin."""
        yield from (self.tokens.low, self.tokens.high, self.sizes)
        if self.lengths is not self.sizes:
            yield self.lengths
        yield from (self.titles.low, self.titles.high, self.short, self.long)
        yield from (*self.terms.values(), *self.postings.values())


def _numbered(name: str, meaning: str, first: str) -> Numbered:
    begins = _first(first, name)
    return Numbered(
        Field(name, "uint16", Shape.VALUE, f"{meaning}: numbers of terms, the lower 16 bits", begins),
        Field(f"{name}_high", SMALLEST, Shape.VALUE, "the higher bits; none where 16 are enough", begins),
        begins,
    )


def _of(stream: Stream, fields: Mapping[str, tuple[str, Shape, str]]) -> dict[str, Field]:
    return {name: Field(f"{stream}_{name}", *described) for name, described in fields.items()}


STREAMS: Mapping[Stream, StreamFields] = {stream: StreamFields(stream) for stream in Stream}


def fields() -> dict[str, Field]:
    """All arrays of a segment by their names."""
    found = [
        *(FIRST, BY_ID, *OF_ARTICLES, *OF_SENTENCES, *VALUES, LINES, LINE_ARTICLES, *FACETS, PAIRS),
        *(field for stream in STREAMS.values() for field in stream),
    ]
    return {field.name: field for one in found for field in (one, one.first) if field}
