"""What a chat chooses (the filter, the language) and what a person does (what is stored of them)."""

from collections.abc import Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.conversation import filtering
from bot.layout.language import Language
from bot.layout.responder import limits
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.menu import offer_commands
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.messages.addressing import asker_of, is_private, question_of
from bot.telegram.messages.keyboards import in_rows, label_text
from bot.telegram.messages.sending import send
from bot.telegram.messages.shelves import FACETS, SHELVES, Shelf, long, offered, short
from bot.telegram.order import Context
from retrieval.models import EVERYTHING, Filters

OWN_LANGUAGE: Final = "own"
NAMES: Final = {Language.HANS: "简体中文", Language.HANT: "繁體中文", Language.EN: "English"}

LANGUAGES: Final = {
    **{str(language): language for language in Language},
    **{name.lower(): language for language, name in NAMES.items()},
    **dict.fromkeys(("zh", "简体", "中文"), Language.HANS),
    **dict.fromkeys(("tw", "hk", "繁体", "繁體"), Language.HANT),
    **dict.fromkeys(("英文", "英语", "英語"), Language.EN),
}
"""Words that name a language after its command."""
FILTER, TOGGLE, LANGUAGE, STORING, FORGET = "f", "g", "n", "p", "x"
"""What a button does: a page of the filter, a change to it, the language, what is stored, the deletion."""
PANEL, CLEAR = "panel", "clear"


class Preferences:
    """Keeps what is chosen.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._rights = desk.rights

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {
            FILTER: self._show_filter,
            TOGGLE: self._toggle,
            LANGUAGE: self._speak,
            STORING: self._store,
            FORGET: self._forget,
        }

    async def filter(self, update: Update, _context: Context) -> None:
        """Show which articles are looked into, and set it by what stands after the command."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        wanted = question_of(message).split()
        if wanted:
            if not await self._may_set(message):
                await send(message, voice.phrases["only_group_admins"])
                return
            labels = {FACETS[shelf]: await self._desk.labels(shelf) for shelf in SHELVES}
            chosen = filtering.named(labels, wanted)
            if chosen is None:
                await send(message, voice.phrases["no_such_label"])
                return
            if not await self._desk.memory.choose(message.chat_id, filters=chosen):
                await send(message, voice.phrases["not_now"])
                return
        filters = (await self._desk.memory.settings(message.chat_id)).filters
        await send(message, *self.filter_page(voice, message.chat_id, filters))

    def filter_page(self, voice: Voice, chat: int, filters: Filters) -> tuple[str, InlineKeyboardMarkup]:
        """Which articles are looked into, and the buttons that change it."""
        return _said(voice, filters), self._panel(voice, chat, filters)

    async def language(self, update: Update, _context: Context) -> None:
        """Offer the languages, or speak the one that stands after the command."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        if not await self._may_set(message):
            await send(message, voice.phrases["only_group_admins"])
            return
        wanted = LANGUAGES.get(question_of(message).lower())
        if wanted is None:
            await send(message, *self.language_page(voice, message.chat_id))
        elif await self._desk.memory.choose(message.chat_id, language=wanted):
            await send(message, self._desk.voices[wanted].phrases["language_chosen"])
        else:
            await send(message, voice.phrases["not_now"])

    def language_page(self, voice: Voice, chat: int) -> tuple[str, InlineKeyboardMarkup]:
        """The languages to choose from."""
        offered = [(NAMES[language], str(language)) for language in Language]
        offered.append((voice.phrases["button_own_language"], OWN_LANGUAGE))
        rows = [
            [voice.keyboards.button(chat, label, LANGUAGE, code) for label, code in offered[n:][:2]]
            for n in (0, 2)
        ]
        return voice.phrases["language"], InlineKeyboardMarkup(rows)

    async def privacy(self, update: Update, _context: Context) -> None:
        """Say what is stored, and offer that nothing be."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        if not is_private(message) or message.from_user is None:
            await send(message, voice.phrases["privacy"])
            return
        await send(message, *await self.history_page(voice, message.chat_id, message.from_user.id))

    async def history_page(self, voice: Voice, chat: int, user: int) -> tuple[str, InlineKeyboardMarkup]:
        """What is stored of a person, and the button that changes it."""
        out = await self._desk.memory.has_opted_out(user)
        return _privacy(voice, out=out), self._storing(voice, chat, out=out)

    async def forget(self, update: Update, _context: Context) -> None:
        """Ask whether all that is stored of a person shall be deleted."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        label, asker = voice.phrases["button_forget"], asker_of(message)
        button = voice.keyboards.button(message.chat_id, label, FORGET, asker or message.chat_id)
        await send(message, voice.phrases["forget"], InlineKeyboardMarkup([[button]]))

    async def _show_filter(self, press: Press) -> None:
        """Show the filter, or the labels that it can have."""
        await press.say()
        filters = (await self._desk.memory.settings(press.chat)).filters
        await self._show(press, press.arguments[0], filters)

    async def _toggle(self, press: Press) -> None:
        """Change the filter by one label, or clear it."""
        if not await self._let(press):
            return
        filters = (await self._desk.memory.settings(press.chat)).filters
        page = press.arguments[0]
        if page == CLEAR:
            filters, page = EVERYTHING, PANEL
        else:
            label = long(await self._desk.labels(Shelf(page)), press.arguments[1])
            if label is None:
                await press.say("no_such_label", alert=True)
                return
            filters = filtering.changed(filters, FACETS[Shelf(page)], label)
        if not await self._desk.memory.choose(press.chat, filters=filters):
            await press.say("not_now", alert=True)
            return
        await press.say()
        await self._show(press, page, filters)

    async def _show(self, press: Press, page: str, filters: Filters) -> None:
        if page == PANEL:
            buttons = self._panel(press.voice, press.chat, filters)
        else:
            found = offered(await self._desk.labels(Shelf(page)), Shelf(page))
            buttons = self._labels(press.voice, press.chat, Shelf(page), found, filters)
        await press.show(_said(press.voice, filters), buttons)

    async def _may_set(self, message: Message) -> bool:
        """Whether who writes may choose for the chat."""
        return await self._rights.may_set(message.get_bot(), message.chat_id, asker_of(message))

    async def _let(self, press: Press) -> bool:
        """Whether who presses may choose for the chat; tells who may not."""
        if await self._rights.may_set(press.query.get_bot(), press.chat, press.user.id):
            return True
        await press.say("only_group_admins", alert=True)
        return False

    def _panel(self, voice: Voice, chat: int, filters: Filters) -> InlineKeyboardMarkup:
        button, phrases = voice.keyboards.button, voice.phrases
        rows = [[button(chat, phrases[f"button_{key}"], FILTER, shelf) for shelf, key in SHELVES.items()]]
        if filters != EVERYTHING:
            rows.append([button(chat, phrases["button_clear"], TOGGLE, CLEAR)])
        return InlineKeyboardMarkup(rows)

    def _labels(
        self, voice: Voice, chat: int, shelf: Shelf, found: Sequence[str], filters: Filters
    ) -> InlineKeyboardMarkup:
        since = str(filters.since.year) if filters.since else ""
        chosen = {*filters.industries, *filters.technologies, since}
        choices: list[InlineKeyboardButton] = [
            voice.keyboards.button(
                chat,
                label_text(label, voice.phrases) + (" ✓" if label in chosen else ""),
                TOGGLE,
                shelf,
                short(label),
            )
            for label in found
        ]
        back = voice.keyboards.button(chat, voice.phrases["button_filter"], FILTER, PANEL)
        return InlineKeyboardMarkup([*in_rows(choices), [back]])

    async def _speak(self, press: Press) -> None:
        """Speak the chosen language in this chat, or that of whoever writes."""
        if not await self._let(press):
            return
        chosen = None if press.arguments[0] == OWN_LANGUAGE else Language(press.arguments[0])
        if not await self._desk.memory.choose(press.chat, language=chosen):
            await press.say("not_now", alert=True)
            return
        voice = await self._desk.voice(press.chat, press.user)
        await press.say()
        await press.show(voice.phrases["language_chosen"])
        if press.private:
            await offer_commands(press.query.get_bot(), self._desk, press.chat, press.user)

    def _storing(self, voice: Voice, chat: int, *, out: bool) -> InlineKeyboardMarkup:
        label = voice.phrases["button_opt_in" if out else "button_opt_out"]
        return InlineKeyboardMarkup([[voice.keyboards.button(chat, label, STORING, "in" if out else "out")]])

    async def _store(self, press: Press) -> None:
        """Store nothing of a person, or store again."""
        out = press.arguments[0] == "out"
        if not await self._desk.memory.opt_out(press.user.id, out=out):
            await press.say("not_now", alert=True)
            return
        await press.say("opted_out" if out else "opted_in")
        await press.show(_privacy(press.voice, out=out), self._storing(press.voice, press.chat, out=out))

    async def _forget(self, press: Press) -> None:
        """Delete all that is stored of whoever asked for it, when they press."""
        asker = press.number(0)
        if not await self._rights.owns(press.query.get_bot(), press.chat, press.user.id, asker):
            await press.say("not_yours", alert=True)
            return
        deleted = await self._desk.memory.forget(asker)
        if deleted is None:
            await press.say("not_now", alert=True)
            return
        said = "forgotten_soon" if deleted.lingers else "forgotten"
        await press.say(said, alert=True)
        if press.private:
            await press.show(press.voice.phrases[said])


def _said(voice: Voice, filters: Filters) -> str:
    """Which articles are looked into, in words."""
    if filters == EVERYTHING:
        return voice.phrases["filter_none"]
    return voice.phrases["filter"] + voice.responder.safe(limits(filters, voice.phrases))


def _privacy(voice: Voice, *, out: bool) -> str:
    return voice.phrases["privacy"] + "\n\n" + voice.phrases["privacy_out" if out else "privacy_in"]
