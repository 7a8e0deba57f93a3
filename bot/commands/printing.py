"""What the commands print: JSON for programs (the contracts of README), tables for people."""

from collections import Counter
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from bot.commands.answer_json import Json, json_line
from bot.commands.command_line import Words
from retrieval.corpus.problem_log import Problems
from retrieval.corpus.reading import Corpus
from retrieval.corpus.statistics import Statistics
from retrieval.evaluation import Bin, Figures, Report
from retrieval.index.protocol import Update
from retrieval.language.sentences import split
from retrieval.models import Article, Level, Problem

WIDE = 150
"""Columns of the table of figures, even where the terminal is narrower or there is none."""
NO_DAY = "-" * len("2024-05-06")
LABELS = 10
"""Labels of a kind that are shown."""


def check_json(corpus: Corpus) -> str:
    """Records and problems as one line of JSON."""
    return json_line(
        {
            "records": [_record(article) for article in corpus.articles],
            "problems": [problem.model_dump(mode="json") for problem in corpus.problems],
            "undated": sum(article.published is None for article in corpus.articles),
        },
    )


def _record(article: Article) -> Json:
    sentences = [article.summary[sentence.start : sentence.end] for sentence in split(article.summary)]
    return article.model_dump(mode="json") | {"sentences": sentences}


def has_errors(problems: tuple[Problem, ...]) -> bool:
    """Whether a problem lost a record."""
    return any(problem.level is Level.ERROR for problem in problems)


def print_check(corpus: Corpus, said: Words) -> None:
    """The problems as a table, worst first, and the counts."""
    console = Console(highlight=False)
    if corpus.problems:
        console.print(_problem_table(corpus.problems, said))
    console.print(_counts(corpus, said))


def check_lines(corpus: Corpus, said: Words) -> str:
    """The problems a line each, and the counts."""
    return "\n".join([*problem_lines(corpus.problems), _counts(corpus, said)])


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    """Problems as compilers print them, `file:line: level code message`, the worst first."""
    return [
        f"{one.file}:{_number(one.line) or 1}: {one.level} {one.code} {_flat(one.message)}"
        for one in _worst_first(problems)
    ]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _counts(corpus: Corpus, said: Words) -> str:
    levels = Counter(problem.level for problem in corpus.problems)
    undated = sum(article.published is None for article in corpus.articles)
    counts = said(
        "check.counts",
        records=len(corpus.articles),
        problems=len(corpus.problems),
        errors=levels[Level.ERROR],
        warnings=levels[Level.WARNING],
        infos=levels[Level.INFO],
    )
    return counts + (said("check.undated", count=undated) if undated else "")


def _worst_first(problems: Iterable[Problem]) -> list[Problem]:
    order = list(Level)
    return sorted(problems, key=lambda problem: order.index(problem.level))


def _problem_table(problems: Iterable[Problem], said: Words) -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("level", "file", "record", "line", "code", "message"):
        table.add_column(said(f"check.{name}"), overflow="fold")
    colours = {Level.ERROR: "red", Level.WARNING: "yellow", Level.INFO: "dim"}
    for problem in _worst_first(problems):
        where = (problem.file, _number(problem.record), _number(problem.line))
        table.add_row(problem.level, *where, problem.code, problem.message, style=colours[problem.level])
    return table


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def update_json(update: Update, problems: Problems) -> str:
    """What came of indexing, as one line of JSON; where there are many problems, a file has them all."""
    found = problems.model_dump(mode="json")
    told = {"problems": found["listed"], "problem_counts": found["counts"], "problem_file": found["file"]}
    return json_line(update.model_dump(mode="json") | told)


def update_text(update: Update, problems: Problems, said: Words) -> str:
    """What came of indexing, for a person."""
    line = said(
        "index.done",
        added=update.added,
        removed=update.removed,
        kept=update.kept,
        sentences=update.sentences,
        megabytes=update.bytes / 1e6,
        seconds=update.seconds,
        each=update.bytes / max(update.sentences, 1),
    )
    if not problems.total:
        return line
    where = problems.file or "zhiwen check"
    counts = [f"{code} {count}" for code, count in sorted(problems.counts.items())]
    return line + said("index.problems", count=problems.total, counts=", ".join(counts), where=where)


def article_json(article: Article) -> str:
    """An article without its text, as one line of JSON."""
    return json_line(article.model_dump(mode="json", exclude={"summary"}) | {"id": article.id})


def article_line(article: Article) -> str:
    """An article on one line: its day, title and link, or else its file."""
    day = article.published.isoformat() if article.published else NO_DAY
    return f"{day}  {article.title}  {article.url or f'{article.file}:{article.record}'}"


def statistics_json(counted: Statistics) -> str:
    """A corpus in figures, as one line of JSON."""
    return json_line(counted.model_dump(mode="json"))


def statistics_text(counted: Statistics, said: Words) -> str:
    """A corpus in figures, for a person; of labels, those that most articles have."""
    days = " – ".join(day.isoformat() for day in (counted.first_day, counted.last_day) if day)
    figures = {
        "articles": counted.articles,
        "sentences": counted.sentences,
        "days": days or NO_DAY,
        "undated": counted.undated,
        "without_link": counted.without_link,
    }
    labels = {
        name: ", ".join(f"{label} {count}" for label, count in list(of.items())[:LABELS])
        for name in ("years", "industries", "technologies", "keywords", "formats")
        if (of := getattr(counted, name))
    }
    lines = {said(f"stats.{name}"): value for name, value in (figures | labels).items()}
    width = max(map(cell_len, lines))
    return "\n".join(f"{name}{' ' * (width - cell_len(name))}  {value}" for name, value in lines.items())


def print_figures(report: Report) -> None:
    """The figures of an evaluation as a table."""
    table = Table(box=None, header_style="bold")
    names = [field.serialization_alias or name for name, field in Figures.model_fields.items()]
    table.add_column("kind", no_wrap=True)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for kind, figures in report.by_kind.items():
        table.add_row(kind, *_cells(figures))
    table.add_section()
    table.add_row("overall", *_cells(report.overall), style="bold")
    Console(highlight=False, width=max(Console().width, WIDE)).print(table)
    reliability = Table(box=None, header_style="bold")
    for name in Bin.model_fields:
        reliability.add_column(name, justify="right", no_wrap=True)
    for found in report.reliability:
        reliability.add_row(*_cells(found))
    Console(highlight=False).print(reliability)


def _cells(figures: Figures | Bin) -> list[str]:
    values = figures.model_dump().values()
    return [str(value) if isinstance(value, int) else f"{value:.3f}" for value in values]
