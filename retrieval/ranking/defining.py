"""Sentences that define what a question asks about: 6G就是第六代移动通信技术, 导管架用于支撑海上平台."""

from collections.abc import Callable, Sequence

from retrieval.language.tokeniser import places
from retrieval.questions.slots import SlotKind
from retrieval.ranking.asked import Asked
from retrieval.ranking.fitting import EXACT, Fit
from retrieval.ranking.second_stage import Hit
from retrieval.regex import regex

THING = (
    "之一|技术|模型|工具|平台|语言|系统|项目|公司|机构|组织|材料|设备|装置|协议|框架|方法|软件|应用|产品|制度|粒子|算法|标准"
    "|助手|插件|芯片|卫星|火箭|飞机|比赛|活动"
)
SAYS_WHAT = regex(
    r"[\u4e00-\u9fff]?[”\"』》)）]? ?(?:\([^()]{1,30}\))? ?"
    "(?:就?是(?:一?[个种款类项套门]|指|由|为|我国|全球|世界|国内|中国|首|用)"
    rf"|就?是[^,;。!?]{{2,30}}?(?:{THING})|指的?是|用于|用来|旨在|允许|,?(?:又|也|简)称)"
)
"""How a sentence goes on behind a name that it defines."""
BEFORE = regex(r"(?:^|[,;。!?:])[^\w\u4e00-\u9fff]{0,3}(?:所谓|那么)?\Z")
"""What stands before a name that is defined: nothing but marks."""
LONGEST_BEFORE = 6
"""Its characters."""
CLOSE_BEHIND = 0.5
"""Share of the best score from which a sentence that defines goes first."""


def defining_first(hits: Sequence[Hit], asked: Asked, text: Callable[[Hit], str]) -> list[Hit]:
    """Hits; where a definition is asked for, the best that is one goes first; what is none is no rival."""
    if asked.slot.kind is not SlotKind.DEFINITION or not hits or not asked.leading:
        return list(hits)
    name, best = asked.leading.forms[0], hits[0].score
    defining = {hit.row for hit in hits if defines(text(hit), name)}
    near = (hit for hit in hits if hit.score >= CLOSE_BEHIND * best and hit.row in defining)
    first = next((hit for hit in near if hit.binding and not hit.binding.conflicts), None)
    if first is None or first.binding is None:
        return list(hits)
    lacks = {name: weight for name, weight in first.binding.lacks.items() if name not in ("cue", "attribute")}
    binding = first.binding._replace(fit=Fit(EXACT, first.binding.fit.spans), lacks=lacks)
    raised = first._replace(consent=first.consent + best - first.score, binding=binding)
    rest = [
        hit if hit.row in defining else hit._replace(is_superseded=True)
        for hit in hits
        if hit.row != first.row
    ]
    return [raised, *rest]


def defines(text: str, name: str) -> bool:
    """Whether a compared text says what a name is of."""
    return any(
        SAYS_WHAT.match(text, at + len(name)) and BEFORE.search(text, max(at - LONGEST_BEFORE, 0), at)
        for at in places(text, name)
    )
