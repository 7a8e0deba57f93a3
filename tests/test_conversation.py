"""What a chat remembers, and what it replies."""

import pytest
from sample import COPY, OFFLINE, QUESTION, SHANGHAI, Fixed, Library, answer, passage

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, State
from bot.layout.language import Language
from bot.layout.responder import Responder
from retrieval.models import Passage
from retrieval.retriever import Retriever


@pytest.fixture
def library() -> Library:
    return Library(SHANGHAI, COPY, OFFLINE)


@pytest.fixture
def conversation(library: Library) -> Conversation:
    return Conversation(library)


def numbered(count: int) -> tuple[Passage, ...]:
    return tuple(passage(f"第{n}句。", rank=n) for n in range(1, count + 1))


def test_the_seed_corpus(retriever: Retriever) -> None:
    conversation = Conversation(retriever)
    reply = conversation.ask(QUESTION)
    best = reply.passages[0]
    assert reply.kind is Kind.ANSWER
    assert "350家" in [best.text[start:end] for start, end in best.highlights]
    assert best.text in [sentence.text for sentence in conversation.context().context]
    explanation = conversation.why().explanation
    assert explanation is not None
    assert sum(share.amount for share in explanation.shares) == pytest.approx(best.score, abs=1e-9)
    assert len(conversation.welcome().questions) == 2
    assert conversation.sources().total == 1


@pytest.mark.parametrize(
    ("said", "kind"),
    [("再多几条", Kind.MORE), ("為什麼？", Kind.WHY), ("上下文", Kind.CONTEXT), ("more", Kind.MORE)],
)
def test_words_do_what_commands_do(retriever: Retriever, said: str, kind: Kind) -> None:
    conversation = Conversation(retriever)
    assert conversation.ask(said).kind is Kind.NOTHING_ASKED
    conversation.ask(QUESTION)
    understood = conversation.state.understood
    assert conversation.ask(said).kind is kind
    assert conversation.state.understood == understood


def test_a_question_shows_the_best_passage_and_two_more(conversation: Conversation) -> None:
    reply = conversation.ask(QUESTION)
    assert reply.kind is Kind.ANSWER
    assert "350家" in reply.passages[0].text
    assert len(reply.passages) == 3


def test_more_shows_three_at_a_time_until_there_are_none() -> None:
    conversation = Conversation(Fixed(answer(*numbered(8))))
    asked = conversation.ask(QUESTION)
    replies = [conversation.more() for _ in range(4)]
    assert [reply.kind for reply in replies] == [Kind.MORE, Kind.MORE, Kind.NO_MORE, Kind.NO_MORE]
    assert [p.rank for reply in (asked, *replies) for p in reply.passages] == list(range(1, 9))
    assert [reply.first for reply in (asked, *replies[:2])] == [1, 4, 7]
    assert [reply.remaining for reply in (asked, *replies[:2])] == [5, 2, 0]


def test_copies_of_a_sentence_are_shown_once() -> None:
    copies = (
        passage("甲　乙。"),
        passage("甲 乙。", rank=2),
        passage("丙。", rank=3),
        passage("丙。", rank=4),
    )
    conversation = Conversation(Fixed(answer(*copies)))
    assert [p.rank for p in conversation.ask(QUESTION).passages] == [1, 3]
    assert conversation.more().kind is Kind.NO_MORE
    why = conversation.why(2)
    assert why.explanation is not None
    assert why.explanation.passage.rank == 3


def test_a_follow_up_is_asked_with_the_question_understood_before(
    conversation: Conversation, library: Library
) -> None:
    conversation.ask(QUESTION)
    conversation.ask("那产值呢？")
    reply = conversation.ask("那人才呢？")
    assert [previous for _, previous in library.asked] == [None, QUESTION, f"{QUESTION} 那产值呢？"]
    assert reply.answer is not None
    assert reply.answer.understood == f"{QUESTION} 那产值呢？ 那人才呢？"


@pytest.mark.parametrize("text", ["", " ", "\n", "？！……", "　"])
def test_an_empty_question_changes_nothing(conversation: Conversation, text: str) -> None:
    conversation.ask(QUESTION)
    before = conversation.state
    assert conversation.ask(text).kind is Kind.EMPTY
    assert conversation.state == before


def test_half_a_character_from_a_terminal_is_no_error(conversation: Conversation) -> None:
    assert conversation.ask(f"{QUESTION}\udce4").kind is Kind.ANSWER


def test_words_that_match_nothing_leave_the_question_to_follow_up_on(conversation: Conversation) -> None:
    conversation.ask(QUESTION)
    reply = conversation.ask("zzqx")
    assert reply.kind is Kind.DECLINED
    assert reply.passages == ()
    assert conversation.state.understood == QUESTION
    assert conversation.more().kind is Kind.NO_PASSAGE
    assert conversation.context().kind is Kind.NO_PASSAGE


def test_a_declined_question_shows_the_nearest_sentence_without_highlights(
    conversation: Conversation,
) -> None:
    reply = conversation.ask("广东今年新增多少吨芯片？")
    assert reply.kind is Kind.DECLINED
    assert reply.answer is not None
    assert reply.answer.reason is not None
    assert len(reply.passages) == 1
    assert reply.passages[0].highlights == ()
    assert conversation.more().kind is Kind.MORE


def test_before_any_question_there_is_nothing_to_show(conversation: Conversation) -> None:
    replies = (conversation.more(), conversation.context(), conversation.why())
    assert {reply.kind for reply in replies} == {Kind.NOTHING_ASKED}


def test_context_and_why_of_the_numbered_passage(conversation: Conversation) -> None:
    shown = conversation.ask(QUESTION).passages
    for number in (1, 2, 3):
        context = conversation.context(number)
        assert [s.text for s in context.context if s.is_passage] == [shown[number - 1].text]
        why = conversation.why(number)
        assert why.explanation is not None
        assert why.explanation.passage.text == shown[number - 1].text


@pytest.mark.parametrize("number", [-1, 0, 4, 10**6])
def test_a_number_that_was_not_shown(conversation: Conversation, number: int) -> None:
    conversation.ask(QUESTION)
    assert conversation.context(number).kind is Kind.NO_SUCH
    assert conversation.why(number).kind is Kind.NO_SUCH


def test_an_article_that_is_gone(conversation: Conversation) -> None:
    conversation.ask(QUESTION)
    later = Conversation(Library(), conversation.state)
    assert later.context().kind is Kind.GONE


def test_sources_are_the_newest_and_the_number_of_all() -> None:
    articles = [SHANGHAI.model_copy(update={"record": n}) for n in range(1, 31)]
    reply = Conversation(Library(*articles)).sources()
    assert [article.record for article in reply.articles] == list(range(1, 21))
    assert reply.total == 30
    assert Conversation(Library()).sources().kind is Kind.NO_SOURCES


def test_a_link_opens_its_article(conversation: Conversation) -> None:
    before = conversation.state
    assert SHANGHAI.url is not None
    assert conversation.ask(SHANGHAI.url).articles == (SHANGHAI,)
    assert conversation.ask("https://example.com/nowhere").kind is Kind.UNKNOWN_LINK
    assert conversation.state == before


def test_the_seed_corpus_makes_its_own_examples(retriever: Retriever) -> None:
    examples = Conversation(retriever).welcome().questions
    assert examples
    assert all(retriever.ask(question).answered for question in examples)


def test_the_seed_article_is_found_by_its_link(retriever: Retriever) -> None:
    article = retriever.articles(1)[0]
    assert article.url is not None
    assert retriever.linked(article.url.replace("https://", "http://www.") + "?utm_source=x") == article
    assert retriever.linked("https://example.com/2023/07/08/nothing") is None


def test_a_chat_goes_on_after_a_restart(conversation: Conversation, library: Library) -> None:
    conversation.ask(QUESTION)
    stored = conversation.state.model_dump_json()
    later = Conversation(library, State.model_validate_json(stored))
    assert later.more() == conversation.more()
    assert later.why() == conversation.why()


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, "zh-hans"),
        ("", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-Hans-HK", "zh-hans"),
        ("zh-TW", "zh-hant"),
        ("zh_HK", "zh-hant"),
        ("zh-hant", "zh-hant"),
        ("en-US", "en"),
        ("de", "en"),
    ],
)
def test_the_language_for_a_code(code: str | None, language: str) -> None:
    assert Language.of(code) == language


@pytest.mark.parametrize("said", ["你好", "谢谢！", "你是谁？", "哈哈哈", "👍", "怎么用", "q"])
def test_small_talk_and_wishes_change_nothing_and_look_nothing_up(said: str) -> None:
    library = Library(SHANGHAI)
    conversation = Conversation(library)
    conversation.ask(QUESTION)
    before, asked = conversation.state, len(library.asked)
    reply = conversation.ask(said)
    assert reply.kind in {Kind.SMALL_TALK, Kind.HELP, Kind.LEAVE}
    assert conversation.state == before
    assert len(library.asked) == asked
    assert all(Responder(language).telegram(reply) for language in Language)


def test_the_latest_are_those_of_a_subject_or_a_time(conversation: Conversation) -> None:
    assert [article.title for article in conversation.latest("广东").articles] == [OFFLINE.title]
    assert conversation.latest("2023年7月").articles == (SHANGHAI,)
    assert conversation.latest().total == 3
