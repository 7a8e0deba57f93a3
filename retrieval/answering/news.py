"""What is listed for somebody who asks what is new."""

from retrieval.index.protocol import ArticleIndex
from retrieval.language.normalise import normalise
from retrieval.models import Facet, FacetLabel, NewsRequest, Selection, Stream
from retrieval.questions.interpreter import Interpreter

SURE = 0.5
"""The share from which an alternative of a word means the same."""
LABELS = (Facet.INDUSTRY, Facet.TECHNOLOGY)
"""The facets whose labels can be asked for by name."""


def selection(wanted: NewsRequest, index: ArticleIndex, interpreter: Interpreter) -> Selection:
    """The articles of a period and a subject.

    A subject that is called as a label of the corpus means the articles that bear it, any other those that
    hold its words.
    """
    label = _label(wanted.subject, index)
    words = _words(wanted.subject, interpreter) if wanted.subject and label is None else ()
    return Selection(label=label, period=wanted.period, words=words)


def _label(subject: str, index: ArticleIndex) -> FacetLabel | None:
    """The label that is called like a subject, but for script and case."""
    wanted = normalise(subject)
    labels = (FacetLabel(facet, name) for facet in LABELS for name in index.labels(facet))
    return next((label for label in labels if normalise(label.name).strip() == wanted), None)


def _words(subject: str, interpreter: Interpreter) -> tuple[tuple[str, ...], ...]:
    """The words of a subject, each with all that stand for it."""
    question = interpreter.interpret(subject)
    words = (
        tuple(token for token, share in term.alternatives if share >= SURE)
        for term in question.terms[Stream.WORD]
    )
    return tuple(dict.fromkeys(filter(None, words))) or ((normalise(subject),),)
