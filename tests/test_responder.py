"""Replies as text: valid for Telegram whatever the articles hold, and verbatim in quotations."""

import html
import re
import tomllib

import pytest
from every_reply import replies
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import texts
from rich.cells import cell_len
from sample import COPY, OFFLINE, SHANGHAI, Fixed, Library, answer, passage

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply
from bot.layout.hidden import HIDE
from bot.layout.language import TEMPLATES, Language, phrases
from bot.layout.responder import BYTES, LAYOUTS, UNITS, Responder, address, units
from bot.layout.words import Mark, marks
from bot.layout.wrapping import wrap
from retrieval.models import Answer, Reason

ALLOWED = re.compile(r'</?[biu]>|<blockquote(?: expandable)?>|</blockquote>|<a href="[^"<>\s]+">|</a>')
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+);")
RESPONDERS = [Responder(language) for language in Language]

spans = st.lists(st.tuples(st.integers(-5, 12_000), st.integers(-5, 12_000)), max_size=40).map(tuple)
near = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5).map(tuple)
passages = st.builds(
    passage,
    texts,
    highlights=spans | near,
    matches=spans | near,
    title=texts,
    url=st.none() | texts | texts.map(lambda text: f"https://例え.jp/{text}"),
    file=texts,
    before=st.none() | texts,
    heading=st.none() | texts,
    article=st.sampled_from(["a", "b"]),
)
answers = st.builds(
    lambda found, question, understood: answer(
        *found,
        question=question,
        understood=understood,
        reason=Reason(code="low_confidence", message="不够"),
    ),
    st.lists(passages, min_size=1, max_size=5),
    texts,
    texts,
)


def parse(message: str) -> tuple[str, list[str]]:
    """The text of a message and its quotations, as Telegram's parser would read them."""
    opened: list[str] = []
    quotations: list[str] = []
    plain = ""
    for part in re.split(r"(<[^>]*>)", message):
        if not part.startswith("<"):
            assert ">" not in part
            assert ENTITY.sub("", part).count("&") == 0
            plain += html.unescape(part)
            if "blockquote" in opened:
                quotations[-1] += html.unescape(part)
            continue
        assert ALLOWED.fullmatch(part), part
        tag = re.sub(r"[^a-z].*", "", part.strip("</>"))
        if part.startswith("</"):
            assert opened.pop() == tag
            continue
        if tag == "blockquote":
            assert tag not in opened
            quotations.append("")
        opened.append(tag)
    assert opened == []
    return plain, quotations


def stored(of: Answer) -> str:
    """Everything that a reply about an answer may quote."""
    return "\n".join(f"{p.heading}\n{p.before}\n{p.text}\n{p.heading}" for p in of.passages)


@settings(max_examples=150)
@given(answers, st.sampled_from(RESPONDERS))
def test_every_message_is_valid_for_telegram_and_verbatim(of: Answer, responder: Responder) -> None:
    record = stored(of)
    for reply in replies(of):
        message = responder.telegram(reply)
        plain, quotations = parse(message)
        assert plain.strip()
        assert 1 <= units(plain) <= UNITS
        assert len(message.encode()) <= BYTES
        for quoted in quotations:
            for line in quoted.split("\n"):
                assert line in record or line.startswith("— ")


@settings(max_examples=30)
@given(of=answers, responder=st.sampled_from(RESPONDERS), width=st.integers(20, 120), colour=st.booleans())
def test_every_terminal_line_is_safe_and_verbatim(
    *, of: Answer, responder: Responder, width: int, colour: bool
) -> None:
    record = stored(of)
    for reply in replies(of):
        shown = responder.terminal(reply, colour=colour, width=width)
        assert colour or "\x1b" not in shown
        plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
        assert not re.search(f"[{HIDE}]", plain.replace("\n", ""))
        for line in plain.split("\n"):
            if quoted := re.fullmatch(r"[ \d]{2}▎(?: (.*))?", line):
                assert (quoted[1] or "") in record
                assert cell_len(line) <= width
        assert len(responder.line(reply).split("\n")) == 1


@given(texts, st.integers(2, 100))
def test_wrapping_leaves_out_only_space_and_what_steers_a_terminal(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(text[start:end] for start, end in lines).split()) == "".join(
        re.sub(f"[{HIDE}]", "", text).split()
    )
    assert all(cell_len(text[start:end]) <= width for start, end in lines)
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("人工智能，上海。", 8, ["人工智", "能，上", "海。"]),
        ("产值达到3800多亿元，", 14, ["产值达到", "3800多亿元，"]),
        ("用ChatGPT写", 8, ["用", "ChatGPT", "写"]),
        ("发布《条例》后", 6, ["发布", "《条", "例》后"]),
        ("a　　b", 3, ["a", "b"]),
        ("危险\x1b[31m红", 20, ["危险", "[31m红"]),
        ("", 10, []),
    ],
)
def test_lines_break_as_chinese_does(text: str, width: int, lines: list[str]) -> None:
    assert [text[start:end] for start, end in wrap(text, width)] == lines


@pytest.mark.parametrize(
    ("highlights", "matches", "expected"),
    [
        ([(6, 10)], [(0, 2)], "1100002222"),
        ([(6, 8), (7, 10)], [(0, 7)], "0000002222"),  # the matches would cover more than half
        ([(8, 99)], [(-3, 1), (0, 2)], "1100000022"),
        ([], [], "0000000000"),
        ([(5, 3)], [(20, 30)], "0000000000"),
    ],
)
def test_marks_merge(
    highlights: list[tuple[int, int]], matches: list[tuple[int, int]], expected: str
) -> None:
    assert "".join(str(int(mark)) for mark in marks("上海企业达到350家", highlights, matches)) == expected


def test_too_many_marks_are_none() -> None:
    every_other = [(n, n + 1) for n in range(0, 100, 2)]
    assert set(marks("字" * 100, every_other, [])) == {Mark.PLAIN}
    assert set(marks("字" * 200, [(1, 2)], every_other)) == {Mark.PLAIN, Mark.HIGHLIGHT}


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("http://www.example.com/上海?a=1&b=二", "http://www.example.com/%E4%B8%8A%E6%B5%B7?a=1&b=%E4%BA%8C"),
        ("https://例え.jp/%E4%B8%8A", "https://xn--r8jz45g.jp/%E4%B8%8A"),
        ('https://a.cn/"><b>', "https://a.cn/%22%3E%3Cb%3E"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("http://[", ""),
        ("没有", ""),
        ("https://a.cn/" + "长" * 1000, ""),
        (None, ""),
    ],
)
def test_links_are_ascii_and_safe(url: str | None, link: str) -> None:
    assert address(url) == link


def test_passages_are_dropped_from_the_end_until_a_message_fits() -> None:
    long = tuple(passage(f"{n}" + "长" * 900, rank=n) for n in range(1, 7))
    message = Responder().telegram(Reply(kind=Kind.ANSWER, answer=answer(*long), passages=long))
    _, (best, others) = parse(message)
    assert best == long[0].text
    assert [p.text in others for p in long[1:]] == [True, True, True, False, False]


def test_of_a_sentence_too_long_the_part_with_the_answer_is_shown() -> None:
    text = "前" * 5000 + "350家" + "后" * 5000
    sentence = passage(text, highlights=((5000, 5004),), title="题" * 5000)
    message = Responder().telegram(Reply(kind=Kind.ANSWER, answer=answer(sentence), passages=(sentence,)))
    _, (quoted,) = parse(message)
    assert quoted in text
    assert "<b>350家</b>" in message
    assert phrases(Language.HANS)["excerpted"] in message


def test_all_languages_have_the_same_texts_and_none_needs_escaping() -> None:
    keys = {language: set(phrases(language)) for language in Language}
    assert keys[Language.HANS] == keys[Language.HANT] == keys[Language.EN]
    for language in Language:
        for name, text in phrases(language).items():
            assert text
            assert not set(text) & set("<>&"), name
            assert set(re.findall(r"\{\w+\}", text)) == set(
                re.findall(r"\{\w+\}", phrases(Language.HANS)[name])
            )


def test_every_kind_of_reply_and_every_reason_has_its_text() -> None:
    templates = {path.stem for path in (TEMPLATES / "telegram").glob("*.html")}
    assert templates == {*LAYOUTS, "parts", "article", "listing", "notice", "watch", "digest"}
    known = tomllib.loads((TEMPLATES / "zh-hans.toml").read_text(encoding="utf-8"))
    assert {str(kind) for kind in Kind} - templates - {Kind.SMALL_TALK} <= known.keys()
    codes = Reason.model_json_schema()["properties"]["code"]["enum"]
    assert {f"reason_{code}" for code in codes} <= known.keys()


def test_a_declined_question_on_one_line_is_a_refusal() -> None:
    reply = Conversation(Library(SHANGHAI)).ask("杭州新增了哪些芯片项目？")
    assert reply.passages
    assert Responder().line(reply) == "收录的新闻里没有答案 · 有些句子沾边，但都答不上这个问题。"
    assert Responder().line(Reply(kind=Kind.DECLINED, passages=(passage(),))) == "收录的新闻里没有答案"


def test_an_answer_on_one_line_has_sentence_title_and_address() -> None:
    best = passage("一\t二\n三", title="题\t目", url=None, file="a.txt")
    reply = Reply(kind=Kind.ANSWER, answer=answer(best), passages=(best,))
    assert Responder().line(reply) == "一 二 三\t题 目\ta.txt"


def test_colours_mark_the_answer() -> None:
    best = passage(highlights=((16, 20),), matches=((0, 2),))
    reply = Reply(kind=Kind.ANSWER, answer=answer(best), passages=(best,))
    shown = Responder().terminal(reply, colour=True, width=80)
    assert "\x1b[4m上海\x1b[0m" in shown
    assert "\x1b[1;32m350家\x1b[0m" in shown


ANSWERED = {
    Language.HANS: """\
<b>13万家</b>
<blockquote>其中，<u>广东</u>人工智能相关<u>企业</u>数量达到<b>13万家</b>，高居各省市第一名。</blockquote>
广东AI企业数量居全国第一
无链接 · local/广东.txt

其他相关的句子
<blockquote expandable>上海的AI产业。
— <a href="http://www.a.com/%E4%B8%8A?a=1&amp;b=2">转载：上海的AI产业</a> · a.com</blockquote>

<i>理解为：AI企业有多少家？ 那广东呢？</i>""",
    Language.HANT: """\
<b>13万家</b>
<blockquote>其中，<u>广东</u>人工智能相关<u>企业</u>数量达到<b>13万家</b>，高居各省市第一名。</blockquote>
广东AI企业数量居全国第一
無連結 · local/广东.txt

其他相關的句子
<blockquote expandable>上海的AI产业。
— <a href="http://www.a.com/%E4%B8%8A?a=1&amp;b=2">转载：上海的AI产业</a> · a.com</blockquote>

<i>理解為：AI企业有多少家？ 那广东呢？</i>""",
    Language.EN: """\
<b>13万家</b>
<blockquote>其中，<u>广东</u>人工智能相关<u>企业</u>数量达到<b>13万家</b>，高居各省市第一名。</blockquote>
广东AI企业数量居全国第一
no link · local/广东.txt

Other passages
<blockquote expandable>上海的AI产业。
— <a href="http://www.a.com/%E4%B8%8A?a=1&amp;b=2">转载：上海的AI产业</a> · a.com</blockquote>

<i>Taken as: AI企业有多少家？ 那广东呢？</i>""",
}
"""A follow-up, its best passage without a link, and one more."""

DECLINED = {
    Language.HANS: """\
  收录的新闻里没有答案
  有些句子沾边，但都答不上这个问题。

  最接近的一句，不一定是答案：
  ▎ 其中，广东人工智能相关企业数量达到
  ▎ 13万家，高居各省市第一名。
    广东AI企业数量居全国第一
    无链接 · local/广东.txt

  这个问题能回答：
    上海规模以上AI企业有多少家？""",
    Language.HANT: """\
  收錄的新聞裡沒有答案
  有些句子沾邊，但都答不上這個問題。

  最接近的一句，不一定是答案：
  ▎ 其中，广东人工智能相关企业数量达到
  ▎ 13万家，高居各省市第一名。
    广东AI企业数量居全国第一
    無連結 · local/广东.txt

  這個問題能回答：
    上海规模以上AI企业有多少家？""",
    Language.EN: """\
  No article answers this
  Some sentences come close, but none
  answers the question.

  The closest sentence, not necessarily an
  answer:
  ▎ 其中，广东人工智能相关企业数量达到
  ▎ 13万家，高居各省市第一名。
    广东AI企业数量居全国第一
    no link · local/广东.txt

  This can be answered:
    上海规模以上AI企业有多少家？""",
}
"""A refusal with the nearest sentence, in a terminal of 44 columns."""


@pytest.mark.parametrize("language", list(Language))
def test_an_answer_in_telegram(language: Language) -> None:
    copy = COPY.model_copy(update={"summary": "上海的AI产业。"})
    conversation = Conversation(Library(copy, OFFLINE))
    conversation.ask("AI企业有多少家？")
    assert Responder(language).telegram(conversation.ask("那广东呢？")) == ANSWERED[language]


def test_the_context_sets_the_sentence_off() -> None:
    conversation = Conversation(Library(SHANGHAI))
    conversation.ask("早在2017年上海发布了什么？")
    _, (quoted,) = parse(Responder().telegram(conversation.context()))
    heading, *paragraphs = re.split(r"\n+", quoted)
    assert heading == "上海的AI产业雄心"
    assert paragraphs == re.findall("[^。]+。", SHANGHAI.summary.rpartition("　　")[2])
    assert quoted.count("\n\n") == 2


@pytest.mark.parametrize("language", list(Language))
def test_a_refusal_in_the_terminal(language: Language) -> None:
    reply = Conversation(Library(OFFLINE)).ask("杭州新增了哪些企业芯片项目？")
    assert Responder(language).terminal(reply, colour=False, width=44) == DECLINED[language]


@pytest.mark.parametrize("language", list(Language))
def test_what_is_likely_is_said_to_be_so(language: Language) -> None:
    best = passage("目前已达350家。", highlights=((4, 8),))
    likely = answer(best, answered=False, likely=True, reason=Reason(code="low_confidence", message="不够"))
    reply = Conversation(Fixed(likely)).ask("多少家？")
    assert reply.kind is Kind.LIKELY
    first = Responder(language).telegram(reply).splitlines()[0]
    assert first == f"{phrases(language)['likely_value']}<b>350家</b>"


@pytest.mark.parametrize("language", list(Language))
def test_long_quotations_are_folded_and_short_ones_are_not(language: Language) -> None:
    for length, tag in [(200, "<blockquote>"), (301, "<blockquote expandable>")]:
        best = passage("长" * length)
        assert tag in Responder(language).telegram(
            Reply(kind=Kind.ANSWER, answer=answer(best), passages=(best,))
        )
