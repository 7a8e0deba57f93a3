"""What is said of another, or of something else, than was asked for is no answer."""

from pathlib import Path

import pytest

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.index.update import updates
from retrieval.ranking import contrasts

TOLD = (
    ("苔原市企业", "去年苔原市新增软件企业260家。苔原市共有饭馆4100家。"),
    ("松塔软件", "松塔软件每天处理的图片有300万张。松塔软件由白桦公司开发。"),
    ("Kestrelium 2 发布", "Kestrelium 2 的准确率达到91%。"),
    ("云南试验站", "云南的试验站由7家增至16家，为湖南采矿、火山观测等工程出力。"),
    ("灰鹭大桥封闭", "灰鹭大桥昨天夜里封闭，车辆都要绕行。"),
    ("苔原二十一号返回", "苔原二十一号今天着陆，苔原二十号宇航员李松林、王桦身体良好。"),
    ("雪原县公路", "雪原县修成公路350公里。"),
)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, tokeniser: Tokeniser) -> Retriever:
    folder: Path = tmp_path_factory.mktemp("contrasts")
    articles = [
        Article(title=title, url=None, summary=text, file="a.txt", record=number)
        for number, (title, text) in enumerate(TOLD, 1)
    ]
    updates.update(folder, articles, tokeniser)
    return Retriever(EmbeddedIndex(folder, tokeniser), tokeniser)


@pytest.mark.parametrize(
    "question",
    [
        "苔原市有多少家软件企业？",
        "松塔软件的日活是多少？",
        "Kestrelium3的准确率是多少？",
        "湖南的试验站有多少家？",
        "灰鹭大桥为什么封闭？",
        "苔原二十一号的宇航员是谁？",
        "苇原县修成公路多少公里？",
        "火山有多少家试验站？",
    ],
)
def test_what_is_told_of_something_else_is_not_answered(retriever: Retriever, question: str) -> None:
    assert not retriever.ask(question).answered


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("苔原市新增了多少家软件企业？", "260家"),
        ("云南的试验站有多少家？", "16家"),
        ("Kestrelium 2的准确率是多少？", "91%"),
    ],
)
def test_what_was_asked_for_is_answered(retriever: Retriever, question: str, expected: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered or answer.likely
    assert expected in answer.passages[0].text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("kestrelium3", "kestrelium2", True),
        ("kestrelium3", "kestrelium", True),
        ("kestrelium3", "kestreliums", False),
        ("kestrelium3", "xkestrelium2", False),
        ("kestrelium", "kestrelium2", False),
        ("k3", "k2", False),
        ("kestrelium-z", "kestrelium-x", True),
        ("kestrelium-z", "kestrelium", False),
    ],
)
def test_a_name_with_a_number_is_one_of_several(name: str, text: str, *, expected: bool) -> None:
    assert contrasts.is_another_of(name, text) is expected
