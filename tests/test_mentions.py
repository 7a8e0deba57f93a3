"""What a sentence mentions is found where it stands, whole."""

import pytest
import single
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Tokeniser
from retrieval.language.mentions.mention import spans_of
from retrieval.models import AnswerKind

TOKENISER: list[Tokeniser] = []


@pytest.fixture(autouse=True)
def _keep_tokeniser(tokeniser: Tokeniser) -> None:
    TOKENISER[:] = [tokeniser]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (AnswerKind.DATE, "2022年9月22日，条例正式公布。", "2022年9月22日"),
        (AnswerKind.DATE, "大会7月6日至8日在上海举行。", "7月6日至8日"),
        (AnswerKind.DATE, "始建于20世纪90年代初。", "20世纪90年代初"),
        (AnswerKind.DATE, "大宝二年（551年）六月二十二日投降。", "大宝二年（551年）六月二十二日"),
        (AnswerKind.DATE, "成立於１９７５年。", "１９７５年"),
        (AnswerKind.NUMBER, "企业达到350家。", "350家"),
        (AnswerKind.NUMBER, "产值达到3800多亿元。", "3800多亿元"),
        (AnswerKind.NUMBER, "共60.05万家。", "60.05万家"),
        (AnswerKind.NUMBER, "約占百分之三十。", "百分之三十"),
        (AnswerKind.NUMBER, "面积约4.81万平方米。", "约4.81万平方米"),
        (AnswerKind.NUMBER, "气温28至32℃。", "28至32℃"),
        (AnswerKind.NUMBER, "最低气温-42.3℃。", "-42.3℃"),
        (AnswerKind.NUMBER, "气温降至零下50度。", "零下50度"),
        (AnswerKind.NUMBER, "利润增长-5.2%。", "-5.2%"),
        (AnswerKind.NUMBER, "发电量达210亿千瓦时。", "210亿千瓦时"),
        (AnswerKind.NUMBER, "首个220千伏工程。", "220千伏"),
        (AnswerKind.NUMBER, "功率为300兆瓦的机组。", "300兆瓦"),
        (AnswerKind.NUMBER, "星标4.4 万 个。", "4.4 万 个"),
        (AnswerKind.NUMBER, "1. 补贴最高30%", "30%"),
        (AnswerKind.PERSON, "尼古拉·特斯拉发明了它。", "尼古拉·特斯拉"),
        (AnswerKind.PERSON, "创新工场总裁李开复所言。", "李开复"),
        (AnswerKind.PLACE, "总部位于广东省深圳市。", "广东省深圳市"),
        (AnswerKind.ORGANISATION, "由中国科学院发布。", "中国科学院"),
    ],
)
def test_mentions_are_whole(tokeniser: Tokeniser, kind: AnswerKind, text: str, expected: str) -> None:
    found = single.find(text, tokeniser).mentions
    assert expected in [text[mention.start : mention.end] for mention in found if mention.kind is kind]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("进一步推动工作。", []),
        ("夸父一号卫星发射。", []),
        ("1. 补贴企业；2、减税", []),
        ("(1)补贴3亿元", ["3亿元"]),
        ("2019-2021年", ["2019-2021年"]),
        ("GPT-4发布", ["4"]),
    ],
)
def test_what_only_looks_like_a_figure_is_none(tokeniser: Tokeniser, text: str, numbers: list[str]) -> None:
    found = spans_of(AnswerKind.NUMBER, single.find(text, tokeniser).mentions)
    assert [text[start:end] for start, end in found] == numbers


@pytest.mark.parametrize("text", ["人工智能元年", "智能三年来", "这一代人", "人工智能时代"])
def test_what_only_looks_like_a_date_is_none(tokeniser: Tokeniser, text: str) -> None:
    assert not spans_of(AnswerKind.DATE, single.find(text, tokeniser).mentions)


@given(
    st.text(st.sampled_from("2023年7月6日，上海家企业GPT-4３０％臺灣·〇 ㎡ﬁ第一至（）公司李"), max_size=40)
)
def test_mentions_lie_within_the_text(text: str) -> None:
    for mention in single.find(text, TOKENISER[0]).mentions:
        assert 0 <= mention.start < mention.end <= len(text)


def test_numbers_and_dates_are_kept_apart_from_what_is_marked(tokeniser: Tokeniser) -> None:
    held = single.find("2022年规模达３成，去年是1,500万。", tokeniser)
    assert held.dates == ("2022年", "去年", "2022")
    assert held.numbers == ("2022", "3", "1,500")
