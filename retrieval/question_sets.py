"""Sets of questions with their gold sentences, read from JSON lines and SQuAD files."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from retrieval.corpus.markdown import without_markdown
from retrieval.errors import QuestionSetError
from retrieval.language.sentences import split
from retrieval.models import Article, Model
from retrieval.regex import regex

NO_LETTERS = regex(r"[\W_]+")
BORDER = "\n"
GoldKey = tuple[str, int]
"""An article's id and the number of a sentence in it."""


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


class _SeedQuestion(Model, extra="ignore"):
    """A line of a question set about a corpus at hand; what else stands in it is its writer's."""

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
    places = _Places(articles)
    questions = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            questions.append(_seed_question(line, places, f"{path}, line {number}"))
    return QuestionSet(questions=tuple(questions))


class _Places:
    """Where gold sentences stand in a corpus, however its texts are cut and cleaned.

    Texts are compared by their letters and figures alone.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._keys: list[GoldKey] = []
        self._starts: list[int] = []
        pieces: list[str] = []
        size = 0
        for article in articles:
            for number, sentence in enumerate(split(article.summary)):
                piece = _letters(article.summary[sentence.start : sentence.end])
                self._keys.append((article.id, number))
                self._starts.append(size)
                pieces.append(piece)
                size += len(piece)
            pieces.append(BORDER)
            size += len(BORDER)
        self._text = "".join(pieces)

    def of(self, gold: str, answer: str) -> Iterator[GoldKey]:
        """The sentences with the answer of a gold sentence; of one without it, those with its middle."""
        letters = _letters(without_markdown(gold))
        wanted = _letters(without_markdown(answer))
        middle = (
            letters.find(wanted) + len(wanted) // 2 if wanted in letters and wanted else len(letters) // 2
        )
        start = self._text.find(letters) if letters else -1
        while start >= 0:
            yield self._keys[bisect_right(self._starts, start + middle) - 1]
            start = self._text.find(letters, start + 1)


def _letters(text: str) -> str:
    return NO_LETTERS.sub("", text)


def _seed_question(line: str, places: _Places, where: str) -> GoldQuestion:
    try:
        seed = _SeedQuestion.model_validate_json(line)
    except ValidationError as error:
        raise QuestionSetError(f"{where}: {_fault(error)}") from error
    golds = [gold for gold in (seed.gold_sentence, *seed.also) if gold]
    found = tuple(dict.fromkeys(place for gold in golds for place in places.of(gold, seed.answer or "")))
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


def _fault(error: ValidationError) -> str:
    """What is wrong first, and in which field."""
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}." if place else f"{fault['msg']}."


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
        raise QuestionSetError(f"{path} is not of SQuAD form: {_fault(error)}") from error
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
