"""Sample articles and answers, and a stand-in for the retriever that knows them."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from retrieval.corpus.problem_log import Problems
from retrieval.index.protocol import Update
from retrieval.insight.figures import Figure
from retrieval.insight.overview import Overview
from retrieval.insight.timeline import Event
from retrieval.insight.trend import Trend
from retrieval.insight.watching import Answers, Seen, new_answers
from retrieval.models import (
    EVERYTHING,
    Answer,
    Article,
    ContextSentence,
    Explanation,
    Facet,
    FacetLabel,
    Filters,
    Listing,
    NewsRequest,
    Passage,
    Period,
    Reason,
    SentenceKind,
    Share,
    Stream,
)
from retrieval.questions.news import news_request

SHANGHAI = Article(
    title="打造人工智能“上海高地”,上海正在做什么",
    url="https://news.cctv.com/2023/07/08/ARTIV8GuPiroS1Fr9Ogh4SS8230708.shtml",
    summary=(
        "上海的AI产业雄心　　上海这么说是有底气的。目前，上海规模以上AI企业数量已经达到350家，"
        "五年来几乎翻了一番；产值达到3800多亿元，几乎是五年前的三倍；而产业人才更是达到了23万，约占全国三分之一。"
        "早在2017年，上海就发布了《关于本市推动新一代人工智能发展的实施意见》。"
        "此后，又相继制定了《关于加快推进人工智能高质量发展的实施办法》等。"
        "2022年9月22日，《上海市促进人工智能产业发展条例》正式公布。"
    ),
    technologies=("大模型", "芯片", "机器人"),
    industries=("金融", "制造", "医疗"),
    published=dt.date(2023, 7, 8),
    file="000_2ed71d3b4d3280e9.txt",
    record=1,
)
COPY = SHANGHAI.model_copy(
    update={"title": "转载：上海的AI产业", "url": "http://www.a.com/上?a=1&b=2", "published": None}
)
OFFLINE = Article(
    title="广东AI企业数量居全国第一",
    url=None,
    summary="其中，广东人工智能相关企业数量达到13万家，高居各省市第一名。",
    file="local/广东.txt",
    record=2,
)
QUESTION = "上海规模以上AI企业有多少家？"


def passage(text: str = "上海规模以上AI企业数量已经达到350家。", **fields: Any) -> Passage:  # noqa: ANN401 - any field of a passage
    """A passage with sensible fields where none are given."""
    defaults: dict[str, Any] = {
        "rank": 1,
        "text": text,
        "score": 0.62,
        "title": SHANGHAI.title,
        "url": SHANGHAI.url,
        "published": SHANGHAI.published,
        "file": SHANGHAI.file,
        "article": SHANGHAI.id,
        "sentence": 1,
    }
    return Passage.model_validate(defaults | fields)


def answer(*passages: Passage, **fields: Any) -> Answer:  # noqa: ANN401 - any field of an answer
    """An answer with these passages."""
    defaults: dict[str, Any] = {
        "question": QUESTION,
        "understood": fields.get("question", QUESTION),
        "answered": True,
        "confidence": 0.9,
        "passages": passages,
    }
    return Answer.model_validate(defaults | fields)


def explanation(of: Passage) -> Explanation:
    """An explanation of many shares that add up to the passage's score."""
    tokens = ["上海", "规模", "以上", "ai", "企业", "多少", "家"]
    kinds = [(Stream.WORD, "sentence"), (Stream.BIGRAM, "article"), (Stream.CHARACTER, "title")]
    amounts = [1 / (n + 2) for n in range(len(tokens) * len(kinds))]
    shares = [
        Share.model_validate(
            {"token": token, "stream": stream, "field": field, "amount": amounts[n] / sum(amounts) * of.score}
        )
        for n, (token, (stream, field)) in enumerate((t, k) for t in tokens for k in kinds)
    ]
    runner_up = of.model_copy(update={"rank": of.rank + 1, "score": of.score * 0.7})
    return Explanation(passage=of, shares=tuple(shares), runner_up=runner_up)


class Library:
    """A stand-in for the retriever: sentences ranked by the letters they share with the question."""

    def __init__(self, *articles: Article) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.filters: list[Filters] = []
        self._articles = articles
        self._editions = 0
        self.unregistered: set[str] = set()

    def ask(
        self,
        text: str,
        previous: str | None = None,
        limit: int = 10,
        excluded: Collection[str] = (),
        *,
        filters: Filters = EVERYTHING,
        suggest: bool = True,
    ) -> Answer:
        """Answer from any sentence that shares four letters with the question."""
        self.hear(text)
        self.asked.append((text, previous))
        self.filters.append(filters)
        follow_up = previous is not None and text.startswith("那")
        understood = f"{previous} {text}" if follow_up else text
        letters = set(re.findall(r"\w", understood))
        if not letters:
            return _declined(text, text, "empty_question")
        there = [p for p in self._passages(understood) if p.article not in excluded]
        scored = [(len(letters & set(p.text)) / len(letters), p) for p in there]
        ranked = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])[:limit]
        passages = [
            p.model_copy(update={"rank": rank, "score": score}) for rank, (score, p) in enumerate(ranked, 1)
        ]
        if not passages:
            return _declined(text, understood, "no_match")
        if passages[0].score < 0.4:
            return _declined(text, understood, "low_confidence", *passages, suggest=suggest)
        return answer(*passages, question=text, understood=understood, confidence=passages[0].score)

    def hear(self, text: str) -> None:
        """What a question does before it is answered: nothing, but where a test has it otherwise."""

    def context(self, passage: Passage, around: int = 2) -> tuple[ContextSentence, ...]:
        """The sentences around, the article's first line as heading."""
        article = next((a for a in self._articles if a.id == passage.article), None)
        if article is None:
            return ()
        heading, texts = _cut(article)
        near = range(max(passage.sentence - around, 0), min(passage.sentence + around + 1, len(texts)))
        sentences = [
            ContextSentence(text=texts[n], kind=SentenceKind.TEXT, is_passage=n == passage.sentence)
            for n in near
        ]
        if heading:
            sentences.insert(0, ContextSentence(text=heading, kind=SentenceKind.HEADING, is_passage=False))
        return tuple(sentences)

    def explain(self, answer: Answer, rank: int = 1, *, filters: Filters = EVERYTHING) -> Explanation | None:
        """An explanation of the passage of this rank."""
        self.filters.append(filters)
        known = {article.id for article in self._articles}
        passages = (p for p in answer.passages if p.rank == rank and p.article in known)
        return next(map(explanation, passages), None)

    def figures(self, answer: Answer, *, filters: Filters = EVERYTHING) -> tuple[Figure, ...]:
        del answer, filters
        return ()

    def timeline(self, subject: str) -> tuple[Event, ...]:
        del subject
        return ()

    def trend(self, subject: str) -> Trend:
        return Trend(subject=subject)

    @property
    def overview(self) -> Overview:
        return Overview(articles=len(self._articles), looked_at=0, newest=None)

    def article(self, article: str) -> Article | None:
        """The article of this id."""
        return next((one for one in self._articles if one.id == article), None)

    def passage(self, answer: Answer, article: str, sentence: int) -> Passage | None:
        """A sentence of an article."""
        found = self.article(article)
        return None if found is None else _passage_of(found, sentence, answer.understood)

    def reload(self) -> tuple[Update, Problems]:
        """Nothing has changed."""
        return Update(added=0, removed=0, kept=len(self._articles)), Problems()

    def index_changed(self, paths: Collection[Path]) -> tuple[Update, Problems]:  # noqa: ARG002
        """Nothing has changed."""
        return self.reload()

    @property
    def editions(self) -> int:
        """How often there were other articles."""
        return self._editions

    def arrived(self, unseen: Callable[[Iterable[str]], Collection[str]]) -> Collection[str]:
        """The articles that nobody saw yet, but for those that are not registered."""
        return unseen([article.id for article in self._articles if article.id not in self.unregistered])

    def new_answers(
        self,
        question: str,
        filters: Filters,
        arrived: Collection[str],
        known: Sequence[Passage],
        *,
        seen: Seen,
    ) -> Answers:
        """What of the articles that came answers a question."""
        return new_answers(self, question, filters, arrived, known, seen=seen)

    def look_up(self, text: str) -> Answer:
        """The best passage, and nobody hears of it."""
        heard = list(self.asked), list(self.filters)
        found = self.ask(text, limit=1, suggest=False)
        self.asked, self.filters = heard
        return found

    def groups(self, questions: Sequence[str]) -> Sequence[Sequence[int]]:
        """Questions are alike that end alike."""
        endings: dict[str, list[int]] = {}
        for place, question in enumerate(questions):
            endings.setdefault(question[-5:], []).append(place)
        return list(endings.values())

    def withdraw(self) -> None:
        """Take every article out."""
        self._articles = ()

    @property
    def stocked(self) -> Sequence[Article]:
        """The articles that there are."""
        return self._articles

    def stock(self, articles: Sequence[Article]) -> None:
        """Have these articles instead."""
        self._articles = tuple(articles)
        self._editions += 1

    def examples(self, limit: int) -> tuple[str, ...]:
        """Questions of the articles."""
        return (QUESTION, "早在2017年上海发布了什么？")[:limit]

    def linked(self, url: str) -> Article | None:
        """The article of a link."""
        return next((article for article in self._articles if article.url == url), None)

    def under_links(self, urls: Collection[str]) -> tuple[Article, ...]:
        """The articles that have one of these links."""
        return tuple(article for article in self._articles if article.url in urls)

    def related(self, answer: Answer, *, filters: Filters = EVERYTHING) -> tuple[str, ...]:  # noqa: ARG002
        """Another question, where there are other passages."""
        return ("早在2017年上海发布了什么？",) if len(answer.passages) > 1 else ()

    def news_request(self, text: str, today: dt.date) -> NewsRequest | None:
        """What is wanted of the news."""
        days = [article.published for article in self._articles if article.published]
        return news_request(text, today, max(days, default=None))

    def news(self, wanted: NewsRequest, limit: int | None = None, start: int = 0) -> Listing:
        """The articles of a subject and a period, newest first."""
        since, until = wanted.period.since or dt.date.min, wanted.period.until or dt.date.max
        found = [
            article
            for article in self._articles
            if wanted.subject in article.title + article.summary
            and (wanted.period == Period() or (article.published and since <= article.published <= until))
        ]
        found.sort(key=lambda article: article.published or dt.date.min, reverse=True)
        return Listing(articles=tuple(found[start:][:limit]), total=len(found))

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return len(self._articles)

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """How many articles bear each label of a facet."""
        return Counter(name for article in self._articles for name in labels_of(article, facet))

    def articles(
        self, limit: int | None = None, *, start: int = 0, label: FacetLabel | None = None
    ) -> Sequence[Article]:
        """All articles, or as many from `start`; with a label, of those that bear it."""
        return [
            article
            for article in self._articles
            if label is None or label.name in labels_of(article, label.facet)
        ][start:][:limit]

    def _passages(self, question: str) -> list[Passage]:
        return [
            _passage_of(article, number, question)
            for article in self._articles
            for number in range(len(_cut(article)[1]))
        ]


class Fixed(Library):
    """Gives the same answer to every question."""

    def __init__(self, fixed: Answer) -> None:
        super().__init__(SHANGHAI)
        self._fixed = fixed

    def ask(self, *_asked: object, **_named: object) -> Answer:
        """The same answer."""
        return self._fixed


def labels_of(article: Article, facet: Facet) -> tuple[str, ...]:
    """The labels of a facet that an article bears."""
    years = (str(article.published.year),) if article.published else ()
    return {
        Facet.INDUSTRY: article.industries,
        Facet.TECHNOLOGY: article.technologies,
        Facet.YEAR: years,
    }[facet]


def _cut(article: Article) -> tuple[str | None, list[str]]:
    heading, _, body = article.summary.rpartition("　　")
    return heading or None, re.findall(r"[^。]+。?", body)


def _passage_of(article: Article, number: int, question: str) -> Passage:
    heading, texts = _cut(article)
    text = texts[number]
    values = re.finditer(r"\d+[万多]*亿?[家元]|\d+万", text)
    asked = set(question.rsplit(maxsplit=1)[-1]) if question.split() else set()
    value = max(values, key=lambda m: len(asked & set(text[max(m.start() - 12, 0) : m.end()])), default=None)
    return passage(
        text,
        highlights=[] if value is None else [value.span()],
        matches=[m.span() for m in re.finditer(r"\w\w", text) if m[0] in question],
        title=article.title,
        url=article.url,
        published=article.published,
        file=article.file,
        article=article.id,
        sentence=number,
        before=texts[number - 1] if number and text.startswith(("此后", "目前")) else None,
        heading=heading,
    )


def _declined(question: str, understood: str, code: str, *passages: Passage, suggest: bool = False) -> Answer:
    reason = Reason.model_validate({"code": code, "message": code})
    return answer(
        *passages,
        question=question,
        understood=understood,
        answered=False,
        confidence=0.1,
        reason=reason,
        suggestions=(QUESTION,) if suggest else (),
    )
