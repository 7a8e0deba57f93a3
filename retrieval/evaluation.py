"""Question sets to figures: how often the right sentence comes first, and how often a no is honest.

A question counts as a hit@k when a sentence that holds its gold answer is among the first k passages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from pydantic import Field

from retrieval.models import Answer, Model
from retrieval.question_sets import GoldKey, GoldQuestion
from retrieval.retriever import Retriever

DEPTH = 10
"""Passages looked at for a question."""
BINS = 10
"""Of the reliability table, equally wide."""
HIGHLIGHT_DECIMALS = 4

Progress = Callable[[int, int], None]
"""Told how many questions are asked, of how many."""


class Figures(Model):
    """The figures of some questions; hits and highlights are shares of those that have a gold answer.

    `shown` is the share answered with a right sentence first, `wrong` with another; `likely` the share of
    which a sentence is offered as the likely answer, `likely_right` that of which it is the right one.
    """

    n: int
    hit_1: float = Field(serialization_alias="hit@1")
    hit_3: float = Field(serialization_alias="hit@3")
    mrr_10: float = Field(serialization_alias="mrr@10")
    article_1: float = Field(serialization_alias="article@1")
    answered: float
    shown: float
    wrong: float
    likely: float
    likely_right: float
    highlight: float
    p50_ms: float
    p99_ms: float


class Bin(Model):
    """The questions with a confidence of at least `least` and below the next bin's, and how many were right.

    Right is what has a right sentence first: what confidence is the probability of.
    """

    least: float
    n: int
    confidence: float
    right: float


class Report(Model):
    """Figures over all answerable questions (over all, if none is), and for each kind of question.

    `reliability` is over all questions, the unanswerable ones too; bins without any are left out.
    """

    overall: Figures
    by_kind: Mapping[str, Figures]
    reliability: tuple[Bin, ...] = ()


class Outcome(Model):
    """What became of one question; `rank` is that of the first right passage, 0 for none."""

    question: GoldQuestion
    kind: str
    rank: int
    right_article: bool
    answered: bool
    likely: bool = False
    highlighted: bool
    elapsed_ms: float
    confidence: float = 0.0
    won: str = Field(default="", description="the first passage")
    right: str = Field(default="", description="a sentence that holds the gold answer")


def evaluate(
    retriever: Retriever,
    questions: Sequence[GoldQuestion],
    *,
    without_gold: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> list[Outcome]:
    """Ask every question.

    Args:
        retriever: over the articles that the gold stands in.
        questions: what to ask.
        without_gold: take the articles with the gold answers out first, so that none can be answered.
        progress: called after each question.
    """
    outcomes = []
    for done, question in enumerate(questions, 1):
        excluded = frozenset(article for article, _ in question.gold) if without_gold else frozenset()
        answer = retriever.ask(
            question.text, question.previous, limit=DEPTH, excluded=excluded, suggest=False
        )
        outcomes.append(_outcome(retriever, question, answer))
        progress(done, len(questions))
    return outcomes


def _outcome(retriever: Retriever, question: GoldQuestion, answer: Answer) -> Outcome:
    found = [(passage.article, passage.sentence) for passage in answer.passages]
    ranks = [rank for rank, key in enumerate(found, 1) if key in question.gold]
    return Outcome(
        question=question,
        kind=question.kind or answer.kind,
        rank=ranks[0] if ranks else 0,
        right_article=bool(found) and found[0][0] in {article for article, _ in question.gold},
        answered=answer.answered,
        likely=answer.likely,
        highlighted=any(_is_highlighted(retriever, question, answer, key) for key in question.gold),
        elapsed_ms=answer.elapsed_ms,
        confidence=answer.confidence,
        won=answer.passages[0].text if answer.passages else "",
        right=_right(retriever, question, answer),
    )


def _right(retriever: Retriever, question: GoldQuestion, answer: Answer) -> str:
    passages = (retriever.passage(answer, *key) for key in question.gold)
    return next((passage.text for passage in passages if passage), "")


def _is_highlighted(retriever: Retriever, question: GoldQuestion, answer: Answer, key: GoldKey) -> bool:
    """Whether a highlight of a right sentence covers one of the gold answers."""
    passage = retriever.passage(answer, *key)
    if passage is None:
        return False
    places = [
        (start, start + len(gold))
        for gold in question.answers
        if gold
        for start in range(len(passage.text))
        if passage.text.startswith(gold, start)
    ]
    return any(start <= place[0] and place[1] <= end for place in places for start, end in passage.highlights)


def report(outcomes: Sequence[Outcome]) -> Report:
    """The figures of some outcomes."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    answerable = [outcome for outcome in outcomes if outcome.question.gold]
    return Report(
        overall=_figures(answerable or outcomes),
        by_kind={kind: _figures(found) for kind, found in sorted(by_kind.items())},
        reliability=tuple(_bins(outcomes)),
    )


def _bins(outcomes: Sequence[Outcome]) -> Iterator[Bin]:
    by_bin: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_bin[min(int(outcome.confidence * BINS), BINS - 1)].append(outcome)
    for number, found in sorted(by_bin.items()):
        yield Bin(
            least=number / BINS,
            n=len(found),
            confidence=_share(outcome.confidence for outcome in found),
            right=_share(outcome.rank == 1 for outcome in found),
        )


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    ranks = np.array([outcome.rank for outcome in outcomes if outcome.question.gold])
    elapsed = [outcome.elapsed_ms for outcome in outcomes] or [0.0]
    with_answer = [outcome for outcome in outcomes if outcome.question.gold and outcome.question.answers]
    return Figures(
        n=len(outcomes),
        hit_1=_share(ranks == 1),
        hit_3=_share((ranks > 0) & (ranks <= 3)),  # noqa: PLR2004  the 3 of hit@3
        mrr_10=_share(1 / rank if rank else 0.0 for rank in ranks.tolist()),
        article_1=_share(outcome.right_article for outcome in outcomes if outcome.question.gold),
        answered=_share(outcome.answered for outcome in outcomes),
        shown=_share(outcome.answered and outcome.rank == 1 for outcome in outcomes),
        wrong=_share(outcome.answered and outcome.rank != 1 for outcome in outcomes),
        likely=_share(outcome.likely for outcome in outcomes),
        likely_right=_share(outcome.likely and outcome.rank == 1 for outcome in outcomes),
        highlight=_share(outcome.highlighted for outcome in with_answer),
        p50_ms=round(float(np.percentile(elapsed, 50)), 2),
        p99_ms=round(float(np.percentile(elapsed, 99)), 2),
    )


def _share(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / len(found), HIGHLIGHT_DECIMALS) if found else 0.0
