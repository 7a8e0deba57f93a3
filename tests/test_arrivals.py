"""Files that come, change and go are taken in alone: real files, and no look at the others."""

import shutil
from pathlib import Path
from unittest import mock

import pytest

from bot.corpus.fingerprints import Look, Looks
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever, ReloadError
from bot.settings import Settings
from retrieval import EmbeddedIndex, Retriever
from retrieval.corpus import reading
from retrieval.index.update import merge_policy, updates
from retrieval.models import Answer

QUESTION = "月球港口一期工程耗资多少亿元？"


def record(billions: int, link: str = "moon") -> str:
    return (
        f"标题: 月球港口开工\n链接: https://example.org/{link}\n"
        f"总结: 月球港口一期工程昨日开工。据介绍，月球港口一期工程耗资{billions}亿元，工期三年。\n"
    )


@pytest.fixture
def corpus(indexed: Settings) -> CorpusInUse:
    return CorpusInUse(indexed)


@pytest.fixture
def live(corpus: CorpusInUse) -> LiveRetriever:
    live = LiveRetriever(corpus)
    assert live.is_current()
    return live


def read_files(live: LiveRetriever, *paths: Path) -> list[str]:
    """Take in some paths; the names of the files that were read for it."""
    read = reading.read_file
    with mock.patch.object(reading, "read_file", wraps=read) as read_file:
        live.index_changed(paths)
    return [call.args[1] for call in read_file.call_args_list]


def first(live: LiveRetriever) -> str:
    answer: Answer = live.ask(QUESTION)
    return answer.passages[0].text if answer.passages else ""


def cited(live: LiveRetriever) -> str:
    """The file of the article that answers."""
    article = live.article(live.ask(QUESTION).passages[0].article)
    return article.file if article else ""


def test_a_file_that_comes_changes_and_goes_is_all_that_is_read(
    live: LiveRetriever, settings: Settings
) -> None:
    before = live.article_count
    moon = settings.corpus / "new" / "moon.txt"
    moon.parent.mkdir()
    for billions in (12, 34):
        moon.write_text(record(billions), encoding="utf-8")
        assert read_files(live, moon) == ["new/moon.txt"]
        assert f"{billions}亿元" in first(live)
        assert live.article_count == before + 1
        assert live.is_current()
    shutil.rmtree(moon.parent)
    assert read_files(live, moon.parent) == []
    assert live.article_count == before
    assert "亿元，工期三年" not in first(live)
    assert live.is_current()


def test_another_process_finds_what_was_taken_in(live: LiveRetriever, settings: Settings) -> None:
    (settings.corpus / "moon.txt").write_text(record(12), encoding="utf-8")
    live.index_changed([settings.corpus / "moon.txt"])
    another = CorpusInUse(settings)
    assert another.is_current()
    assert "12亿元" in another.open().ask(QUESTION).passages[0].text


@pytest.mark.parametrize("small", [0, merge_policy.SMALL])
def test_it_is_the_index_that_reading_everything_gives(
    live: LiveRetriever, settings: Settings, corpus: CorpusInUse, tmp_path: Path, small: int
) -> None:
    with mock.patch.object(updates, "SMALL", small):
        for number in range(12):
            path = settings.corpus / f"{number}.txt"
            path.write_text(record(number, link=f"moon{number}"), encoding="utf-8")
            live.index_changed([path])
        (settings.corpus / "3.txt").unlink()
        live.index_changed([settings.corpus / "3.txt"])
    taken = live.ask(QUESTION).passages
    updates.update(tmp_path / "anew", reading.read([settings.corpus]).articles, corpus.tokeniser)
    anew = Retriever(EmbeddedIndex(tmp_path / "anew", corpus.tokeniser), corpus.tokeniser)
    assert taken == anew.ask(QUESTION).passages
    assert live.is_compact() == (small > 0)
    live.compact()
    assert live.is_compact()
    assert live.ask(QUESTION).passages == taken


def test_of_two_records_that_are_the_same_the_first_counts_whichever_comes_and_goes(
    live: LiveRetriever, settings: Settings
) -> None:
    one, other = settings.corpus / "a.txt", settings.corpus / "b.txt"
    other.write_text(record(2), encoding="utf-8")
    live.index_changed([other])
    one.write_text(record(2), encoding="utf-8")
    live.index_changed([one])
    assert cited(live) == "a.txt"
    one.unlink()
    live.index_changed([one])
    assert cited(live) == "b.txt"
    assert live.is_current()


def test_what_changed_without_a_word_is_not_lost(live: LiveRetriever, settings: Settings) -> None:
    moon, mars = settings.corpus / "moon.txt", settings.corpus / "mars.txt"
    mars.write_text(record(5, link="mars"), encoding="utf-8")
    moon.write_text(record(6), encoding="utf-8")
    live.index_changed([moon])
    assert not live.is_current()
    live.reload()
    assert live.is_current()
    assert live.article_count == len(reading.read([settings.corpus]).articles)


def test_a_damaged_index_is_made_anew_by_the_next_file(live: LiveRetriever, settings: Settings) -> None:
    moon = settings.corpus / "moon.txt"
    moon.write_text(record(8), encoding="utf-8")
    (CorpusInUse(settings).folder / "manifest.json").write_bytes(b"damaged")
    live.index_changed([moon])
    assert "8亿元" in first(live)


def test_a_folder_gone_missing_takes_nothing_out(live: LiveRetriever, settings: Settings) -> None:
    before = live.article_count
    settings.corpus.rename(settings.corpus.with_name("away"))
    with pytest.raises(ReloadError):
        live.index_changed([settings.corpus / "000.txt"])
    assert live.article_count == before


def test_many_files_are_left_to_a_process_of_its_own(live: LiveRetriever, settings: Settings) -> None:
    paths = [settings.corpus / f"{number}.txt" for number in range(60)]
    for number, path in enumerate(paths):
        path.write_text(record(number, link=f"moon{number}"), encoding="utf-8")
    assert read_files(live, *paths) == []
    assert live.article_count == len(reading.read([settings.corpus]).articles)
    assert live.is_current()


def test_a_link_among_the_files_is_followed_by_reading_everything(
    live: LiveRetriever, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "moon.txt").write_text(record(7), encoding="utf-8")
    (settings.corpus / "link.txt").symlink_to(tmp_path / "moon.txt")
    assert read_files(live, settings.corpus / "link.txt") == []
    assert "7亿元" in first(live)


def test_looks_exchanged_are_those_of_a_new_look(tmp_path: Path) -> None:
    def look() -> Looks:
        return Looks((path, Look.of(path, path.name)) for path in tmp_path.iterdir())

    for name in "abc":
        (tmp_path / name).write_text(name)
    looks = look()
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_text("longer")
    looks.exchange({str(tmp_path / "a"): None, str(tmp_path / "b"): Look.of(tmp_path / "b", "b")})
    assert (looks.files, looks.digest) == (look().files, look().digest)
