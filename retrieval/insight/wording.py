"""What the words of a sentence are for a figure: what says something, what names, what is a place."""

from retrieval.insight.measured import EMPTY, FALLS, GROUP, NO_NAMES, REGIONS, RISES
from retrieval.language.tokeniser import Tokeniser

SAYING = ("n", "l", "j", "x", "e", "i", "v", "a", "b", "f", "s", "")
"""Parts of speech (their first letter) of words that say something; those in no dictionary are names."""
NAMING = ("n", "l", "j", "x", "e", "f", "s", "")
"""The same of words that say of what."""
NAMES = ("ns", "nt", "nr", "nz")
"""Parts of speech of names."""
QUOTES = "“{}", "{}”"


class Wording:
    """Tells of normalised words what they are.

    Args:
        tokeniser: cuts texts, and knows parts of speech.
    """

    def __init__(self, tokeniser: Tokeniser) -> None:
        self._tokeniser = tokeniser

    def words(self, text: str) -> list[str]:
        """The words of a text."""
        return self._tokeniser.words(text)

    def saying(self, piece: str) -> list[str]:
        """The words of a text that say something."""
        return [word for word in self.words(piece) if self._says_something(word)]

    def _says_something(self, word: str) -> bool:
        is_short = len(word) == 1 and not word.isascii()
        if word in EMPTY or is_short or word.replace(".", "").rstrip("%").isdigit():
            return False
        if RISES.fullmatch(word) or FALLS.fullmatch(word):
            return False
        return self._tokeniser.part_of_speech(word)[:1] in SAYING

    def is_noun(self, word: str) -> bool:
        """Whether a word says of what something is told."""
        flag = self._tokeniser.part_of_speech(word)
        return flag[:1] in NAMING or flag == "vn"

    def is_name(self, word: str, text: str) -> bool:
        """Whether a word of a text is a name: surely one, a region, or in no dictionary."""
        return word in REGIONS or self.is_surely_name(word, text) or self._is_unknown(word)

    def is_surely_name(self, word: str, text: str) -> bool:
        """Whether a word is tagged as a name, in Latin letters, or in quotation marks."""
        if len(word) == 1 or word in EMPTY or word in GROUP or word in NO_NAMES:
            return False
        is_quoted = any(quote.format(word) in text for quote in QUOTES)
        is_written = is_quoted or (word.isascii() and not word.isdigit())
        return is_written or self._tokeniser.part_of_speech(word)[:2] in NAMES

    def is_place(self, word: str) -> bool:
        """Whether a word is the name of a place."""
        is_tagged = self._tokeniser.part_of_speech(word)[:2] == "ns"
        return word in REGIONS or (is_tagged and word not in NO_NAMES and word not in EMPTY)

    def _is_unknown(self, word: str) -> bool:
        is_content = word not in EMPTY and word not in GROUP and word not in NO_NAMES
        is_word = len(word) > 1 and not word.isdigit()
        return is_content and is_word and not self._tokeniser.part_of_speech(word)
