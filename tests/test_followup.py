"""A follow-up is completed from the question before; a question with a subject of its own is left alone."""

from pathlib import Path

import pytest

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates
from retrieval.questions.followup import complete

COMPANIES = "上海规模以上AI企业有多少家？"
CONFERENCE = "2023世界人工智能大会在哪里举行？"
SCALE = "2022年中国人工智能核心产业规模是多少？"
STRATEGY = "新加坡的国家人工智能战略计划投入多少钱？"


@pytest.mark.parametrize(
    ("previous", "question", "understood"),
    [
        ("深圳新增了多少家AI企业？", "北京呢？", "北京新增了多少家AI企业？"),
        ("深圳新增了多少家AI企业？", "那北京呢", "北京新增了多少家AI企业？"),
        ("2021年的规模是多少？", "2022年呢？", "2022年的规模是多少？"),
        ("德国总理是谁？", "法国呢", "法国总理是谁？"),
        ("松塔机器人多少钱？", "Kestrel 4涨了多少？", "Kestrel 4涨了多少？"),
        ("2023年上半年用电量多少？", "那6月份呢", "2023年6月份用电量多少？"),
        (COMPANIES, "那江苏呢？", "江苏规模以上AI企业有多少家？"),
        (COMPANIES, "那麼北京呢？", "北京规模以上AI企业有多少家？"),
        (COMPANIES, "江蘇呢？", "江蘇规模以上AI企业有多少家？"),
        (COMPANIES, "江苏和浙江呢？", "江苏和浙江规模以上AI企业有多少家？"),
        (COMPANIES, "换成深圳呢", "深圳规模以上AI企业有多少家？"),
        (COMPANIES, "广东有多少？", "广东规模以上AI企业有多少家？"),
        (COMPANIES, "那广东有多少家", "广东规模以上AI企业有多少家？"),
        (SCALE, "2021年呢？", "2021年中国人工智能核心产业规模是多少？"),
        (SCALE, "上海呢？", "2022年上海人工智能核心产业规模是多少？"),
        ("上海和北京有多少家企业？", "广东呢？", "广东有多少家企业？"),
        ("华为的大模型叫什么？", "腾讯呢？", "腾讯的大模型叫什么？"),
        ("华为的大模型叫什么？", "阿里的呢？", "阿里的大模型叫什么？"),
        ("ChatGPT是哪家公司研发的？", "AlphaGo呢？", "AlphaGo是哪家公司研发的？"),
        ("丹麦政府什么时候发布战略？", "新加坡呢？", "新加坡什么时候发布战略？"),
        (COMPANIES, "还有呢？", COMPANIES),
        ("神舟十五号的指令长是谁？", "那神舟十六号呢", "神舟十六号的指令长是谁？"),
        ("嫦娥六号什么时候发射？", "那嫦娥七号呢", "嫦娥七号什么时候发射？"),
        ("GPT-5.2得了多少分？", "那Kimi K2呢", "Kimi K2得了多少分？"),
        ("Claude Opus 4.5的价格是多少？", "Gemini 3 Pro呢？", "Gemini 3 Pro的价格是多少？"),
        ("Ideogram 2.0什么时候发布的？", "1.0呢？", "Ideogram 1.0什么时候发布的？"),
        ("华为的大模型叫什么？", "那小米呢", "小米的大模型叫什么？"),
        ("小米汽车卖了多少辆？", "理想呢", "理想汽车卖了多少辆？"),
        ("第三届进博会有多少家企业参展？", "第四届呢", "第四届进博会有多少家企业参展？"),
        ("第一季度出口多少？", "第二季度呢", "第二季度出口多少？"),
        ("上半年出口多少？", "下半年呢", "下半年出口多少？"),
        ("公司的收入是多少？", "去年呢", "去年公司的收入是多少？"),
        ("2023年公司的收入是多少？", "第二季度呢", "2023年第二季度公司的收入是多少？"),
        ("小区有多少个换热站？", "那换流站呢", "小区有多少个换流站？"),
    ],
)
def test_a_name_or_year_takes_the_place_of_its_like(
    tokeniser: Tokeniser, previous: str, question: str, understood: str
) -> None:
    assert complete(question, previous, tokeniser) == understood


@pytest.mark.parametrize(
    ("previous", "question"),
    [
        ("上海有多少家企业？", "产值呢？"),
        ("大会在哪里举行？", "什么时候办的？"),
        (CONFERENCE, "什麼時候舉行的？"),
        ("丹麦政府什么时候发布战略？", "目的是什么？"),
        (COMPANIES, "增长了多少？"),
        (COMPANIES, "为什么？"),
        ("AlphaGo几次击败围棋冠军？", "是哪一年？"),
        ("地铁有多少座车站？", "那换乘站呢？"),
    ],
)
def test_a_question_without_a_subject_is_put_after(
    tokeniser: Tokeniser, previous: str, question: str
) -> None:
    assert complete(question, previous, tokeniser) == f"{previous[:-1]}；{question}"


@pytest.mark.parametrize(
    ("previous", "question", "subject"),
    [
        (CONFERENCE, "主题是什么？", "2023世界人工智能大会"),
        (CONFERENCE, "有多少家企业参展？", "2023世界人工智能大会"),
        ("2023世界人工智能大会；主题是什么？", "展览面积多大？", "2023世界人工智能大会"),
        (COMPANIES, "它的产值是多少？", "上海规模以上AI企业"),
        (COMPANIES, "占全国多少？", "上海规模以上AI企业"),
        (SCALE, "同比增长多少？", "2022年中国人工智能核心产业规模"),
        (STRATEGY, "用在哪些领域？", "新加坡的国家人工智能战略计划"),
        ("条例什么时候公布的？", "是全国第一部吗？", "条例"),
        ("小米集团创始人是谁？", "他怎么看未来？", "小米集团创始人"),
        ("融资最多的城市有哪些？", "北京是多少？", "融资最多的城市"),
    ],
)
def test_what_asks_something_else_by_name_is_put_after_the_subject(
    tokeniser: Tokeniser, previous: str, question: str, subject: str
) -> None:
    assert complete(question, previous, tokeniser) == f"{subject}；{question}"


def test_a_follow_up_comes_in_the_place_of_the_one_before(tokeniser: Tokeniser) -> None:
    assert complete("人才呢？", "上海有多少家企业；产值呢？", tokeniser) == "上海有多少家企业；人才呢？"
    understood = complete("在哪里办的？", "大会的主题是什么；什么时候办的？", tokeniser)
    assert understood == "大会的主题是什么；在哪里办的？"


@pytest.mark.parametrize(
    "question",
    """丹麦政府什么时候发布国家战略？ 谁是李开复？ ChatGPT是哪家公司研发的？ 深圳有多少家企业？ 你叫什么名字？
    人工智能元年是哪一年？ 2023世界人工智能大会的主题是什么？ 梅建平指出了什么差距？ 珠穆朗玛峰有多高？
    华为的大模型叫什么？ 主展览区面积有多大？ 谢谢 你好""".split(),
)
def test_other_questions_stand_alone(tokeniser: Tokeniser, question: str) -> None:
    assert complete(question, COMPANIES, tokeniser) == question
    assert not complete("", COMPANIES, tokeniser)


RIVER = """标题: 青霜江大桥
总结: 青霜江大桥今天开工。大桥全长九公里，由北岸集团承建。桥面的设计时速是一百公里。总投资四十亿元。

标题: 白鹭湖隧道
总结: 白鹭湖隧道昨天贯通。隧道全长三公里，总投资二十亿元。

标题: 星河机器人
总结: 星河机器人公司发布新品。新品的售价是三万元，首批共一千台。
"""


@pytest.mark.parametrize(
    ("previous", "question", "understood"),
    [
        ("青霜江大桥哪天开工的", "设计时速是多少", "青霜江大桥；设计时速是多少"),
        ("青霜江大桥有多长？", "桥是由哪个集团来承建的", "青霜江大桥；桥是由哪个集团来承建的"),
        ("青霜江大桥有多长？", "白鹭湖隧道总投资是多少", "白鹭湖隧道总投资是多少"),
        ("青霜江大桥有多长？", "星河机器人首批有多少台", "星河机器人首批有多少台"),
    ],
)
def test_what_the_topic_speaks_of_goes_on_about_it(
    tokeniser: Tokeniser, tmp_path: Path, previous: str, question: str, understood: str
) -> None:
    """A question without a mark of a follow-up is one where the articles of the topic hold its words."""
    (tmp_path / "news.txt").write_text(RIVER)
    updates.update(tmp_path / "index", reading.read([tmp_path / "news.txt"]).articles, tokeniser)
    retriever = Retriever(EmbeddedIndex(tmp_path / "index", tokeniser), tokeniser)
    assert retriever.ask(question, previous).understood == understood
