"""Record files in any number, for property tests: field-like lines, broken bytes, whole articles."""

import codecs
import datetime as dt
import unicodedata

from hypothesis import strategies as st
from record_cases import record

from retrieval import Article

FIELD_LINES = st.builds(
    "{}{}{}".format,
    st.sampled_from("标题 链接 总结 关键词 AI技术 行业 題目 URL 来源 日期 【摘要】 没有的".split()),
    st.sampled_from([":", "：", " : ", ""]),
    st.sampled_from(["", "无", "丙", "丙说。", "https://c.example/3", "javascript:x", "2024-05-06", "<b>“"]),
)
LINES = st.one_of(
    FIELD_LINES,
    st.sampled_from(
        ["", "---", "===", "\u3000\u3000正文。", "<!--", "<script>", "\x00", "\u202e", "\x85", "\r"]
    ),
    st.text(max_size=8),
)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)
MARKS = (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)
FILES = st.one_of(
    st.builds(bytes.__add__, st.sampled_from(MARKS), st.binary(max_size=60)),
    st.builds(
        lambda text, encoding: text.encode(encoding, errors="ignore"),
        TEXTS,
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030", "big5"]),
    ),
    st.builds(lambda text, junk: text.encode() + junk + text.encode(), TEXTS, st.binary(max_size=20)),
)
NUMBERED = st.lists(
    st.sampled_from(
        [
            *"标题:{} 链接:https://c.example/{} 总结:{}。 关键词:{} 行业:{}。".split(),
            *"来源:{} 日期:{} {} {}。 --- ===".split(),
            "",
        ],
    ),
    max_size=12,
).map(lambda lines: [line.format(f"词{number}尾") for number, line in enumerate(lines, start=1)])

LETTERS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)
ITEMS = st.lists(
    LETTERS.map("项{}".format),
    max_size=4,
    unique_by=lambda item: unicodedata.normalize("NFKC", item).casefold(),
).map(tuple)
SENTENCES = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        ["", "行业：", "关键词: ", "AI技术:", "总结：", "链接：", "来源: ", "时间：", "“", "一、"]
    ),
    LETTERS,
    st.sampled_from(["。", "！", "，占3.5%。", "（见a/b）。", "…… "]),
)
SUMMARIES = st.lists(SENTENCES, min_size=1, max_size=6).flatmap(
    lambda sentences: st.sampled_from(["", "\n", "\n\u3000\u3000", "\u3000\u3000"]).map(
        lambda border: border.join(sentences).strip(),
    ),
)
ARTICLES = st.lists(
    st.builds(
        Article,
        title=LETTERS.map("新闻：{} - 头条".format),
        url=st.one_of(
            st.none(),
            st.builds(
                "https://a.example/{:%Y/%m/%d}/{}".format,
                st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
                LETTERS,
            ),
        ),
        summary=SUMMARIES,
        keywords=ITEMS,
        technologies=ITEMS,
        industries=ITEMS,
        extra=st.dictionaries(st.sampled_from(["来源", "备注", "Editor"]), LETTERS.map("某{}".format)),
        file=st.just("a.txt"),
        record=st.just(0),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda article: article.url or article.summary,
)


def written(article: Article) -> str:
    lists = (article.keywords, article.technologies, article.industries)
    rest = zip(("关键词", "AI技术", "行业"), (",  ".join(items) or "无" for items in lists), strict=True)
    fields = {**dict(rest), **article.extra}
    lines = "".join(f"{label}: {value}\n" for label, value in fields.items())
    return record(article.title, article.url or "无", article.summary, lines)
