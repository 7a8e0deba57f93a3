"""The order of the best hits by how each fills the question's slot: what its binding adds to its score.

A conditional logit over the first hits: which of them is right. `tests/bench/train_binding.py` learned the
weights from questions about news, encyclopaedia articles and questions without an answer.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.index.evidence import Evidence
from retrieval.language.mentions.years import ArticleYears
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Model, Question, Stream
from retrieval.ranking.asked import Asked, compared, rarity
from retrieval.ranking.binding import Binder, Binding
from retrieval.ranking.defining import defining_first
from retrieval.ranking.fitting import LOOSE
from retrieval.ranking.recency import Dated, day_of, newer_of_equals_first, newest_first
from retrieval.ranking.second_stage import DECIMALS, Hit
from retrieval.ranking.surroundings import surroundings
from retrieval.ranking.together import together

FILE = "order.json"
BOUND = 10
"""Hits that are bound; the rest is left out."""
BOUND_FOR_NEWEST = 20
"""The same where the newest is wanted: what recurs each month fills more places."""
MOST_CONFLICTS = 3
HALF_A_SENTENCE = 0.5
"""What a word that stands nowhere is taken to stand in, and a little more."""
OF_SEVERAL = frozenset({"year", "period", "ordinal", "day", "round", "plan", "group", "numbered", "version"})
"""Conflicts by which a text tells of another of several alike, the one asked for being told of beside it."""
CONSENTING = 0.5
"""Share of the best score from which what lacks nothing goes before a best that contradicts the question."""
OWN_PART = 0.5
"""What it is worth to hold all that a follow-up says itself, beside the question that it was put after."""


class Order(Model):
    """What was learned: the weight of each fact, and how much the score itself weighs beside them."""

    score: float
    weights: Mapping[str, float]

    def agreement(self, binding: Binding) -> dict[str, float]:
        """What each fact of a binding adds to the score."""
        found = facts(binding)
        agreed = {name: weight * found[name] / self.score for name, weight in self.weights.items()}
        agreed["own part"] = OWN_PART * binding.own_part
        return agreed


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
    content = Path(__file__).with_name(FILE).read_bytes()
    return Order.model_validate_json(content)


def bound(evidence: Evidence, question: Question, hits: Sequence[Hit], tokeniser: Tokeniser) -> list[Hit]:
    """The best hits with their bindings, best first.

    Args:
        evidence: that was ranked.
        question: that was asked.
        hits: best first.
        tokeniser: tells parts of speech.
    """
    asked = asked_of(evidence, question, tokeniser)
    found = bindings(evidence, question, hits, asked)
    best_first = ordered(found, learned(), wants_newest=question.wants_newest)
    days = {hit.row: day for hit, day in found}

    def text(hit: Hit) -> str:
        return compared(evidence.articles[hit.article].text(hit.sentence))

    def year(hit: Hit) -> int | None:
        day = days[hit.row]
        return day.year if day else None

    return together(defining_first(best_first, asked, text), asked, text, year)


def bindings(evidence: Evidence, question: Question, hits: Sequence[Hit], asked: Asked) -> list[Dated]:
    """The best hits with their bindings, as they came."""
    binder = Binder(asked)
    years: dict[int, ArticleYears] = {}
    found = []
    for hit in hits[: BOUND_FOR_NEWEST if question.wants_newest else BOUND]:
        article = evidence.articles[hit.article]
        around = surroundings(article, hit.sentence)
        spoken = None
        if asked.years:  # to tell those of a sentence, the text before it is read
            if hit.article not in years:
                years[hit.article] = ArticleYears(article.record, article.sentences)
            spoken = years[hit.article].of_sentence(hit.sentence)
        found.append((hit._replace(binding=binder.binding(around, spoken)), around.published))
    return found


def ordered(found: Sequence[Dated], learned: Order, *, wants_newest: bool) -> list[Hit]:
    """Bound hits, best first; between equals the newer first, then as they came."""
    agreeing = [
        (hit._replace(agreement=math.fsum(learned.agreement(hit.binding).values())), day)
        for hit, day in found
        if hit.binding is not None
    ]
    agreeing.sort(key=lambda pair: (-round(pair[0].score, DECIMALS), -day_of(pair[1])))
    if not agreeing:
        return []
    agreeing = consenting_first(agreeing)
    return newest_first(agreeing) if wants_newest else newer_of_equals_first(agreeing)


def consenting_first(found: Sequence[Dated]) -> list[Dated]:
    """Bound hits; where the best tells of another year or period, what tells of that one goes before it."""
    best = found[0][0]
    if best.binding is None or not best.binding.conflicts or best.binding.conflicts - OF_SEVERAL:
        return list(found)
    consenting = (pair for pair in found if _consents(pair[0], best))
    met = next(consenting, None)
    if met is None:
        return list(found)
    first = met[0]._replace(consent=best.score - met[0].score), met[1]
    rest = [
        (hit._replace(is_superseded=hit.binding is not None and bool(hit.binding.conflicts)), day)
        for hit, day in found
        if hit is not met[0]
    ]
    return [first, *rest]


def _consents(hit: Hit, best: Hit) -> bool:
    """Whether a hit of the same article fills the slot as the best does, and lacks nothing."""
    if hit.binding is None or best.binding is None:
        return False
    return (
        not hit.binding.lacks
        and hit.article == best.article
        and hit.binding.fit.degree >= max(best.binding.fit.degree, LOOSE)
        and hit.score >= CONSENTING * best.score
    )


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


def shares(scores: Sequence[float], weight: float) -> list[float]:
    """The probability of each hit to be the right one, by their scores (softmax)."""
    best = max(scores, default=0.0)
    exponents = [math.exp(weight * (score - best)) for score in scores]
    total = math.fsum(exponents)
    return [exponent / total for exponent in exponents]
