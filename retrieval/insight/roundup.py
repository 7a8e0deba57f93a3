"""What many articles tell of, at a glance: their labels, the subjects most of them have, each report once."""

from collections import Counter
from collections.abc import Iterable, Sequence

from retrieval.insight.copies import Copies
from retrieval.language.normalise import normalise
from retrieval.models import Article, Model

COMPARED = 200
"""Articles that are compared to tell copies: the newest."""
BEGINNING = 200
"""Code points of an article's text by which it is told from others."""
SEVERAL = 2
"""Articles that a subject has at least."""


class Count(Model):
    """A label, and how many articles bear it."""

    name: str
    count: int


class Subject(Model):
    """What several articles name as keywords, and the newest of them; the same articles are one subject."""

    names: tuple[str, ...]
    count: int
    article: Article


class Report(Model):
    """An article, and how many others carry the same."""

    article: Article
    copies: int = 0


class Roundup(Model):
    """What some articles tell of; labels and subjects the most frequent first, reports the newest first."""

    total: int = 0
    industries: tuple[Count, ...] = ()
    technologies: tuple[Count, ...] = ()
    subjects: tuple[Subject, ...] = ()
    reports: tuple[Report, ...] = ()


def roundup(articles: Iterable[Article]) -> Roundup:
    """What some articles tell of."""
    newest = sorted(articles, key=_day, reverse=True)
    reports = _reports(newest)
    return Roundup(
        total=len(newest),
        industries=_counts(article.industries for article in newest),
        technologies=_counts(article.technologies for article in newest),
        subjects=_subjects(newest),
        reports=reports,
    )


def _day(article: Article) -> int:
    return article.published.toordinal() if article.published else 0


def _counts(labels: Iterable[Sequence[str]]) -> tuple[Count, ...]:
    """How often each label stands, however it is written; named as it stands first."""
    names: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for label, name in _once(labels):
        names.setdefault(label, name)
        counted[label] += 1
    ordered = sorted(counted.items(), key=lambda item: -item[1])
    return tuple(Count(name=names[label], count=count) for label, count in ordered)


def _once(lists: Iterable[Sequence[str]]) -> Iterable[tuple[str, str]]:
    """The names of each list, each once, with the form in which they are compared."""
    for names in lists:
        forms: dict[str, str] = {}
        for name in names:
            forms.setdefault(normalise(name).strip(), name)
        yield from ((form, name) for form, name in forms.items() if form)


def _subjects(newest: Sequence[Article]) -> tuple[Subject, ...]:
    """The keywords of several articles that are not labels of theirs."""
    labels = {form for article in newest for form, _ in _once([article.industries, article.technologies])}
    names: dict[str, str] = {}
    bearing: dict[str, list[int]] = {}
    for place, article in enumerate(newest):
        for form, name in _once([article.keywords]):
            if form not in labels:
                names.setdefault(form, name)
                bearing.setdefault(form, []).append(place)
    joined: dict[tuple[int, ...], list[str]] = {}
    for form, places in bearing.items():
        if len(places) >= SEVERAL:
            joined.setdefault(tuple(places), []).append(names[form])
    return tuple(
        Subject(names=tuple(joined[places]), count=len(places), article=newest[places[0]])
        for places in sorted(joined, key=lambda places: -len(places))
    )


def _reports(newest: Sequence[Article]) -> tuple[Report, ...]:
    """The articles, copies of one report as one: the newest of them."""
    copies = Copies()
    found: dict[int, Report] = {}
    for article in newest[:COMPARED]:
        number = copies.number(f"{article.title}\n{article.summary[:BEGINNING]}")
        known = found.get(number)
        found[number] = (
            known.model_copy(update={"copies": known.copies + 1}) if known else Report(article=article)
        )
    return tuple(found.values())
