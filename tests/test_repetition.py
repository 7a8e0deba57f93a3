"""What many articles share word for word is not quoted, and a title that many bear counts for nothing."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.index import manifest
from retrieval.index.evidence import gather
from retrieval.index.manifest import SEGMENTS
from retrieval.index.search.repetition import Repetition
from retrieval.index.segment.lines import line_digests
from retrieval.index.segment.reader import Segment
from retrieval.index.update import updates
from retrieval.questions.chinese import understand

FOLLOW = "本栏目由甲地晚报出品，每晚七点更新。"


def article(number: int, *sentences: str, title: str | None = None) -> Article:
    return Article(
        title=title or f"第{number}号车间投产",
        url=f"https://a.example/{number}",
        summary="".join(sentences),
        file="a.txt",
        record=number,
    )


def own(number: int) -> tuple[str, ...]:
    return tuple(f"第{number}号车间的{what}是{number}{what}。" for what in ("高度", "面积", "产量", "电费"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def best(folder: Path, tokeniser: Tokeniser, question: str) -> list[str]:
    retriever = Retriever(EmbeddedIndex(folder, tokeniser), tokeniser)
    return [passage.text for passage in retriever.ask(question).passages]


def test_a_sentence_that_many_articles_share_is_not_quoted(folder: Path, tokeniser: Tokeniser) -> None:
    articles = [article(number, *own(number), FOLLOW) for number in range(1, 8)]
    updates.update(folder, articles[:4], tokeniser)
    assert FOLLOW in best(folder, tokeniser, "甲地晚报每晚几点更新？")
    updates.update(folder, articles, tokeniser)
    assert FOLLOW not in best(folder, tokeniser, "甲地晚报每晚几点更新？")
    updates.change(folder, [], {one.id for one in articles[4:]}, tokeniser)
    assert FOLLOW in best(folder, tokeniser, "甲地晚报每晚几点更新？")
    updates.compact(folder, tokeniser)
    assert FOLLOW in best(folder, tokeniser, "甲地晚报每晚几点更新？")


def test_an_article_that_many_publish_is_quoted(folder: Path, tokeniser: Tokeniser) -> None:
    copies = [article(number, *own(1)) for number in range(1, 9)]
    updates.update(folder, copies, tokeniser)
    assert "第1号车间的高度是1高度。" in best(folder, tokeniser, "第1号车间的高度是多少？")


def test_a_title_that_many_articles_bear_counts_for_nothing(folder: Path, tokeniser: Tokeniser) -> None:
    titled = [article(number, *own(number), title="联播快讯") for number in range(1, 7)]
    updates.update(folder, [*titled, article(7, *own(7))], tokeniser)
    index = EmbeddedIndex(folder, tokeniser)
    evidence = gather(index, understand("联播快讯里第7号车间投产的电费是多少？", tokeniser), limit=10)
    named = {found.record.title: number for number, found in enumerate(evidence.articles)}
    for stream in evidence.streams.values():
        assert not stream.titles[named["联播快讯"]].any()
        assert stream.titles[named["第7号车间投产"]].any()


SESSION_TOKENISER: list[Tokeniser] = []
LINES = ("甲市晴。", "乙市雨。", "丙市雪。", "丁市雾。")


@pytest.fixture(autouse=True)
def _tokeniser(tokeniser: Tokeniser) -> None:
    """So that a property can use the tokeniser of the session: it is called many times a test."""
    SESSION_TOKENISER[:] = [tokeniser]


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.lists(st.sampled_from(LINES), max_size=3), min_size=1, max_size=4), max_size=4),
    st.sets(st.integers(0, 15)),
    st.integers(2, 6),
)
def test_lines_are_counted_over_all_segments_but_for_what_was_removed(
    changes: list[list[list[str]]], removed: set[int], least: int
) -> None:
    tokeniser = SESSION_TOKENISER[0]
    articles: list[Article] = []
    with TemporaryDirectory() as place, mock.patch.object(updates, "SMALL", 0):
        folder = Path(place)
        updates.update(folder, [article(0, "先有。")], tokeniser)
        for lines in changes:
            added = [article(len(articles) + number, *text) for number, text in enumerate(lines, 1)]
            updates.change(folder, added, (), tokeniser)
            articles += added
        gone = [one for number, one in enumerate(articles) if number in removed]
        updates.change(folder, [], {one.id for one in gone}, tokeniser)
        kept = Counter(line for one in articles if one not in gone for line in LINES if line in one.summary)
        held = manifest.load(folder, tokeniser.fingerprint).segments
        segments = [Segment(folder / SEGMENTS / entry.name, entry.removed) for entry in held]
        found = Repetition(segments).often(least).of(line_digests(LINES))
    assert found.tolist() == [kept[line] if kept[line] >= least else 1 for line in LINES]
