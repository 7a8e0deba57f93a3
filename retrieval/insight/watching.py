"""What new articles answer a question that somebody waits for, told apart from copies of what was known."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from retrieval.insight.copies import Copies
from retrieval.models import EVERYTHING, Answer, Filters, Model, Passage

MOST = 200
"""Answers looked for at once."""
NEAR = 10
"""Passages that are told apart where none leads the others enough to be the answer."""
PERHAPS = 0.05
"""How sure the best must be for a closer look: among many that are as near, none is surer."""
ALIKE = 0.8
"""The share of the best score from which a passage is about as near."""
SURE = 0.55
"""How sure one of them must be without the others: more than an answer, which leads them."""


Seen = Callable[[Collection[str]], Collection[str]]
"""Tells which of some articles (by their ids) had arrived before."""


class Asker(Protocol):
    """What is asked: see `Retriever.ask`."""

    def ask(
        self,
        text: str,
        previous: str | None = None,
        limit: int = 10,
        excluded: Collection[str] = (),
        *,
        filters: Filters = EVERYTHING,
        suggest: bool = True,
    ) -> Answer:
        """The passages that answer a question, some articles (by their ids) left aside."""


class Answers(Model):
    """The sentences that answer a question: those that are news, copies among these, and those that are not.

    `known` are of articles that did not come now: they were there before.
    """

    new: tuple[Passage, ...] = ()
    copies: tuple[Passage, ...] = ()
    known: tuple[Passage, ...] = ()


def new_answers(
    asker: Asker,
    question: str,
    filters: Filters,
    arrived: Collection[str],
    known: Sequence[Passage],
    *,
    seen: Seen,
) -> Answers:
    """What of the articles that came answers a question.

    Args:
        asker: knows all articles.
        question: that is watched.
        filters: which articles count.
        arrived: ids of the articles that came.
        known: what answered it before: its articles are passed over, and what says the same is a copy.
        seen: tells of articles that did not come now; one that is yet to arrive counts for nothing.
    """
    passages = tuple(_answering(asker, question, filters, {passage.article for passage in known}))
    others = [passage for passage in passages if passage.article not in arrived]
    there = seen([passage.article for passage in others])
    old = tuple(passage for passage in others if passage.article in there)
    copies = Copies()
    told = {copies.number(passage.text) for passage in (*known, *old)}
    new: list[Passage] = []
    again: list[Passage] = []
    for passage in passages:
        if passage.article in arrived:
            number = copies.number(passage.text)
            (again if number in told else new).append(passage)
            told.add(number)
    return Answers(new=tuple(new), copies=tuple(again), known=old)


def _answering(asker: Asker, question: str, filters: Filters, known: set[str]) -> Iterator[Passage]:
    """The sentence of each article that would answer a question if those before it were not there.

    So an article answers whatever else does too, by what the question is answered by anyway: the articles
    that do not answer stay to be compared with.
    """
    passed = set(known)
    while len(passed) < len(known) + MOST:
        answer = asker.ask(question, limit=NEAR, excluded=passed, filters=filters, suggest=False)
        found = answer.passages[:1] if answer.answered else ()
        if not answer.answered and answer.confidence >= PERHAPS:
            rivals = _rivals(asker, question, filters, passed, answer)
            found = tuple(_sure_alone(asker, question, filters, passed, rivals))
        if not found:
            return
        yield from found
        passed |= {passage.article for passage in found}


def _rivals(
    asker: Asker, question: str, filters: Filters, passed: set[str], answer: Answer
) -> tuple[str, ...]:
    """The articles that are about as near to a question as the best, none leading the others enough."""
    found: dict[str, None] = {}
    while answer.passages and answer.confidence >= PERHAPS and len(found) < MOST:
        best = answer.passages[0].score
        near = [passage.article for passage in answer.passages if passage.score >= ALIKE * best]
        found |= dict.fromkeys(near)
        others = passed | found.keys()
        answer = asker.ask(question, limit=NEAR, excluded=others, filters=filters, suggest=False)
    return tuple(found)


def _sure_alone(
    asker: Asker, question: str, filters: Filters, passed: set[str], rivals: Sequence[str]
) -> Iterator[Passage]:
    """The passages of the rivals that answer a question without the others.

    Where several articles give different figures, none is sure to be the one: to who waits, each is news.
    """
    for article in rivals:
        others = passed | (set(rivals) - {article})
        answer = asker.ask(question, limit=1, excluded=others, filters=filters, suggest=False)
        if answer.passages and answer.confidence >= SURE and answer.passages[0].article == article:
            yield answer.passages[0]
