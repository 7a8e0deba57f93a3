"""Chinese words that were typed for others that sound alike: 千文 for 千问, 小朋汽车 for 小鹏汽车.

What the corpus has no word of is looked up by a known word too that is read the same. Known are names and the
words of synonyms: all that the corpus has by its sound finds more chance than slips.
"""

import itertools
from collections.abc import Iterable, Iterator

from retrieval.questions.alternatives import Cut, Said
from retrieval.questions.chinese import IGNORED
from retrieval.questions.pinyin import Typed, letters
from retrieval.questions.vocabulary import Vocabulary

SHARE = 0.5
"""What a word that only sounds alike counts for."""
LONGEST = 4
"""Characters of a piece that is looked into."""


def unknown(cut: Cut, alike: Iterable[Said], vocabulary: Vocabulary) -> Iterator[Said]:
    """Of the pieces of a question that sound like another word those that the corpus has no word of."""
    return (one for one in alike if not vocabulary.has_word(cut.text[one.start : one.end]))


def alike(cut: Cut, known: Typed) -> Iterator[Said]:
    """The pieces of a question that sound like another word, whatever the corpus has.

    Args:
        cut: the question.
        known: words that one may mean.
    """
    for start, end in _pieces(cut):
        written = cut.text[start:end]
        meant = next(filter(None, map(known.word, letters(written))), written)
        if meant != written:
            yield Said(start, end, ((meant, SHARE),))


def _pieces(cut: Cut) -> Iterator[tuple[int, int]]:
    """Words in Chinese, and those beside each other together."""
    words = [word for word in cut.words if word.token not in IGNORED and not word.token.isascii()]
    for word in words:
        if 1 < len(word.token) <= LONGEST:
            yield word.start, word.end
    for first, second in itertools.pairwise(words):
        if first.end == second.start and second.end - first.start <= LONGEST:
            yield first.start, second.end
