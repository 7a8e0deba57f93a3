"""What a timeline or a comparison is about: names that a sentence must speak of."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language.normalise import normalise
from retrieval.models import Question, Stream


@dataclass(frozen=True, slots=True)
class Subject:
    """Some names, each with all the forms (normalised) that it goes by."""

    names: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, question: Question) -> "Subject":
        """What a question looks for, word by word."""
        terms = question.terms.get(Stream.WORD, ())
        return cls(tuple(dict.fromkeys(tuple(form for form, _ in term.alternatives) for term in terms)))

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
