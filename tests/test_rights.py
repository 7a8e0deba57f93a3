"""In groups: who may choose, whose a button is, and whom an anonymous admin is taken for."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sample
from bot_at_work import FIGURE, Working, alert, bot_at_work, fixed, pressed, settled
from fake_telegram import DEADLINE, Chat, FakeTelegram, Json

from bot.layout.language import Language
from bot.telegram.handlers import Limits
from retrieval.models import EVERYTHING, Filters

ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as at_work:
        yield at_work


@pytest.fixture
def admin(working: Working) -> Json:
    return working.telegram.user("管理员")


@pytest.fixture
def member(working: Working) -> Json:
    return working.telegram.user("小明")


@pytest.fixture
def group(working: Working, admin: Json) -> Chat:
    group = working.telegram.group("新闻")
    group.admins.append(admin)
    return group


async def test_a_group_is_set_by_its_admins_alone(
    working: Working, group: Chat, admin: Json, member: Json
) -> None:
    telegram, chats = working.telegram, working.store.chats
    for command in ("/filter 金融", "/language"):
        group.say(member, command)
        assert (await group.sent()).text == fixed("only_group_admins")
    group.say(member, "/filter")
    panel = await group.sent()
    shelf = await pressed(telegram, group, member, panel, fixed("button_industries"))
    assert await alert(telegram, group.press(member, shelf.message, "金融")) == fixed("only_group_admins")
    assert chats.settings(group.id).filters == EVERYTHING
    await pressed(telegram, group, admin, shelf, "金融")
    assert chats.settings(group.id).filters == Filters(industries=("金融",))
    group.say(admin, "/language")
    offer = await group.sent()
    assert await alert(telegram, group.press(member, offer.message, "English")) == fixed("only_group_admins")
    await pressed(telegram, group, admin, offer, "English")
    assert chats.settings(group.id).language is Language.EN


async def test_no_button_of_the_settings_lets_a_member_change_a_group(
    working: Working, group: Chat, admin: Json, member: Json
) -> None:
    group.say(admin, "/settings")
    menu = (await group.sent()).message
    chosen = working.store.chats.settings(group.id)
    waiting, pressed_already = offered(menu), set[str]()
    refused = 0
    while data := next(iter(waiting - pressed_already), None):
        pressed_already.add(data)
        call = await working.telegram.answer(group.press_forged(member, menu, data))
        if call.parameters.get("text") == fixed("only_group_admins"):
            refused += 1
            continue
        await settled(group, admin)
        waiting |= offered(group.messages[menu["message_id"]])
    assert refused >= 6  # filter, language, digest, zone, quiet hours have at least so many
    assert working.store.chats.settings(group.id) == chosen
    assert not [row for row in map(json.loads, working.store.export()) if row["table"] == "digests"]


def offered(message: Json) -> set[str]:
    """What the buttons under a message carry."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}


async def test_what_concerns_one_person_is_that_persons(
    working: Working, group: Chat, admin: Json, member: Json
) -> None:
    telegram = working.telegram
    telegram.knows_ephemeral = False
    for user in (member, admin):
        group.say(user, f"/ask {sample.QUESTION}")
    answers = [await group.sent(), await group.sent()]
    assert await alert(telegram, group.press(admin, answers[0].message, "为什么")) == fixed("not_yours")
    await group.sent()  # what was to be for one member, deleted at once
    group.say(member, "/forget")
    offer = await group.sent()
    assert await alert(telegram, group.press(admin, offer.message, fixed("button_forget"))) == fixed(
        "not_yours"
    )
    kept = [exchange["user"] for exchange in stored(working)]
    assert kept == [member["id"], admin["id"]]
    query = group.press(member, offer.message, fixed("button_forget"))
    assert await alert(telegram, query) == fixed("forgotten")
    assert [exchange["user"] for exchange in stored(working)] == [admin["id"]]


def stored(working: Working) -> list[Json]:
    rows = map(json.loads, working.store.export())
    return [row for row in rows if row["table"] == "exchanges"]


async def test_who_follows_up_on_somebodys_answer_keeps_nothing_of_theirs_when_they_are_forgotten(
    working: Working, group: Chat, admin: Json, member: Json
) -> None:
    group.say(member, f"/ask {sample.QUESTION}")
    answer = await group.sent()
    group.say(admin, "那产值呢？", reply_to=answer.message)
    follow_up = await group.sent()
    private = working.telegram.private(member)
    private.say(member, "/forget")
    offer = await private.sent()
    await alert(working.telegram, private.press(member, offer.message, fixed("button_forget")))
    await private.sent()
    assert "".join(working.store.export()).find("上海") == -1
    query = group.press(admin, follow_up.message, "为什么")
    assert await alert(working.telegram, query) == fixed("answer_forgotten")


async def test_anonymous_admins_of_different_groups_are_not_one_person(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as telegram,
        bot_at_work(tmp_path, telegram, limits=Limits(user=1, group=0)) as working,
    ):
        first, second = telegram.group("一"), telegram.group("二")
        for group in (first, second):
            group.post(ANONYMOUS, sender_chat=group.info, **said(f"/ask {sample.QUESTION}"))
            assert FIGURE in (await group.sent()).message["text"]
        async with asyncio.timeout(DEADLINE):
            while {exchange["user"] for exchange in stored(working)} != {first.id, second.id}:  # noqa: ASYNC110 - no request tells
                await asyncio.sleep(0.01)


async def test_an_anonymous_admin_is_forgotten_by_an_admin_of_the_group_alone(
    working: Working, group: Chat, admin: Json, member: Json
) -> None:
    group.post(ANONYMOUS, sender_chat=group.info, **said(f"/ask {sample.QUESTION}"))
    await group.sent()
    group.post(ANONYMOUS, sender_chat=group.info, **said("/forget"))
    offer = await group.sent()
    label = fixed("button_forget")
    assert await alert(working.telegram, group.press(member, offer.message, label)) == fixed("not_yours")
    assert await alert(working.telegram, group.press(admin, offer.message, label)) == fixed("forgotten")
    assert stored(working) == []
    await settled(group, member)


def said(text: str) -> Json:
    command = {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
    return {"text": text, "entities": [command]}
