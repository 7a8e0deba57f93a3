"""Patterns are compiled once on a machine, and find what Python's own find."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.compiled import FILE, CompiledPatterns

WRITTEN: tuple[tuple[str | bytes, int], ...] = (
    (r"(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})年(?P<month>\d{1,2}月)?", 0),
    (r"[零〇一二两三四五六七八九十百千万亿]+|[^\W\d_]+|\s", 0),
    (r"(?<![a-z])[a-zé][\u4e00-\u9fff]?(?!\d)", re.IGNORECASE),
    (r"^(.)(?:\1|x)*+$ # the same again", re.MULTILINE | re.VERBOSE),
    (rb"[\x00-\x1f]|(?P<word>\w+)", 0),
)
TEXT = st.text(st.one_of(st.sampled_from("一二〇亿年月19aÉéx \n"), st.characters(exclude_categories=["Cs"])))


def begun_anew(before: CompiledPatterns, folder: Path, most: int = 100) -> CompiledPatterns:
    """The patterns of a next process."""
    before.keep(folder)
    patterns = CompiledPatterns(most)
    patterns.recall(folder)
    return patterns


@pytest.mark.parametrize(("written", "flags"), WRITTEN)
def test_a_kept_pattern_is_that_pattern(written: str | bytes, flags: int, tmp_path: Path) -> None:
    first = CompiledPatterns()
    first.pattern(written, flags)
    second = begun_anew(first, tmp_path)
    made, plain = second.pattern(written, flags), re.compile(written, flags)
    assert (first.compiled, second.compiled) == (1, 0)
    assert made == plain
    assert (made.flags, made.groups, made.groupindex) == (plain.flags, plain.groups, plain.groupindex)

    @given(TEXT)
    def finds_the_same(text: str) -> None:
        said: Any = text.encode() if isinstance(written, bytes) else text
        found, meant = ([*made.finditer(said)], [*plain.finditer(said)])
        assert [match.regs for match in found] == [match.regs for match in meant]
        assert [match.groupdict() for match in found] == [match.groupdict() for match in meant]
        assert [match.lastgroup for match in found] == [match.lastgroup for match in meant]

    finds_the_same()


def test_what_is_new_is_kept_beside_what_was_until_that_is_too_much(tmp_path: Path) -> None:
    patterns, counts = CompiledPatterns(), []
    for first in "abcd":
        assert patterns.pattern(f"{first}[一三五七]", 0).match(f"{first}三")
        patterns = begun_anew(patterns, tmp_path, most=3)
        counts.append(patterns.count)
    assert counts == [1, 2, 3, 1]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_was_compiled_before_it_was_recalled_is_not_new(tmp_path: Path) -> None:
    for _ in range(2):
        patterns = CompiledPatterns()
        patterns.pattern("a", 0)
        patterns.recall(tmp_path)
        patterns.keep(tmp_path)
    assert (patterns.count, patterns.compiled) == (1, 0)


@given(st.data())
def test_what_was_damaged_is_compiled_as_ever(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    patterns = CompiledPatterns()
    assert patterns.pattern("[一三五七]", 0).match("三")
    patterns.keep(folder)
    content = bytearray((folder / FILE).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / FILE).write_bytes(content[: data.draw(st.integers(0, len(content)))])
    patterns = CompiledPatterns()
    patterns.recall(folder)
    assert patterns.count == 0
    assert patterns.pattern("[一三五七]", 0).match("三")


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    patterns = CompiledPatterns()
    patterns.pattern("a", 0)
    assert begun_anew(patterns, tmp_path / "file").count == 0
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_python_that_compiles_otherwise_compiles_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_sre", re)  # its compile takes other arguments
    assert CompiledPatterns().pattern("[一三五七]", 0).match("三")


def test_a_malformed_pattern_is_told() -> None:
    with pytest.raises(re.error, match="unterminated"):
        CompiledPatterns().pattern("(", 0)
