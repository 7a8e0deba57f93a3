"""Telegram's updates: what people write, press, type inline, edit and send, and what the bot does with it.

In a group only what is addressed to the bot is answered: a mention, a reply to it, a command.
"""

from bot.handlers.desk import Access, Corpus, Desk, Limits
from bot.handlers.menu import introduction
from bot.handlers.registry import ALLOWED_UPDATES, Handlers

__all__ = ["ALLOWED_UPDATES", "Access", "Corpus", "Desk", "Handlers", "Limits", "introduction"]
