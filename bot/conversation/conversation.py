"""One chat: a question, its follow-ups, and what a reader asks about an answer, each giving a `Reply`.

A `Reply` says what to show, not how: `bot.layout` lays it out. All that a chat remembers is its `State`,
a small value that can be stored as JSON and given back after a restart.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final, Protocol

from bot.conversation import insights
from bot.conversation.insights import InsightSource
from bot.conversation.intents import Intent, Wish, intent
from bot.conversation.replies import Kind, Reply, State
from bot.conversation.small_talk import small_talk
from retrieval.language.sentences import split
from retrieval.models import (
    EVERYTHING,
    Answer,
    Article,
    ContextSentence,
    Explanation,
    Filters,
    Listing,
    NewsRequest,
    Passage,
    Period,
)
from retrieval.regex import regex

LONGEST: Final = 300
"""Code points of a text that is taken whole; no question is longer."""
LINK: Final = regex(r"https?://\S+", re.IGNORECASE)
KEPT: Final = 150
"""Code points of the first sentences that are asked in the place of a longer one."""


def beginning(text: str) -> str:
    """The text itself; of one too long for a question, the last sentence that asks, else the first few."""
    if len(text) <= LONGEST:
        return text
    pieces = [text[sentence.start : sentence.end] for sentence in split(text)]
    asking = [piece for piece in pieces if piece.endswith(("?", "？")) and len(piece) <= LONGEST]
    if asking:
        return asking[-1]
    kept = ""
    for piece in pieces:
        if kept and len(kept) + len(piece) > KEPT:
            break
        kept += piece
    return kept[:KEPT]


FIRST = 3
"""Passages in the first reply: the best one, and two more that are folded."""
NEXT = 3
"""Passages in each reply to "more"."""
ARTICLES = 5
"""Articles of a list of news."""
SOURCES = 20
"""Articles listed at once."""
WELCOMES = 2
"""Example questions in a welcome."""


class AnswerSource(InsightSource, Protocol):
    """What a conversation needs of a retriever."""

    def ask(
        self,
        text: str,
        previous: str | None = None,
        limit: int = 10,
        *,
        filters: Filters = EVERYTHING,
        suggest: bool = True,
    ) -> Answer:
        """The answer to a question, completed from the one before it where it is a follow-up.

        One that is declined may come with others that are not.
        """

    def context(self, passage: Passage, around: int = 2) -> tuple[ContextSentence, ...]:
        """The sentences around a passage, its heading first."""

    def explain(self, answer: Answer, rank: int = 1, *, filters: Filters = EVERYTHING) -> Explanation | None:
        """Why the passage of this rank has its score."""

    def article(self, article: str) -> Article | None:
        """The article of this id."""

    def examples(self, limit: int) -> tuple[str, ...]:
        """Questions to begin with that the corpus answers."""

    def linked(self, url: str) -> Article | None:
        """The article that a link leads to; None when it is not in the corpus."""

    def news_request(self, text: str, today: dt.date) -> NewsRequest | None:
        """What is wanted of the news; None for a question that a sentence answers."""

    def news(self, wanted: NewsRequest, limit: int | None = None, start: int = 0) -> Listing:
        """The newest articles that are wanted, or as many from `start`."""


def today() -> dt.date:
    """The date here."""
    return dt.datetime.now().astimezone().date()


class Conversation:
    """One chat over a corpus.

    Args:
        retriever: what is asked.
        state: what the chat remembers, when it goes on after a restart.
        today: tells the date that 昨天 counts from.
    """

    def __init__(
        self, retriever: AnswerSource, state: State | None = None, today: Callable[[], dt.date] = today
    ) -> None:
        self.state = state or State()
        self._today = today
        self._retriever = retriever

    def welcome(self) -> Reply:
        """A greeting, with questions that this corpus answers."""
        return Reply(kind=Kind.WELCOME, questions=self._retriever.examples(WELCOMES))

    def ask(self, text: str) -> Reply:
        """Answer a question, as a follow-up to the last one where it is one; or grant a wish, or chat along.

        What is no question changes nothing of what the chat remembers.
        """
        text = text.encode(errors="replace").decode()  # a terminal may hand over half a character
        if reply := self._unasked(text):
            return reply
        asked = beginning(text)
        answer = self._retriever.ask(asked, self.state.understood, filters=self.state.filters)
        if _is_for(answer, "empty_question"):
            return Reply(kind=Kind.EMPTY)
        # A slip of the keyboard is nothing that the next question could follow up on.
        understood = self.state.understood if _is_for(answer, "no_match") else answer.understood
        state = self.state.model_copy(
            update={
                "previous": self.state.understood,
                "understood": understood,
                "answer": answer,
                "shortened": asked != text,
                "news": None,
            }
        )
        reply = self._beside(_first(state, _distinct(answer)))
        self.state = state.model_copy(update={"shown": len(reply.passages)})
        return reply

    def _unasked(self, text: str) -> Reply | None:
        """The reply to what is no question that a sentence answers; None where it is one."""
        if wanted := intent(text):
            return self._granted(wanted)
        if talk := small_talk(text):
            return Reply(kind=Kind.SMALL_TALK, talk=talk)
        if LINK.fullmatch(text.strip()):
            return self.article(text.strip())
        if news := self._retriever.news_request(text, self._today()):
            return self.news(news)
        return insights.insight(self._retriever, text)

    def latest(self, subject: str = "") -> Reply:
        """List the newest articles of a subject, a time, or both: 华为, 6月, 昨天 芯片."""
        wanted = self._retriever.news_request(f"{subject}的新闻", self._today()) if subject else None
        return self.news(wanted or NewsRequest(subject=subject))

    def news(self, wanted: NewsRequest, first: int = 1) -> Reply:
        """List the newest articles that are wanted, from a number on; of any time where there are none."""
        found = self._retriever.news(wanted, ARTICLES, first - 1)
        if missed := not found.total and wanted.period != Period():
            wanted = wanted.model_copy(update={"period": Period()})
            found = self._retriever.news(wanted, ARTICLES, first - 1)
        self.state = self.state.model_copy(update={"news": wanted, "listed": first - 1 + len(found.articles)})
        return Reply(
            kind=Kind.NEWS,
            articles=found.articles,
            first=first,
            total=found.total,
            news=wanted,
            missed=missed,
        )

    def article(self, url: str) -> Reply:
        """Show the article that a link leads to."""
        article = self._retriever.linked(url)
        return Reply(kind=Kind.ARTICLE, articles=(article,)) if article else Reply(kind=Kind.UNKNOWN_LINK)

    def _granted(self, wanted: Intent) -> Reply:
        """What is wished."""
        match wanted.wish:
            case Wish.MORE:
                return self.more()
            case Wish.WHY:
                return self.why(wanted.number)
            case Wish.CONTEXT:
                return self.context(wanted.number)
            case Wish.HELP:
                return Reply(kind=Kind.HELP)
            case Wish.LEAVE:
                return Reply(kind=Kind.LEAVE)

    def again(self) -> Reply:
        """The first reply to the last question once more, as far as its articles are still there."""
        answer = self.state.answer
        if answer is None:
            return Reply(kind=Kind.NOTHING_ASKED)
        if not answer.passages:
            return _first(self.state, ())
        present = self._present(_distinct(answer))
        return self._beside(_first(self.state, present)) if present else Reply(kind=Kind.GONE, answer=answer)

    def _beside(self, reply: Reply) -> Reply:
        """A reply with what other articles say of the figure that it answers with."""
        if reply.kind is not Kind.ANSWER or reply.answer is None:
            return reply
        figures = self._retriever.figures(reply.answer, filters=self.state.filters)
        return reply.model_copy(update={"figures": figures})

    def compare(self) -> Reply:
        """Show what other articles say of the figure of the last answer."""
        answer = self.state.answer
        if answer is None:
            return Reply(kind=Kind.NOTHING_ASKED)
        figures = self._retriever.figures(answer, filters=self.state.filters)
        kind = Kind.COMPARISON if figures else Kind.NO_COMPARISON
        return Reply(kind=kind, answer=answer, passages=_distinct(answer)[:1], figures=figures)

    def timeline(self, subject: str, first: int | None = None) -> Reply:
        """See `insights.timeline`."""
        return insights.timeline(self._retriever, subject, first)

    def trend(self, subject: str) -> Reply:
        """See `insights.trend`."""
        return insights.trend(self._retriever, subject)

    def overview(self) -> Reply:
        """See `insights.overview`."""
        return insights.overview(self._retriever)

    def page(self, first: int) -> Reply:
        """Show the passages from a number on, whatever was shown before."""
        answer = self.state.answer
        if answer is None:
            return Reply(kind=Kind.NOTHING_ASKED)
        passages = _distinct(answer)
        shown = passages[first - 1 : first - 1 + NEXT] if first > 0 else ()
        if not shown:
            return Reply(kind=Kind.NO_MORE if passages else Kind.NO_PASSAGE, answer=answer)
        present = self._present(shown)
        return Reply(
            kind=Kind.MORE if present else Kind.GONE,
            answer=answer,
            filters=self.state.filters,
            passages=present,
            first=first,
            remaining=max(len(passages) - (first - 1) - len(shown), 0),
        )

    def _present(self, passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
        """The passages whose articles are in the index."""
        there = {p.article: bool(self._retriever.context(p, 0)) for p in passages}
        return tuple(passage for passage in passages if there[passage.article])

    def more(self) -> Reply:
        """Show the next passages of the last answer, or the next articles where these were listed."""
        if self.state.news is not None:
            reply = self.news(self.state.news, self.state.listed + 1)
            return reply if reply.articles else Reply(kind=Kind.NO_MORE)
        reply = self.page(self.state.shown + 1)
        if reply.answer and reply.kind in {Kind.MORE, Kind.GONE}:
            shown = len(_distinct(reply.answer)) - reply.remaining
            self.state = self.state.model_copy(update={"shown": shown})
        return reply

    def context(self, number: int = 1) -> Reply:
        """Show the sentences around a passage, by the number it was shown with."""
        chosen = self.chosen(number)
        if isinstance(chosen, Kind):
            return Reply(kind=chosen)
        answer, passage = chosen
        context = self._retriever.context(passage)
        kind = Kind.CONTEXT if context else Kind.GONE
        return Reply(kind=kind, answer=answer, passages=(passage,), first=number, context=context)

    def figures(self, number: int = 1) -> Reply:
        """Show what each word adds to the score of a passage, by the number it was shown with."""
        reply = self.why(number)
        return reply.model_copy(update={"kind": Kind.FIGURES}) if reply.kind is Kind.WHY else reply

    def why(self, number: int = 1) -> Reply:
        """Explain why a passage was chosen, by the number it was shown with."""
        chosen = self.chosen(number)
        if isinstance(chosen, Kind):
            return Reply(kind=chosen)
        answer, passage = chosen
        explanation = self._retriever.explain(answer, passage.rank, filters=self.state.filters)
        kind = Kind.WHY if explanation else Kind.GONE
        return Reply(kind=kind, answer=answer, passages=(passage,), first=number, explanation=explanation)

    def sources(self, first: int = 1) -> Reply:
        """List the articles of the corpus from a number on, the newest first."""
        wanted = NewsRequest()
        found = self._retriever.news(wanted, SOURCES, max(first - 1, 0))
        if not found.articles:
            return Reply(kind=Kind.NO_SUCH if found.total else Kind.NO_SOURCES)
        listed = first - 1 + len(found.articles)
        self.state = self.state.model_copy(update={"news": wanted, "listed": listed})
        return Reply(kind=Kind.SOURCES, articles=found.articles, first=first, total=found.total)

    def opened(self, number: int = 1) -> Reply:
        """Show the article of a passage, by the number it was shown with, or that of a list shown last."""
        if self.state.news is not None:
            found = self._retriever.news(self.state.news, 1, number - 1).articles if number > 0 else ()
            return Reply(kind=Kind.ARTICLE, articles=found) if found else Reply(kind=Kind.NO_SUCH)
        chosen = self.chosen(number)
        if isinstance(chosen, Kind):
            return Reply(kind=chosen)
        article = self._retriever.article(chosen[1].article)
        return Reply(kind=Kind.ARTICLE, articles=(article,)) if article else Reply(kind=Kind.GONE)

    def limit(self, filters: Filters) -> None:
        """Keep to some of the articles from now on."""
        self.state = self.state.model_copy(update={"filters": filters})

    def chosen(self, number: int = 1) -> tuple[Answer, Passage] | Kind:
        """The last answer and its passage of this number, or the reply that says why there is none."""
        answer = self.state.answer
        if answer is None:
            return Kind.NOTHING_ASKED
        passages = _distinct(answer)
        if not passages:
            return Kind.NO_PASSAGE
        if not 1 <= number <= min(self.state.shown, len(passages)):
            return Kind.NO_SUCH
        return answer, passages[number - 1]


def number_of(answer: Answer, passage: Passage) -> int:
    """The number that a passage of an answer is known by, from 1, whichever of them are shown."""
    return next((n for n, one in enumerate(_distinct(answer), 1) if one.rank == passage.rank), 1)


def _first(state: State, passages: tuple[Passage, ...]) -> Reply:
    """The first reply to a state's question, with these passages to show."""
    kind = _kind(state.answer)
    shown = passages[: FIRST if kind is Kind.ANSWER else 1]
    return Reply(
        kind=kind,
        answer=state.answer,
        passages=shown,
        remaining=len(passages) - len(shown),
        questions=state.answer.suggestions if state.answer and kind is not Kind.ANSWER else (),
        shortened=state.shortened,
        filters=state.filters,
    )


def _kind(answer: Answer | None) -> Kind:
    """How the first reply to a question is laid out."""
    if answer is not None and answer.answered:
        return Kind.ANSWER
    return Kind.LIKELY if answer is not None and answer.likely and answer.passages else Kind.DECLINED


def _is_for(answer: Answer, code: str) -> bool:
    """Whether an answer was declined for this reason."""
    return not answer.answered and answer.reason is not None and answer.reason.code == code


def _distinct(answer: Answer) -> tuple[Passage, ...]:
    """The passages of an answer, each sentence once: copies of an article are printed in many places."""
    first: dict[str, Passage] = {}
    for passage in answer.passages:
        first.setdefault("".join(passage.text.split()), passage)
    if answer.answered or answer.likely:
        return tuple(first.values())
    return tuple(passage.model_copy(update={"highlights": ()}) for passage in first.values())
