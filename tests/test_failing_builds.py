"""A build that fails leaves nothing behind that could come into the next index."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from retrieval import Article, EmbeddedIndex, Tokeniser
from retrieval.errors import CorpusError, IndexingError
from retrieval.index import manifest
from retrieval.index.manifest import SegmentEntry
from retrieval.index.update import builder, updates, verification


def articles(subject: str, count: int = 3) -> list[Article]:
    return [
        Article(
            title=f"{subject}{number}",
            url=None,
            summary=f"{subject}有{number}家企业。",
            file="a.txt",
            record=number,
        )
        for number in range(count)
    ]


def test_the_processes_of_a_failed_build_end_before_another_may_write(
    tokeniser: Tokeniser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "BATCH", 1)

    def failing() -> Iterator[Article]:
        yield from articles("月城", 6)
        raise CorpusError("the folder went away")

    with pytest.raises(CorpusError):
        updates.update(tmp_path, failing(), tokeniser, workers=2)
    assert not multiprocessing.active_children()
    updates.update(tmp_path, articles("星城"), tokeniser)
    verification.verify(tmp_path, tokeniser)
    found = EmbeddedIndex(tmp_path, tokeniser).sample(10)
    assert {article.record.title[:2] for article in found} == {"星城"}


def test_no_two_segments_ever_have_one_name(
    tokeniser: Tokeniser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    build = builder.build

    def recorded(
        path: Path, batch: Sequence[Article], cutter: Tokeniser, analysed: Callable[[int], None]
    ) -> SegmentEntry:
        names.append(path.name)
        if len(names) % 2:
            raise OSError("the disk is full")
        return build(path, batch, cutter, analysed)

    monkeypatch.setattr(builder, "build", recorded)
    for subject in ("月城", "星城", "云城"):
        with pytest.raises(IndexingError, match="full"):
            updates.update(tmp_path, articles(subject), tokeniser)
        updates.update(tmp_path, articles(subject), tokeniser)
    current = manifest.load(tmp_path, tokeniser.fingerprint)
    assert len(set(names)) == len(names)
    assert [entry.name for entry in current.segments] == names[-1:]
