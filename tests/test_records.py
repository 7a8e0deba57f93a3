"""Record files are read whole: nothing is lost but what a problem names, and nothing in them does harm."""

import base64
import datetime as dt
import json
import os
import string
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from record_cases import ALL, ENCODINGS, LABELS, LAYOUT, LINKS, SECOND, VALUES, Case, record

from retrieval import Article, records
from retrieval.models import CorpusError, Level
from retrieval.problems import LEVELS, MOST
from retrieval.records import Corpus
from retrieval.sentences import split

CASES = (*ENCODINGS, *LABELS, *LAYOUT, *VALUES, *LINKS)
WHOLE_FILE = {"undecodable", "empty_file", "unreadable", "file_too_large"}
"""What is wrong with no line in particular."""
ACROSS_RECORDS = {"duplicate_url", "duplicate_url_conflict", "duplicate_text"}
ON_DISK = {"unreadable", "file_too_large", "more_problems"}
LOST = {code for code, level in LEVELS.items() if level is Level.ERROR} | {"duplicate_url"}
GOOD = (record(), record("乙", "https://a.example/2", "北京发布新政。"))


def codes(corpus: Corpus) -> list[str]:
    return [problem.code for problem in corpus.problems]


def parse(text: str) -> Corpus:
    return records.parse(text.encode(), "a.txt")


def shown(article: Article, names: object) -> dict[str, object]:
    return {name: value for name, value in article if name in list(names)}  # type: ignore[call-overload]


def lines_of(data: bytes) -> int:
    """More lines than this, no encoding can make of the bytes."""
    return data.count(b"\n") + data.count(b"\r") + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_read_and_every_problem_named(case: Case) -> None:
    corpus = records.parse(case.data, "folder/a.txt")
    assert [
        {name: getattr(article, name) for name in expected}
        for article, expected in zip(corpus.articles, case.articles, strict=True)
    ] == list(case.articles)
    told = [problem.code if problem.line is None else f"{problem.code}:{problem.line}" for problem in corpus.problems]
    assert told == case.problems.split()
    assert {part.file for part in (*corpus.articles, *corpus.problems)} == {"folder/a.txt"}


def test_every_problem_has_a_case() -> None:
    told = {problem.partition(":")[0] for case in CASES for problem in case.problems.split()}
    assert told | ACROSS_RECORDS | ON_DISK == set(LEVELS)
