"""What tells the right sentence of the right article from its neighbours: numbers for each of the best hits.

Each is a fact that a reader could check: how much of the question a sentence holds, and how much of that no
other sentence of its article holds; whether it names something new of the kind asked for, and how near to the
question's words; where it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import Field, SentenceScores, StreamScores
from retrieval.evidence import Evidence
from retrieval.figures import unit_asked
from retrieval.highlights import CLAUSE
from retrieval.mentions import Mention
from retrieval.models import AnswerKind, Question, Stream
from retrieval.question import ASKING_PHRASE
from retrieval.text import normalise

FOCUS = re.compile(
    r"(?:什么|哪个|哪种|哪些|哪位|哪家|哪座|哪项|哪一[个种位家座项部]?|哪|多少|几)(?:个|种|位)?([\u4e00-\u9fff])",
)
"""What an asking word stands before: 什么职位, 多少家, 哪个城市."""
AROUND: tuple[Field, ...] = ("previous", "next", "article", "title")
ASKED_KINDS = (AnswerKind.DATE, AnswerKind.PLACE, AnswerKind.OTHER)
FIGURES = (AnswerKind.NUMBER, AnswerKind.DATE)
QUOTED = re.compile(r"[《“「『\"]([^《》“”「」『』\"]+)[》”」』\"]")
"""What a name often stands in."""
FAR = 60
"""Characters beyond which a distance says nothing more."""
TINY = 1e-9
DECIMALS = 6
"""Digits of a feature: further ones could differ between machines."""

Column = NDArray[np.float64]
Columns = dict[str, Column]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the evidence: its stored text, what it mentions, its score with the bonus."""

    row: int
    text: str
    mentions: Sequence[Mention]
    score: float


def features(
    evidence: Evidence,
    scores: SentenceScores,
    question: Question,
    candidates: Sequence[Candidate],
) -> Columns:
    """The features by name, each a number for every candidate."""
    rows = np.array([candidate.row for candidate in candidates])
    found = _overall(scores, rows, candidates) | _place(evidence, scores, rows)
    for stream in Stream:
        held = scores.streams.get(stream)
        columns = _of_stream(evidence, held, scores.mass, rows) if held else _nothing(rows)
        found |= {f"{stream} {name}": column for name, column in columns.items()}
    found |= _of_texts(question, candidates)
    return {name: np.round(column, DECIMALS) for name, column in found.items()}


def _overall(scores: SentenceScores, rows: NDArray[np.int64], candidates: Sequence[Candidate]) -> Columns:
    """The scores, and what of them comes from around the sentences."""
    total = scores.scores[rows]
    best = max(float(total.max()), TINY)
    found: Columns = {
        "score": total,
        "relative score": total / best,
        "gap to best": best - total,
        "score with bonus": np.array([candidate.score for candidate in candidates]),
    }
    for field in AROUND:
        shares = [_share_of_field(held, field, rows) for held in scores.streams.values()]
        found[field] = sum(shares, np.zeros(len(rows))) / scores.mass
    return found


def _share_of_field(held: StreamScores, field: Field, rows: NDArray[np.int64]) -> Column:
    frequencies = np.maximum(held.frequencies[rows], TINY)
    share: Column = (held.gains[rows] * held.fields[field][rows] / frequencies).sum(axis=1)
    return share


def _place(evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> Columns:
    """Where the sentences stand in their articles, and the articles among each other."""
    article = _articles(evidence, rows)
    size = np.diff(evidence.first)[article]
    number = rows - evidence.first[article]
    best = np.maximum.reduceat(scores.scores, evidence.first[:-1])
    rivals = np.array([np.max(np.delete(best, own), initial=0.0) for own in article])
    return {
        "number": np.log1p(number),
        "from end": np.log1p(size - 1 - number),
        "article size": np.log1p(size),
        "article lead": best[article] - rivals,
        "length": np.log1p(evidence.streams[Stream.CHARACTER].lengths[rows]),
    }


def _articles(evidence: Evidence, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(evidence.first, rows, side="right") - 1


def _of_stream(evidence: Evidence, held: StreamScores, mass: float, rows: NDArray[np.int64]) -> Columns:
    """How much of the question's tokens a sentence holds, and how much of that its article has nowhere else.

    A token is rare in an article by the idf of BM25 with the article's sentences as the collection; "local"
    is the share of the tokens that the article holds at all, weighted by that and by their usual idf.
    """
    article = _articles(evidence, rows)
    first, sizes = evidence.first, np.diff(evidence.first)
    holds = (held.fields["sentence"] > 0).astype(np.float64)
    weight = held.weighted_idf / max(float(held.weighted_idf.sum()), TINY)
    count = np.add.reduceat(holds, first[:-1], axis=0)
    rarity = np.log1p((sizes[:, None] - count + 0.5) / (count + 0.5)) * held.weighted_idf * (count > 0)
    local_mass = np.maximum(rarity.sum(axis=1), TINY)
    local = (holds * np.repeat(rarity / local_mass[:, None], sizes, axis=0)).sum(axis=1)
    before = np.maximum(rows - 1, first[article])
    after = np.minimum(rows + 1, first[article + 1] - 1)
    rarest = np.maximum(rarity.max(axis=1), TINY)[article]
    return {
        "own": _share_of_field(held, "sentence", rows) / mass,
        "coverage": holds[rows] @ weight,
        "coverage with previous": ((holds[rows] + held.fields["previous"][rows]) > 0) @ weight,
        "local": local[rows],
        "local relative": local[rows] / np.maximum(np.maximum.reduceat(local, first[:-1])[article], TINY),
        "previous local": np.where(before < rows, local[before], 0.0),
        "next local": np.where(after > rows, local[after], 0.0),
        "rarest": (holds[rows] * rarity[article]).max(axis=1) / rarest,
        "only here": ((count[article] == 1) * holds[rows]) @ weight,
    }


def _nothing(rows: NDArray[np.int64]) -> Columns:
    """The features of a stream that the question has no token of."""
    names = ("own", "coverage", "coverage with previous", "local", "local relative")
    around = ("previous local", "next local", "rarest", "only here")
    return {name: np.zeros(len(rows)) for name in (*names, *around)}


def _of_texts(question: Question, candidates: Sequence[Candidate]) -> Columns:
    asked = _Asked(question)
    found = [asked.facts(candidate) for candidate in candidates]
    columns = {name: np.array([facts[name] for facts in found], dtype=np.float64) for name in found[0]}
    kinds = {
        f"asks for {kind}": np.full(len(candidates), float(question.kind is kind)) for kind in ASKED_KINDS
    }
    return columns | kinds


class _Asked:
    """A question, and what it wants of a sentence."""

    def __init__(self, question: Question) -> None:
        self._kind = question.kind
        self._normalised = question.normalised
        self._content = re.sub(r"\W+", "", ASKING_PHRASE.sub(" ", question.normalised))
        self._bigrams = {
            tuple(token for token, _ in term.alternatives)
            for term in question.terms[Stream.BIGRAM]
            if len(term.token) > 1
        }
        self._fits = unit_asked(question) if question.kind is AnswerKind.NUMBER else None
        focus = FOCUS.search(question.normalised)
        self._focus = focus.group(1) if focus else None

    def facts(self, candidate: Candidate) -> dict[str, float]:
        """The features that read the text of a sentence."""
        text = normalise(candidate.text)
        clauses = [normalise(match.group()) for match in CLAUSE.finditer(candidate.text)]
        new = [mention for mention in candidate.mentions if self._is_new(mention, candidate.text)]
        of_kind = [mention for mention in new if mention.kind is self._kind]
        return {
            "longest common": _longest_common(self._content, text) / max(len(self._content), 1),
            "best clause": max((self._share(clause) for clause in clauses), default=0.0),
            "text length": len(text),
            "clauses": len(clauses),
            "new of kind": len(of_kind),
            "gap to kind": self._gap(of_kind, text),
            "all new": len({mention.start for mention in new}),
            "unit": self._unit(candidate),
            "quoted": sum(quoted not in self._normalised for quoted in QUOTED.findall(text)),
            "focus": float(self._focus is not None and self._focus in text),
        }

    def _share(self, text: str) -> float:
        return sum(any(token in text for token in tokens) for tokens in self._bigrams) / max(
            len(self._bigrams), 1
        )

    def _is_new(self, mention: Mention, text: str) -> bool:
        return normalise(text[mention.start : mention.end]) not in self._normalised

    def _unit(self, candidate: Candidate) -> float:
        """1 with a figure in the unit asked for, -1 without, 0 where none is asked for."""
        if self._fits is None:
            return 0.0
        pieces = (
            normalise(candidate.text[start:end]) for kind, start, end in candidate.mentions if kind in FIGURES
        )
        return 1.0 if any(self._fits.search(piece) for piece in pieces) else -1.0

    def _gap(self, of_kind: Sequence[Mention], text: str) -> float:
        """The distance from a mention of the kind asked for to the nearest of the question's words."""
        tokens = {token for tokens in self._bigrams for token in tokens}
        places = [match.start() for token in tokens for match in re.finditer(re.escape(token), text)]
        gaps = (
            min(abs(place - mention.end), abs(mention.start - place - 2))
            for mention in of_kind
            for place in places
        )
        return float(min(gaps, default=FAR))


def _longest_common(one: str, other: str) -> int:
    """The length of the longest piece that both texts have."""
    longest = 0
    for start in range(len(one)):
        while start + longest < len(one) and one[start : start + longest + 1] in other:
            longest += 1
    return longest
