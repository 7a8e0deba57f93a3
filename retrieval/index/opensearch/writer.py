"""The writer of an index on a cluster, as the protocol has it."""

import json
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from retrieval.index.manifest import SegmentEntry
from retrieval.index.opensearch import clearing, verification
from retrieval.index.opensearch.connection import WRITE_PATIENCE, WRITE_SECONDS, Connection
from retrieval.index.opensearch.draft import Draft, Target
from retrieval.index.opensearch.inventory import Inventory
from retrieval.index.opensearch.layout import FORMAT
from retrieval.index.opensearch.lease import Lease
from retrieval.index.opensearch.notes import Notes
from retrieval.index.opensearch.place import Cluster
from retrieval.index.opensearch.reader import ClusterIndex
from retrieval.index.opensearch.store import Store, Stored
from retrieval.index.protocol import ArticleIndex, Progress, Update, untold
from retrieval.index.update.builder import BATCH, Builder
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Article

GRACE_SECONDS: Final = 5.0
"""After a change, how long readers may go on reading what was before it."""
DRAFT: Final = "draft"
"""The note of the revision that is being written of the version in use."""
FRESH: Final = "fresh"
"""The note of the version that is being written."""
RETIRED: Final = "retired"
"""The note of the versions that were replaced, and when."""
LOOSE: Final = "loose"
"""The note of the version whose segments are as they were written."""


class ClusterWriter:
    """Makes and keeps an index on a cluster.

    Args:
        cluster: where it is.
        tokeniser: cuts what is indexed.
        grace: seconds after a change before what it superseded is cleared away.
        batch: characters of articles that are written before it is noted that they are there.
    """

    def __init__(
        self, cluster: Cluster, tokeniser: Tokeniser, *, grace: float = GRACE_SECONDS, batch: int = BATCH
    ) -> None:
        self._tokeniser = tokeniser
        self._grace = grace
        self._batch = batch
        self._reading = Connection(cluster)
        self._writing = Connection(cluster, WRITE_PATIENCE, WRITE_SECONDS)
        self._read = Store(self._reading, tokeniser.fingerprint)
        self._store = Store(self._writing, tokeniser.fingerprint)
        self._notes = Notes(self._reading)

    @property
    def is_there(self) -> bool:
        """Whether there is an index, in whatever state."""
        return self._read.is_there

    def open(self) -> ClusterIndex:
        """The index as it is now."""
        state = self._read.load().state
        return ClusterIndex(self._reading, state, self._read.tables(state))

    def is_latest(self, index: ArticleIndex) -> bool:
        """Whether nothing was changed since an index was opened."""
        state = self._read.load().state
        return isinstance(index, ClusterIndex) and index.is_of(state)

    def update(
        self,
        articles: Iterable[Article],
        progress: Progress = untold,
        *,
        rebuild: bool = False,
        workers: int = 1,
    ) -> Update:
        """Make the index hold exactly these articles; of those with the same content the first counts."""
        started = time.monotonic()
        with self._lease() as lease:
            base = self._base(rebuild=rebuild)
            before = self._store.in_use()
            draft = self._fresh(lease) if base is None else self._follow(lease, base, resume=True)
            inventory = Inventory(self._store, draft.state)
            new = (article for article in articles if inventory.is_new(article))
            total = len(articles) if isinstance(articles, Sequence) else 0
            count = self._analysed(draft, new, progress, total=total, workers=workers)
            dropped = inventory.dropped()
            after = base.state if base else draft.state
            if base is None or draft.resumed or count or dropped:
                draft.remove(dropped)
                after = draft.publish().state
            self._done(before, after.articles)
        return Update(
            added=count - inventory.moved,
            removed=inventory.missing,
            kept=inventory.kept + inventory.moved,
            sentences=after.totals.sentences,
            bytes=clearing.size(self._store, after),
            seconds=round(time.monotonic() - started, 3),
        )

    def change(self, added: Sequence[Article], removed: Collection[str]) -> None:
        """Put some articles in and take others out (by their ids), without a look at the rest."""
        with self._lease() as lease:
            base = self._store.load()
            there = clearing.documents_of(self._store, base.state, [*removed, *(one.id for one in added)])
            gone, new, known = {name: there[name] for name in removed if name in there}, [], set[str]()
            for article in added:
                held = there.get(article.id)
                if article.id in known or (held and article.id not in gone and held.is_at(article)):
                    continue
                known.add(article.id)
                new.append(article)
                if held:
                    gone[article.id] = held
            if not new and not gone:
                return
            draft = self._follow(lease, base, resume=False)
            self._analysed(draft, new, untold, total=len(new), workers=1)
            draft.remove([held.document for held in gone.values()])
            draft.publish()
            self._done(base.state.articles, base.state.articles)

    def settle(self) -> bool:
        """Clear away what no reader needs any more, where there is much; whether there was."""
        if not clearing.is_much(self._read.load().state):
            return False
        with self._lease() as lease:
            return clearing.clear(self._store, lease, clearing.KEPT, self._grace)

    def is_compact(self) -> bool:
        """Whether `compact` would leave the index as it is."""
        state = self._read.load().state
        return not (state.leavings or state.removed or self._retired() or self._note(LOOSE))

    def compact(self) -> None:
        """Clear away all that changes left behind; nothing is kept of what was removed."""
        if self.is_compact():
            return
        with self._lease() as lease:
            self._drop_retired()
            is_cleared = clearing.clear(self._store, lease, 0, self._grace)
            if self._note(LOOSE):
                clearing.join(self._store)
                self._notes.drop(LOOSE)
            elif is_cleared:
                clearing.expunge(self._store)

    def verify(self, *, touched_only: bool = False) -> None:
        """Compare what is on the cluster with its counts and digests.

        The cluster keeps checksums of its own: a look at the state is all that `touched_only` asks for.
        """
        state = self._read.load().state
        if not touched_only:
            verification.verify(self._store, state)

    def save_note(self, name: str, content: bytes) -> None:
        """Keep something beside the index, in place of what has this name."""
        self._notes.prepare()
        self._notes.save(f"own-{name}", content)

    def load_note(self, name: str) -> bytes | None:
        """What is kept under a name; None where there is nothing."""
        return self._notes.load(f"own-{name}")

    def _lease(self) -> Lease:
        self._notes.prepare()
        return Lease(self._reading)

    def _base(self, *, rebuild: bool) -> Stored | None:
        """What an update starts from; None for a new version."""
        return self._store.load() if not rebuild and self._store.is_there else None

    def _follow(self, lease: Lease, base: Stored, *, resume: bool) -> Draft:
        """A draft of the next revision of the version in use.

        Of one that a process left unfinished, what it finished is taken, or none of it ever counts.
        """
        articles, terms = base.state.articles, base.state.terms
        note = self._note(DRAFT)
        left = note["revision"] if note and note["articles"] == articles else 0
        if resume and left > base.state.revision:
            draft = Draft(self._store, lease, Target(left, articles, terms, base))
            draft.resume()
            return draft
        revision = lease.next_revision()
        abandoned = left if left > base.state.revision else None
        self._keep(DRAFT, {"revision": revision, "articles": articles, "terms": terms})
        return Draft(self._store, lease, Target(revision, articles, terms, base, abandoned))

    def _fresh(self, lease: Lease) -> Draft:
        """A draft of a new version, or of the one that a process left."""
        note = self._note(FRESH)
        made_by = {"format": FORMAT, "tokeniser": self._tokeniser.fingerprint}
        if note and note["made_by"] == made_by and note["articles"] in self._store.versions():
            draft = Draft(self._store, lease, Target(note["revision"], note["articles"], note["terms"], None))
            draft.resume()
            return draft
        in_use = {self._store.in_use(), *self._retired()}
        for version in self._store.versions():
            if version not in in_use:
                self._store.drop_version(version)
        articles, terms = self._store.new_version()
        revision = lease.next_revision()
        self._keep(FRESH, {"revision": revision, "articles": articles, "terms": terms, "made_by": made_by})
        return Draft(self._store, lease, Target(revision, articles, terms, None))

    def _done(self, before: str | None, after: str) -> None:
        """Nothing is being written any more; a version that was replaced goes when nobody can read it."""
        if before is not None and before != after:
            self._keep(RETIRED, self._retired() | {before: time.time()})
        if before != after:
            self._keep(LOOSE, after)
        for note in (DRAFT, FRESH):
            self._notes.drop(note)

    def _retired(self) -> dict[str, float]:
        """The versions that were replaced, and when."""
        return self._note(RETIRED) or {}

    def _drop_retired(self) -> None:
        for version, at in self._retired().items():
            time.sleep(min(max(0.0, at + self._grace - time.time()), self._grace))
            self._store.drop_version(version)
        self._notes.drop(RETIRED)

    def _note(self, name: str) -> Any:  # noqa: ANN401  JSON
        content = self._notes.load(name)
        return None if content is None else json.loads(content)

    def _keep(self, name: str, content: Mapping[str, Any] | str) -> None:
        self._notes.save(name, json.dumps(content).encode())

    def _analysed(
        self, draft: Draft, new: Iterable[Article], progress: Progress, *, total: int, workers: int
    ) -> int:
        """Analyse articles and write them; how many there were."""
        with tempfile.TemporaryDirectory(prefix="zhiwen-") as scratch:
            folder = Path(scratch)

            def finished(entry: SegmentEntry) -> None:
                draft.add(folder / entry.name)
                (folder / entry.name).unlink()

            with Builder(
                folder, self._tokeniser, progress, finished, workers=workers, batch=self._batch
            ) as builder:
                for article in new:
                    builder.add(article, total)
                builder.finish()
            return builder.count
