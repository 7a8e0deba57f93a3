"""The digest of a chat: whether it gets one, on which days, at what hour of its own zone."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from telegram import InlineKeyboardMarkup, Update

from bot.store import Digest
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.hours import next_due, zone_name
from bot.telegram.messages.addressing import asker_of, question_of, topic_of
from bot.telegram.messages.keyboards import DIGEST, in_rows
from bot.telegram.messages.sending import send
from bot.telegram.order import Context

HOUR: Final = 8
"""Of a digest, where none is said."""
HOURS: Final = (7, 8, 9, 12, 18, 21)
"""The hours that are offered."""
MONDAY: Final = 0
DAILY, WEEKLY, OFF, PAGE, AT = "daily", "weekly", "off", "page", "at"
"""What a button does: a digest every day, every week, none, the page where it is set, another hour."""
WEEKDAYS: Final = (
    ("mon", "一"),
    ("tue", "二"),
    ("wed", "三"),
    ("thu", "四"),
    ("fri", "五"),
    ("sat", "六"),
    ("sun", "日天"),
)
"""How weekdays are typed: by the beginning of the English name, or after 周, 星期, 礼拜."""
ENDED: Final = re.compile(r"off|none|stop|关闭?|關閉?|不要|取消", re.IGNORECASE)
TYPED: Final = re.compile(
    r"(?:(?P<daily>daily|day|每?[天日])|(?:weekly|week|每?(?:周|週|星期|礼拜|禮拜))?\s*"
    r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun|[一二三四五六日天])?[a-z]*)"
    r"\s*(?:at\s*)?(?P<hour>\d{1,2})?\s*(?::00|点|點|时|時)?",
    re.IGNORECASE,
)
LAST_HOUR: Final = 23


class When(NamedTuple):
    """The days and the hour of a digest; no weekday for every day, no hour where none is said."""

    weekday: int | None
    hour: int | None


def typed(text: str) -> When | None:
    """What somebody typed after the command; None for what names no time."""
    found = TYPED.fullmatch(text.strip())
    if found is None or not text.strip():
        return None
    hour = int(found["hour"]) if found["hour"] else None
    if hour is not None and hour > LAST_HOUR:
        return None
    if found["daily"] or text.strip().isdecimal():
        return When(None, hour)
    said = (found["weekday"] or "mon").lower()
    return When(next(day for day, forms in enumerate(WEEKDAYS) if any(said in form for form in forms)), hour)


class Digests:
    """Sets it.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._digests = desk.store.digests

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {DIGEST: self._press}

    async def digest(self, update: Update, _context: Context) -> None:
        """Show when the digest comes, or set it by what stands after the command."""
        message = message_of(update)
        voice, wanted = await self._desk.voice_for(message), question_of(message)
        chat = message.chat_id
        if not wanted:
            await send(message, *await self.page(voice, chat))
            return
        if not await self._desk.rights.may_set(message.get_bot(), chat, asker_of(message)):
            await send(message, voice.phrases["only_group_admins"])
        elif ENDED.fullmatch(wanted):
            await self._desk.memory.done(False, self._digests.end, chat)  # noqa: FBT003
            await send(message, voice.phrases["digest_ended"])
        elif (when := typed(wanted)) is None:
            await send(message, voice.phrases["digest_how"])
        else:
            kept = await self._set(voice, chat, when, asker_of(message), topic_of(message))
            page = await self.page(voice, chat) if kept else (voice.phrases["digest_opted_out"], None)
            await send(message, *page)

    async def page(self, voice: Voice, chat: int) -> tuple[str, InlineKeyboardMarkup]:
        """When the digest comes, and the buttons that change it."""
        digest = await self._desk.memory.done(None, self._digests.of_chat, chat)
        button, phrases = voice.keyboards.button, voice.phrases
        days = {DAILY: digest is not None and digest.weekday is None}
        days[WEEKLY] = digest is not None and digest.weekday is not None
        rows = [
            [
                button(chat, phrases[f"button_{name}"] + (" ✓" if is_so else ""), DIGEST, name)
                for name, is_so in days.items()
            ]
        ]
        if digest is not None:
            hours = [
                button(chat, f"{hour}:00" + (" ✓" if hour == digest.hour else ""), DIGEST, AT, hour)
                for hour in HOURS
            ]
            rows += in_rows(hours, 3)
            rows.append([button(chat, phrases["button_no_digest"], DIGEST, OFF)])
        settings = await self._desk.memory.settings(chat)
        text = phrases["digest_off"] if digest is None else _said(voice, digest, settings.zone)
        return text, InlineKeyboardMarkup(rows)

    async def in_short(self, voice: Voice, chat: int) -> str:
        """When the digest comes, in a few words."""
        digest = await self._desk.memory.done(None, self._digests.of_chat, chat)
        if digest is None:
            return voice.phrases["digest_is_off"]
        phrase = "digest_is_daily" if digest.weekday is None else "digest_is_weekly"
        weekday = voice.phrases[f"weekday_{digest.weekday or MONDAY}"]
        return voice.phrases[phrase].format(hour=digest.hour, weekday=weekday)

    async def move(self, chat: int, zone: str) -> None:
        """Let the digest of a chat come by the hours of another zone."""
        digest = await self._desk.memory.done(None, self._digests.of_chat, chat)
        if digest is not None:
            due = next_due(self._desk.now(), zone, digest.hour, digest.weekday)
            await self._desk.memory.done(
                False,  # noqa: FBT003
                self._digests.save,
                digest.model_copy(update={"due": due}),
            )

    async def _press(self, press: Press) -> None:
        """Change when the digest comes."""
        wanted, voice, chat = press.arguments[0], press.voice, press.chat
        if wanted != PAGE and not await self._desk.rights.may_set(press.query.get_bot(), chat, press.user.id):
            await press.say("only_group_admins", alert=True)
            return
        digest = await self._desk.memory.done(None, self._digests.of_chat, chat)
        if wanted == OFF:
            await self._desk.memory.done(False, self._digests.end, chat)  # noqa: FBT003
        elif wanted != PAGE:
            hour = press.number(1) if wanted == AT else None
            topic = digest.topic if digest else None
            weekday = digest.weekday if digest and wanted == AT else MONDAY if wanted == WEEKLY else None
            if not await self._set(voice, chat, When(weekday, hour), press.user.id, topic):
                await press.say("digest_opted_out", alert=True)
                return
        await press.say()
        await press.show(*await self.page(voice, chat))

    async def _set(self, voice: Voice, chat: int, when: When, user: int | None, topic: int | None) -> bool:
        """Keep when the digest comes; False where that is not kept."""
        before = await self._desk.memory.done(None, self._digests.of_chat, chat)
        zone = (await self._desk.memory.settings(chat)).zone
        hour = when.hour if when.hour is not None else before.hour if before else HOUR
        digest = Digest(
            chat=chat,
            topic=topic,
            user=user,
            language=voice.responder.language,
            weekday=when.weekday,
            hour=hour,
            since=before.since if before else self._desk.now(),
            due=next_due(self._desk.now(), zone, hour, when.weekday),
        )
        return await self._desk.memory.done(False, self._digests.save, digest)  # noqa: FBT003


def _said(voice: Voice, digest: Digest, zone: str) -> str:
    """When a digest comes, in words."""
    phrase = "digest_daily" if digest.weekday is None else "digest_weekly"
    weekday = voice.phrases[f"weekday_{digest.weekday or MONDAY}"]
    named = zone_name(zone, voice.phrases)
    return voice.responder.safe(voice.phrases[phrase].format(hour=digest.hour, weekday=weekday, zone=named))
