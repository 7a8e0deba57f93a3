"""What is quoted is text: headings, captions, datelines and what extraction leaves are known as such."""

import pytest
from test_sentences import of_kind, texts

from retrieval.models import SentenceKind


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("央视网消息（新闻联播）：", "上海发布新政。"),
        ("新华社北京5月6日电（记者 张三、李四）", "上海发布新政。"),
        ("新华社上海2024年5月6日电", " 上海发布新政。"),
        ("财经社5月6日电，", "上海发布新政。"),
        ("科技之家 5 月 6 日消息，", "上海发布新政。"),
        ("本报讯（记者 张三）", "上海发布新政。"),
        ("【环球网科技综合报道】", "上海发布新政。"),
        ("", "最新消息：上海发布新政。"),
        ("", "甲公司5月6日电话会议称，收入上升。"),
        ("", "他在新华社工作，5月6日去世。"),
    ],
)
def test_a_dateline_is_a_piece_of_its_own(dateline: str, rest: str) -> None:
    text = f"{dateline}{rest}"
    assert texts(text) == [piece for piece in (dateline, rest.strip()) if piece]
    assert of_kind(text, SentenceKind.DATELINE) == ([dateline] if dateline else [])


@pytest.mark.parametrize(
    "line",
    [
        "https://a.example/1",
        "news@a.example",
        "更多详情",
        "🚀 '项目地址'",
        "参考链接：",
        "责任编辑：张三",
        "原标题：上海新政落地",
        "扫码关注公众号",
        "往期推荐",
        "投稿请发邮件到：",
        "点这里👇关注我，记得标星哦～",
        "一键三连「分享」、「点赞」和「在看」",
        "— 完 —",
        "张三 发自 上海",
        "© 知闻日报",
    ],
)
def test_what_extraction_leaves_is_boilerplate(line: str) -> None:
    text = f"{TEXT}\n{line}\n{TEXT}"
    assert texts(text) == [TEXT, line, TEXT]
    assert of_kind(text, SentenceKind.BOILERPLATE) == [line]


@pytest.mark.parametrize(
    "text",
    [
        "乘客扫码即可乘车。",
        "该刊每年收到投稿三万篇。",
        "编辑：这篇文章引起了轰动，读者来信不断。",
        "项目地址：https://a.example/1",
        "平台关注用户隐私。",
        "大会报名人数超过两万。",
    ],
)
def test_a_sentence_about_such_things_is_text(text: str) -> None:
    assert of_kind(text, SentenceKind.BOILERPLATE) == []


TEXT = "产业快速发展。"


@pytest.mark.parametrize(
    ("paragraphs", "headings"),
    [
        ([TEXT, "上海的AI产业雄心", "会议召开。"], ["上海的AI产业雄心"]),
        (["上海的AI产业雄心", TEXT], ["上海的AI产业雄心"]),
        ([TEXT, "谁是国内AI产业第一城？", "深圳居首。"], ["谁是国内AI产业第一城？"]),
        ([TEXT, "一、总则", "（一）目标", TEXT, TEXT], ["一、总则", "（一）目标"]),
        ([TEXT, "产业如何？布局如何？", TEXT], []),
        ([TEXT, "真是第一城！", TEXT], []),
        ([TEXT, "长" * 31, TEXT], []),
        ([TEXT, "下列城市，", TEXT], []),
        ([TEXT, "刚刚，甲公司又收购一家公司——", TEXT], []),
        ([TEXT, "近期来看，公司将着手满足下列各项需求：", TEXT], []),
        (
            ["央视网消息（新闻联播）：", "甲地新桥合龙", TEXT, "乙地新港开港", TEXT],
            ["甲地新桥合龙", "乙地新港开港"],
        ),
        (["甲地新桥合龙", "更多详情", TEXT], ["甲地新桥合龙"]),
        ([TEXT, "（完）"], []),
        ([TEXT, "你准备好了吗？"], []),
        ([TEXT, "***", TEXT], []),
        (["上海的AI产业雄心"], []),
        (["谁是第一城？"], []),
        (["谁是第一城？", "深圳吗？"], []),
        (["上海", "北京", "深圳", "以上。"], []),
        ([TEXT] * 9 + ["上海350家", "北京280家", "深圳260家"] + [TEXT], []),
    ],
)
def test_headings(paragraphs: list[str], headings: list[str]) -> None:
    assert of_kind("\n".join(paragraphs), SentenceKind.HEADING) == headings


@pytest.mark.parametrize(
    "credit",
    [
        "新华社 图",
        "图源：视觉中国",
        "图/视觉中国",
        "图片来源: 受访者",
        "（资料图）",
        "新华社记者 方喆 摄",
        "记者 张三 摄",
        "受访者供图",
        "新华社发（方喆 摄）",
    ],
)
def test_a_photo_credit_is_a_caption(credit: str) -> None:
    text = f"大会拉开帷幕。{credit}\n会议召开。"
    assert texts(text) == ["大会拉开帷幕。", credit, "会议召开。"]
    assert of_kind(text, SentenceKind.CAPTION) == [credit]
    assert of_kind(f"{TEXT}\n{credit}\n{TEXT}", SentenceKind.CAPTION) == [credit]


@pytest.mark.parametrize(
    "text",
    [
        "产业地图",
        "他绘制了中国地图",
        "这组照片由记者在上海拍摄。",
        "图书馆开放。",
        "企图",
        "他在看图，新华社图",
    ],
)
def test_what_only_looks_like_a_credit_is_text(text: str) -> None:
    assert of_kind(f"{TEXT}{text}", SentenceKind.CAPTION) == []
