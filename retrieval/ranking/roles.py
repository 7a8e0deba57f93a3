"""Roles that somebody has: which are the same in other words, and in what company."""

import functools
import re
from collections.abc import Sequence

from retrieval.ranking.asked import LATIN

SAME = (
    frozenset(
        "创始人 联合创始人 ceo 首席执行官 董事长 总裁 掌门 掌门人 老板 负责人 头儿 创办 创立 创建".split()
    ),
    frozenset("作者 一作 第一作者 撰写 发布者".split()),
    frozenset("得主 冠军 获得者 获奖者 夺冠 摘得 获".split()),
)
"""Roles in words that stand for one another."""
ALSO = "(?:(?:联合)?创始人(?:兼|、|和|及)|董事长兼|总裁兼)?"
"""Roles that somebody has besides the one that is asked for."""
REMEMBERED = 64
"""Roles of which the patterns are kept."""


@functools.lru_cache(REMEMBERED)
def alike(role: str) -> frozenset[str]:
    """A role in all its words."""
    return next((group for group in SAME if role in group), frozenset({role}))


def companies(role: str, text: str) -> Sequence[str]:
    """The Latin names in a normalised text that stand before a role, in any of its words."""
    return [match[1] for match in _held(role).finditer(text)]


@functools.lru_cache(REMEMBERED)
def _held(role: str) -> re.Pattern[str]:
    # The name is taken whole (?>): to try all its parts takes for ever where it is long.
    return re.compile(
        rf"((?>{LATIN.pattern})) ?(?:公司)?的?{ALSO}(?:{'|'.join(sorted(alike(role), key=len))})"
    )
