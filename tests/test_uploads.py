"""Record files that admins send: into the answers and out again, and what is refused."""

import asyncio
import datetime as dt
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import fake_telegram as fake
import pytest
import warm
from bot_at_work import Working, alert, bot_at_work, fixed, outcome, pressed
from fake_telegram import Chat, FakeTelegram, Json
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus import uploads
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.corpus.uploads import Shelves, UploadError, unpack
from bot.layout.language import Language, phrases
from bot.layout.words import problem
from bot.settings import Settings
from bot.telegram.handlers import Access
from bot.telegram.tidying import drop_unconfirmed
from retrieval.corpus.formats.registry import READERS
from retrieval.corpus.problems import LEVELS
from retrieval.models import Level, Problem

ADMIN = 1001
"""The first user that the fake server makes."""
RECORD = """标题: 杭州新建芯片厂
链接: https://example.com/{n}
总结: 杭州今年新建了{n}座芯片工厂，投资共计90亿元。
"""
QUESTION = "杭州今年新建了多少座芯片工厂？"


def record(number: int) -> bytes:
    return RECORD.format(n=number).encode()


def archive(files: dict[str, bytes], **options: Any) -> bytes:  # noqa: ANN401 - of many types
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_bytes("标题: 上海\n链接: https://a.cn/1\n总结: 上海有350家企业。\n".encode())
    settings = Settings(data=warm.warm(tmp_path / "data"), corpus=corpus)
    CorpusInUse(settings).update_here()
    live = await asyncio.to_thread(lambda: LiveRetriever(CorpusInUse(settings)))
    access = Access(admins=frozenset({ADMIN}))
    async with (
        FakeTelegram() as telegram,
        bot_at_work(tmp_path / "data", telegram, live, access=access) as at_work,
    ):
        yield at_work


@pytest.fixture
def admin(working: Working) -> Json:
    return working.telegram.user("管理员")


@pytest.fixture
def chat(working: Working, admin: Json) -> Chat:
    return working.telegram.private(admin)


async def test_an_upload_is_in_the_answers_until_it_is_withdrawn(
    working: Working, admin: Json, chat: Chat
) -> None:
    telegram = working.telegram
    chat.say(admin, QUESTION)
    assert "90亿元" not in (await chat.sent()).text
    chat.send_file(admin, "杭州.txt", record(7))
    report = await outcome(chat)
    assert report.text.splitlines() == ["读到 1 篇文章", "· 杭州新建芯片厂"]
    confirm = data(report.message, 0)
    taken = await pressed(telegram, chat, admin, report, "收录")
    assert "新增 1 篇" in taken.text
    chat.say(admin, QUESTION)
    assert "<b>7座</b>" in (await chat.sent()).text
    again = chat.press_forged(admin, report.message, confirm)
    assert await alert(telegram, again) == fixed("upload_settled")
    chat.say(admin, "/uploads")
    listed = await chat.sent()
    assert "杭州" in listed.text
    gone = await pressed(telegram, chat, admin, listed, "撤回 1")
    assert "移除 1 篇" in gone.text
    chat.say(admin, QUESTION)
    assert "90亿元" not in (await chat.sent()).text


CORRECTED = "标题: 上海\n链接: https://www.a.cn/1\n总结: 上海有360家企业。\n".encode()
"""Another text under the link of what is in the corpus."""


async def test_a_corrected_article_replaces_the_one_before_until_it_is_withdrawn(
    working: Working, admin: Json, chat: Chat
) -> None:
    telegram = working.telegram
    chat.send_file(admin, "更正.txt", CORRECTED)
    report = await outcome(chat)
    assert report.text.splitlines()[-2:] == ["已收录的 1 篇链接相同、内容不同：", "↻ 上海"]
    assert report.buttons == [[fixed("button_replace"), fixed("button_keep_both")], [fixed("button_cancel")]]
    taken = await pressed(telegram, chat, admin, report, "替换旧的")
    assert taken.text == "已收录：新增 1 篇，替换 1 篇。现在就能问到。"
    chat.say(admin, "上海有多少家企业？")
    answer = (await chat.sent()).text
    assert "360家" in answer
    assert "350家" not in answer
    withdrawn = await pressed(telegram, chat, admin, taken, "撤回")
    assert withdrawn.text == "已撤回：移除 1 篇，恢复 1 篇。"
    chat.say(admin, "上海有多少家企业？")
    answer = (await chat.sent()).text
    assert "350家" in answer
    assert "360家" not in answer


async def test_a_corrected_article_may_stand_beside_the_one_before(
    working: Working, admin: Json, chat: Chat
) -> None:
    chat.send_file(admin, "更正.txt", CORRECTED)
    taken = await pressed(working.telegram, chat, admin, await outcome(chat), "新旧都留")
    assert taken.text == "已收录：新增 1 篇。现在就能问到。"
    assert working.desk.retriever.article_count == 2


async def test_what_is_there_already_is_told_and_not_offered_again(
    working: Working, admin: Json, chat: Chat
) -> None:
    known = "标题: 上海\n链接: https://a.cn/1\n总结: 上海有350家企业。\n".encode()
    chat.send_file(admin, "again.txt", known)
    report = await outcome(chat)
    assert report.text.splitlines()[-1] == "1 篇已经收录过，内容一样"
    assert report.buttons == []
    chat.send_file(admin, "more.txt", known + b"\n" + record(7))
    report = await outcome(chat)
    assert report.text.splitlines()[-1] == "1 篇已经收录过，内容一样"
    taken = await pressed(working.telegram, chat, admin, report, "收录")
    assert taken.text == "已收录：新增 1 篇。现在就能问到。"


async def test_what_was_replaced_stays_so_whoever_reads_the_corpus(
    working: Working, admin: Json, chat: Chat, tmp_path: Path
) -> None:
    chat.send_file(admin, "更正.txt", CORRECTED)
    await pressed(working.telegram, chat, admin, await outcome(chat), "替换旧的")
    settings = Settings(data=tmp_path / "data", corpus=tmp_path / "corpus")
    another = CorpusInUse(settings)
    assert another.is_current()
    (tmp_path / "corpus/b.txt").write_bytes(record(8))
    changed, _ = await asyncio.to_thread(working.desk.retriever.index_changed, [tmp_path / "corpus/b.txt"])
    assert (changed.added, changed.removed) == (1, 0)
    for rebuild in (False, True):
        update, _ = await asyncio.to_thread(another.update_here, rebuild=rebuild)
        assert update.added + update.kept == 2
    old = tmp_path / "corpus/a.txt"
    old.write_bytes(old.read_bytes() + b"\n" + record(9))
    changed, _ = await asyncio.to_thread(working.desk.retriever.index_changed, [old])
    assert (changed.added, changed.removed) == (1, 0)


def data(message: Json, column: int) -> str:
    found: str = message["reply_markup"]["inline_keyboard"][0][column]["callback_data"]
    return found


async def test_files_sent_together_and_an_archive_are_reported_on_together(
    working: Working, admin: Json, chat: Chat
) -> None:
    for number in (1, 2):
        chat.send_file(admin, f"{number}.txt", record(number), media_group_id="album")
    packed = archive(
        {"x/3.txt": record(3), "../../4.txt": record(4), "read.me": b"x", "__MACOSX/._3.txt": b"x"}
    )
    chat.send_file(admin, "more.zip", packed, media_group_id="album")
    chat.send_file(admin, "photo.txt.exe", b"MZ", media_group_id="album")
    report = await outcome(chat)
    assert "读到 4 篇文章" in report.text
    assert f"photo.txt.exe: {fixed('upload_wrong_type')}" in report.text
    dropped = await pressed(working.telegram, chat, admin, report, "不收录")
    assert dropped.text == fixed("upload_cancelled")
    assert list((working.desk.uploads or Path()).parent.glob("uploads*/*")) == []


async def test_of_an_album_the_file_that_fails_keeps_no_other_from_it(
    working: Working, admin: Json, chat: Chat
) -> None:
    working.telegram.fail("getFile", *[fake.BAD_GATEWAY] * 3)
    for number in (1, 2, 3):
        chat.send_file(admin, f"{number}.txt", record(number), media_group_id="album")
    report = await outcome(chat)
    assert "读到 2 篇文章" in report.text
    assert f"1.txt: {fixed('upload_not_downloaded')}" in report.text
    await pressed(working.telegram, chat, admin, report, "不收录")
    assert list((working.desk.uploads or Path()).parent.glob("uploads*/*")) == []


async def test_a_download_that_fails_for_a_moment_is_made_again(
    working: Working, admin: Json, chat: Chat
) -> None:
    working.telegram.fail("getFile", fake.BAD_GATEWAY)
    chat.send_file(admin, "1.txt", record(1))
    assert "读到 1 篇文章" in (await outcome(chat)).text


async def test_what_takes_a_while_is_said_and_what_comes_of_it_takes_the_place(
    working: Working, admin: Json, chat: Chat
) -> None:
    working.telegram.fail("getFile", fake.Fault(delay=2.5))
    chat.send_file(admin, "1.txt", record(1))
    line = await chat.sent()
    assert line.text == fixed("upload_reading")
    report = await chat.sent()
    assert report.edited
    assert report.message["message_id"] == line.message["message_id"]
    assert "读到 1 篇文章" in report.text
    taken = await pressed(working.telegram, chat, admin, report, "收录")
    assert "新增 1 篇" in taken.text


@pytest.mark.parametrize(
    ("refusal", "code"), [("file is too big", "too_big"), ("wrong file_id", "not_given")]
)
async def test_a_file_that_telegram_does_not_give_is_told_of_in_one_line(  # noqa: PLR0917 - fixtures
    working: Working,
    admin: Json,
    chat: Chat,
    caplog: pytest.LogCaptureFixture,
    refusal: str,
    code: str,
) -> None:
    working.telegram.fail("getFile", fake.refusal(400, f"Bad Request: {refusal}"))
    document = {key: value for key, value in chat.keep_file("a.txt", b"x").items() if key != "file_size"}
    chat.post(admin, document=document)
    assert (await chat.sent()).text == f"a.txt: {fixed(f'upload_{code}').format(megabytes=20)}"
    assert not [line for line in caplog.records if line.exc_info]


async def test_what_nobody_confirms_goes_after_a_while(working: Working, admin: Json, chat: Chat) -> None:
    chat.send_file(admin, "1.txt", record(1))
    report = await outcome(chat)
    assert working.desk.uploads is not None
    shelves = Shelves(working.desk.uploads)
    shelves.begin()  # of a process that was killed
    pending = working.desk.uploads.with_name("uploads-pending")
    drop_unconfirmed(working.store, shelves, dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    assert len(list(pending.iterdir())) == 2
    drop_unconfirmed(working.store, shelves, dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
    assert list(pending.iterdir()) == []
    query = chat.press(admin, report.message, "收录")
    assert await alert(working.telegram, query) == fixed("upload_settled")


def test_what_comes_together_has_one_limit() -> None:
    packed = archive({"a.txt": b"x" * 2_000})
    assert unpack("a.zip", packed, 2_000)
    for called, content in (("a.zip", packed), ("a.txt", b"x" * 2_000)):
        with pytest.raises(UploadError, match="zip_unpacked"):
            unpack(called, content, 1_999)


async def test_a_file_without_a_record_is_reported_on_and_dropped(
    working: Working, admin: Json, chat: Chat
) -> None:
    chat.send_file(admin, "a.txt", "只是一段话 <b>".encode())
    report = await outcome(chat)
    assert report.text.startswith("读到 0 篇文章")
    assert report.buttons == []
    assert (await chat.sent()).file[0].endswith(".txt")
    assert list((working.desk.uploads or Path()).parent.glob("uploads*/*")) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF", "wrong_type"),
        ("a.zip", b"no archive", "zip_damaged"),
        ("a.zip", archive({"read.me": b"x"}), "zip_without_records"),
        ("a.zip", archive({f"{n}.txt": b"x" for n in range(3)})[:-30], "zip_damaged"),
    ],
)
async def test_what_is_no_record_file_is_refused_with_the_reason(
    admin: Json, chat: Chat, name: str, content: bytes, code: str
) -> None:
    chat.send_file(admin, name, content)
    assert (await chat.sent()).text == f"{name}: {fixed(f'upload_{code}').format(megabytes=20)}"


def test_an_archive_is_read_no_further_than_its_limits() -> None:
    bomb = archive({"a.txt": b"\0" * 30_000_000, "b.txt": b"\0" * 80_000_000})
    assert len(bomb) < uploads.FILE_BYTES / 100
    with pytest.raises(UploadError, match="zip_unpacked"):
        unpack("a.zip", bomb)
    with pytest.raises(UploadError, match="zip_entries"):
        unpack("a.zip", archive({f"{n}.txt": b"x" for n in range(uploads.ENTRIES + 1)}))
    with pytest.raises(UploadError, match="too_big"):
        unpack("a.txt", b"x" * (uploads.FILE_BYTES + 1))


def test_an_encrypted_archive_is_refused() -> None:
    packed = bytearray(archive({"a.txt": b"x" * 100}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + place] |= 1  # the flag of an encrypted entry
    with pytest.raises(UploadError, match="zip_unreadable"):
        unpack("a.zip", bytes(packed))


@given(st.text(max_size=200), st.binary(max_size=300))
def test_any_file_is_unpacked_or_refused(name: str, content: bytes) -> None:
    for called in (name, f"{name}.txt", f"{name}.ZIP"):
        try:
            found = unpack(called, content)
        except UploadError:
            continue
        for path in found:
            assert path == Path(path).name
            assert path.endswith(tuple(READERS))
            assert len(path.encode("utf-8", "surrogatepass")) < 255


@pytest.mark.parametrize("language", list(Language))
def test_every_problem_is_told_in_the_admins_language(language: Language) -> None:
    assert {f"problem_{code}" for code in LEVELS} <= phrases(language).keys()
    where = {"file": "7/000-0001-杭州.txt", "line": 3}
    found = Problem(**where, code="missing_title", level=Level.ERROR, message="no title")
    told = problem(found, phrases(language))
    assert "杭州.txt:3" in told
    assert "000-" not in told
    assert phrases(language)["problem_missing_title"] in told
