"""What a question insists on: a year, a place, a person, an organisation; an answer must speak of it.

A year is demanded strictly: figures of another year are no answer. A name may go by another form in the text,
so that its absence only makes an answer less sure.
"""

import datetime as dt
import re

from retrieval.models import Model, Question, Stream
from retrieval.text import Tokeniser

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NAMES = ("ns", "nr", "nt", "nz")
"""Parts of speech of names: of places, people, organisations, others."""
SHORTENED = "省市县区"
"""What a place's name may be written without."""


class Demands(Model):
    """The years and names of a question, or of it what a text does not meet."""

    years: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def demands(question: Question, tokeniser: Tokeniser) -> Demands:
    """What a question insists on."""
    names = (term.token for term in question.terms[Stream.WORD] if _is_name(term.token, tokeniser))
    return Demands(
        years=tuple(dict.fromkeys(YEAR.findall(question.normalised))),
        names=tuple(dict.fromkeys(names)),
    )


def _is_name(word: str, tokeniser: Tokeniser) -> bool:
    return len(word) > 1 and tokeniser.part_of_speech(word)[:2] in NAMES


def unmet(demanded: Demands, sentence: str, surroundings: str, published: dt.date | None) -> Demands:
    """What of the demands is not spoken of.

    Args:
        demanded: what the question insists on.
        sentence: the answer, normalised; a year that it names itself is the year it speaks of.
        surroundings: the sentence with its neighbours, its heading and the title, normalised.
        published: when the article was, which is the year of a sentence that names none.
    """
    years = set(YEAR.findall(surroundings))
    if published and not YEAR.search(sentence):
        years.add(str(published.year))
    return Demands(
        years=tuple(year for year in demanded.years if year not in years),
        names=tuple(name for name in demanded.names if not _is_mentioned(name, surroundings)),
    )


def _is_mentioned(name: str, text: str) -> bool:
    stem = name.rstrip(SHORTENED)
    return (stem if len(stem) > 1 else name) in text
