"""Every array of a segment is the one that the schema describes, and the documentation draws it so."""

import re
from pathlib import Path

import numpy as np
import pytest

from retrieval import Article, Tokeniser
from retrieval.index.segment import schema
from retrieval.index.segment.array_file import ArrayFile
from retrieval.index.segment.encoding import MENTION_TYPE
from retrieval.index.segment.schema import SMALLEST, Field, Shape
from retrieval.index.update import updates

PAGE = Path(__file__).parents[1] / "retrieval" / "README.md"


def made(number: int) -> Article:
    return Article(
        title=f"月城第{number}号厂房",
        url=None,
        summary=f"月城第{number}号厂房在{1900 + number}年建成。厂里有工人{number}00名，张三说。GPT-4在用。",
        industries=("制造",),
        file="a.txt",
        record=number,
    )


@pytest.fixture(params=["written", "merged"])
def arrays(request: pytest.FixtureRequest, tmp_path: Path, tokeniser: Tokeniser) -> dict[str, np.ndarray]:
    updates.update(tmp_path, [made(1), made(2), made(3)], tokeniser)
    if request.param == "merged":
        updates.change(tmp_path, [made(4), made(5)], {made(2).id}, tokeniser)
        updates.compact(tmp_path, tokeniser)
    [path] = (tmp_path / "segments").iterdir()
    file = ArrayFile(path)
    return {name: file[field] for name, field in schema.fields().items()} | {
        name: array for name, array in file._arrays.items() if name not in schema.fields()
    }


def test_a_segment_has_the_arrays_of_the_schema_and_no_other(arrays: dict[str, np.ndarray]) -> None:
    assert set(arrays) == set(schema.fields())


def test_their_elements_are_of_the_types_that_it_names(arrays: dict[str, np.ndarray]) -> None:
    for name, field in schema.fields().items():
        kind = arrays[name].dtype
        if field.kind == SMALLEST:
            assert kind.kind == "u", name
        else:
            assert kind == (MENTION_TYPE if field is schema.MENTIONS else np.dtype(field.kind)), name


def test_there_are_as_many_as_it_says(arrays: dict[str, np.ndarray]) -> None:
    articles, sentences = len(arrays["id"]), int(arrays["first"][-1])
    expected = {Shape.ARTICLE: articles, Shape.BORDER: articles + 1, Shape.SENTENCE: sentences}
    for name, field in schema.fields().items():
        size = len(arrays[name])
        if field.shape in expected:
            assert size == expected[field.shape], name
        if field.shape is Shape.VALUE and not name.endswith("_high"):
            assert size == int(arrays[field.begins.name][-1]), name


def row(field: Field) -> str:
    return f"| `{field.name}` | {field.kind} | {field.shape} | {field.meaning} |"


def test_the_page_draws_every_array() -> None:
    drawn = re.findall(r"^\| `\w+` \| [\w ]+ \| .*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [line for line in drawn if line.count("|") == 5] == [
        row(field) for field in schema.fields().values()
    ]
