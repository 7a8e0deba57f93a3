"""Filters: only articles that they let through are found, and of those the same as without them."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import warm
from hypothesis import given, settings
from hypothesis import strategies as st
from sample import OFFLINE, Library, labels_of

from bot.commands.cli import main
from bot.conversation.conversation import Conversation
from bot.conversation.replies import State
from retrieval import Article, EmbeddedIndex, Filters, Retriever, Tokeniser
from retrieval.index.update import updates
from retrieval.models import Facet, FacetLabel

INDUSTRIES, TECHNOLOGIES = ("金融", "制造", "Health", "health"), ("大模型", "芯片", "制造")
NAMES = st.lists(st.sampled_from(INDUSTRIES), max_size=2, unique=True).map(tuple)
OTHER_NAMES = st.lists(st.sampled_from(TECHNOLOGIES), max_size=2, unique=True).map(tuple)
DATES = st.none() | st.dates(dt.date(2022, 12, 30), dt.date(2023, 1, 3))
CORPORA = st.lists(st.tuples(NAMES, OTHER_NAMES, DATES), max_size=7)

SESSION_TOKENISER: list[Tokeniser] = []


@pytest.fixture(autouse=True)
def _keep_tokeniser(tokeniser: Tokeniser) -> None:
    # hypothesis asks for fixtures once an example; the tokeniser is the same for all.
    SESSION_TOKENISER[:] = [tokeniser]


def articles_of(corpus: list[tuple[tuple[str, ...], tuple[str, ...], dt.date | None]]) -> list[Article]:
    return [
        Article(
            title="企业",
            url=None,
            summary=f"第{number}家企业增长。",
            industries=industries,
            technologies=technologies,
            published=published,
            file=f"{number}.txt",
            record=1,
        )
        for number, (industries, technologies, published) in enumerate(corpus)
    ]


def passes(article: Article, filters: Filters) -> bool:
    industries = {name.casefold() for name in article.industries}
    return (
        (not filters.industries or any(name.casefold() in industries for name in filters.industries))
        and (not filters.technologies or bool({*filters.technologies} & {*article.technologies}))
        and (not filters.since or (article.published is not None and article.published >= filters.since))
    )


@settings(max_examples=30)
@given(
    CORPORA, st.builds(Filters, industries=NAMES, technologies=OTHER_NAMES, since=DATES), st.integers(0, 7)
)
def test_filters_let_through_what_meets_every_condition(
    corpus: list[tuple[tuple[str, ...], tuple[str, ...], dt.date | None]], filters: Filters, cut: int
) -> None:
    tokeniser = SESSION_TOKENISER[0]
    articles = articles_of(corpus)
    with TemporaryDirectory() as place:
        updates.update(Path(place), articles[:cut], tokeniser)
        updates.update(Path(place), articles, tokeniser)
        retriever = Retriever(EmbeddedIndex(Path(place), tokeniser), tokeniser)
        everything = retriever.ask("增长的企业", limit=20).passages
        found = retriever.ask("增长的企业", limit=20, filters=filters).passages
    wanted = {article.id for article in articles if passes(article, filters)}
    assert len(everything) == len(articles)
    assert [p.text for p in found] == [p.text for p in everything if p.article in wanted]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(CORPORA, st.booleans()), max_size=4),
    st.sampled_from(Facet),
    st.integers(0, 3),
    st.data(),
)
def test_labels_are_those_of_all_articles_whatever_came_and_went(
    corpora: list[tuple[list[tuple[tuple[str, ...], tuple[str, ...], dt.date | None]], bool]],
    facet: Facet,
    start: int,
    data: st.DataObject,
) -> None:
    tokeniser = SESSION_TOKENISER[0]
    articles = articles_of([])
    with TemporaryDirectory() as place:
        updates.update(Path(place), articles, tokeniser)
        for corpus, is_compacted in corpora:
            before, articles = articles, articles_of(corpus)
            removed = {article.id for article in before} - {article.id for article in articles}
            updates.change(Path(place), articles, removed, tokeniser)
            if is_compacted:
                updates.compact(Path(place), tokeniser)
        index = EmbeddedIndex(Path(place), tokeniser)
        retriever, labels = Retriever(index, tokeniser), index.labels(facet)
        everything = retriever.articles()
        assert {article.id for article in everything} == {article.id for article in articles}
        assert labels == Counter(label for article in everything for label in labels_of(article, facet))
        label = data.draw(st.sampled_from([*labels, "1066"]))
        bearing = [article for article in everything if label in labels_of(article, facet)]
        assert list(retriever.articles(2, start=start, label=FacetLabel(facet, label))) == bearing[start:][:2]
        assert retriever.articles(2, start=start) == everything[start:][:2]


def test_names_are_compared_in_either_script_and_any_case(tokeniser: Tokeniser, tmp_path: Path) -> None:
    articles = articles_of([(("金融", "Health", "health"), ("大模型",), None)])
    updates.update(tmp_path, articles, tokeniser)
    retriever = Retriever(EmbeddedIndex(tmp_path, tokeniser), tokeniser)
    for filters in (Filters(industries=("ｈｅａｌｔｈ",)), Filters(technologies=("制造", " 大模型 "))):
        assert bool(retriever.ask("企业增长", filters=filters).passages) == passes(
            articles[0], Filters(industries=("Health",), technologies=filters.technologies and ("大模型",))
        )
    assert not retriever.ask("企业增长", filters=Filters(industries=("大模型",))).passages


def test_a_conversation_keeps_its_filters() -> None:
    filters = Filters(industries=("金融",))
    library = Library(OFFLINE)
    conversation = Conversation(library, State(filters=filters))
    conversation.ask("广东人工智能相关企业数量是多少？")
    conversation.ask("人工智能相关企业")
    conversation.why(1)
    assert library.filters == [filters, filters, filters]


def test_ask_takes_filters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIWEN_DATA", str(warm.indexed(tmp_path)))
    asked = ["ask", "--json", "上海规模以上AI企业有多少家？"]
    counts = []
    for options in ([], ["--industry", "医疗"], ["--industry", "渔业"], ["--since", "2024-01-01"]):
        main([*asked, *options])
        counts.append(len(json.loads(capsys.readouterr().out)["passages"]))
    assert counts[0] == counts[1] > 0
    assert counts[2:] == [0, 0]
