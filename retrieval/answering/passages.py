"""From a sentence of an article to a passage for a reader: where it stands, and what to show around it."""

from collections.abc import Callable, Iterable, Sequence

from retrieval.answering.answer_spans import best
from retrieval.answering.candidates import Gap, Seen
from retrieval.index.protocol import StoredArticle
from retrieval.language import tables
from retrieval.language.list_items import LABEL
from retrieval.language.normalise import normalise
from retrieval.language.sentence_ends import STOPS
from retrieval.models import (
    ContextSentence,
    Passage,
    Sentence,
    SentenceKind,
    Span,
)
from retrieval.ranking.fitting import Fit
from retrieval.regex import regex


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


LEANING = regex(
    r"(?:而|但|且|不过|然而)?(?:那一年|那年|同年|次年|翌年|当年|当时|当日|当天|同日|同期|其中|其后|其|此后|此前|此外|此举|"
    r"此次|随后|后来|之后|为此|因此|因而|所以|对此|另外|另一方面|同时|与此同时|这|该|它|他|她|上述|前者|后者|两者|"
    r"总的来说|也正因如此|正因如此)",
)
"""How a sentence opens that cannot be understood without the one before it."""


LONGEST_LIST = 12
"""Items of a list below the line that introduces it."""
COLONS = ("：", ":")
ENDS = tuple(STOPS)
END_MARK = regex(rf"[{STOPS}][^\w]*$")


def passage(
    asked: Gap,
    article: StoredArticle,
    number: int,
    *,
    place: int,
    score: float,
    found: Fit | None = None,
) -> Passage:
    """The passage of a sentence.

    Args:
        asked: the question.
        article: that has the sentence.
        number: of the sentence in it.
        place: among the passages.
        score: of the sentence.
        found: what of it fills the question's slot, where that was found before.
    """
    record, text, heading = article.record, article.text(number), article.heading(number)
    columns = tables.header(text, number, article.text)
    seen = Seen(asked, text, article.mentions(number), None if columns else found)
    return Passage(
        rank=place,
        text=text,
        highlights=tuple(_cell(asked, text, columns) or merged(best(seen))),
        matches=tuple(seen.matches()),
        score=score,
        title=record.title,
        url=record.url,
        published=record.published,
        file=record.file,
        article=article.id,
        sentence=number,
        before=sentence_before(article.text, article.sentences, number),
        heading=None if heading is None else article.text(heading),
    )


def _cell(asked: Gap, text: str, columns: Sequence[str]) -> list[Span]:
    """Of a row of a table the piece in the column that was asked for; nothing of another sentence."""
    column = tables.asked_column(tuple(map(normalise, columns)), asked.normalised) if columns else None
    return [] if column is None else [tables.cells(text)[column]]


def context(article: StoredArticle, number: int, most: int) -> tuple[ContextSentence, ...]:
    """A sentence with what is `around` it, as the reader sees it."""
    sentences = article.sentences
    return tuple(
        ContextSentence(text=article.text(i), kind=sentences[i].kind, is_passage=i == number)
        for i in around(article, number, most)
    )


def around(article: StoredArticle, number: int, most: int) -> list[int]:
    """A sentence with up to `most` of its neighbours on each side, its section's heading first, by number."""
    near = range(max(0, number - most), min(len(article.sentences), number + most + 1))
    heading = article.heading(number)
    return [*([heading] if heading is not None and heading not in near else []), *near]


def sentence_before(text: Callable[[int], str], sentences: Sequence[Sentence], number: int) -> str | None:
    """What a sentence leans on: the one before it, or the line that introduces the list it is an item of.

    Args:
        text: gives the sentences of its article by their numbers.
        sentences: of the article.
        number: of the sentence.
    """
    introduction = _introduction(text, sentences, number)
    if introduction is not None:
        return introduction
    if number == 0 or not LEANING.match(normalise(text(number))):
        return None
    return text(number - 1) if sentences[number - 1].kind is SentenceKind.TEXT else None


def _introduction(text: Callable[[int], str], sentences: Sequence[Sentence], number: int) -> str | None:
    """The line with a colon above the list that a sentence is an item of."""
    for at in range(number, max(-1, number - LONGEST_LIST), -1):
        line = text(at)
        if at < number and line.endswith(COLONS):
            return line if sentences[at].kind is SentenceKind.TEXT else None
        if not LABEL.match(line) and (line.endswith(ENDS) or END_MARK.search(line)):
            return None
    return None
