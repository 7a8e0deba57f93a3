"""Figures are what they say: counted by hand on a corpus of three articles."""

import json
from pathlib import Path

import pytest

from retrieval import EmbeddedIndex, Retriever, Tokeniser, evaluation, question_sets
from retrieval.errors import QuestionSetError
from retrieval.index.update import updates

CONTEXTS = [
    ("上海", "上海的企业有350家。上海的产值是3800亿元。"),
    ("北京", "北京的企业有47793家。北京在2016年新增21483家。"),
    ("丹麦", "丹麦在2019年3月发布国家战略。"),
]
QUESTIONS = [
    (0, "上海的产值是多少？", "3800亿元"),
    (1, "北京的企业有多少家？", "47793家"),
    (2, "丹麦什么时候发布国家战略？", "2019年3月"),
]


def squad(tmp_path: Path, questions: list[tuple[int, str, str]]) -> Path:
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": context,
                    "id": "ignored",
                    "qas": [
                        {
                            "id": f"q{number}",
                            "question": text,
                            "answers": [{"text": answer, "answer_start": context.find(answer)}],
                        }
                        for number, (place, text, answer) in enumerate(questions)
                        if place == article
                    ],
                }
            ],
        }
        for article, (title, context) in enumerate(CONTEXTS)
    ]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"version": "1", "data": data}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def asked(tmp_path: Path, tokeniser: Tokeniser) -> tuple[Retriever, question_sets.QuestionSet]:
    found = question_sets.read_squad(squad(tmp_path, QUESTIONS))
    updates.update(tmp_path / "index", found.articles, tokeniser)
    return Retriever(EmbeddedIndex(tmp_path / "index", tokeniser), tokeniser), found


def test_gold_is_the_sentence_that_holds_the_answer(tmp_path: Path) -> None:
    found = question_sets.read_squad(squad(tmp_path, QUESTIONS))
    assert [question.gold[0][1] for question in found.questions] == [1, 0, 0]
    assert [article.title for article in found.articles] == ["上海", "北京", "丹麦"]


def test_right_answers_are_hits(asked: tuple[Retriever, question_sets.QuestionSet]) -> None:
    retriever, found = asked
    report = evaluation.report(evaluation.evaluate(retriever, found.questions))
    overall = report.overall
    assert (overall.n, overall.hit_1, overall.hit_3, overall.mrr_10, overall.article_1) == (3, 1, 1, 1, 1)
    assert overall.highlight == 1
    assert {kind: figures.n for kind, figures in report.by_kind.items()} == {"number": 2, "date": 1}


def test_reliability_counts_every_question_once(asked: tuple[Retriever, question_sets.QuestionSet]) -> None:
    retriever, found = asked
    bins = evaluation.report(evaluation.evaluate(retriever, found.questions)).reliability
    assert sum(found.n for found in bins) == len(QUESTIONS)
    assert all(found.least <= found.confidence <= found.least + 1 / evaluation.BINS for found in bins)
    assert all(found.right == 1 for found in bins)


def test_wrong_gold_is_a_miss(asked: tuple[Retriever, question_sets.QuestionSet]) -> None:
    retriever, found = asked
    wrong = found.questions[0].model_copy(update={"gold": ((found.articles[2].id, 0),)})
    overall = evaluation.report(evaluation.evaluate(retriever, [wrong, found.questions[1]])).overall
    assert overall.hit_1 == 0.5
    assert overall.article_1 == 0.5


def test_without_gold_nothing_can_be_right(asked: tuple[Retriever, question_sets.QuestionSet]) -> None:
    retriever, found = asked
    outcomes = evaluation.evaluate(retriever, found.questions, without_gold=True)
    assert all(outcome.rank == 0 and not outcome.right_article for outcome in outcomes)


def test_unanswerable_questions_count_apart(
    asked: tuple[Retriever, question_sets.QuestionSet], tmp_path: Path
) -> None:
    retriever, found = asked
    others = question_sets.unanswerable(squad(tmp_path, [(0, "怎么办理护照？", "350家")]))
    report = evaluation.report(evaluation.evaluate(retriever, [*found.questions, *others]))
    assert report.overall.n == 3
    assert report.by_kind["unanswerable"].answered == 0


def test_questions_in_other_words(tmp_path: Path) -> None:
    found = question_sets.read_squad(squad(tmp_path, QUESTIONS))
    otherwise = squad(tmp_path, [(0, "What is the output?", "3800亿元")])
    assert [q.text for q in question_sets.asked_otherwise(found.questions, otherwise)] == [
        "What is the output?"
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"id": "a"}', r"line 1: kind: "),
        ('{"id": 1}', r"line 1: id: "),
        ("not json", "line 1"),
        ('{"id": "a", "kind": "direct", "question": "?", "gold_sentence": "没有这句。"}', "--corpus"),
    ],
)
def test_bad_question_sets_are_told(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(QuestionSetError, match=complaint):
        question_sets.read_questions(path, [])


@pytest.mark.parametrize("content", ["", "[]", '{"data": 1}', '{"data": [{"title": "x"}]}'])
def test_bad_squad_files_are_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionSetError, match="SQuAD form"):
        question_sets.read_squad(path)


def test_a_missing_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read"):
        question_sets.read_squad(tmp_path / "none.json")


@pytest.mark.parametrize(("kind", "least"), [("direct", 0.95), ("traditional", 1.0), ("followup", 1.0)])
def test_the_seed_questions(retriever: Retriever, shared: Path, kind: str, least: float) -> None:
    questions = question_sets.read_questions(shared / "seed_questions.jsonl", retriever.articles()).questions
    report = evaluation.report(evaluation.evaluate(retriever, questions))
    assert report.by_kind[kind].hit_1 >= least
    assert report.by_kind[kind].answered >= 0.95
    assert report.by_kind["unanswerable_far"].answered == 0
