"""What a timeline or a comparison is about: names that a sentence must speak of."""

from collections.abc import Sequence
from typing import NamedTuple

from retrieval.language.normalise import normalise
from retrieval.models import Question, Stream

SURE = 0.5
"""The share from which an alternative of a word means the same."""


class Subject(NamedTuple):
    """Some names, each with all the forms (normalised) that it goes by."""

    names: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, question: Question) -> "Subject":
        """What a question looks for, word by word; words for something like it (进口 for 进博会) are none."""
        terms = question.terms.get(Stream.WORD, ())
        names = (tuple(form for form, share in term.alternatives if share >= SURE) for term in terms)
        return cls(tuple(dict.fromkeys(filter(None, names))))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to speak of."""
        return not self.names

    def is_told_of(self, sentence: str, around: Sequence[str]) -> bool:
        """Whether a stored sentence tells of it: of one name itself, of the others with the texts around."""
        said = normalise(sentence)
        near = normalise("\n".join((sentence, *around)))
        return any(_has(said, name) for name in self.names) and all(_has(near, name) for name in self.names)


def _has(text: str, forms: Sequence[str]) -> bool:
    return any(form in text for form in forms)
