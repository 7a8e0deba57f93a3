"""Inline mode: a question in any chat gives passages to send there, each with its source.

Nothing in an answer is personal: Telegram shows it to whoever asks the same within the next minutes. So there
is no follow-up, no filter of a chat, and the few words of the interface are in the corpus's language.
"""

import asyncio
from typing import Final

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.conversation.replies import Kind, Reply
from bot.layout.language import Language
from bot.layout.responder import Responder
from bot.layout.words import name, site
from bot.telegram.desk import HandlerContext
from bot.telegram.messages import links
from bot.telegram.messages.addressing import question_of
from bot.telegram.messages.sending import NO_PREVIEW, logger
from bot.telegram.order import Context
from retrieval.models import Answer, Passage

PAGE: Final = 10
MOST: Final = 50
"""Passages that can be paged to."""
CACHE_SECONDS: Final = 300
TITLE: Final = 60
DESCRIPTION: Final = 120
"""Code points of what a result shows before it is chosen."""


class Inline:
    """Answers inline queries.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._responder = Responder(Language.HANS)

    async def asked(self, update: Update, _context: Context) -> None:
        """Answer a query with a page of passages."""
        query = update.inline_query
        if query is None:
            return
        first = int(query.offset) if query.offset.isdecimal() else 0
        answer = await asyncio.to_thread(self._ask, query.query, first + PAGE + 1)
        found = answer.passages if answer and answer.answered else ()
        page = found[first : first + PAGE]
        username = query.get_bot().username
        results = [self._result(answer, passage, username) for passage in page if answer]
        following = str(first + PAGE) if len(found) > first + PAGE and first + PAGE < MOST else ""
        await _answer(query, results, following, self._button(answer, first), self._is_restricted())

    async def invited(self, update: Update, _context: Context) -> None:
        """Answer a question in a chat that the bot is not in, where somebody called it."""
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            return
        bot = message.get_bot()
        answer = await asyncio.to_thread(self._ask, question_of(message), 1)
        if answer is not None and answer.passages and (answer.answered or answer.likely):
            result = self._result(answer, answer.passages[0], bot.username)
        else:
            text = self._responder.phrase("inline_nothing" if answer else "inline_empty")
            result = InlineQueryResultArticle("nothing", text, InputTextMessageContent(text))
        try:
            await bot.answer_guest_query(message.guest_query_id, result)
        except BadRequest as error:
            logger.info("a guest was answered too late: %s", error)

    def _ask(self, text: str, limit: int) -> Answer | None:
        if not text.strip():
            return None
        # It comes anew with every letter: questions to ask instead have no place, and cost as much as five.
        return self._desk.retriever.ask(text, None, min(limit, MOST), suggest=False)

    def _is_restricted(self) -> bool:
        """Whether not everybody may see an answer: then Telegram keeps it for who asked."""
        return bool(self._desk.access.allowed)

    def _button(self, answer: Answer | None, first: int) -> InlineQueryResultsButton | None:
        """What is said above the results, where there are none."""
        if first or (answer is not None and answer.answered):
            return None
        phrase = "inline_nothing" if answer else "inline_empty"
        return InlineQueryResultsButton(self._responder.phrase(phrase), start_parameter="inline")

    def _result(self, answer: Answer, passage: Passage, username: str) -> InlineQueryResultArticle:
        kind = Kind.ANSWER if answer.answered else Kind.LIKELY
        reply = Reply(kind=kind, answer=answer, passages=(passage,))
        link = links.to_sentence(username, passage.article, passage.sentence)
        label = self._responder.phrase("button_context")
        source = " · ".join(filter(None, [site(passage.url), str(passage.published or "")]))
        return InlineQueryResultArticle(
            id=f"{passage.article}-{passage.sentence}",
            title=name(passage.text, TITLE) or self._responder.phrase("untitled"),
            description=name(f"{passage.title}\n{source}", DESCRIPTION),
            input_message_content=InputTextMessageContent(
                self._responder.telegram(reply), parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
            ),
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(label, url=link)]]),
        )


async def _answer(
    query: InlineQuery,
    results: list[InlineQueryResultArticle],
    following: str,
    button: InlineQueryResultsButton | None,
    is_personal: bool,  # noqa: FBT001 - named by Telegram
) -> None:
    """Answer a query; one that waited too long cannot be answered any more."""
    try:
        await query.answer(
            results,
            cache_time=CACHE_SECONDS,
            is_personal=is_personal,
            next_offset=following,
            button=button,
        )
    except BadRequest as error:
        logger.info("an inline query was answered too late: %s", error)
