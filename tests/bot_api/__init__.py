"""What Telegram would refuse: a call of the Bot API held against its specification and its limits.

The specification is data (`shared/data/botapi-10.3.json`, beside the checkout); where that file is missing
the limits of texts, markup, links, buttons, commands and inline results are still checked.
"""

from collections.abc import Mapping

from bot_api import limits, specification
from bot_api.markup import MarkupError, plain_text, utf16_units
from bot_api.specification import SPECIFICATION

__all__ = ["SPECIFICATION", "MarkupError", "plain_text", "utf16_units", "violations"]


def violations(method: str, parameters: Mapping[str, str]) -> list[str]:
    """All that is wrong with a call; `parameters` as they came, each value a string."""
    complaints = (*specification.complaints(method, parameters), *limits.complaints(method, parameters))
    return [f"{method}: {complaint}" for complaint in complaints]
