"""Why a sentence has its score, and the next one another: every term's share, and every learned feature's.

The shares of the terms are BM25F's own, divided among the fields as their weighted frequencies are. What was
learned is a sum of regression trees; on the way down a tree each step changes what the tree is expected to
say, and that change is the share of the feature that was asked (A. Saabas, "Interpreting random forests",
2014), here with every leaf below a node expected as much as any other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from retrieval.index.evidence import Evidence
from retrieval.models import Question, Share
from retrieval.ranking import order
from retrieval.ranking.bm25f import SentenceScores
from retrieval.ranking.features import features
from retrieval.ranking.reranker import Learned, Reranker, Tree
from retrieval.ranking.second_stage import Hit, candidates

BASE = "base"
"""What the trees say of no sentence in particular."""


def shares(
    evidence: Evidence,
    question: Question,
    hits: Sequence[Hit],
    *,
    scores: SentenceScores,
    reranker: Reranker | None,
) -> list[tuple[Share, ...]]:
    """What the score of each of some hits is made of; the shares add up to it (to 1e-9)."""
    learned: dict[int, dict[str, float]] = {}
    if reranker is not None:
        best = candidates(evidence, question, scores)
        columns = features(evidence, scores, question, best)
        for place, candidate in enumerate(best):
            if any(hit.row == candidate.row for hit in hits):
                facts = {name: float(column[place]) for name, column in columns.items()}
                learned[candidate.row] = contributions(reranker.learned, facts)
    return [tuple(_shares(question, hit, scores, learned.get(hit.row, {}))) for hit in hits]


def _shares(
    question: Question, hit: Hit, scores: SentenceScores, learned: Mapping[str, float]
) -> Iterator[Share]:
    for stream, found in scores.streams.items():
        for term, field, amount in found.shares(hit.row):
            yield Share(token=term, stream=stream, field=field, amount=amount / scores.mass)
    if hit.bonus:
        yield Share(token=question.kind, field="answer", amount=hit.bonus)
    for feature, amount in sorted(learned.items()):
        yield Share(token=feature, field="learned", amount=amount)
    if hit.binding is not None:
        for name, amount in order.learned().agreement(hit.binding).items():
            if amount:
                yield Share(token=name, field="binding", amount=amount)
    if hit.recency:
        yield Share(field="newest", amount=hit.recency)
    if hit.consent:
        yield Share(field="consent", amount=hit.consent)


def lead(shares: Sequence[Share], next_shares: Sequence[Share]) -> tuple[Share, ...]:
    """By how much each share exceeds that of the next sentence, the largest differences first.

    They add up to the difference of the two scores.
    """
    amounts: dict[tuple[str, str | None, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    found: dict[tuple[str, str | None, str], Share] = {}
    for side, side_shares in enumerate((shares, next_shares)):
        for share in side_shares:
            key = share.token, share.stream, share.field
            amounts[key][side] += share.amount
            found.setdefault(key, share)
    differences = (
        found[key].model_copy(update={"amount": own - other}) for key, (own, other) in amounts.items()
    )
    apart = [share for share in differences if share.amount]
    return tuple(sorted(apart, key=lambda share: (-abs(share.amount), share.field, share.token)))


def contributions(learned: Learned, facts: Mapping[str, float]) -> dict[str, float]:
    """How much each feature's value moves the correction; with BASE they add up to it."""
    values = [facts[name] for name in learned.features]
    moved: dict[str, float] = defaultdict(float)
    for tree in learned.trees:
        expected = _expectations(tree)
        node = 0
        moved[BASE] += expected[node] / learned.scale
        while node >= 0:
            feature = tree.feature[node]
            goes_left = values[feature] <= tree.threshold[node]
            following = tree.left[node] if goes_left else tree.right[node]
            reached = expected[following] if following >= 0 else tree.leaf[-1 - following]
            moved[learned.features[feature]] += (reached - expected[node]) / learned.scale
            node = following
    return dict(moved)


def _expectations(tree: Tree) -> list[float]:
    """For each inner node the mean of the leaves below it."""
    sums: dict[int, tuple[float, int]] = {}

    def below(node: int) -> tuple[float, int]:
        if node < 0:
            return tree.leaf[-1 - node], 1
        left, right = below(tree.left[node]), below(tree.right[node])
        sums[node] = left[0] + right[0], left[1] + right[1]
        return sums[node]

    below(0)
    return [sums[node][0] / sums[node][1] for node in range(len(tree.feature))]
