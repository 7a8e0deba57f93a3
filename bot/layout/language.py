"""The languages of the interface, and its texts in each; quotations stay as they are stored."""

import functools
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Self

TEMPLATES = Path(__file__).parent / "templates"
TRADITIONAL = {"hant", "tw", "hk", "mo"}


class Language(StrEnum):
    """A language the interface speaks, named by its code."""

    HANS = "zh-hans"
    HANT = "zh-hant"
    EN = "en"

    @classmethod
    def of(cls, code: str | None) -> Self:
        """The language for an IETF code such as Telegram's language_code (None when it gives none)."""
        first, *rest = (code or "zh").lower().replace("_", "-").split("-")
        if first != "zh":
            return cls("en")
        traditional = "hans" not in rest and not TRADITIONAL.isdisjoint(rest)
        return cls("zh-hant" if traditional else "zh-hans")


@functools.cache
def phrases(language: Language) -> Mapping[str, str]:
    """The texts of the interface by name: plain text that Telegram's HTML can hold as it is."""
    texts: dict[str, str] = tomllib.loads((TEMPLATES / f"{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: text.strip("\n") for name, text in texts.items()})
