"""What is counted in stored tokens is what cutting the sentences again counts, whatever the segments."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Tokeniser
from retrieval.index.evidence import gather
from retrieval.index.update import updates
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import bigrams, characters
from retrieval.models import Stream
from retrieval.questions.chinese import understand

PIECES = "上海 北京 企业 产值 增长 人人 人 GPT-4 ai 2023年 1,200万 30% 𠮷 c++ ，".split()
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
SESSION_TOKENISER: list[Tokeniser] = []


@pytest.fixture(autouse=True)
def _keep_tokeniser(tokeniser: Tokeniser) -> None:
    SESSION_TOKENISER[:] = [tokeniser]


def cut(text: str) -> dict[Stream, Counter[str]]:
    normalised = normalise(text)
    return {
        Stream.WORD: Counter(SESSION_TOKENISER[0].words(normalised)),
        Stream.CHARACTER: Counter(characters(normalised)),
        Stream.BIGRAM: Counter(bigrams(normalised)),
    }


@settings(max_examples=25)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), TEXT, st.integers(0, 6))
def test_counts_are_those_of_cutting_again(texts: list[tuple[str, str]], asked: str, border: int) -> None:
    tokeniser = SESSION_TOKENISER[0]
    articles = [
        Article(title=title, url=None, summary=f"一{summary}。", file=f"{number}", record=1)
        for number, (title, summary) in enumerate(texts)
    ]
    articles = list({article.id: article for article in articles}.values())
    with TemporaryDirectory() as place, mock.patch.object(updates, "SMALL", 0):
        updates.update(Path(place), articles[:border], tokeniser)
        updates.change(Path(place), articles[border:], (), tokeniser)
        index = EmbeddedIndex(Path(place), tokeniser)
        question = understand(asked, tokeniser)
        for _ in range(2):  # the second time finds the tables as the first left them
            evidence = gather(index, question, len(articles))
        found = [article.record for article in evidence.articles]
        rows = np.arange(len(evidence.quotable))
        sentences = [cut(article.text(number)) for article, number in evidence.places(rows)]
        for stream, of_stream in evidence.streams.items():
            terms = of_stream.terms
            expected = [[counted[stream][term] for term in terms] for counted in sentences]
            titles = [[min(cut(one.title)[stream][term], 1) for term in terms] for one in found]
            assert np.array_equal(of_stream.frequencies, np.array(expected).reshape(len(rows), len(terms)))
            assert np.array_equal(of_stream.titles, np.array(titles).reshape(len(found), len(terms)))
            assert of_stream.lengths.tolist() == [sum(counted[stream].values()) for counted in sentences]
