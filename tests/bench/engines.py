"""What is compared: each engine makes an index of the same sentences, opens it, and finds the five best.

A question is given as its text; cutting it into words is part of the time. All but this project's own stages
rank single sentences by BM25 over words.
"""

import json
import pickle
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from bench.corpora import Corpus

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.index import manifest
from retrieval.index.evidence import gather
from retrieval.index.manifest import SEGMENTS, SegmentEntry
from retrieval.index.segment import merger, schema
from retrieval.index.segment.reader import Segment
from retrieval.index.update import merge_policy, updates
from retrieval.insight.insights import ARTICLES
from retrieval.language.normalise import normalise
from retrieval.questions.chinese import understand
from retrieval.ranking import second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights

BEST = 5
Ask = Callable[[str], Sequence[object]]
"""Finds the best five for the text of a question."""


class Engine(Protocol):
    """One of the compared."""

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:
        """Make an index in a folder."""

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Open it."""


def cut(corpus: Corpus, tokeniser: Tokeniser) -> Iterator[list[str]]:
    """The words of all sentences."""
    return (tokeniser.words(normalise(sentence)) for sentence in corpus.sentences())


class Cutting:
    """Only the cutting of all sentences into words, which every engine has to wait for."""

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:  # noqa: ARG002
        """Cut."""
        for _ in cut(corpus, tokeniser):
            pass


class Zhiwen:
    """This project's two stages, without what it does to an answer afterwards.

    Args:
        segments: that the index is cut into, of equal size; None for what indexing comes to.
    """

    def __init__(self, segments: int | None = None) -> None:
        self._segments = segments

    def index(self, tokeniser: Tokeniser, folder: Path) -> EmbeddedIndex:
        """Map the segments."""
        return EmbeddedIndex(folder / "index", tokeniser)

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:
        """Analyse everything, mentions too."""
        place = folder / "index"
        updates.update(place, corpus.articles(), tokeniser)
        updates.compact(place, tokeniser)
        if self._segments is not None:
            recut(place, tokeniser, self._segments)

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Map the segments."""
        index = self.index(tokeniser, folder)
        weights = Weights()

        def ask(text: str) -> Sequence[object]:
            question = understand(text, tokeniser)
            found = gather(index, question, ARTICLES)
            return second_stage.rank(found, question, SentenceScores(found, weights), None)[:BEST]

        return ask


class ZhiwenAsk(Zhiwen):
    """The whole of `zhiwen ask`: also the learned reranker, the confidence, highlights and passages."""

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Map the segments."""
        retriever = Retriever(self.index(tokeniser, folder), tokeniser)
        return lambda text: retriever.ask(text, limit=BEST, suggest=False).passages


def recut(index: Path, tokeniser: Tokeniser, count: int) -> None:
    """Cut an index into so many segments of equal size."""
    loaded = manifest.load(index, tokeniser.fingerprint)
    folder = index / SEGMENTS
    joined = folder / manifest.new_segment()
    parts = [_all_of(folder / entry.name) for entry in loaded.segments]
    merger.merge(joined, parts)
    whole = _all_of(joined)
    entries = []
    for numbers in np.array_split(whole.numbers, count):
        part = merger.Part(whole.segment, numbers)
        sentences = int(part.sizes(schema.FIRST).sum())
        name = manifest.new_segment()
        digest = merger.merge(folder / name, [part])
        entries.append(SegmentEntry(name=name, articles=len(numbers), sentences=sentences, digest=digest))
    loaded = loaded.model_copy(update={"segments": tuple(entries)})
    manifest.save(loaded, index)
    merge_policy.clean(index, loaded)


def _all_of(path: Path) -> merger.Part:
    segment = Segment(path)
    return merger.Part(segment, np.arange(segment.article_count))


def arrive(folder: Path, cutter: Literal["jieba", "rjieba"]) -> float:
    """Milliseconds (median, wall) from a new article to its being the answer."""
    tokeniser = Tokeniser(cutter=cutter)
    times = []
    for number in range(15):
        text = (
            f"月球港口{number}期工程昨日开工。据介绍，月球港口{number}期工程耗资{number + 7}亿元，工期三年。"
        )
        article = Article(title=f"月球港口{number}期", url=None, summary=text, file="moon.txt", record=number)
        started = time.perf_counter()
        updates.change(folder / "index", [article], (), tokeniser)
        retriever = Retriever(EmbeddedIndex(folder / "index", tokeniser), tokeniser)
        answer = retriever.ask(f"月球港口{number}期工程耗资多少亿元？")
        times.append(1e3 * (time.perf_counter() - started))
        assert f"{number + 7}亿元" in answer.passages[0].text
        updates.settle(folder / "index", tokeniser)
    return round(sorted(times)[len(times) // 2], 1)


class RankBM25:
    """rank_bm25 with a pickle of it."""

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:
        """Count, and pickle."""
        from rank_bm25 import BM25Okapi  # noqa: PLC0415  a process pays only for its engine

        with (folder / "bm25.pickle").open("wb") as file:
            pickle.dump(BM25Okapi(list(cut(corpus, tokeniser))), file)

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Unpickle."""
        with (folder / "bm25.pickle").open("rb") as file:
            model = pickle.load(file)  # noqa: S301  our own
        return lambda text: np.argsort(model.get_scores(tokeniser.words(normalise(text))))[-BEST:].tolist()


class BM25S:
    """bm25s, memory-mapped.

    Args:
        backend: numpy or numba.
    """

    def __init__(self, backend: str) -> None:
        self._backend = backend

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:
        """Count, weigh and save."""
        import bm25s  # noqa: PLC0415

        model = bm25s.BM25(backend=self._backend)
        model.index(list(cut(corpus, tokeniser)), show_progress=False)
        model.save(str(folder / "bm25s"))

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Map the arrays."""
        import bm25s  # noqa: PLC0415

        model = bm25s.BM25.load(str(folder / "bm25s"), mmap=True)
        model.backend = self._backend

        def ask(text: str) -> Sequence[object]:
            words = [word for word in tokeniser.words(normalise(text)) if word in model.vocab_dict]
            found, _ = model.retrieve([words], k=BEST, show_progress=False, n_threads=0)
            best: list[object] = found[0].tolist()
            return best

        return ask


class Tantivy:
    """tantivy, with words cut beforehand."""

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:
        """Write the documents and wait for the merges."""
        import tantivy  # noqa: PLC0415

        fields = tantivy.SchemaBuilder()
        fields.add_text_field("text", tokenizer_name="whitespace", stored=False)
        fields.add_integer_field("id", stored=True)
        schema = fields.build()
        place = folder / "tantivy"
        place.mkdir()
        index = tantivy.Index(schema, path=str(place))
        writer = index.writer(heap_size=200_000_000, num_threads=1)
        for number, words in enumerate(cut(corpus, tokeniser)):
            writer.add_document(tantivy.Document(text=" ".join(words), id=number))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Open a searcher."""
        import tantivy  # noqa: PLC0415

        index = tantivy.Index.open(str(folder / "tantivy"))
        searcher = index.searcher()

        def ask(text: str) -> Sequence[object]:
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "text", word))
                for word in tokeniser.words(normalise(text))
            ]
            hits = searcher.search(tantivy.Query.boolean_query(terms), BEST, count=False).hits
            return [searcher.doc(address)["id"] for _, address in hits]

        return ask


class FTS5:
    """SQLite's full-text search, with words cut beforehand."""

    def build(self, corpus: Corpus, tokeniser: Tokeniser, folder: Path) -> None:
        """Insert everything in one transaction."""
        with sqlite3.connect(folder / "fts5.sqlite") as database:
            database.execute("create virtual table t using fts5(text, content='', tokenize='unicode61')")
            database.executemany(
                "insert into t(rowid, text) values (?, ?)",
                ((number, " ".join(words)) for number, words in enumerate(cut(corpus, tokeniser))),
            )
            database.execute("insert into t(t) values ('optimize')")
        database.close()

    def open(self, tokeniser: Tokeniser, folder: Path) -> Ask:
        """Open the database."""
        database = sqlite3.connect(folder / "fts5.sqlite")

        def ask(text: str) -> Sequence[object]:
            words = " OR ".join(
                json.dumps(word, ensure_ascii=False) for word in tokeniser.words(normalise(text))
            )
            return database.execute(
                "select rowid from t where t match ? order by rank limit ?", (words, BEST)
            ).fetchall()

        return ask


OWN, ASK, CUTTING = "zhiwen, two stages", "zhiwen ask", "words cut, no more"
ENGINES: Mapping[str, Any] = {
    OWN: Zhiwen(),
    ASK: ZhiwenAsk(),
    "two stages, 1 segment": Zhiwen(1),
    "two stages, 8 segments": Zhiwen(8),
    "rank_bm25": RankBM25(),
    "bm25s numpy": BM25S("numpy"),
    "bm25s numba": BM25S("numba"),
    "tantivy": Tantivy(),
    "SQLite FTS5": FTS5(),
}
SAME_INDEX = {ASK: OWN}
"""Engines that ask the index of another."""
LARGEST: Mapping[str, int] = {
    "two stages, 1 segment": 100_000,
    "two stages, 8 segments": 100_000,
    "bm25s numpy": 10_000,
    "SQLite FTS5": 10_000,
    "rank_bm25": 1_000_000,
    "bm25s numba": 100_000,
}
"""Sentences up to which an engine is compared; without a number, up to any."""
ON_REAL_TEXT = (ASK, "rank_bm25", "tantivy")
"""Engines that are compared on articles as they are."""
