"""What was learned from questions and their answers: corrections to the scores of the best hits.

Regression trees over the features of `retrieval.features`, boosted from the BM25F score (LambdaMART), stored
as plain numbers in reranker.json; `tests/bench/train_reranker.py` makes them.
"""

import functools
import importlib.resources
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Model

FILE = "reranker.json"


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
    """Evaluates all trees for all candidates at once."""

    def __init__(self, learned: Learned) -> None:
        self._names = learned.features
        self._scale = learned.scale
        trees = learned.trees
        self._numbers = np.arange(len(trees))
        self._feature = _table([tree.feature for tree in trees], np.int64)
        self._threshold = _table([tree.threshold for tree in trees], np.float64)
        self._left = _table([tree.left for tree in trees], np.int64)
        self._right = _table([tree.right for tree in trees], np.int64)
        self._leaf = _table([tree.leaf for tree in trees], np.float64)

    def corrections(self, features: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """What to add to the score of each candidate."""
        matrix = np.column_stack([features[name] for name in self._names])
        rows = np.arange(len(matrix))[:, None]
        node = np.zeros((len(matrix), len(self._numbers)), dtype=np.int64)
        while (inner := node >= 0).any():
            at = np.maximum(node, 0)
            goes_left = matrix[rows, self._feature[self._numbers, at]] <= self._threshold[self._numbers, at]
            step = np.where(goes_left, self._left[self._numbers, at], self._right[self._numbers, at])
            node = np.where(inner, step, node)
        leaves = self._leaf[self._numbers, -1 - node]
        # One by one, in an order that is the same on every machine.
        total = np.zeros(len(matrix))
        for column in leaves.T:
            total += column
        return total / self._scale


def _table(rows: Sequence[Sequence[float]], kind: type) -> NDArray[Any]:
    """Rows of different lengths as one array, filled up with zeros."""
    table: NDArray[Any] = np.zeros((len(rows), max(map(len, rows))), dtype=kind)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


@functools.cache
def trained() -> Reranker:
    """The reranker that ships."""
    content = (importlib.resources.files("retrieval") / FILE).read_bytes()
    return Reranker(Learned.model_validate_json(content))
