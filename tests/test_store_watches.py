"""Watches, digests and letters in the store: nothing is noted by halves, all of it is the chat's own data."""

import datetime as dt
import json

import sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import Digest, Letter, LetterKind, Notice, NoticeState, Store, Watch, now
from retrieval.models import EVERYTHING, Filters

QUESTION = "月球港口耗资多少亿元？"
ANN, BO, GROUP, SUPERGROUP = 11, 12, -100, -1000000000100
HOUR = dt.timedelta(hours=1)


def begun(store: Store, chat: int = ANN, question: str = QUESTION, user: int | None = None) -> Watch:
    watch = store.watches.begin(chat, question, 20, user=user or chat)
    assert watch is not None
    return watch


def notice(watch: Watch, article: str, state: NoticeState = NoticeState.PENDING) -> Notice:
    return Notice(watch=watch.id, at=now(), state=state, passage=sample.passage(article=article))


def letter(chat: int = ANN, user: int | None = ANN) -> Letter:
    return Letter(chat=chat, user=user, kind=LetterKind.WATCH, at=now(), text="文", buttons="{}")


def digest(chat: int = ANN, user: int | None = ANN, due: dt.datetime | None = None) -> Digest:
    return Digest(chat=chat, user=user, hour=8, since=now() - 24 * HOUR, due=due or now())


def tables(store: Store, user: int | None = None) -> set[str]:
    return {json.loads(line)["table"] for line in store.export(user)} - {"arrivals", "opted_out"}


def test_a_watch_of_the_same_question_and_filters_is_the_same(store: Store) -> None:
    first = begun(store)
    assert begun(store) == first
    finance = Filters(industries=("金融",))
    other = store.watches.begin(ANN, QUESTION, 20, filters=finance)
    assert other is not None
    assert other.id != first.id
    assert [watch.filters for watch in store.watches.of_chat(ANN)] == [EVERYTHING, finance]
    assert store.watches.begin(ANN, "另一个问题", 2) is None
    assert store.watches.end(BO, first.id) is None
    assert store.watches.end(ANN, first.id) == first
    assert store.watches.end(ANN, first.id) is None


def test_what_was_there_at_the_first_look_never_arrives(store: Store) -> None:
    assert store.arrivals.unseen(["7f" * 8, "ff" * 8, "0a" * 8]) == []
    new = ["fe" * 8, "01" * 8]
    assert set(store.arrivals.unseen(["ff" * 8, *new])) == set(new)
    before = now()
    assert store.watches.take_in(new, [], [], now()) == frozenset()
    assert store.arrivals.unseen(["7f" * 8, *new]) == []
    assert set(store.arrivals.between(before - HOUR, now())) == set(new)
    assert store.arrivals.between(now(), now() + HOUR) == ()


def test_an_empty_corpus_is_a_first_look_too(store: Store) -> None:
    assert store.arrivals.unseen([]) == []
    assert store.arrivals.unseen(["ab" * 8]) == ["ab" * 8]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(ids=st.sets(st.integers(1, 2**64 - 1), max_size=20))
def test_every_id_comes_out_as_it_went_in(store: Store, ids: set[int]) -> None:
    store.arrivals.unseen([])
    new = store.arrivals.unseen([f"{number:016x}" for number in ids])
    before = now() - dt.timedelta(microseconds=1)
    store.watches.take_in(new, [], [watch.id for watch in store.watches.all()], now())
    assert set(new) <= {f"{number:016x}" for number in ids}
    assert sorted(store.arrivals.between(before, now())) == sorted(new)


def test_nothing_is_noted_where_a_watch_was_not_looked_at(store: Store) -> None:
    store.arrivals.unseen([])
    first, second = begun(store), begun(store, BO)
    found = [notice(first, "a" * 16)]
    assert store.watches.take_in(["a" * 16], found, [first.id], now()) == {second.id}
    assert store.watches.pending() == {}
    assert store.arrivals.unseen(["a" * 16]) == ["a" * 16]
    assert store.watches.take_in(["a" * 16], found, [first.id, second.id], now()) == frozenset()
    assert [one.passage.article for one in store.watches.pending()[first.id]] == ["a" * 16]


def test_what_was_found_for_a_watch_that_ended_meanwhile_is_dropped(store: Store) -> None:
    store.arrivals.unseen([])
    watch = begun(store)
    store.watches.end(ANN, watch.id)
    assert store.watches.take_in(["a" * 16], [notice(watch, "a" * 16)], [watch.id], now()) == frozenset()
    assert store.watches.pending() == {}


def test_a_letter_is_posted_with_what_it_tells_of_or_not_at_all(store: Store) -> None:
    watch = begun(store)
    store.watches.take_in([], [notice(watch, "a" * 16), notice(watch, "b" * 16)], [watch.id], now())
    pending = store.watches.pending()[watch.id]
    assert store.watches.post(letter(), pending[:1])
    assert not store.watches.post(letter(), pending)
    assert len(store.letters.waiting()) == 1
    assert [one.passage.article for one in store.watches.pending()[watch.id]] == ["b" * 16]
    store.watches.end(ANN, watch.id)
    assert not store.watches.post(letter(), pending[1:])


def test_a_letter_waits_until_it_has_arrived_and_leaves_nothing_of_its_text(store: Store) -> None:
    store.letters.post(letter())
    (waiting,) = store.letters.waiting()
    assert (waiting.in_chat, waiting.shared) == (None, None)
    number = waiting.id or 0
    assert store.letters.begin(number, 5, 9)
    assert (store.letters.waiting()[0].in_chat, store.letters.waiting()[0].shared) == (5, 9)
    store.letters.put_back(number)
    assert store.letters.waiting() == (waiting,)
    store.letters.arrived(number, 10)
    assert store.letters.waiting() == ()
    assert not store.letters.begin(number, 5, 9)
    assert store.letters.numbers(ANN) == {10}
    assert store.letters.latest_numbers() == {ANN: 10}
    assert "文" not in "".join(store.export())


def test_a_chat_that_takes_nothing_is_known_until_it_is_heard_of(store: Store) -> None:
    store.letters.cannot_reach(ANN)
    store.letters.cannot_reach(ANN)
    assert store.letters.unreachable() == {ANN}
    old = letter().model_copy(update={"at": now() - dt.timedelta(days=8)})
    store.letters.post(old)
    store.letters.post(letter())
    store.letters.can_reach(ANN)
    assert store.letters.unreachable() == frozenset()
    assert len(store.letters.waiting()) == 1


def test_a_digest_is_posted_once(store: Store) -> None:
    watch = begun(store)
    store.watches.take_in([], [notice(watch, "a" * 16)], [watch.id], now())
    first = digest(due=now() - HOUR)
    assert store.digests.save(first)
    (due,) = store.digests.due(now())
    after = due.model_copy(update={"since": now(), "due": now() + HOUR})
    found = store.watches.found_since(ANN, due.since)
    assert store.digests.post(due, after, letter(), found)
    assert not store.digests.post(due, after, letter(), found)
    assert len(store.letters.waiting()) == 1
    assert store.watches.pending() == {}
    assert store.digests.of_chat(ANN) == after
    assert store.digests.end(ANN)
    assert not store.digests.end(ANN)


def everything_of(store: Store, chat: int, user: int) -> None:
    watch = begun(store, chat, user=user)
    store.watches.take_in([], [notice(watch, "a" * 16)], [one.id for one in store.watches.all()], now())
    store.digests.save(digest(chat, user))
    store.letters.post(letter(chat, user))
    store.letters.cannot_reach(chat)


def test_to_forget_a_person_takes_all_that_they_began(store: Store) -> None:
    everything_of(store, ANN, ANN)
    everything_of(store, GROUP, ANN)
    everything_of(store, BO, BO)
    assert tables(store, ANN) == {"watches", "digests", "letters", "unreachable"}
    assert store.people.forget(ANN).watches == 2
    assert tables(store, ANN) <= {"unreachable"}
    assert [watch.chat for watch in store.watches.all()] == [BO]
    store.people.opt_out(BO)
    assert tables(store) <= {"unreachable"}
    assert not store.digests.save(digest(BO, BO))
    assert begun(store, BO).id == 0
    assert store.watches.all() == ()


def test_a_chat_that_put_the_bot_out_leaves_nothing(store: Store) -> None:
    everything_of(store, GROUP, ANN)
    store.chats.forget(GROUP)
    assert tables(store) == set()


def test_a_group_takes_all_along_when_it_becomes_a_supergroup(store: Store) -> None:
    everything_of(store, GROUP, ANN)
    on_its_way = store.letters.waiting()[0]
    store.letters.begin(on_its_way.id or 0, 1, 1)
    store.letters.post(letter(GROUP))
    for _ in range(2):
        store.chats.migrate(GROUP, SUPERGROUP)
    assert [watch.chat for watch in store.watches.all()] == [SUPERGROUP]
    assert store.digests.of_chat(SUPERGROUP) is not None
    assert [(one.chat, one.in_chat) for one in store.letters.waiting()] == [(SUPERGROUP, None)]
    assert store.letters.unreachable() == frozenset()


def test_a_watch_that_found_nothing_for_long_ends(store: Store) -> None:
    watch = begun(store)
    store.letters.post(letter())
    store.digests.save(digest())
    assert store.purge(1).watches == 0
    assert store.purge(0).watches == 1
    assert store.watches.notices(watch.id) == ()
    assert store.letters.waiting() == ()
    assert store.digests.of_chat(ANN) is not None
