"""Nodes that are killed or hang while a cluster answers and is written: nobody is told anything wrong."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from opensearch_nodes import COUNT, Nodes
from test_engines import article, ids

from retrieval import Article, Retriever, Tokeniser
from retrieval.errors import IndexingError, IndexUnavailableError
from retrieval.index.opensearch.place import Cluster
from retrieval.index.opensearch.writer import ClusterWriter
from retrieval.models import Answer, Selection

pytestmark = pytest.mark.chaos
ASKED = ["第3号码头有多少台吊车？", "谁负责第12号码头？", "第9号码头哪年建成？", "starharbour 在哪里"]


@pytest.fixture
def corpus() -> list[Article]:
    return [article(number) for number in range(1, 41)]


def answers(retriever: Retriever) -> list[Answer]:
    """What is answered, but for how long it took."""
    found = [retriever.ask(question, suggest=False) for question in ASKED]
    return [answer.model_copy(update={"elapsed_ms": 0.0}) for answer in found]


def answered(retriever: Retriever) -> tuple[list[Answer], str]:
    """What is answered; or else what is told."""
    try:
        return answers(retriever), ""
    except IndexUnavailableError as error:
        return [], str(error)


def held(writer: ClusterWriter) -> set[str]:
    return {stored.id for stored in writer.open().select(Selection(), 1_000).articles}


@contextmanager
def asking(
    retriever: Retriever, right: list[Answer], *, may_be_told: bool = False
) -> Iterator[Callable[[], int]]:
    """Ask all the time; gives how often all was answered, and all must be answered rightly.

    Or readers are told that the archive cannot be reached, where they may be.
    """
    rounds, failures, ended = [0], list[str](), threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                if answers(retriever) != right:
                    failures.append("answered otherwise")
                rounds[0] += 1
            except IndexUnavailableError as error:
                if not may_be_told:
                    failures.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield lambda: rounds[0]
    finally:
        ended.set()
        thread.join()
    assert not failures


def rounds_more(rounds: Callable[[], int], many: int) -> None:
    """Wait until everything was asked so many times more."""
    end = rounds() + many
    while rounds() < end:
        time.sleep(0.02)


def test_a_killed_node_costs_no_answer_and_no_article(
    troubled: tuple[Nodes, Cluster], corpus: list[Article], tokeniser: Tokeniser
) -> None:
    nodes, cluster = troubled
    # How long an election takes among nodes that share the processor with much else is not ours to say.
    writer = ClusterWriter(replace(cluster, patience=60.0), tokeniser, grace=60.0, batch=400)
    writer.update(corpus[:20])
    retriever = Retriever(writer.open(), tokeniser)
    right = answers(retriever)
    killed = nodes.manager()
    with asking(retriever, right) as rounds:
        rounds_more(rounds, 2)
        writing = threading.Thread(target=writer.update, args=(corpus,))
        writing.start()
        nodes.kill(killed)
        writing.join()
        rounds_more(rounds, 2)
        nodes.start()
        rounds_more(rounds, 2)
    assert held(writer) == ids(corpus)
    writer.verify()


def test_a_node_that_hangs_is_gone_round(
    troubled: tuple[Nodes, Cluster], corpus: list[Article], tokeniser: Tokeniser
) -> None:
    nodes, cluster = troubled
    writer = ClusterWriter(cluster, tokeniser)
    writer.update(corpus)
    retriever = Retriever(writer.open(), tokeniser)
    right = answers(retriever)
    hung = (nodes.manager() + 1) % COUNT
    with asking(retriever, right, may_be_told=True) as rounds:
        nodes.signal(hung, signal.SIGSTOP)
        rounds_more(rounds, 2)
        nodes.wait(lambda health: health["number_of_nodes"] == COUNT - 1)
        rounds_more(rounds, 2)
        nodes.signal(hung, signal.SIGCONT)
    assert answers(retriever) == right


def test_without_most_nodes_nothing_is_answered_wrongly_and_nothing_is_lost(
    troubled: tuple[Nodes, Cluster], corpus: list[Article], tokeniser: Tokeniser
) -> None:
    nodes, cluster = troubled
    writer = ClusterWriter(cluster, tokeniser)
    writer.update(corpus[:20])
    alone = ClusterWriter(replace(cluster, name=f"{cluster.name}-alone", replicas=0), tokeniser)
    alone.update(corpus[:20])
    retriever, single = (Retriever(one.open(), tokeniser) for one in (writer, alone))
    right = answers(retriever)
    assert answers(single) == right
    nodes.kill(0, 1)
    for one in (retriever, single):
        found, told = answered(one)
        assert found in ([], right)
        assert "cannot be reached" in told or found
    with pytest.raises((IndexingError, IndexUnavailableError)):
        writer.change([corpus[30]], ())
    nodes.kill()  # the last one too: a shard that it was about to be given may never take what is written
    nodes.start()
    assert answers(retriever) == answers(single) == right
    assert held(writer) == held(alone) == ids(corpus[:20])
    writer.change([corpus[30]], ())
    assert held(writer) == ids([*corpus[:20], corpus[30]])
    writer.compact()
    writer.verify()
    alone.verify()
