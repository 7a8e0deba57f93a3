"""A corpus of one file, and a retriever over it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates


def retriever_over(records: str, tokeniser: Tokeniser, folder: Path) -> Retriever:
    """A retriever over the records of a text; their index is made in a folder."""
    (folder / "news.txt").write_text(records)
    return retriever_over_articles(reading.read([folder / "news.txt"]).articles, tokeniser, folder)


def retriever_over_told(told: Iterable[tuple[str, str]], tokeniser: Tokeniser, folder: Path) -> Retriever:
    """A retriever over articles of a title and a summary each; their index is made in a folder."""
    articles = [
        Article(title=title, url=None, summary=text, file="news.txt", record=number)
        for number, (title, text) in enumerate(told, 1)
    ]
    return retriever_over_articles(articles, tokeniser, folder)


def retriever_over_articles(articles: Sequence[Article], tokeniser: Tokeniser, folder: Path) -> Retriever:
    """A retriever over articles; their index is made in a folder."""
    updates.update(folder / "index", articles, tokeniser)
    return Retriever(EmbeddedIndex(folder / "index", tokeniser), tokeniser)
