"""What every handler works with: the corpus, the memory, a voice in each language, who may do what."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from telegram import Bot, Message, Update, User
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.conversation.conversation import AnswerSource
from bot.layout.language import Language, phrases
from bot.layout.responder import Responder
from bot.store import Store, now
from bot.telegram.memory import Memory
from bot.telegram.messages.addressing import is_private
from bot.telegram.messages.keyboards import Keyboards
from bot.telegram.messages.shelves import FACETS, Shelf
from bot.telegram.messages.signing import Signer
from bot.telegram.rights import Access, Rights
from retrieval.corpus.problem_log import Problems
from retrieval.index.protocol import Update as Changes
from retrieval.insight.watching import Answers, Seen
from retrieval.language.scripts import traditional
from retrieval.models import EVERYTHING, Answer, Article, Facet, FacetLabel, Filters, Passage

logger = logging.getLogger(__name__)


class Corpus(AnswerSource, Protocol):
    """What the handlers need of a retriever that can be brought up to date."""

    @property
    def article_count(self) -> int:
        """See `Retriever.article_count`."""

    def articles(
        self, limit: int | None = None, *, start: int = 0, label: FacetLabel | None = None
    ) -> Sequence[Article]:
        """All articles, or as many from `start`, newest first; with a label, of those that bear it."""

    def under_links(self, urls: Collection[str]) -> tuple[Article, ...]:
        """The articles that have one of these links."""

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""

    def passage(self, answer: Answer, article: str, sentence: int) -> Passage | None:
        """Any sentence, marked as a passage of an answer; None when its article is gone."""

    def related(self, answer: Answer, *, filters: Filters = EVERYTHING) -> tuple[str, ...]:
        """Questions near to one that was answered, which are answered from other sentences than it was."""

    @property
    def editions(self) -> int:
        """How often the corpus was read anew."""

    def arrived(self, unseen: Callable[[Iterable[str]], Collection[str]]) -> Collection[str]:
        """The ids of the articles that nobody saw yet, by what tells of all which were not seen."""

    def new_answers(
        self,
        question: str,
        filters: Filters,
        arrived: Collection[str],
        known: Sequence[Passage],
        *,
        seen: Seen,
    ) -> Answers:
        """What of the articles that came answers a question, besides what was known."""

    def look_up(self, text: str) -> Answer:
        """The best passage for a question; nobody is told that it was asked."""

    def groups(self, questions: Sequence[str]) -> Sequence[Sequence[int]]:
        """The places of the questions that are alike, group by group."""

    def reload(self) -> tuple[Changes, Problems]:
        """Read the records again and answer from them; what came of it, and the records' problems."""

    def index_changed(self, paths: Collection[Path]) -> tuple[Changes, Problems]:
        """Answer from record files that came, changed or went; what came of it, and their problems."""


@dataclass(frozen=True)
class Limits:
    """How often somebody may ask in a minute, 0 for as often as they like.

    A group's limit is by default Telegram's own for what a bot sends there. Buttons and inline queries, which
    come with every letter typed, have limits of their own that follow the user's.
    """

    user: int = 20
    group: int = 20
    notice: float = 5.0
    """Seconds between two notices that somebody asks too fast."""
    watches: int = 20
    """Questions that a chat may watch."""

    @property
    def buttons(self) -> int:
        """Buttons that somebody may press in a minute."""
        return 3 * self.user

    @property
    def inline(self) -> int:
        """Inline queries that somebody may make in a minute."""
        return 6 * self.user


@dataclass(frozen=True)
class Voice:
    """How the bot speaks in one language: layouts, fixed texts and buttons."""

    responder: Responder
    phrases: Mapping[str, str]
    keyboards: Keyboards


class HandlerContext:
    """What the handlers share.

    Args:
        retriever: what is asked.
        token: the bot's.
        store: what outlasts the process.
        uploads: the folder of record files that admins sent.
        access: who may do what.
        limits: how often somebody may ask.
        clock: tells this moment.
    """

    def __init__(
        self,
        retriever: Corpus,
        token: str,
        *,
        store: Store,
        uploads: Path,
        access: Access | None = None,
        limits: Limits | None = None,
        clock: Callable[[], dt.datetime] = now,
    ) -> None:
        self.retriever = retriever
        self.now = clock
        self.store = store
        self.memory = Memory(store)
        self.access = access or Access()
        self.rights = Rights(self.access)
        self.limits = limits or Limits()
        self.uploads = uploads
        self.signer = Signer(token)
        self.voices = {
            language: Voice(
                Responder(language),
                phrases(language),
                Keyboards(self.signer, phrases(language), traditional if language is Language.HANT else str),
            )
            for language in Language
        }

    async def labels(self, shelf: Shelf) -> Mapping[str, int]:
        """The labels of a shelf, and how many articles bear each."""
        return await asyncio.to_thread(self.retriever.labels, FACETS[shelf])

    async def voice(self, chat: int | None, user: User | None) -> Voice:
        """The voice for somebody in a chat: of the language chosen there, or else of their own."""
        chosen = (await self.memory.settings(chat)).language if chat is not None else None
        return self.voices[chosen or Language.of(user.language_code if user else None)]

    async def voice_for(self, message: Message) -> Voice:
        """The voice to answer a message in."""
        return await self.voice(message.chat_id, message.from_user)

    async def tell_admins(
        self, bot: Bot, phrase: str, *, besides: int | None = None, **values: object
    ) -> None:
        """Tell the admins something, those who have begun a chat with the bot, one left aside."""
        for admin in sorted(self.access.admins - {besides}):
            voice = await self.voice(admin, None)
            told = voice.responder.safe(voice.phrases[phrase].format(**values))
            try:
                await bot.send_message(admin, told, parse_mode=ParseMode.HTML)
            except TelegramError as error:
                logger.info("an admin is not told: %s", error)


def is_brief(message: Message) -> bool:
    """Whether answers are short where a message stands: in groups they leave room for others."""
    return not is_private(message)


def message_of(update: Update) -> Message:
    """The message of an update that a handler here was given."""
    if update.effective_message is None:
        raise TypeError("an update without a message")
    return update.effective_message
