"""Learn the weights of `retrieval.answers` from sets of questions in SQuAD form.

    PYTHONPATH=tests python -m bench.train_answers --half even --data /tmp/zhiwen SQUAD.json ...

For each kind of answer a conditional logit: among the candidates of a sentence that holds the answer, those
that cover it should weigh most. With --half only the articles of even or odd number are learned from: the
others can confirm it.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import single
from bench import training
from numpy.typing import NDArray

from retrieval import Tokeniser, question_sets
from retrieval.answering import answer_spans
from retrieval.answering.candidates import Gap, Seen
from retrieval.language.sentences import split
from retrieval.models import AnswerKind, Article, Question, Span
from retrieval.questions.answer_type import GAPS
from retrieval.questions.chinese import understand

STEPS = 500
RATE = 0.3
DECAY = 2e-4
"""Pulls the weights to 0, so that a fact seen seldom says little."""
DECIMALS = 3

Choice = tuple[NDArray[np.float64], NDArray[np.float64]]
"""The facts of a sentence's candidates (a row each), and which of them cover the answer."""


def choices(
    found: question_sets.QuestionSet, tokeniser: Tokeniser, half: str | None
) -> Iterator[tuple[AnswerKind, Choice]]:
    """The sentences from which there is something to learn, by what their question asks for."""
    articles = {article.id: article for article in found.articles}
    numbers = training.numbers(found)
    for gold in found.questions:
        question = understand(gold.text, tokeniser)
        if question.kind not in GAPS or not gold.gold:
            continue
        if numbers[gold.gold[0][0]] % 2 not in training.HALVES[half]:
            continue
        for article, number in gold.gold:
            choice = described(question, sentence(articles[article], number), gold.answers, tokeniser)
            if choice[1].any() and not choice[1].all():
                yield question.kind, choice


def sentence(article: Article, number: int) -> str:
    """The text of a sentence of an article."""
    piece = split(article.summary)[number]
    return article.summary[piece.start : piece.end]


def described(question: Question, text: str, golds: Sequence[str], tokeniser: Tokeniser) -> Choice:
    """The candidates of a sentence as numbers."""
    sentence = Seen(Gap(question), text, single.find(text, tokeniser).mentions)
    found = sentence.candidates()
    described = answer_spans.Described(sentence)
    facts = [list(map(float, described.facts(candidate))) for candidate in found]
    covers = [is_covered((candidate.start, candidate.end), text, golds) for candidate in found]
    return np.array(facts, dtype=np.float64), np.array(covers, dtype=np.float64)


def is_covered(span: Span, text: str, golds: Sequence[str]) -> bool:
    """Whether one of the answers stands wholly in a span."""
    return any(gold and gold in text[slice(*span)] for gold in golds)


def learn(found: Sequence[Choice]) -> list[float]:
    """Gradient ascent on the likelihood that a candidate drawn by its weight covers the answer."""
    weights = np.zeros(found[0][0].shape[1])
    for _ in range(STEPS):
        gradient = -DECAY * len(found) * weights
        for facts, covers in found:
            drawn = np.exp(facts @ weights - np.max(facts @ weights))
            right = drawn * covers
            gradient += (right / right.sum() - drawn / drawn.sum()) @ facts
        weights += RATE * gradient / len(found)
    return [round(float(weight), DECIMALS) for weight in weights]


def main() -> None:
    """Read the sets, learn, write."""
    parser = training.parser(__doc__, Path(answer_spans.__file__).with_name(answer_spans.FILE))
    training.add_half(parser)
    options = parser.parse_args()
    tokeniser = Tokeniser(options.data / "cache")
    by_kind: dict[AnswerKind, list[Choice]] = defaultdict(list)
    for path in options.sets:
        for kind, choice in choices(question_sets.read_squad(path), tokeniser, options.half):
            by_kind[kind].append(choice)
    learned = answer_spans.Weights(
        facts=answer_spans.FACTS,
        kinds={kind: tuple(learn(found)) for kind, found in sorted(by_kind.items())},
    )
    options.output.write_text(json.dumps(learned.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
