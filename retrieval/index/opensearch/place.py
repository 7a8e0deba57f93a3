"""Where an index is on a cluster, and who we are there."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where an index is on a cluster.

    `hosts` are URLs of its nodes, `name` begins the names of all that is ours; `shards` and `replicas` hold
    for indices that are made from now on. `patience` is how many seconds a request is tried again: an
    election among busy nodes may take some.
    """

    hosts: tuple[str, ...]
    name: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: int = 1
    patience: float = 10.0

    @property
    def place(self) -> str:
        """How the cluster is named to people."""
        return ", ".join(urlsplit(host).netloc.rpartition("@")[2] for host in self.hosts)
