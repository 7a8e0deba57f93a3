"""No article is lost without a word: what `check` says is kept is what the index holds."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates
from retrieval.models import Level

RECORDS = st.builds(
    lambda title, link, summary, keyword: (
        f"标题: {title}\n链接: {link}\n总结: {summary}\n关键词: {keyword}\n"
    ),
    st.sampled_from(["月城新政", "星城新政"]),
    st.sampled_from(["无", "https://a.example/1", "https://a.example/2"]),
    st.sampled_from(["月城发布新政。", "月城 发布新政。", "星城有三家企业。"]),
    st.sampled_from(["政策", "企业"]),
)


def record(summary: str) -> str:
    return f"标题: 月城\n总结: {summary}\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


@settings(max_examples=15)
@given(files=st.lists(st.lists(RECORDS, max_size=4), min_size=1, max_size=3))
def test_the_index_holds_what_check_keeps(files: list[list[str]], tokeniser: Tokeniser) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        for number, records in enumerate(files):
            (folder / f"{number}.txt").write_text("\n".join(records), encoding="utf-8")
        kept = reading.read([folder]).articles
        updates.update(folder / "index", kept, tokeniser)
        index = EmbeddedIndex(folder / "index", tokeniser)
        held = [article.record for article in index.sample(len(kept) + 1)]
    assert {(article.file, article.record) for article in held} == {(a.file, a.record) for a in kept}
    assert len(held) == len(kept)


def test_an_id_has_64_bits() -> None:
    article = Article(title="月城", url=None, summary="月城发布新政。", file="a.txt", record=1)
    assert len(bytes.fromhex(article.id)) == 8


def test_another_text_of_the_same_id_is_an_error_that_is_told(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Article, "id", property(lambda _article: f"{7:016x}"))
    (corpus / "a.txt").write_text(record("月城发布新政。"), encoding="utf-8")
    (corpus / "b.txt").write_text(record("星城有三家企业。"), encoding="utf-8")
    read = reading.read([corpus])
    assert [article.file for article in read.articles] == ["a.txt"]
    (clash,) = [problem for problem in read.problems if problem.code == "id_clash"]
    assert (clash.file, clash.record, clash.level) == ("b.txt", 1, Level.ERROR)
    assert "record 1 of a.txt" in clash.message
