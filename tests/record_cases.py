"""Record files in small, each with what is read of it and every problem that is told."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass

Fields = Mapping[str, object]

LONG_SENTENCE = "上海人工智能产业" * 60
ALL_LISTS = "关键词: 上海\nAI技术: 大模型\n行业: 金融\n"
SECOND = "标题: 乙\n链接: https://a.example/2\n总结: 北京发布新政。\n"


@dataclass(frozen=True)
class Case:
    """A file, the fields to expect of its articles, and its problems as code:line, in order."""

    name: str
    content: str | bytes
    articles: tuple[Fields, ...] = ({},)
    problems: str = ""

    @property
    def data(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode()


def record(
    title: str = "甲",
    link: str = "https://a.example/1",
    summary: str = "上海发布新政。",
    rest: str = ALL_LISTS,
) -> str:
    return f"标题: {title}\n链接: {link}\n总结: {summary}\n{rest}"


ALL: Fields = {
    "title": "甲",
    "url": "https://a.example/1",
    "summary": "上海发布新政。",
    "keywords": ("上海",),
    "technologies": ("大模型",),
    "industries": ("金融",),
    "published": None,
    "extra": {},
}
TRADITIONAL = "標題: 甲\n連結: https://a.example/1\n總結: 臺灣發佈新政。\n關鍵詞: 臺灣\n"
FOUR_ALIASES = "label_alias:1 label_alias:2 label_alias:3 label_alias:4"
ALIASES = f"{FOUR_ALIASES} label_alias:5 label_alias:6"

ENCODINGS = (
    Case("utf-8", record(), (ALL,)),
    Case("utf-8 with a mark", codecs.BOM_UTF8 + record().encode(), (ALL,)),
    *(
        Case(f"{encoding} {name}", mark + record().encode(encoding), (ALL,), "encoding_fallback:1")
        for encoding, bom in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE))
        for name, mark in (("with a mark", bom), ("without a mark", b""))
    ),
    Case("utf-32 with a mark", record().encode("utf-32"), (ALL,), "encoding_fallback:1"),
    Case("gb18030", record().encode("gb18030"), (ALL,), "encoding_fallback:1"),
    Case(
        "gb18030 with a damaged character",
        record().encode("gb18030").replace("发".encode("gb18030"), b"\xff"),
        ({"title": "甲", "summary": "上海\ufffd布新政。"},),
        "encoding_fallback:1 invalid_bytes_replaced:3",
    ),
    Case(
        "big5",
        TRADITIONAL.replace("臺灣", "台灣").encode("big5"),
        ({"summary": "台灣發佈新政。"},),
        f"encoding_fallback:1 {FOUR_ALIASES}",
    ),
    Case("crlf", record().replace("\n", "\r\n"), (ALL,)),
    Case("cr", record().replace("\n", "\r"), (ALL,)),
    Case("no line break at the end", record().rstrip(), (ALL,)),
    Case(
        "bytes that are no character",
        record(summary="上海。\n发X布。").encode().replace(b"X", b"\xff\xfe"),
        ({"summary": "上海。\n发\ufffd\ufffd布。"},),
        "invalid_bytes_replaced:4",
    ),
    Case(
        "cut within a character",
        record().encode()[:-2],
        ({**ALL, "industries": ("金\ufffd",)},),
        "invalid_bytes_replaced:6",
    ),
    Case("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, (), "undecodable"),
    Case("nothing", b"", (), "empty_file"),
    Case("white space only", " \n\t\u3000\r\n", (), "empty_file"),
    Case("a mark only", codecs.BOM_UTF16_LE, (), "empty_file"),
    Case("an article without labels", "上海发布新政。\n这是正文。\n", (), "not_record_format:1"),
)

LABELS = (
    Case("full-width colons", record().replace(": ", "："), (ALL,)),
    Case("no space", record().replace(": ", ":"), (ALL,)),
    Case("spaces around", record().replace(": ", " \u3000: ").replace("标题", "\u3000 标题"), (ALL,)),
    Case("space within", record().replace("AI技术", "AI 技术"), (ALL,)),
    Case("full-width and small letters", record().replace("AI技术", "ａｉ技术"), (ALL,)),
    Case("in brackets", record().replace("标题:", "【标题】").replace("总结", "【总结】"), (ALL,)),
    Case("a colon in the brackets", record().replace("标题:", "【标题：】"), (ALL,)),
    Case("traditional", TRADITIONAL, ({"summary": "臺灣發佈新政。"},), FOUR_ALIASES),
    Case(
        "simplified aliases",
        "题目: 甲\n网址: https://a.example/1\n摘要: 上海发布新政。\n关键字: 上海\n"
        "技术: 大模型\n所属行业: 金融\n",
        (ALL,),
        ALIASES,
    ),
    Case(
        "English",
        "Title: 甲\nLink: https://a.example/1\nSUMMARY: 上海发布新政。\nKeywords: 上海\n"
        "AI Technologies: 大模型\nＩｎｄｕｓｔｒｙ：金融\n",
        (ALL,),
        ALIASES,
    ),
    Case(
        "another order",
        "行业: 金融\n关键词: 上海\n链接: https://a.example/1\n标题: 甲\n"
        "AI技术: 大模型\n总结: 上海发布新政。\n",
        (ALL,),
    ),
    Case("colons in the title", record(title="OpenAI: 新模型：减价"), ({"title": "OpenAI: 新模型：减价"},)),
    Case(
        "a field of another name",
        record().replace("总结", "来源: 新华社\n总结"),
        ({**ALL, "extra": {"来源": "新华社"}},),
        "unknown_field:3",
    ),
    Case(
        "fields of another name at the end of the text",
        record(rest="来源: 新华社\n作者: 张三\n"),
        ({"summary": "上海发布新政。", "extra": {"作者": "张三", "来源": "新华社"}},),
        "unknown_field:4 unknown_field:5",
    ),
    Case(
        "a field of another name twice",
        record() + "来源: 新华社\n来源: 央视\n",
        ({**ALL, "extra": {"来源": "新华社"}},),
        "unknown_field:7 repeated_field:8",
    ),
    Case(
        "a link twice",
        record().replace("总结", "链接: https://a.example/9\n总结"),
        (ALL,),
        "repeated_field:3",
    ),
)

LAYOUT = (
    Case("touching records", record() + SECOND, (ALL, {"title": "乙"})),
    Case("an empty line between", record() + "\n\n" + SECOND, (ALL, {"title": "乙"})),
    *(
        Case(f"divided by {divider}", f"{record()}{divider}\n{SECOND}{divider}\n", (ALL, {"title": "乙"}))
        for divider in ("---", "===", "-----  ", "***", "———", "＝＝＝")
    ),
    Case(
        "divided, each in another order",
        "总结: 上海发布新政。\n链接: https://a.example/1\n标题: 甲\n---\n"
        "关键词: 北京\n总结: 北京发布新政。\n标题: 乙\n",
        ({"title": "甲", "keywords": ()}, {"title": "乙", "keywords": ("北京",), "url": None}),
        "missing_link:5",
    ),
    Case(
        "a divider within the text",
        record(summary="上。\n---\n下。"),
        ({**ALL, "summary": "上。\n---\n下。"},),
    ),
    Case("dividers between the fields", record(rest=f"---\n{ALL_LISTS}").replace("AI", "---\nAI"), (ALL,)),
    Case(
        "each in another order, with empty lines between",
        "行业: 金融\n链接: https://a.example/1\n标题: 甲\n总结: 上海发布新政。\n\n"
        "行业: 医疗\n链接: https://a.example/2\n标题: 乙\n总结: 北京发布新政。\n",
        ({"title": "甲", "industries": ("金融",)}, {"title": "乙", "industries": ("医疗",)}),
    ),
    Case(
        "lines like fields in the text",
        record(summary="报告分三章。\n行业: 都在用。\n总结: 三点共识。\n会后发布公报。"),
        ({**ALL, "summary": "报告分三章。\n行业: 都在用。\n总结: 三点共识。\n会后发布公报。"},),
        "field_like_line_in_text:4 field_like_line_in_text:5",
    ),
    Case(
        "a line like a title in the text",
        record(summary="一。\n标题: 不当标题党。\n三。"),
        ({**ALL, "summary": "一。\n标题: 不当标题党。\n三。"},),
        "field_like_line_in_text:4",
    ),
    Case(
        "paragraphs",
        record(summary="\n　　第一段。\n\n　　第二段。"),
        ({**ALL, "summary": "第一段。\n\n\u3000\u3000第二段。"},),
    ),
    Case("a value on the next line", record(title="\n甲", link="\nhttps://a.example/1"), (ALL,)),
    Case("a title on two lines", record(title="甲\n乙"), ({**ALL, "title": "甲 乙"},)),
    Case("text above", "爬虫生成\n" + record(), (ALL,), "text_before_record:1"),
    Case("text below", record() + "爬虫生成。\n", (ALL,), "stray_text:7"),
    Case(
        "text between fields",
        record().replace("AI技术", "\n无主之文。\nAI技术"),
        (ALL,),
        "stray_text:6",
    ),
    Case(
        "text below a divider below the text", f"{SECOND}---\n爬虫生成\n", ({"title": "乙"},), "stray_text:5"
    ),
    Case(
        "a bad record between dividers",
        f"{record()}---\n链接: https://a.example/3\n日期: 2024-05-06\n---\n{SECOND}",
        (ALL, {"title": "乙", "record": 3, "published": None}),
        "missing_title:8 missing_summary:8",
    ),
    Case(
        "fields below a divider",
        f"{record(rest='')}---\n关键词: 上海\nAI技术: 大模型\n行业: 金融\n",
        (ALL,),
    ),
    Case(
        "a bad record between good ones",
        f"{record()}\n标题: 只有标题\n链接: https://a.example/3\n\n{SECOND}",
        (ALL, {"title": "乙", "record": 3}),
        "missing_summary:8",
    ),
    Case(
        "text between dividers",
        f"爬虫生成\n---\n{record()}---\n来源: 新华社\n---\n{SECOND}行业: 无\n---\n责编: 张三\n",
        (ALL, {"title": "乙", "extra": {}}),
        "text_before_record:1 text_before_record:10 stray_text:17",
    ),
)

VALUES = (
    Case("no title", record().partition("\n")[2], (), "missing_title:1"),
    Case("an empty title", record(title="无"), (), "missing_title:1"),
    Case("no text", "标题: 甲\n链接: https://a.example/1\n关键词: 上海\n", (), "missing_summary:1"),
    Case("an empty text", record(summary=""), (), "empty_summary:3"),
    Case("a text that says nothing", record(summary="N/A"), (), "empty_summary:3"),
    Case("no link", "标题: 甲\n总结: 上海发布新政。\n", ({"url": None},), "missing_link:1"),
    Case("an empty link", record(link="暂无"), ({**ALL, "url": None},), "missing_link:2"),
    Case(
        "no lists",
        record(rest="关键词: 无\nAI技术:\n行业: N/A\n"),
        ({"keywords": (), "technologies": (), "industries": ()},),
    ),
    *(
        Case(f"listed as {value!r}", record(rest=f"关键词: {value}\n"), ({"keywords": items},))
        for value, items in (
            ("上海, 算力,  芯片", ("上海", "算力", "芯片")),
            ("上海，算力、芯片；人才;汽车|船", ("上海", "算力", "芯片", "人才", "汽车", "船")),
            ("上海  算力\t芯片\n人才", ("上海", "算力", "芯片", "人才")),
            ("All in AI, TCP/IP, C++, GPT-4.0", ("All in AI", "TCP/IP", "C++", "GPT-4.0")),
            (
                "大模型（GPT、BERT）, 《甲，乙》, “丙；丁”。",
                ("大模型（GPT、BERT）", "《甲，乙》", "“丙；丁”"),
            ),
            ("（未闭，上海", ("（未闭", "上海")),
            ("，、 无，", ()),
        )
    ),
    Case(
        "listed twice",
        record(rest="关键词: 上海, AI, ａｉ, 上海\n"),
        ({"keywords": ("上海", "AI")},),
        "keyword_duplicate:4 keyword_duplicate:4",
    ),
    Case("a long title", record(title="长" * 201), ({**ALL, "title": "长" * 199 + "…"},), "long_title:1"),
    Case("a title just short enough", record(title="长" * 200), ({"title": "长" * 200},)),
    Case("a long sentence", record(summary=LONG_SENTENCE), ({"summary": LONG_SENTENCE},), "long_sentence:3"),
    Case(
        "html",
        record(summary="<p>第一段&amp;。</p><p>第二<b>段</b>。</p><script>alert(1)</script>"),
        ({**ALL, "summary": "第一段&。\n\n第二段。"},),
        "html_cleaned:3",
    ),
    Case("comparisons are no html", record(summary="若a<b且c>d。"), ({"summary": "若a<b且c>d。"},)),
    Case(
        "control characters",
        record(title="甲\x00\x07", summary="上\u200b海。"),
        ({"title": "甲", "summary": "上海。"},),
        "control_chars_removed:1 control_chars_removed:3",
    ),
    Case("text turned around", record(title="甲\u202e乙"), ({"title": "甲乙"},), "bidi_chars_removed:1"),
    Case("joined emoji stay", record(summary="👩\u200d💻写代码。"), ({"summary": "👩\u200d💻写代码。"},)),
)

LINKS = (
    *(
        Case(f"unsafe link {link[:20]}", record(link=link), ({**ALL, "url": None},), "unsafe_link:2")
        for link in (
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "ｊavascript:alert(1)",
            "data:text/html;base64,PHNjcmlwdD4=",
            "tg://user?id=1",
            "file:///etc/passwd",
            "https://bank.example@evil.example/",
            "https://a.example/1 javascript:alert(1)",
        )
    ),
    *(
        Case(f"malformed link {link[:20]}", record(link=link), ({**ALL, "url": None},), "malformed_link:2")
        for link in (
            "a.example/1",
            "ftp://a.example/1",
            "https://",
            "https://[::1/",
            "https://a.example:99999/",
            "https://a.example/ 1.html",
            'https://a.example/"x',
            "https://a.example/" + "x" * 2048,
            "见报纸",
        )
    ),
    *(
        Case(f"several links {links}", record(link=links), (ALL,), "multi_link:2")
        for links in (
            "https://a.example/1 https://b.example/2",
            "https://a.example/1, https://b.example/2",
            "https://a.example/1，https://b.example/2",
            "https://a.example/1；\nhttps://b.example/2",
        )
    ),
    *(
        Case(f"link {link}", record(link=link), ({"url": url},))
        for link, url in (
            ("<https://a.example/1>", "https://a.example/1"),
            ("https://a.example/1，", "https://a.example/1"),
            ("https://例子.中国/新闻/1.html?x=（二）", "https://例子.中国/新闻/1.html?x=（二）"),
            ("HTTPS://a.example/a,b;c", "HTTPS://a.example/a,b;c"),
            ("https://archive.example/2/https://a.example/", "https://archive.example/2/https://a.example/"),
        )
    ),
)

CASES = (*ENCODINGS, *LABELS, *LAYOUT, *VALUES, *LINKS)
