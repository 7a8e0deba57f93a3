"""The hours of a chat: its time zone, and when nothing comes of its own accord."""

import re
from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardMarkup, Update

from bot.store import ChatSettings
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.digests import ENDED, Digests
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.hours import QUIET, ZONES, named, zone_name, zone_of
from bot.telegram.messages.addressing import asker_of, question_of
from bot.telegram.messages.keyboards import HOURS, in_rows
from bot.telegram.messages.sending import send
from bot.telegram.order import Context

ZONE, PAUSE = "zone", "quiet"
"""What a button chooses: a zone, quiet hours; by their places among those that are offered."""
TYPED: Final = re.compile(r"(\d{1,2})(?::00)?\s*[-–—~～至到]\s*(\d{1,2})(?::00)?")
LAST_HOUR: Final = 23


class Hours:
    """Sets them.

    Args:
        desk: what the handlers share.
        digests: come by these hours.
    """

    def __init__(self, desk: HandlerContext, digests: Digests) -> None:
        self._desk = desk
        self._digests = digests

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {HOURS: self._press}

    async def hours(self, update: Update, _context: Context) -> None:
        """Show the zone and the quiet hours, or set either by what stands after the command."""
        message = message_of(update)
        voice, wanted = await self._desk.voice_for(message), question_of(message)
        chat = message.chat_id
        if wanted:
            if not await self._desk.rights.may_set(message.get_bot(), chat, asker_of(message)):
                await send(message, voice.phrases["only_group_admins"])
                return
            chosen = _typed(wanted)
            if chosen is None:
                await send(message, voice.phrases["hours_how"])
                return
            if not await self._choose(chat, chosen):
                await send(message, voice.phrases["not_now"])
                return
        await send(message, *self.page(voice, chat, await self._desk.memory.settings(chat)))

    def page(self, voice: Voice, chat: int, settings: ChatSettings) -> tuple[str, InlineKeyboardMarkup]:
        """The zone and the quiet hours, and the buttons that change them."""
        phrases, button = voice.phrases, voice.keyboards.button
        quiet = [
            button(
                chat,
                (f"{since}–{until}" if since != until else phrases["button_no_quiet"])
                + (" ✓" if (since, until) == (settings.quiet_from, settings.quiet_until) else ""),
                HOURS,
                PAUSE,
                number,
            )
            for number, (since, until) in enumerate(QUIET)
        ]
        zones = [
            button(
                chat, zone_name(zone, phrases) + (" ✓" if zone == settings.zone else ""), HOURS, ZONE, number
            )
            for number, zone in enumerate(ZONES)
        ]
        here = self._desk.now().astimezone(zone_of(settings.zone))
        text = phrases["hours"].format(
            zone=zone_name(settings.zone, phrases), now=f"{here:%H:%M}", quiet=quiet_said(voice, settings)
        )
        return voice.responder.safe(text), InlineKeyboardMarkup([*in_rows(quiet, 4), *in_rows(zones, 3)])

    async def _press(self, press: Press) -> None:
        """Choose a zone or quiet hours."""
        if not await self._desk.rights.may_set(press.query.get_bot(), press.chat, press.user.id):
            await press.say("only_group_admins", alert=True)
            return
        number = press.number(1)
        offered: dict[str, object] = (
            {"zone": ZONES[number]}
            if press.arguments[0] == ZONE
            else dict(zip(("quiet_from", "quiet_until"), QUIET[number], strict=True))
        )
        if not await self._choose(press.chat, offered):
            await press.say("not_now", alert=True)
            return
        await press.say()
        settings = await self._desk.memory.settings(press.chat)
        await press.show(*self.page(press.voice, press.chat, settings))

    async def _choose(self, chat: int, chosen: Mapping[str, object]) -> bool:
        kept = await self._desk.memory.choose(chat, **chosen)
        if kept and "zone" in chosen:
            await self._digests.move(chat, str(chosen["zone"]))
        return kept


def quiet_said(voice: Voice, settings: ChatSettings) -> str:
    """The quiet hours, in words."""
    if settings.quiet_from == settings.quiet_until:
        return voice.phrases["hours_none"]
    return voice.phrases["hours_quiet"].format(since=settings.quiet_from, until=settings.quiet_until)


def _typed(text: str) -> Mapping[str, object] | None:
    """What somebody typed after the command; None for what is neither zone nor hours."""
    if ENDED.fullmatch(text):
        return {"quiet_from": 0, "quiet_until": 0}
    if hours := TYPED.fullmatch(text):
        first, last = int(hours[1]), int(hours[2])
        return None if max(first, last) > LAST_HOUR else {"quiet_from": first, "quiet_until": last}
    zone = named(text)
    return None if zone is None else {"zone": zone}
