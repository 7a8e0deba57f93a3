"""Learn the corrections of `retrieval.reranker` from sets of questions in SQuAD form.

    PYTHONPATH=tests python -m bench.train_reranker --data DIR SQUAD.json ... --english ZH.json EN.json

LambdaMART (LightGBM) over the features of the best candidates, boosted from their BM25F score. Each set is
asked twice, as it is and with its articles' titles taken out, so that a corpus without telling titles is
served too; --english names a set that has its questions in English in a second file too. With --half only the
articles of even or odd number are learned from, and the figures of the others are printed.
Needs lightgbm; the result is plain numbers and needs nothing.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from bench import training
from bench.training import rounded, untitled
from numpy.typing import NDArray

from retrieval import Tokeniser, question_sets
from retrieval.index.evidence import gather
from retrieval.insight.insights import ARTICLES
from retrieval.ranking import reranker, second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights
from retrieval.ranking.features import features

SCALE = 8.0
"""Corrections are learned on top of this many times the BM25F score."""
TREES = 500
PARAMETERS = {
    "objective": "lambdarank",
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "lambda_l2": 5,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambdarank_truncation_level": 5,
    "seed": 1,
    "deterministic": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True)
class Example:
    """One question: the features of its candidates (none if all are wrong), and which of them are right."""

    article: int
    features: dict[str, NDArray[np.float64]]
    right: NDArray[np.bool_]


def examples(found: question_sets.QuestionSet, folder: Path, tokeniser: Tokeniser) -> Iterator[Example]:
    """The questions of a set that have an answer."""
    corpus = training.Corpus(found.articles, folder, tokeniser)
    numbers = training.numbers(found)
    for gold in found.questions:
        question = corpus.question(gold.text)
        evidence = gather(corpus.index, question, ARTICLES)
        if not gold.gold or not evidence.quotable.any():
            continue
        scores = SentenceScores(evidence, Weights())
        candidates = second_stage.candidates(evidence, question, scores)
        right = np.array([corpus.key(evidence, candidate.row) in gold.gold for candidate in candidates])
        columns = features(evidence, scores, question, candidates) if right.any() else {}
        yield Example(numbers[gold.gold[0][0]], columns, right)


def learn(found: Sequence[Example]) -> reranker.Learned:
    """Train, and put what was learned into plain numbers."""
    import lightgbm  # noqa: PLC0415  only training needs it

    found = [example for example in found if example.right.any()]
    names = tuple(found[0].features)
    matrix = np.vstack([np.column_stack([example.features[name] for name in names]) for example in found])
    data = lightgbm.Dataset(
        matrix,
        np.concatenate([example.right for example in found]).astype(int),
        group=[len(example.right) for example in found],
        init_score=SCALE * matrix[:, names.index("score with bonus")],
    )
    model = lightgbm.train(PARAMETERS, data, num_boost_round=TREES)
    trees = [tree(info["tree_structure"]) for info in model.dump_model()["tree_info"]]
    return reranker.Learned(features=names, scale=SCALE, trees=tuple(trees))


def hits(found: Sequence[Example], learned: reranker.Reranker) -> tuple[float, float]:
    """The shares of the questions whose right sentence comes first, and among the first three."""
    ranks = []
    for example in found:
        rank = len(example.right)
        if example.right.any():
            scores = example.features["score with bonus"] + learned.corrections(example.features)
            order = np.argsort(-np.round(scores, second_stage.DECIMALS), kind="stable")
            rank = int(np.flatnonzero(example.right[order])[0])
        ranks.append(rank)
    return float(np.mean(np.array(ranks) < 1)), float(np.mean(np.array(ranks) < 3))


def tree(root: dict[str, Any]) -> reranker.Tree:
    """LightGBM's nested nodes as the arrays of a tree."""
    inner: list[dict[str, Any]] = []
    leaves: list[float] = []

    def number(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(rounded(node["leaf_value"]))
            return -len(leaves)
        place = len(inner)
        inner.append({"feature": node["split_feature"], "threshold": rounded(node["threshold"])})
        inner[place] |= {"left": number(node["left_child"]), "right": number(node["right_child"])}
        return place

    number(root)
    fields = {name: tuple(node[name] for node in inner) for name in ("feature", "threshold", "left", "right")}
    return reranker.Tree(**fields, leaf=tuple(leaves))


def jobs(options: argparse.Namespace) -> Iterator[tuple[str, question_sets.QuestionSet]]:
    """What is asked, with a name each."""
    for path in options.sets:
        squad = question_sets.read_squad(path)
        yield path.stem, squad
        if any(article.title for article in squad.articles):
            yield f"{path.stem}, untitled", untitled(squad)
    for chinese, english in options.english:
        squad = question_sets.read_squad(chinese)
        questions = question_sets.asked_otherwise(squad.questions, english)
        yield english.stem, squad.model_copy(update={"questions": tuple(questions)})


def collected(job: tuple[str, question_sets.QuestionSet], folder: Path) -> tuple[str, list[Example]]:
    """The examples of one set, with its name."""
    name, found = job
    return name, list(examples(found, folder / name, Tokeniser(folder / "cache")))


def main() -> None:
    """Read the sets, learn, write."""
    parser = training.parser(__doc__, Path(reranker.__file__).with_name(reranker.FILE))
    training.add_half(parser)
    parser.add_argument("--english", nargs=2, action="append", default=[], type=Path, metavar=("ZH", "EN"))
    options = parser.parse_args()
    Tokeniser(options.data / "cache")
    with ProcessPoolExecutor() as pool:
        found = dict(pool.map(partial(collected, folder=options.data), jobs(options)))
    halves = training.HALVES[options.half]
    learned = learn([e for examples in found.values() for e in examples if e.article % 2 in halves])
    for name, of_set in found.items():
        others = [example for example in of_set if example.article % 2 not in halves]
        if others:
            print(name, "hit@1 {:.4f} hit@3 {:.4f}".format(*hits(others, reranker.Reranker(learned))))  # noqa: T201
    content = json.dumps(learned.model_dump(), separators=(",", ":"))
    options.output.write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
