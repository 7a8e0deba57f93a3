"""An answer as a line of JSON; a line of JSON as all commands print it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from retrieval.models import Answer, Explanation, Filters, Passage

if TYPE_CHECKING:
    from bot.conversation.conversation import AnswerSource
    from retrieval.insight.figures import Figure

Json = dict[str, Any]


def answer_json(
    answer: Answer, explanations: Sequence[Explanation | None] = (), figures: "Sequence[Figure]" = ()
) -> str:
    """An answer as one line of JSON, its passages with their explanations, and its figures, as given."""
    shown = answer.model_dump(mode="json", exclude={"kind", "passages"})
    passages = [_passage(passage) for passage in answer.passages]
    for passage, explanation in zip(passages, explanations, strict=False):
        passage["explanation"] = explanation and explanation.model_dump(
            mode="json", include={"shares", "lead"}
        )
    compared = [figure.model_dump(mode="json") for figure in figures]
    return json_line(shown | {"passages": passages, "figures": compared})


def explanations(answer: Answer, retriever: "AnswerSource", filters: Filters) -> list[Explanation | None]:
    """What the score of each passage of an answer is made of."""
    return [retriever.explain(answer, passage.rank, filters=filters) for passage in answer.passages]


def _passage(passage: Passage) -> Json:
    return passage.model_dump(mode="json", exclude={"matches"})


def json_line(value: Json) -> str:
    """A value as commands print it with --json."""
    return json.dumps(value, ensure_ascii=False)
