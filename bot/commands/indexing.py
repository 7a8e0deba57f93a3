"""The commands about the corpus: index, check."""

import argparse

from bot.commands import printing
from bot.commands.opening import BAD, DONE, corpus_of
from retrieval.corpus import reading


def index(options: argparse.Namespace) -> int:
    """Bring the index up to date, or verify it."""
    corpus = corpus_of(options)
    if options.verify:
        corpus.verify()
        print(f"The index in {corpus.folder} is whole.")
        return DONE
    update, problems = corpus.update(rebuild=options.rebuild)
    show = printing.update_json if options.json else printing.update_text
    print(show(update, problems))
    return DONE


def check(options: argparse.Namespace) -> int:
    """Report what is wrong with record files."""
    paths = options.paths or [corpus_of(options).settings.corpus]
    corpus = reading.read(paths)
    if options.json:
        print(printing.check_json(corpus))
    else:
        printing.print_check(corpus)
    return BAD if printing.has_errors(corpus.problems) else DONE
