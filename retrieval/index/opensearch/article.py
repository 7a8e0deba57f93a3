"""An article that a cluster handed over."""

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch import blob
from retrieval.index.opensearch.packing import PackedArrays
from retrieval.index.segment import schema
from retrieval.index.segment.encoding import MENTION_TYPE, read_mentions, read_record
from retrieval.index.segment.schema import Field
from retrieval.index.segment.sentences import Sentences
from retrieval.language.mentions.mention import Mention
from retrieval.lazy import lazy
from retrieval.models import AnswerKind, Article
from retrieval.ragged import Array, offsets


class ClusterArticle:
    """An article by what its document carries.

    Args:
        article: its id.
        arrays: packed in the document.
    """

    def __init__(self, article: str, arrays: PackedArrays) -> None:
        self._id = article
        self.arrays = arrays

    @property
    def id(self) -> str:
        """What the article is called in every index."""
        return self._id

    @lazy
    def record(self) -> Article:
        """The article itself."""
        return read_record(self.arrays.bytes_of(schema.RECORDS.name))

    @lazy
    def sentences(self) -> Sentences:
        """Where its sentences lie, in the order of the text."""
        columns = schema.SENTENCE_START, schema.SENTENCE_SIZE, schema.PARAGRAPH, schema.FLAGS
        return Sentences(*(self.arrays[column.name].tolist() for column in columns))

    def heading(self, sentence: int) -> int | None:
        """The heading above a sentence, by its number."""
        return self.sentences.heading(sentence)

    def text(self, sentence: int) -> str:
        """The stored text of a sentence."""
        start = int(self.arrays[schema.SENTENCE_START.name][sentence])
        return self.record.summary[start : start + int(self.arrays[schema.SENTENCE_SIZE.name][sentence])]

    def mentions(self, sentence: int) -> tuple[Mention, ...]:
        """What a sentence mentions."""
        stored = self.arrays[blob.MENTIONS].view(MENTION_TYPE)
        return read_mentions(self._of_sentence(stored, schema.MENTION_COUNT, sentence).tobytes())

    def figures(self, sentence: int, kind: AnswerKind) -> list[str]:
        """The numbers, or the dates, of a sentence, normalised; `kind` says which."""
        of = schema.FIGURES["dates" if kind is AnswerKind.DATE else "numbers"]
        held = self._of_sentence(self.arrays[of.values.name], of.sizes, sentence)
        return held.tobytes().decode().split("\n") if len(held) else []

    def _of_sentence(self, values: Array, sizes: Field, sentence: int) -> Array:
        first = self._first(sizes)
        return values[int(first[sentence]) : int(first[sentence + 1])]

    def _first(self, sizes: Field) -> NDArray[np.int64]:
        return offsets(self.arrays[sizes.name].astype(np.int64))
