"""What the indices of a cluster are called, and what is in each of their fields.

    NAME            the alias of the articles in use; it is switched when a new version is whole
    NAME-VERSION-articles   an article a document, and the state of the version
    NAME-VERSION-terms      the vocabulary of the version, a bucket of terms a document
    NAME-notes      the lease of the writer, and what is kept beside the index

Each document says by which revision of the index it came (`added`). Readers know the revision that they
opened, and see nothing later; what a later one took away stays until nobody can look at an earlier one.
"""

from collections.abc import Mapping
from typing import Any, Final

from retrieval.bm25 import ArticleWeights
from retrieval.index.opensearch.place import Cluster

FORMAT: Final = 2
"""Raise it whenever the fields below, or what is packed in them, change."""
STATE: Final = "state"
"""The id of the document, among the articles, that says what the index holds."""
MOST_HITS: Final = 50_000
"""Documents that one search may bring."""
SOFT: Final = "soft"
"""The same tokens once more, with a frequency that saturates late: as that of a small share of it does."""
SOFT_K1: Final = 6.0

KEYWORD: Final = {"type": "keyword", "doc_values": False, "norms": False}
BLOB: Final = {"type": "binary", "store": True}


def articles_mapping() -> Mapping[str, Any]:
    """The fields of an article."""
    text: dict[str, Any] = {
        "type": "text",
        "analyzer": "whitespace",
        "similarity": "articles",
        "index_options": "freqs",
    }
    text["fields"] = {SOFT: {**text, "similarity": SOFT}}
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "properties": {
            "id": {"type": "keyword"},
            "added": {"type": "long"},
            "batch": {"type": "keyword"},
            "place": {"type": "long", "index": False},
            "order": {"type": "long", "index": False},
            "digest": {"type": "long", "index": False},
            "published": {"type": "integer"},
            "year": {"type": "integer"},
            "industries": {"type": "keyword"},
            "technologies": {"type": "keyword"},
            "labels": KEYWORD,
            "words": text,
            "bigrams": text,
            "lines": {"type": "integer", "doc_values": False},
            "is_empty": {"type": "boolean", "doc_values": False},
            "blob": BLOB,
        },
    }


def terms_mapping() -> Mapping[str, Any]:
    """The fields of a bucket of terms, and of what a batch came to."""
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "properties": {
            "bucket": {"type": "keyword"},
            "added": {"type": "long"},
            "batch": {"type": "keyword"},
            "articles": {"type": "integer", "index": False},
            "blob": BLOB,
        },
    }


def notes_mapping() -> Mapping[str, Any]:
    """The fields of a note, which may come in pieces."""
    return {
        "dynamic": "strict",
        "properties": {
            "owner": {"type": "keyword", "index": False},
            "until": {"type": "long", "index": False},
            "revision": {"type": "long", "index": False},
            "pieces": {"type": "integer", "index": False},
            "blob": {"type": "binary"},
        },
    }


def articles_settings(cluster: Cluster) -> Mapping[str, Any]:
    """How articles are kept: shards, copies, and BM25 as it is weighed here."""
    weights = ArticleWeights()
    return {
        "number_of_shards": cluster.shards,
        **_kept(cluster),
        "similarity": {
            name: {"type": "BM25", "k1": k1, "b": weights.b}
            for name, k1 in (("articles", weights.k1), (SOFT, SOFT_K1))
        },
        "max_terms_count": 65_536,
    }


def terms_settings(cluster: Cluster) -> Mapping[str, Any]:
    """How the vocabulary is kept: together, so that a look-up is one request to one node."""
    return {"number_of_shards": 1, **_kept(cluster)}


def notes_settings(cluster: Cluster) -> Mapping[str, Any]:
    """How notes are kept."""
    return {"number_of_shards": 1, "number_of_replicas": cluster.replicas}


def _kept(cluster: Cluster) -> Mapping[str, Any]:
    return {
        "number_of_replicas": cluster.replicas,
        "refresh_interval": "-1",
        "max_result_window": MOST_HITS,
        # What is expunged shall be gone, however little it is.
        "merge.policy.expunge_deletes_allowed": 0,
    }


def notes(cluster: Cluster) -> str:
    """The index of notes."""
    return f"{cluster.name}-notes"


def articles(cluster: Cluster, version: str) -> str:
    """The index of the articles of a version."""
    return f"{cluster.name}-{version}-articles"


def terms(cluster: Cluster, version: str) -> str:
    """The index of the vocabulary of a version."""
    return f"{cluster.name}-{version}-terms"
