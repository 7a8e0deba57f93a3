"""What a question takes to have happened (爆炸, 裁员): where no such thing is told of, there is no answer."""

from retrieval.regex import regex

WRITTEN = (
    ("爆炸", "爆炸|炸|爆燃|爆裂"),
    ("火灾|失火|起火(?<![那这一]起火)(?!车|箭)|着火", "火|燃"),
    ("坠毁|坠机|坠落|坠海", "坠|失事|空难"),
    ("脱轨|出轨", "轨"),
    ("死亡|遇难|丧生|身亡|死了(?:多少|几)", "死|遇难|丧生|身亡|罹难|亡|丧命|去世|逝世|遗体|生命"),
    ("受伤|伤者|伤了", "伤"),
    ("失踪|失联", "失踪|失联|下落"),
    ("裁员|裁了|裁撤", "裁|减员|解雇|遣散|优化|下岗|精简|削减|离开|失业|岗位|开除"),
    ("召回", "召回|回收"),
    ("罚款|被罚|罚了|罚金", "罚|赔|制裁|和解"),
    ("被捕|逮捕|被抓|被拘|落网|拘留", "捕|抓|拘|扣押|落网|起诉|指控|获刑|判"),
    (
        "辞职|离职|卸任|下课|辞任",
        "辞|离职|离任|卸任|离开|出走|退休|退出|接替|接任|前任|不再|去职|转投|加入|入职|挖|跳槽|免",
    ),
    ("停运|停驶|停飞|停航", "停|暂停|中断|取消"),
    ("停产|停工|停业|停课", "停|断|关"),
    ("倒闭|破产", "倒|破产|关闭|关停|清算|倒下"),
    ("洪水|洪灾|水灾|淹没|被淹|内涝", "洪|涝|淹|水灾|暴雨|汛"),
    ("地震", "震"),
    ("塌方|坍塌|倒塌|垮塌|塌陷", "塌|垮"),
    ("泄漏|泄露", "泄|漏|外流|流出|曝光"),
    ("被查|落马|受贿|贪污|挪用", "查|落马|贿|贪|违纪|腐|挪用|双开"),
    ("抄袭|造假|作弊", "抄|假|弊|剽|套壳|侵权"),
    ("绑架|劫持|枪击|遇刺|刺杀", "绑|劫|枪|刺|袭"),
    ("退市|摘牌", "退市|摘牌|私有化"),
    ("中毒", "毒"),
    ("沉没|触礁|翻船|搁浅", "沉|礁|翻|搁浅"),
    ("延误|晚点", "延|晚|误|推迟"),
    ("感染|确诊", "感染|确诊|病例|阳性|患"),
)
"""What asks about an incident, and what an article has that tells of it, be it in other words."""
INCIDENTS = tuple((regex(asked), regex(told)) for asked, told in WRITTEN)
ANY = regex("|".join(asked for asked, _ in WRITTEN))
"""What asks about any: most questions ask about none."""


def asked_about(question: str) -> tuple[int, ...]:
    """The incidents that a normalised question asks about, by their places among those known."""
    if ANY.search(question) is None:
        return ()
    return tuple(place for place, (asked, _) in enumerate(INCIDENTS) if asked.search(question))


def is_told(incident: int, text: str) -> bool:
    """Whether a text tells of an incident."""
    return INCIDENTS[incident][1].search(text) is not None
