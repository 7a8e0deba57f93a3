"""What of an article a cluster carries, without a cluster: nothing is lost, and counts add up."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, Tokeniser
from retrieval.index.embedded import EmbeddedIndex
from retrieval.index.opensearch import blob, documents, term_counts
from retrieval.index.opensearch.article import ClusterArticle
from retrieval.index.opensearch.names import term_name
from retrieval.index.opensearch.packing import PackedArrays, numbered, pack
from retrieval.index.opensearch.term_counts import TermCounts
from retrieval.index.segment.reader import Segment
from retrieval.index.update import builder, updates
from retrieval.language.lexicon import token_key
from retrieval.models import AnswerKind, Stream

TEXTS = st.text("星港码头在年建成有吊车台由林远负责。，！？\n 0123456789abGPT-4.5%𠮷é", max_size=60)


def article(number: int, summary: str, title: str = "星港码头") -> Article:
    return Article(title=title, url=None, summary=summary, file="a.txt", record=number + 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("segments")


def segment_of(articles: list[Article], tokeniser: Tokeniser, folder: Path) -> Segment:
    path = folder / "segment"
    builder.build(path, articles, tokeniser, lambda _count: None)
    return Segment(path)


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=8), st.lists(st.integers(0, 2**64 - 1), max_size=20), min_size=1
    )
)
def test_arrays_are_read_as_they_were_packed(arrays: dict[str, list[int]]) -> None:
    names = numbered(sorted(arrays))
    given_arrays = {name: np.array(values, dtype=np.uint64) for name, values in arrays.items()}
    opened = PackedArrays(names, pack(names, given_arrays))
    assert {name: opened[name].tolist() for name in names} == arrays


def test_a_long_array_is_read_as_it_was_packed() -> None:
    names = numbered(["long", "short"])
    long = np.arange(70_000)
    opened = PackedArrays(names, pack(names, {"long": long, "short": np.array([7])}))
    assert opened["long"].tolist() == long.tolist()
    assert opened["short"].tolist() == [7]


@given(st.lists(st.text(min_size=1, max_size=4), min_size=1))
def test_tokens_have_names_of_their_own_that_no_space_divides(tokens: list[str]) -> None:
    keys = {token_key(token) for token in tokens if not any(sign.isspace() for sign in token)}
    names = [term_name(key) for key in keys]
    assert len(set(names)) == len(keys)
    assert all(name and not any(sign.isspace() for sign in name) for name in names)
    "".join(names).encode()


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_an_article_is_handed_over_as_the_segment_has_it(
    tokeniser: Tokeniser, made: Path, texts: list[str]
) -> None:
    articles = [article(number, text) for number, text in enumerate(texts)]
    distinct = list({one.id: one for one in articles}.values())
    updates.update(made / "index", distinct, tokeniser, rebuild=True)
    index = EmbeddedIndex(made / "index", tokeniser)
    segment = segment_of(distinct, tokeniser, made)
    for one, content in zip(distinct, blob.blobs(segment), strict=True):
        carried, stored = ClusterArticle(one.id, blob.opened(content)), index.find(one.id)
        assert stored is not None
        assert carried.record == stored.record == one
        assert list(carried.sentences) == list(stored.sentences)
        for number in range(len(stored.sentences)):
            assert carried.text(number) == stored.text(number)
            assert carried.mentions(number) == stored.mentions(number)
            for kind in (AnswerKind.DATE, AnswerKind.NUMBER):
                assert carried.figures(number, kind) == stored.figures(number, kind)


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_what_articles_add_is_what_is_taken_away_with_them(
    tokeniser: Tokeniser, made: Path, texts: list[str]
) -> None:
    articles = [article(number, text, title=f"码头{text[:4]}") for number, text in enumerate(texts)]
    segment = segment_of(articles, tokeniser, made)
    added = documents.unspooled(documents.spool(documents.contribution(segment)))
    carried = [
        ClusterArticle(segment.id(number), blob.opened(content))
        for number, content in enumerate(blob.blobs(segment))
    ]
    removed = documents.removed(carried)
    assert removed.totals == added.totals
    assert removed.lines.tolist() == added.lines.tolist()
    for stream in Stream:
        left = term_counts.total([added.counts[stream], removed.counts[stream].negative()])
        assert not len(left.used().keys)
        assert len(added.counts[stream].used().keys) == len(removed.counts[stream].used().keys)


@given(st.sets(st.integers(0, 2**64 - 1), max_size=60), st.integers(1, 9))
def test_a_term_is_found_in_the_bucket_that_it_was_put_into(keys: set[int], buckets: int) -> None:
    ascending = np.array(sorted(keys), dtype=np.uint64)
    numbers = np.arange(1, len(keys) + 1)
    counts = TermCounts(ascending, numbers, numbers)
    parts = dict(term_counts.in_buckets(Stream.WORD, counts, buckets))
    names = term_counts.bucket_names(Stream.WORD, ascending, buckets)
    assert set(names) == set(parts)
    for at, name in enumerate(names):
        packed = TermCounts.opened(parts[name].packed())
        found, _ = term_counts.looked_up(ascending[at : at + 1], [packed])
        assert found.tolist() == [at + 1]
