"""Whatever a text holds, it is converted as OpenCC converts it, though most texts are not handed over."""

import functools
import importlib.resources

from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from retrieval.language.scripts import FILE, simplified, traditional

CONTENT = (importlib.resources.files("retrieval.language") / FILE).read_text(encoding="utf-8")
PHRASES = CONTENT.splitlines()[2].split("|")
WITHIN = "".join(PHRASES)


@functools.cache
def opencc() -> OpenCC:
    return OpenCC("t2s")


@given(
    st.lists(
        st.sampled_from(PHRASES)
        | st.text(st.sampled_from(WITHIN), max_size=4)
        | st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=3)
        | st.text(st.characters(codec="utf-8"), max_size=3),
        max_size=6,
    ).map("".join)
)
@example("批覆与反覆，沈先生的覆盖")
def test_a_text_is_simplified_as_opencc_does(text: str) -> None:
    assert simplified(text) == opencc().convert(text)


def test_every_character_is_simplified_as_opencc_does() -> None:
    """A new OpenCC may convert more: then make_traditional.py makes the list anew."""
    every = [chr(code) for code in range(0x40000) if not 0xD800 <= code < 0xE000 and chr(code) != "\n"]
    assert list(map(simplified, every)) == opencc().convert("\n".join(every)).split("\n")


def test_simplified_text_comes_back() -> None:
    assert simplified(traditional("批复里说，沉默的发展了解人才。")) == "批复里说，沉默的发展了解人才。"
