"""Whole conversations, compared with what a person has read: `pytest --new-transcripts` writes them anew.

The corpus is the sample's, so that what is written down changes only with what the bot says.
"""

import asyncio
import datetime as dt
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import sample
from bot_at_work import Clock, Library, bot_at_work
from fake_telegram import BOT, DEADLINE, FakeTelegram, Sent
from transcript import Scene

from bot.layout.language import Language, phrases
from bot.telegram.handlers import Access
from retrieval.language.scripts import traditional
from retrieval.models import Article

FOLDER = Path(__file__).parent / "transcripts"
ADMIN = 1001
"""The first user that the fake server makes."""
MOMENT = re.compile(r"20(?!23)\d\d-\d\d-\d\d(?: \d\d:\d\d)?")
"""A time of today, as in a list of uploads; the corpus's own dates are of 2023."""
RECORD = "标题: 杭州新建芯片厂\n链接: https://example.com/1\n总结: 杭州今年新建了七座芯片工厂。\n编号: 1\n"


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the store holds at last: nobody tells of it."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def there(sent: Sent | None) -> Sent:
    assert sent is not None
    return sent


async def a_reader(scene: Scene, language: Language) -> None:
    telegram = scene.telegram
    telegram.user("管理员")
    reader = telegram.user("小明", language)
    chat = telegram.private(reader)
    _, welcome = await scene.say(chat, reader, "/start")
    example = traditional(sample.QUESTION) if language is Language.HANT else sample.QUESTION
    answer = there(await scene.press(chat, reader, there(welcome), example))
    for button in (
        *("button_context", "button_why", "button_figures", "button_back", "button_more", "button_back"),
        *("button_article", "button_back", "button_related", "button_back", "👍", "👎", "fault_time"),
    ):
        await scene.press(chat, reader, answer, button)
    asked, _ = await scene.say(chat, reader, "那产值呢？")
    await scene.edit(chat, reader, asked, "那人才呢？")
    await scene.say(chat, reader, "还有别的吗", reply_to=answer.message)
    _, declined = await scene.say(chat, reader, "杭州今年新增了多少芯片工厂项目？")
    await scene.press(chat, reader, there(declined), example)
    for said in ("谢谢！", "你是谁？", "怎么用", "zzqx"):
        await scene.say(chat, reader, said)
    _, news = await scene.say(chat, reader, "最近有什么新闻？")
    await scene.press(chat, reader, there(news), "1")
    await scene.say(chat, reader, "2019年3月有什么新闻")
    await scene.say(chat, reader, "/latest 火星")
    _, sources = await scene.say(chat, reader, "/sources")
    await scene.press(chat, reader, there(sources), "1")
    _, panel = await scene.say(chat, reader, "/filter")
    await scene.press(chat, reader, there(panel), "button_industries")
    await scene.press(chat, reader, there(panel), "金融")
    await scene.say(chat, reader, "早在2017年上海发布了什么？")
    _, filtered = await scene.say(chat, reader, "杭州今年新增了多少芯片工厂项目？")
    await scene.press(chat, reader, there(filtered), "button_unfiltered")
    chat.post(reader, voice={"file_id": "f", "file_unique_id": "u", "duration": 3})
    await scene.do(chat, "🎤")
    await scene.inline(reader, sample.QUESTION)
    await scene.say(chat, reader, "/feedback 希望多收录医疗新闻")
    _, privacy = await scene.say(chat, reader, "/privacy")
    await scene.press(chat, reader, there(privacy), "button_opt_out")
    _, forget = await scene.say(chat, reader, "/forget")
    await scene.press(chat, reader, there(forget), "button_forget")


async def a_group(scene: Scene, language: Language) -> None:
    telegram = scene.telegram
    telegram.user("管理员")
    first, second = telegram.user("小明", language), telegram.user("小红", language)
    group = telegram.group("AI 新闻", forum=True)
    group.join(first)
    await scene.do(group, "+ 知闻")
    await scene.say(group, first, "早上好", answers=0)
    _, answer = await scene.say(group, first, f"/ask@{BOT['username']} {sample.QUESTION}")
    await scene.say(group, second, "那广东呢？", reply_to=there(answer).message)
    await scene.press(group, second, there(answer), "button_more")
    await scene.say(group, second, "哈哈哈", answers=0, reply_to=there(answer).message)
    await scene.press(group, first, there(answer), "button_more")
    await scene.press(group, first, there(answer), "button_back")
    await scene.press(group, first, there(answer), "👎", answers=0)
    await scene.say(group, second, f"/ask@another_bot {sample.QUESTION}", answers=0)
    topic = group.topic("上海")
    await scene.say(group, second, f"@{BOT['username']} 早在2017年上海发布了什么？", topic=topic)
    await scene.say(group, second, "/context", topic=topic)


async def an_admin(scene: Scene, language: Language) -> None:
    telegram = scene.telegram
    admin, stranger = telegram.user("管理员", language), telegram.user("陌生人", language)
    theirs = telegram.private(stranger)
    await scene.say(theirs, stranger, sample.QUESTION)
    await scene.say(theirs, stranger, sample.QUESTION, answers=0)
    chat = telegram.private(admin)
    await scene.say(chat, admin, "杭州今年新增了多少芯片工厂项目？")
    await until(lambda: bool(scene.working.store.summaries.gaps()))
    await scene.say(chat, admin, "/gaps")
    chat.send_file(admin, "杭州.txt", RECORD.encode())
    report = there(await scene.do(chat, "📎 杭州.txt", answers=1))
    await scene.press(chat, admin, report, "button_confirm")
    chat.send_file(admin, "杭州.pdf", b"%PDF")
    await scene.do(chat, "📎 杭州.pdf")
    _, uploads = await scene.say(chat, admin, "/uploads")
    await scene.press(chat, admin, there(uploads), "button_withdraw")
    await scene.say(chat, admin, "/reload")


def fictional(number: int, title: str, summary: str, *keywords: str) -> Article:
    return Article(
        title=title,
        url=f"https://news.example/2031/{number}",
        summary=summary,
        keywords=keywords,
        industries=("航天",) if "月球" in title else ("制造", "能源"),
        technologies=("机器人",),
        published=dt.date(2031, 1, number),
        file=f"{number}.txt",
        record=1,
    )


ARRIVING = [
    fictional(
        3,
        "月球港口预算公布",
        "月球港口一期工程昨日公布预算，月球港口耗资达12亿元，工期三年。",
        "月球港口",
        "星河集团",
    ),
    fictional(
        4,
        "月球港口预算公布（转载）",
        "月球港口一期工程昨日公布预算，月球港口耗资达12亿元，工期三年。",
        "月球港口",
    ),
    fictional(
        5,
        "月球港口追加投资",
        "工程方表示，由于补给延误，月球港口耗资达15亿元，比原计划多3亿元。",
        "月球港口",
        "星河集团",
    ),
    fictional(6, "北辰工厂投产", "北辰机器人的第二座工厂今天投产，年产能两万台。", "北辰机器人"),
]


async def what_is_watched(scene: Scene, language: Language) -> None:
    reader = scene.telegram.user("小明", language)
    chat = scene.telegram.private(reader)
    await scene.say(chat, reader, "/watch")
    await scene.say(chat, reader, "/watch 月球港口耗资多少亿元？")
    _, declined = await scene.say(chat, reader, "北辰工厂投产了几座工厂？")
    await scene.press(chat, reader, there(declined), "button_watch", answers=0)
    _, watches = await scene.say(chat, reader, "/watches")
    scene.library.stock([*scene.library.stocked, ARRIVING[0], ARRIVING[1]])
    found = there(await scene.do(chat, "+ 2"))
    await scene.press(chat, reader, found, "button_ask_watched")
    _, page = await scene.say(chat, reader, "/digest")
    for button in ("button_daily", "7:00"):
        await scene.press(chat, reader, there(page), button)
    _, page = await scene.say(chat, reader, "/hours")
    await scene.press(chat, reader, there(page), "23–7")
    await scene.press(chat, reader, there(page), "zone_asia_tokyo")
    await scene.say(chat, reader, "/settings")
    scene.clock.moment += dt.timedelta(hours=11)
    scene.library.stock([*scene.library.stocked, *ARRIVING[2:]])
    await until(lambda: not scene.working.store.arrivals.unseen([article.id for article in ARRIVING]))
    scene.clock.moment += dt.timedelta(hours=9)
    await scene.do(chat, "7:00")
    await scene.press(chat, reader, there(watches), "✕ 1")
    await scene.press(chat, reader, found, "button_end_watch")
    await scene.say(chat, reader, "/digest off")


SCRIPTS: dict[str, Callable[[Scene, Language], Awaitable[None]]] = {
    "reader": a_reader,
    "group": a_group,
    "admin": an_admin,
    "watch": what_is_watched,
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("script", list(SCRIPTS))
async def test_a_conversation_is_as_it_was_read(
    tmp_path: Path, pytestconfig: pytest.Config, script: str, language: Language
) -> None:
    access = Access(admins=frozenset({ADMIN}), allowed=frozenset({ADMIN} if script == "admin" else ()))
    clock = Clock()
    async with (
        FakeTelegram() as telegram,
        bot_at_work(tmp_path, telegram, Library(), access=access, clock=clock) as working,
    ):
        scene = Scene(telegram, phrases(language), working, clock)
        await SCRIPTS[script](scene, language)
    text = MOMENT.sub("<now>", scene.text)
    file = FOLDER / f"{script}.{language}.txt"
    if pytestconfig.getoption("--new-transcripts"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
