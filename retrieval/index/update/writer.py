"""The writer of an embedded index: an index in a folder, as the protocol has it."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from retrieval.errors import IndexingError
from retrieval.index import manifest
from retrieval.index.embedded import EmbeddedIndex
from retrieval.index.protocol import ArticleIndex, Progress, Update, untold
from retrieval.index.update import verification
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Article


class EmbeddedWriter:
    """Makes and keeps an index in a folder; what changes it is loaded when it first does.

    Args:
        folder: of the index; made when something is written.
        tokeniser: cuts what is indexed.
    """

    def __init__(self, folder: Path, tokeniser: Tokeniser) -> None:
        self._folder = folder
        self._tokeniser = tokeniser

    @property
    def is_there(self) -> bool:
        """Whether there is an index, in whatever state."""
        return (self._folder / manifest.FILE).exists()

    def open(self) -> EmbeddedIndex:
        """The index as it is now."""
        return EmbeddedIndex(self._folder, self._tokeniser)

    def is_latest(self, index: ArticleIndex) -> bool:
        """Whether nothing was changed since an index was opened."""
        return manifest.digest(manifest.load(self._folder, self._tokeniser.fingerprint)) == index.digest

    def update(
        self,
        articles: Iterable[Article],
        progress: Progress = untold,
        *,
        rebuild: bool = False,
        workers: int = 1,
    ) -> Update:
        """Make the index hold exactly these articles; of those with the same content the first counts."""
        from retrieval.index.update import updates  # noqa: PLC0415  see above

        return updates.update(
            self._folder, articles, self._tokeniser, progress, rebuild=rebuild, workers=workers
        )

    def change(self, added: Sequence[Article], removed: Collection[str]) -> None:
        """Put some articles in and take others out (by their ids), without a look at the rest."""
        from retrieval.index.update import updates  # noqa: PLC0415  see above

        updates.change(self._folder, added, removed, self._tokeniser)

    def settle(self) -> bool:
        """Join small segments where there are too many; whether there were."""
        from retrieval.index.update import updates  # noqa: PLC0415  see above

        return updates.settle(self._folder, self._tokeniser)

    def is_compact(self) -> bool:
        """Whether `compact` would leave the index as it is."""
        from retrieval.index.update import updates  # noqa: PLC0415  see above

        return updates.is_compact(self._folder, self._tokeniser)

    def compact(self) -> None:
        """Join segments until there are few; nothing is left on disk of what was removed."""
        from retrieval.index.update import updates  # noqa: PLC0415  see above

        updates.compact(self._folder, self._tokeniser)

    def verify(self, *, touched_only: bool = False) -> None:
        """Compare the segments with the digests in the manifest."""
        verification.verify(self._folder, self._tokeniser, touched_only=touched_only)

    def save_note(self, name: str, content: bytes) -> None:
        """Keep a file beside the index, in the place of the one before it."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            manifest.replace(content, self._folder, name)
        except OSError as error:
            raise IndexingError(manifest.unwritable(self._folder, error)) from error

    def load_note(self, name: str) -> bytes | None:
        """What is kept in a file; None where there is none, or it cannot be read."""
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None
