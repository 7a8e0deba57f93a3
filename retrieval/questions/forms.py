"""What is written in several ways and is one: 神15 and 神舟十五号, Q2 and 第二季度, 1.5亿 and 15000万.

Each form of a piece of a question counts as much as the one that was said; of a compound like gpt-5.2 its
parts count a little too.
"""

import itertools
from collections.abc import Iterator

from retrieval.questions.alternatives import Cut, Said
from retrieval.questions.numerals import chinese
from retrieval.regex import regex

SAME = 1.0
"""The share of another form of the same."""
FIRST = 0.3
"""The share of 首个 for 第一个: news says both of different things too."""
PART = 0.25
"""The share of a part of a compound."""
NUMBERS = {chinese(number): number for number in range(1, 100)}
"""The values of Chinese numerals below a hundred."""
SMALL_VALUES = frozenset(map(float, NUMBERS.values()))
HAN = "一二三四五六七八九十"
COUNTED = "号届代期月"
"""What a numeral stands before that tells one of several, not how many there are."""
SMALL = regex(
    rf"(?<![\d.,:a-z{HAN}~—-])(?P<figure>[1-9]\d?)(?![\d.,:%a-z{HAN}~—-]|季度)"
    rf"|(?<![{HAN}百千万亿\d])(?<![哪这那每同某])(?P<han>[{HAN}]{{1,3}})(?=[{COUNTED}])(?![{HAN}百千万亿])"
    rf"|(?<=[娥舟问第])(?P<named>[{HAN}]{{1,3}})(?![{HAN}百千万亿个季])"
)
SHIP = regex(
    rf"(?<![精女眼出入心鬼])(?P<short>[神嫦])(?P<number>\d{{1,2}}|[{HAN}]{{1,3}})(?![{HAN}百千万亿分足字])"
)
SHIPS = {"神": "神舟", "嫦": "嫦娥"}
"""Series of spacecraft, by how they are called for short."""
QUARTER = regex(
    "第?(?P<han>[一二三四])个?季度?|第?(?P<figure>[1-4])季度|(?<![a-z0-9])q(?P<letter>[1-4])(?![a-z0-9])"
)
FIRST_OF = regex("(?P<word>第一|头一|首)(?P<counted>[个次家座款位艘台条批架颗列枚届辆部口种回例只所间])")
AMOUNT = regex(rf"(?P<number>\d+(?:\.\d+)?|[{HAN}]{{1,3}})(?P<scale>万亿|亿|万)")
SCALES = {"万": 1e4, "亿": 1e8, "万亿": 1e12}
VERSIONS = tuple(f"{n}{part}" for n in range(1, 10) for part in ("", *(f".{m}" for m in range(10))))
"""Numbers that a version is looked up by."""
SERIES = regex(r"(?<![a-z0-9.-])[a-z]{2,}(?![a-z0-9.-])")
MOST_SERIES = 2
"""Names whose versions are looked up."""
LATIN = regex(r"[a-z0-9.]+(?:[-_ ][a-z0-9.]+)*")
LATIN_PIECE = regex(r"[a-z]{2,}(?=\d)|[a-z0-9.]+")


def said(cut: Cut) -> Iterator[Said]:
    """The pieces of a question that are written otherwise too."""
    for find in (_small, _ships, _quarters, _first, _amounts, _compounds):
        yield from find(cut.text)
    if cut.of_version:
        yield from _numbers(cut.text)


def _same(start: int, end: int, *forms: str) -> Said:
    return Said(start, end, tuple((form, SAME) for form in forms), in_one=True)


def _small(text: str) -> Iterator[Said]:
    """Numbers below a hundred, with what they count: 五月 is a word where 5月 is two."""
    for match in SMALL.finditer(text):
        if match["figure"]:
            form = chinese(int(match["figure"]))
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            yield _same(*match.span(), form, form + after, before + form)
        elif (written := match["han"] or match["named"]) in NUMBERS:
            yield _same(*match.span(), str(NUMBERS[written]))


def _ships(text: str) -> Iterator[Said]:
    for match in SHIP.finditer(text):
        yield _same(*match.span("short"), SHIPS[match["short"]])
        if match["number"] in NUMBERS:
            yield _same(*match.span("number"), str(NUMBERS[match["number"]]))


def _quarters(text: str) -> Iterator[Said]:
    for match in QUARTER.finditer(text):
        number = NUMBERS[match["han"]] if match["han"] else int(match["figure"] or match["letter"])
        form = chinese(number)
        yield _same(*match.span(), f"{form}季度", f"第{form}季度", f"{form}季", f"q{number}", f"{number}季度")


def _first(text: str) -> Iterator[Said]:
    for match in FIRST_OF.finditer(text):
        forms = ("首", "第一") if match["word"] == "头一" else ("第一",) if match["word"] == "首" else ("首",)
        yield Said(*match.span(), tuple((form + match["counted"], FIRST) for form in forms))


def _amounts(text: str) -> Iterator[Said]:
    """The figures of an amount in other scales: 1.5亿 by 15000 too."""
    for match in AMOUNT.finditer(text):
        written = match["number"]
        if written[0] in HAN and written not in NUMBERS:
            continue
        own = float(NUMBERS.get(written, 0) or written)
        value = own * SCALES[match["scale"]]
        figures = (value / scale for scale in (1.0, *SCALES.values()))
        forms = [f"{figure:.4f}".rstrip("0").rstrip(".") for figure in figures if figure >= 1]
        if own in SMALL_VALUES:
            spelt = chinese(int(own))
            forms += [spelt, spelt + match["scale"]]
        yield _same(*match.span("number"), *(form for form in forms if form != written and len(form) > 1))


def _compounds(text: str) -> Iterator[Said]:
    """Latin words and numbers beside each other: joined, with a hyphen, and the parts of what is joined."""
    for run in LATIN.finditer(text):
        for first, second in itertools.pairwise(LATIN_PIECE.finditer(text, *run.span())):
            parts = (first.group(), second.group())
            if not parts[0][0].isalpha():
                continue
            yield _same(first.start(), second.end(), *joined(*parts))
            if text[first.end() : second.start()] != " ":
                named = (part for part in parts if len(part) > 1)
                yield Said(first.start(), second.end(), tuple((part, PART) for part in named), in_one=True)


def _numbers(text: str) -> Iterator[Said]:
    """What the versions of a Latin name may be written as, each one word: gpt-5, gpt-5.2, qwen3."""
    for match in itertools.islice(SERIES.finditer(text), MOST_SERIES):
        yield _same(*match.span(), *(form for number in VERSIONS for form in joined(match.group(), number)))


def joined(first: str, second: str) -> tuple[str, str]:
    """Two Latin words as one."""
    return f"{first}-{second}", first + second
