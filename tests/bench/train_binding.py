"""Learn `ranking/order.json` and `answering/confidence.json` from questions with and without an answer.

    PYTHONPATH=tests python -m bench.train_binding --data DIR --news FOLDER=a1.jsonl,a2.jsonl SQUAD.json ...

A news set is a corpus folder and question files about it (README, "Measure it"); of a SQuAD file every
question is asked, those without an answer too, and every third without its article. First the order is
fitted: a conditional logit over the best hits of a question, pulled to the score they came with. Then the
decision: a logistic regression over the first hit, each question ordered by what the others taught (five
folds). With --leave-out NAME a set is only measured. Needs scipy; the result is plain numbers.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from bench import training
from bench.training import rounded
from numpy.typing import NDArray

from retrieval import Tokeniser, question_sets
from retrieval.answering import confidence
from retrieval.corpus import reading
from retrieval.index.evidence import Evidence, gather
from retrieval.question_sets import GoldQuestion
from retrieval.ranking import order, second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights
from retrieval.ranking.order import Order
from retrieval.ranking.reranker import trained
from retrieval.ranking.second_stage import Hit
from retrieval.retriever import ARTICLES

Vector = NDArray[np.float64]
ORDER = ("fit", "none", "flags", "conflicts", "weakest", "bound")
DECISION = (
    *("fit", "none", "flags", "conflicts", "weakest", "bound", "near", "clause", "share", "lead"),
    *("missing", "missing noun", "matched", "matched lead", "word coverage", "word coverage lead"),
    *("bigram rare coverage", "bigram rare coverage lead", "best sentences lead", "character coverage lead"),
)
WORSE = frozenset({"none", "flags", "conflicts", "missing", "missing noun"})
"""Facts that can only speak against a hit; all others can only speak for it."""
PRIOR, ORDER_RIDGE, DECISION_RIDGE = 6.0, 10.0, 10.0
LEAST_OF_CONFLICT = -2.0
"""What a contradiction takes at least: too seldom in any set to be learned, and never an answer."""
FOLDS = 5
WITHOUT = 3
"""Of as many questions of an encyclopaedia, one is asked without its article."""
SQUAD_WEIGHT, ADVERSARIAL_WEIGHT = 0.15, 0.1
"""Of a question of an encyclopaedia beside one about news, and of one of a set with unanswerable ones."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question that was asked: what came of it, which hits are right, and how much it counts."""

    set: str
    evidence: Evidence
    scores: SentenceScores
    hits: Sequence[Hit]
    right: Vector
    weight: float


def cases(
    name: str, corpus: training.Corpus, golds: Sequence[GoldQuestion], weight: float, without: int = 0
) -> Iterator[Case]:
    """The questions of a set, bound; one of `without` without its article, none for 0."""
    for at, gold in enumerate(golds, 1):
        question = corpus.question(gold.text)
        is_without = without and at % without == 0
        excluded = frozenset(article for article, _ in gold.gold) if is_without else frozenset()
        evidence = gather(corpus.index, question, ARTICLES, excluded)
        if not evidence.articles:
            continue
        scores = SentenceScores(evidence, Weights())
        hits = second_stage.rank(evidence, question, scores, trained())
        bound = order.bound(evidence, question, hits, corpus.tokeniser)
        if bound:
            came = sorted(bound, key=lambda hit: -(hit.score - hit.agreement))
            right = np.array([float(corpus.key(evidence, hit.row) in gold.gold) for hit in came])
            yield Case(name, evidence, scores, came, right, weight)


def facts_of(case: Case) -> Vector:
    """What the order is learned from: the score, and the facts of each hit's binding."""
    rows = []
    for hit in case.hits:
        found = order.facts(hit.binding) if hit.binding else {}
        rows.append([hit.score - hit.agreement, *(found[name] for name in ORDER)])
    return np.array(rows)


def bounds(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    """Whether a fact may speak for or against."""
    return [(None, 0.0) if name in WORSE else (0.0, None) for name in names]


def fit_order(found: Sequence[Case]) -> Order:
    """A conditional logit with signs known beforehand."""
    from scipy.optimize import minimize  # noqa: PLC0415  only training needs it

    told = [
        (facts_of(case), case.right, case.weight) for case in found if 0 < case.right.sum() < len(case.right)
    ]
    spread = np.vstack([rows for rows, _, _ in told]).std(axis=0) + 1e-9
    prior = np.zeros(len(spread))
    prior[0] = PRIOR * spread[0]

    def loss(weights: Vector) -> tuple[float, Vector]:
        total, slope = 0.0, np.zeros_like(weights)
        for rows, right, weight in told:
            scaled = rows / spread
            logits = scaled @ weights
            exponents = np.exp(logits - logits.max())
            share, of_right = exponents / exponents.sum(), exponents * right / (exponents * right).sum()
            total -= weight * float(np.log((share * right).sum()))
            slope += weight * (scaled.T @ (share - of_right))
        apart = weights - prior
        return total + ORDER_RIDGE / 2 * float(apart @ apart), slope + ORDER_RIDGE * apart

    names = ("score", *ORDER)
    learned = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds(names)).x / spread
    weights = dict(zip(ORDER, map(rounded, map(float, learned[1:])), strict=True))
    weights["conflicts"] = min(weights["conflicts"], LEAST_OF_CONFLICT)
    return Order(score=rounded(float(learned[0])), weights=weights)


def first_of(case: Case, learned: Order) -> tuple[Mapping[str, float], float]:
    """The facts of the hit that an order puts first, and whether it is right."""
    agreements = [sum(learned.agreement(hit.binding).values()) if hit.binding else 0.0 for hit in case.hits]
    hits = [replace(hit, agreement=added) for hit, added in zip(case.hits, agreements, strict=True)]
    places = sorted(range(len(hits)), key=lambda place: -hits[place].score)
    found = confidence.facts(case.evidence, case.scores, [hits[place] for place in places], DECISION)
    return found, float(case.right[places[0]])


def fit_decision(rows: Sequence[tuple[Mapping[str, float], float]], counts: Vector) -> confidence.Regression:
    """A logistic regression with signs known beforehand."""
    from scipy.optimize import minimize  # noqa: PLC0415  only training needs it

    matrix = np.array([[found[name] for name in DECISION] for found, _ in rows])
    right = np.array([was_right for _, was_right in rows])
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    scaled = (matrix - mean) / spread

    def loss(weights: Vector) -> tuple[float, Vector]:
        logits = scaled @ weights[1:] + weights[0]
        error = counts * (1 / (1 + np.exp(-logits)) - right)
        total = float((counts * (np.logaddexp(0, logits) - right * logits)).sum())
        pulled = np.concatenate([[0.0], DECISION_RIDGE * weights[1:]])
        slope = np.concatenate([[error.sum()], scaled.T @ error]) + pulled
        return total + DECISION_RIDGE / 2 * float(weights[1:] @ weights[1:]), slope

    limits = [(None, None), *bounds(DECISION)]
    learned = minimize(loss, np.zeros(len(limits)), jac=True, method="L-BFGS-B", bounds=limits).x
    weights = learned[1:] / spread
    kept = {
        name: rounded(float(weight))
        for name, weight in zip(DECISION, weights, strict=True)
        if abs(weight) > 0
    }
    return confidence.Regression(intercept=rounded(float(learned[0] - mean @ weights)), weights=kept)


def crossed(found: Sequence[Case]) -> Iterator[tuple[Mapping[str, float], float]]:
    """The first hit of each question, by an order that did not learn from it."""
    for fold in range(FOLDS):
        learned = fit_order([case for at, case in enumerate(found) if at % FOLDS != fold])
        for case in found[fold::FOLDS]:
            yield first_of(case, learned)


def read_news(folder: Path, files: Sequence[Path], data: Path, tokeniser: Tokeniser) -> Iterator[Case]:
    """The questions about a folder of news."""
    articles = reading.read([folder]).articles
    corpus = training.Corpus(articles, data / folder.name, tokeniser)
    for path in files:
        yield from cases(path.stem, corpus, question_sets.read_questions(path, articles).questions, 1.0)


def read_squad(path: Path, data: Path, tokeniser: Tokeniser) -> Iterator[Case]:
    """The questions of an encyclopaedia."""
    found = question_sets.read_squad(path)
    corpus = training.Corpus(found.articles, data / path.stem, tokeniser)
    is_adversarial = any(not gold.gold for gold in found.questions)
    weight = ADVERSARIAL_WEIGHT if is_adversarial else SQUAD_WEIGHT
    yield from cases(path.stem, corpus, found.questions, weight, WITHOUT)


def main() -> None:
    """Ask, fit, write; tell what comes of what was left out."""
    parser = training.parser(__doc__, Path(confidence.__file__).with_name(confidence.FILE))
    parser.add_argument("--news", action="append", default=[], metavar="FOLDER=FILE,...")
    parser.add_argument("--leave-out", action="append", default=[], metavar="SET")
    parser.add_argument("--order", type=Path, default=Path(order.__file__).with_name(order.FILE))
    options = parser.parse_args()
    tokeniser = Tokeniser(options.data / "cache")
    found: list[Case] = []
    for named in options.news:
        folder, _, files = named.partition("=")
        found += read_news(Path(folder), [Path(file) for file in files.split(",")], options.data, tokeniser)
    for path in options.sets:
        found += read_squad(path, options.data, tokeniser)
    shuffled = np.random.default_rng(0).permutation(len(found)).tolist()
    taught = [found[at] for at in shuffled if found[at].set not in options.leave_out]
    learned = fit_order(taught)
    counts = np.array([case.weight for fold in range(FOLDS) for case in taught[fold::FOLDS]])
    decision = fit_decision(list(crossed(taught)), counts)
    for name in options.leave_out:
        rows = [first_of(case, learned) for case in found if case.set == name]
        sure = np.array([decision.log_odds(facts) > 0 for facts, _ in rows])
        right = np.array([was_right > 0 for _, was_right in rows])
        print(f"{name}: right {right.mean():.3f}, shown {(sure & right).mean():.3f}")  # noqa: T201
    options.order.write_text(json.dumps(learned.model_dump(), indent=1) + "\n", encoding="utf-8")
    options.output.write_text(json.dumps(decision.model_dump(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
