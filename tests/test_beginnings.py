"""Patterns of which it is told what their matches begin with find what they would find without that."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.mentions import designations, years
from retrieval.ranking import fitting, versions
from retrieval.regex import beginning

PATTERNS = {
    f"{module.__name__}.{name}": pattern
    for module in (designations, years, fitting, versions)
    for name, pattern in vars(module).items()
    if str(getattr(pattern, "pattern", "")).startswith("(?=[")
}


def whole(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern without what its matches begin with."""
    return re.compile(pattern.pattern.partition("])(?:")[2].removesuffix(")"))


@pytest.mark.parametrize("name", PATTERNS)
@given(data=st.data())
def test_all_begin_as_they_are_said_to(name: str, data: st.DataObject) -> None:
    pattern = PATTERNS[name]
    characters = sorted({*pattern.pattern, *"0123456789 a年月日", "\u0663", "中"})
    text = data.draw(st.text(characters, max_size=40))
    found, expected = (
        [(match.span(), match.groups()) for match in every.finditer(text)]
        for every in (pattern, whole(pattern))
    )
    assert found == expected


def test_what_begins_otherwise_is_not_found() -> None:
    assert [match.group() for match in beginning("ab", "[abc]d").finditer("ad bd cd")] == ["ad", "bd"]
