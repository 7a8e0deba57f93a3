"""Vocabularies without an index."""

from collections.abc import Callable

from retrieval.models import Stream
from retrieval.questions.vocabulary import Vocabulary


def vocabulary(has: Callable[[Stream, str], bool], sentences: int = 1) -> Vocabulary:
    """Of a corpus that has each token that it is asked for in one sentence, or in none."""
    return Vocabulary(
        lambda tokens: {
            stream: [float(has(stream, token)) for token in of_stream] for stream, of_stream in tokens.items()
        },
        sentences,
    )
