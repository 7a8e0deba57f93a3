"""The index on a cluster beyond the contract: how often it is asked, who may write, what is refused."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import warm
from cluster_front import Front, Request, Trouble, standing_before
from test_engines import article, ids, passages

from retrieval import Article, Retriever, Tokeniser
from retrieval.errors import IndexingError, IndexUnavailableError, IndexUnusableError
from retrieval.index.opensearch.connection import Connection
from retrieval.index.opensearch.layout import STATE
from retrieval.index.opensearch.lease import Lease
from retrieval.index.opensearch.place import Cluster
from retrieval.index.opensearch.writer import ClusterWriter
from retrieval.models import Selection

MOST = 3
"""Requests of a question at most: its words, a slip or a name among them, the search."""
BATCH = 400
"""Characters of a batch: few, so that there are several."""


@pytest.fixture
def corpus() -> list[Article]:
    return [article(number) for number in range(1, 41)]


@pytest.fixture
def front(cluster: Cluster) -> Iterator[Front]:
    with standing_before(cluster.hosts[0]) as there:
        yield there


def writer_of(cluster: Cluster, tokeniser: Tokeniser) -> ClusterWriter:
    return ClusterWriter(cluster, tokeniser, grace=0.0, batch=BATCH)


def behind(front: Front, cluster: Cluster) -> Cluster:
    """The same cluster by way of a front."""
    return replace(cluster, hosts=(front.url,), patience=1.0)


def held(writer: ClusterWriter) -> set[str]:
    """The ids of all articles."""
    return {stored.id for stored in writer.open().select(Selection(), 1_000).articles}


@pytest.mark.parametrize(
    "question",
    [
        "第3号码头有多少台吊车？",
        "谁负责第12号码头？",
        "starharbur 码头哪年建成？",
        "2025年星港最大的码头比去年增长了百分之几？",
        "月球上的发电站什么时候建成？",
        "第3號碼頭有多少台吊車？",
        "How many cranes does wharf 3 have?",
        "Who is responsible for the starharbour wharf of Lin Yuan?",
        "When did Piketty build the Stratigraphers wharf in March?",
        "What is the starharbur?",
    ],
)
def test_a_question_takes_few_requests(
    cluster: Cluster, front: Front, corpus: list[Article], tokeniser: Tokeniser, question: str
) -> None:
    writer_of(cluster, tokeniser).update([*corpus, article(50, "starharbour是码头的名字。")])
    index = writer_of(behind(front, cluster), tokeniser).open()
    retriever = Retriever(index, tokeniser)
    front.requests.clear()
    answer = retriever.ask(question, suggest=False)
    assert answer.passages or answer.reason
    assert 1 < len(front.requests) <= MOST
    front.requests.clear()
    assert retriever.ask(question, suggest=False).passages == answer.passages
    assert len(front.requests) == 1  # the words are remembered


def test_a_killed_writer_is_gone_on_from_where_it_was(
    cluster: Cluster, front: Front, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    stuck, go_on = threading.Event(), threading.Event()

    def hold_up(request: Request) -> Trouble | None:
        """Let two batches be whole, and the third stop in its middle."""
        if "_bulk" in request.path and len(front.sent("_bulk")) > 5:
            stuck.set()
            go_on.wait(60)
            return Trouble(503)
        return None

    front.meddle = hold_up
    process = multiprocessing.get_context("spawn").Process(
        target=_write, args=(behind(front, cluster), [*corpus, article(50)])
    )
    process.start()
    assert stuck.wait(60)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    go_on.set()
    writer = writer_of(cluster, tokeniser)
    assert not writer.is_there
    update = writer.update(corpus)
    assert 0 < update.kept < update.added + update.kept == len(corpus)
    assert update.removed in {0, 1}  # the one that the corpus has no longer, if it had been written
    assert held(writer) == ids(corpus)
    writer.verify()
    again = writer_of(replace(cluster, name=f"{cluster.name}-again"), tokeniser)
    again.update(corpus)
    asked = ["第3号码头有多少台吊车？", "谁负责第12号码头？"]
    assert passages(writer, tokeniser, asked) == passages(again, tokeniser, asked)
    assert writer.open().digest == again.open().digest


def _write(cluster: Cluster, articles: list[Article]) -> None:
    writer_of(cluster, warm.tokeniser()).update(articles)


def test_what_a_killed_change_left_never_counts(
    cluster: Cluster, front: Front, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus[:9])
    front.meddle = lambda request: Trouble(403) if STATE in request.path and request.method == "PUT" else None
    with pytest.raises(IndexUnavailableError, match="role"):
        writer_of(behind(front, cluster), tokeniser).change([corpus[9]], {corpus[0].id})
    assert held(writer) == ids(corpus[:9])
    writer.change([corpus[10]], ())
    assert held(writer) == ids([*corpus[:9], corpus[10]])
    writer.compact()
    writer.verify()


def test_writers_at_once_follow_one_another(
    cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer_of(cluster, tokeniser).update(corpus[:4])
    threads = [
        threading.Thread(target=writer_of(cluster, tokeniser).change, args=([one], ())) for one in corpus[4:8]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer = writer_of(cluster, tokeniser)
    assert held(writer) == ids(corpus[:8])
    writer.verify()


def test_a_writer_that_was_left_behind_spoils_nothing(
    cluster: Cluster, front: Front, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus[:4])
    left: list[IndexUnavailableError | IndexingError] = []

    def overtake(request: Request) -> None:
        """Another writer takes the lease as one of a dead process, and writes."""
        if STATE in request.path and request.method == "PUT" and not left:
            client = Connection(cluster).client
            dead = {"owner": f"{os.uname().nodename}:{2**22 + 1}:0", "revision": 100}
            client.index(index=f"{cluster.name}-notes", id="lease", body=dead)
            writer.change([corpus[5]], ())

    front.meddle = overtake
    with pytest.raises(IndexingError, match="zhiwen index"):
        writer_of(behind(front, cluster), tokeniser).change([corpus[4]], ())
    assert held(writer) == ids([*corpus[:4], corpus[5]])
    writer.change([corpus[4]], ())
    assert held(writer) == ids(corpus[:6])
    writer.compact()
    writer.verify()


def test_who_holds_the_lease_is_named(cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser) -> None:
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus[:1])
    with (
        Lease(Connection(cluster)),
        pytest.raises(IndexingError, match=f"{os.uname().nodename}:{os.getpid()}"),
        Lease(Connection(cluster), patience=0.0),
    ):
        pass
    with Lease(Connection(cluster), patience=0.0) as lease:
        assert lease.next_revision() < lease.next_revision()


def test_what_the_cluster_cannot_take_now_is_sent_again(
    cluster: Cluster, front: Front, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    def refuse(request: Request) -> Trouble | None:
        """The first time all of a request, the second time every document of it."""
        sent = len(front.sent("_bulk"))
        if "_bulk" not in request.path or sent > 2:
            return None
        if sent == 1:
            return Trouble(429)
        error = {"type": "opensearch_rejected_execution_exception", "reason": "busy"}
        lines = [json.loads(line) for line in request.body.splitlines()]
        items = [{"index": {"status": 429, "error": error}} for line in lines if "index" in line]
        return Trouble(200, json.dumps({"errors": True, "items": items}).encode())

    front.meddle = refuse
    writer = writer_of(behind(front, cluster), tokeniser)
    writer.update(corpus)
    assert held(writer) == ids(corpus)
    writer.verify()


def test_a_full_disk_is_told_and_gone_on_from(
    cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus[:9])
    client = Connection(cluster).client
    block = "index.blocks.read_only_allow_delete"  # what the cluster does itself above its flood stage
    client.indices.put_settings(index=f"{cluster.name}-*", body={block: True})
    with pytest.raises(IndexingError, match="full"):
        writer.change([corpus[9]], ())
    assert held(writer) == ids(corpus[:9])
    client.indices.put_settings(index=f"{cluster.name}-*", body={block: None})
    writer.change([corpus[9]], ())
    assert held(writer) == ids(corpus[:10])
    writer.verify()


def test_what_a_cluster_refuses_is_told_in_a_line(
    cluster: Cluster, front: Front, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer_of(cluster, tokeniser).update(corpus[:2])
    writer = writer_of(behind(front, cluster), tokeniser)
    index = writer.open()
    for status, told in {
        401: "ZHIWEN_INDEX_PASSWORD",
        403: "role",
        500: "500",
        503: "503",
        429: "429",
    }.items():
        trouble = Trouble(status, b'{"error": {"type": "no", "reason": "no"}}')
        front.meddle = lambda _request, trouble=trouble: trouble  # type: ignore[misc]
        for refused in (writer.open, lambda: index.find(corpus[0].id)):
            with pytest.raises(IndexUnavailableError, match=told) as raised:
                refused()
            assert "\n" not in str(raised.value)
    front.meddle = lambda _request: None
    assert index.find(corpus[0].id) is not None


def signed(folder: Path, name: str, days: int) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that signs itself, and its key; of less than 0 days, one that is over."""
    key, request, certificate = (folder / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
    extensions = folder / "extensions"
    extensions.write_text("subjectAltName=IP:127.0.0.1", encoding="ascii")
    for command in (
        ["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=node", "-keyout", key, "-out", request],
        [
            *("x509", "-req", "-in", request, "-signkey", key),
            *("-days", days, "-extfile", extensions, "-out", certificate),
        ],
    ):
        subprocess.run([str(shutil.which("openssl")), *map(str, command)], check=True, capture_output=True)
    return certificate, key


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_certificate_that_is_over_or_unknown_is_not_accepted(tokeniser: Tokeniser, tmp_path: Path) -> None:
    known, own = signed(tmp_path, "known", 2)
    over, key_of_over = signed(tmp_path, "over", -1)
    for certificate, key, ca, told in (
        (over, key_of_over, over, "expired"),
        (known, own, over, "self-signed"),
        (known, own, None, "self-signed"),
        (known, own, known, "role"),
    ):
        with standing_before("http://127.0.0.1:1", (certificate, key)) as front:
            front.meddle = lambda _request: Trouble(403)
            with pytest.raises(IndexUnavailableError, match=told) as raised:
                ClusterWriter(Cluster((front.url,), "nowhere", ca=ca, patience=0.0), tokeniser).open()
            assert "\n" not in str(raised.value)
    missing = Cluster(("https://127.0.0.1:1",), "nowhere", ca=tmp_path / "missing")
    with pytest.raises(IndexUnavailableError, match="ZHIWEN_INDEX_CA"):
        ClusterWriter(missing, tokeniser)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_wrong_scheme_is_told(tokeniser: Tokeniser, tmp_path: Path) -> None:
    for given, wrong, told in ((signed(tmp_path, "own", 2), "http", "https"), (None, "https", "say http")):
        with standing_before("http://127.0.0.1:1", given) as front:
            url = f"{wrong}:{front.url.partition(':')[2]}"
            with pytest.raises(IndexUnavailableError, match=told):
                ClusterWriter(Cluster((url,), "nowhere", patience=0.0), tokeniser).open()


def test_where_no_node_answers_it_is_told(tokeniser: Tokeniser, unused: int) -> None:
    writer = ClusterWriter(Cluster((f"http://127.0.0.1:{unused}",), "nowhere", patience=0.5), tokeniser)
    with pytest.raises(IndexUnavailableError, match="ZHIWEN_INDEX"):
        writer.open()


@pytest.fixture
def unused() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        yield taken.getsockname()[1]


def test_an_index_of_another_format_or_tokeniser_is_not_read(
    cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser, tmp_path: Path
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("星港第 1000\n", encoding="utf-8")
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus[:2])
    other = writer_of(cluster, Tokeniser(tmp_path, words))
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        other.open()
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        other.update(corpus)
    assert held(writer) == ids(corpus[:2])
    other.update(corpus, rebuild=True)
    assert held(other) == ids(corpus)
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        writer.open()


def test_a_new_version_takes_the_place_of_the_old_one_and_nothing_stays_of_it(
    cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus[:5])
    before = writer.open()
    writer.update(corpus[5:9], rebuild=True)
    assert before.find(corpus[0].id) is not None
    assert held(writer) == ids(corpus[5:9])
    assert not writer.is_compact()
    writer.compact()
    assert writer.is_compact()
    with pytest.raises(IndexUnusableError):
        before.find(corpus[0].id)
    names = Connection(cluster).client.indices.get(index=f"{cluster.name}-*")
    assert len(names) == 3


def test_a_new_version_becomes_one_segment_a_shard(
    cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer = writer_of(cluster, tokeniser)
    writer.update(corpus)
    assert not writer.is_compact()
    writer.compact()
    assert writer.is_compact()
    client = Connection(cluster).client
    segments = client.cat.segments(index=f"{cluster.name}-2*", params={"format": "json"})
    assert set(Counter((of["index"], of["shard"], of["prirep"]) for of in segments).values()) == {1}
    assert held(writer) == ids(corpus)


def test_verifying_finds_what_is_missing_or_was_changed(
    cluster: Cluster, corpus: list[Article], tokeniser: Tokeniser
) -> None:
    writer = writer_of(cluster, tokeniser)
    client = Connection(cluster).client
    for pattern in (f"{cluster.name}-2*-articles", f"{cluster.name}-2*-terms"):
        writer.update(corpus[:3], rebuild=True)
        writer.compact()
        writer.verify()
        name = next(iter(client.indices.get(index=pattern)))
        exists = {"exists": {"field": "bucket" if name.endswith("terms") else "place"}}
        body = {"query": exists, "max_docs": 1}
        client.delete_by_query(index=name, body=body, params={"refresh": "true"})
        with pytest.raises(IndexUnusableError, match="damaged"):
            writer.verify()
