"""What commands share: exit statuses, the corpus opened and refreshed."""

import argparse

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.settings import Settings, load

DONE, BAD, WRONG_USAGE = 0, 1, 2
"""Exit statuses: done; the thing asked about is bad; wrong usage or settings."""


def corpus_of(options: argparse.Namespace) -> CorpusInUse:
    """The corpus of the settings, or of the folder that the command names."""
    settings: Settings = load()
    return CorpusInUse(settings.model_copy(update={"corpus": options.corpus}) if options.corpus else settings)


def refreshed(corpus: CorpusInUse) -> LiveRetriever:
    """A retriever over the corpus as its files are now."""
    live = LiveRetriever(corpus)
    live.refresh()
    return live
