"""A Bot API server on loopback: users, chats, groups and topics, for the real client to talk to.

    async with FakeTelegram() as telegram:
        reader = telegram.user("Ann", language="zh-hans")
        chat = telegram.private(reader)
        chat.say(reader, "上海规模以上AI企业有多少家？")
        sent = await chat.sent()

Every request is recorded and held against `bot_api`; a violation is answered with 400, as by Telegram, and
fails the test when the server closes. `fail` scripts faults. Members also edit, react, press buttons, send
files, block the bot, ask inline and upgrade their group; nothing here is kinder than Telegram. A message
holds its text with markup as `markup`, which no client reads.
"""

from fake_telegram.calls import (
    BAD_GATEWAY,
    BLOCKED,
    BROKEN_JSON,
    CONFLICT,
    CUT,
    DROPPED,
    GARBLED,
    UNAUTHORIZED,
    Call,
    Fault,
    Json,
    refusal,
    too_many,
)
from fake_telegram.chats import BOT, DEADLINE, Chat, Sent
from fake_telegram.delivery import Deliveries
from fake_telegram.server import TOKEN, FakeTelegram
from fake_telegram.texts import entities

__all__ = [
    "BAD_GATEWAY",
    "BLOCKED",
    "BOT",
    "BROKEN_JSON",
    "CONFLICT",
    "CUT",
    "DEADLINE",
    "DROPPED",
    "GARBLED",
    "TOKEN",
    "UNAUTHORIZED",
    "Call",
    "Chat",
    "Deliveries",
    "FakeTelegram",
    "Fault",
    "Json",
    "Sent",
    "entities",
    "refusal",
    "too_many",
]
