"""The languages of the interface, and its texts in each; quotations stay as they are stored."""

import functools
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

TEMPLATES = Path(__file__).parent / "templates"
TRADITIONAL = {"hant", "tw", "hk", "mo"}
TAIWANESE: Final = {
    "下劃線": "底線",
    "命令": "指令",
    "壓縮包": "壓縮檔",
    "數據": "資料",
    "文件": "檔案",
    "記錄檔案": "記錄檔",
    "界面": "介面",
    "聯繫": "聯絡",
    "設置": "設定",
    "保存": "儲存",
    "信息": "資訊",
    "菜單": "選單",
    "搜索": "搜尋",
    "條意見": "則意見",
    "{feedback} 條": "{feedback} 則",
    "發佈": "發布",
    "鏈接": "連結",
    "恢復": "復原",
    "退出": "離開",
    "群裡": "群組裡",
    "這隻有": "這只有",
    "簡體、繁體": "繁體、簡體",
    "“": "「",
    "”": "」",
}
"""What the conversion of characters gives, and what Taiwan and Hong Kong say."""


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
        is_traditional = "hans" not in rest and not TRADITIONAL.isdisjoint(rest)
        return cls("zh-hant" if is_traditional else "zh-hans")

    @classmethod
    def of_locale(cls, environment: Mapping[str, str]) -> Self | None:
        """The language of a POSIX locale; None where it names none (unset, C, POSIX)."""
        names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        code = re.split("[.@]", next(filter(None, names), ""))[0]
        return None if code in {"", "C", "POSIX"} else cls.of(code)


@functools.cache
def phrases(language: Language) -> Mapping[str, str]:
    """The texts of the interface by name: plain text that Telegram's HTML can hold as it is."""
    return texts(TEMPLATES, language)


def texts(folder: Path, language: Language) -> Mapping[str, str]:
    """The texts of a language in a folder, by name; one in a section is named `section.name`.

    Traditional Chinese is the simplified text converted; its file holds only the texts that read otherwise.
    """
    if language is Language.HANT:
        from retrieval.language.scripts import traditional  # noqa: PLC0415  the others wait for no OpenCC

        converted = traditional((folder / f"{Language.HANS}.toml").read_text(encoding="utf-8"))
        for word, said in TAIWANESE.items():
            converted = converted.replace(word, said)
        found = _named(converted) | _named((folder / f"{Language.HANT}.toml").read_text(encoding="utf-8"))
    else:
        found = _named((folder / f"{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType(found)


def _named(toml: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tomllib.loads(toml).items():
        sections = value.items() if isinstance(value, dict) else [("", value)]
        found |= {f"{name}.{inner}".removesuffix("."): text.strip("\n") for inner, text in sections}
    return found
