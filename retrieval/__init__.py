"""Text in, ranked sentences out: no Telegram, no templates, no environment variables."""

from retrieval.index.embedded import EmbeddedIndex
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import (
    Answer,
    Article,
    CorpusError,
    Filters,
    IndexingError,
    Passage,
    Problem,
    ZhiwenError,
)
from retrieval.retriever import Retriever

__all__ = [
    "Answer",
    "Article",
    "CorpusError",
    "EmbeddedIndex",
    "Filters",
    "IndexingError",
    "Passage",
    "Problem",
    "Retriever",
    "Tokeniser",
    "ZhiwenError",
]
