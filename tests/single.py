"""What one sentence mentions, found as for many."""

from typing import NamedTuple

from retrieval import Tokeniser
from retrieval.language.batch import Texts
from retrieval.language.mentions.extraction import find_all
from retrieval.language.mentions.mention import ORDER, Mention
from retrieval.language.normalise import normalise_all


class Held(NamedTuple):
    """What one sentence mentions, the bits of the kinds that it holds, its numbers and dates (normalised)."""

    mentions: tuple[Mention, ...]
    bits: int
    numbers: tuple[str, ...]
    dates: tuple[str, ...]


def find(text: str, tokeniser: Tokeniser) -> Held:
    """What a stored sentence mentions."""
    texts = Texts.of(normalise_all([text]))
    found = find_all([text], texts, tokeniser.tagged(texts.text))
    columns = zip(found.kinds.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)
    return Held(
        mentions=tuple(Mention(ORDER[kind], start, end) for kind, start, end in columns),
        bits=int(found.bits[0]),
        numbers=tuple(found.numbers[0]),
        dates=tuple(found.dates[0]),
    )
