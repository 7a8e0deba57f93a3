"""Where in a sentence a reason is given."""

from retrieval.models import Span
from retrieval.regex import regex

LONGEST = 80
"""Characters of a reason: a longer one is cut at a comma."""
RESULT = "所以|因此|因而|于是|从而|使得|导致|以致|致使|造成|引致|令"
GIVEN = regex(
    "因为|由于|鉴于|出于|(?<!如)因(?![此而素特果])|为了|旨在|以便|原因(?:之一)?(?:是|在于|为)|"
    rf"是因为?|为(?=[^,;。!?]{{2,20}}(?:而|,(?:{RESULT})))"
)
"""What a reason begins with."""
GIVEN_END = regex(rf"[;。!?]|,(?=(?:{RESULT}|而|便|才|故|就|也|则))|(?:而|所以|因此)(?=[\u4e00-\u9fff])|$")
DRAWN = regex(rf",?(?:{RESULT})")
"""What a reason ends with."""
SENTENCE_END = regex("[;。!?]")


def reason(folded: str) -> Span | None:
    """The span of the first reason that a normalised sentence gives; None without one."""
    if given := GIVEN.search(folded):
        found = GIVEN_END.search(folded, given.end() + 1)
        end = found.start() if found else len(folded)
        return given.start(), _shortened(folded, given.start(), end)
    if drawn := DRAWN.search(folded):
        before = [match.end() for match in SENTENCE_END.finditer(folded, 0, drawn.start())]
        start = before[-1] if before else 0
        if drawn.start() > start:
            return start, drawn.start()
    return None


def _shortened(folded: str, start: int, end: int) -> int:
    """The end of a reason that is not too long."""
    if end - start <= LONGEST:
        return end
    comma = folded.rfind(",", start, start + LONGEST)
    return comma if comma > start else end
