"""The buttons under a reply."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.conversation import number_of
from bot.conversation.insights import EVENTS
from bot.conversation.replies import Kind, Reply
from bot.layout.responder import units
from bot.layout.words import name, quotation
from bot.store import Fault, Verdict
from bot.telegram.messages.packing import packed, packed_subject
from bot.telegram.messages.signing import Signer
from retrieval.models import EVERYTHING, Answer, NewsRequest, Passage

THIS: Final = 0
"""In the place of a message's number: the message that the button is under."""

MORE, CONTEXT, WHY, FIGURES, ANSWER, RATE, SUGGESTED = "m", "c", "w", "wf", "a", "r", "s"
"""What a button under a reply does: more passages, the context of one, why it, in figures, the answer again,
a rating, a question that was proposed."""
ARTICLE, RELATED, UNFILTERED, FAULT = "ar", "rq", "e", "y"
"""The article of a passage, related questions, the question without the filter, what is wrong with it."""
NEWS, OPEN = "v", "o"
"""A page of a list of news, an article of it."""
WATCH, ASK_WATCHED, END_WATCH, WATCHES = "wn", "wa", "we", "wl"
"""To be told when there is an answer, the question that is watched, the end of that, all that is watched."""
DIGEST, HOURS, TELL_ASKERS = "dg", "hr", "ta"
"""When the digest comes, the zone and the quiet hours, word to those whose question is answered now."""
COMPARE, TIMELINE, THEME, OVERVIEW = "cf", "tl", "th", "ov"
"""What others say of the figure, a page of a timeline, a trend's picture on another ground, an overview."""
DARK, LIGHT = "d", "l"
"""The grounds of a picture."""
COPIED: Final = 256
"""Characters that a button can copy."""
WATCHABLE: Final = frozenset({"empty_corpus", "no_match", "low_confidence", "unmet_demand"})
"""Codes of reasons that articles yet to come can do away with."""
ASKED: Final = 256
"""Characters of an inline query."""
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
        in_script: puts a question in the script that the language is written in.
    """

    def __init__(
        self, signer: Signer, phrases: Mapping[str, str], in_script: Callable[[str], str] = str
    ) -> None:
        self._signer = signer
        self._phrases = phrases
        self._in_script = in_script

    def button(self, chat: int, label: str, action: str, *arguments: str | int) -> InlineKeyboardButton:
        """A button of a chat with a text."""
        return InlineKeyboardButton(label, callback_data=self._signer.data(chat, action, *arguments))

    def question(self, chat: int, question: str, action: str, *arguments: str | int) -> InlineKeyboardButton:
        """A button that asks a question, in the script that the language is written in."""
        return self.button(chat, self._in_script(question), action, *arguments)

    def under(
        self,
        reply: Reply,
        chat: int,
        answer: int = THIS,
        rated: Verdict | None = None,
        *,
        can_share: bool = False,
    ) -> InlineKeyboardMarkup | None:
        """The buttons under a reply, none where there is nothing to ask about it.

        Args:
            reply: what is shown.
            chat: where.
            answer: the number of the answer's message, where the reply stands in another one.
            rated: what the reader thinks of the answer, to be shown.
            can_share: whether the bot can be asked inline, so that an answer can be sent to other chats.
        """
        if reply.kind is Kind.NEWS:
            rows = self._news(reply, chat)
        elif reply.kind is Kind.TIMELINE:
            rows = self._timeline(reply, chat)
        elif reply.kind is Kind.TREND:
            rows = self.themes(reply.subject, chat, LIGHT)
        else:
            rows = self._rows(reply, chat, answer, rated, can_share=can_share)
        return InlineKeyboardMarkup(rows) if rows else None

    def _rows(
        self, reply: Reply, chat: int, answer: int, rated: Verdict | None, *, can_share: bool
    ) -> list[Row]:
        if reply.answer is None:
            return []
        if not reply.passages:
            return [*self._watch(reply.answer, chat, answer), *self._unfiltered(reply, chat, answer)]
        numbers = [number_of(reply.answer, passage) for passage in reply.passages]
        more = [self._more(reply.remaining, chat, answer, numbers[-1] + 1)] if reply.remaining else []
        back = self._back(chat, answer)
        about = self._context(chat, answer, numbers[0]), self._why(chat, answer, numbers[0])
        around = [self._context(chat, answer, number, numbered=True) for number in numbers]
        rows: dict[Kind, list[Row]] = {
            Kind.ANSWER: [
                [*more, *about],
                *self._compare(reply, chat, answer),
                self._uses(reply, chat, answer, numbers[0], can_share=can_share),
                self._verdicts(chat, answer, rated),
            ],
            Kind.LIKELY: [
                [*more, *about],
                *self._unfiltered(reply, chat, answer),
                self._verdicts(chat, answer, rated),
            ],
            Kind.DECLINED: [
                *self.suggested(reply.questions, chat, answer),
                *self._watch(reply.answer, chat, answer),
                *self._unfiltered(reply, chat, answer),
                [*more, *about],
            ],
            Kind.MORE: [around, [back, *more]],
            Kind.CONTEXT: [[back, about[1]]],
            Kind.WHY: [[back, self._figures(chat, answer, numbers[0])]],
            Kind.FIGURES: [[back, about[1]]],
            Kind.COMPARISON: [[back]],
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

    def suggested(self, questions: Sequence[str], chat: int, answer: int) -> list[Row]:
        """The buttons of questions that were proposed."""
        return [
            [self.question(chat, question, SUGGESTED, answer, number)]
            for number, question in enumerate(questions)
        ]

    def faults(self, chat: int, answer: int) -> InlineKeyboardMarkup:
        """The buttons that say what is wrong with an answer that was rated down."""
        buttons = [
            self.button(chat, self._phrases[f"fault_{fault}"], FAULT, answer, fault) for fault in Fault
        ]
        return InlineKeyboardMarkup([*in_rows(buttons), self._verdicts(chat, answer, Verdict.DOWN)])

    def back(self, chat: int, answer: int) -> InlineKeyboardMarkup:
        """The button that leads back to an answer."""
        return InlineKeyboardMarkup([self.back_row(chat, answer)])

    def back_row(self, chat: int, answer: int) -> Row:
        """The same, to stand below others."""
        return [self._back(chat, answer)]

    def _figures(self, chat: int, answer: int, number: int) -> InlineKeyboardButton:
        return self.button(chat, self._phrases["button_figures"], FIGURES, answer, number)

    def _unfiltered(self, reply: Reply, chat: int, answer: int) -> list[Row]:
        if reply.filters == EVERYTHING:
            return []
        return [[self.button(chat, self._phrases["button_unfiltered"], UNFILTERED, answer)]]

    def _watch(self, declined: Answer, chat: int, answer: int) -> list[Row]:
        if not is_watchable(declined):
            return []
        return [[self.button(chat, self._phrases["button_watch"], WATCH, answer)]]

    def _uses(self, reply: Reply, chat: int, answer: int, number: int, *, can_share: bool) -> Row:
        """What can be done with an answer: copy it, send it on, read its article, ask on."""
        row = []
        if copied := copied_text(reply.passages[0]):
            button = CopyTextButton(copied)
            row.append(InlineKeyboardButton(self._phrases["button_copy"], copy_text=button))
        if can_share and reply.answer is not None:
            asked = reply.answer.understood[:ASKED]
            row.append(InlineKeyboardButton(self._phrases["button_share"], switch_inline_query=asked))
        row.append(self.button(chat, self._phrases["button_article"], ARTICLE, answer, number))
        row.append(self.button(chat, self._phrases["button_related"], RELATED, answer))
        return row

    def _compare(self, reply: Reply, chat: int, answer: int) -> list[Row]:
        if not reply.figures:
            return []
        return [[self.button(chat, self._phrases["button_compare"], COMPARE, answer)]]

    def _timeline(self, reply: Reply, chat: int) -> list[Row]:
        """The buttons that turn the page of a timeline."""
        page = max(len(reply.events), 1)
        turns = [("‹", max(reply.first - EVENTS, 1))] if reply.first > 1 else []
        turns += [("›", reply.first + page)] if reply.first + page <= reply.total else []
        choices = [(sign, str(first)) for sign, first in turns]
        return self._carrying(chat, TIMELINE, choices, packed_subject(reply.subject))

    def themes(self, subject: str, chat: int, shown: str) -> list[Row]:
        """The button that draws a trend on the other ground than the one that is shown."""
        other, label = (LIGHT, "button_light") if shown == DARK else (DARK, "button_dark")
        return self._carrying(chat, THEME, [(self._phrases[label], other)], packed_subject(subject))

    def _carrying(
        self, chat: int, action: str, choices: Sequence[tuple[str, str]], subject: str
    ) -> list[Row]:
        """Buttons that carry a subject; none where it is too long for one."""
        try:
            row = [self.button(chat, label, action, choice, subject) for label, choice in choices]
        except ValueError:
            return []
        return [row] if row else []

    def _news(self, reply: Reply, chat: int) -> list[Row]:
        """The buttons that open listed articles, and those that turn the page."""
        opened = [
            self.button(chat, str(number), OPEN, article.id)
            for number, article in enumerate(reply.articles, reply.first)
        ]
        page = max(len(reply.articles), 1)
        turns = [("‹", max(reply.first - page, 1))] if reply.first > 1 else []
        turns += [("›", reply.first + page)] if reply.first + page <= reply.total else []
        try:
            carried = packed(reply.news or NewsRequest())
            turned = [self.button(chat, sign, NEWS, first, *carried) for sign, first in turns]
        except ValueError:
            turned = []  # too long a subject for a button; “更多” goes on all the same
        return [row for row in (opened, turned) if row]

    def _verdicts(self, chat: int, answer: int, rated: Verdict | None) -> Row:
        return [
            self.button(chat, f"{sign} ✓" if verdict is rated else sign, RATE, answer, verdict)
            for verdict, sign in VERDICTS.items()
        ]


def is_watchable(answer: Answer) -> bool:
    """Whether a declined question may be answered one day: one without a word to look up never is."""
    return answer.reason is not None and answer.reason.code in WATCHABLE


def copied_text(passage: Passage) -> str:
    """A quotation with its source, as much as can be copied; empty where the sentence alone is too long."""
    forms = (quotation(passage), f"{passage.text}\n——{passage.title}", passage.text)
    return next((form.strip() for form in forms if form.strip() and units(form) <= COPIED), "")


def in_rows(buttons: Sequence[InlineKeyboardButton], most: int = LABELS_IN_A_ROW) -> list[Row]:
    """Many buttons, so many in a row; by default as many as those of labels."""
    return [list(buttons[n : n + most]) for n in range(0, len(buttons), most)]


def label_text(label: str, phrases: Mapping[str, str]) -> str:
    """A text of the corpus as a button shows it: never too long, never nothing."""
    return name(label, LONGEST_LABEL) or phrases["untitled"]
