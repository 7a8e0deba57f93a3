"""A question, as the index understands it: its terms, and what it asks for.

The words that only make a sentence a question (什么, 多少家, 请问) are taken out of what is looked up; they
tell what kind of answer is wanted instead.
"""

import re
from collections.abc import Iterable

from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser, bigrams, characters
from retrieval.models import Question, Stream, Term
from retrieval.questions.answer_type import asked_for


def plain(tokens: Iterable[str]) -> tuple[Term, ...]:
    """Each token as a term of its own."""
    return tuple(Term.plain(token) for token in tokens)


LONGEST = 500
"""Characters of a question that are looked up; a pasted page would match everything a little."""

STOP_WORDS = frozenset(
    """
    的 了 在 是 和 与 及 或 等 被 把 对 从 由 于 为 以 之 其 而 也 都 就 还 又 个 这 那 此 该 并 且 但
    则 所 着 过 地 得 到 向 给 让 使 将 会 能 可 可以 能够 有 上 中 下 里 内 后 前 时 时候 一 一个 一种
    一些 我 你 他 她 它 我们 你们 他们 它们 自己 因为 所以 如果 以及 并且 而且 但是 然而 不过 其中 其他
    这个 那个 这些 那些 这种 之一 当 当时 已 已经 曾 曾经 用 来 去 说 做 比 更 最 很 再 才 只 只有 没有
    不 没 吗 呢 吧 啊 呀 么 the a an of in on at to is are was were and or for by
    """.split(),
)
ASKING_WORDS = frozenset(
    """
    什么 甚么 什麽 何 哪 谁 多少 几 如何 怎么 怎样 怎么样 为什么 为何 是否 何时 何地 哪里 哪儿 哪些 哪个
    哪一个 哪一 哪种 哪一种 哪位 哪年 哪一年 几年 几个 请问 请 告诉 谁是 是什么 什么样 多久 多大 多长
    多高 多远 何种 何处 几时 几月 几号 几位 几次 哪几 哪国 哪座 哪天 哪部 哪家 哪一位 哪一天 哪项 有哪些
    叫什么 叫 叫做 称为 介绍 一下 介绍一下 关于 说说 谈谈 想 知道 想知道 吗
    """.split(),
)
IGNORED = STOP_WORDS | ASKING_WORDS
ASKING_PHRASE = re.compile(
    "|".join(
        sorted((re.escape(word) for word in ASKING_WORDS if len(word) > 1), key=len, reverse=True),
    )
    + "|谁|吗|呢",
)


def understand(text: str, tokeniser: Tokeniser, understood: str | None = None) -> Question:
    """Prepare a question for the index.

    Args:
        text: what was asked.
        tokeniser: the one that the index was made with.
        understood: what to look up instead, when a follow-up was completed.
    """
    understood = text if understood is None else understood
    normalised = normalise(understood[:LONGEST])
    content = ASKING_PHRASE.sub(" ", normalised)
    return Question(
        text=text,
        understood=understood,
        normalised=normalised,
        kind=asked_for(normalised),
        terms={
            Stream.WORD: plain(token for token in tokeniser.words(normalised) if token not in IGNORED),
            Stream.CHARACTER: plain(token for token in characters(content) if token not in IGNORED),
            Stream.BIGRAM: plain(bigrams(content)),
        },
    )
