"""Follow-ups: a question that only makes sense after another one, completed from it.

北京呢？ after a question about 深圳 takes its place; 产值呢？ or 用在哪些领域？ is put after it. A question
that names its own subject starts afresh.
"""

import re

from retrieval.question import IGNORED
from retrieval.text import Tokeniser, align, normalise

LONGEST = 20
"""Characters of a follow-up at most: longer questions stand alone."""
FEW_WORDS = 2
"""Words of its own, at most, in a question that opens like a follow-up."""
PARTICLE = re.compile(r"呢[?？!！。]*$")
OPENING = re.compile(
    r"那么?|还有|它|他|她|这|该|其|是|有|在|用|由|被|能|会|要|什么时候|何时|为什么|为何|怎么|哪|谁|多少|几",
)
SUBJECT = re.compile(r"^(?:那么?|还有)?(?P<subject>.+?)呢[?？!！。]*$")
PUT_AFTER = re.compile(r"，[^，]*呢$")
"""An earlier follow-up in the question before: the next one comes in its stead."""
YEAR = re.compile(r"\d{4}年?")
END = re.compile(r"[?？!！。.\s]+$")
NAMES = ("ns", "nr", "nt")
"""Parts of speech of places, people and organisations: one can take the place of another of its kind."""


def complete(text: str, previous: str, tokeniser: Tokeniser) -> str:
    """What a question means after `previous`: itself, unless it is a follow-up."""
    if not is_followup(text, tokeniser):
        return text
    previous = PUT_AFTER.sub("", END.sub("", previous)) + "？"
    return _replaced(text, previous, tokeniser) or f"{END.sub('', previous)}，{text.strip()}"


def is_followup(text: str, tokeniser: Tokeniser) -> bool:
    """Whether a question cannot be understood alone."""
    normalised = normalise(text).strip()
    if not normalised or len(normalised) > LONGEST:
        return False
    if PARTICLE.search(normalised):
        return True
    own = [word for word in tokeniser.words(normalised) if word not in IGNORED]
    named = any(_kind(word, tokeniser) or word.isascii() for word in own)
    return bool(OPENING.match(normalised)) and len(own) <= FEW_WORDS and not named


def _replaced(text: str, previous: str, tokeniser: Tokeniser) -> str | None:
    """The question before with its place, name or year exchanged for that of the follow-up."""
    match = SUBJECT.match(text.strip())
    if match is None:
        return None
    subject = match.group("subject").strip()
    kind = _kind(subject, tokeniser)
    pieces = YEAR.findall(previous) if kind == "year" else _pieces(previous, tokeniser)
    same = [piece for piece in pieces if kind and _kind(piece, tokeniser) == kind]
    return previous.replace(same[0], subject, 1) if same else None


def _pieces(text: str, tokeniser: Tokeniser) -> list[str]:
    """The words of a question as it was written."""
    normalised, spans = align(text)
    pieces = []
    position = 0
    for word in tokeniser.words(normalised):
        start = normalised.find(word, position)
        if start >= 0:
            position = start + len(word)
            pieces.append(text[spans[start][0] : spans[position - 1][1]])
    return pieces


def _kind(piece: str, tokeniser: Tokeniser) -> str | None:
    """What a word names: a year, a place, a person, an organisation; None for anything else."""
    if YEAR.fullmatch(piece):
        return "year"
    words = tokeniser.words(normalise(piece))
    tag = tokeniser.part_of_speech(words[-1])[:2] if words else ""
    return tag if tag in NAMES else None
