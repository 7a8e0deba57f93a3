"""An item of a list is shown with the line that introduces it."""

import pytest

from retrieval.answering.passages import sentence_before
from retrieval.language.sentences import split

INTRODUCTION = "市政府今天公布了扶持制造业企业的下列三项新的措施："


@pytest.mark.parametrize(
    ("text", "sentence", "before"),
    [
        (f"{INTRODUCTION}\n补贴三成\n减税两成\n引进人才", "减税两成", INTRODUCTION),
        (f"{INTRODUCTION}\n1. 补贴三成。\n2. 减税两成。", "2. 减税两成。", INTRODUCTION),
        (f"{INTRODUCTION}\n补贴三成。\n减税两成。", "减税两成。", None),
        (f"会议召开。\n{INTRODUCTION}\n补贴三成", INTRODUCTION, None),
        ("会议召开。\n此后，企业投产。", "此后，企业投产。", "会议召开。"),
    ],
)
def test_what_a_sentence_leans_on(text: str, sentence: str, before: str | None) -> None:
    sentences = split(text)
    texts = [text[one.start : one.end] for one in sentences]
    assert sentence_before(texts.__getitem__, sentences, texts.index(sentence)) == before
