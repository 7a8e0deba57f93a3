"""Texts as a careless conversion leaves them, and the clean text that is read."""

from record_cases import Case, record

CASES = (
    *(
        Case(
            f"a line of the text like a field {line}",
            record(summary=f"上海发布新政。\n{line}", rest=""),
            ({"summary": f"上海发布新政。\n{line}", "keywords": (), "industries": ()},),
            "field_like_line_in_text:4",
        )
        for line in (
            "关键词：稳增长。市长表示，新政下月施行。",
            "行业：纺织业产值3亿元，比去年同期增长了5%。",
        )
    ),
    *(
        Case(
            f"what sets a terminal's colours {given!r}",
            record(summary=given),
            ({"summary": plain},),
            "control_chars_removed:3",
        )
        for given, plain in (
            ("控\x1b[31m红\x1b[0m制。", "控红制。"),
            ("上海\x1b]0;题目\x07发布新政。", "上海发布新政。"),
            ("上海\x1b]0;发布新政。", "上海]0;发布新政。"),
        )
    ),
    Case("a list with a full stop", record(rest="关键词: 上海，算力。\n"), ({"keywords": ("上海", "算力")},)),
    *(
        Case(f"Markdown {marked}", record(summary=marked), ({"summary": plain},), "markdown_cleaned:3")
        for marked, plain in (
            ("将于**7月24日**开售。", "将于7月24日开售。"),
            ("他看过**短视频** ，也**投稿**。", "他看过短视频，也投稿。"),
            ("**甲****乙**，一个AI应****用** 。", "甲乙，一个AI应用。"),
            ("这是*重点*和~~旧价~~。", "这是重点和旧价。"),
            ("**到2**024年，将亏损**5亿元**。", "到2024年，将亏损5亿元。"),
            ("详见[项目主页](https://x.example/p?a=(1))的说明。", "详见项目主页的说明。"),
            ("![图](https://x.example/1.png)上海发布新政。", "上海发布新政。"),
            ("名单已公布](https://x.example/a?b==)", "名单已公布"),
            ("# 甲\n## 乙\n- 丙\n> 丁", "甲\n乙\n丙\n丁"),
            ("```python\nprint(1)\n```\n运行`run`。", "print(1)\n\n运行run。"),
            ("`快讯` | `早报`\u3000\u3000```\u3000\u3000甲。", "快讯 | 早报\u3000\u3000\u3000\u3000甲。"),
        )
    ),
    *(
        Case(f"no Markdown {text}", record(summary=text), ({"summary": text},))
        for text in (
            "屏幕为3*4英寸，算法为A*。",
            "电话为138****1234。",
            "变量snake_case和__init__。",
            "数组[0](i)与[1]（注）。",
            "2 * 3 = 6，4 * 5 = 20。",
            "增长>30%，气温-5℃。",
        )
    ),
    *(
        Case(f"escaped {text}", record(summary=text), ({"summary": plain},), "html_cleaned:3")
        for text, plain in (
            ("甲&amp;nbsp;乙&amp;ldquo;丙&amp;rdquo;", "甲 乙“丙”"),
            ("&amp;lt;p&amp;gt;甲&amp;lt;/p&amp;gt;", "甲"),
        )
    ),
    *(
        Case(f"broken lines {text}", record(summary=text), ({"summary": joined},))
        for text, joined in (
            ("面积\n为3200平方\n公里，人口20万。", "面积为3200平方公里，人口20万。"),
            ("公司今年的\n收入增长。", "公司今年的收入增长。"),
            (
                "该公司成立于2010年，总部位于上海，主要从事人工\n智能芯片的研发和销售，去年营业收入达到一百二十\n亿元。\n完工。",
                "该公司成立于2010年，总部位于上海，主要从事人工智能芯片的研发和销售，去年营业收入达到一百二十亿元。\n完工。",
            ),
            ("He unveiled\na plan.", "He unveiled a plan."),
            ("姓名\n年龄\n张三\n25\n李四\n30", "姓名\n年龄\n张三\n25\n李四\n30"),
            ("上海的雄心\n会议在上海召开。", "上海的雄心\n会议在上海召开。"),
        )
    ),
    *(
        Case(
            f"a day that is none, {label}",
            record(title=f"甲\n{label}: 明天"),
            ({"published": None, "extra": {label: "明天"}},),
            "malformed_date:2",
        )
        for label in ("日期", "发布时间", "时间", "pubDate")
    ),
)
