"""What an index learns of itself, without labels: how sure a wrong answer looks among its articles.

Sentences of the corpus become questions (a mention is taken out, an asking word stands in its place), and
each is asked with its own article left aside, so that nothing answers it. Among few and different articles
such questions find little; among many alike they find much. The log odds that nine in ten stay below shift
the confidence of every question to this corpus (`tests/bench/train_confidence.py` fits by how much). The cost
is bounded: at most `MOST` questions.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from pydantic import ValidationError

from retrieval.answering.confidence import fitted
from retrieval.index.protocol import IndexWriter, StoredArticle
from retrieval.language.mentions.extraction import Mention
from retrieval.models import AnswerKind, IndexUnusableError, Model, SentenceKind
from retrieval.retriever import Retriever

NOTE = "calibration.json"
"""The name under which it is kept beside the index."""
MOST = 100
"""Questions asked at most; one an article."""
FEWEST = 20
"""Questions below which nothing is concluded: so few say more of themselves than of the corpus."""
SENTENCES = 3
"""Sentences at the head of an article that a question may be made of: they say what it is about."""
LONGEST = 60
"""Characters of a sentence that a question is made of."""
QUANTILE = 0.9
ASKING = {
    AnswerKind.DATE: "什么时候",
    AnswerKind.NUMBER: "多少",
    AnswerKind.PERSON: "谁",
    AnswerKind.PLACE: "哪里",
    AnswerKind.ORGANISATION: "哪个机构",
}
WIDEST = 2.5
"""The most that is taken or given."""


class Cloze(NamedTuple):
    """A question made of a sentence of an article."""

    article: str
    text: str


def clozes(retriever: Retriever) -> list[Cloze]:
    """Questions made of the corpus, from articles spread evenly over it, the same for the same articles."""
    found = (next(_of_article(article), None) for article in retriever.sample(MOST))
    return [cloze for cloze in found if cloze is not None]


def _of_article(article: StoredArticle) -> Iterator[Cloze]:
    numbers = (n for n, sentence in enumerate(article.sentences) if sentence.kind is SentenceKind.TEXT)
    for number in islice(numbers, SENTENCES):
        text = article.text(number)
        question = asked(text, article.mentions(number)) if len(text) <= LONGEST else None
        if question is not None:
            yield Cloze(article.id, question)


def asked(text: str, mentions: Sequence[Mention]) -> str | None:
    """A sentence as a question after the first of its mentions that an asking word can stand for."""
    for mention in mentions:
        word = ASKING.get(mention.kind)
        if word is not None:
            return f"{text[: mention.start]}{word}{text[mention.end :].rstrip('。！.!')}？"
    return None


class Calibration(Model):
    """What is stored of it beside the index."""

    doubt: float


def calibrate(writer: IndexWriter, retriever: Retriever) -> None:
    """Learn from an index, and keep beside it, what to take from the log odds of every answer.

    Raises:
        IndexingError: it cannot be kept.
    """
    writer.save_note(NOTE, Calibration(doubt=shift(retriever)).model_dump_json(indent=1).encode())


def doubt(writer: IndexWriter) -> float:
    """What to take from the log odds of every answer from an index; 0 where that is not known.

    Raises:
        IndexUnusableError: what is kept of it is damaged.
    """
    content = writer.load_note(NOTE)
    try:
        return 0.0 if content is None else Calibration.model_validate_json(content).doubt
    except ValidationError as error:
        raise IndexUnusableError(
            f"The calibration of the index ({NOTE}) cannot be read: run 'zhiwen index --rebuild'."
        ) from error


def shift(retriever: Retriever) -> float:
    """What to take from the log odds of every question to a corpus (see above).

    Args:
        retriever: over the corpus, not yet shifted.
    """
    asked = (
        retriever.ask(cloze.text, limit=1, excluded={cloze.article}, suggest=False)
        for cloze in clozes(retriever)
    )
    found = [answer.confidence for answer in asked]
    if len(found) < FEWEST:
        return fitted().doubt.few if retriever.article_count > 1 else 0.0
    bounded = np.clip(found, 1e-6, 1 - 1e-6)
    quantile = float(np.quantile(np.log(bounded / (1 - bounded)), QUANTILE))
    return round(min(max(fitted().doubt.at(quantile), -WIDEST), WIDEST), 4)
