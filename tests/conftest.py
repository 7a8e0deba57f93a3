"""What the tests share: the tokeniser (jieba's dictionary is loaded once), small corpora, and the data."""

import importlib.util
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import databases
import hypothesis
import opensearch_nodes as opensearch_nodes_module
import pytest
import warm
from opensearch_home import LackingError
from opensearch_nodes import Nodes

from bot.settings import Settings
from bot.store import Store
from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.opensearch.place import Cluster
from retrieval.index.update import updates

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
"""Question sets and specifications for measuring; not part of the project, so they may be missing."""

NODES = Path(tempfile.gettempdir()) / f"zhiwen-nodes-{warm.RUN}"
"""The cluster that the processes of a test run share."""

hypothesis.settings.register_profile(
    "zhiwen", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("zhiwen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--new-transcripts", action="store_true", help="write the conversations down anew")
    parser.addoption("--chaos", action="store_true", help="kill and stop the nodes of a cluster, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--chaos"):
        for item in items:
            if item.get_closest_marker("chaos"):
                item.add_marker(pytest.mark.skip(reason="kills nodes for minutes: make chaos"))


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("needs the measuring data in ../shared/data")
    return SHARED


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(warm.MADE, ignore_errors=True)
        Nodes(NODES).wipe()  # those of a process that was killed


@pytest.fixture(scope="session")
def tokeniser() -> Tokeniser:
    return warm.tokeniser()


@pytest.fixture(scope="session")
def seeds() -> tuple[Article, ...]:
    return reading.read([ROOT / "seeds"]).articles


@pytest.fixture(scope="session")
def seed_index(
    seeds: tuple[Article, ...],
    tokeniser: Tokeniser,
    tmp_path_factory: pytest.TempPathFactory,
) -> EmbeddedIndex:
    folder = tmp_path_factory.mktemp("seeds") / "index"
    updates.update(folder, seeds, tokeniser)
    return EmbeddedIndex(folder, tokeniser)


@pytest.fixture(scope="session")
def retriever(seed_index: EmbeddedIndex, tokeniser: Tokeniser) -> Retriever:
    return Retriever(seed_index, tokeniser)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A copy of the seeds, and a data folder without an index, of the test's own."""
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "seeds", corpus)
    return Settings(corpus=corpus, data=warm.warm(tmp_path / "data"))


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    """The same, with its index."""
    warm.indexed(settings.data, settings.corpus)
    return settings


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[str]:
    binaries = databases.postgresql_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql): tested on SQLite only")
    with databases.postgresql(binaries) as url:
        yield url


@pytest.fixture(scope="session")
def opensearch_nodes() -> Iterator[Nodes]:
    """Three nodes that all tests of a run share, whichever process they run in."""
    if importlib.util.find_spec("opensearchpy") is None:
        pytest.skip("opensearch-py is not installed (pip install zhiwen[opensearch])")
    try:
        with opensearch_nodes_module.shared(NODES, int(warm.RUN)) as nodes:
            yield nodes
    except LackingError as lacking:
        pytest.skip(f"no OpenSearch cluster: {lacking}")


@pytest.fixture
def cluster(opensearch_nodes: Nodes) -> Iterator[Cluster]:
    """A name of the test's own on the cluster, while nobody troubles the nodes."""
    with opensearch_nodes.in_peace():
        found = Cluster(opensearch_nodes.urls, f"test-{uuid.uuid4().hex}", shards=2)
        yield found
        opensearch_nodes.delete(f"{found.name}-*")


@pytest.fixture
def troubled(opensearch_nodes: Nodes) -> Iterator[tuple[Nodes, Cluster]]:
    """The same with the nodes to oneself, to trouble them; afterwards they are whole again."""
    with opensearch_nodes.alone():
        found = Cluster(opensearch_nodes.urls, f"test-{uuid.uuid4().hex}", shards=2)
        yield opensearch_nodes, found
        opensearch_nodes.mend(f"{found.name}-*")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    cluster: str = request.getfixturevalue("postgresql_cluster")
    return databases.new_database(cluster, uuid.uuid4().hex)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store(store_url)
    yield opened
    opened.close()
