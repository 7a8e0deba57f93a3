"""The reranker gives what a walk down each of its trees gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.reranker import Learned, Reranker, Tree

VALUES = st.floats(-2, 2, allow_nan=False).map(lambda value: round(value, 1))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree that grew by splitting a leaf again and again."""
    feature, threshold, left, right = [0], [draw(VALUES)], [-1], [-2]
    for _ in range(draw(st.integers(0, 12))):
        side, at = draw(st.sampled_from([left, right])), draw(st.integers(0, len(feature) - 1))
        if side[at] < 0:
            feature.append(draw(st.integers(0, 2)))
            threshold.append(draw(VALUES))
            left.append(side[at])
            right.append(-1 - (len(feature)))
            side[at] = len(feature) - 1
    leaf = [draw(VALUES) for _ in range(len(feature) + 1)]
    return Tree(
        feature=tuple(feature),
        threshold=tuple(threshold),
        left=tuple(left),
        right=tuple(right),
        leaf=tuple(leaf),
    )


def walked(tree: Tree, row: list[float]) -> float:
    node = 0
    while node >= 0:
        goes_left = row[tree.feature[node]] <= tree.threshold[node]
        node = tree.left[node] if goes_left else tree.right[node]
    return tree.leaf[-1 - node]


@given(
    st.lists(trees(), min_size=1, max_size=5),
    st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=6),
)
def test_corrections_are_sums_of_the_leaves_that_walks_end_in(
    grown: list[Tree], rows: list[list[float]]
) -> None:
    reranker = Reranker(Learned(features=("a", "b", "c"), scale=2.0, trees=tuple(grown)))
    columns = np.array(rows).T
    found = reranker.corrections(dict(zip("abc", columns, strict=True)))
    expected = [sum((walked(tree, row) for tree in grown), 0.0) / 2.0 for row in rows]
    assert found.tolist() == expected
