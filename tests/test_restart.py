"""A conversation that a restart of the process cuts in two: buttons, follow-ups and edits go on."""

from pathlib import Path

import sample
import warm
from fake_telegram import FakeTelegram
from service_process import service


async def test_a_conversation_goes_on_after_the_process_was_restarted(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        async with service(telegram, warm.indexed(tmp_path)) as before:
            asked = chat.say(reader, sample.QUESTION)
            await before.meanwhile(telegram.until(lambda: not chat.quiet))
            answer = await chat.sent()
            assert "<b>350家</b>" in answer.text
            assert await before.stop() == 0
        async with service(telegram, tmp_path) as after:
            query = chat.press(reader, answer.message, "上下文")
            await after.meanwhile(telegram.answer(query))
            around = await chat.sent()
            assert around.edited
            assert around.message["message_id"] == answer.message["message_id"]
            chat.say(reader, "那产值呢？", reply_to=answer.message)
            await after.meanwhile(telegram.until(lambda: not chat.quiet))
            assert "<b>3800多亿元</b>" in (await chat.sent()).text
            chat.edit(asked, "广东人工智能相关企业有多少家？")
            await after.meanwhile(telegram.until(lambda: not chat.quiet))
            edited = await chat.sent()
            assert "<b>13万家</b>" in edited.text
            assert edited.message["message_id"] == answer.message["message_id"]
            assert await after.stop() == 0
            assert "Traceback" not in after.said
