"""The commands about the store: export, purge, backup."""

import argparse
from typing import TYPE_CHECKING

from bot.commands.opening import DONE
from bot.settings import load

if TYPE_CHECKING:
    from bot.store import Store


def export(options: argparse.Namespace) -> int:
    """Print what is stored."""
    for line in _store().export(options.user):
        print(line)
    return DONE


def purge(options: argparse.Namespace) -> int:
    """Delete what is old, or a person's."""
    store = _store()
    days = load().retention if options.older_than is None else options.older_than
    if options.user is not None:
        deleted = store.people.forget(options.user)
    elif days == 0 and options.older_than is None:
        print("ZHIWEN_RETENTION keeps everything: give --older-than DAYS, or set it.")
        return DONE
    else:
        deleted = store.purge(days)
    print("deleted:", ", ".join(f"{count} {name}" for name, count in deleted.model_dump().items()))
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Copy the store to a file."""
    _store().backup(options.file)
    return DONE


def _store() -> "Store":
    from bot.store import Store  # noqa: PLC0415  SQLAlchemy takes longer to load than to answer

    return Store.of(load())
