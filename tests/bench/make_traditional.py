"""Make the list of what OpenCC would convert to simplified characters, which ships with `retrieval`.

    python tests/bench/make_traditional.py

Three lines, each a part of a pattern: the characters that change; those that change only within phrases of
characters which do not change by themselves (覆 in 批覆); these phrases. They are OpenCC's (Apache 2.0).
"""

import importlib.resources
import re
import tempfile
from itertools import pairwise
from pathlib import Path

import marisa_trie
from opencc import OpenCC

from retrieval.language import scripts

PHRASES = "clib/share/opencc/TSPhrases.ocd2"
TRIE = b"We love Marisa."
"""What the trie in a dictionary of OpenCC begins with."""
PLANE = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000 and chr(code) != "\n"]


def phrases() -> list[str]:
    """The phrases that OpenCC converts as a whole."""
    content = (importlib.resources.files("opencc") / PHRASES).read_bytes()
    with tempfile.NamedTemporaryFile() as file:
        file.write(content[content.index(TRIE) :])
        file.flush()
        return sorted(marisa_trie.Trie().load(file.name).keys())


def ranges(characters: list[str]) -> str:
    """Some characters, ascending, as part of a pattern's set."""
    apart = [place for place, (one, other) in enumerate(pairwise(characters), 1) if ord(other) - ord(one) > 1]
    runs = [characters[start:end] for start, end in pairwise([0, *apart, len(characters)])]
    return "".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def made() -> str:
    """The content of the file."""
    converter = OpenCC("t2s")
    converted = converter.convert("\n".join(PLANE)).split("\n")
    changed = [one for one, other in zip(PLANE, converted, strict=True) if one != other]
    others = [phrase for phrase in phrases() if set(phrase).isdisjoint(changed)]
    pairs = [(phrase, converter.convert(phrase)) for phrase in others]
    within = {one for phrase, other in pairs for one, new in zip(phrase, other, strict=True) if one != new}
    found = [phrase for phrase, other in pairs if phrase != other]
    return f"{ranges(changed)}\n{ranges(sorted(within))}\n{'|'.join(map(re.escape, found))}\n"


def main() -> None:
    """Write the file."""
    Path(scripts.__file__).with_name(scripts.FILE).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
