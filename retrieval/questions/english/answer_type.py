"""What an English question asks for, in the Chinese words that the same question would ask it with."""

from retrieval.regex import regex


def _any(words: str) -> str:
    return rf"\b(?:{'|'.join(words.split())})\b"


def _which(nouns: str) -> str:
    """What or which before one of some nouns, with up to a word between: which Chinese city."""
    return rf"\b(?:what|which) (?:[\w-]+ )?(?:{'|'.join(nouns.split())})\b"


def _of(nouns: str) -> str:
    """One of some nouns that a question without a verb begins with: founder of, price of."""
    return rf"^(?:the )?(?:[\w-]+ )?(?:{'|'.join(nouns.split())}) (?:of|for|behind)\b"


PAYING = _any("cost invest invested pay paid spend spent earn raise raised worth sell budget charge bid")
MONEY = _any("price revenue income budget investment funding salary valuation") + r"|\boutput value\b"
PEOPLE = "person man woman player author leader president founder king queen artist judge scientist official"
PLACES = (
    "city country state province place region county island town continent nation location area site venue"
)
TIMES = "year date day month century decade time era period"
ORGANISATIONS = (
    "company companies university organi[sz]ation team school party agency club college firm institute lab"
    " bank ministry department startup brokerage"
)
ROLES = "founders? cofounders? co-founder ceo president author inventor commander director head chairman boss"
EXTENTS = "length height distance depth width"
DURING = "ago did does do has have will was were is"
AUXILIARY = "is|are|was|were|does|do|did|can|could|will|would|has|have|had"
SEVERAL = (
    rf"(?<!in )\b(?:what|which) (?!(?:type|kind|sort)s? of)(?:(?!(?:{AUXILIARY})\b)[\w-]+ ){{0,2}}?"
    rf"(?!(?:{AUXILIARY}|this|its|always)\b)[a-z-]+(?<![sui])s (?:are|were|do|did|have|can|will|would)\b"
)
"""More than one thing that is asked for: which provinces did, what enterprise products are."""

WHAT_IS = (
    r"^what (?:is|are|was|were)(?: an?)?(?! (?:the|it|this|that|there|his|her|their)\b)(?: [\w.+-]+){1,4}\W*$"
    r"|^what (?:is|are) .+ (?:for|about|used for)\W*$"
    r"|^what (?:does|do|did) .+ (?:mean|do|refer to|stand for)\W*$|^define\b"
)
"""What asks for a definition, or what something is for."""

PATTERNS = tuple(
    (regex(pattern), chinese)
    for pattern, chinese in (
        (rf"\bhow much money\b|\bhow much\b.*{PAYING}|\bhow much\b.*{MONEY}", "多少钱"),
        (r"\bhow many people\b", "多少人"),
        (r"\bhow old\b", "多少岁"),
        (
            rf"\bhow long {_any(DURING)}|\bhow many (?:year|month|week|day|hour|minute)s",
            "多久",
        ),
        (rf"\bhow {_any('far long tall high deep wide')}", "多长"),
        (rf"\bhow {_any('large big')}", "面积多大"),
        (rf"\bhow {_any('many much often heavy fast accurate')}", "多少"),
        (rf"\bwhen\b|{_which(TIMES)}", "何时"),
        (rf"{_any('who whom whose')}|{_which(PEOPLE)}", "谁"),
        (rf"\bwhere\b|{_which(PLACES)}", "哪里"),
        (r"\bwhy\b", "为什么"),
        (_which(ORGANISATIONS), "哪家公司"),
        (_any("percent percentage proportion share fraction"), "百分之多少"),
        (MONEY, "多少钱"),
        (r"\bpopulation\b", "多少人"),
        (_which("age"), "多少岁"),
        (_any(EXTENTS), "多长"),
        (_which("area size"), "面积多大"),
        (rf"{_which('number amount rank')}|{_of('number')}", "多少"),
        (_of("date time day"), "何时"),
        (_of(ROLES), "谁"),
        (_of("location place site venue"), "哪里"),
        (rf"{_which('cause caused reason reasons')}|{_of('cause reason reasons')}", "为什么"),
        (rf"{_which('book song album film movie name title')}|{_any('name named called')}", "叫什么"),
        (SEVERAL, "有哪些"),
        (WHAT_IS, "是什么"),
        (rf"^{_any('is are was were does do did can could will would has have had should')}", "吗"),
    )
)
"""English asking words and Chinese ones; the first that is found counts."""
ASKED = regex(
    r"\bhow (?:much money|(?:fast|far|long|tall|high|deep|wide|old|large|big|heavy|often|soon))\b"
    r"|\b(?:by )?(?:what|which) (?:percent(?:age)?|proportion|share|fraction)(?: of)?\b"
    r"|\b(?:in |on |at )?(?:what|which) (?:year|date|day|month|time)\b"
)
"""Words of a question that only ask: Chinese asks with 多快, 百分之几, 哪年, and nobody writes fast there."""


def asking(lowered: str) -> str:
    """The Chinese words that ask what an English question in lower case asks; empty for any other.

    What is put after a question (when was it held?) asks first.
    """
    texts = (lowered.rpartition(";")[2].strip(), lowered)
    return next(
        (chinese for text in texts for pattern, chinese in PATTERNS if pattern.search(text)),
        "",
    )
