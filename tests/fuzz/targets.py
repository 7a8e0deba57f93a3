"""What is fuzzed: each target takes any bytes and fails on what must never be."""

import asyncio
import io
import itertools
import zipfile
from collections.abc import Callable, Mapping
from typing import Final, cast

import httpx
from pydantic import AnyHttpUrl, SecretStr
from telegram import Update
from telegram.ext import Application

from bot.conversation import conversation
from bot.corpus import uploads
from bot.operations.health import Health
from bot.operations.metrics import Metrics
from bot.telegram.insisting import App
from bot.telegram.intake import Intake
from bot.telegram.message_ids import MessageIds
from bot.telegram.messages import links
from bot.telegram.messages.signing import Signer
from bot.telegram.order import InChatOrder
from bot.telegram.webhook import HEADER, Webhook
from retrieval import Article, Tokeniser
from retrieval.corpus import reading as record_files
from retrieval.language.batch import Texts
from retrieval.language.normalise import align, normalise, normalise_all
from retrieval.language.pieces import LONGEST
from retrieval.language.sentences import split
from retrieval.language.streams import streams
from retrieval.language.tokeniser import characters
from retrieval.questions.chinese import understand

Target = Callable[[bytes], None]

TOKENISER: Final = Tokeniser()
SIGNER: Final = Signer("123456:a-token")
CHAT: Final = -1001234567890


def records(data: bytes) -> None:
    """A record file: articles that are whole, or problems that say why not."""
    corpus = record_files.parse(data, "file.txt")
    assert corpus.articles or corpus.problems
    for article in corpus.articles:
        assert article.title.strip()
        assert article.summary.strip()
        assert article.url is None or article.url.lower().startswith(("http://", "https://"))
        assert Article.model_validate_json(article.model_dump_json()) == article
        _sentences(article.summary)


def text(data: bytes) -> None:
    """Any text: cut without losing a character, folded alike by both ways, tokenised."""
    given = data.decode(errors="replace")
    _sentences(given)
    normalised, spans = align(given)
    assert normalised == normalise(given)
    assert len(spans) == len(normalised)
    assert all(0 <= start < end <= len(given) for start, end in spans)
    assert all(before <= after for before, after in itertools.pairwise(spans))
    assert all(TOKENISER.words(normalised))
    assert normalise_all([given, given]) == [normalised, normalised]
    assert len(streams(Texts.of([normalised]), TOKENISER).characters.names) == len(characters(normalised))
    understand(given, TOKENISER)
    assert len(conversation.beginning(given)) <= max(conversation.KEPT, conversation.LONGEST)


def _sentences(given: str) -> None:
    at = 0
    for sentence in split(given):
        piece = given[sentence.start : sentence.end]
        assert not given[at : sentence.start].strip()
        assert piece == piece.strip() != ""
        assert len(piece) <= LONGEST
        at = sentence.end
    assert not given[at:].strip()


def callback(data: bytes) -> None:
    """Button data and link payloads from anybody: nothing is taken that this bot did not sign."""
    forged = data.decode(errors="replace")
    assert SIGNER.read(CHAT, forged) is None
    links.read(forged)
    body = forged.partition(".")[0]
    try:
        own = SIGNER.data(CHAT, body)
    except ValueError:
        return
    assert len(own.encode()) <= 64
    assert SIGNER.read(CHAT, own) is not None
    assert SIGNER.read(CHAT + 1, own) is None


def archive(data: bytes) -> None:
    """An uploaded archive, whole or with a good start: record files by safe names, or a reason."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("a.txt", data)
    cut = data[0] if data else 0
    for content in (data, packed.getvalue()[:-cut] + data if cut else packed.getvalue()):
        try:
            found = uploads.unpack("a.zip", content)
        except uploads.UploadError:
            continue
        assert all(name.endswith(".txt") and not set(name) & {"/", "\\", "\0"} for name in found)


class Deliveries:
    """The webhook of a bot that is not connected, spoken to as Telegram would."""

    def __init__(self) -> None:
        self._intake = Intake()
        order = InChatOrder(Metrics(), MessageIds(), self._intake)
        builder = Application.builder().token("123456:a-token").updater(None).concurrent_updates(order)
        app = cast("App", builder.build())
        self._queue = app.update_queue
        webhook = Webhook(
            app,
            [],
            url=AnyHttpUrl("https://bot.example.org"),
            secret=SecretStr("secret"),
            health=Health(),
        )
        webhook._taking = True
        self._path = webhook.path
        transport = httpx.ASGITransport(webhook.web)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://webhook")
        self._loop = asyncio.new_event_loop()

    def __call__(self, data: bytes) -> None:
        """Deliver any body: it is taken, or passed over, and Telegram told that it need not come again."""
        self._loop.run_until_complete(self._deliver(data))

    async def _deliver(self, data: bytes) -> None:
        working = asyncio.create_task(self._work())
        answer = await self._client.post(self._path, content=data, headers={HEADER: "secret"})
        assert answer.status_code == 200
        working.cancel()
        answer = await self._client.post(
            self._path, content=data, headers={HEADER.encode(): data[:20].hex().encode()}
        )
        assert answer.status_code == 403

    async def _work(self) -> None:
        """Be done with each update that is taken."""
        while True:
            update = cast("Update", await self._queue.get())
            with self._intake.work_on(update.update_id):
                pass

    def close(self) -> None:
        self._loop.run_until_complete(self._client.aclose())
        self._loop.close()


TARGETS: Final[Mapping[str, Target]] = {
    "records": records,
    "text": text,
    "callback": callback,
    "archive": archive,
}
"""Beside these, `Deliveries`."""
