"""The plot of a benchmark's results, as a small SVG: everything against the size of the corpus."""

import argparse
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pygal
from pygal.style import Style

PANELS = {
    "p50 ms": "ms a question (median)",
    "built a second": "sentences built a second",
    "own memory MB": "MB of memory of its own",
    "first answer ms": "ms from a start to the first answer",
}
LEFT_OUT = ("two stages, 1 segment", "two stages, 8 segments", "a new article")
COLOURS = (
    "#d62728",
    "#e377c2",
    "#ff9896",
    "#ffbb78",
    "#1f77b4",
    "#2ca02c",
    "#98df8a",
    "#9467bd",
    "#8c564b",
    "#7f7f7f",
)
WIDTH, HEIGHT = 480, 330


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw four panels of what was generated, both axes of each logarithmic."""
    rows = [row for row in rows if row["corpus"] == "generated"]
    names = dict.fromkeys(row["engine"] for row in rows)
    engines = [name for name in names if name not in LEFT_OUT and _sizes(rows, name)]
    panels = [_panel(rows, engines, of, title) for of, title in PANELS.items()]
    placed = [
        svg.replace("<svg ", f'<svg x="{number % 2 * WIDTH}" y="{number // 2 * HEIGHT}" ', 1)
        for number, svg in enumerate(panels)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {2 * HEIGHT}">'
    path.write_text(f"{head}\n{''.join(placed)}\n</svg>\n", encoding="utf-8")


def _sizes(rows: Sequence[dict[str, Any]], engine: str) -> int:
    return sum(row["engine"] == engine and PANELS.keys() <= row.keys() for row in rows)


def _panel(rows: Sequence[dict[str, Any]], engines: Sequence[str], of: str, title: str) -> str:
    found = [row[of] for row in rows if row["engine"] in engines]
    low, high = math.floor(math.log10(min(found))), math.ceil(math.log10(max(found)))
    style = Style(
        background="white",
        plot_background="white",
        colors=COLOURS,
        font_family="sans-serif",
        title_font_size=13,
        label_font_size=10,
        legend_font_size=9,
    )
    chart = pygal.XY(
        style=style,
        title=title,
        width=WIDTH,
        height=HEIGHT,
        explicit_size=True,
        truncate_legend=-1,
        show_dots=True,
        print_values=False,
        stroke_style={"width": 1.6},
        dots_size=2.5,
        js=[],
        disable_xml_declaration=True,
        no_prefix=True,
        legend_box_size=9,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        show_x_guides=False,
        x_labels=[math.log10(size) for size in sorted({row["sentences"] for row in rows})],
        x_value_formatter=_power,
        y_labels=list(range(low, high + 1)),
        value_formatter=_power,
    )
    for engine in engines:
        points = [(row["sentences"], row[of]) for row in rows if row["engine"] == engine]
        chart.add(engine, [(math.log10(size), math.log10(value)) for size, value in sorted(points)])
    # What is in <desc> and <title> serves scripts that a picture in README does not run.
    return re.sub(r"<(desc|title)[^>]*>.*?</\1>", "", chart.render(is_unicode=True))


def _power(exponent: float) -> str:
    """A tick of a logarithmic axis as the number that it stands for."""
    return f"{10**exponent:,.4g}" if exponent < 3 else f"{round(10**exponent):,}"


def main() -> None:
    """Draw results that were written before."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("results", type=Path, help="results.json of bench.speed")
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    draw(json.loads(options.results.read_text(encoding="utf-8")), options.output)


if __name__ == "__main__":
    main()
