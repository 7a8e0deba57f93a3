"""Telegram's updates: what people write, press, type inline, edit and send, and what the bot does with it.

In a group only what is addressed to the bot is answered: a mention, a reply to it, a command.
"""

from bot.telegram.desk import Corpus, HandlerContext, Limits
from bot.telegram.handlers.all import ALLOWED_UPDATES, Handlers
from bot.telegram.handlers.menu import introduction
from bot.telegram.rights import Access

__all__ = ["ALLOWED_UPDATES", "Access", "Corpus", "HandlerContext", "Handlers", "Limits", "introduction"]
