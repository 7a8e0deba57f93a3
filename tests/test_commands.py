"""Commands: the welcome and links, the articles, the filter, what is stored, what admins ask, the menu."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import fake_telegram as fake
import pytest
import sample
from bot_at_work import FIGURE, Library, Working, alert, bot_at_work, fixed, pressed, settled
from fake_telegram import Chat, FakeTelegram, Json
from hypothesis import given
from hypothesis import strategies as st

from bot.layout.language import Language
from bot.telegram.application import application
from bot.telegram.handlers import Access
from bot.telegram.handlers.menu import introduce
from bot.telegram.messages import links
from retrieval.models import Article, Filters

ADMIN = 1001
"""The first user that the fake server makes."""


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    access = Access(admins=frozenset({ADMIN}))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, access=access) as at_work:
        yield at_work


@pytest.fixture
def admin(working: Working) -> Json:
    return working.telegram.user("管理员")


@pytest.fixture
def reader(working: Working, admin: Json) -> Json:
    assert admin["id"] == ADMIN
    return working.telegram.user("小明")


@pytest.fixture
def chat(working: Working, reader: Json) -> Chat:
    return working.telegram.private(reader)


async def test_an_example_of_the_welcome_is_asked_by_its_button(
    working: Working, reader: Json, chat: Chat
) -> None:
    chat.say(reader, "/start")
    welcome = await chat.sent()
    assert welcome.buttons == [[sample.QUESTION], ["早在2017年上海发布了什么？"]]
    await working.telegram.answer(chat.press(reader, welcome.message, sample.QUESTION))
    answer = await chat.sent()
    assert FIGURE in answer.message["text"]
    assert (await pressed(working.telegram, chat, reader, answer, "上下文")).edited


@pytest.mark.usefixtures("working")
async def test_links_open_a_sentence_an_article_or_an_answer(reader: Json, chat: Chat) -> None:
    article = sample.SHANGHAI.id
    for link, shown in [
        (links.to_sentence("bot", article, 1), FIGURE),
        (links.to_article("bot", article), "行业：金融、制造、医疗"),
        (links.to_question("bot", "上海企业多少家"), FIGURE),
    ]:
        assert link is not None
        payload = link.partition("?start=")[2]
        chat.say(reader, f"/start {payload}")
        sent = await chat.sent()
        assert shown in sent.message["text"]
    for payload in (f"s{'0' * 16}-1", f"a{'0' * 16}", f"s{article}-999999"):
        chat.say(reader, f"/start {payload}")
        assert (await chat.sent()).text == fixed("gone")
    for payload in ("inline", "q***", "q_w", "x", "a1"):
        chat.say(reader, f"/start {payload}")
        assert (await chat.sent()).text == fixed("start")


def test_a_question_too_long_for_a_link_has_none() -> None:
    assert links.to_question("bot", "长" * 20) is None


@given(st.text(max_size=15))
def test_a_question_comes_back_from_its_link(question: str) -> None:
    try:
        link = links.to_question("bot", question)
    except UnicodeEncodeError:
        return  # half a character: Telegram sends none
    if link is not None:
        opening = links.read(link.partition("?start=")[2])
        assert question == (opening.question if opening else "")


@given(st.text(max_size=70))
def test_any_payload_is_read_or_none(payload: str) -> None:
    links.read(payload)


def many(count: int) -> list[Article]:
    return [
        sample.SHANGHAI.model_copy(
            update={"title": f"第{n}篇", "record": n, "industries": ("金融", f"行{n}")}
        )
        for n in range(1, count + 1)
    ]


async def test_the_articles_are_listed_page_by_page(tmp_path: Path) -> None:
    library = Library(*many(12))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, library):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        chat.say(reader, "/sources")
        first = await chat.sent()
        assert first.message["text"].endswith("第 1–5 篇，共 12 篇")
        assert first.buttons == [["1", "2", "3", "4", "5"], ["›"], ["行业", "AI 技术", "年份"], ["概况"]]
        assert (await pressed(telegram, chat, reader, first, "›")).buttons[1] == ["‹", "›"]
        last = await pressed(telegram, chat, reader, first, "›")
        assert last.message["text"].endswith("第 11–12 篇，共 12 篇")
        article = await pressed(telegram, chat, reader, last, "12")
        assert "第12篇" in article.message["text"]
        await pressed(telegram, chat, reader, article, "文章列表")
        shelves = await pressed(telegram, chat, reader, article, "行业")
        assert shelves.buttons[0] == ["金融", "行1"]
        narrowed = await pressed(telegram, chat, reader, shelves, "行7")
        assert narrowed.message["text"].endswith("共 1 篇")
        years = await pressed(telegram, chat, reader, narrowed, "年份")
        assert years.buttons[0] == ["2023"]
        library.withdraw()
        assert await alert(telegram, chat.press(reader, years.message, "2023")) == fixed("no_such_label")


async def test_the_filter_is_set_by_buttons_and_by_words(working: Working, reader: Json, chat: Chat) -> None:
    telegram = working.telegram
    chat.say(reader, "/filter")
    panel = await chat.sent()
    assert panel.text == fixed("filter_none")
    await pressed(telegram, chat, reader, panel, "行业")
    chosen = await pressed(telegram, chat, reader, panel, "金融")
    assert "金融 ✓" in chosen.buttons[0] + chosen.buttons[1]
    await pressed(telegram, chat, reader, chosen, "筛选")
    await pressed(telegram, chat, reader, panel, "年份")
    both = await pressed(telegram, chat, reader, panel, "2023")
    assert both.text == fixed("filter") + "金融 · 2023-01-01 起"
    chat.say(reader, sample.QUESTION)
    assert "筛选：金融 · 2023-01-01 起" in (await chat.sent()).message["text"]
    assert working.library.filters[-1].industries == ("金融",)
    await pressed(telegram, chat, reader, panel, "筛选")
    assert (await pressed(telegram, chat, reader, panel, "清除")).text == fixed("filter_none")
    chat.say(reader, "/filter 芯片 2023")
    assert (await chat.sent()).text == fixed("filter") + "芯片 · 2023-01-01 起"
    chat.say(reader, "/filter 没有的")
    assert (await chat.sent()).text == fixed("no_such_label")
    await settled(chat, reader)
    kept = working.store.chats.settings(chat.id).filters
    assert kept == Filters(technologies=("芯片",), since=dt.date(2023, 1, 1))


async def test_nothing_is_stored_of_who_opts_out(working: Working, reader: Json, chat: Chat) -> None:
    telegram, store = working.telegram, working.store
    chat.say(reader, sample.QUESTION)
    await chat.sent()
    chat.say(reader, "/privacy")
    offer = await chat.sent()
    assert fixed("privacy_in") in offer.text
    out = await pressed(telegram, chat, reader, offer, "不要保存")
    assert fixed("privacy_out") in out.text
    assert store.exchanges.latest(chat.id) is None
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    assert (await pressed(telegram, chat, reader, answer, "上下文")).edited
    chat.say(reader, "/feedback 好")
    assert (await chat.sent()).text == fixed("feedback_not_kept")
    await settled(chat, reader)
    assert [line for line in store.export(reader["id"]) if '"opted_out"' not in line] == []
    await pressed(telegram, chat, reader, out, "可以保存")
    assert not store.people.has_opted_out(reader["id"])


async def test_a_person_can_have_everything_deleted(working: Working, reader: Json, chat: Chat) -> None:
    chat.say(reader, sample.QUESTION)
    await chat.sent()
    chat.say(reader, "/feedback 希望多收录医疗新闻")
    assert (await chat.sent()).text == fixed("feedback_kept")
    chat.say(reader, "/feedback")
    assert (await chat.sent()).text == fixed("feedback_how")
    chat.say(reader, "/forget")
    ask = await chat.sent()
    assert list(working.store.export(reader["id"]))
    assert await alert(working.telegram, chat.press(reader, ask.message, "全部删除")) == fixed("forgotten")
    assert (await chat.sent()).text == fixed("forgotten")
    assert list(working.store.export(reader["id"])) == []
    chat.say(reader, "/more")
    assert (await chat.sent()).text == fixed("nothing_asked")


async def test_admins_see_figures_and_gaps(working: Working, admin: Json, reader: Json, chat: Chat) -> None:
    telegram = working.telegram
    for question in (sample.QUESTION, "广东今年新增多少吨芯片？", "广东今年新增多少吨芯片"):
        chat.say(reader, question)
        answer = await chat.sent()
    await settled(chat, reader)
    del answer
    private = telegram.private(admin)
    private.say(admin, "/stats")
    assert "3 个问题，回答了 1 个" in (await private.sent()).text
    private.say(admin, "/gaps")
    assert "2 × 广东今年新增多少吨芯片 (没答上" in (await private.sent()).text
    private.say(admin, "/reload")
    assert "不变 2 篇" in (await private.sent()).text
    private.say(admin, "/uploads")
    assert (await private.sent()).text == fixed("uploads_none")
    for command in ("/stats", "/gaps", "/reload", "/uploads"):
        chat.say(reader, command)
        assert (await chat.sent()).text == fixed("unknown_command")


async def test_the_menu_is_set_by_kind_of_chat_and_language(working: Working, admin: Json) -> None:
    telegram = working.telegram
    app = application(telegram.token, telegram.url, working.desk)
    await app.bot.initialize()
    telegram.fail("setMyCommands", fake.BAD_GATEWAY)
    assert not await introduce(app.bot, working.desk)
    assert await introduce(app.bot, working.desk)
    own = telegram.own
    for code, language in (("", Language.EN), ("zh", Language.HANS)):
        everyone = '{"type": "default"}'
        assert own["description", everyone, code] == fixed("description", language)
        assert own["short_description", everyone, code] == fixed("short_description", language)
        group = own["commands", '{"type": "all_group_chats"}', code]
        assert group[0] == {"command": "ask", "description": fixed("menu_ask", language)}
        assert "forget" not in [command["command"] for command in group]
        scope = f'{{"chat_id": {admin["id"]}, "type": "chat"}}'
        assert {"stats", "gaps", "reload"} <= {one["command"] for one in own["commands", scope, code]}
    before = len(telegram.called("setMyCommands"))
    assert await introduce(app.bot, working.desk)
    assert len(telegram.called("setMyCommands")) == before
    await app.bot.shutdown()


async def test_every_command_of_the_menu_is_there(working: Working, admin: Json) -> None:
    from bot.telegram.handlers.menu import ADMIN as EVERY  # noqa: PLC0415 - the name is another's here

    private = working.telegram.private(admin)
    for command in EVERY:
        private.say(admin, f"/{command}")
        assert (await private.sent()).text != fixed("unknown_command")


async def test_settings_are_one_menu_with_the_words_that_work(
    working: Working, reader: Json, chat: Chat
) -> None:
    telegram = working.telegram
    chat.say(reader, "/settings")
    menu = await chat.sent()
    assert "/filter off" in menu.message["text"]
    assert menu.buttons == [["筛选", "语言", "保存什么"], ["简报", "时间"]]
    page = await pressed(telegram, chat, reader, menu, "语言")
    assert "English" in page.buttons[1]
    chat.say(reader, "/settings")
    menu = await chat.sent()
    assert (await pressed(telegram, chat, reader, menu, "筛选")).buttons == [["行业", "AI 技术", "年份"]]
    chat.say(reader, "/settings")
    menu = await chat.sent()
    assert (await pressed(telegram, chat, reader, menu, "保存什么")).buttons == [[fixed("button_opt_out")]]


async def test_words_after_a_command_choose_at_once(working: Working, reader: Json, chat: Chat) -> None:
    chat.say(reader, "/filter 金融")
    assert "金融" in (await chat.sent()).message["text"]
    chat.say(reader, "/filter off")
    assert (await chat.sent()).text == fixed("filter_none")
    chat.say(reader, "/language zh-hant")
    assert (await chat.sent()).text == fixed("language_chosen", Language.HANT)
    settings = await working.desk.memory.settings(chat.id)
    assert settings.language is Language.HANT
    assert settings.filters == Filters()


@pytest.mark.usefixtures("working")
async def test_sources_are_searched_and_jumped_to(reader: Json, chat: Chat) -> None:
    for said, first in [
        ("/sources 广东", "最新的文章 · 广东"),
        ("/sources 2023-07", "最新的文章 · 2023年7月"),
        ("/sources 2", "收录的文章"),
        ("/sources 0", "收录的文章"),
        ("/sources 99999999999", "收录的文章"),
    ]:
        chat.say(reader, said)
        assert (await chat.sent()).message["text"].splitlines()[0] == first


async def test_feedback_reaches_the_admins(working: Working, admin: Json, reader: Json, chat: Chat) -> None:
    theirs = working.telegram.private(admin)
    chat.say(reader, "/feedback 希望多收录 <医疗> 新闻")
    assert (await chat.sent()).text == fixed("feedback_kept")
    assert (await theirs.sent()).message["text"] == "收到一条意见：希望多收录 <医疗> 新闻"


async def test_what_readers_say_is_wrong_stands_among_the_gaps(
    working: Working, admin: Json, reader: Json, chat: Chat
) -> None:
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    await pressed(working.telegram, chat, reader, answer, "👎")
    await pressed(working.telegram, chat, reader, answer, "时间不对")
    theirs = working.telegram.private(admin)
    theirs.say(admin, "/gaps")
    assert "👎 时间不对 1" in (await theirs.sent()).message["text"]
