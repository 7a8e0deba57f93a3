"""`zhiwen list`: the articles of the corpus, the newest first."""

import datetime as dt
import heapq
from collections.abc import Collection
from pathlib import Path

import click

from bot.commands import printing
from bot.commands.command_line import Command
from bot.commands.opening import opened
from bot.commands.options import (
    TEXT,
    Day,
    corpus_option,
    industry_option,
    json_option,
    since_option,
    technology_option,
)
from bot.commands.statuses import DONE
from retrieval.corpus import reading
from retrieval.language.normalise import normalise
from retrieval.models import Problem

LIMIT = 20


@click.command("list", cls=Command)
@since_option
@click.option("--until", type=Day(), metavar="DATE")
@industry_option
@technology_option
@click.option("--keyword", type=TEXT, multiple=True, metavar="关键词")
@click.option("--limit", type=click.IntRange(min=1), default=LIMIT, metavar="N")
@corpus_option
@json_option
def list_articles(
    since: dt.date | None,
    until: dt.date | None,
    industry: tuple[str, ...],
    technology: tuple[str, ...],
    keyword: tuple[str, ...],
    limit: int,
    corpus: Path | None,
    *,
    as_json: bool,
) -> int:
    """List articles, the last published first and the undated at the end."""
    problems: list[Problem] = []
    wanted = (
        article
        for article in reading.each(opened(corpus).folders, problems.extend)
        if _is_within(article.published, since, until)
        and _bears(article.industries, industry)
        and _bears(article.technologies, technology)
        and _bears(article.keywords, keyword)
    )
    newest = heapq.nlargest(limit, wanted, key=lambda one: (one.published or dt.date.min, one.id))
    for article in newest:
        click.echo(printing.article_json(article) if as_json else printing.article_line(article))
    return DONE


def _is_within(published: dt.date | None, since: dt.date | None, until: dt.date | None) -> bool:
    if since is None and until is None:
        return True
    return published is not None and (since or dt.date.min) <= published <= (until or dt.date.max)


def _bears(labels: Collection[str], wanted: Collection[str]) -> bool:
    """Whether one of the labels is wanted, in either script and any case; or none is."""
    return not wanted or not {normalise(label) for label in labels}.isdisjoint(map(normalise, wanted))
