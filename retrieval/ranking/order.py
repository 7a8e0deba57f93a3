"""The order of the best hits by how each fills the question's slot: what its binding adds to its score.

A conditional logit over the first hits: which of them is right. `tests/bench/train_binding.py` learned the
weights from questions about news, encyclopaedia articles and questions without an answer.
"""

import datetime as dt
import functools
import importlib.resources
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from retrieval.index.evidence import Evidence
from retrieval.language.mentions.years import ArticleYears
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Model, Question, Stream
from retrieval.ranking.asked import Asked, rarity
from retrieval.ranking.binding import Binding, Bound
from retrieval.ranking.second_stage import DECIMALS, Hit
from retrieval.ranking.surroundings import surroundings

FILE = "order.json"
BOUND = 10
"""Hits that are bound; the rest is left out."""
BOUND_FOR_NEWEST = 20
"""The same where the newest is wanted: what recurs each month fills more places."""
MOST_CONFLICTS = 3
HALF_A_SENTENCE = 0.5
"""What a word that stands nowhere is taken to stand in, and a little more."""
OWN_PART = 0.5
"""What it is worth to hold all that a follow-up says itself, beside the question that it was put after."""
EQUAL = 0.01
"""A lead that says nothing."""
NEWEST = 0.6
"""Share of the best score from which, where the newest is wanted, the newer of two goes first."""


class Order(Model):
    """What was learned: the weight of each fact, and how much the score itself weighs beside them."""

    score: float
    weights: Mapping[str, float]

    def agreement(self, binding: Binding) -> dict[str, float]:
        """What each fact of a binding adds to the score."""
        found = facts(binding)
        agreed = {name: weight * found[name] / self.score for name, weight in self.weights.items()}
        return agreed | {"own part": OWN_PART * binding.own_part}


def facts(binding: Binding) -> dict[str, float]:
    """What the order is learned from, of one hit."""
    return {
        "fit": binding.fit.degree,
        "none": float(binding.fit.degree < 0),
        "flags": binding.flags,
        "conflicts": float(min(len(binding.conflicts), MOST_CONFLICTS)),
        "weakest": binding.weakest,
        "relation": math.fsum(binding.relation) / len(binding.relation),
    }


@functools.cache
def learned() -> Order:
    """The weights that ship."""
    content = (importlib.resources.files("retrieval.ranking") / FILE).read_bytes()
    return Order.model_validate_json(content)


Dated = tuple[Hit, dt.date | None]
"""A hit and the day its article was published."""


def bound(evidence: Evidence, question: Question, hits: Sequence[Hit], tokeniser: Tokeniser) -> list[Hit]:
    """The best hits with their bindings, best first.

    Args:
        evidence: that was ranked.
        question: that was asked.
        hits: best first.
        tokeniser: tells parts of speech.
    """
    found = bindings(evidence, question, hits, tokeniser)
    return ordered(found, learned(), wants_newest=question.wants_newest)


def bindings(
    evidence: Evidence, question: Question, hits: Sequence[Hit], tokeniser: Tokeniser
) -> list[Dated]:
    """The best hits with their bindings, as they came."""
    asked = asked_of(evidence, question, tokeniser)
    years: dict[int, ArticleYears] = {}
    found = []
    for hit in hits[: BOUND_FOR_NEWEST if question.wants_newest else BOUND]:
        article = evidence.articles[hit.article]
        around = surroundings(article, hit.sentence)
        spoken = None
        if asked.years:  # to tell those of a sentence, the text before it is read
            read = years.setdefault(hit.article, ArticleYears(article.record, article.sentences))
            spoken = read.of_sentence(hit.sentence)
        found.append((replace(hit, binding=Bound(asked, around, spoken).binding()), around.published))
    return found


def ordered(found: Sequence[Dated], learned: Order, *, wants_newest: bool) -> list[Hit]:
    """Bound hits, best first; between equals the newer first, then as they came."""
    agreeing = [
        (replace(hit, agreement=math.fsum(learned.agreement(hit.binding).values())), day)
        for hit, day in found
        if hit.binding is not None
    ]
    agreeing.sort(key=lambda pair: (-round(pair[0].score, DECIMALS), -_day(pair[1])))
    if not agreeing:
        return []
    return [hit for hit, _ in _newest_first(agreeing, _answers_alike if wants_newest else _is_equal)]


def asked_of(evidence: Evidence, question: Question, tokeniser: Tokeniser) -> Asked:
    """The question, as sentences are bound to it, with the rarity of its words in the corpus."""
    statistics = evidence.streams[Stream.WORD].statistics
    return weighed(question, statistics.document_frequency, statistics.documents, tokeniser)


def weighed(
    question: Question, frequencies: Mapping[str, float], sentences: float, tokeniser: Tokeniser
) -> Asked:
    """The same, by in how many of so many sentences each of its words stands."""
    rare = {token: rarity(sentences, count) for token, count in frequencies.items()}
    return Asked(question, rare, rarity(sentences, HALF_A_SENTENCE), tokeniser)


def _day(published: dt.date | None) -> int:
    return published.toordinal() if published else 0


def _newest_first(
    found: Sequence[tuple[Hit, dt.date | None]], is_alike: Callable[[Hit, Hit], bool]
) -> list[tuple[Hit, dt.date | None]]:
    """Those that answer as well as the best, by their dates; then the rest."""
    best = found[0][0]
    alike = [pair for pair in found if is_alike(pair[0], best)]
    alike.sort(key=lambda pair: -_day(pair[1]))
    raised = [(replace(hit, recency=max(best.score - hit.score, 0.0)), day) for hit, day in alike]
    return [*raised, *(pair for pair in found if pair not in alike)]


def _is_equal(hit: Hit, best: Hit) -> bool:
    """Whether a hit is of the same worth as the best."""
    if hit.binding is None or best.binding is None or hit.score < best.score - EQUAL:
        return False
    return (hit.binding.fit.degree, hit.binding.flags) == (best.binding.fit.degree, best.binding.flags)


def _answers_alike(hit: Hit, best: Hit) -> bool:
    """Whether a hit fills the slot no worse than the best and is not far behind it."""
    if hit.binding is None or best.binding is None or hit.score < NEWEST * best.score:
        return False
    return hit.binding.fit.degree >= best.binding.fit.degree and hit.binding.flags <= best.binding.flags


def shares(scores: Sequence[float], weight: float) -> list[float]:
    """The probability of each hit to be the right one, by their scores (softmax)."""
    exponents = [math.exp(weight * (score - max(scores))) for score in scores]
    total = math.fsum(exponents)
    return [exponent / total for exponent in exponents]
