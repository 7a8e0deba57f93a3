"""Text in, ranked sentences out: no Telegram, no templates, no environment variables."""

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.errors import CorpusError, IndexingError, ZhiwenError
    from retrieval.index.embedded import EmbeddedIndex
    from retrieval.language.tokeniser import Tokeniser
    from retrieval.models import Answer, Article, Filters, Passage, Problem
    from retrieval.retriever import Retriever

PLACES = MappingProxyType(
    {
        "Answer": "models",
        "Article": "models",
        "CorpusError": "errors",
        "EmbeddedIndex": "index.embedded",
        "Filters": "models",
        "IndexingError": "errors",
        "Passage": "models",
        "Problem": "models",
        "Retriever": "retriever",
        "Tokeniser": "language.tokeniser",
        "ZhiwenError": "errors",
    }
)
"""The module of each name: it is loaded when the name is first asked for, so that an error needs no index."""

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


def __getattr__(name: str) -> object:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{PLACES[name]}"), name)
