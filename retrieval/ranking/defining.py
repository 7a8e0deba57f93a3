"""Sentences that define what a question asks about: 6G就是第六代移动通信技术, 导管架用于支撑海上平台."""

import re
from collections.abc import Callable, Sequence

from retrieval.questions.slots import SlotKind
from retrieval.ranking.asked import Asked
from retrieval.ranking.fitting import EXACT, Fit
from retrieval.ranking.second_stage import Hit

THING = (
    "之一|技术|模型|工具|平台|语言|系统|项目|公司|机构|组织|材料|设备|装置|协议|框架|方法|软件|应用|产品|制度|粒子|算法|标准"
    "|助手|插件|芯片|卫星|火箭|飞机|比赛|活动"
)
SAYS_WHAT = (
    r"[\u4e00-\u9fff]?[”\"』》)）]? ?(?:\([^()]{1,30}\))? ?"
    "(?:就?是(?:一?[个种款类项套门]|指|由|为|我国|全球|世界|国内|中国|首|用)"
    rf"|就?是[^,;。!?]{{2,30}}?(?:{THING})|指的?是|用于|用来|旨在|允许|,?(?:又|也|简)称)"
)
"""How a sentence goes on behind a name that it defines."""
BEFORE = r"(?:^|[,;。!?:])[^\w\u4e00-\u9fff]{0,3}(?:所谓|那么)?"
"""What stands before a name that is defined: nothing but marks."""
CLOSE_BEHIND = 0.5
"""Share of the best score from which a sentence that defines goes first."""


def defining_first(hits: Sequence[Hit], asked: Asked, text: Callable[[Hit], str]) -> list[Hit]:
    """Hits; where a definition is asked for, the best that is one goes first; what is none is no rival."""
    if asked.slot.kind is not SlotKind.DEFINITION or not hits or not asked.leading:
        return list(hits)
    names = [re.escape(form) for form in asked.leading.forms[:1]]
    defining = re.compile(f"{BEFORE}(?:{'|'.join(names)}){SAYS_WHAT}")
    best = hits[0].score
    near = (hit for hit in hits if hit.score >= CLOSE_BEHIND * best and defining.search(text(hit)))
    first = next((hit for hit in near if hit.binding and not hit.binding.conflicts), None)
    if first is None or first.binding is None:
        return list(hits)
    lacks = {name: weight for name, weight in first.binding.lacks.items() if name not in ("cue", "attribute")}
    binding = first.binding._replace(fit=Fit(EXACT, first.binding.fit.spans), lacks=lacks)
    raised = first._replace(consent=first.consent + best - first.score, binding=binding)
    rest = [
        hit if defining.search(text(hit)) else hit._replace(is_superseded=True)
        for hit in hits
        if hit.row != first.row
    ]
    return [raised, *rest]
