"""What was learned from questions and their answers: corrections to the scores of the best hits.

Regression trees over the features of `retrieval.features`, boosted from the BM25F score (LambdaMART), stored
as plain numbers in reranker.json; `tests/bench/train_reranker.py` makes them.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import added
from retrieval.models import Model
from retrieval.ragged import Array, is_new

FILE = "reranker.json"
MASKS = (np.uint8, np.uint16, np.uint32, np.uint64)
"""Types that have a bit a leaf."""


class Tree(Model):
    """A tree: inner node `i` asks whether `feature[i]` is at most `threshold[i]`, and goes `left` or `right`.

    A negative target `-1 - j` is leaf `j`.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaf: tuple[float, ...]


class Learned(Model):
    """What the training script writes: a correction is the sum of the trees' leaves divided by `scale`."""

    features: tuple[str, ...]
    scale: float
    trees: tuple[Tree, ...]


class Reranker:
    """Evaluates all trees for all candidates at once, without walking down any.

    Every node is asked; one that says "right" rules out the leaves to its left, and the first leaf that is
    not ruled out is the one a walk would end in (QuickScorer: Lucchese et al., SIGIR 2015).
    """

    def __init__(self, learned: Learned) -> None:
        self.learned = learned
        self.digest = hashlib.blake2b(learned.model_dump_json().encode(), digest_size=8).hexdigest()
        self._names = learned.features
        self._scale = learned.scale
        leaves = [_Leaves(tree) for tree in learned.trees]
        most = max(len(found.order) for found in leaves)
        kind = next(kind for kind in MASKS if most <= 8 * kind().itemsize)
        # Nodes x trees, so that all trees are asked at once; a node that a tree lacks is never gone right at.
        feature = _columns([tree.feature for tree in learned.trees], 0)
        threshold = _columns([tree.threshold for tree in learned.trees], np.inf)
        self._ruled_out = _columns([found.ruled_out for found in leaves], 0).astype(kind)[:, :, None]
        self._leaf = np.ascontiguousarray(_columns([found.values for found in leaves], 0.0).T)
        self._first_leaf = np.arange(0, self._leaf.size, most)[:, None]
        # Many nodes ask the same, which is looked at once: `condition` has its place among all that is asked.
        order = np.lexsort((threshold.ravel(), feature.ravel()))
        self._feature, self._threshold = feature.ravel()[order], threshold.ravel()[order]
        is_first = is_new(self._feature) | is_new(self._threshold)
        self._feature, self._threshold = self._feature[is_first], self._threshold[is_first, None]
        self._condition = np.empty(feature.shape, dtype=np.int64)
        self._condition.ravel()[order] = np.cumsum(is_first) - 1

    def corrections(self, features: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """What to add to the score of each candidate."""
        values = np.array([features[name] for name in self._names])
        goes_right = values.take(self._feature, axis=0) > self._threshold
        ruled_out = np.bitwise_or.reduce(goes_right.take(self._condition, axis=0) * self._ruled_out, axis=0)
        left_over = ~ruled_out
        _, position = np.frexp((left_over & -left_over).astype(np.float64))
        leaves = self._leaf.take(self._first_leaf + (position - 1))
        return added(leaves) / self._scale


class _Leaves:
    """The leaves of a tree from left to right, as bits from the lowest; at most 64.

    `order` has their numbers in the tree, `values` what they say; `ruled_out` has for each inner node the
    leaves to its left.
    """

    def __init__(self, tree: Tree) -> None:
        self.order: list[int] = []
        self.ruled_out = [0] * len(tree.feature)
        self._tree = tree
        self._visit(0)
        self.values = [tree.leaf[number] for number in self.order]

    def _visit(self, node: int) -> None:
        if node < 0:
            self.order.append(-1 - node)
            return
        before = len(self.order)
        self._visit(self._tree.left[node])
        self.ruled_out[node] = (1 << len(self.order)) - (1 << before)
        self._visit(self._tree.right[node])


def _columns(lists: Sequence[Sequence[float]], filling: float) -> Array:
    """Lists of numbers as columns, those that are shorter filled up."""
    return np.array(list(zip_longest(*lists, fillvalue=filling)))


@functools.cache
def trained() -> Reranker:
    """The reranker that ships."""
    content = Path(__file__).with_name(FILE).read_bytes()
    return Reranker(Learned.model_validate_json(content))
