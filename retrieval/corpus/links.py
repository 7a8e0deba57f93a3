"""Links of articles: whether one may be shown, and which of them lead to the same page."""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from retrieval.regex import regex

LONGEST = 2048
"""Characters of the longest link that browsers and Telegram take."""
MOST = 4
"""Links of that length that are looked at in one field."""
UNSAFE = frozenset(
    {"about", "blob", "chrome", "data", "file", "intent", "javascript", "tg", "vbscript", "view-source"},
)
"""Schemes that do something other than open a page."""
SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]*):")
WEB = regex(r"https?://", re.IGNORECASE)
SEPARATORS = ",，;；、|"
BETWEEN = regex(
    rf"(?<![\s{SEPARATORS}])[\s{SEPARATORS}]++(?=https?://)|\s+",  # at the first of a run, for linear time
    re.IGNORECASE,
)
FORBIDDEN = regex(r"[\s\"<>\\^`\x00-\x1f\x7f]")
TRACKING = regex(
    r"(?:utm_\w+|spm|scm|from|share_?\w*|sharer_\w+|isappinstalled|nsukey|wx_\w+|chksm|scene|clicktime|enterid|fbclid|gclid|yclid"
    r"|msclkid|dclid|igshid|mc_[ce]id|_hs\w+|ref_src)(?:=.*)?",
    re.IGNORECASE | re.DOTALL,
)
"""Parameters that tell who led a reader to a page, not which page."""


class Link(NamedTuple):
    """What a link field holds: a URL that may be shown, or the code and wording of the problem with it."""

    url: str | None
    problem: str | None = None
    message: str = ""


def read(value: str) -> Link:
    """The link in a field's cleaned value; the first, when there are several."""
    links = [link for piece in BETWEEN.split(value[: LONGEST * MOST]) if (link := _bare(piece))]
    if any(_is_unsafe(link) for link in links):
        return Link(
            None, "unsafe_link", "only http and https links are shown; give the article's web address"
        )
    if not links or not all(_is_web(link) for link in links):
        return Link(
            None, "malformed_link", "not a web address; give one that starts with http:// or https://"
        )
    if len(links) > 1:
        return Link(links[0], "multi_link", "several links; only the first is kept, so remove the others")
    return Link(links[0])


def same_page(url: str) -> str:
    """A key that links to the same page share.

    Scheme, www, capitals of the host, fragment, tracking parameters and a final slash make no difference.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
    asked = "&".join(part for part in parts.query.split("&") if part and not TRACKING.fullmatch(part))
    return f"{host}{parts.path.rstrip('/')}?{asked}"


def _bare(link: str) -> str:
    """Without the brackets in which mail puts links, and what separates them."""
    return link.rstrip(SEPARATORS).removeprefix("<").removesuffix(">")


def _is_unsafe(link: str) -> bool:
    scheme = SCHEME.match(unicodedata.normalize("NFKC", link))
    if scheme and scheme[1].lower() in UNSAFE:
        return True
    parts = _split(link)
    return parts is not None and bool(WEB.match(link)) and "@" in parts.netloc


def _is_web(link: str) -> bool:
    parts = _split(link)
    return (
        parts is not None
        and WEB.match(link) is not None
        and any(character.isalnum() for character in parts.hostname or "")
        and len(link) <= LONGEST
        and not FORBIDDEN.search(link)
    )


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return None
    return parts
