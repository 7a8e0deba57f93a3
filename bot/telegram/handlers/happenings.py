"""What happens around the messages: reactions, groups that become supergroups, comings and goings."""

from typing import Final

from telegram import ChatMember, Message, ReactionTypeEmoji, Update
from telegram.constants import ChatType

from bot.store import Verdict
from bot.telegram.desk import HandlerContext, message_of
from bot.telegram.messages.sending import send
from bot.telegram.order import Context
from bot.telegram.rates import Seldom

APPROVING: Final = frozenset("👍❤🔥🎉👏😁💯🏆⚡🙏👌🥰🤩😍🤝🆒")
DISAPPROVING: Final = frozenset("👎💩🤮😡🤬😢🤡💔🖕😭")
THERE: Final = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR}
ALBUM_SECONDS: Final = 60.0


class Happenings:
    """Takes note of them.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._albums = Seldom(ALBUM_SECONDS)

    async def reacted(self, update: Update, _context: Context) -> None:
        """Take a reaction to an answer as a rating, and its end as the end of that."""
        reaction = update.message_reaction
        if reaction is None or reaction.user is None:
            return
        signs = {one.emoji for one in reaction.new_reaction if isinstance(one, ReactionTypeEmoji)}
        if signs & DISAPPROVING:
            verdict: Verdict | None = Verdict.DOWN
        elif signs & APPROVING:
            verdict = Verdict.UP
        elif reaction.new_reaction:
            return  # an emoji that says neither
        else:
            verdict = None
        await self._desk.memory.rate(reaction.user.id, reaction.chat.id, reaction.message_id, verdict)

    async def migrated(self, update: Update, _context: Context) -> None:
        """Keep what a group chose when it becomes a supergroup; both of the chats tell of it."""
        message = message_of(update)
        old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
        await self._desk.memory.migrate(old or message.chat_id, new or message.chat_id)

    async def member(self, update: Update, _context: Context) -> None:
        """Say hello to a group, and forget one that the bot was put out of."""
        change = update.my_chat_member
        if change is None:
            return
        was, is_now = change.old_chat_member.status in THERE, change.new_chat_member.status in THERE
        if change.chat.type == ChatType.PRIVATE and not is_now:
            await self._desk.memory.cannot_reach(change.chat.id)  # blocked by its person
        if change.chat.type not in {ChatType.GROUP, ChatType.SUPERGROUP}:
            return
        if was and not is_now:
            await self._desk.memory.forget_chat(change.chat.id)
        elif is_now and not was and self._desk.access.admits(change.from_user.id, change.chat.id):
            voice = await self._desk.voice(change.chat.id, change.from_user)
            bot = change.get_bot()
            await bot.send_message(change.chat.id, voice.phrases["group_hello"].format(bot=bot.username))

    async def no_text(self, update: Update, _context: Context) -> None:
        """Say, in a private chat, that only text is read; once for an album."""
        message = message_of(update)
        if message.media_group_id is None or self._albums.now(message.media_group_id):
            await self._say(message, "only_text")

    async def _say(self, message: Message, phrase: str) -> None:
        await send(message, (await self._desk.voice_for(message)).phrases[phrase])
