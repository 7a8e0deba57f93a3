"""The vocabulary: what travels between the parts, frozen, named as the field names it.

A corpus is a folder of record files. A record becomes an `Article`, or `Problem`s that say why not; the
summary of an article is cut into `Sentence`s. A `Question` is looked up in an `ArticleIndex`, and the
sentences that answer it come back as the `Passage`s of an `Answer`.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Span = tuple[int, int]
"""Start and end (exclusive) of a piece of text, in code points."""


class Model(BaseModel):
    """A frozen value: equal by content, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(StrEnum):
    """How bad a problem is: an error loses a record, a warning changes one, an info only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Problem(Model):
    """Something about a record file that its keeper should know."""

    file: str
    record: int | None = Field(default=None, description="number of the record in its file, from 1")
    line: int | None = Field(default=None, description="line of the file, from 1")
    code: str
    level: Level
    message: str


class Article(Model):
    """One record: a news article's title, source and summary, as stored.

    `summary` is the stored text: every quotation is a substring of it. `file` is the record file's path
    relative to the corpus folder (or its name, when a single file was given), `record` counts from 1.
    """

    title: str
    url: str | None
    summary: str
    keywords: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    published: dt.date | None = None
    extra: Mapping[str, str] = Field(default_factory=dict)
    file: str
    record: int

    @property
    def id(self) -> str:
        """16 hexadecimal digits that name this article's content, whatever file it stands in."""
        content = self.model_dump_json(exclude={"file", "record"})
        return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


class SentenceKind(StrEnum):
    """What a piece of a summary is: only text is quoted as an answer, and boilerplate is not even counted."""

    TEXT = "text"
    HEADING = "heading"
    CAPTION = "caption"
    DATELINE = "dateline"
    BOILERPLATE = "boilerplate"


class Sentence(NamedTuple):
    """A piece of a summary: `summary[start:end]`, without white space around it.

    `paragraph` counts from 0; a heading is a paragraph of its own.
    """

    start: int
    end: int
    paragraph: int
    kind: SentenceKind = SentenceKind.TEXT


class AnswerKind(StrEnum):
    """What a question asks for, as far as its words tell."""

    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    NAME = "name"
    ORGANISATION = "organisation"
    LIST = "list"
    OTHER = "other"


class Stream(StrEnum):
    """The three ways a text is cut into tokens, each scored on its own and summed."""

    WORD = "word"
    CHARACTER = "character"
    BIGRAM = "bigram"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question looks for, by any of several tokens.

    `token` names it, and no two terms of a stream with one name differ in their alternatives.
    `alternatives` are the tokens that it is counted by, each with its share (0..1): 1 for what was said
    itself, less for what may be written instead; the translations of a word share 1 among them.
    `weight` multiplies what the term gives to a score.
    """

    token: str
    alternatives: tuple[tuple[str, float], ...]
    weight: float = 1.0

    @classmethod
    def plain(cls, token: str) -> "Term":
        """A term that only its own token stands for."""
        return cls(token, ((token, 1.0),))


class DemandKind(StrEnum):
    """What a question can insist on."""

    YEAR = "year"
    PLACE = "place"
    ORGANISATION = "organisation"
    NAME = "name"
    MEASURE = "measure"
    SUPERLATIVE = "superlative"


class Demand(Model):
    """Something that a question insists on, as a reader is told of it; a name with all that it goes by."""

    kind: DemandKind
    text: str
    forms: tuple[str, ...] = ()


class Question(Model):
    """A question ready for the index.

    `text` is what was asked, `understood` what is looked up: the same, or a follow-up completed from the
    question before it. `terms` may repeat a term: each occurrence counts. `translation` puts a question in
    another language in Chinese words, and `normalised` then holds both. `demands` are what it insists on;
    `wants_newest` is whether of several answers the newest is meant (最新, 目前, 到几了).
    """

    text: str
    understood: str
    translation: str | None = None
    normalised: str
    kind: AnswerKind
    terms: Mapping[Stream, tuple[Term, ...]]
    demands: tuple[Demand, ...] = ()
    wants_newest: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing is left to look up."""
        return not any(self.terms.values())


class Filters(Model):
    """Which articles a question is about; every condition that is given must be met.

    `industries` and `technologies` are as the records name them, in either script and any case: an article
    with one of several will do. `since` is the earliest date of publication; an undated article has none.
    """

    industries: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    since: dt.date | None = None


EVERYTHING = Filters()
"""Leaves no article out."""


class Facet(StrEnum):
    """What a corpus is narrowed down by."""

    INDUSTRY = "industry"
    TECHNOLOGY = "technology"
    YEAR = "year"


class FacetLabel(NamedTuple):
    """A label of a facet, as the records write it; of `YEAR`, the year that an article was published in."""

    facet: Facet
    name: str


class Period(Model):
    """Days from one to another, both included; None for no border."""

    since: dt.date | None = None
    until: dt.date | None = None


class NewsRequest(Model):
    """The newest articles are wanted: of a subject, in the words it was named with, and of a period."""

    subject: str = ""
    period: Period = Period()


class Selection(Model):
    """Which articles are listed; every condition that is given must be met.

    `words` are those of a subject, each with all the words that stand for it: an article holds one of these.
    """

    label: FacetLabel | None = None
    period: Period = Period()
    words: tuple[tuple[str, ...], ...] = ()


class Listing(Model):
    """Some of the articles that were selected, newest first, and how many there are."""

    articles: tuple[Article, ...] = ()
    total: int = 0


class Passage(Model):
    """A sentence offered as an answer, with where it stands.

    `text` is a substring of the article's summary. `highlights` are the spans of the number, date or name
    that was asked for, `matches` the spans of the question's own words; both in code points of `text`.
    `score` is a share (0..1) of the most the question's tokens could give. `before` is the sentence before
    it, only where this one cannot stand alone (那一年, 其中, 此后); `heading` the section it stands under.
    """

    rank: int
    text: str
    highlights: tuple[Span, ...] = ()
    matches: tuple[Span, ...] = ()
    score: float
    title: str
    url: str | None
    published: dt.date | None
    file: str
    article: str
    sentence: int
    before: str | None = None
    heading: str | None = None


class Lack(Model):
    """What of one kind a question insists on and the nearest passage lacks, and what it has instead."""

    kind: DemandKind
    missing: tuple[str, ...]
    instead: tuple[str, ...] = ()


class Reason(Model):
    """Why a question was declined: a code for programs, a sentence for people.

    `missing` is all that the question insists on and the nearest passage does not speak of, `instead` what it
    has in place of it, `lacks` both by kind.
    """

    code: Literal["empty_question", "empty_corpus", "no_match", "low_confidence", "unmet_demand"]
    message: str
    missing: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()


class Answer(Model):
    """What the corpus says to a question: passages, best first, and whether they are worth showing.

    `likely` is whether the first passage of one that is not answered may well be the answer nevertheless.
    `id` names all that it depends on: the question, the one before it, the filters, the index, the settings.
    `likely` tells that the first passage is probably the answer, though not sure enough to be given as one.
    `suggestions` are questions near to a declined one that the corpus does answer. `lines` are what the first
    passages, as many, say where they answer with one another: of a list one each, of a comparison both sides.
    """

    id: str = ""
    question: str
    understood: str
    translation: str | None = None
    kind: AnswerKind = AnswerKind.OTHER
    answered: bool
    likely: bool = False
    confidence: float
    reason: Reason | None = None
    passages: tuple[Passage, ...] = ()
    lines: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    elapsed_ms: float = 0.0

    @property
    def taken_as(self) -> str:
        """What a reader should see of how the question was understood."""
        return self.translation or self.understood


class Share(Model):
    """What one term of a question adds to a passage's score, through one field around the sentence.

    The field "answer" is the bonus for holding the kind of answer that `token` names; "learned" is what other
    questions taught, and `token` the feature of the sentence that moved it ("base": none in particular);
    "binding" how it fills the question's slot, `token` saying by which fact; "newest" that it is; "consent"
    that it answers where a better one contradicts the question, defines nothing, or has but a part of it.
    """

    token: str = ""
    stream: Stream | None = None
    field: Literal[
        "sentence",
        "previous",
        "next",
        "article",
        "title",
        "answer",
        "learned",
        "binding",
        "newest",
        "consent",
    ]
    amount: float


class Explanation(Model):
    """Why a passage has its score: the shares add up to it (to 1e-9).

    `lead` tells why the next passage, the `runner_up`, has less: how much more each share is than its like
    there, the largest differences first; they add up to the difference of the scores.
    """

    passage: Passage
    shares: tuple[Share, ...]
    runner_up: Passage | None = None
    lead: tuple[Share, ...] = ()


class ContextSentence(Model):
    """A sentence around a passage, as the reader sees it."""

    text: str
    kind: SentenceKind
    is_passage: bool
