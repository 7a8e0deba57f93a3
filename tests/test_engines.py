"""What an engine owes to those above it: the contract of `retrieval.index.protocol`, run over each."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from retrieval import Article, Retriever, Tokeniser
from retrieval.errors import IndexUnusableError
from retrieval.index.opensearch.place import Cluster
from retrieval.index.protocol import ArticleIndex, IndexWriter
from retrieval.index.query import Query
from retrieval.index.update.writer import EmbeddedWriter
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import bigrams, characters
from retrieval.models import AnswerKind, Facet, FacetLabel, Filters, Period, Selection, Stream
from retrieval.questions.chinese import understand


def _embedded(request: pytest.FixtureRequest, tokeniser: Tokeniser) -> IndexWriter:
    folder: Path = request.getfixturevalue("tmp_path")
    return EmbeddedWriter(folder / "index", tokeniser)


def _opensearch(request: pytest.FixtureRequest, tokeniser: Tokeniser) -> IndexWriter:
    from retrieval.index.opensearch.writer import ClusterWriter  # noqa: PLC0415  needs an extra

    cluster: Cluster = request.getfixturevalue("cluster")
    return ClusterWriter(cluster, tokeniser, grace=0.0)


ENGINES: Mapping[str, Callable[[pytest.FixtureRequest, Tokeniser], IndexWriter]] = {
    "embedded": _embedded,
    "opensearch": _opensearch,
}
"""Makes an engine's writer, over an index that is not there yet."""


def article(number: int, summary: str = "", industries: tuple[str, ...] = ("制造",)) -> Article:
    return Article(
        title=f"星港第{number}号码头",
        url=f"https://example.org/{number}",
        summary=summary
        or f"星港第{number}号码头在{1900 + number}年建成。码头有吊车{number + 2}台，由林远负责。",
        industries=industries,
        published=date(2025, 1, 1 + number % 20) if number % 7 else None,
        file=f"{number}.txt",
        record=1,
    )


@pytest.fixture(params=ENGINES)
def writer(request: pytest.FixtureRequest, tokeniser: Tokeniser) -> IndexWriter:
    return ENGINES[request.param](request, tokeniser)


@pytest.fixture
def corpus() -> list[Article]:
    return [article(number) for number in range(1, 26)]


def ids(found: list[Article]) -> set[str]:
    return {one.id for one in found}


def listed(index: ArticleIndex, selection: Selection, limit: int) -> list[Article]:
    """All articles of a selection, a page at a time."""
    page = index.select(selection, limit)
    found = list(page.articles)
    while page.following is not None:
        page = index.select(selection, limit, page.following)
        found += page.articles
    assert len(found) == page.total
    return [stored.record for stored in found]


def test_there_is_nothing_before_something_is_written(writer: IndexWriter) -> None:
    assert not writer.is_there
    assert writer.load_note("calibration") is None
    with pytest.raises(IndexUnusableError, match="zhiwen index"):
        writer.open()


def test_an_empty_corpus_is_an_index(writer: IndexWriter, tokeniser: Tokeniser) -> None:
    writer.update([])
    index = writer.open()
    assert writer.is_there
    assert (index.article_count, index.sentence_count, index.newest) == (0, 0, None)
    assert not index.search(Query.of(understand("码头", tokeniser)), 5).articles
    assert index.select(Selection(), 5).articles == []
    assert not index.sample(5)


def test_what_is_written_is_there(writer: IndexWriter, corpus: list[Article]) -> None:
    update = writer.update(corpus)
    index = writer.open()
    assert (update.added, update.kept, update.sentences) == (25, 0, index.sentence_count)
    assert index.article_count == 25
    assert index.sentence_count == 50
    assert index.newest == date(2025, 1, 20)
    assert index.labels(Facet.INDUSTRY) == {"制造": 25}
    for one in corpus:
        stored = index.find(one.id)
        assert stored is not None
        assert stored.record == one
        assert stored.id == one.id
        texts = [stored.text(number) for number in range(len(stored.sentences))]
        assert "".join(texts) == one.summary
        assert any(mention.kind is AnswerKind.DATE for mention in stored.mentions(0))
        assert f"{1900 + int(one.file[:-4])}年" in stored.figures(0, AnswerKind.DATE)
    assert index.find("0" * 16) is None


def test_candidates_hold_the_tokens_of_what_they_say(
    writer: IndexWriter, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer.update(corpus)
    index = writer.open()
    query = Query.of(understand("第3号码头有多少台吊车？", tokeniser))
    found = index.search(query, 7)
    assert len(found.articles) == 7
    assert article(3).id in {stored.id for stored in found.articles}
    rows = [
        normalise(stored.text(number)) for stored in found.articles for number in range(len(stored.sentences))
    ]
    assert int(found.first[-1]) == len(rows) == len(found.quotable) == len(found.holds)
    assert found.sentences == index.sentence_count
    cut = {Stream.WORD: tokeniser.words, Stream.CHARACTER: characters, Stream.BIGRAM: bigrams}
    counted = index.frequencies(query.tokens)
    for stream in Stream:
        stored, of_all = found.tokens[stream], found.statistics[stream]
        known = {token: code for code, token in enumerate(query.tokens[stream], 1)}
        texts = [cut[stream](row) for row in rows]
        assert stored.lengths.tolist() == [len(tokens) for tokens in texts]
        assert list(counted[stream]) == of_all.frequencies.tolist()
        assert int(stored.title_sizes.sum()) == len(stored.title_codes)
        assert int(stored.sizes.sum()) == len(stored.codes)
        if stream is not Stream.BIGRAM:
            assert stored.codes.tolist() == [known.get(token, 0) for tokens in texts for token in tokens]
    assert len(found.is_pair) == len(found.tokens[Stream.CHARACTER].codes)


def test_filters_and_exclusions_hold(
    writer: IndexWriter, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    other = article(30, industries=("航运",))
    writer.update([*corpus, other])
    index, query = writer.open(), Query.of(understand("码头", tokeniser))
    only = index.search(query, 5, filters=Filters(industries=("航运",)))
    assert [stored.id for stored in only.articles] == [other.id]
    rest = index.search(query, 50, {other.id})
    assert {stored.id for stored in rest.articles} == ids(corpus)
    late = index.search(query, 50, filters=Filters(since=date(2025, 1, 15)))
    assert {stored.record.published for stored in late.articles} == {
        one.published for one in [*corpus, other] if one.published and one.published >= date(2025, 1, 15)
    }


def test_a_listing_goes_on_where_it_stopped(writer: IndexWriter, corpus: list[Article]) -> None:
    other = article(30, industries=("航运",))
    writer.update([*corpus, other])
    index = writer.open()
    everything = listed(index, Selection(), 100)
    days = [one.published or date.min for one in everything]
    assert days == sorted(days, reverse=True)
    for limit in (1, 4, 25):
        assert listed(index, Selection(), limit) == everything
    label = FacetLabel(Facet.INDUSTRY, "航运")
    assert listed(index, Selection(label=label), 2) == [other]
    period = Selection(period=Period(since=date(2025, 1, 15), until=date(2025, 1, 16)))
    assert listed(index, period, 2) == [one for one in everything if str(one.published)[-2:] in {"15", "16"}]


def test_a_cursor_outlives_a_change(writer: IndexWriter, corpus: list[Article]) -> None:
    writer.update(corpus)
    page = writer.open().select(Selection(), 10)
    shown = [stored.record for stored in page.articles]
    writer.change([], {shown[0].id})
    rest = writer.open().select(Selection(), 100, page.following)
    assert ids([stored.record for stored in rest.articles]) == ids(corpus) - ids(shown)


def test_a_sample_is_the_same_for_the_same_articles(writer: IndexWriter, corpus: list[Article]) -> None:
    writer.update(corpus[:9])
    writer.change(corpus[9:], ())
    found = [stored.id for stored in writer.open().sample(8)]
    assert 0 < len(set(found)) == len(found) <= 8
    writer.update(corpus[::-1], rebuild=True)
    assert [stored.id for stored in writer.open().sample(8)] == found
    assert {stored.id for stored in writer.open().sample(99)} == ids(corpus)


def test_changes_leave_what_writing_anew_gives(
    writer: IndexWriter, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    asked = ["第3号码头有多少台吊车？", "谁负责第12号码头？", "第9号码头哪年建成？"]
    writer.update(corpus[:20])
    opened = writer.open()
    writer.change([*corpus[20:], article(40)], {corpus[0].id})
    assert opened.article_count == 20
    assert opened.find(corpus[0].id) is not None
    changed = passages(writer, tokeniser, asked)
    while writer.settle():
        assert passages(writer, tokeniser, asked) == changed
    writer.compact()
    assert writer.is_compact()
    writer.verify()
    assert passages(writer, tokeniser, asked) == changed
    writer.update([*corpus[1:], article(40)], rebuild=True)
    assert passages(writer, tokeniser, asked) == changed


def passages(writer: IndexWriter, tokeniser: Tokeniser, asked: list[str]) -> list[list[tuple[str, float]]]:
    """What is answered, with the scores."""
    retriever = Retriever(writer.open(), tokeniser)
    answers = [retriever.ask(question, suggest=False) for question in asked]
    return [[(one.text, one.score) for one in answer.passages] for answer in answers]


def test_an_update_keeps_what_is_there(writer: IndexWriter, corpus: list[Article]) -> None:
    writer.update(corpus)
    digest = writer.open().digest
    again = writer.update(corpus)
    assert (again.added, again.removed, again.kept) == (0, 0, 25)
    assert writer.open().digest == digest
    less = writer.update(corpus[:-1])
    assert (less.added, less.removed, less.kept) == (0, 1, 24)
    assert writer.open().digest != digest


def test_what_others_write_is_noticed(writer: IndexWriter, corpus: list[Article]) -> None:
    writer.update(corpus[:9])
    opened = writer.open()
    assert writer.is_latest(opened)
    writer.change([corpus[9]], ())
    assert not writer.is_latest(opened)
    assert writer.is_latest(writer.open())
    writer.change([], {corpus[9].id})
    assert writer.open().article_count == opened.article_count == 9


@pytest.mark.parametrize("size", [0, 1, 9_000_000])
def test_notes_are_kept_and_replaced(writer: IndexWriter, corpus: list[Article], size: int) -> None:
    writer.save_note("state", b"one" * size)
    writer.update(corpus)
    writer.save_note("state", b"\0two" * (size // 2))
    assert writer.load_note("state") == b"\0two" * (size // 2)
    assert writer.load_note("other") is None


def test_equal_scores_are_ordered_the_same_way_whatever_came_first(
    writer: IndexWriter, tokeniser: Tokeniser
) -> None:
    alike = [article(number, "码头的吊车停了。") for number in range(1, 13)]
    query = Query.of(understand("吊车", tokeniser))
    found = []
    for order in (alike, alike[::-1]):
        writer.update(order, rebuild=True)
        best = writer.open().search(query, 5)
        found.append(sorted(zip(best.order.tolist(), (one.id for one in best.articles), strict=True)))
    assert found[0] == found[1]
    assert np.all(np.diff([number for number, _ in found[0]]) > 0)
