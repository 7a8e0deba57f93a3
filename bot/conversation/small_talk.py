"""Small talk: hello, thanks, who are you, 哈哈, a lone 👍; told from questions by what is left over.

A message is small talk only when it is made of nothing but phrases of small talk and the particles, forms of
address and punctuation between them. One word beside these, as in 你好世界是什么公司, and it is a question.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from retrieval.language.normalise import normalise
from retrieval.regex import regex


class SmallTalk(StrEnum):
    """What is said in passing; where a message says several things, the first of these is answered."""

    WHO = "who"
    ABILITY = "ability"
    THANKS = "thanks"
    BYE = "bye"
    COMPLAINT = "complaint"
    DOUBT = "doubt"
    CHAT = "chat"
    PRESENCE = "presence"
    PRAISE = "praise"
    GREETING = "greeting"
    AGREEMENT = "agreement"
    LAUGHTER = "laughter"

    @property
    def wants_an_answer(self) -> bool:
        """Whether it is said to be answered; the rest is chatter, which a group would rather not hear of."""
        return self in {SmallTalk.WHO, SmallTalk.ABILITY, SmallTalk.PRESENCE, SmallTalk.GREETING}


LONGEST: Final = 40
"""Characters of small talk at most; beyond, somebody has something to say."""
LIST: Final = Path(__file__).with_name("small_talk.toml")
SIGN: Final = regex("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
"""What only says how an emoji is drawn."""
LETTER: Final = regex("[a-z0-9]")


class Parse(NamedTuple):
    """A way to read a text so far: how many pieces it has, and what they say."""

    pieces: int
    said: frozenset[SmallTalk]


def small_talk(text: str) -> SmallTalk | None:
    """What a message says in passing; None where it says anything else."""
    said = SIGN.sub("", normalise(text).replace("’", "'").strip())
    if not said or len(said) > LONGEST:
        return None
    if not re.search(r"\w", said) and any(unicodedata.category(sign) == "So" for sign in said):
        return SmallTalk.LAUGHTER
    if any(character.isalpha() and character not in _written() for character in said):
        return None  # nearly every question; to compile the phrases takes longer than to answer it
    parse = _parsed(said)
    return next((talk for talk in SmallTalk if parse and talk in parse.said), None)


def _parsed(text: str) -> Parse | None:
    """The reading of a text in the fewest pieces; None where some of it is no small talk."""
    pattern = _pieces()
    best: dict[int, Parse] = {0: Parse(0, frozenset())}
    for start in range(len(text)):
        before = best.get(start)
        if before is None or _is_within_a_word(text, start):
            continue
        for end in range(start + 1, len(text) + 1):
            piece = pattern.fullmatch(text, start, end)
            if piece is None or _is_within_a_word(text, end):
                continue
            said = before.said | ({SmallTalk(piece.lastgroup)} if piece.lastgroup else set())
            parse = Parse(before.pieces + 1, said)
            known = best.get(end)
            if known is None or (parse.pieces, -len(parse.said)) < (known.pieces, -len(known.said)):
                best[end] = parse
    return best.get(len(text))


def _is_within_a_word(text: str, place: int) -> bool:
    """Whether a place stands between two letters or digits of a Latin word."""
    return 0 < place < len(text) and bool(LETTER.match(text[place - 1]) and LETTER.match(text[place]))


@functools.cache
def _written() -> frozenset[str]:
    """All characters that phrases are written with: there is none that any letter would do for."""
    return frozenset(LIST.read_text(encoding="utf-8"))


@functools.cache
def _pieces() -> re.Pattern[str]:
    """What small talk is made of: a phrase, in a group of its kind's name, or what stands between phrases."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    slots: Mapping[str, Sequence[str]] = listed["slots"]

    def alternatives(patterns: Sequence[str]) -> str:
        return re.sub(r"<(\w+)>", lambda slot: f"(?:{alternatives(slots[slot[1]])})", "|".join(patterns))

    phrases = (f"(?P<{talk}>{alternatives(patterns)})" for talk, patterns in listed["phrases"].items())
    return re.compile("|".join([*phrases, rf"[\W_]+|{alternatives(listed['filler']['words'])}"]))
