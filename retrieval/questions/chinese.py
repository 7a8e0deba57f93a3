"""A question, as the index understands it: its terms, and what it asks for.

The words that only make a sentence a question (什么, 多少家, 请问) are taken out of what is looked up; they
tell what kind of answer is wanted instead.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping

from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser, bigrams, characters
from retrieval.models import Question, Stream, Term
from retrieval.questions.alternatives import Cut, placed
from retrieval.questions.answer_type import asked_for, own_part
from retrieval.questions.courtesies import without_courtesies
from retrieval.questions.newest import NEWEST, wants_newest, wants_version
from retrieval.regex import regex

LONGEST = 500
"""Characters of a question that are looked up; a pasted page would match everything a little."""
REMEMBERED = 16
"""Questions whose tokens are kept: one is foreseen first, and looked up then."""

AFTER = "；"
"""Between a question and the follow-up that was put after it: what stands before it only says of what."""
STOP_WORDS = frozenset(
    """
    的 了 在 是 和 与 及 或 等 被 把 对 从 由 于 为 以 之 其 而 也 都 就 还 又 个 这 那 此 该 并 且 但
    则 所 着 过 地 得 到 向 给 让 使 将 会 能 可 可以 能够 有 上 中 下 里 内 时 时候 一 一个 一种
    一些 我 你 他 她 它 我们 你们 他们 它们 自己 因为 所以 如果 以及 并且 而且 但是 然而 不过 其中 其他
    这个 那个 这些 那些 这种 之一 当 当时 已 已经 曾 曾经 用 来 去 说 做 比 更 最 很 再 才 只 只有
    吗 呢 吧 啊 呀 么 嘛 哦 噢 哈 啦 哇 the a an of in on at to is are was were be and or for by
    """.split(),
)
"""Words that stand everywhere. Those that turn a meaning (不, 没, 未, 非, 无, 前, 后, 除, 以上) are none."""
ASKING_WORDS = frozenset(
    """
    什么 甚么 什麽 何 哪 谁 多少 几 如何 怎么 怎样 怎么样 为什么 为何 是否 何时 何地 哪里 哪儿 哪些 哪个
    哪一个 哪一 哪间 哪所 哪款 哪支 哪条
    哪种 哪一种 哪位 哪年 哪一年 几年 几个 请问 请 告诉 谁是 是什么 什么样 多久 多大 多长
    多高 多远 何种 何处 几时 几月 几号 几位 几次 哪几 哪国 哪座 哪天 哪部 哪家 哪一位 哪一天 哪项 有哪些
    叫什么 叫 叫做 称为 介绍 一下 介绍一下 关于 说说 谈谈 想 知道 想知道 吗
    啥 是啥 啥是 叫啥 啥时候 啥时 啥样 啥意思 为啥 凭啥 干啥 干啥的 干嘛 干嘛的 干什么 干什么的
    咋 咋样 咋么 咋回事 怎么回事 什么时候 什么意思 多会儿 几点 哪个月 哪月 几月份 谁家 有啥 有什么
    讲讲 聊聊 说一下 讲一下 说下 介绍下 科普 到底 究竟 大概 大约 来着
    """.split(),
)
IGNORED = STOP_WORDS | ASKING_WORDS
STOP_CHARACTERS = frozenset(word for word in IGNORED if len(word) == 1)
ASKING_PHRASE = regex(
    "|".join(
        sorted((re.escape(word) for word in sorted(ASKING_WORDS) if len(word) > 1), key=len, reverse=True),
    )
    + r"|谁|啥|咋|[吗呢嘛吧啊呀哈啦](?=[,;?!。\s]|$)",
)
CHOICE = regex(r"(?P<word>[\u4e00-\u9fff])[不没](?P=word)|没有?(?=[?!。\s]*$)")
"""What denies nothing: of 准不准 one 准 is left, and 了没 at the end only asks."""


def plain(tokens: Iterable[str]) -> tuple[Term, ...]:
    """Each token as a term of its own."""
    return tuple(Term.plain(token) for token in tokens)


def plain_terms(cut: Cut) -> Mapping[Stream, tuple[Term, ...]]:
    """Each token of a question as a term of its own."""
    return {stream: plain(one.token for one in found) for stream, found in cut.tokens.items()}


def understand(
    text: str,
    tokeniser: Tokeniser,
    understood: str | None = None,
    terms: Callable[[Cut], Mapping[Stream, tuple[Term, ...]]] = plain_terms,
    *,
    is_dated: bool = True,
) -> Question:
    """Prepare a question for the index.

    Args:
        text: what was asked.
        tokeniser: the one that the index was made with.
        understood: what to look up instead, when a follow-up was completed.
        terms: makes the terms of what is looked up.
        is_dated: whether the corpus tells when its articles were published.
    """
    understood = text if understood is None else understood
    normalised = looked_up(understood)
    return Question(
        text=text,
        understood=understood,
        normalised=normalised,
        kind=asked_for(normalised),
        terms=terms(cut(normalised, tokeniser, is_dated=is_dated)),
        wants_newest=is_dated and wants_newest(own_part(normalised)),
    )


@functools.lru_cache(REMEMBERED)
def looked_up(text: str) -> str:
    """What of a question is looked up, normalised: without what is only polite, no more than `LONGEST`."""
    return normalise(without_courtesies(text)[:LONGEST])


def _blank(found: re.Match[str]) -> str:
    """Spaces for what is not looked up: all else keeps its place."""
    return " " * len(found.group())


@functools.lru_cache(REMEMBERED)
def cut(normalised: str, tokeniser: Tokeniser, *, is_dated: bool = True) -> Cut:
    """The tokens of a normalised question that are looked up; 目前 is one where no article has a date."""
    text = CHOICE.sub(lambda found: found["word"] or "", normalised)
    if is_dated:
        text = NEWEST.sub(_blank, text)
    content = ASKING_PHRASE.sub(_blank, text)
    words = tuple(placed(tokeniser.words(text), text))
    singles = placed(characters(content), content)
    pairs = placed(bigrams(content), content, overlapping=True)
    return Cut(
        text=text,
        context=text.rfind(normalise(AFTER)) + 1,
        of_version=wants_version(own_part(normalised)),
        words=words,
        tokens={
            Stream.WORD: tuple([word for word in words if word.token not in IGNORED]),
            Stream.CHARACTER: tuple([one for one in singles if one.token not in IGNORED]),
            Stream.BIGRAM: tuple([pair for pair in pairs if pair.token not in STOP_CHARACTERS]),
        },
    )
