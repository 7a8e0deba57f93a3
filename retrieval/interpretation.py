"""A question in whatever words it was asked, as terms that the corpus has."""

from retrieval.asking import asked_for
from retrieval.english import question as english
from retrieval.english.dictionary import Dictionary
from retrieval.expressions import terms
from retrieval.models import Question
from retrieval.question import LONGEST, understand
from retrieval.text import Tokeniser, normalise
from retrieval.vocabulary import Frequency, Vocabulary


class Interpreter:
    """Makes questions for an index.

    Args:
        frequency: looks up the tokens of the index.
        sentences: how many sentences it has.
        tokeniser: the one that it was made with.
        dictionary: for English questions.
    """

    def __init__(
        self, frequency: Frequency, sentences: int, tokeniser: Tokeniser, dictionary: Dictionary
    ) -> None:
        self._frequency = frequency
        self._sentences = sentences
        self._tokeniser = tokeniser
        self._dictionary = dictionary

    def question(self, text: str, understood: str) -> Question:
        """The question that looks up `understood`, for someone who asked `text`."""
        normalised = normalise(understood[:LONGEST])
        if english.is_english(normalised):
            return self._english(text, understood, normalised)
        return understand(text, self._tokeniser, understood)

    def _english(self, text: str, understood: str, normalised: str) -> Question:
        vocabulary = Vocabulary(self._frequency, self._sentences)
        expressions = english.expressions(normalised, self._dictionary, vocabulary)
        gloss = english.gloss(normalised, expressions)
        return Question(
            text=text,
            understood=understood,
            translation=gloss,
            # With its Chinese words, so that what reads Chinese questions reads this one too.
            normalised=f"{normalised} {normalise(gloss)}",
            kind=asked_for(normalise(gloss)),
            terms=terms(expressions, self._tokeniser, vocabulary),
        )
