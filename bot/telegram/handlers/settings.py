"""All that a chat can choose, in one menu, with the words that choose it too."""

from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardMarkup, Update

from bot.layout.responder import limits
from bot.store import ChatSettings
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.preferences import NAMES, Preferences
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.messages.sending import send
from bot.telegram.order import Context

SETTING: Final = "st"
MENU, FILTER, LANGUAGE, HISTORY = "menu", "filter", "language", "history"
"""What a button shows: the menu, or the page of one setting."""


class Settings:
    """Shows the menu.

    Args:
        desk: what the handlers share.
        preferences: shows the page of each setting.
    """

    def __init__(self, desk: HandlerContext, preferences: Preferences) -> None:
        self._desk = desk
        self._preferences = preferences

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {SETTING: self._show}

    async def settings(self, update: Update, _context: Context) -> None:
        """Show what is chosen, and offer to choose."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        chosen = await self._desk.memory.settings(message.chat_id)
        await send(message, _said(voice, chosen), _menu(voice, message.chat_id))

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
        else:
            await press.show(_said(voice, chosen), _menu(voice, chat))


def _said(voice: Voice, chosen: ChatSettings) -> str:
    """What is chosen, in words."""
    phrases = voice.phrases
    language = NAMES[chosen.language] if chosen.language else phrases["button_own_language"]
    filters = limits(chosen.filters, phrases) or phrases["everything"]
    return voice.responder.safe(phrases["settings"].format(filter=filters, language=language))


def _menu(voice: Voice, chat: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [
                voice.keyboards.button(chat, voice.phrases[f"setting_{page}"], SETTING, page)
                for page in (FILTER, LANGUAGE, HISTORY)
            ]
        ]
    )
