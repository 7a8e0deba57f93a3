"""Which engine keeps an index: files in the data folder, or the cluster that the settings name."""

import hashlib
import importlib.util
import re
from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings
from retrieval import Tokeniser
from retrieval.index.protocol import IndexWriter
from retrieval.index.update.writer import EmbeddedWriter


def writer(settings: Settings, folder: Path, name: str, tokeniser: Tokeniser) -> IndexWriter:
    """What makes and keeps an index.

    Args:
        settings: say where it is.
        folder: of an index in files.
        name: of an index on a cluster.
        tokeniser: cuts what is indexed.

    Raises:
        SettingsError: the client of a cluster is not installed, or its password cannot be read.
        IndexUnavailableError: the cluster cannot be connected to.
    """
    if not settings.index:
        return EmbeddedWriter(folder, tokeniser)
    if importlib.util.find_spec("opensearchpy") is None:
        raise SettingsError("ZHIWEN_INDEX names a cluster: install zhiwen[opensearch].")
    from retrieval.index.opensearch.place import Cluster  # noqa: PLC0415  needs an extra
    from retrieval.index.opensearch.writer import ClusterWriter  # noqa: PLC0415

    password = settings.index_secret()
    cluster = Cluster(
        hosts=settings.index,
        name=cluster_name(settings, name),
        user=settings.index_user,
        password=password.get_secret_value() if password else None,
        ca=settings.index_ca,
        shards=settings.index_shards,
        replicas=settings.index_replicas,
    )
    return ClusterWriter(cluster, tokeniser)


def cluster_name(settings: Settings, name: str) -> str:
    """What an index of a name is called on the cluster."""
    return f"{settings.index_prefix}-{index_name(name)}"


def index_name(name: str) -> str:
    """A name as a cluster takes it: of lower-case letters of ASCII, digits, - and _; else a digest of it."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", name):
        return name
    return hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=8).hexdigest()
