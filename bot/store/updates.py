"""Updates that are done with while an earlier one is not: Telegram gives them once more after a restart."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from bot.store.database import Database
from bot.store.tables import FINISHED_UPDATES


class Updates:
    """Their numbers, as the last process left them.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def finished(self) -> frozenset[int]:
        """The numbers that were left."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(FINISHED_UPDATES.c.update)))

    def leave(self, numbers: Collection[int]) -> None:
        """Leave these numbers, and no others."""
        with self._database.writing() as connection:
            connection.execute(delete(FINISHED_UPDATES))
            if numbers:
                connection.execute(insert(FINISHED_UPDATES), [{"update": number} for number in numbers])
