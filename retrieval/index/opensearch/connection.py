"""The connection to a cluster: where it is, who we are there, and what its trouble means to us.

A node may be lost at any moment. What fails is tried again, elsewhere and then a little later; every request
can be repeated without harm. What goes on failing becomes one line that says what to do.
"""

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    ImproperlyConfigured,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)

from retrieval.errors import IndexingError, IndexUnavailableError, IndexUnusableError
from retrieval.index.opensearch.place import Cluster

Done = TypeVar("Done")

READ_SECONDS: Final = 4.0
"""What a request of a reader may take on one node before another node is asked."""
WRITE_SECONDS: Final = 60.0
"""What a request of a writer may take: a write waits for a copy that hangs until the cluster drops it."""
DEAD_SECONDS: Final = 5.0
"""For so long a node that did not answer is not asked, as long as there are others."""
WRITE_PATIENCE: Final = 120.0
PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses of trouble that may pass: too many requests, a copy that just died, an election."""
BROKEN_OFF: Final = ("RemoteDisconnected", "ConnectionResetError")
"""What the client says where a node hangs up, as one that wants TLS does."""
MOST_REASON: Final = 160
"""Characters of what a cluster says that are told."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


class Connection:
    """Sends requests to a cluster; safe to use from several threads.

    Args:
        cluster: where it is.
        patience: seconds in which a request is tried again; by default those of the cluster.
        seconds: what one attempt may take.
    """

    def __init__(
        self, cluster: Cluster, patience: float | None = None, seconds: float = READ_SECONDS
    ) -> None:
        _quiet()
        self.cluster = cluster
        self._patience = cluster.patience if patience is None else patience
        if cluster.ca and not cluster.ca.is_file():
            raise IndexUnavailableError(f"ZHIWEN_INDEX_CA: there is no file {cluster.ca}.")
        try:
            self.client = OpenSearch(
                list(cluster.hosts),
                http_auth=(cluster.user, cluster.password or "") if cluster.user else None,
                ca_certs=str(cluster.ca) if cluster.ca else None,
                verify_certs=True,
                timeout=seconds,
                max_retries=len(cluster.hosts),
                retry_on_timeout=True,
                retry_on_status=(500, 502, 503, 504),
                pool_maxsize=16,
                dead_timeout=DEAD_SECONDS,
            )
        except (ImproperlyConfigured, OSError, ssl.SSLError, ValueError) as error:
            raise IndexUnavailableError(
                f"The cluster of ZHIWEN_INDEX cannot be connected to: {error}. Check ZHIWEN_INDEX_CA."
            ) from error

    def read(self, request: Callable[[OpenSearch], Done]) -> Done:
        """What a request brings, tried again while its trouble may pass.

        Raises:
            IndexUnavailableError: the cluster cannot be reached, or will not let us in.
            IndexUnusableError: what is asked for is not there.
        """
        return self._insist(request, self.unavailable)

    def search(self, index: str, body: Mapping[str, Any], *, is_scored: bool = False) -> Any:  # noqa: ANN401  JSON
        """What a search of an index brings: all of it, or nothing.

        Args:
            index: that is searched.
            body: what for.
            is_scored: whether the order is that of scores, so that all shards have to count alike.

        Raises:
            IndexUnavailableError: the cluster cannot be reached, or a shard of the index has no copy.
            IndexUnusableError: there is no such index.
        """
        kind = {"search_type": "dfs_query_then_fetch"} if is_scored else {}
        whole = {"allow_partial_search_results": "false", **kind}
        return self.read(lambda client: client.search(index=index, body=body, params=whole))

    def write(self, request: Callable[[OpenSearch], Done]) -> Done:
        """The same of a request that changes something.

        Raises:
            IndexingError: the cluster does not take it.
            IndexUnavailableError: the cluster cannot be reached, or will not let us in.
        """
        return self._insist(request, self.unwritten)

    def _insist(
        self, request: Callable[[OpenSearch], Done], told: Callable[[OpenSearchException], Exception]
    ) -> Done:
        end, pause = time.monotonic() + self._patience, FIRST_PAUSE
        while True:
            try:
                return request(self.client)
            except OpenSearchException as error:
                if not may_pass(error) or time.monotonic() + pause > end:
                    raise told(error) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def unavailable(self, error: OpenSearchException) -> Exception:
        """What a failed request means to a reader."""
        place = f"The archive on the cluster {self.cluster.place} cannot be reached"
        if isinstance(error, NotFoundError):
            return IndexUnusableError(
                f"There is no index {self.cluster.name} on the cluster {self.cluster.place}: "
                "run 'zhiwen index'."
            )
        if isinstance(error, AuthenticationException):
            remedy = "the user or the password is refused: check ZHIWEN_INDEX_USER and ZHIWEN_INDEX_PASSWORD"
        elif isinstance(error, AuthorizationException):
            remedy = f"the user may not do that ({_reason(error)}): give it the role of deploy/opensearch"
        elif isinstance(error, SSLError):
            remedy = _of_encryption(error)
        elif isinstance(error, ConnectionTimeout):
            remedy = "no node answers in time: look at its load"
        elif isinstance(error, TransportError) and error.status_code != "N/A":
            remedy = f"it answers {error.status_code}, {_reason(error)}: look at its health"
        elif any(sign in str(error) for sign in BROKEN_OFF) and self.cluster.hosts[0].startswith("http:"):
            remedy = "the nodes break off: where they want TLS, ZHIWEN_INDEX has to say https"
        else:
            remedy = "no node answers: check ZHIWEN_INDEX and the nodes"
        return IndexUnavailableError(f"{place}: {remedy}.")

    def unwritten(self, error: OpenSearchException) -> Exception:
        """What a failed request means to a writer."""
        if is_full(error):
            return self.full()
        if isinstance(error, TransportError) and isinstance(error.status_code, int) and may_pass(error):
            return IndexingError(
                f"The cluster {self.cluster.place} does not take what is written "
                f"({error.status_code}, {_reason(error)}): look at its health, then run 'zhiwen index', "
                "it goes on from there."
            )
        return self.unavailable(error)

    def full(self) -> IndexingError:
        """A disk of the cluster is full."""
        return IndexingError(
            f"A disk of the cluster {self.cluster.place} is full, so that its indices are read-only: free "
            "space, then run 'zhiwen index', it goes on from there."
        )


def may_pass(error: OpenSearchException) -> bool:
    """Whether trouble may be over in a moment."""
    if isinstance(error, SSLError) or not isinstance(error, TransportError):
        return False
    return not is_full(error) and (error.status_code == "N/A" or error.status_code in PASSING | {"TIMEOUT"})


def is_full(error: OpenSearchException) -> bool:
    """Whether a write was refused because a disk is full."""
    return is_full_text(str(error))


def is_full_text(reason: str) -> bool:
    """The same by what the cluster says."""
    return (
        "flood-stage" in reason or "read-only-allow-delete" in reason or "read-only / allow delete" in reason
    )


def _reason(error: TransportError) -> str:
    told = error.info.get("error") if isinstance(error.info, dict) else None
    reason = told.get("reason") if isinstance(told, dict) else None
    return str(reason or error.error).partition("\n")[0][:MOST_REASON]


def _of_encryption(error: OpenSearchException) -> str:
    """What to do about TLS that fails, in the words of OpenSSL."""
    text = str(error)
    if "WRONG_VERSION_NUMBER" in text:
        return "it speaks no TLS: ZHIWEN_INDEX has to say http"
    _, found, rest = text.partition("certificate verify failed: ")
    told = rest.partition(" (")[0] if found else text[:MOST_REASON]
    return f"its certificate is not accepted ({told}): check it and ZHIWEN_INDEX_CA"


def _quiet() -> None:
    """The client logs each failed attempt with its trace; what comes of it is told once, by us."""
    for name in ("opensearch", "opensearchpy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
