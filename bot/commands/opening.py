"""What most commands begin with: the corpus that is asked, a retriever over it."""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import click

from bot.commands.command_line import words
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.settings import load
from retrieval.language.normalise import normalise
from retrieval.models import Facet, Filters

NEAR: Final = 5
"""Labels that are named in place of one that does not exist."""


def opened(corpus: Path | None) -> CorpusInUse:
    """The corpus in a folder, by default in the one that the settings name.

    Raises:
        SettingsError: some settings cannot be used.
    """
    settings = load()
    return CorpusInUse(settings.model_copy(update={"corpus": corpus}) if corpus else settings)


def refreshed(corpus: CorpusInUse) -> LiveRetriever:
    """A retriever over the corpus as its files are now.

    Raises:
        CorpusError: the folder of records cannot be read.
        IndexingError: there is no index, and none can be written.
    """
    live = LiveRetriever(corpus)
    live.refresh()
    return live


def tell_unknown_labels(retriever: LiveRetriever, filters: Filters) -> None:
    """Say which labels of the filters no article has, and what there is that looks like them."""
    wanted = {Facet.INDUSTRY: filters.industries, Facet.TECHNOLOGY: filters.technologies}
    for facet, labels in wanted.items():
        known = {normalise(label).strip(): label for label in retriever.labels(facet)} if labels else {}
        for label in labels:
            if normalise(label).strip() not in known:
                _tell_unknown(facet, label, known)


def _tell_unknown(facet: Facet, label: str, known: Mapping[str, str]) -> None:
    option = f"--{facet}"
    line = words()("words.no_label", option=option, label=label)
    if alike := near(normalise(label).strip(), known):
        line += words()("words.near_labels", labels=", ".join(known[name] for name in alike))
    click.echo(f"zhiwen: {line}", err=True)


def near(label: str, known: Collection[str]) -> list[str]:
    """Those of the known labels that look like one."""
    within = [name for name in known if label and (label in name or name in label)]
    return list(dict.fromkeys([*within, *difflib.get_close_matches(label, known, NEAR, cutoff=0.4)]))[:NEAR]
