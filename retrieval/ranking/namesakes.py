"""Names that a text has another of: a longer one that begins alike (K2 Thinking for K2), one that ends alike.

A dictionary knows parts of names: 松河桥 is cut to 松 and 河桥, which 枫河桥 has too.
"""

from retrieval.language.tokeniser import places
from retrieval.ranking.asked import Asked
from retrieval.ranking.persons import SURNAMES, is_person
from retrieval.ranking.words import Word
from retrieval.regex import regex

GOING_ON = regex(r"[\s\-]?([a-z]+|\d+(?:\.\d+)*)")
"""What makes a Latin name another one (K2 Thinking)."""
BESIDE = regex("[^\u4e00-\u9fff]|[的和与及]")
"""What a name stands behind."""
PROPER = ("ns", "nr", "nz", "nt")
"""Parts of speech of names."""
WHOLE_NAME = 3
"""Characters of a person's name with two after the surname."""
LEADS_IN = regex("[\u4e00-\u9fff](?<![的了在是座条个与和从到由向为对这那过称叫有名至于及或将把被经])")
"""A character that may be the first of a name."""


def goes_on(name: str, text: str, asked: str) -> bool:
    """Whether a text only has a longer Latin name that begins so, which the question has not."""
    if name not in text:
        return False
    following = [GOING_ON.match(text, at + len(name)) for at in places(text, name)]
    return all(following) and following[0] is not None and following[0][1] not in asked


class Namesakes:
    """Tells texts that have not a name of a question, but one that ends or begins alike."""

    def __init__(self, asked: Asked) -> None:
        self._joined = _joined_names(asked)
        self._persons = [
            word
            for word in asked.subject
            if word.flag in ("", "nr") and len(word.token) == WHOLE_NAME and is_person(word.token)
        ]

    def are_in(self, text: str) -> bool:
        """Whether a text has such a name."""
        if not self._joined and not self._persons:
            return False
        return any(
            joined not in text and _is_behind_another(word.token, text) for joined, word in self._joined
        ) or any(word.token not in text and _has_namesake(word, text) for word in self._persons)


def _joined_names(asked: Asked) -> list[tuple[str, Word]]:
    """Names of the question with the character before them, where the corpus does not know it as a word."""
    unknown = {word.token for word in asked.words if len(word.token) == 1 and word.rarity >= asked.rarest}
    named = [word for word in asked.subject if unknown and word.flag[:2] in PROPER]
    found = [(asked.asked.find(word.token), word) for word in named]
    return [
        (asked.asked[at - 1] + word.token, word)
        for at, word in found
        if at > 0 and asked.asked[at - 1] in unknown
    ]


def _is_behind_another(name: str, text: str) -> bool:
    before = [text[at - 1 : at] for at in places(text, name)]
    return bool(before) and all(LEADS_IN.fullmatch(one) for one in before)


def _has_namesake(word: Word, text: str) -> bool:
    """Whether a text has a person of the same given name; or of the same surname and half of that.

    The latter of what is surely a name: 管输费 is none, nor is 管输价.
    """
    name = word.token
    given = (at for at in places(text, name[1:]) if text[max(at - 1, 0) : at] in SURNAMES)
    if any(BESIDE.match(text, at - 2) if at > 1 else True for at in given):
        return True
    if word.flag != "nr":
        return False
    half = name[:2]
    after = (text[at + 2 : at + 3] for at in places(text, half))
    return any("\u4e00" <= one <= "\u9fff" and is_person(half + one) for one in after)
