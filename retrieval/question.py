"""A question, as the index understands it: its terms, and what it asks for.

The words that only make a sentence a question (什么, 多少家, 请问) are taken out of what is looked up; they
tell what kind of answer is wanted instead.
"""

import re

from retrieval.models import AnswerKind, Question, Stream
from retrieval.terms import plain
from retrieval.text import Tokeniser, bigrams, characters, normalise

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

CLAUSE_END = re.compile(r"[,;?!。]+")

KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            AnswerKind.DATE,
            (
                r"何时|什么时候|甚么时候|什么时间|哪一?年|哪一?天|哪一?[个]?月|几月|几号|几时|几年(?!级)|哪几[天日]"
                r"|哪个?(?:世纪|时期|时代|朝代|年代|年份|季节)|(?:时间|日期|年份)(?:是|为)|何年|什么年代|什么朝代|多久"
            ),
        ),
        (
            AnswerKind.NUMBER,
            r"多少|几(?!乎|何|率|内)|多大|多高|多长|多远|多重|多宽|多深|多快|比例|占比|百分之|数量|人数|第几|排名",
        ),
        (AnswerKind.PERSON, r"谁|哪位|哪一位|何人|什么人|哪个人|哪一个人|哪名|哪一名|人物"),
        (
            AnswerKind.PLACE,
            (
                r"哪里|哪儿|何处|何地|什么地方|哪个?一?个?(?:国家|城市|省|市|地区|州|县|地方|区|岛|国)|位于|哪国|在哪"
                r"|什么(?:国家|城市|地区)"
            ),
        ),
        (AnswerKind.REASON, r"为什么|为何|为甚么|原因|怎么会|何以"),
        (
            AnswerKind.NAME,
            r"叫什么|名为|称为|什么名字|名称|什么歌|书名|哪部|哪一部|哪首|专辑|哪本|什么书|作品|称作|被称|哪一?篇|片名",
        ),
        (
            AnswerKind.ORGANISATION,
            (
                r"哪家|哪所|哪间|什么(?:公司|机构|组织|大学|学校|单位|部门)"
                r"|哪个?一?[个间所家]?(?:公司|机构|组织|大学|学校|学院|球队|俱乐部|政党|部门|单位)"
            ),
        ),
        (AnswerKind.LIST, r"哪些|哪几|什么样的|分别"),
    )
)
"""What a question asks for; the first that matches wins."""


def asked_for(normalised: str) -> AnswerKind:
    """The kind of answer that a normalised question asks for: that of its last clause, if that says."""
    clauses = [clause for clause in CLAUSE_END.split(normalised) if clause]
    kinds = (
        kind for clause in [*clauses[:-2:-1], normalised] for kind, pattern in KINDS if pattern.search(clause)
    )
    return next(kinds, AnswerKind.OTHER)


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
