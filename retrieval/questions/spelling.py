"""Typing errors in Latin names: chatgtp is looked up as chatgpt, where the corpus has that and not the other.

A slip is what one stroke does (Damerau 1964): a letter too many, one missing, one for another, two exchanged.
The words within one slip are few enough to look each of them up; so no list of the corpus's words is needed.
"""

import re
import string
from collections.abc import Callable

from retrieval.language.normalise import align, normalise
from retrieval.models import Stream
from retrieval.questions.vocabulary import Vocabulary
from retrieval.regex import regex

LATIN_WORD = regex(r"(?<![a-z0-9.-])[a-z][a-z0-9-]*(?![a-z0-9.])")
SHORTEST = 4
"""Letters of a word that can be taken for another: of shorter ones too many are a slip apart."""
LONGEST = 24
"""Letters of a word that can be taken for another: a longer one is no name, and has a thousand slips."""
MOST = 16
"""Words of a question that nobody has, at most: where there are more, they are no slips."""
LETTERS = string.ascii_lowercase + string.digits


def slips(word: str, letters: str = LETTERS) -> set[str]:
    """All words within one slip of a word, but for itself; what is put in is one of some letters."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    found |= {head + letter + tail for head, tail in cuts for letter in letters}
    return found - {word, ""}


def corrected(text: str, vocabulary: Vocabulary, is_word: Callable[[str], bool]) -> str:
    """A question with each Latin word that nobody has in place of the nearest that the corpus has.

    Args:
        text: the question as it was asked.
        vocabulary: of the corpus.
        is_word: whether a word is known outside of it.
    """
    if not words(normalise(text)):
        return text
    normalised, spans = align(text)
    foreign = [match for match in _words(normalised) if not is_word(match.group())]
    vocabulary.foresee({Stream.WORD: [match.group() for match in foreign]})
    unknown = [match for match in foreign if not vocabulary.has_word(match.group())]
    if len(unknown) > MOST:
        return text
    nearest = [_near(match.group()) for match in unknown]
    others = [other for near in nearest for other in near]
    vocabulary.foresee({Stream.WORD: others})
    vocabulary.expect({Stream.BIGRAM: others})  # what is taken is looked up there too
    for match, near in zip(reversed(unknown), reversed(nearest), strict=True):
        counts = vocabulary.frequencies(Stream.WORD, near)
        best = max(zip(counts, near, strict=True))
        if best[0]:
            start, end = spans[match.start()][0], spans[match.end() - 1][1]
            text = text[:start] + best[1] + text[end:]
    return text


def words(normalised: str) -> list[str]:
    """The words of a question that can be slips."""
    return [match.group() for match in _words(normalised)]


def _words(normalised: str) -> list[re.Match[str]]:
    return [match for match in LATIN_WORD.finditer(normalised) if SHORTEST <= len(match.group()) <= LONGEST]


def _near(word: str) -> list[str]:
    """The words within one slip that are the same one of several: with a figure put in none is."""
    near, which = slips(word, string.ascii_lowercase), _which(word)
    return sorted(near if word.isalpha() else (other for other in near if _which(other) == which))


def _which(word: str) -> tuple[str, str]:
    """What tells which of several a name is: its digits, and a letter alone behind a hyphen (ImageNet-X)."""
    _, hyphen, last = word.rpartition("-")
    return "".join(filter(str.isdigit, word)), last if hyphen and len(last) == 1 else ""
