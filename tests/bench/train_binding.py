"""Learn `ranking/order.json` and `answering/confidence.json` from questions with and without an answer.

    PYTHONPATH=tests python -m bench.train_binding --data DIR --news FOLDER=a1.jsonl,a2.jsonl SQUAD.json ...

A news set is a corpus folder and question files about it (README, "Measure it"); of a SQuAD file every eighth
question is asked, those without an answer too, and each again without its article. Some of these, and
everyday questions (everyday.txt), are asked of the news too, which does not answer them. First the order is
fitted: a conditional logit over the best hits of a question, pulled to the score they came with. Then the
decision: a logistic regression over the first hit, each question ordered by what the others taught (five
folds). Since the trees that ship have seen the encyclopaedia questions, --even and --odd name trees that were
learned from the articles of even and odd number (`train_reranker --half`): each question is then ranked by
those that have not seen it. With --leave-out NAME a set is only measured. Needs scipy; the result is plain
numbers.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench import training
from bench.training import rounded
from numpy.typing import NDArray

from retrieval import Tokeniser, question_sets
from retrieval.answering import confidence
from retrieval.answering.unmet import Unmet, said, unmet
from retrieval.corpus import reading
from retrieval.index.evidence import gather
from retrieval.insight.insights import ARTICLES
from retrieval.question_sets import GoldQuestion
from retrieval.ranking import order, reranker, second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights
from retrieval.ranking.order import Order
from retrieval.ranking.recency import Dated
from retrieval.ranking.reranker import Reranker
from retrieval.retriever import CONFIDENT

Vector = NDArray[np.float64]
ORDER = ("fit", "flags", "conflicts", "weakest", "relation")
DECISION = (
    *("fit", "none", "flags", "conflicts", "weakest", "relation", "near", "clause", "share", "lead", "agree"),
    *("unrelated", "role", "unmet measure", "unmet name", "missing", "missing noun"),
    *("mass", "matched", "ahead", "flags rivalled", "none rivalled"),
)
AGAINST = ("none", "flags", "conflicts", "missing", "unrelated", "role", "unmet")
"""Facts that begin so can only speak against a hit; all others can only speak for it."""
PRIOR, ORDER_RIDGE, DECISION_RIDGE = 6.0, 10.0, 3.0
LEAST_OF_CONFLICT = -2.0
"""What a contradiction takes at least: too seldom in any set to be learned, and never an answer."""
FOLDS = 5
EVERY = 8
"""Of an encyclopaedia, one of so many questions is asked."""


EVERYDAY = Path(__file__).with_name("everyday.txt")
STRANGERS = 80
"""Of an encyclopaedia, one of so many questions is asked of news too, which says nothing of it."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a question counts in the order and in the decision, one about news counting 1."""

    order: float
    decision: float


NEWS, SQUAD, ADVERSARIAL, STRANGE = Weight(1.0, 1.0), Weight(0.4, 0.5), Weight(0.1, 0.05), Weight(0.0, 0.4)


@dataclass(frozen=True, slots=True)
class Case:
    """A question that was asked: its hits, bound, as they came; by row, what is right, what is lacking."""

    set: str
    kind: str
    weight: Weight
    is_alone: bool
    wants_newest: bool
    hits: Sequence[Dated]
    right: Mapping[int, bool]
    unmet: Mapping[int, Sequence[Unmet]]


@dataclass(frozen=True, slots=True)
class First:
    """The hit that an order puts first: its facts, how sure it may be at most, and whether it is right."""

    set: str
    kind: str
    weight: float
    facts: Mapping[str, float]
    most: float
    right: bool


def case(
    name: str, corpus: training.Corpus, gold: GoldQuestion, weight: Weight, trees: Reranker, *, without: bool
) -> Case | None:
    """A question, asked and bound, with its article or without; None if nothing is found."""
    question = corpus.question(gold.text, gold.previous)
    excluded = frozenset(article for article, _ in gold.gold) if without else frozenset()
    evidence = gather(corpus.index, question, ARTICLES, excluded)
    if not evidence.articles:
        return None
    scores = SentenceScores(evidence, Weights())
    ranked = second_stage.rank(evidence, question, scores, trees)
    hits = order.bindings(evidence, question, ranked, order.asked_of(evidence, question, corpus.tokeniser))
    missed = {}
    for hit, _ in hits:
        speaks = said(evidence.articles[hit.article], hit.sentence, question.demands)
        missed[hit.row] = unmet(question, question.demands, speaks, corpus.tokeniser)
    right = {hit.row: corpus.key(evidence, hit.row) in gold.gold for hit, _ in hits}
    kind = "without" if without else gold.kind or ("" if gold.gold else "unanswerable")
    is_alone, wants_newest = len(evidence.articles) == 1, question.wants_newest
    found = Case(name, kind, weight, is_alone, wants_newest, hits, right, missed)
    return found if hits else None


def facts_of(found: Case) -> tuple[Vector, Vector]:
    """What the order is learned from: the score and the facts of each hit's binding; and which are right."""
    rows = []
    for hit, _ in found.hits:
        of_binding = order.facts(hit.binding) if hit.binding else {}
        rows.append([hit.score, *(of_binding[name] for name in ORDER)])
    return np.array(rows), np.array([float(found.right[hit.row]) for hit, _ in found.hits])


def bounds(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    """Whether a fact may speak for or against."""
    return [(None, 0.0) if name.startswith(AGAINST) else (0.0, None) for name in names]


def minimised(loss: Callable[[Vector], tuple[float, Vector]], start: Vector, names: Sequence[str]) -> Vector:
    """Where a loss, given with its slope, is least; the last weights are those of `names`."""
    from scipy.optimize import minimize  # noqa: PLC0415  only training needs it

    free: list[tuple[float | None, float | None]] = [(None, None)] * (len(start) - len(names))
    least: Vector = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*free, *bounds(names)]).x
    return least


def fit_order(found: Sequence[Case]) -> Order:
    """A conditional logit with signs known beforehand."""
    told = [
        (rows, right, one.weight.order)
        for one in found
        for rows, right in [facts_of(one)]
        if 0 < right.sum() < len(right)
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

    learned = minimised(loss, prior, ("score", *ORDER)) / spread
    weights = dict(zip(ORDER, map(rounded, map(float, learned[1:])), strict=True))
    weights["conflicts"] = min(weights["conflicts"], LEAST_OF_CONFLICT)
    return Order(score=rounded(float(learned[0])), weights=weights)


def first_of(found: Case, learned: Order) -> First:
    """The hit that an order puts first."""
    hits = order.ordered(found.hits, learned, wants_newest=found.wants_newest)
    row, binding, missed = hits[0].row, hits[0].binding, found.unmet[hits[0].row]
    facts = confidence.facts(hits, missed, is_alone=found.is_alone, learned=learned)
    most = confidence.most(binding, missed, facts["ahead"]) if binding else 0.0
    return First(found.set, found.kind, found.weight.decision, facts, most, found.right[row])


def fit_decision(found: Sequence[First]) -> confidence.Regression:
    """A logistic regression with signs known beforehand."""
    matrix = np.array([[first.facts[name] for name in DECISION] for first in found])
    right = np.array([float(first.right) for first in found])
    counts = np.array([first.weight for first in found])
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    scaled = (matrix - mean) / spread

    def loss(weights: Vector) -> tuple[float, Vector]:
        logits = scaled @ weights[1:] + weights[0]
        error = counts * (1 / (1 + np.exp(-logits)) - right)
        total = float((counts * (np.logaddexp(0, logits) - right * logits)).sum())
        pulled = np.concatenate([[0.0], DECISION_RIDGE * weights[1:]])
        slope = np.concatenate([[error.sum()], scaled.T @ error]) + pulled
        return total + DECISION_RIDGE / 2 * float(weights[1:] @ weights[1:]), slope

    learned = minimised(loss, np.zeros(1 + len(DECISION)), DECISION)
    weights = learned[1:] / spread
    kept = {
        name: rounded(float(weight))
        for name, weight in zip(DECISION, weights, strict=True)
        if abs(weight) > 0
    }
    return confidence.Regression(intercept=rounded(float(learned[0] - mean @ weights)), weights=kept)


def crossed(found: Sequence[Case]) -> Iterator[First]:
    """The first hit of each question, by an order that did not learn from it."""
    for fold in range(FOLDS):
        learned = fit_order([one for at, one in enumerate(found) if at % FOLDS != fold])
        yield from (first_of(one, learned) for one in found[fold::FOLDS])


def read_news(
    folder: Path, files: Sequence[Path], strange: Sequence[str], data: Path, tokeniser: Tokeniser
) -> Iterator[Case | None]:
    """The questions about a folder of news, but for small talk; and those that it says nothing about."""
    articles = reading.read([folder]).articles
    corpus = training.Corpus(articles, data / folder.name, tokeniser)
    for path in files:
        for gold in question_sets.read_questions(path, articles).questions:
            if gold.kind != "chat":
                yield case(path.stem, corpus, gold, NEWS, reranker.trained(), without=False)
    for text in strange:
        gold = GoldQuestion(id=text, kind="unanswerable_far", text=text)
        yield case(f"{folder.name}_strange", corpus, gold, STRANGE, reranker.trained(), without=False)


def read_strange(sets: Sequence[Path]) -> list[str]:
    """Questions that no news answers: everyday ones, and some about encyclopaedia articles."""
    texts = EVERYDAY.read_text(encoding="utf-8").splitlines()
    for path in sets:
        texts += [gold.text for gold in question_sets.read_squad(path).questions[::STRANGERS]]
    return texts


def read_squad(
    path: Path, data: Path, tokeniser: Tokeniser, trees: Sequence[Reranker]
) -> Iterator[Case | None]:
    """The questions of an encyclopaedia, each ranked by the trees that have not seen its article."""
    found = question_sets.read_squad(path)
    corpus, number = training.Corpus(found.articles, data / path.stem, tokeniser), training.numbers(found)
    is_adversarial = any(not gold.gold for gold in found.questions)
    for gold in found.questions[::EVERY]:
        unseen = trees[1 - number[gold.gold[0][0]] % 2] if gold.gold else trees[0]
        weight = ADVERSARIAL if is_adversarial else SQUAD
        yield case(path.stem, corpus, gold, weight, unseen, without=False)
        if gold.gold:
            yield case(path.stem, corpus, gold, weight, unseen, without=True)


def told(name: str, found: Sequence[First], decision: confidence.Regression) -> str:
    """What comes of a set: of the answerable ones and of each kind of the others."""
    by_kind: dict[str, list[tuple[bool, bool]]] = {}
    for first in found:
        sure = min(confidence.probability(decision.log_odds(first.facts)), first.most) >= CONFIDENT
        is_one = first.kind.startswith(("unanswerable", "without"))
        by_kind.setdefault(first.kind if is_one else "answerable", []).append((sure, first.right))
    parts = [f"{name}:"]
    for kind, outcomes in by_kind.items():
        sure, right = np.array(outcomes).T
        parts.append(f"{kind} {len(outcomes)}: answered {sure.mean():.3f}")
        if kind == "answerable":
            parts.append(f"right {right.mean():.3f}, shown {(sure & right).mean():.3f}")
    return " ".join(parts)


def main() -> None:
    """Ask, fit, write; tell what comes of what was left out."""
    parser = training.parser(__doc__, Path(confidence.__file__).with_name(confidence.FILE))
    parser.add_argument("--news", action="append", default=[], metavar="FOLDER=FILE,...")
    parser.add_argument("--leave-out", action="append", default=[], metavar="SET")
    parser.add_argument("--order", type=Path, default=Path(order.__file__).with_name(order.FILE))
    shipped = Path(reranker.__file__).with_name(reranker.FILE)
    parser.add_argument("--even", type=Path, default=shipped, metavar="RERANKER.json")
    parser.add_argument("--odd", type=Path, default=shipped, metavar="RERANKER.json")
    options = parser.parse_args()
    tokeniser = Tokeniser(options.data / "cache")
    asked: list[Case | None] = []
    strange = read_strange(options.sets)
    for named in options.news:
        folder, _, names = named.partition("=")
        files = [Path(name) for name in names.split(",")]
        asked += read_news(Path(folder), files, strange, options.data, tokeniser)
    learned_of = [path.read_text(encoding="utf-8") for path in (options.even, options.odd)]
    trees = [Reranker(reranker.Learned.model_validate_json(content)) for content in learned_of]
    for path in options.sets:
        asked += read_squad(path, options.data, tokeniser, trees)
    found = [one for one in asked if one]
    shuffled = [found[at] for at in np.random.default_rng(0).permutation(len(found)).tolist()]
    taught = [one for one in shuffled if one.set not in options.leave_out]
    learned = fit_order(taught)
    decision = fit_decision(list(crossed(taught)))
    for name in options.leave_out:
        rows = [first_of(one, learned) for one in found if one.set == name]
        print(told(name, rows, decision))  # noqa: T201
    options.order.write_text(json.dumps(learned.model_dump(), indent=1) + "\n", encoding="utf-8")
    options.output.write_text(json.dumps(decision.model_dump(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
