"""A trend as a picture, where what draws it is installed: the extra `zhiwen[charts]`."""

import threading
from collections.abc import Mapping
from typing import Final

from retrieval.errors import ZhiwenError
from retrieval.insight.trend import Trend

_drawing: Final = threading.Lock()
"""Matplotlib draws for one thread at a time."""


class ChartsUnavailableError(ZhiwenError):
    """A picture cannot be drawn: what draws it is not installed."""


def draw(trend: Trend, phrases: Mapping[str, str], *, dark: bool = False) -> bytes:
    """A trend as a PNG: a line through its figures, or a bar for each month.

    Raises:
        ChartsUnavailableError: matplotlib or the font is missing.
    """
    try:
        from bot.layout.drawing import DARK, LIGHT, drawn  # noqa: PLC0415  half a second, and not everywhere
    except ImportError as error:
        raise ChartsUnavailableError("Pictures need more: pip install 'zhiwen[charts]'.") from error
    with _drawing:
        return drawn(trend, phrases, DARK if dark else LIGHT)
