"""What tells the right sentence of the right article from its neighbours: numbers for each of the best hits.

Each feature is a fact a reader could check: how much of the question a sentence and its best clause hold,
whether it names something new of the kind asked for and how near to the question's words, what it opens and
ends with, where it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import Field, SentenceScores
from retrieval.evidence import Evidence
from retrieval.highlights import CLAUSE
from retrieval.mentions import Mention
from retrieval.models import AnswerKind, Question, Stream
from retrieval.passages import LEANING
from retrieval.question import ASKING_PHRASE
from retrieval.text import normalise

KINDS = tuple(AnswerKind)
FOCUS = re.compile(
    r"(?:什么|哪个|哪种|哪些|哪位|哪家|哪座|哪项|哪一[个种位家座项部]?|哪|多少|几)(?:个|种|位)?([\u4e00-\u9fff]{1,4})"
)
"""What an asking word stands before: 什么职位, 多少家, 哪个城市."""
DEMANDED = re.compile(r"\d{4}(?=年)|\d[\d.]*|[a-z][a-z0-9.+#-]+|《[^》]+》|“[^”]+”")
QUOTED = re.compile(r"[《“「『\"][^》”」』\"]+[》”」』\"]")
AROUND: tuple[Field, ...] = ("previous", "next", "article", "title")
FAR = 60
"""Characters beyond which a distance says nothing more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the evidence with what the features are taken from."""

    row: int
    text: str
    mentions: Sequence[Mention]


def matrix(
    evidence: Evidence,
    scores: SentenceScores,
    question: Question,
    candidates: Sequence[Candidate],
) -> NDArray[np.float64]:
    """Candidates x features."""
    rows = np.array([candidate.row for candidate in candidates])
    asked = _Asked(question)
    numbers = np.column_stack([*_overlap(scores, rows), *_place(evidence, scores, rows)])
    words = np.array([asked.facts(candidate) for candidate in candidates], dtype=float)
    kind = np.tile([float(question.kind is kind) for kind in KINDS], (len(rows), 1))
    return np.hstack([numbers, words, kind])


NAMES = (
    "score",
    "relative score",
    "gap to best",
    *(f"{stream} own" for stream in Stream),
    "previous",
    "next",
    "article",
    "title",
    *(f"{stream} coverage" for stream in Stream),
    *(f"{stream} coverage with previous" for stream in Stream),
    "length",
    "number",
    "from end",
    "article size",
    "article is best",
    "article lead",
    "longest common",
    "best clause",
    "best clause share",
    "text length",
    "clauses",
    "new of kind",
    "gap to kind",
    "of kind in best clause",
    "all new",
    "quoted",
    "unit",
    "focus",
    "focus half",
    "leaning",
    "asks",
    "demands missing",
    "demands met",
    "held kind",
    *(f"asks for {kind}" for kind in KINDS),
)


def _overlap(scores: SentenceScores, rows: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    """What of the question the sentences hold, by stream and by field."""
    total = scores.scores[rows]
    best = max(float(total.max()), 1e-9)
    fields: dict[Field, NDArray[np.float64]] = {field: np.zeros(len(rows)) for field in AROUND}
    own, coverage, wider = [], [], []
    for stream in Stream:
        found = scores.streams.get(stream)
        if found is None:
            own.append(np.zeros(len(rows)))
            coverage.append(np.zeros(len(rows)))
            wider.append(np.zeros(len(rows)))
            continue
        gains, frequencies = found.gains[rows], np.maximum(found.frequencies[rows], 1e-9)
        for field in fields:
            fields[field] += (gains * found.fields[field][rows] / frequencies).sum(axis=1) / scores.mass
        own.append((gains * found.fields["sentence"][rows] / frequencies).sum(axis=1) / scores.mass)
        weight = found.weighted_idf / max(float(found.weighted_idf.sum()), 1e-9)
        held = found.fields["sentence"][rows] > 0
        coverage.append(held @ weight)
        wider.append((held | (found.fields["previous"][rows] > 0)) @ weight)
    return [total, total / best, best - total, *own, *fields.values(), *coverage, *wider]


def _place(evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    """Where the sentences stand in their articles, and the articles among each other."""
    article = np.searchsorted(evidence.first, rows, side="right") - 1
    size = np.diff(evidence.first)[article]
    number = rows - evidence.first[article]
    words = evidence.streams[Stream.CHARACTER].lengths[rows]
    best = np.maximum.reduceat(scores.scores, evidence.first[:-1])
    others = np.array([np.max(np.delete(best, a), initial=0.0) for a in article])
    return [
        np.log1p(words),
        np.log1p(number),
        np.log1p(size - 1 - number),
        np.log1p(size),
        (best[article] >= best.max()).astype(float),
        best[article] - others,
    ]


class _Asked:
    """A question, and what it wants of a sentence."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._normalised = question.normalised
        content = ASKING_PHRASE.sub(" ", question.normalised)
        self._content = re.sub(r"\W+", "", content)
        self._bigrams = {token for token in question.tokens[Stream.BIGRAM] if len(token) > 1}
        focus = FOCUS.search(question.normalised)
        self._focus = focus.group(1) if focus else ""
        self._demands = set(DEMANDED.findall(question.normalised))

    def facts(self, candidate: Candidate) -> list[float]:
        """The features that read the sentence itself; the order is that of NAMES."""
        text = normalise(candidate.text)
        clauses = [match.span() for match in CLAUSE.finditer(candidate.text)]
        shares = [self._share(normalise(candidate.text[start:end])) for start, end in clauses] or [0.0]
        best = shares.index(max(shares))
        new = [mention for mention in candidate.mentions if self._is_new(mention, candidate.text)]
        of_kind = [mention for mention in new if mention.kind is self._question.kind]
        whole = self._share(text)
        met = sum(demand in text for demand in self._demands)
        return [
            _longest_common(self._content, text) / max(len(self._content), 1),
            shares[best],
            shares[best] / max(whole, 1e-9) if whole else 0.0,
            len(text),
            len(clauses),
            len(of_kind),
            self._gap(of_kind, candidate.text),
            float(any(clauses and clauses[best][0] <= m.start < clauses[best][1] for m in of_kind)),
            len({mention.start for mention in new}),
            len([q for q in QUOTED.findall(candidate.text) if normalise(q)[1:-1] not in self._normalised]),
            float(bool(self._focus) and any(self._has_unit(m, candidate.text) for m in of_kind)),
            float(bool(self._focus) and self._focus[:2] in text),
            float(bool(self._focus) and self._focus[:1] in text),
            float(bool(LEANING.match(text))),
            float(candidate.text.rstrip('”’」』）)"').endswith(("？", "?"))),
            len(self._demands) - met,
            met,
            float(bool(of_kind)),
        ]

    def _share(self, text: str) -> float:
        return sum(token in text for token in self._bigrams) / max(len(self._bigrams), 1)

    def _is_new(self, mention: Mention, text: str) -> bool:
        return normalise(text[mention.start : mention.end]) not in self._normalised

    def _has_unit(self, mention: Mention, text: str) -> bool:
        return normalise(text[mention.start : mention.end]).endswith(self._focus[:1])

    def _gap(self, of_kind: Sequence[Mention], text: str) -> float:
        """The distance from a mention of the kind asked for to the nearest of the question's words."""
        if not of_kind:
            return FAR
        lowered = text.lower()
        places = [
            match.start() for token in self._bigrams for match in re.finditer(re.escape(token), lowered)
        ]
        gaps = [
            min(abs(place - mention.end), abs(mention.start - place - 2))
            for mention in of_kind
            for place in places
        ]
        return float(min([*gaps, FAR]))


def _longest_common(one: str, other: str) -> int:
    """The length of the longest piece that both texts have."""
    longest = 0
    for start in range(len(one)):
        while one[start : start + longest + 1] in other and start + longest < len(one):
            longest += 1
    return longest
