"""What all that learns from sets of questions has in common: options, halves of a set, a corpus to ask."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser, question_sets
from retrieval.index.evidence import Evidence
from retrieval.index.update import updates
from retrieval.models import Question
from retrieval.question_sets import GoldKey
from retrieval.questions import synonyms
from retrieval.questions.english.translation import shipped
from retrieval.questions.interpreter import Interpreter

HALVES = {"even": (0,), "odd": (1,), None: (0, 1)}
"""What the numbers of the articles that are learned from leave when divided by two."""
ROUNDED = 6
"""Significant digits of what was learned that are kept."""


def parser(description: str, output: Path) -> argparse.ArgumentParser:
    """The options of a script: the sets, a folder for what it makes on the way, where the result goes."""
    made = argparse.ArgumentParser(description=description.splitlines()[0])
    made.add_argument("sets", nargs="+", type=Path, metavar="SQUAD.json")
    made.add_argument("--data", type=Path, required=True, help="folder for the indexes and the cache")
    made.add_argument("--output", type=Path, default=output)
    return made


def add_half(made: argparse.ArgumentParser) -> None:
    """Let only half of the articles be learned from: the others can confirm it."""
    made.add_argument("--half", choices=("even", "odd"), help="learn only from these articles")


def numbers(found: question_sets.QuestionSet) -> dict[str, int]:
    """The number of each article of a set, by its id."""
    return {article.id: number for number, article in enumerate(found.articles)}


def rounded(value: float) -> float:
    """A number short enough to be stored as text."""
    return float(f"{value:.{ROUNDED}g}")


def untitled(found: question_sets.QuestionSet) -> question_sets.QuestionSet:
    """The same set with its articles' titles taken out."""
    articles = [article.model_copy(update={"title": ""}) for article in found.articles]
    ids = {old.id: new.id for old, new in zip(found.articles, articles, strict=True)}
    questions = [
        question.model_copy(
            update={"gold": tuple((ids[article], number) for article, number in question.gold)}
        )
        for question in found.questions
    ]
    return question_sets.QuestionSet(articles=tuple(articles), questions=tuple(questions))


class Corpus:
    """An index of some articles, and what asks it."""

    def __init__(self, articles: Sequence[Article], folder: Path, tokeniser: Tokeniser) -> None:
        updates.update(folder, articles, tokeniser)
        self.tokeniser = tokeniser
        self.index = EmbeddedIndex(folder, tokeniser)
        self.retriever = Retriever(self.index, tokeniser)
        self._interpreter = Interpreter(self.index, tokeniser, synonyms.load(), shipped())

    def question(self, text: str, previous: str | None = None) -> Question:
        """A question as the corpus understands it, perhaps after the one before it."""
        return self._interpreter.interpret(text, previous)

    def key(self, evidence: Evidence, row: int) -> GoldKey:
        """The article's id and the sentence's number of a row."""
        ((article, sentence),) = evidence.places(np.array([row]))
        return article.id, sentence
