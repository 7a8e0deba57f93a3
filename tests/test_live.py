"""A retriever brought up to date while it answers: real files, a real indexing process."""

import threading
from pathlib import Path

import pytest
from test_arrivals import QUESTION, record

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever, ReloadError
from bot.settings import Settings
from retrieval.errors import CorpusError
from retrieval.models import Answer


class Watching:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.sizes: list[int] = []
        self.failures = 0
        self.reloads = 0

    def answered(self, answer: Answer) -> None:
        self.answers.append(answer)

    def indexed(self, articles: int) -> None:
        self.sizes.append(articles)

    def reloaded(self) -> None:
        self.reloads += 1

    def reload_failed(self) -> None:
        self.failures += 1

    def reached(self, *, is_reached: bool) -> None:
        raise AssertionError(f"no cluster is there to be reached: {is_reached}")


@pytest.fixture
def watching() -> Watching:
    return Watching()


@pytest.fixture
def live(indexed: Settings, watching: Watching) -> LiveRetriever:
    return LiveRetriever(CorpusInUse(indexed), watching)


def test_articles_come_change_and_go(live: LiveRetriever, settings: Settings, watching: Watching) -> None:
    before = live.article_count
    moon = settings.corpus / "moon.txt"
    assert not live.ask(QUESTION).answered
    for billions in (12, 34):
        moon.write_text(record(billions), encoding="utf-8")
        update, problems = live.reload()
        assert (update.added, problems.total) == (1, 0)
        assert f"{billions}亿元" in live.ask(QUESTION).passages[0].text
    moon.unlink()
    assert live.reload()[0].removed == 1
    assert not live.ask(QUESTION).answered
    assert watching.sizes == [before, before + 1, before + 1, before]
    assert watching.reloads == 3
    assert [answer.answered for answer in watching.answers] == [False, True, True, False]


def test_uploads_belong_to_the_corpus(live: LiveRetriever, settings: Settings) -> None:
    settings.uploads.mkdir()
    (settings.uploads / "moon.txt").write_text(record(56), encoding="utf-8")
    live.reload()
    assert "56亿元" in live.ask(QUESTION).passages[0].text


def test_a_broken_file_is_reported_and_costs_nothing_else(live: LiveRetriever, settings: Settings) -> None:
    before = live.article_count
    (settings.corpus / "broken.txt").write_bytes(b"\x00\xff\xfe nothing of a record")
    (settings.corpus / "moon.txt").write_text(record(78), encoding="utf-8")
    update, problems = live.reload()
    assert update.added == 1
    assert {problem.file for problem in problems.listed} == {"broken.txt"}
    assert live.article_count == before + 1


def test_a_reload_that_fails_leaves_what_was_there(
    live: LiveRetriever, settings: Settings, watching: Watching
) -> None:
    (settings.corpus / "moon.txt").write_text(record(90), encoding="utf-8")
    live.reload()
    settings.corpus.rename(settings.corpus.with_name("away"))
    with pytest.raises(ReloadError, match="before answers"):
        live.reload()
    assert "90亿元" in live.ask(QUESTION).passages[0].text
    assert watching.failures == 1


def test_what_was_answered_from_the_index_before_can_still_be_asked_about(
    live: LiveRetriever, settings: Settings
) -> None:
    moon = settings.corpus / "moon.txt"
    moon.write_text(record(12), encoding="utf-8")
    live.reload()
    answer = live.ask(QUESTION)
    moon.unlink()
    live.reload()
    assert live.context(answer.passages[0]) == ()
    assert live.explain(answer) is None
    assert live.passage(answer, answer.passages[0].article, 0) is None


def test_it_answers_all_the_while(live: LiveRetriever, settings: Settings) -> None:
    moon = settings.corpus / "moon.txt"
    moon.write_text(record(1), encoding="utf-8")
    live.reload()
    done = threading.Event()
    found: list[Answer] = []

    def ask() -> None:
        while not done.is_set():
            found.append(live.ask(QUESTION))

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for billions in (2, 3):
        moon.write_text(record(billions), encoding="utf-8")
        live.reload()
    done.set()
    for asker in askers:
        asker.join()
    assert found
    assert all(answer.answered for answer in found)


@pytest.mark.parametrize("damaged", ["manifest.json", "segments/*"])
def test_a_damaged_index_is_made_anew(
    live: LiveRetriever, settings: Settings, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    corpus = CorpusInUse(settings)
    next(corpus.folder.glob(damaged)).write_bytes(b"damaged")
    again = LiveRetriever(corpus)
    assert "made anew" in caplog.text
    assert again.article_count == live.article_count
    next(corpus.folder.glob(damaged)).write_bytes(b"damaged")
    live.reload()
    assert live.article_count == again.article_count


def test_it_starts_from_the_index_as_it_is(live: LiveRetriever, settings: Settings) -> None:
    assert live.is_current()
    (settings.corpus / "moon.txt").write_text(record(12), encoding="utf-8")
    settings.corpus.rename(settings.corpus.with_name("away"))
    again = LiveRetriever(CorpusInUse(settings))
    assert again.article_count == live.article_count
    assert not again.is_current()


def test_with_neither_records_nor_index_there_is_no_start(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "missing", data=tmp_path / "data")
    with pytest.raises(CorpusError, match="does not exist"):
        LiveRetriever(CorpusInUse(settings))
