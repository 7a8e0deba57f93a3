"""Commands that ask about the bot."""

from telegram import Update

from bot.chats import Context
from bot.conversation import Conversation
from bot.handlers.desk import Desk, message_of
from bot.handlers.sending import send


class Commands:
    """Says what the bot is.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, update: Update, _context: Context) -> None:
        """Say what this bot is."""
        await self._tell(update, "start")

    async def help(self, update: Update, _context: Context) -> None:
        """Say what can be asked."""
        await self._tell(update, "help")

    async def unknown(self, update: Update, _context: Context) -> None:
        """Say that there is no such command."""
        await self._tell(update, "unknown_command")

    async def sources(self, update: Update, _context: Context) -> None:
        """List the articles."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        await send(message, voice.responder.telegram(Conversation(self._desk.retriever).sources()))

    async def _tell(self, update: Update, phrase: str) -> None:
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        await send(message, voice.responder.phrase(phrase))
