"""What the conversation replies, as data."""

from enum import StrEnum

from bot.conversation.small_talk import SmallTalk
from retrieval.insight.figures import Figure
from retrieval.insight.overview import Overview
from retrieval.insight.timeline import Event
from retrieval.insight.trend import Trend
from retrieval.models import (
    EVERYTHING,
    Answer,
    Article,
    ContextSentence,
    Explanation,
    Filters,
    Model,
    NewsRequest,
    Passage,
)


class Kind(StrEnum):
    """What a reply is; those from EMPTY on are a fixed text."""

    WELCOME = "welcome"
    ANSWER = "answer"
    LIKELY = "likely"
    DECLINED = "declined"
    MORE = "more"
    CONTEXT = "context"
    WHY = "why"
    FIGURES = "figures"
    NEWS = "news"
    ARTICLE = "article"
    SOURCES = "sources"
    COMPARISON = "comparison"
    TIMELINE = "timeline"
    TREND = "trend"
    OVERVIEW = "overview"
    EMPTY = "empty"
    SMALL_TALK = "small_talk"
    HELP = "help"
    LEAVE = "bye"
    NOTHING_ASKED = "nothing_asked"
    NO_PASSAGE = "no_passage"
    NO_MORE = "no_more"
    NO_SUCH = "no_such"
    NO_SOURCES = "no_sources"
    GONE = "gone"
    UNKNOWN_LINK = "unknown_link"
    NO_COMPARISON = "no_comparison"
    NO_TIMELINE = "no_timeline"
    NO_TREND = "no_trend"
    NO_SUBJECT = "no_subject"


class Reply(Model):
    """What to show: a kind of reply and what it is about.

    `passages` are the ones shown, numbered from `first`; `remaining` says how many more could be. A passage
    that an answer was declined with is only near: nothing in it is highlighted. `questions` are proposed: to
    begin with, or in place of one that was declined. `articles` may be the newest of a `total`. `shortened`
    tells that only the beginning of a long text was asked. `talk` is the small talk that is replied to.
    `news` are what the articles were listed for; where there are none of these, `missed` tells that they are
    the newest of any time. `figures` are that of the answer and what other articles say of the same; `events`
    some of the `total` of a `subject`, numbered from `first`.
    """

    kind: Kind
    answer: Answer | None = None
    passages: tuple[Passage, ...] = ()
    first: int = 1
    remaining: int = 0
    context: tuple[ContextSentence, ...] = ()
    explanation: Explanation | None = None
    articles: tuple[Article, ...] = ()
    total: int = 0
    questions: tuple[str, ...] = ()
    shortened: bool = False
    filters: Filters = EVERYTHING
    talk: SmallTalk | None = None
    news: NewsRequest | None = None
    missed: bool = False
    figures: tuple[Figure, ...] = ()
    subject: str = ""
    events: tuple[Event, ...] = ()
    trend: Trend | None = None
    overview: Overview | None = None

    @property
    def phrase(self) -> str:
        """The name of the fixed text that a reply from EMPTY on is."""
        return f"talk_{self.talk}" if self.talk else self.kind

    @property
    def is_chatter(self) -> bool:
        """Whether it answers what nobody waits for an answer to; a group would rather not hear of it."""
        return self.talk is not None and not self.talk.wants_an_answer


class State(Model):
    """What a chat remembers: the last question understood, its answer, how many passages were shown.

    `previous` is the question understood before that one, from which it may have been completed: an edited
    question is completed from it again. `filters` say which articles its questions are about; `shortened`
    as in `Reply`. `news` were listed last, as many as `listed` says; None once something else was asked.
    """

    previous: str | None = None
    understood: str | None = None
    answer: Answer | None = None
    shown: int = 0
    filters: Filters = EVERYTHING
    shortened: bool = False
    news: NewsRequest | None = None
    listed: int = 0
