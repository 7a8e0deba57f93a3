"""Sentences give the text back, are bounded, and end where a reader would end them."""

import json
import re
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval import Article
from retrieval.language import sentence_ends
from retrieval.language.pairs import LONGEST_QUOTE
from retrieval.language.pieces import KINDS, LONGEST
from retrieval.language.sentences import is_cut_short, split, split_all
from retrieval.models import SentenceKind

PIECES = st.sampled_from(
    [
        *"。！？；，、…“”‘’《》（）\"'.!?,;:：—-",
        *" \n\t\u3000\x85\u2028\xa0",
        "\u3000\u3000",
        "……",
        "http://a.cn/?b!",
        "U.S.",
        "3.5",
        "\u0301",
        "\u200d",
        "👩\u200d💻",
        "\ud800",
        "新华社 图",
        "上海",
        "的",
        "Firms ",
        "长" * 150,
        "好。好",
        "长" * 500,
    ],
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text())


def texts(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split(text)]


def of_kind(text: str, kind: SentenceKind) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split(text) if sentence.kind is kind]


@given(TEXTS)
@example("。")
@example("“" * 500)
@example("a\u0301" * 300)
@example("长" * 399 + "👩\u200d💻")
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    position = 0
    for sentence in split(text):
        between = text[position : sentence.start]
        piece = text[sentence.start : sentence.end]
        assert not between.strip()
        assert piece
        assert piece == piece.strip()
        assert len(piece) <= LONGEST
        position = sentence.end
    assert not text[position:].strip()


@given(st.lists(TEXTS, max_size=4))
def test_texts_are_cut_together_as_each_alone(given_texts: list[str]) -> None:
    found = split_all(given_texts)
    columns = (
        found.texts,
        found.starts.tolist(),
        found.ends.tolist(),
        found.paragraphs.tolist(),
        found.kinds,
    )
    rows = list(zip(*columns, strict=True))
    assert len(found.first) == len(given_texts) + 1
    for text, (first, last) in zip(given_texts, pairwise(found.first.tolist()), strict=True):
        assert rows[first:last] == [
            (text[one.start : one.end], one.start, one.end, one.paragraph, KINDS.index(one.kind))
            for one in split(text)
        ]


@given(TEXTS)
@example("好。好。“好。好”")
def test_plain_stops_end_sentences_where_the_rules_end_them(text: str) -> None:
    for _, group in groupby(split(text), key=lambda sentence: sentence.paragraph):
        found = list(group)
        expected = list(sentence_ends.sentences(text, found[0].start, found[-1].end))
        if all(end - start <= LONGEST for start, end in expected):
            assert [(sentence.start, sentence.end) for sentence in found] == expected


@given(TEXTS)
def test_a_paragraph_ends_where_lines_or_wide_spaces_are_and_nowhere_else(text: str) -> None:
    sentences = split(text)
    assert [sentence.paragraph for sentence in sentences[:1]] in ([], [0])
    for sentence, following in pairwise(sentences):
        between = text[sentence.end : following.start]
        is_break = re.search(r"[\n\r\v\f\x85\u2028\u2029]|\u3000\u3000", between) is not None
        assert following.paragraph - sentence.paragraph == is_break
        assert "\n" not in text[sentence.start : sentence.end]


@given(TEXTS)
def test_a_heading_is_a_paragraph_of_its_own_with_text_below(text: str) -> None:
    sentences = split(text)
    for sentence in sentences:
        if sentence.kind is SentenceKind.HEADING:
            assert [other for other in sentences if other.paragraph == sentence.paragraph] == [sentence]
            assert any(other.start > sentence.end and other.kind is SentenceKind.TEXT for other in sentences)


@given(TEXTS, TEXTS)
def test_a_paragraph_is_cut_without_regard_to_others(first: str, second: str) -> None:
    assert texts(f"{first}\n{second}") == texts(first) + texts(second)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\u3000", "\x85\u2028"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize(
    "marked",
    [
        # Stops, and what looks like one.
        "上海发布新政。|补贴最高达30%！|谁会受益？|企业。",
        "真的吗？！|真的。",
        "企业从27.95万家增长至60.05万家。|北京（67161.82亿）居首。",
        "欣赏书画，品尝咖啡……|可以说，时代来了。",
        "等等...|可以说，时代来了。",
        "……然后他走了。",
        "世界闻名。，是岛屿。",
        "北京要做“领军城市”；上海打造“上海高地”；深圳致力于“产业高地”。",
        "版本v0.3.1发布。|详见https://a.example/x?id=1.2!b。|完。",
        "访问www.a.example/a?b=1！|谢谢。",
        "好!|真的吗?|是的。",
        "你好?|OpenAI答复了。",
        "好。 ！！|走。",
        # Quotations.
        "他说：“很好。我们走吧。”|然后离开。",
        "他说“把握住AI，就把握住未来”。|为此，各地发力。",
        "“谁是第一城？”，这是个问题。|答案未定！",
        "他说：“很好。|我们走吧。|然后离开。",
        "很好。”|我们走吧。",
        "題為「誰是第一城？」的演講。|完。",
        "他喊了“加油！”等口号。|完。",
        "“走吧。”|的确如此。",
        "“很好！”！|完。",
        "他说：“‘走吧。’他喊道。”|完。",
        '他说："很好。我们走吧。"|然后离开。',
        '一块5"的屏幕。|又一块。',
        "“真的？”——他问。|没人答。",
        "《你好，李焕英！》上映了。|票房不错。",
        "他（谁？）来了。|完。",
        "他来了。|（完。）|下一段。",
        "他写到“问题？|很多。|答“少。",
        # English.
        "Shanghai unveiled a plan on May 6.|Dr. Li said the U.S. market grew 3.5%.",
        'He spoke.|"It is big."|Firms agreed!',
        "Acme Inc. and Foo Ltd. met, e.g. in Rome.|They left.",
        "J. Smith wrote it.|It was No. 5 of 7.|He said no.|Then he left.",
        "It grew in 2023.|350 firms signed.",
        '"Is it big?" he asked.|"Yes!" she said.',
        "Yahoo! is a firm.|So is Google.",
        "It is big.|他说。",
        "1. 上海发布新政。|2. 北京发布新政。",
        "OpenAI发布GPT-4.5。|It is new.|中文。",
        "增长20%.|利润增长3.5%.",
        # Quotation marks that are mixed, cross or stay open.
        '甲说"很好”。|乙说"不错”。|丙走了。',
        '甲说“很好"。|乙说“不错"。|丙走了。',
        "他读“《论语”。|再读》。|完。",
        "【快讯：甲公司发布。|乙公司发布。",
        "甲（一）发布。|乙（二。丁）发布。",
        # Who said it.
        "“我们将投资五十亿元。”集团总裁说。|工厂明年投产。",
        "「我們將投資五十億元！」集團總裁表示。|完。",
        '"我们将投资五十亿元。"总裁张三在会上说。|完。',
        "“我们将投资。”张三说，“明年投产。”|完。",
        "“我们将投资。”|一名记者看到，生产线正在运转。",
        "他说：“很好。”|张三表示，合作将继续。",
        "“谁愿意去？”|两人都没有回答，一起走了。",
        # Lists, figures and emoji.
        "1. 补贴企业|2. 减免税费|3. 引进人才",
        "①补贴企业|②减免税费",
        "措施包括：1. 补贴企业2. 减免税费3. 引进人才。|完。",
        "任务有：1）补贴；2）减税。|完。",
        "甲公司(1)表示很好。|乙公司(2)表示不错。",
        "约95万亿元！这是全国的总量。|再创新高！|完。",
        "甲公司发布！|🚀 乙公司融资。|🔥 丙公司上市。🎉",
    ],
)
def test_where_sentences_end(marked: str) -> None:
    pieces = marked.split("|")
    assert texts(" ".join(pieces)) == pieces
    if all(piece[-1] in "。！？…”）" for piece in pieces[:-1]):
        assert texts("".join(pieces)) == pieces


@pytest.mark.parametrize("border", ["\n", "\n\n\n", "\u3000\u3000", "\r\n", "\u2028", " \n\t\u3000"])
def test_paragraphs_need_no_end_mark(border: str) -> None:
    text = f"{border}上海发布新政，{border}北京也发布。{border}"
    assert texts(text) == ["上海发布新政，", "北京也发布。"]
    assert [sentence.paragraph for sentence in split(text)] == [0, 1]


def test_single_wide_space_is_within_a_sentence() -> None:
    assert texts("主题为“智联世界\u3000生成未来”。") == ["主题为“智联世界\u3000生成未来”。"]


def test_a_quotation_is_kept_whole_unless_it_is_a_speech() -> None:
    short = f"他说：“{'很' * (LONGEST_QUOTE - 5)}。好。”"
    speech = f"他说：“{'很' * LONGEST_QUOTE}。好。”"
    assert texts(short) == [short]
    assert texts(speech) == [speech[:-3], "好。”"]


@pytest.mark.parametrize(
    ("unit", "end"),
    [("上海发展，", "，"), ("上海发展；北京发展，", "；"), ("1,000 ", "0"), ("上海", "海")],
)
def test_a_long_sentence_is_cut_at_its_best_mark(unit: str, end: str) -> None:
    pieces = texts(unit * 400)
    assert len(pieces) > 1
    assert all(LONGEST // 2 < len(piece) <= LONGEST for piece in pieces[:-1])
    assert {piece[-1] for piece in pieces[:-1]} <= {end}


@pytest.mark.parametrize("cluster", ["e\u0301", "👩\u200d💻", "👍🏽", "☀\ufe0f"])
@pytest.mark.parametrize("before", range(3))
def test_a_cut_leaves_what_is_seen_as_one(cluster: str, before: int) -> None:
    text = "长" * before + cluster * LONGEST
    for piece in texts(text)[1:]:
        assert piece.startswith(cluster[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海人工智能产业" * 200, True),
        ("上海发展人工智能，" * 200, False),
        ("上海发展人工智能。" * 200, False),
        ("上海发展人工智能\n" * 200, False),
        ("长" * LONGEST + "。", True),
        ("长" * (LONGEST - 1) + "。", False),
        ("长" * 350 + "，" + "长" * 350 + "。", False),
        ("word " * 300, True),
        ("", False),
    ],
)
def test_whether_a_sentence_is_cut_where_no_mark_is(text: str, expected: bool) -> None:  # noqa: FBT001  a table's column
    assert is_cut_short(text) is expected


def test_the_seed(seeds: tuple[Article, ...]) -> None:
    [seed] = seeds
    sentences = split(seed.summary)
    assert (len(sentences), sentences[-1].paragraph + 1) == (63, 30)
    assert of_kind(seed.summary, SentenceKind.CAPTION) == ["新华社 图"]
    assert of_kind(seed.summary, SentenceKind.HEADING) == [
        "全球大厂抢滩AI蓝海",
        "谁是国内AI产业第一城？",
        "上海的AI产业雄心",
    ]


def test_every_gold_sentence_is_one(seeds: tuple[Article, ...], shared: Path) -> None:
    lines = (shared / "seed_questions.jsonl").read_text(encoding="utf-8").splitlines()
    gold = {sentence for line in lines if (sentence := json.loads(line)["gold_sentence"])}
    assert gold
    assert gold <= {sentence for seed in seeds for sentence in texts(seed.summary)}


@pytest.mark.parametrize("name", ["cmrc2018_dev.json", "DRCD_dev.json", "xquad.zh.json"])
def test_passages_of_an_encyclopedia_are_text(name: str, shared: Path) -> None:
    data = json.loads((shared / name).read_text(encoding="utf-8"))["data"]
    articles = ["\n".join(paragraph["context"] for paragraph in article["paragraphs"]) for article in data]
    lengths = [len(piece) for article in articles for piece in texts(article)]
    others = [text for article in articles for text in of_kind(article, SentenceKind.BOILERPLATE)]
    assert all(text.startswith("http") for text in others)
    kinds = {SentenceKind.TEXT, SentenceKind.BOILERPLATE}
    assert all(sentence.kind in kinds for article in articles for sentence in split(article))
    assert sum(length > 200 for length in lengths) < len(lengths) * 0.01
    assert sum(length < 5 for length in lengths) < len(lengths) * 0.005


HOSTILE = [
    *"“”。'\".…！（ \n\u3000长",
    "“。”",
    "”。",
    "。 ",
    "([（【",
    "http://",
    "www.",
    "! ",
    "a.",
    ". ",
    "e\u0301",
    "a?\n",
    "“a！”的",
    "a\u3000",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repeats_end(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    pieces = texts(text)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= LONGEST for piece in pieces)
