"""Corpora of any size for the benchmarks, from record files or a SQuAD file.

Sentences of the source are repeated with some of their words exchanged for invented ones. The invented words
come from a Pitman-Yor process, so that the vocabulary grows with the corpus as that of real text does (Heaps'
law, with the exponent `GROWTH`) and their frequencies follow Zipf's.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval import Article, Tokeniser, question_sets
from retrieval.corpus.reading import read
from retrieval.language.normalise import normalise
from retrieval.language.sentences import split

GROWTH, STRENGTH = 0.6, 200.0
"""Discount and strength of the process."""
EXCHANGED = 0.25
"""The share of words that are exchanged."""
SENTENCES = (6, 14)
"""Sentences of an article, from and to."""
WORDS_ASKED = 7
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in a file, a line each with its sentences; read again by each process."""

    file: Path

    def write(self, articles: Iterable[tuple[Article, Sequence[str]]]) -> int:
        """Write some articles with their sentences; how many sentences."""
        count = 0
        with self.file.open("w", encoding="utf-8") as file:
            for article, sentences in articles:
                count += len(sentences)
                file.write(
                    json.dumps([article.model_dump(mode="json"), sentences], ensure_ascii=False) + "\n"
                )
        return count

    def articles(self) -> Iterator[Article]:
        """The articles."""
        for article, _ in self._lines():
            yield Article.model_validate(article)

    def sentences(self) -> Iterator[str]:
        """The sentences of all articles."""
        for _, sentences in self._lines():
            yield from sentences

    def _lines(self) -> Iterator[tuple[dict[str, object], list[str]]]:
        with self.file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def real(folder: Path) -> Iterator[tuple[Article, list[str]]]:
    """The articles of a folder of record files with their sentences, as they are."""
    for article in read([folder]).articles:
        yield article, [article.summary[piece.start : piece.end] for piece in split(article.summary)]


class Invented:
    """Words that nobody used before, and again and again those that were."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._used: list[str] = []
        self._distinct = 0

    def word(self) -> str:
        """The next word."""
        new = STRENGTH + GROWTH * self._distinct
        if self._chance.random() * (STRENGTH + len(self._used)) < new:
            self._distinct += 1
            word = "".join(self._chance.choices(HAN, k=self._chance.choice((2, 2, 3))))
        else:
            word = self._chance.choice(self._used)
        self._used.append(word)
        return word


def source(path: Path, tokeniser: Tokeniser) -> list[list[str]]:
    """The sentences of record files or of a SQuAD file, as words and what lies between them."""
    given = question_sets.read_squad(path) if path.suffix == ".json" else read([path])
    texts = [
        article.summary[piece.start : piece.end]
        for article in given.articles
        for piece in split(article.summary)
    ]
    return [tokeniser.cut(normalise(text)) for text in texts]


def generated(
    sentences: Sequence[list[str]], size: int, seed: int = 1
) -> Iterator[tuple[Article, list[str]]]:
    """Articles with `size` sentences in all, and these."""
    chance = random.Random(seed)
    invented = Invented(chance)
    made = number = 0
    while made < size:
        count = min(chance.randint(*SENTENCES), size - made)
        made, number = made + count, number + 1
        texts = [_varied(chance.choice(sentences), invented, chance) for _ in range(count)]
        summary = "\n".join(texts)
        yield Article(title=texts[0][:12], url=None, summary=summary, file=f"{number}.txt", record=1), texts


def _varied(words: Sequence[str], invented: Invented, chance: random.Random) -> str:
    text = "".join(
        invented.word() if len(word) > 1 and chance.random() < EXCHANGED else word for word in words
    )
    return text.rstrip("。！？!?.") + "。"


def questions(sentences: Sequence[str], count: int, tokeniser: Tokeniser, seed: int = 2) -> list[str]:
    """Questions of some neighbouring words of a sentence."""
    chance = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        words = tokeniser.words(normalise(chance.choice(sentences)))
        if len(words) >= WORDS_ASKED:
            start = chance.randint(0, len(words) - WORDS_ASKED)
            found.append("".join(words[start : start + WORDS_ASKED]) + "是什么？")
    return found
