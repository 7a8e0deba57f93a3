"""The table of README: how often the right sentence comes first, here and with what people use instead.

    PYTHONPATH=tests python -m bench.compare --data /tmp/zhiwen --squad SQUAD.json ...

Every sentence is a document of its own to the others, asked with their defaults. This project is measured
without what it learned from question sets; with --even and --odd (made by `train_reranker.py --half even` and
`--half odd`) also with it, each article by the trees that were learned from the other half. Needs bm25s and
tantivy.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from bench import training
from rank_bm25 import BM25Okapi

from retrieval import Tokeniser, question_sets
from retrieval.index.evidence import gather
from retrieval.insight.insights import ARTICLES
from retrieval.language.sentences import split
from retrieval.question_sets import GoldKey, QuestionSet
from retrieval.questions.chinese import understand
from retrieval.ranking import second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights
from retrieval.ranking.reranker import Learned, Reranker

DEPTH = 10
Ranked = Callable[[str, int], Sequence[GoldKey]]
"""The best sentences for the text of a question about the article of this number."""


def sentences(found: QuestionSet) -> Iterator[tuple[GoldKey, str]]:
    """All sentences of a set by the keys that its gold answers have."""
    for article in found.articles:
        for number, piece in enumerate(split(article.summary)):
            yield (article.id, number), article.summary[piece.start : piece.end]


def words(text: str) -> list[str]:
    """The words as jieba cuts them, as they are."""
    cut: list[str] = jieba.lcut(text)
    return [word for word in cut if word.strip()]


def pairs(text: str) -> list[str]:
    """All pairs of neighbouring characters."""
    return [text[i : i + 2].lower() for i in range(len(text) - 1)]


def by_rank_bm25(found: QuestionSet, folder: Path) -> Ranked:
    """Jieba and rank_bm25's BM25Okapi."""
    del folder
    keys, texts = zip(*sentences(found), strict=True)
    model = BM25Okapi([words(text) for text in texts])

    def ask(text: str, _article: int) -> Sequence[GoldKey]:
        best = np.argsort(-model.get_scores(words(text)), kind="stable")[:DEPTH]
        return [keys[place] for place in best]

    return ask


def by_bm25s(found: QuestionSet, folder: Path) -> Ranked:
    """Jieba and bm25s."""
    import bm25s  # noqa: PLC0415  only the comparison needs it

    del folder
    keys, texts = zip(*sentences(found), strict=True)
    model = bm25s.BM25()
    model.index([words(text) for text in texts], show_progress=False)

    def ask(text: str, _article: int) -> Sequence[GoldKey]:
        best, _ = model.retrieve([words(text)], k=DEPTH, show_progress=False)
        return [keys[place] for place in best[0]]

    return ask


def by_tantivy(cut: Callable[[str], list[str]]) -> Callable[[QuestionSet, Path], Ranked]:
    """Tantivy over tokens that are cut beforehand: jieba's words, or its ngram tokeniser's pairs."""

    def make(found: QuestionSet, folder: Path) -> Ranked:
        import tantivy  # noqa: PLC0415  only the comparison needs it

        del folder
        keys, texts = zip(*sentences(found), strict=True)
        fields = tantivy.SchemaBuilder()
        fields.add_text_field("text", stored=False, tokenizer_name="whitespace")
        fields.add_unsigned_field("number", stored=True)
        schema = fields.build()
        index = tantivy.Index(schema)
        writer = index.writer()
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=" ".join(cut(text)), number=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()

        def ask(text: str, _article: int) -> Sequence[GoldKey]:
            terms = [tantivy.Query.term_query(schema, "text", token) for token in cut(text) if token.strip()]
            query: Any = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
            hits = searcher.search(query, DEPTH).hits
            return [keys[searcher.doc(address)["number"][0]] for _, address in hits]

        return ask

    return make


def by_zhiwen(
    tokeniser: Tokeniser, learned: Sequence[Reranker | None]
) -> Callable[[QuestionSet, Path], Ranked]:
    """This project; articles of even number with the first of what was learned, the others with the last."""

    def make(found: QuestionSet, folder: Path) -> Ranked:
        corpus = training.Corpus(found.articles, folder, tokeniser)

        def ask(text: str, article: int) -> Sequence[GoldKey]:
            question = understand(text, tokeniser)
            evidence = gather(corpus.index, question, ARTICLES)
            reranker = learned[article % len(learned)]
            scores = SentenceScores(evidence, Weights())
            hits = second_stage.rank(evidence, question, scores, reranker)[:DEPTH]
            return [corpus.key(evidence, hit.row) for hit in hits]

        return ask

    return make


def measured(found: QuestionSet, ask: Ranked) -> tuple[float, float]:
    """hit@1 and hit@3 of the questions that have a right sentence."""
    numbers = training.numbers(found)
    ranks = []
    for question in found.questions:
        if question.gold:
            best = list(ask(question.text, numbers[question.gold[0][0]]))
            ranks.append(next((rank for rank, key in enumerate(best, 1) if key in question.gold), 0))
    return sum(rank == 1 for rank in ranks) / len(ranks), sum(0 < rank <= 3 for rank in ranks) / len(ranks)


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--squad", nargs="+", type=Path, required=True, metavar="SQUAD.json")
    parser.add_argument("--data", type=Path, required=True, help="folder for the indexes")
    parser.add_argument("--even", type=Path, help="what was learned from the articles of even number")
    parser.add_argument("--odd", type=Path, help="what was learned from those of odd number")
    options = parser.parse_args()
    tokeniser = Tokeniser(options.data / "cache")
    engines = {
        "jieba + rank_bm25": by_rank_bm25,
        "jieba + bm25s": by_bm25s,
        "jieba + tantivy": by_tantivy(words),
        "tantivy, pairs of characters": by_tantivy(pairs),
        "zhiwen, nothing learned": by_zhiwen(tokeniser, [None]),
    }
    if options.even and options.odd:
        halves = [
            Reranker(Learned.model_validate_json(path.read_bytes())) for path in (options.odd, options.even)
        ]
        engines["zhiwen, learned from the other half"] = by_zhiwen(tokeniser, halves)
    sets = {path.stem: question_sets.read_squad(path) for path in options.squad}
    print("| hit@1 / hit@3 |", " | ".join(sets), "|")  # noqa: T201
    print("|---|" + "---|" * len(sets))  # noqa: T201
    for name, make in engines.items():
        cells = []
        for stem, found in sets.items():
            first, third = measured(found, make(found, options.data / "compare" / stem))
            cells.append(f"{first:.3f} / {third:.3f}".replace("0.", "."))
        print(f"| {name} |", " | ".join(cells), "|", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
