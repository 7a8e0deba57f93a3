"""Fit the regressions of `retrieval.confidence`, and the line of `retrieval.calibration`, to SQuAD sets.

    export PYTHONPATH=tests
    python -m bench.train_reranker --half even --output even.json --data DIR SQUAD.json ...
    python -m bench.train_reranker --half odd --output odd.json --data DIR SQUAD.json ...
    python -m bench.train_confidence --even even.json --odd odd.json --data DIR SQUAD.json ...

Each question is asked twice, as it is and with its article left aside, ranked by what was learned from the
half of the articles that it is not of: so a set's own questions look no surer than those of strangers will.
An answer is right when a right sentence is among its first three. Sets with titles are asked without them
too, and half of each set's articles is a corpus of its own, so that the line from made questions to human
ones rests on corpora of several kinds; some dozen articles are one too, for those too small to make questions
of. Prints what comes of each set when all is fitted to the other sets.
Needs scikit-learn.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from bench import training
from bench.training import rounded, untitled
from numpy.typing import NDArray

from retrieval import Article, Tokeniser, calibration, question_sets
from retrieval.answering import confidence
from retrieval.answering.confidence import Line, Regression
from retrieval.answering.unmet import said, unmet
from retrieval.index.evidence import gather
from retrieval.index.protocol import StoredArticle
from retrieval.models import Question
from retrieval.ranking import second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights
from retrieval.ranking.reranker import Learned, Reranker
from retrieval.retriever import ARTICLES

MOST = 1500
"""Questions of a corpus that are asked, spread evenly over it."""
FEW, OF_FEW, QUESTIONS_OF_FEW = 12, 4, 120
"""Articles of a small corpus, how many of those there are of a set, and the questions that each is asked."""
UNANSWERED = 0.965
"""The share of the questions without an answer that are to be declined: so many that 19 in 20 are where a
corpus is unlike those fitted to."""
FIRST = 3
"""Passages among which a right one makes an answer right."""
STRENGTH = 1.0
"""Inverse of the penalty on the weights of standardised facts."""
COMPARED = "lead"
"""What the names of facts end in that compare with other articles: a corpus of one has none."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a corpus: the facts its confidence is judged by, and what came of it.

    `unmet` is what its unmet demands add to the log odds, `best` the id of the article that was first.
    """

    facts: Mapping[str, float]
    unmet: float
    has_gold: bool
    right: bool
    best: str


class Corpus:
    """An index of articles, asked with rerankers that have not learned from them."""

    def __init__(self, articles: Sequence[Article], folder: Path, tokeniser: Tokeniser) -> None:
        self._tokeniser = tokeniser
        self._corpus = training.Corpus(articles, folder, tokeniser)

    def case(self, gold: question_sets.GoldQuestion, reranker: Reranker, *, has_gold: bool) -> Case | None:
        """What comes of asking a question with its article, or with that left aside; None without a hit."""
        question = self._corpus.question(gold.text)
        excluded = () if has_gold else {gold.gold[0][0]}
        evidence = gather(self._corpus.index, question, ARTICLES, excluded)
        scores = SentenceScores(evidence, Weights())
        hits = second_stage.rank(evidence, question, scores, reranker)
        if not hits:
            return None
        right = any(self._corpus.key(evidence, hit.row) in gold.gold for hit in hits[:FIRST])
        return Case(
            facts=confidence.facts(evidence, scores, hits),
            unmet=self._unmet(question, evidence.articles[hits[0].article], hits[0].sentence),
            has_gold=has_gold,
            right=right,
            best=evidence.articles[hits[0].article].id,
        )

    def _unmet(self, question: Question, article: StoredArticle, sentence: int) -> float:
        found = said(article, sentence)
        return confidence.of_unmet(unmet(question, question.demands, found, self._tokeniser))

    def made(self, reranker: Reranker) -> list[Case]:
        """The questions made of the corpus (`retrieval.calibration`), their own articles left aside."""
        golds = (
            question_sets.GoldQuestion(id="", text=cloze.text, gold=((cloze.article, 0),))
            for cloze in calibration.clozes(self._corpus.retriever)
        )
        cases = (self.case(gold, reranker, has_gold=False) for gold in golds)
        return [case for case in cases if case is not None]


Size = Literal["whole", "half", "few"]


@dataclass(frozen=True, slots=True)
class Job:
    """A corpus to ask: its name, the set that it is of, and how many of its articles it has."""

    set: str
    name: str
    questions: question_sets.QuestionSet
    size: Size = "whole"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a corpus: its human questions, with and without their articles, and those made of it.

    `alone` has the human questions asked of one article: their own, and the one that came first without that.
    """

    set: str
    name: str
    size: Size
    human: Sequence[Case]
    made: Sequence[Case]
    alone: Sequence[Case]


def asked(job: Job, folder: Path, rerankers: Sequence[Path]) -> Asked:
    """Ask all of a corpus."""
    found = job.questions
    learned = [Reranker(Learned.model_validate_json(path.read_bytes())) for path in rerankers]
    tokeniser = Tokeniser(folder / "cache")
    corpus = Corpus(found.articles, folder / job.name, tokeniser)
    numbers = training.numbers(found)
    human = []
    alone: dict[str, list[tuple[question_sets.GoldQuestion, Reranker]]] = defaultdict(list)
    answerable = [gold for gold in found.questions if gold.gold]
    for gold in answerable[:: math.ceil(len(answerable) / MOST)]:
        of_other_half = learned[1 - numbers[gold.gold[0][0]] % 2]
        for has_gold in (True, False):
            case = corpus.case(gold, of_other_half, has_gold=has_gold)
            if case is not None:
                human.append(case)
                alone[gold.gold[0][0] if has_gold else case.best].append((gold, of_other_half))
    return Asked(
        set=job.set,
        name=job.name,
        size=job.size,
        human=human,
        made=corpus.made(learned[0]),
        alone=[] if job.size != "whole" else list(_alone(found.articles, alone, folder / "alone", tokeniser)),
    )


def _alone(
    articles: Sequence[Article],
    questions: Mapping[str, Sequence[tuple[question_sets.GoldQuestion, Reranker]]],
    folder: Path,
    tokeniser: Tokeniser,
) -> Iterator[Case]:
    for article in articles:
        corpus = Corpus([article], folder / article.id, tokeniser)
        cases = (
            corpus.case(gold, reranker, has_gold=True) for gold, reranker in questions.get(article.id, ())
        )
        yield from (case for case in cases if case is not None)


def fit(found: Sequence[Sequence[Case]], without: str | None = None) -> Regression:
    """A logistic regression over the facts of some corpora's cases, with an intercept for each besides.

    Right answers and others weigh the same in all: of ten answers with .8 eight are right where as many
    questions can be answered as cannot. Facts whose names end in `without` are left out.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only training needs it

    names = [name for name in found[0][0].facts if not (without and name.endswith(without))]
    matrix = np.array([[case.facts[name] for name in names] for of_set in found for case in of_set])
    mean, deviation = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 1e-9)
    corpora = np.repeat(np.eye(len(found)), [len(of_set) for of_set in found], axis=0)
    right = [case.right for of_set in found for case in of_set]
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", fit_intercept=False, max_iter=5000)
    model.fit(np.hstack([(matrix - mean) / deviation, corpora]), right)
    weights = model.coef_[0][: len(names)] / deviation
    intercept = model.coef_[0][len(names) :].mean() - weights @ mean
    return Regression(
        intercept=rounded(float(intercept)),
        weights={name: rounded(float(weight)) for name, weight in zip(names, weights, strict=True)},
    )


def log_odds(regression: Regression, found: Iterable[Case]) -> NDArray[np.float64]:
    """Of each case, with its unmet demands."""
    return np.array([regression.log_odds(case.facts) + case.unmet for case in found])


def line(corpora: Iterable[Asked], regression: Regression) -> Line:
    """By least squares, from the log odds that made questions stay below to those of human ones.

    For small corpora, what the most doubtful set's need.
    """
    made, human = [], []
    few: dict[str, list[float]] = defaultdict(list)
    for of in corpora:
        found = log_odds(regression, [case for case in of.human if not case.has_gold])
        if of.size == "few":
            few[of.set] += found.tolist()
        else:
            made.append(quantile(regression, of.made))
            human.append(np.quantile(found, UNANSWERED))
    slope, level = np.polyfit(made, human, 1)
    most = max(float(np.quantile(of_set, UNANSWERED)) for of_set in few.values())
    return Line(slope=round(float(slope), 4), level=round(float(level), 4), few=round(most, 4))


def quantile(regression: Regression, made: Iterable[Case]) -> float:
    """What the log odds of most questions made of a corpus stay below."""
    return float(np.quantile(log_odds(regression, made), calibration.QUANTILE))


def of_others(found: Sequence[Asked]) -> Iterator[str]:
    """What comes of each set when regression and line are fitted to the others: a line of text each."""
    for left_out in dict.fromkeys(corpus.set for corpus in found):
        others = [corpus for corpus in found if corpus.set != left_out]
        regression = fit([corpus.human for corpus in others if corpus.size == "whole"])
        shift = line(others, regression)
        for corpus in found:
            if corpus.set == left_out:
                is_few = len(corpus.made) < calibration.FEWEST
                doubt = shift.few if is_few else shift.at(quantile(regression, corpus.made))
                surer = log_odds(regression, corpus.human) - doubt > 0
                gold = np.array([case.has_gold for case in corpus.human])
                yield f"{corpus.name}: answered {surer[gold].mean():.3f}, without {surer[~gold].mean():.3f}"


def jobs(paths: Iterable[Path]) -> Iterator[Job]:
    """The corpora: each set, the same without titles, half of its articles, and a few of them."""
    for path in paths:
        squad = question_sets.read_squad(path)
        name = path.stem
        yield Job(name, name, squad)
        if any(article.title for article in squad.articles):
            yield Job(name, f"{name}, untitled", untitled(squad))
        yield Job(name, f"{name}, half", _of(squad, squad.articles[::2]), "half")
        for start in range(0, len(squad.articles), math.ceil(len(squad.articles) / OF_FEW)):
            small = _of(squad, squad.articles[start : start + FEW])
            asked = small.questions[:QUESTIONS_OF_FEW]
            yield Job(name, f"{name}, {start}", small.model_copy(update={"questions": asked}), "few")


def _of(squad: question_sets.QuestionSet, articles: Sequence[Article]) -> question_sets.QuestionSet:
    """A set with some of its articles, and the questions about them."""
    ids = {article.id for article in articles}
    questions = tuple(q for q in squad.questions if q.gold and q.gold[0][0] in ids)
    return question_sets.QuestionSet(articles=tuple(articles), questions=questions)


def main() -> None:
    """Ask, fit, write."""
    parser = training.parser(__doc__, Path(confidence.__file__).with_name(confidence.FILE))
    parser.add_argument("--even", type=Path, required=True, help="the reranker learned from even articles")
    parser.add_argument("--odd", type=Path, required=True)
    options = parser.parse_args()
    Tokeniser(options.data / "cache")
    rerankers = (options.even, options.odd)
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(partial(asked, folder=options.data, rerankers=rerankers), jobs(options.sets)))
    for figures in of_others(found):
        print(figures)  # noqa: T201
    whole = [corpus.human for corpus in found if corpus.size == "whole"]
    several = fit(whole)
    one = [corpus.alone for corpus in found if corpus.alone]
    fitted = confidence.Fitted(
        among_several=several, alone=fit(one, without=COMPARED), doubt=line(found, several)
    )
    options.output.write_text(json.dumps(fitted.model_dump(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
