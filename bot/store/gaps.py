"""What the corpus does not answer, question by question that is alike; what was mended leaves the list."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

from bot.store.models import Gap, Why
from bot.store.summaries import Summaries
from retrieval.models import Answer, Model

LOOKED_AT: Final = 500
"""Different questions that are grouped: the most frequent."""
ALSO: Final = 5
"""Other questions of a group that are named."""
PERSONAL: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+"  # an address for mail
    r"|(?<![a-zA-Z0-9_.])@[a-zA-Z]\w{2,}"  # a name in Telegram
    r"|(?<!\d)\+?\d[\d\s()-]{6,}\d(?!\d)"  # the number of a telephone, a passport, a card
    r"|https?://\S+"
    r"|我(?:的名字|叫(?!做|什么)|姓)|我的?(?:手机|电话|微信|邮箱|身份证|住址|地址|银行卡|车牌)"
)
"""What looks like data of a person; years and figures of up to seven digits do not."""


class Corpus(Protocol):
    """What tells of questions."""

    def look_up(self, text: str) -> Answer:
        """The best passage for a question."""

    def groups(self, questions: Sequence[str]) -> Sequence[Sequence[int]]:
        """The places of the questions that are alike, group by group."""


class OpenGaps(Model):
    """The gaps, the most frequent first, and the exchanges of declined questions that are answered now."""

    gaps: tuple[Gap, ...] = ()
    mended: tuple[int, ...] = ()


def open_gaps(summaries: Summaries, corpus: Corpus, limit: int) -> OpenGaps:
    """The first gaps, questions that ask the same as one; those that the corpus answers by now left out.

    Raises:
        StoreError: the store cannot be read.
        ZhiwenError: the corpus cannot be read.
    """
    open_ones: list[Gap] = []
    mended: list[int] = []
    for group in _grouped(summaries.gaps(LOOKED_AT), corpus):
        if len(open_ones) == limit:
            break
        looked_up = (_looked_up(gap, corpus) for gap in group)
        still = [gap for gap in looked_up if gap is not None]
        kept = {gap.exchange for gap in still}
        mended += [gap.exchange for gap in group if gap.exchange not in kept]
        if still:
            open_ones.append(_joined(still))
    return OpenGaps(gaps=tuple(open_ones), mended=tuple(mended))


def _grouped(gaps: Sequence[Gap], corpus: Corpus) -> list[list[Gap]]:
    """The gaps that ask the same for the same reason, the most frequent group first."""
    found: list[list[Gap]] = []
    for why in Why:
        mine = [gap for gap in gaps if gap.why is why]
        places = corpus.groups([gap.question for gap in mine]) if mine else []
        found += [[mine[place] for place in group] for group in places]
    return sorted(found, key=lambda group: -sum(gap.count for gap in group))


def _looked_up(gap: Gap, corpus: Corpus) -> Gap | None:
    """A gap with what is nearest to it now; None where that answers it."""
    if gap.why is not Why.UNANSWERED:
        return gap
    answer = corpus.look_up(gap.question)
    if answer.answered:
        return None
    nearest = answer.passages[0] if answer.passages else None
    return gap.model_copy(
        update={
            "passage": nearest and nearest.text,
            "title": nearest and nearest.title,
            "missing": answer.reason.missing if answer.reason else (),
        }
    )


def _joined(gaps: Sequence[Gap]) -> Gap:
    """Several gaps as one, called by the most frequent."""
    first = gaps[0]
    faults: Counter[str] = Counter()
    for gap in gaps:
        faults.update(gap.faults)
    return Gap.model_validate(
        first.model_dump()
        | {
            "count": sum(gap.count for gap in gaps),
            "last": max(gap.last for gap in gaps),
            "alike": tuple(gap.question for gap in gaps[1:]),
            "missing": tuple(dict.fromkeys(word for gap in gaps for word in gap.missing)),
            "faults": dict(faults),
        }
    )


def exported(gaps: Iterable[Gap]) -> Iterator[str]:
    """The gaps as lines that `zhiwen eval` takes for questions; those that look personal are left out.

    A line has no gold sentence: whoever finds one writes it in. Nothing says who asked, where or when.
    """
    for gap in gaps:
        questions = [text for text in (gap.question, *gap.alike) if not holds_personal(text)]
        if questions:
            shown = {
                "id": f"gap-{hashlib.blake2b(questions[0].encode(), digest_size=4).hexdigest()}",
                "kind": gap.why,
                "question": questions[0],
                "gold_sentence": None,
                "answer": None,
                "count": gap.count,
                "alike": questions[1:],
                "missing": [word for word in gap.missing if not holds_personal(word)],
                "nearest": gap.passage,
                "title": gap.title,
                "faults": dict(gap.faults),
            }
            yield json.dumps(shown, ensure_ascii=False)


def holds_personal(text: str) -> bool:
    """Whether a text looks as if it held data of a person."""
    return PERSONAL.search(text) is not None
