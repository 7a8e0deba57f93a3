"""Numbers of articles are stored in as few bytes as they need; one that does not fit is nobody else's."""

from pathlib import Path

from retrieval import Article, Tokeniser
from retrieval.bm25 import ArticleWeights
from retrieval.index.search.first_stage import Finder
from retrieval.index.segment.reader import Segment
from retrieval.index.update import updates
from retrieval.models import Stream


def test_a_removed_article_whose_number_does_not_fit_changes_no_other_terms_statistics(
    tokeniser: Tokeniser, tmp_path: Path
) -> None:
    texts = ["月球的港口。", *["火星的企业。"] * 255, "。"]
    titles = [*[f"第{number}篇" for number in range(256)], "。"]
    articles = [
        Article(title=title, url=None, summary=text, file="a.txt", record=number)
        for number, (title, text) in enumerate(zip(titles, texts, strict=True), 1)
    ]
    updates.update(tmp_path, articles, tokeniser)
    (path,) = (tmp_path / "segments").iterdir()
    segment = Segment(path, removed=[256])
    finder = Finder([segment], ArticleWeights())
    assert finder.look_up(Stream.WORD, ["月球", "火星"]).documents.tolist() == [1, 255]
