"""Traditional and simplified characters: OpenCC converts, where there is anything to convert.

OpenCC takes as long to load as ten answers take, and most texts are in simplified characters: whether one has
a character that could change is told by a list, made of OpenCC's own dictionaries by
tests/bench/make_traditional.py.
"""

import functools
import importlib.resources
import re
from typing import TYPE_CHECKING, NamedTuple

from retrieval.regex import regex

if TYPE_CHECKING:
    from opencc import OpenCC

FILE = "traditional.txt"
BEYOND = "\U00020000-\U0003ffff"
"""Characters beyond the basic plane: few know which of them are traditional, and few texts have any."""


class _Traditional(NamedTuple):
    """What conversion would change: characters, and phrases whose characters stay as they are elsewhere."""

    characters: re.Pattern[str]
    of_phrases: re.Pattern[str]
    phrases: re.Pattern[str]

    def is_in(self, text: str) -> bool:
        """Whether conversion could change a text."""
        has_phrase = self.of_phrases.search(text) and self.phrases.search(text)
        return bool(self.characters.search(text) or has_phrase)


@functools.cache
def _traditional() -> _Traditional:
    content = (importlib.resources.files("retrieval.language") / FILE).read_text(encoding="utf-8")
    characters, of_phrases, phrases = content.splitlines()
    return _Traditional(regex(f"[{characters}{BEYOND}]"), regex(f"[{of_phrases}]"), regex(phrases))


@functools.cache
def _converter(configuration: str) -> "OpenCC":
    from opencc import OpenCC  # noqa: PLC0415  only who converts waits for it

    return OpenCC(configuration)


def traditional(text: str) -> str:
    """Simplified to traditional, in the characters that Taiwan writes."""
    converted: str = _converter("s2tw").convert(text)
    return converted


def simplified(text: str) -> str:
    """Traditional to simplified."""
    if not _traditional().is_in(text):
        return text
    converted: str = _converter("t2s").convert(text)
    return converted
