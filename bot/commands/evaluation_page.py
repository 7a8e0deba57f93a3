"""An evaluation as one HTML page: plots and the worst questions; nothing in it comes from elsewhere.

Each set's figures are kept beside the page, so that the page of the next set shows them all together.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pygal
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pydantic import ValidationError
from pygal.style import Style

from bot.layout.language import TEMPLATES
from retrieval.errors import ZhiwenError
from retrieval.evaluation import Figures, Outcome, Report
from retrieval.models import Model

WORST = 40
"""Questions listed, the most confident mistakes first."""
BINS = 10
"""Steps of confidence in the plot of reliability."""
FEW = 5
"""Questions in a step below which its share says nothing."""
STEPS = 50
"""Thresholds in the plot of refusal."""
STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#444",
    foreground_strong="#111",
    foreground_subtle="#bbb",
    opacity=".85",
    colors=("#1f6f54", "#8cc1a5", "#c9772b", "#5b6ee1", "#a0a0a0"),
    font_family="system-ui, 'Noto Sans CJK SC', sans-serif",
    label_font_size=13,
    major_label_font_size=13,
    legend_font_size=14,
    title_font_size=16,
)


class ReportError(ZhiwenError):
    """A report cannot be written."""


class Kept(Model):
    """The figures of a set, as they lie beside the page."""

    name: str
    overall: Figures


def write(folder: Path, name: str, outcomes: Sequence[Outcome], report: Report) -> Path:
    """Write the page of a set; where it is.

    Raises:
        ReportError: the folder cannot be written.
    """
    template = Environment(autoescape=True, loader=FileSystemLoader(TEMPLATES)).get_template(
        "evaluation.html"
    )
    page = folder / f"{name}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.figures.json").write_text(
            Kept(name=name, overall=report.overall).model_dump_json(indent=1) + "\n", encoding="utf-8"
        )
        sets = _sets(folder)
        page.write_text(
            template.render(
                name=name,
                overall=report.overall,
                kinds=report.by_kind,
                plots=_plots(outcomes, report, sets),
                worst=worst(outcomes),
                asked=len(outcomes),
                answerable=sum(bool(outcome.question.gold) for outcome in outcomes),
                sets=sets,
            ),
            encoding="utf-8",
        )
    except OSError as error:
        raise ReportError(f"The report cannot be written: {error}.") from error
    return page


def _sets(folder: Path) -> list[Kept]:
    """The figures of all sets in the folder, by name; a file that is none of ours is passed over."""
    found = []
    for path in sorted(folder.glob("*.figures.json")):
        try:
            found.append(Kept.model_validate_json(path.read_bytes()))
        except ValidationError:
            continue
    return found


def worst(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The questions whose first passage is wrong, the most confident first."""
    wrong = [outcome for outcome in outcomes if outcome.rank != 1 and outcome.won]
    return sorted(wrong, key=lambda outcome: (-outcome.confidence, outcome.question.id))[:WORST]


def reliability(outcomes: Sequence[Outcome]) -> list[tuple[float, float, int]]:
    """For each step of confidence: its middle, the share of first passages that are right, the questions."""
    steps: list[list[bool]] = [[] for _ in range(BINS)]
    for outcome in outcomes:
        steps[min(int(outcome.confidence * BINS), BINS - 1)].append(outcome.rank == 1)
    return [
        ((place + 0.5) / BINS, sum(right) / len(right), len(right))
        for place, right in enumerate(steps)
        if len(right) >= FEW
    ]


def refusal(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """For each threshold: the share of questions answered, and of those answers the share that is right."""
    points = []
    for step in range(STEPS + 1):
        given = [outcome for outcome in outcomes if outcome.confidence >= step / STEPS and outcome.won]
        if given:
            right = sum(outcome.rank == 1 for outcome in given)
            points.append((len(given) / len(outcomes), right / len(given)))
    return points


def _plots(outcomes: Sequence[Outcome], report: Report, sets: Sequence[Kept]) -> dict[str, Markup]:
    by_kind = _bars("hit@k by kind", {kind: found for kind, found in report.by_kind.items() if found.hit_3})
    plots = {"by_kind": by_kind, "reliability": _reliability(outcomes), "refusal": _refusal(outcomes)}
    if len(sets) > 1:
        plots["by_set"] = _bars("hit@k by set", {kept.name: kept.overall for kept in sets})
    return plots


def _bars(title: str, figures: dict[str, Figures]) -> Markup:
    chart = pygal.Bar(title=title, range=(0, 1), x_label_rotation=25, **_common())
    chart.x_labels = list(figures)
    chart.add("hit@1", [found.hit_1 for found in figures.values()])
    chart.add("hit@3", [found.hit_3 for found in figures.values()])
    chart.add("highlight", [found.highlight for found in figures.values()])
    return _svg(chart)


def _reliability(outcomes: Sequence[Outcome]) -> Markup:
    chart = pygal.XY(
        title="Reliability: how often an answer of a confidence is right",
        x_title="confidence",
        range=(0, 1),
        xrange=(0, 1),
        **_common(),
    )
    chart.add("measured", [(middle, share) for middle, share, _ in reliability(outcomes)])
    chart.add("ideal", [(0, 0), (1, 1)], show_dots=False)
    return _svg(chart)


def _refusal(outcomes: Sequence[Outcome]) -> Markup:
    chart = pygal.XY(
        title="Refusal: the more is declined, the more of the rest is right",
        x_title="share of the questions answered",
        y_title="share of the answers right",
        xrange=(0, 1),
        **_common(),
    )
    chart.add("every threshold", refusal(outcomes), dots_size=2)
    return _svg(chart)


def _common() -> dict[str, object]:
    return {"style": STYLE, "js": (), "height": 380, "width": 820, "legend_at_bottom": True, "margin": 12}


def _svg(chart: pygal.graph.graph.Graph) -> Markup:
    """A plot as an element of the page; pygal escapes the texts in it."""
    drawn = chart.render(is_unicode=True, disable_xml_declaration=True)
    return Markup(re.sub("<!--.*?-->|<script.*?</script>", "", drawn, flags=re.DOTALL))  # noqa: S704  see above
