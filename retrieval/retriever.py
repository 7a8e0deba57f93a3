"""Ask an index: find the articles, rank their sentences, decide whether they answer, say why."""

import datetime as dt
import hashlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple

from retrieval.answering import examples, news, passages, refusals, suggestions
from retrieval.answering.candidates import Gap
from retrieval.answering.confidence import but_for_lacks, confidence
from retrieval.answering.linked import linked, under_links
from retrieval.answering.suggestions import Suggestion
from retrieval.answering.unmet import Unmet, said, unmet, years_of
from retrieval.index.evidence import Evidence
from retrieval.index.protocol import ArticleIndex, StoredArticle
from retrieval.insight.insights import Insights
from retrieval.language.normalise import well_formed
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import (
    EVERYTHING,
    Answer,
    Article,
    ContextSentence,
    Explanation,
    Facet,
    FacetLabel,
    Filters,
    Listing,
    NewsRequest,
    Passage,
    Question,
    Reason,
    Selection,
    Stream,
)
from retrieval.questions.english.translation import shipped
from retrieval.questions.interpreter import Interpreter
from retrieval.questions.news import news_request
from retrieval.questions.synonyms import Synonyms
from retrieval.questions.synonyms import load as synonyms_that_ship
from retrieval.ranking import explanation, second_stage
from retrieval.ranking.asked import Asked, compared
from retrieval.ranking.bm25f import SentenceScores, Weights
from retrieval.ranking.order import bound, weighed
from retrieval.ranking.reranker import Reranker, trained
from retrieval.ranking.second_stage import DECIMALS, Hit
from retrieval.regex import regex

CONFIDENT = 0.5
"""An answer less sure than this is not given."""
LIKELY = 0.25
"""From here on to what is given, a sentence is offered as a likely answer."""
LONG_PAST = dt.timedelta(days=365)
"""Before the newest article: what was so then may well not be so now."""
SCORE_DECIMALS = 9
"""Digits of a score that are the same on every machine."""
LISTED = 1_000
"""Articles that are listed at once."""
UNSPOKEN = regex(r"[\W_到了的]+")
"""What two sentences that say the same may differ by."""
CLAUSE = regex(r"(?:[^，；。！？;!?\n,]|(?<=\d),(?=\d))+")
JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
VERSION = importlib.metadata.version("zhiwen")


class Found(NamedTuple):
    """What was found for a question: its best hits, what the first does not speak of, how sure it is."""

    question: Question
    evidence: Evidence
    hits: Sequence[Hit]
    missing: Sequence[Unmet]
    sure: float


class Retriever(Insights):
    """Answers questions from an index; the same answer for the same question and index.

    Args:
        index: where the articles are.
        tokeniser: the one that the index was made with.
        weights: of the sentences' scores.
        reranker: corrects the order of the best sentences; by default, as it was trained.
        synonyms: other words for what the corpus calls otherwise; by default, those that ship.
        confident: the confidence (0..1) from which a question counts as answered.
    """

    def __init__(
        self,
        index: ArticleIndex,
        tokeniser: Tokeniser,
        *,
        weights: Weights | None = None,
        reranker: Reranker | None = None,
        synonyms: Synonyms | None = None,
        confident: float = CONFIDENT,
    ) -> None:
        synonyms = synonyms or synonyms_that_ship()
        interpreter = Interpreter(index, tokeniser, synonyms, shipped())
        super().__init__(index, interpreter, tokeniser, weights or Weights())
        self._reranker = reranker or trained()
        self._confident = confident
        weighed = self._weights.model_dump(mode="json", exclude={"scorer"})
        scorer = self._weights.scorer.__name__
        learned = self._reranker.digest, synonyms.digest
        self._fingerprint = _digest([VERSION, tokeniser.fingerprint, weighed, scorer, *learned, confident])

    def ask(
        self,
        text: str,
        previous: str | None = None,
        limit: int = 10,
        excluded: Collection[str] = (),
        *,
        filters: Filters = EVERYTHING,
        suggest: bool = True,
    ) -> Answer:
        """The passages that answer a question, or the reason why there are none.

        Args:
            text: the question, as it was asked.
            previous: the question before it, to complete a follow-up from.
            limit: passages at most.
            excluded: ids of articles to leave aside.
            filters: which articles to look into.
            suggest: whether to look for questions that can be answered where this one cannot; each that
                is tried takes as long again (`suggestions.PROPOSED`).
        """
        started = time.perf_counter()
        text = well_formed(text)
        previous = previous and well_formed(previous)
        found = self._found(self._interpreter.interpret(text, previous), filters, excluded)
        if found.sure < self._confident and self._interpreter.may_stand_alone(found.question):
            alone = self._found(self._interpreter.interpret(text), filters, excluded)
            found = max(found, alone, key=lambda one: one.sure)
        question, evidence, hits, missing, sure = found
        answered = bool(hits) and sure >= self._confident
        reason = None if answered else self._reason(evidence, question, hits, missing)
        offered = (
            () if answered or not suggest else self._suggestions(evidence, question, hits, excluded, filters)
        )
        given = tuple(islice(self._passages(evidence, question, hits), limit))
        return Answer(
            id=self._id(text, previous, limit, excluded, filters),
            question=text,
            understood=question.understood,
            translation=question.translation,
            kind=question.kind,
            answered=answered,
            likely=not answered and sure >= min(LIKELY, self._confident),
            confidence=round(sure, DECIMALS),
            reason=reason,
            passages=given,
            lines=tuple(_line(evidence, hit) for hit in hits if hit.part),
            suggestions=offered,
            elapsed_ms=round(1e3 * (time.perf_counter() - started), 3),
        )

    def _found(self, question: Question, filters: Filters, excluded: Collection[str]) -> Found:
        _, evidence, scores = self._look(question, filters, excluded)
        hits = self._ranked(evidence, scores, question)
        missing = self._unmet(evidence, question, hits)
        is_old = question.wants_newest and self._is_old(evidence, hits)
        sure = confidence(hits, missing, is_alone=len(evidence.articles) == 1, is_old=is_old)
        return Found(question, evidence, hits, missing, sure)

    def _id(
        self, text: str, previous: str | None, limit: int, excluded: Collection[str], filters: Filters
    ) -> str:
        """12 hexadecimal digits that name everything an answer depends on."""
        asked = [text, previous, limit, sorted(excluded), filters.model_dump_json()]
        return _digest([*asked, self._index.digest, self._fingerprint])

    def passage(self, answer: Answer, article: str, sentence: int) -> Passage | None:
        """Any sentence, marked as a passage of an answer; unranked (0), and None when it is gone."""
        found = self._index.find(article)
        if found is None or not 0 <= sentence < len(found.sentences):
            return None
        asked = Gap(self._interpreter.reinterpret(answer.question, answer.understood))
        return passages.passage(asked, found, sentence, place=0, score=0.0)

    def context(self, passage: Passage, around: int = 2) -> tuple[ContextSentence, ...]:
        """The sentences around a passage, the heading first; none when its article is gone."""
        article = self._index.find(passage.article)
        return () if article is None else passages.context(article, passage.sentence, around)

    def explain(self, answer: Answer, rank: int = 1, *, filters: Filters = EVERYTHING) -> Explanation | None:
        """What each term of the question adds to a passage's score; None when it is no longer found.

        Args:
            answer: that the passage was offered in.
            rank: of the passage.
            filters: the ones that were asked with.
        """
        if rank > len(answer.passages):
            return None
        passage = answer.passages[rank - 1]
        runner_up = answer.passages[rank] if rank < len(answer.passages) else None
        question, evidence, scores = self._looked_again(answer, filters)
        found = {hit.row: hit for hit in self._ranked(evidence, scores, question)}
        rows = [_row(evidence, shown) for shown in (passage, runner_up) if shown]
        hits = [found[row] for row in rows if row in found]
        if not hits or hits[0].row != rows[0]:
            return None
        shares = explanation.shares(
            evidence,
            question,
            hits,
            scores=scores,
            reranker=self._reranker,
        )
        return Explanation(
            passage=passage,
            shares=shares[0],
            runner_up=runner_up,
            lead=explanation.lead(*shares) if len(shares) > 1 else (),
        )

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return self._index.article_count

    def article(self, article: str) -> Article | None:
        """The article of this id; None when it is not in the index."""
        found = self._index.find(article)
        return None if found is None else found.record

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""
        return self._index.labels(facet)

    def articles(
        self, limit: int | None = None, *, start: int = 0, label: FacetLabel | None = None
    ) -> Sequence[Article]:
        """All articles, or as many from `start`, newest first; with a label, of those that bear it."""
        return self._selected(Selection(label=label), limit, start).articles

    def news_request(self, text: str, today: dt.date) -> NewsRequest | None:
        """What is wanted of the news; None for a question that a sentence answers."""
        return news_request(text, today, self._index.newest)

    def news(self, wanted: NewsRequest, limit: int | None = None, start: int = 0) -> Listing:
        """The newest articles that are wanted, or as many from `start`."""
        return self._selected(news.selection(wanted, self._index, self._interpreter), limit, start)

    def _selected(self, selection: Selection, limit: int | None, start: int) -> Listing:
        """The articles of a selection, or as many from `start`."""
        articles, total = self._stored(selection, sys.maxsize if limit is None else start + limit)
        return Listing(articles=tuple(article.record for article in articles[start:]), total=total)

    def _stored(self, selection: Selection, most: int) -> tuple[list[StoredArticle], int]:
        """The first articles of a selection, as many as `most`, and how many there are."""
        page = self._index.select(selection, min(most, LISTED))
        articles, total = list(page.articles), page.total
        while page.following is not None and len(articles) < most:
            page = self._index.select(selection, min(most - len(articles), LISTED), page.following)
            articles += page.articles
        return articles, total

    def telling_of(self, subject: str, most: int) -> tuple[Question, Sequence[StoredArticle]]:
        """A subject as a question, and the articles that hold its words: the newest, as many as `most`."""
        question = self._interpreter.interpret(well_formed(subject))
        if question.is_empty:
            return question, ()
        selection = news.selection(NewsRequest(subject=question.understood), self._index, self._interpreter)
        return question, self._stored(selection, most)[0]

    def asked(self, text: str) -> Asked:
        """A question as sentences are bound to it, with how rare its words are in the corpus."""
        question = self._interpreter.interpret(well_formed(text))
        words = tuple(dict.fromkeys(term.token for term in question.terms.get(Stream.WORD, ())))
        counts = self._index.frequencies({Stream.WORD: words})[Stream.WORD] if words else ()
        frequencies = dict(zip(words, counts, strict=True))
        return weighed(question, frequencies, self._index.sentence_count, self._tokeniser)

    def sample(self, most: int) -> Sequence[StoredArticle]:
        """At most so many articles, spread evenly; the same for the same corpus."""
        return self._index.sample(most)

    def _ranked(self, evidence: Evidence, scores: SentenceScores, question: Question) -> list[Hit]:
        hits = second_stage.rank(evidence, question, scores, self._reranker)
        return bound(evidence, question, hits, self._tokeniser)

    def _is_old(self, evidence: Evidence, hits: Sequence[Hit]) -> bool:
        """Whether the first hit was published long before the newest article."""
        published = evidence.articles[hits[0].article].record.published if hits else None
        newest = self._index.newest
        return published is not None and newest is not None and newest - published > LONG_PAST

    def _passages(self, evidence: Evidence, question: Question, hits: Sequence[Hit]) -> Iterator[Passage]:
        """The passages of the hits; of sentences that differ in nothing that is said, only the first."""
        seen: set[str] = set()
        asked = Gap(question)
        for hit in hits:
            article, score = evidence.articles[hit.article], round(hit.score, SCORE_DECIMALS)
            said = UNSPOKEN.sub("", article.text(hit.sentence))
            if said not in seen:
                seen.add(said)
                at, found = len(seen), hit.binding and hit.binding.fit
                yield passages.passage(asked, article, hit.sentence, place=at, score=score, found=found)

    def _unmet(self, evidence: Evidence, question: Question, hits: Sequence[Hit]) -> tuple[Unmet, ...]:
        """What the question insists on and the best sentence with what surrounds it does not speak of."""
        if not hits or not question.demands:
            return ()
        best = said(evidence.articles[hits[0].article], hits[0].sentence, question.demands)
        return unmet(question, question.demands, best, self._tokeniser)

    def _suggestions(
        self,
        evidence: Evidence,
        question: Question,
        hits: Sequence[Hit],
        excluded: Collection[str],
        filters: Filters,
    ) -> tuple[str, ...]:
        """Questions near to a declined one that are answered from the sentences they were made of."""
        found = [(evidence.articles[hit.article], hit.sentence) for hit in hits]
        near = islice(suggestions.suggestions(question, found), suggestions.PROPOSED)
        return tuple(one.text for one in near if self._answers(one, excluded, filters))

    def examples(self, limit: int) -> tuple[str, ...]:
        """Questions to begin with that this corpus answers; found once, for the index stays as it is."""
        return self._examples[:limit]

    @cached_property
    def _examples(self) -> tuple[str, ...]:
        made = islice(examples.examples(self._index), examples.TRIED)
        answered = (one.text for one in made if self._answers(one, (), EVERYTHING))
        return tuple(islice(answered, examples.MOST))

    def linked(self, url: str) -> Article | None:
        """The article that a link leads to; None when it is not in the index."""
        return linked(self._index, url)

    def under_links(self, urls: Collection[str]) -> tuple[Article, ...]:
        """The articles that have one of these links."""
        return under_links(self._index, urls)

    def related(self, answer: Answer, *, filters: Filters = EVERYTHING) -> tuple[str, ...]:
        """Questions near to one that was answered, which are answered from other sentences than it was."""
        question = self._interpreter.reinterpret(answer.question, answer.understood)
        others = ((self._index.find(passage.article), passage.sentence) for passage in answer.passages[1:])
        found = [(article, sentence) for article, sentence in others if article is not None]
        near = islice(suggestions.suggestions(question, found), suggestions.TRIED)
        answered = (one.text for one in near if self._answers(one, (), filters))
        return tuple(islice(answered, suggestions.MOST))

    def _answers(self, asked: Suggestion, excluded: Collection[str], filters: Filters) -> bool:
        """Whether a question is answered, and first from where it should be."""
        answer = self.ask(asked.text, limit=1, excluded=excluded, filters=filters, suggest=False)
        return answer.answered and any(
            passage.article == asked.article.id and passage.sentence in asked.sentences
            for passage in answer.passages
        )

    def _reason(
        self,
        evidence: Evidence,
        question: Question,
        hits: Sequence[Hit],
        missing: Sequence[Unmet],
    ) -> Reason:
        """Why a question is declined whose best sentence misses something."""
        years = cache(lambda article: years_of(evidence.articles[article]))
        return refusals.reason(
            question,
            hits,
            missing,
            lambda hit: years(hit.article).of_sentence(hit.sentence),
            is_near=but_for_lacks(hits, is_alone=len(evidence.articles) == 1) >= self._confident,
            corpus_is_empty=not self._index.article_count,
        )


def _line(evidence: Evidence, hit: Hit) -> str:
    """The clause of a hit that tells of its part of the answer."""
    text = evidence.articles[hit.article].text(hit.sentence)
    told = [clause for clause in CLAUSE.findall(text) if hit.part in compared(clause)]
    return max(told, key=lambda clause: any(map(str.isdigit, clause)), default=text).strip()


def _row(evidence: Evidence, passage: Passage) -> int:
    """The row of the evidence that a passage is; -1 when it is not among it."""
    for place, article in enumerate(evidence.articles):
        if article.id == passage.article:
            return int(evidence.first[place]) + passage.sentence
    return -1


def _digest(parts: Sequence[object]) -> str:
    content = JSON.encode(parts).encode(errors="surrogatepass")
    return hashlib.blake2b(content, digest_size=6).hexdigest()
