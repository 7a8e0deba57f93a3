"""Texts that a reader or an article may hold, made to break whoever lays them out."""

from hypothesis import strategies as st

PIECES = [
    "<b>&amp;</b>",
    "</blockquote>",
    "<a href='x'>",
    "\u202eabc",
    "\u200f",
    "👨‍👩‍👧‍👦",
    "\x1b[31m",
    "\r\n",
    "\t",
    '"',
    "&lt;",
    "\x00",
    "　　",
    "。",
    "@zhiwen_test_bot ",
    "上海有350家AI企业。",
]
pieces = st.one_of(st.text(max_size=12), st.sampled_from(PIECES))
texts = st.one_of(
    st.lists(pieces, max_size=8).map("".join),
    st.builds(lambda piece, times: (piece * times)[:10_000], pieces, st.integers(1, 10_000)),
)
