"""The part of speech of a word that no dictionary has, by jieba's own model of parts of speech.

The model (`jieba.posseg`) knows how likely a character begins, continues or ends a word of each part of
speech. jieba searches it for the words and their parts of speech at once, which takes longer than all else;
where the word is known already, each part of speech is one sum, and the likeliest is taken.
"""

import functools
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from retrieval.regex import regex

State: TypeAlias = tuple[str, str]
"""Where in a word a character stands (B, M, E: begins, continues, ends it; S: is one), and the word's tag."""
NUMBER, LATIN, OTHER = "m", "eng", "x"
"""Tags of what the model does not know."""
FIGURES = regex(r"[\d.]+%?")
UNSEEN = -20.0
"""The logarithm for what the model never saw: below all that it has, and yet not the end of a word."""


class _Model(NamedTuple):
    """Logarithms of probabilities: of a word's first state, of the next state, of a state's character."""

    start: Mapping[State, float]
    following: Mapping[State, Mapping[State, float]]
    character: Mapping[State, Mapping[str, float]]
    states: Mapping[str, Iterable[State]]
    """The states that a character is known in."""


@functools.cache
def _model() -> _Model:
    """Jieba's tables, imported at the first use: 50 MB that a service which only answers does without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in jieba_trie
        from jieba.posseg import char_state_tab, prob_emit, prob_start, prob_trans  # noqa: PLC0415
    return _Model(prob_start.P, prob_trans.P, prob_emit.P, char_state_tab.P)


def of_unknown(word: str) -> str:
    """The likeliest part of speech of a word that no dictionary has (ICTPOS, jieba's set)."""
    if word.isascii():
        return NUMBER if FIGURES.fullmatch(word) else LATIN if word.isalnum() else OTHER
    model = _model()
    first = "S" if len(word) == 1 else "B"
    tags = [tag for position, tag in model.states.get(word[0], ()) if position == first]
    if not tags:
        return OTHER
    return max((_likelihood(word, tag, model), tag) for tag in tags)[1]


def _likelihood(word: str, tag: str, model: _Model) -> float:
    """The logarithm of how likely a word is one of this part of speech."""
    positions = "S" if len(word) == 1 else f"B{'M' * (len(word) - 2)}E"
    total, before = 0.0, None
    for position, character in zip(positions, word, strict=True):
        state = position, tag
        step: Any = model.start if before is None else model.following.get(before, {})
        total += step.get(state, UNSEEN) + model.character.get(state, {}).get(character, UNSEEN)
        before = state
    return total
