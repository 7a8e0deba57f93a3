"""The words of an English question while they are read: which are taken, and what was made of them."""

from collections.abc import Iterator, Sequence

from retrieval.questions.expansion import Expression, Weighted


class Reading:
    """The words of a question, which of them are taken, and what was made of them, by place.

    What is taken as a name or a number is not looked up word by word besides.

    Args:
        words: of the question, in lower case.
    """

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.taken = [False] * len(words)
        self.is_whole = [False] * len(words)
        self.found: list[tuple[int, Expression]] = []

    def free(self, length: int) -> Iterator[tuple[int, list[str]]]:
        """Each run of so many words of which none is taken when its turn comes, with its place."""
        for place in range(len(self.words) - length + 1):
            if not any(self.taken[place : place + length]):
                yield place, self.words[place : place + length]

    def take(self, place: int, length: int, alternatives: Sequence[Weighted], *, whole: bool = False) -> None:
        """Make an expression of some words; `whole` where it is a name or a number."""
        name = " ".join(self.words[place : place + length])
        self.found.append((place, Expression(name, tuple(alternatives))))
        self.taken[place : place + length] = [True] * length
        self.is_whole[place : place + length] = [whole] * length
