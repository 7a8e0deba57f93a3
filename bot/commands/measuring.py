"""The command that measures answers: eval."""

import argparse
import os
import sys
from pathlib import Path

from bot.commands import printing
from bot.commands.opening import DONE, corpus_of, refreshed
from bot.corpus.in_use import CorpusInUse
from bot.corpus.progress import progress_bar
from retrieval import EmbeddedIndex, Retriever, Tokeniser, calibration, evaluation, question_sets
from retrieval.index.update import updates, verification
from retrieval.models import Article, IndexUnusableError


def retriever(
    folder: Path, articles: tuple[Article, ...], tokeniser: Tokeniser, confident: float
) -> Retriever:
    """A retriever over these articles and no corpus: its index in a folder of its own, mended if need be.

    Raises:
        IndexingError: the folder cannot be written.
    """
    try:
        _build(folder, articles, tokeniser)
        verification.verify(folder, tokeniser)
    except IndexUnusableError:
        _build(folder, articles, tokeniser, rebuild=True)
    index = EmbeddedIndex(folder, tokeniser)
    return Retriever(index, tokeniser, confident=confident, doubt=calibration.doubt(folder))


def _build(
    folder: Path, articles: tuple[Article, ...], tokeniser: Tokeniser, *, rebuild: bool = False
) -> None:
    """Bring an index up to date, with a progress bar on a terminal."""
    with progress_bar("indexing") as advance:
        update = updates.update(
            folder, articles, tokeniser, advance, rebuild=rebuild, workers=len(os.sched_getaffinity(0))
        )
    if update.added or update.removed:
        calibration.calibrate(folder, Retriever(EmbeddedIndex(folder, tokeniser), tokeniser))


def measure(options: argparse.Namespace) -> int:
    """Measure the answers to a set of questions."""
    corpus = corpus_of(options)
    if options.squad:
        retriever, questions = _squad(corpus, options)
    else:
        live = refreshed(corpus)
        live.mend()
        retriever = corpus.open()
        questions = list(question_sets.read_questions(options.questions, retriever.articles()).questions)
    if options.unanswerable:
        questions += question_sets.unanswerable(options.unanswerable)
    with progress_bar("asking") as advance:
        outcomes = evaluation.evaluate(
            retriever, questions, without_gold=options.without_gold, progress=advance
        )
    figures = evaluation.report(outcomes)
    if options.report:
        from bot.commands import evaluation_page  # noqa: PLC0415  pygal is for this alone

        name = (options.squad or options.questions).stem
        page = evaluation_page.write(options.report, name, outcomes, figures)
        print(f"The report is in {page}.", file=sys.stderr)
    if options.json:
        print(figures.model_dump_json(by_alias=True))
    else:
        printing.print_figures(figures)
    return DONE


def _squad(
    corpus: CorpusInUse, options: argparse.Namespace
) -> tuple[Retriever, list[question_sets.GoldQuestion]]:
    """A retriever over the articles of a SQuAD file, and its questions."""
    found = question_sets.read_squad(options.squad)
    folder = corpus.settings.data / "evaluation" / options.squad.stem
    found_by = retriever(folder, found.articles, corpus.tokeniser, corpus.settings.confident)
    questions = list(found.questions)
    if options.questions_from:
        questions = question_sets.asked_otherwise(questions, options.questions_from)
    return found_by, questions
