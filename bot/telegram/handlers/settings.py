"""All that a chat can choose, in one menu, with the words that choose it too."""

from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardMarkup, Update

from bot.layout.responder import limits
from bot.store import ChatSettings
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.digests import Digests
from bot.telegram.handlers.hours import Hours, quiet_said
from bot.telegram.handlers.preferences import NAMES, Preferences
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.hours import zone_name
from bot.telegram.messages.sending import send
from bot.telegram.order import Context

SETTING: Final = "st"
MENU, FILTER, LANGUAGE, HISTORY, DIGEST, HOURS = "menu", "filter", "language", "history", "digest", "hours"
"""What a button shows: the menu, or the page of one setting."""


class Settings:
    """Shows the menu.

    Args:
        desk: what the handlers share.
        preferences: shows the pages of filter, language and what is stored.
        digests: shows that of the digest.
        hours: shows that of zone and quiet hours.
    """

    def __init__(
        self, desk: HandlerContext, preferences: Preferences, digests: Digests, hours: Hours
    ) -> None:
        self._desk = desk
        self._preferences = preferences
        self._digests = digests
        self._hours = hours

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {SETTING: self._show}

    async def settings(self, update: Update, _context: Context) -> None:
        """Show what is chosen, and offer to choose."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        chosen = await self._desk.memory.settings(message.chat_id)
        said = await self._said(voice, message.chat_id, chosen)
        await send(message, said, _menu(voice, message.chat_id))

    async def _show(self, press: Press) -> None:
        """Show the page of a setting in the place of the menu."""
        page, voice, chat = press.arguments[0], press.voice, press.chat
        chosen = await self._desk.memory.settings(chat)
        await press.say()
        if page == FILTER:
            await press.show(*self._preferences.filter_page(voice, chat, chosen.filters))
        elif page == LANGUAGE:
            await press.show(*self._preferences.language_page(voice, chat))
        elif page == HISTORY and press.private:
            await press.show(*await self._preferences.history_page(voice, chat, press.user.id))
        elif page == HISTORY:
            await press.show(voice.phrases["privacy"])
        elif page == DIGEST:
            await press.show(*await self._digests.page(voice, chat))
        elif page == HOURS:
            await press.show(*self._hours.page(voice, chat, chosen))
        else:
            await press.show(await self._said(voice, chat, chosen), _menu(voice, chat))

    async def _said(self, voice: Voice, chat: int, chosen: ChatSettings) -> str:
        """What is chosen, in words."""
        phrases = voice.phrases
        text = phrases["settings"].format(
            filter=limits(chosen.filters, phrases) or phrases["everything"],
            language=NAMES[chosen.language] if chosen.language else phrases["button_own_language"],
            digest=await self._digests.in_short(voice, chat),
            zone=zone_name(chosen.zone, phrases),
            quiet=quiet_said(voice, chosen),
        )
        return voice.responder.safe(text)


def _menu(voice: Voice, chat: int) -> InlineKeyboardMarkup:
    rows = ((FILTER, LANGUAGE, HISTORY), (DIGEST, HOURS))
    return InlineKeyboardMarkup(
        [
            [voice.keyboards.button(chat, voice.phrases[f"setting_{page}"], SETTING, page) for page in row]
            for row in rows
        ]
    )
