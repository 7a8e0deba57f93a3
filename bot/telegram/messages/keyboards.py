"""The buttons under a reply."""

from collections.abc import Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.conversation import number_of
from bot.conversation.replies import Kind, Reply
from bot.layout.words import name
from bot.store import Verdict
from bot.telegram.messages.signing import Signer

THIS: Final = 0
"""In the place of a message's number: the message that the button is under."""

MORE, CONTEXT, WHY, ANSWER, RATE, SUGGESTED = "m", "c", "w", "a", "r", "s"
"""What a button under a reply does: more passages, the context of one, why it, the answer again, a rating, a
question that was proposed."""
VERDICTS: Final = {Verdict.UP: "👍", Verdict.DOWN: "👎"}

LONGEST_LABEL: Final = 24
"""Code points of a text of the corpus on a button."""

LABELS_IN_A_ROW: Final = 2

Row = list[InlineKeyboardButton]


class Keyboards:
    """Buttons in one language.

    Args:
        signer: signs what they carry.
        phrases: the texts of the interface.
    """

    def __init__(self, signer: Signer, phrases: Mapping[str, str]) -> None:
        self._signer = signer
        self._phrases = phrases

    def button(self, chat: int, label: str, action: str, *arguments: str | int) -> InlineKeyboardButton:
        """A button of a chat with a text."""
        return InlineKeyboardButton(label, callback_data=self._signer.data(chat, action, *arguments))

    def under(
        self, reply: Reply, chat: int, answer: int = THIS, rated: Verdict | None = None
    ) -> InlineKeyboardMarkup | None:
        """The buttons under a reply, none where there is nothing to ask about it.

        Args:
            reply: what is shown.
            chat: where.
            answer: the number of the answer's message, where the reply stands in another one.
            rated: what the reader thinks of the answer, to be shown.
        """
        rows = self._rows(reply, chat, answer, rated)
        return InlineKeyboardMarkup(rows) if rows else None

    def _rows(self, reply: Reply, chat: int, answer: int, rated: Verdict | None) -> list[Row]:
        if not reply.passages or reply.answer is None:
            return []
        numbers = [number_of(reply.answer, passage) for passage in reply.passages]
        more = [self._more(reply.remaining, chat, answer, numbers[-1] + 1)] if reply.remaining else []
        back = self._back(chat, answer)
        about = self._context(chat, answer, numbers[0]), self._why(chat, answer, numbers[0])
        around = [self._context(chat, answer, number, numbered=True) for number in numbers]
        rows: dict[Kind, list[Row]] = {
            Kind.ANSWER: [[*more, *about], self._verdicts(chat, answer, rated)],
            Kind.DECLINED: [*self._suggested(reply.questions, chat, answer), [*more, *about]],
            Kind.MORE: [around, [back, *more]],
            Kind.CONTEXT: [[back, about[1]]],
            Kind.WHY: [[back, about[0]]],
        }
        return rows.get(reply.kind, [])

    def _more(self, remaining: int, chat: int, answer: int, number: int) -> InlineKeyboardButton:
        label = self._phrases["button_more"].format(count=remaining)
        return self.button(chat, label, MORE, answer, number)

    def _context(
        self, chat: int, answer: int, number: int, *, numbered: bool = False
    ) -> InlineKeyboardButton:
        label = self._phrases["button_context"] + (f" {number}" if numbered else "")
        return self.button(chat, label, CONTEXT, answer, number)

    def _why(self, chat: int, answer: int, number: int) -> InlineKeyboardButton:
        return self.button(chat, self._phrases["button_why"], WHY, answer, number)

    def _back(self, chat: int, answer: int) -> InlineKeyboardButton:
        return self.button(chat, self._phrases["button_back"], ANSWER, answer)

    def _suggested(self, questions: Sequence[str], chat: int, answer: int) -> list[Row]:
        return [
            [self.button(chat, question, SUGGESTED, answer, number)]
            for number, question in enumerate(questions)
        ]

    def _verdicts(self, chat: int, answer: int, rated: Verdict | None) -> Row:
        return [
            self.button(chat, f"{sign} ✓" if verdict is rated else sign, RATE, answer, verdict)
            for verdict, sign in VERDICTS.items()
        ]


def in_rows(labels: Sequence[InlineKeyboardButton]) -> list[Row]:
    """The buttons of labels, as they are laid out."""
    return [list(labels[n : n + LABELS_IN_A_ROW]) for n in range(0, len(labels), LABELS_IN_A_ROW)]


def label_text(label: str, phrases: Mapping[str, str]) -> str:
    """A text of the corpus as a button shows it: never too long, never nothing."""
    return name(label, LONGEST_LABEL) or phrases["untitled"]
