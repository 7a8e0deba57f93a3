"""A question, as sentences are bound to it: its slot, its words by rarity, its subject, time and figures."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from retrieval.language.mentions import years
from retrieval.language.mentions.designations import Designation, designations
from retrieval.language.mentions.numerals import NUMERAL, value
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Question, Stream, Term
from retrieval.questions.answer_type import own_part
from retrieval.questions.english.stop_words import STOP_WORDS
from retrieval.questions.newest import wants_total
from retrieval.questions.slots import ROLES, Slot, SlotKind, slot_asked
from retrieval.ranking import incidents
from retrieval.ranking.words import PAIR, Shares, Weights, Word
from retrieval.regex import regex

MARKS = regex(r"\*\*|`")
JOINED = regex(r"(?<=[0-9]) +(?=[\u4e00-\u9fff%])|(?<=[\u4e00-\u9fff]) +(?=[0-9])")
LATIN = regex(r"[a-z][a-z0-9]*(?:[-_.+/&]?[a-z0-9]+)*(?:\+\+)?|\d+(?:\.\d+)+|\d+[a-z]+")
ROLE = regex(ROLES)
COMMON_NAMES = frozenset(
    """
    中国 我国 全国 国内 全球 世界 国际 国家 当地 本地 各地 全省 全市 全县 海外 国外 境外 海内外
    央视网 新闻联播 ai 国务院 app gpu api agent
    llm ceo cto it token tokens star stars hi ok pro max mini plus
    """.split()
)
EMPTY_WORDS = frozenset(
    """
    有 是 叫 说 做 搞 弄 到 让 给 用 来 去 要 想 能
    会 可以 知道 告诉 现在 目前 最新 最近 今年 一下 那个 这个 哪个 东西 一共 总共
    干嘛 干吗 干啥 咋样 怎样 大概 到底 究竟 具体 谢谢 你好 请问 主要 到了 时间 日期 名字 价格 数量 第一 那
    里
    """.split()
)
NO_SUBJECT = frozenset(
    """
    年 月 日 天 小时 分钟 国家 城市 省份 省区 地区 公司 钱 人 地方 单位 作者 企业 机构
    块 多少 原因 时间 名字 全世界 年前
    """.split()
)
NO_LEADING = NO_SUBJECT | COMMON_NAMES
"""What is never whose matter it is."""
NO_NAME = NO_LEADING | EMPTY_WORDS
ASKING = regex("什么|何[时地处人]|啥|多少|几|谁|哪|怎|为何|多[大高长远重久快]")
WHICH = regex("(?:什么|啥|何种|哪一?[个种项款类])$")
"""What stands before the kind of thing that is asked for."""
TURNED = regex("(?:不|没有?|未|非|无)(?![超足到过少低满得是]|同(?!意))([\u4e00-\u9fff]{2})")
SIDES = regex("([\u4e00-\u9fff]{2})(?:之|以)?([前后])(?![来往期天年代])")
OTHER_SIDE = {"前": "后", "后": "前"}
SCOPE = regex("规模以上|限额以上|民营|外资|专精特新|高新技术")
"""Which ones of many are meant: a figure of all of them, or of others, is no answer."""
COLLOQUIAL = regex("[能会要得了的着过个种几给被把让]")
"""What a piece that no dictionary and no article has holds, where it is speech cut apart (能装), no name."""
PART = regex("[,;?!。]")
"""What ends a part of a question."""
NO_RELATION = ("ns", "nr", "nt", "m", "d", "p", "c", "u", "y", "f")
"""Parts of speech of what says no relation: names, counts, what only joins."""
NAMED = ("ns", "nt", "nr")
"""Parts of speech of the names of places, organisations and persons."""
NOUNS = ("n", "x", "e", "", "j", "l")
"""How the part of speech of a noun begins, or of what may be one."""
COUNTED = regex(rf"(?P<number>{NUMERAL.pattern})个?(?P<of>[a-z%\u4e00-\u9fff])(?<![年月日号时点])")
WEIGHTY = 0.62
"""Share of the largest rarity from which a noun is what a question is about."""
HALF = 0.5
ALMOST = 0.8
"""Share of a word from which it is there."""
UNTOLD = 0.5
"""What is taken to be held of a relation where a question has no word for it."""
REMEMBERED = 2048
"""Texts kept in the form in which they are compared: sentences of one article are around one another."""


@lru_cache(REMEMBERED)
def compared(text: str) -> str:
    """The form in which a question's words are looked for: normalised, without marks and loose spaces."""
    text = normalise(text)
    if "*" in text or "`" in text:
        text = MARKS.sub("", text)
    return JOINED.sub("", text) if " " in text else text


class Asked:
    """A question, as sentences are bound to it.

    Args:
        question: that is asked.
        rarity: the idf of each of its words, by their tokens.
        rarest: the idf of a word that stands nowhere.
        tokeniser: tells parts of speech.
    """

    def __init__(
        self, question: Question, rarity: Mapping[str, float], rarest: float, tokeniser: Tokeniser
    ) -> None:
        self.slot: Slot = slot_asked(question)
        self.text = compared(question.normalised)
        asked = self.text if question.translation is None else compared(question.translation)
        self.asked = asked
        self.rarest = rarest
        words = dict.fromkeys(term for term in question.terms[Stream.WORD] if term.token not in EMPTY_WORDS)
        self.words = tuple(
            Word(
                term.token,
                tuple(form for form, share in term.alternatives),
                max(rarity.get(term.token, rarest), 0.05),
                _part_of_speech(term, tokeniser),
            )
            for term in words
        )
        is_english = question.translation is not None
        self.words += self._untranslated(question)
        self.subject = self._subject()
        self.latin = (
            ()
            if is_english
            else tuple(
                found
                for found in dict.fromkeys(LATIN.findall(self.text))
                if len(found) > 1 and found not in COMMON_NAMES and found not in STOP_WORDS
            )
        )
        self.others = {
            term.token: [form for form, share in term.alternatives if share >= HALF]
            for term in words
            if term.token in self.latin
        }
        self.designations = designations(asked)
        self.years = frozenset(years.spoken(self.text))
        self.references = years.references(normalise(question.text))
        self.figures = frozenset(figures(asked, self.designations)) - {float(year) for year in self.years}
        roles = ROLE.findall(asked)
        self.role = (
            roles[-1]
            if roles and self.slot.kind in (SlotKind.PERSON, SlotKind.OTHER, SlotKind.NAME)
            else None
        )
        self.attribute = self._attribute()
        # A translation keeps the order of the English words: what stands beside them tells nothing.
        self.relation = () if is_english else self._relation()
        self.leading = None if is_english else self._leading()
        self.turned = tuple(match[1] for match in TURNED.finditer(asked))
        self.sides = tuple((one, side, OTHER_SIDE[side]) for one, side in SIDES.findall(asked))
        self.incidents = incidents.asked_about(own_part(asked))
        self.wants_total = self.slot.kind is SlotKind.NUMBER and wants_total(own_part(asked))
        self.scopes = frozenset(SCOPE.findall(asked))
        self.counted = frozenset(counted(asked, self.designations))
        self.numbers = self.figures.union(number for number, _ in self.counted)
        self._rarities = tuple(word.rarity for word in self.words)
        self.names = {kind: names for kind in NAMED if (names := self._names(kind))}
        self._weights = Weights.of(self._rarities)
        years_asked = {"年", *map(str, self.years)}
        self._weights_but_years = self._weights_of(lambda word: word.token not in years_asked)
        self._subject_weights = self._weights_of(self.subject.__contains__)
        self._relation_weights = self._weights_of(self.relation.__contains__)
        self._own_weights = self._weights_of(self._is_of_own_part())

    def designations_in(self, text: str) -> tuple[Designation, ...]:
        """Those of a compared text of the kinds that the question has; of versions, of the same alone."""
        kinds = {one.kind for one in self.designations if one.kind != "version" or one.of in text}
        return designations(text, kinds) if kinds else ()

    def shares(self, *texts: str) -> Shares:
        """How much of each word the best of some texts has."""
        return tuple([word.share(texts) for word in self.words])

    def shares_with(self, known: Shares, *texts: str) -> Shares:
        """The same where others are known to have so much: what they have whole is not looked for again."""
        return tuple(
            [
                share if share == 1 else max(share, word.share(texts))
                for word, share in zip(self.words, known, strict=True)
            ]
        )

    def shares_of_part(self, part: str, whole: Shares) -> Shares:
        """The same of a part of a text that has so much: what the text lacks is not looked for."""
        texts = (part,)
        return tuple([share and word.share(texts) for word, share in zip(self.words, whole, strict=True)])

    def share_of_leading(self, shares: Shares) -> float:
        """How much is held of the word whose matter it is; 1 where the question has none."""
        return 1.0 if self.leading is None else shares[self.words.index(self.leading)]

    def held(self, shares: Shares) -> float:
        """What share of the question, by the rarity of its words."""
        return self._weights.mean(shares)

    def held_but_years(self, shares: Shares) -> float:
        """What share of the question but for its years, which the date of an article tells too."""
        return self._weights_but_years.mean(shares)

    def held_subject(self, shares: Shares) -> float:
        """What share of what the question is about."""
        return self._subject_weights.mean(shares)

    def held_relation(self, shares: Shares) -> float:
        """What share of what is asked of the subject."""
        return self._relation_weights.mean(shares) if self.relation else UNTOLD

    def held_own_part(self, shares: Shares) -> float:
        """What share of the words that a follow-up says itself; 0 for any other question."""
        return self._own_weights.mean(shares)

    def mass(self, shares: Shares) -> float:
        """How much is held in all, in words as rare as any can be: of little, even all may be chance."""
        return self._weights.mean(shares) * self._weights.total / self.rarest

    def hangs_on_one_word(self, shares: Shares) -> bool:
        """Whether but one word is held, and no name in Latin letters: that may be chance."""
        return len(self.words) > 1 and self._hangs_on(1, shares)

    def hangs_on_two_words(self, shares: Shares) -> bool:
        """Whether but two are held, of a question that leaves nothing open by which a chance is told."""
        return self.slot.kind is SlotKind.OTHER and len(self.words) > 1 and self._hangs_on(2, shares)

    def _hangs_on(self, few: int, shares: Shares) -> bool:
        for word, share in zip(self.words, shares, strict=True):
            if share >= ALMOST:
                few -= 1
                if few < 0 or word.is_latin:
                    return False
        return True

    def missing(self, shares: Shares) -> float:
        """The rarity of the rarest word that is missing, as a share of the most there is."""
        lacks = [weight * (1 - share) for weight, share in zip(self._rarities, shares, strict=True)]
        return max(lacks, default=0.0) / self.rarest

    def missing_noun(self, shares: Shares) -> float:
        """The same of the nouns and names alone."""
        return self.missing(
            tuple(
                share if word.flag[:1] in NOUNS else 1.0
                for word, share in zip(self.words, shares, strict=True)
            )
        )

    def _weights_of(self, counts: Callable[[Word], bool]) -> Weights:
        """The rarities of those words that count."""
        return Weights.of([word.rarity if counts(word) else 0.0 for word in self.words])

    def _is_of_own_part(self) -> Callable[[Word], bool]:
        """Tells the words of a follow-up's own part from those of the question before."""
        own = own_part(self.asked)
        return lambda word: own != self.asked and word.token in own

    def _untranslated(self, question: Question) -> tuple[Word, ...]:
        """Words of a translation that the corpus lacks: no term looks them up, yet they were asked for."""
        if question.translation is None:
            return ()
        known = {form for word in self.words for form in word.forms} | EMPTY_WORDS | NO_SUBJECT
        pieces = dict.fromkeys(question.translation.lower().split())
        new = (
            piece for piece in pieces if len(piece) > 1 and piece not in known and not ASKING.search(piece)
        )
        return tuple(Word(piece, (piece,), self.rarest, "") for piece in new)

    def _subject(self) -> tuple[Word, ...]:
        named = tuple(
            word
            for word in self.words
            if word.token not in NO_SUBJECT
            and not word.token[0].isdigit()
            and not self._is_speech(word)
            and (
                word.flag[:2] in ("ns", "nt", "nr", "nz", "x", "en", "")
                or (word.flag == "n" and word.rarity > WEIGHTY * self.rarest)
            )
        )
        proper = tuple(
            word for word in named if not self._is_asked_for(word) and (word.flag != "n" or word.is_latin)
        )
        if proper:
            named = tuple(word for word in named if not self._is_asked_for(word))
        told = [word for word in self.words if word.token not in NO_SUBJECT and not self._is_speech(word)]
        return named or tuple(sorted(told or self.words, key=lambda word: -word.rarity)[:1])

    def _is_asked_for(self, word: Word) -> bool:
        """Whether it only says what kind of thing is asked for: 什么[职务], 哪个[奖]."""
        at = self.asked.find(word.token)
        return at > 0 and WHICH.search(self.asked, 0, at) is not None

    def _is_speech(self, word: Word) -> bool:
        return not word.flag and word.rarity >= self.rarest and bool(COLLOQUIAL.search(word.token))

    def _attribute(self) -> Word | None:
        """The last content word before the asking word: what is asked of the subject."""
        places = [match.start() for match in ASKING.finditer(self.asked)]
        end = places[-1] if places else len(self.asked)
        found = [
            (self.asked.rfind(word.token, 0, end), word)
            for word in self.words
            if word.flag[:1] in ("n", "v", "j", "l", "a", "x")
            and word.token not in NO_SUBJECT
            and word.flag[:2] not in ("ns", "nr", "nt")
        ]
        return max((pair for pair in found if pair[0] >= 0), key=lambda pair: pair[0], default=(0, None))[1]

    def _relation(self) -> tuple[Word, ...]:
        """What is asked of the subject: after the asking word (何时[通车]), else the last before it.

        A figure is told by both: [挖]了多少[米].
        """
        start = self.asked.rfind(";") + 1
        places = [match.span() for match in ASKING.finditer(self.asked, start)]
        first, last = places[-1] if places else (len(self.asked), len(self.asked))
        end = PART.search(self.asked, last)
        before, after = self.asked[start:first], self.asked[last : end.start() if end else None]
        told = [word for word in self.words if self._may_relate(word)]
        asked_after = tuple(word for word in told if word.token in after)
        asked_before = [(before.rfind(word.token), word) for word in told if word.token in before]
        nearest = (max(asked_before, key=lambda pair: pair[0])[1],) if asked_before else ()
        if self.slot.kind is SlotKind.NUMBER:
            return tuple(dict.fromkeys((*nearest, *asked_after)))
        return asked_after or nearest

    @staticmethod
    def _may_relate(word: Word) -> bool:
        return (
            word.token not in NO_SUBJECT
            and not word.token.isdigit()
            and not word.flag.startswith(NO_RELATION)
        )

    def _leading(self) -> Word | None:
        """The first noun or name of the question: as a rule, whose matter it is."""
        nouns = (
            word
            for word in self.words
            if word.flag[:1] in NOUNS and len(word.token) > 1 and not self._is_speech(word)
        )
        found = [
            (self.asked.find(word.token), word)
            for word in nouns
            if word.token not in NO_LEADING and not word.token.isdigit()
        ]
        return min(
            ((at, word) for at, word in found if at >= 0), key=lambda pair: pair[0], default=(0, None)
        )[1]

    def _names(self, kind: str) -> list[Word]:
        """The words that name things of a kind (a part of speech)."""
        return [
            word
            for word in self.words
            if word.flag[:2] == kind and len(word.token) > 1 and word.token not in NO_NAME
        ]


def _part_of_speech(term: Term, tokeniser: Tokeniser) -> str:
    """What a word of a question is; what has a Latin name beside a Chinese one (微软) is a name."""
    if term.token.isascii():
        return "eng"
    flag = tokeniser.part_of_speech(term.token)
    has_latin = any(form.isascii() for form, _ in term.alternatives)
    return "nz" if has_latin and not flag.startswith(("n", "v")) else flag


def figures(text: str, apart: Sequence[Designation]) -> Iterator[float]:
    """The values of the numbers of a text, but for those of some designations."""
    for one in apart:
        text = text.replace(one.text, " ")
    for match in NUMERAL.finditer(text):
        if len(match.group()) < PAIR and not match.group().isdigit():
            continue
        found = value(match.group())
        if found is not None:
            yield found


def counted(text: str, apart: Sequence[Designation]) -> Iterator[tuple[float, str]]:
    """The numbers of a text with what each counts or measures, by its first character; no dates."""
    for one in apart:
        text = text.replace(one.text, " ")
    for match in COUNTED.finditer(text):
        found = value(match["number"])
        if found is not None:
            yield found, match["of"]


def rarity(documents: float, frequency: float) -> float:
    """The idf of a word that stands in so many of so many sentences."""
    return math.log((documents + 1) / (frequency + 0.5))
