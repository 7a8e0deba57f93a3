"""What tells the right sentence of the right article from its neighbours: numbers for each of the best hits.

Each is a fact that a reader could check: how much of the question a sentence holds, and how much of that no
other sentence of its article holds; whether it names something new of the kind asked for, and how near to the
question's words; where it stands.
"""

import functools
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.answers import places
from retrieval.bm25 import Field, SentenceScores, StreamScores
from retrieval.evidence import Evidence, Reader
from retrieval.figures import unit_asked
from retrieval.highlights import CLAUSE
from retrieval.mentions import Mention
from retrieval.models import AnswerKind, Question, Stream
from retrieval.question import ASKING_PHRASE
from retrieval.text import in_place, normalise

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


class Candidate:
    """A row of the evidence with its score, the bonus included; what it says is read when it is looked at."""

    def __init__(self, row: int, score: float, reader: Reader) -> None:
        self.row = row
        self.score = score
        self._reader = reader

    @functools.cached_property
    def text(self) -> str:
        """The stored text."""
        return self._reader.text(self.row)

    @functools.cached_property
    def mentions(self) -> Sequence[Mention]:
        """What it mentions."""
        return self._reader.mentioned(self.row)


def features(
    evidence: Evidence,
    scores: SentenceScores,
    question: Question,
    candidates: Sequence[Candidate],
) -> Columns:
    """The features by name, each a number for every candidate."""
    rows = np.array([candidate.row for candidate in candidates])
    near = _Near(evidence, scores, rows)
    found = _overall(scores, rows, candidates) | _place(evidence, scores, rows)
    around = dict.fromkeys(AROUND, np.zeros(len(rows)))
    for stream in Stream:
        held = scores.streams.get(stream)
        columns = near.of_stream(held) if held else _nothing(rows)
        for field in AROUND:
            around[field] = around[field] + columns.pop(field, 0.0)
        columns["own"] = columns["own"] / scores.mass
        found |= {f"{stream} {name}": column for name, column in columns.items()}
    found |= {field: column / scores.mass for field, column in around.items()}
    found |= _of_texts(question, candidates)
    return dict(zip(found, np.round(np.array(list(found.values())), DECIMALS), strict=True))


def _overall(scores: SentenceScores, rows: NDArray[np.int64], candidates: Sequence[Candidate]) -> Columns:
    """The scores."""
    total = scores.scores[rows]
    best = max(float(total.max()), TINY)
    return {
        "score": total,
        "relative score": total / best,
        "gap to best": best - total,
        "score with bonus": np.array([candidate.score for candidate in candidates]),
    }


def _place(evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> Columns:
    """Where the sentences stand in their articles, and the articles among each other."""
    article = scores.article[rows]
    size = np.diff(evidence.first)[article]
    number = rows - evidence.first[article]
    best = np.maximum.reduceat(scores.scores, evidence.first[:-1])
    first = int(best.argmax())
    second = max(float(best[:first].max(initial=0.0)), float(best[first + 1 :].max(initial=0.0)))
    rivals = np.where(article == first, second, max(float(best[first]), 0.0))
    sizes = np.log1p(
        np.array([number, size - 1 - number, size, evidence.streams[Stream.CHARACTER].lengths[rows]])
    )
    return {
        "number": sizes[0],
        "from end": sizes[1],
        "article size": sizes[2],
        "article lead": best[article] - rivals,
        "length": sizes[3],
    }


class _Near:
    """The candidates and all sentences of their articles, as columns of each stream's terms.

    `first` has where each of these articles begins among these sentences, `article` the place of each
    candidate's article, `at` that of the candidate itself.
    """

    def __init__(self, evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> None:
        articles, self.article = np.unique(scores.article[rows], return_inverse=True)
        starts = evidence.first[articles]
        self.sizes = evidence.first[articles + 1] - starts
        ends = np.cumsum(self.sizes)
        self.first = ends - self.sizes
        self.article_of_row = np.repeat(np.arange(len(articles)), self.sizes)
        self.rows = np.arange(int(ends[-1])) + (starts - self.first)[self.article_of_row]
        self.candidates = rows
        self.at = rows - (starts - self.first)[self.article]
        self.before = np.maximum(self.at - 1, self.first[self.article])
        self.after = np.minimum(self.at + 1, (ends - 1)[self.article])

    def of_stream(self, held: StreamScores) -> Columns:
        """How much of the question's tokens a sentence holds, and how much its article has nowhere else.

        A token is rare in an article by the idf of BM25 with the article's sentences as the collection;
        "local" is the share of the tokens that the article holds at all, weighted by that and by their
        usual idf.
        """
        rows, article, weighted_idf = self.candidates, self.article, held.weighted_idf[:, None]
        holds = (held.own.take(self.rows, axis=1) > 0).astype(np.float64)
        weight = weighted_idf / max(float(held.weighted_idf.sum()), TINY)
        count = np.add.reduceat(holds, self.first, axis=1)
        rarity = np.log1p((self.sizes - count + 0.5) / (count + 0.5)) * weighted_idf * (count > 0)
        local_mass = np.maximum(added(rarity), TINY)
        local = added(holds * (rarity / local_mass).take(self.article_of_row, axis=1))
        best_local = np.maximum.reduceat(local, self.first)
        own_holds = holds.take(self.at, axis=1)
        own_rarity = rarity.take(article, axis=1)
        gains = held.gains.take(rows, axis=1) / np.maximum(held.frequencies.take(rows, axis=1), TINY)
        fields = {name: held.field(name, rows) for name in ("sentence", *AROUND)}
        summed = added(
            np.concatenate(
                [
                    *(gains * frequencies for frequencies in fields.values()),
                    own_holds * weight,
                    ((own_holds + fields["previous"]) > 0) * weight,
                    ((count.take(article, axis=1) == 1) * own_holds) * weight,
                ],
                axis=1,
            )
        ).reshape(-1, len(rows))
        return {
            "own": summed[0],
            "coverage": summed[-3],
            "coverage with previous": summed[-2],
            "local": local[self.at],
            "local relative": local[self.at] / np.maximum(best_local[article], TINY),
            "previous local": np.where(self.before < self.at, local[self.before], 0.0),
            "next local": np.where(self.after > self.at, local[self.after], 0.0),
            "rarest": (own_holds * own_rarity).max(axis=0) / np.maximum(own_rarity.max(axis=0), TINY),
            "only here": summed[-1],
            **dict(zip(AROUND, summed[1:-3], strict=True)),
        }


def added(terms: NDArray[np.float64]) -> Column:
    """The sums over terms x anything, added one by one: in the same order on every machine."""
    total: Column = np.cumsum(terms, axis=0)[-1]
    return total


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


class _Text:
    """The text of a sentence, and its pieces, in the form in which they are compared."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._in_place = in_place(text)
        self.normalised = normalise(text) if self._in_place is None else self._in_place
        self.clauses = [self.piece(*match.span()) for match in CLAUSE.finditer(text)]

    def piece(self, start: int, end: int) -> str:
        """The piece at a span of the stored text."""
        return normalise(self._text[start:end]) if self._in_place is None else self._in_place[start:end]


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
        self._tokens = {token for tokens in self._bigrams for token in tokens}
        self._fits = unit_asked(question) if question.kind is AnswerKind.NUMBER else None
        focus = FOCUS.search(question.normalised)
        self._focus = focus.group(1) if focus else None

    def facts(self, candidate: Candidate) -> dict[str, float]:
        """The features that read the text of a sentence."""
        text = _Text(candidate.text)
        new = [mention for mention in candidate.mentions if self._is_new(mention, text)]
        of_kind = [mention for mention in new if mention.kind is self._kind]
        return {
            "longest common": _longest_common(self._content, text.normalised) / max(len(self._content), 1),
            "best clause": self._best_clause(text),
            "text length": len(text.normalised),
            "clauses": len(text.clauses),
            "new of kind": len(of_kind),
            "gap to kind": self._gap(of_kind, text.normalised) if of_kind else FAR,
            "all new": len({mention.start for mention in new}),
            "unit": self._unit(candidate.mentions, text),
            "quoted": sum(quoted not in self._normalised for quoted in QUOTED.findall(text.normalised)),
            "focus": self._focus is not None and self._focus in text.normalised,
        }

    def _best_clause(self, text: _Text) -> float:
        """The largest share of the question's bigrams that a clause holds."""
        found = {token for token in self._tokens if token in text.normalised}
        held = [
            [token for token in tokens if token in found]
            for tokens in self._bigrams
            if not found.isdisjoint(tokens)
        ]
        alone = [tokens[0] for tokens in held if len(tokens) == 1]
        several = [tokens for tokens in held if len(tokens) > 1]
        most = 0
        for clause in text.clauses:
            count = sum([token in clause for token in alone])
            count += sum(any(token in clause for token in tokens) for tokens in several)
            most = max(most, count)
        return most / max(len(self._bigrams), 1)

    def _is_new(self, mention: Mention, text: _Text) -> bool:
        return text.piece(mention.start, mention.end) not in self._normalised

    def _unit(self, mentions: Sequence[Mention], text: _Text) -> float:
        """1 with a figure in the unit asked for, -1 without, 0 where none is asked for."""
        if self._fits is None:
            return 0.0
        pieces = (text.piece(start, end) for kind, start, end in mentions if kind in FIGURES)
        return 1.0 if any(self._fits.search(piece) for piece in pieces) else -1.0

    def _gap(self, of_kind: Sequence[Mention], text: str) -> float:
        """The distance from a mention of the kind asked for to the nearest of the question's words."""
        gaps = (
            min(abs(place - mention.end), abs(mention.start - place - 2))
            for token in self._tokens
            for place in places(text, token)
            for mention in of_kind
        )
        return float(min(gaps, default=FAR))


def _longest_common(one: str, other: str) -> int:
    """The length of the longest piece that both texts have."""
    longest = 0
    for start in range(len(one)):
        while start + longest < len(one) and one[start : start + longest + 1] in other:
            longest += 1
    return longest
