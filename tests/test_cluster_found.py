"""What a cluster finds for a question, beside what the embedded index finds."""

import random
from pathlib import Path

import pytest
from test_engines import article

from retrieval import Article, EmbeddedIndex, Tokeniser
from retrieval.index import evidence
from retrieval.index.opensearch import requests
from retrieval.index.opensearch.connection import Connection
from retrieval.index.opensearch.layout import SOFT
from retrieval.index.opensearch.names import token_names
from retrieval.index.opensearch.place import Cluster
from retrieval.index.opensearch.store import Store
from retrieval.index.opensearch.writer import ClusterWriter
from retrieval.index.update import updates
from retrieval.questions import synonyms
from retrieval.questions.english import translation
from retrieval.questions.interpreter import Interpreter

FEW = 1
"""Of the fifty best articles, as many may be others: lengths are rounded, and shares kept in two fields."""


def test_a_question_with_many_translations_finds_what_the_embedded_index_finds(
    cluster: Cluster, tokeniser: Tokeniser, tmp_path: Path
) -> None:
    """Each translation counts a small share; articles differ in how often they have which, and in length."""
    chance = random.Random(7)
    words = "工作 职业 公司 企业 市场 行情 产品 制品 研究 调查 机器人 投资 入股 建造 建立 增长 成长".split()
    others = "星港 码头 吊车 林远 木头 石头 天气 晚上 河流 桥梁".split()
    articles = []
    for number in range(300):
        told = chance.choices(words, k=chance.randint(1, 3)) * chance.randint(1, 6)
        summary = "，".join([*told, *chance.choices(others, k=chance.randint(3, 60))]) + "。"
        title = f"第{number}号"
        articles.append(Article(title=title, url=None, summary=summary, file="a.txt", record=number + 1))
    writer = ClusterWriter(cluster, tokeniser)
    writer.update(articles)
    updates.update(tmp_path / "index", articles, tokeniser)
    engines = writer.open(), EmbeddedIndex(tmp_path / "index", tokeniser)
    for asked in (
        "Which company has a job in the market?",
        "Who did research on growing robots?",
    ):
        question = Interpreter(engines[1], tokeniser, synonyms.load(), translation.shipped()).interpret(asked)
        found = [{one.id for one in evidence.gather(index, question, 50).articles} for index in engines]
        assert len(found[0] - found[1]) <= FEW


def test_one_occurrence_weighs_the_same_in_both_fields(cluster: Cluster, tokeniser: Tokeniser) -> None:
    ClusterWriter(cluster, tokeniser).update([article(1)])
    connection = Connection(cluster)
    state = Store(connection, tokeniser.fingerprint).load().state
    scores = []
    for field in ("words", f"words.{SOFT}"):
        body = {"query": {"term": {field: {"value": token_names(["吊车"])[0]}}}}
        scores.append(connection.search(state.articles, body)["hits"]["hits"][0]["_score"])
    assert scores[1] * requests.softened(state.server) == pytest.approx(scores[0], rel=1e-5)
