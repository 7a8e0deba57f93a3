"""Question sets to figures: how often the right sentence comes first, and how often a no is honest.

A question counts as a hit@k when a sentence that holds its gold answer is among the first k passages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from retrieval.language.sentences import split
from retrieval.models import Answer, Article, Model, QuestionSetError
from retrieval.retriever import Retriever

DEPTH = 10
"""Passages looked at for a question."""
BINS = 10
"""Of the reliability table, equally wide."""
HIGHLIGHT_DECIMALS = 4

GoldKey = tuple[str, int]
"""An article's id and the number of a sentence in it."""
Progress = Callable[[int, int], None]
"""Told how many questions are asked, of how many."""


class GoldQuestion(Model):
    """A question with what would answer it; without any gold it is unanswerable."""

    id: str
    kind: str | None = Field(
        default=None, description="reported under; what the question asks for, if not given"
    )
    text: str
    previous: str | None = None
    gold: tuple[GoldKey, ...] = ()
    answers: tuple[str, ...] = ()


class QuestionSet(Model):
    """Questions, and the articles they are about where the set brings its own."""

    articles: tuple[Article, ...] = ()
    questions: tuple[GoldQuestion, ...]


class Figures(Model):
    """The figures of some questions; hits and highlights are shares of those that have a gold answer."""

    n: int
    hit_1: float = Field(serialization_alias="hit@1")
    hit_3: float = Field(serialization_alias="hit@3")
    mrr_10: float = Field(serialization_alias="mrr@10")
    article_1: float = Field(serialization_alias="article@1")
    answered: float
    highlight: float
    p50_ms: float
    p99_ms: float


class Bin(Model):
    """The questions with a confidence of at least `least` and below the next bin's, and how many were right.

    Right is what has a right sentence among the first three: what confidence is the probability of.
    """

    least: float
    n: int
    confidence: float
    right: float


class Report(Model):
    """Figures over all answerable questions (over all, if none is), and for each kind of question.

    `reliability` is over all questions, the unanswerable ones too; bins without any are left out.
    """

    overall: Figures
    by_kind: Mapping[str, Figures]
    reliability: tuple[Bin, ...] = ()


class Outcome(Model):
    """What became of one question; `rank` is that of the first right passage, 0 for none."""

    question: GoldQuestion
    kind: str
    rank: int
    right_article: bool
    answered: bool
    highlighted: bool
    elapsed_ms: float
    confidence: float = 0.0
    won: str = Field(default="", description="the first passage")
    right: str = Field(default="", description="a sentence that holds the gold answer")


def evaluate(
    retriever: Retriever,
    questions: Sequence[GoldQuestion],
    *,
    without_gold: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> list[Outcome]:
    """Ask every question.

    Args:
        retriever: over the articles that the gold stands in.
        questions: what to ask.
        without_gold: take the articles with the gold answers out first, so that none can be answered.
        progress: called after each question.
    """
    outcomes = []
    for done, question in enumerate(questions, 1):
        excluded = frozenset(article for article, _ in question.gold) if without_gold else frozenset()
        answer = retriever.ask(
            question.text, question.previous, limit=DEPTH, excluded=excluded, suggest=False
        )
        outcomes.append(_outcome(retriever, question, answer))
        progress(done, len(questions))
    return outcomes


def _outcome(retriever: Retriever, question: GoldQuestion, answer: Answer) -> Outcome:
    found = [(passage.article, passage.sentence) for passage in answer.passages]
    ranks = [rank for rank, key in enumerate(found, 1) if key in question.gold]
    return Outcome(
        question=question,
        kind=question.kind or answer.kind,
        rank=ranks[0] if ranks else 0,
        right_article=bool(found) and found[0][0] in {article for article, _ in question.gold},
        answered=answer.answered,
        highlighted=any(_is_highlighted(retriever, question, answer, key) for key in question.gold),
        elapsed_ms=answer.elapsed_ms,
        confidence=answer.confidence,
        won=answer.passages[0].text if answer.passages else "",
        right=_right(retriever, question, answer),
    )


def _right(retriever: Retriever, question: GoldQuestion, answer: Answer) -> str:
    passages = (retriever.passage(answer, *key) for key in question.gold)
    return next((passage.text for passage in passages if passage), "")


def _is_highlighted(retriever: Retriever, question: GoldQuestion, answer: Answer, key: GoldKey) -> bool:
    """Whether a highlight of a right sentence covers one of the gold answers."""
    passage = retriever.passage(answer, *key)
    if passage is None:
        return False
    places = [
        (start, start + len(gold))
        for gold in question.answers
        if gold
        for start in range(len(passage.text))
        if passage.text.startswith(gold, start)
    ]
    return any(start <= place[0] and place[1] <= end for place in places for start, end in passage.highlights)


def report(outcomes: Sequence[Outcome]) -> Report:
    """The figures of some outcomes."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    answerable = [outcome for outcome in outcomes if outcome.question.gold]
    return Report(
        overall=_figures(answerable or outcomes),
        by_kind={kind: _figures(found) for kind, found in sorted(by_kind.items())},
        reliability=tuple(_bins(outcomes)),
    )


def _bins(outcomes: Sequence[Outcome]) -> Iterator[Bin]:
    by_bin: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_bin[min(int(outcome.confidence * BINS), BINS - 1)].append(outcome)
    for number, found in sorted(by_bin.items()):
        yield Bin(
            least=number / BINS,
            n=len(found),
            confidence=_share(outcome.confidence for outcome in found),
            right=_share(0 < outcome.rank <= 3 for outcome in found),  # noqa: PLR2004  the first three
        )


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    ranks = np.array([outcome.rank for outcome in outcomes if outcome.question.gold])
    elapsed = [outcome.elapsed_ms for outcome in outcomes] or [0.0]
    with_answer = [outcome for outcome in outcomes if outcome.question.gold and outcome.question.answers]
    return Figures(
        n=len(outcomes),
        hit_1=_share(ranks == 1),
        hit_3=_share((ranks > 0) & (ranks <= 3)),  # noqa: PLR2004  the 3 of hit@3
        mrr_10=_share(1 / rank if rank else 0.0 for rank in ranks.tolist()),
        article_1=_share(outcome.right_article for outcome in outcomes if outcome.question.gold),
        answered=_share(outcome.answered for outcome in outcomes),
        highlight=_share(outcome.highlighted for outcome in with_answer),
        p50_ms=round(float(np.percentile(elapsed, 50)), 2),
        p99_ms=round(float(np.percentile(elapsed, 99)), 2),
    )


def _share(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / len(found), HIGHLIGHT_DECIMALS) if found else 0.0


class _SeedQuestion(Model):
    """A line of a question set about a corpus at hand."""

    id: str
    kind: str
    question: str
    previous: str | None = None
    gold_sentence: str | None = None
    answer: str | None = None
    also: tuple[str, ...] = ()


def read_questions(path: Path, articles: Sequence[Article]) -> QuestionSet:
    """A set of questions about a corpus, a JSON object a line (README, "Measure it").

    Raises:
        QuestionSetError: a line is malformed, or its gold sentence is in none of the articles.
    """
    places: dict[str, list[GoldKey]] = defaultdict(list)
    for article in articles:
        for number, sentence in enumerate(split(article.summary)):
            places[article.summary[sentence.start : sentence.end]].append((article.id, number))
    questions = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            questions.append(_seed_question(line, places, f"{path}, line {number}"))
    return QuestionSet(questions=tuple(questions))


def _seed_question(line: str, places: Mapping[str, Sequence[GoldKey]], where: str) -> GoldQuestion:
    try:
        seed = _SeedQuestion.model_validate_json(line)
    except ValidationError as error:
        raise QuestionSetError(f"{where}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}.") from error
    golds = [gold for gold in (seed.gold_sentence, *seed.also) if gold]
    found = tuple(place for gold in golds for place in places.get(gold, ()))
    if golds and not found:
        raise QuestionSetError(f"{where}: no article has the gold sentence; is it the right --corpus?")
    return GoldQuestion(
        id=seed.id,
        kind=seed.kind,
        text=seed.question,
        previous=seed.previous,
        gold=found,
        answers=(seed.answer,) if seed.answer else (),
    )


class _SquadAnswer(Model, extra="ignore"):
    text: str
    answer_start: int


class _SquadQuestion(Model, extra="ignore"):
    id: str
    question: str
    answers: tuple[_SquadAnswer, ...] = ()


class _SquadParagraph(Model, extra="ignore"):
    context: str
    qas: tuple[_SquadQuestion, ...] = ()


class _SquadArticle(Model, extra="ignore"):
    title: str = ""
    paragraphs: tuple[_SquadParagraph, ...]


class _Squad(Model, extra="ignore"):
    data: tuple[_SquadArticle, ...]


def read_squad(path: Path) -> QuestionSet:
    """A set of SQuAD form: an entry of `data` is an article, its paragraphs' contexts are the text.

    The gold sentence of a question is the one that overlaps its answer most.

    Raises:
        QuestionSetError: the file is not of that form.
    """
    try:
        squad = TypeAdapter(_Squad).validate_json(_read(path))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise QuestionSetError(
            f"{path} is not of SQuAD form, at {place}: {error.errors()[0]['msg']}."
        ) from error
    articles: list[Article] = []
    questions: list[GoldQuestion] = []
    for record, entry in enumerate(squad.data, 1):
        article = Article(
            title=entry.title.strip(),
            url=None,
            summary="\n".join(paragraph.context for paragraph in entry.paragraphs),
            file=path.name,
            record=record,
        )
        articles.append(article)
        questions += _squad_questions(entry, article)
    return QuestionSet(articles=tuple(articles), questions=tuple(questions))


def _squad_questions(entry: _SquadArticle, article: Article) -> Iterable[GoldQuestion]:
    spans = [(sentence.start, sentence.end) for sentence in split(article.summary)]
    offset = 0
    for paragraph in entry.paragraphs:
        for question in paragraph.qas:
            gold = {
                _overlapping(spans, offset + start, offset + start + len(answer.text))
                for answer in question.answers
                if answer.text and (start := _start(paragraph.context, answer)) >= 0
            }
            yield GoldQuestion(
                id=question.id,
                text=question.question,
                gold=tuple((article.id, number) for number in sorted(gold - {-1})),
                answers=tuple(dict.fromkeys(answer.text for answer in question.answers if answer.text)),
            )
        offset += len(paragraph.context) + 1


def _start(context: str, answer: _SquadAnswer) -> int:
    """Where an answer starts: some sets are off by a few characters."""
    if context.startswith(answer.text, answer.answer_start):
        return answer.answer_start
    return context.find(answer.text)


def _overlapping(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    overlaps = [min(end, stop) - max(start, begin) for begin, stop in spans]
    best = max(overlaps, default=0)
    return overlaps.index(best) if best > 0 else -1


def asked_otherwise(questions: Sequence[GoldQuestion], path: Path) -> list[GoldQuestion]:
    """The same questions in the words of another SQuAD file, matched by id; the others are left out."""
    texts = {question.id: question.text for question in read_squad(path).questions}
    return [
        question.model_copy(update={"text": texts[question.id]})
        for question in questions
        if question.id in texts
    ]


def unanswerable(path: Path) -> list[GoldQuestion]:
    """The questions of a SQuAD file about other articles: nothing here answers them."""
    return [
        GoldQuestion(id=question.id, kind="unanswerable", text=question.text)
        for question in read_squad(path).questions
    ]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}.") from error
