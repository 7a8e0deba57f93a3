"""The store on real databases: what goes in comes out, for whom it may, from any thread and process."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.replies import State
from bot.layout.language import Language
from bot.store import ChatSettings, Exchange, Outcome, Store, UploadState, Verdict, Why
from bot.store.people import hold
from retrieval.models import Answer, Filters, Reason

NOW = dt.datetime(2026, 11, 24, 12, 30, tzinfo=dt.UTC)
GROUP, SUPERGROUP, ANN, BO = -100, -1000000000100, 11, 12


def declined(question: str, code: str = "low_confidence") -> Answer:
    reason = Reason.model_validate({"code": code, "message": code})
    return sample.answer(
        sample.passage(), question=question, understood=question, answered=False, reason=reason
    )


def exchange(answered: int, answer: Answer | None = None, **fields: object) -> Exchange:
    answer = answer or sample.answer(sample.passage())
    state = State(understood=answer.understood, answer=answer, shown=1)
    values: dict[str, object] = {"chat": GROUP, "user": ANN, "asked": answered - 1, "at": NOW}
    return Exchange.model_validate({"answered": answered, "state": state} | values | fields)


def test_an_empty_store_knows_nothing(store: Store) -> None:
    store.check()
    assert store.chats.settings(ANN) == ChatSettings()
    assert store.exchanges.latest(ANN) is None
    assert store.exchanges.of_answer(ANN, 1) is None
    assert store.summaries.gaps() == ()
    assert store.summaries.stats().days == ()
    assert store.uploads.list() == ()
    assert list(store.export()) == []


def test_an_exchange_is_found_by_its_answers_id(store: Store) -> None:
    for number in range(3):
        answer = sample.answer(sample.passage(), id=f"{number:012}")
        store.exchanges.remember(exchange(10 + number, answer))
    found = store.exchanges.of_answer_id(f"{1:012}")
    assert found is not None
    assert found.answered == 11
    assert store.exchanges.of_answer_id("f" * 12) is None


def test_settings_are_kept_for_the_next_process(store_url: str) -> None:
    chosen = ChatSettings(
        language=Language.HANT, filters=Filters(industries=("金融",), since=dt.date(2023, 1, 1))
    )
    first, second = Store(store_url), Store(store_url)
    assert first.chats.save(GROUP, ChatSettings(language=Language.EN))
    assert first.chats.save(GROUP, chosen)
    assert second.chats.settings(GROUP) == chosen
    assert second.chats.settings(ANN) == ChatSettings()
    first.close()
    second.close()


def test_an_exchange_is_found_by_either_message(store: Store) -> None:
    kept = exchange(8, topic=3)
    assert store.exchanges.remember(kept)
    assert store.exchanges.of_answer(GROUP, 8) == kept
    assert store.exchanges.of_question(GROUP, 7) == kept
    assert store.exchanges.of_answer(ANN, 8) is None
    assert store.exchanges.of_question(GROUP, 8) is None


def test_the_latest_is_the_one_stored_last_whatever_the_clock_says(store: Store) -> None:
    store.exchanges.remember(exchange(2))
    store.exchanges.remember(exchange(4, user=BO, at=NOW - dt.timedelta(days=900)))
    store.exchanges.remember(exchange(6, topic=3))
    assert answered(store.exchanges.latest(GROUP)) == 4
    assert answered(store.exchanges.latest(GROUP, user=ANN)) == 2
    assert answered(store.exchanges.latest(GROUP, topic=3)) == 6
    assert store.exchanges.latest(GROUP, topic=3, user=BO) is None


def answered(found: Exchange | None) -> int | None:
    return None if found is None else found.answered


def test_an_edited_question_takes_the_place_of_the_first_and_loses_its_ratings(store: Store) -> None:
    store.exchanges.remember(exchange(2))
    store.feedback.rate(BO, GROUP, 2, Verdict.DOWN)
    more = exchange(2)
    more = more.model_copy(update={"state": more.state.model_copy(update={"shown": 3})})
    store.exchanges.remember(more)
    assert store.exchanges.of_answer(GROUP, 2) == more
    assert store.feedback.verdict(BO, GROUP, 2) is Verdict.DOWN
    edited = exchange(2, declined("别的问题"))
    store.exchanges.remember(edited)
    assert store.exchanges.of_answer(GROUP, 2) == edited
    assert store.feedback.verdict(BO, GROUP, 2) is None


def test_a_state_without_an_answer_is_not_kept(store: Store) -> None:
    assert not store.exchanges.remember(exchange(2).model_copy(update={"state": State()}))
    assert list(store.export()) == []


def test_a_person_has_one_changeable_opinion_of_an_answer(store: Store) -> None:
    store.exchanges.remember(exchange(2))
    for verdict in (Verdict.UP, Verdict.DOWN, Verdict.DOWN):
        assert store.feedback.rate(BO, GROUP, 2, verdict)
        assert store.feedback.verdict(BO, GROUP, 2) is verdict
    assert store.feedback.rate(ANN, GROUP, 2, Verdict.UP)
    assert (store.summaries.stats().ups, store.summaries.stats().downs) == (1, 1)
    assert store.feedback.rate(BO, GROUP, 2, None)
    assert store.feedback.verdict(BO, GROUP, 2) is None
    assert not store.feedback.rate(BO, GROUP, 99, Verdict.UP)


def test_gaps_are_grouped_and_the_most_frequent_first(store: Store) -> None:
    for number, text in enumerate(("广东有多少家？", "廣東有多少家", " 广东 有多少家?", "谁是市长"), 1):
        store.exchanges.remember(exchange(2 * number, declined(text, "unmet_demand")))
    store.exchanges.remember(exchange(20))
    store.exchanges.remember(exchange(22, declined("。。", "empty_question")))
    store.feedback.rate(ANN, GROUP, 20, Verdict.DOWN)
    store.feedback.rate(BO, GROUP, 20, Verdict.DOWN)
    store.feedback.rate(ANN, GROUP, 2, Verdict.DOWN)
    first, second, third = store.summaries.gaps()
    assert (first.question, first.why, first.count) == (" 广东 有多少家?", Why.UNANSWERED, 3)
    assert (second.question, second.why, second.count) == (sample.QUESTION, Why.RATED_DOWN, 1)
    assert (third.question, third.last) == ("谁是市长", NOW)
    assert (first.passage, first.title) == (sample.passage().text, sample.SHANGHAI.title)
    assert store.summaries.gaps(limit=1) == (first,)


def test_stats_count_outcomes_by_utc_day(store: Store) -> None:
    today = dt.datetime.now(dt.UTC).replace(hour=0, minute=30)
    yesterday_here = today.astimezone(dt.timezone(-dt.timedelta(hours=1)))
    store.exchanges.remember(exchange(2, at=today))
    store.exchanges.remember(exchange(4, declined("甲"), at=yesterday_here, user=BO))
    store.exchanges.remember(
        exchange(6, declined("乙", "no_match"), at=today - dt.timedelta(days=3), chat=BO)
    )
    store.exchanges.remember(exchange(8, at=today - dt.timedelta(days=40)))
    store.feedback.write(GROUP, ANN, "好")
    stats = store.summaries.stats(days=30)
    assert [(count.day, dict(count.outcomes)) for count in stats.days] == [
        (today.date() - dt.timedelta(days=3), {Outcome.NO_MATCH: 1}),
        (today.date(), {Outcome.ANSWERED: 1, Outcome.LOW_CONFIDENCE: 1}),
    ]
    assert (stats.chats, stats.users, stats.feedback) == (2, 2, 1)
    assert len(store.summaries.stats(days=3).days) == 1


def test_a_supergroup_has_all_that_the_group_had_but_its_message_numbers(store: Store) -> None:
    settings = ChatSettings(language=Language.EN)
    store.chats.save(GROUP, settings)
    store.exchanges.remember(exchange(2))
    store.exchanges.remember(exchange(4, declined("甲")))
    store.feedback.rate(BO, GROUP, 2, Verdict.UP)
    for _ in range(2):
        store.chats.migrate(GROUP, SUPERGROUP)
    assert store.chats.settings(SUPERGROUP) == settings
    assert store.chats.settings(GROUP) == ChatSettings()
    latest = store.exchanges.latest(SUPERGROUP)
    assert latest is not None
    assert latest.state.understood == "甲"
    assert store.exchanges.of_answer(SUPERGROUP, 2) is None
    assert store.summaries.stats().ups == 1
    store.exchanges.remember(exchange(2, chat=SUPERGROUP))
    assert answered(store.exchanges.latest(SUPERGROUP)) == 2


def test_what_the_supergroup_chose_stays(store: Store) -> None:
    store.chats.save(GROUP, ChatSettings(language=Language.EN))
    store.chats.save(SUPERGROUP, ChatSettings(language=Language.HANT))
    store.chats.migrate(GROUP, SUPERGROUP)
    assert store.chats.settings(SUPERGROUP).language is Language.HANT


def test_uploads_go_from_state_to_state_once(store: Store) -> None:
    first, second = store.uploads.add(ANN, ["a.txt", "子/b.txt"]), store.uploads.add(ANN, [])
    assert (first.files, first.state) == (("a.txt", "子/b.txt"), UploadState.PENDING)
    assert store.uploads.move(first.id, before=UploadState.PENDING, after=UploadState.CONFIRMED)
    assert not store.uploads.move(first.id, before=UploadState.PENDING, after=UploadState.WITHDRAWN)
    confirmed = first.model_copy(update={"state": UploadState.CONFIRMED})
    assert store.uploads.get(first.id) == confirmed
    assert store.uploads.list() == (second, confirmed)
    assert store.uploads.list(UploadState.CONFIRMED) == (confirmed,)
    assert store.uploads.get(99) is None


def fill(store: Store, user: int, first: int) -> None:
    """Something of a person in every table."""
    store.chats.save(user, ChatSettings(language=Language.EN))
    store.exchanges.remember(exchange(first, chat=user, user=user))
    store.exchanges.remember(exchange(first, declined("甲"), user=user))
    store.feedback.rate(user, GROUP, first, Verdict.DOWN)
    store.feedback.write(user, user, "好")
    store.feedback.write(GROUP, user, "好")


def test_forgetting_a_person_leaves_nothing_of_theirs_and_all_of_the_others(store: Store) -> None:
    fill(store, BO, 20)
    others = list(store.export())
    fill(store, ANN, 10)
    store.feedback.rate(ANN, GROUP, 20, Verdict.UP)
    store.feedback.rate(BO, GROUP, 10, Verdict.UP)
    upload = store.uploads.add(ANN, ["a.txt"])
    deleted = store.people.forget(ANN)
    assert (deleted.exchanges, deleted.ratings, deleted.feedback, deleted.chats) == (2, 3, 2, 1)
    assert list(store.export(ANN)) == []
    assert store.uploads.get(upload.id) == upload.model_copy(update={"admin": None})
    assert [line for line in store.export() if '"uploads"' not in line] == others


def test_of_who_opted_out_nothing_is_stored_but_that(store: Store) -> None:
    fill(store, ANN, 10)
    store.people.opt_out(ANN)
    fill(store, ANN, 20)
    store.exchanges.remember(exchange(30, user=BO))
    assert not store.feedback.rate(ANN, GROUP, 30, Verdict.UP)
    assert store.people.has_opted_out(ANN)
    (line,) = store.export(ANN)
    assert (json.loads(line)["table"], json.loads(line)["user"]) == ("opted_out", ANN)
    store.people.forget(ANN)
    store.people.opt_out(ANN)
    assert store.people.has_opted_out(ANN)
    store.people.opt_in(ANN)
    assert not store.people.has_opted_out(ANN)
    assert store.exchanges.remember(exchange(40))


def test_a_chat_can_be_forgotten(store: Store) -> None:
    fill(store, ANN, 10)
    store.exchanges.remember(exchange(12, chat=SUPERGROUP))
    store.chats.forget(SUPERGROUP)
    store.chats.forget(ANN)
    store.chats.forget(GROUP)
    assert list(store.export()) == []


def test_a_purge_takes_what_is_older(store: Store) -> None:
    now = dt.datetime.now(dt.UTC)
    store.exchanges.remember(exchange(2, at=now - dt.timedelta(days=91)))
    store.feedback.rate(ANN, GROUP, 2, Verdict.UP)
    store.exchanges.remember(exchange(4, at=now - dt.timedelta(days=89)))
    store.chats.save(GROUP, ChatSettings(language=Language.EN))
    before = list(store.export())
    assert store.purge(92).exchanges == 0
    assert store.purge(10**9).exchanges == 0
    assert list(store.export()) == before
    deleted = store.purge(90)
    assert (deleted.exchanges, deleted.ratings) == (1, 1)
    assert store.exchanges.of_answer(GROUP, 2) is None
    assert store.exchanges.of_answer(GROUP, 4) is not None
    assert store.chats.settings(GROUP).language is Language.EN
    store.feedback.write(GROUP, ANN, "好")
    store.uploads.add(ANN, [])
    deleted = store.purge(0)
    assert (deleted.exchanges, deleted.feedback, deleted.uploads) == (1, 1, 1)


def test_an_export_holds_every_row_with_its_table(store: Store) -> None:
    fill(store, ANN, 10)
    lines = [json.loads(line) for line in store.export()]
    assert [line["table"] for line in lines] == [
        "chats", "exchanges", "exchanges", "feedback", "feedback", "ratings",
    ]  # fmt: skip
    assert lines[1]["state"]["answer"]["question"] == sample.QUESTION
    assert lines[1]["at"] == NOW.isoformat()


def test_threads_share_a_store(store: Store) -> None:
    def ask(number: int) -> bool:
        return store.exchanges.remember(exchange(number)) and store.feedback.rate(
            number, GROUP, number, Verdict.UP
        )

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(ask, range(1, 201)))
    assert store.summaries.stats().ups == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(text=st.text(), topic=st.none() | st.integers(0, 2**52), chat=st.integers(-(2**52), 2**52))
def test_any_question_comes_back_as_it_was(store: Store, text: str, topic: int | None, chat: int) -> None:
    kept = exchange(5, sample.answer(sample.passage(), question=text), chat=chat, topic=topic)
    assert store.exchanges.remember(kept)
    assert store.exchanges.latest(chat, topic) == kept
    assert store.feedback.write(chat, None, text)


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="zone"):
        exchange(2, at=NOW.replace(tzinfo=None))
    assert list(store.export()) == []


def test_what_others_asked_in_somebodys_words_is_forgotten_with_them(store: Store) -> None:
    store.exchanges.remember(exchange(2, user=ANN, sources=frozenset({ANN})))
    follow_up = exchange(4, user=BO, sources=frozenset({ANN, BO}), earlier=frozenset({ANN}))
    store.exchanges.remember(follow_up)
    store.exchanges.remember(exchange(6, user=BO, sources=frozenset({BO}), earlier=frozenset({BO})))
    assert store.exchanges.of_answer(GROUP, 4) == follow_up
    store.people.forget(ANN)
    assert [store.exchanges.of_answer(GROUP, number) is None for number in (2, 4, 6)] == [True, True, False]


def test_of_who_opts_out_at_that_moment_nothing_is_stored(store: Store) -> None:
    with ThreadPoolExecutor(2) as threads:
        for _ in range(30):
            store.people.opt_in(ANN)
            remembering = threads.submit(store.exchanges.remember, exchange(2))
            store.people.opt_out(ANN)
            remembering.result()
            assert store.exchanges.of_answer(GROUP, 2) is None


def test_an_opt_out_waits_for_what_is_being_stored(store: Store) -> None:
    store.check()
    with ThreadPoolExecutor(1) as threads:
        with store._database.writing() as connection:
            hold(connection, ANN)
            leaving = threads.submit(store.people.opt_out, ANN)
            with pytest.raises(TimeoutError):
                leaving.result(timeout=0.3)
        leaving.result()
    assert store.people.has_opted_out(ANN)


def test_an_export_is_of_one_state(store: Store) -> None:
    store.chats.save(BO, ChatSettings(language=Language.EN))
    exported = store.export()
    first = next(exported)
    store.feedback.write(BO, BO, "later")
    assert "later" not in "".join([first, *exported])


def test_what_a_group_writes_anonymously_is_forgotten_and_nothing_else_of_the_group(store: Store) -> None:
    store.exchanges.remember(exchange(2, user=GROUP))
    store.exchanges.remember(exchange(4, user=BO))
    store.chats.save(GROUP, ChatSettings(language=Language.EN))
    store.people.forget(GROUP)
    assert store.exchanges.of_answer(GROUP, 2) is None
    assert store.exchanges.of_answer(GROUP, 4) is not None
    assert store.chats.settings(GROUP).language is Language.EN
