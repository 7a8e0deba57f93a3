"""A corpus of one file, and a retriever over it."""

from pathlib import Path

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates


def retriever_over(records: str, tokeniser: Tokeniser, folder: Path) -> Retriever:
    """A retriever over the records of a text; their index is made in a folder."""
    (folder / "news.txt").write_text(records)
    updates.update(folder / "index", reading.read([folder / "news.txt"]).articles, tokeniser)
    return Retriever(EmbeddedIndex(folder / "index", tokeniser), tokeniser)
