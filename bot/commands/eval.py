"""`zhiwen eval`: measure the answers to a set of questions."""

import importlib.util
import os
from pathlib import Path

import click

from bot.commands import printing
from bot.commands.command_line import Command, words
from bot.commands.opening import opened, refreshed
from bot.commands.options import PATH, corpus_option, json_option
from bot.commands.statuses import DONE
from bot.corpus.in_use import CorpusInUse
from bot.corpus.progress import progress_bar
from retrieval import Retriever, Tokeniser, evaluation, question_sets
from retrieval.errors import IndexUnusableError
from retrieval.index.protocol import IndexWriter
from retrieval.models import Article


@click.command("eval", cls=Command)
@click.option("--questions", type=PATH, metavar="FILE.jsonl")
@click.option("--squad", type=PATH, metavar="FILE.json")
@click.option("--questions-from", type=PATH, metavar="FILE.json")
@click.option("--unanswerable", type=PATH, metavar="FILE.json")
@click.option("--without-gold", is_flag=True)
@click.option("--report", type=PATH, metavar="DIR")
@corpus_option
@json_option
def evaluate(
    questions: Path | None,
    squad: Path | None,
    questions_from: Path | None,
    unanswerable: Path | None,
    report: Path | None,
    corpus: Path | None,
    *,
    without_gold: bool,
    as_json: bool,
) -> int:
    """Ask every question of a set, and print how often the right sentence came first."""
    asked_of = squad or questions
    if asked_of is None or (squad and questions):
        raise click.UsageError(words()("eval.one_set"))
    if report and importlib.util.find_spec("pygal") is None:
        raise click.UsageError(words()("eval.no_plots"))
    used = opened(corpus)
    if squad:
        retriever, asked = _squad(used, squad, questions_from)
    else:
        refreshed(used).mend()
        retriever = used.open()
        asked = list(question_sets.read_questions(asked_of, retriever.articles()).questions)
    if unanswerable:
        asked += question_sets.unanswerable(unanswerable)
    with progress_bar("asking") as advance:
        outcomes = evaluation.evaluate(retriever, asked, without_gold=without_gold, progress=advance)
    figures = evaluation.report(outcomes)
    if report:
        from bot.commands import evaluation_page  # noqa: PLC0415  pygal is an extra, needed for this alone

        page = evaluation_page.write(report, asked_of.stem, outcomes, figures)
        click.echo(words()("eval.written", page=page), err=True)
    if as_json:
        click.echo(figures.model_dump_json(by_alias=True))
    else:
        printing.print_figures(figures)
    return DONE


def _squad(
    corpus: CorpusInUse, squad: Path, questions_from: Path | None
) -> tuple[Retriever, list[question_sets.GoldQuestion]]:
    """A retriever over the articles of a SQuAD file, and its questions."""
    found = question_sets.read_squad(squad)
    writer = corpus.writer_of(corpus.settings.data / "evaluation" / squad.stem)
    retriever = retriever_over(writer, found.articles, corpus.tokeniser, corpus.settings.confident)
    questions = list(found.questions)
    if questions_from:
        questions = question_sets.asked_otherwise(questions, questions_from)
    return retriever, questions


def retriever_over(
    writer: IndexWriter, articles: tuple[Article, ...], tokeniser: Tokeniser, confident: float
) -> Retriever:
    """A retriever over these articles and no corpus: they have an index of their own, mended if need be.

    Raises:
        IndexingError: the index cannot be written.
    """
    try:
        _build(writer, articles)
        writer.verify()
    except IndexUnusableError:
        _build(writer, articles, rebuild=True)
    return Retriever(writer.open(), tokeniser, confident=confident)


def _build(writer: IndexWriter, articles: tuple[Article, ...], *, rebuild: bool = False) -> None:
    """Bring an index up to date, with a progress bar on a terminal."""
    with progress_bar("indexing") as advance:
        writer.update(articles, advance, rebuild=rebuild, workers=len(os.sched_getaffinity(0)))
