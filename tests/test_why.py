"""Why a passage was chosen, in words that a reader of any of the three languages knows."""

import pytest

from bot.conversation.conversation import Conversation
from bot.layout.language import Language, phrases
from bot.layout.responder import Responder
from bot.layout.words import fact
from retrieval import Retriever
from retrieval.language.mentions.mention import BITS
from retrieval.models import AnswerKind, Share
from retrieval.ranking.explanation import BASE
from retrieval.ranking.reranker import trained


def shown(token: str, language: Language, field: str = "learned") -> str:
    return fact(Share.model_validate({"token": token, "field": field, "amount": 0.1}), phrases(language))


@pytest.mark.parametrize("language", list(Language))
def test_what_was_learned_has_a_name(language: Language) -> None:
    names = [shown(feature, language) for feature in (*trained().learned.features, BASE)]
    assert len(set(names)) == len(names)
    assert phrases(language)["field_learned"] not in names


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", [AnswerKind.DATE, AnswerKind.NUMBER, *BITS])
def test_a_kind_of_answer_has_a_name(kind: AnswerKind, language: Language) -> None:
    assert shown(kind, language, "answer") == phrases(language)[f"kind_{kind}"]


@pytest.mark.parametrize("token", ["something new", "word something new"])
def test_a_feature_of_another_version_goes_by_what_all_are(token: str) -> None:
    assert shown(token, Language.EN) == phrases(Language.EN)["field_learned"]


def test_the_terminal_speaks_the_readers_language(retriever: Retriever) -> None:
    conversation = Conversation(retriever)
    conversation.ask("深圳AI相关企业的总量是多少？")
    text = Responder(Language.HANS).terminal(conversation.why(), colour=False, width=88)
    table = text.partition("得分")[2]
    assert not any(feature in table for feature in trained().learned.features if " " in feature)
