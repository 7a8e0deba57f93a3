"""The picture of a conversation in README: `python tests/bench/picture.py PICTURE.png`.

A reader's conversation is acted out on the fake server with the corpus that ships, written as a page in the
manner of a chat, and photographed by a headless Chromium (Debian's packages chromium, fonts-noto-cjk and
fonts-noto-color-emoji). The bot's messages are Telegram's HTML as it was sent, which a browser reads as well.
"""

import argparse
import asyncio
import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from bot_at_work import bot_at_work, pressed  # noqa: E402 - found by the line above
from fake_telegram import FakeTelegram, Sent  # noqa: E402

from bot.corpus.in_use import CorpusInUse  # noqa: E402
from bot.corpus.live import LiveRetriever  # noqa: E402
from bot.settings import Settings  # noqa: E402

PAGE: Final = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 14px; width: 412px; background: #c9dbe6;
  font: 14px/1.45 "Noto Sans CJK SC", "Noto Color Emoji", sans-serif; }
.row { display: flex; flex-direction: column; margin-bottom: 10px; }
.reader { align-items: flex-end; } .bot { align-items: flex-start; }
.bubble { max-width: 370px; padding: 7px 11px; border-radius: 12px; white-space: pre-wrap;
  overflow-wrap: anywhere; background: #fff; }
.reader .bubble { background: #e3fdd2; }
blockquote { margin: 3px 0; padding: 3px 9px; border-left: 3px solid #3d8ecb; border-radius: 5px;
  background: #eaf3fa; }
blockquote[expandable] { max-height: 2.9em; overflow: hidden; }
a { color: #2a7ab8; text-decoration: none; }
.keys { display: flex; width: 100%; max-width: 392px; gap: 4px; margin-top: 4px; }
.keys span { flex: 1; padding: 5px 0; border-radius: 8px; text-align: center; color: #fff;
  background: #7c98aa; }
.pressed { margin: 0 0 10px; text-align: center; color: #4f6b7c; font-size: 13px; }
</style>"""
WIDTH: Final = 440
LONGEST: Final = 6000
"""Pixels of the page before its blank end is cut off."""


async def conversation(data: Path) -> str:
    """Act a conversation out; its page."""
    settings = Settings(data=data, corpus=ROOT / "seeds")
    live = await asyncio.to_thread(lambda: LiveRetriever(CorpusInUse(settings)))
    shown = [PAGE]
    async with FakeTelegram() as telegram, bot_at_work(data, telegram, live):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        for question, button in [
            ("上海规模以上AI企业有多少家？", ""),
            ("那产值呢？", "为什么"),
            ("2025年上海有多少家AI企业？", ""),
            ("谢谢！", ""),
            ("最近有什么新闻？", ""),
        ]:
            chat.say(reader, question)
            answer = await chat.sent()
            shown.append(_reader(question))
            if button:
                shown.append(f'<p class="pressed">{button}</p>')
                answer = await pressed(telegram, chat, reader, answer, button)
            shown.append(_bot(answer))
    return "".join(shown)


def _reader(text: str) -> str:
    return f'<div class="row reader"><div class="bubble">{html.escape(text)}</div></div>'


def _bot(sent: Sent) -> str:
    keys = "".join(
        f'<div class="keys">{"".join(f"<span>{html.escape(label)}</span>" for label in row)}</div>'
        for row in sent.buttons
    )
    text = sent.message["markup"].replace("</blockquote>\n", "</blockquote>")  # a block ends its line itself
    return f'<div class="row bot"><div class="bubble">{text}</div>{keys}</div>'


def photograph(page: str, picture: Path) -> None:
    """Photograph a page, no longer than it is."""
    browser = shutil.which("chromium")
    if browser is None:
        sys.exit("needs Chromium: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        measure = "<script>document.title = document.documentElement.scrollHeight</script>"
        file.write_text(page + measure, encoding="utf-8")
        common = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-lcd-text",
        ]
        sized = [*common, f"--window-size={WIDTH},100"]
        dom = subprocess.run(
            [*sized, "--dump-dom", file.as_uri()], check=True, capture_output=True, text=True, timeout=120
        ).stdout
        height = min(int(dom.partition("<title>")[2].partition("</title>")[0]), LONGEST)
        shot = [*common, f"--window-size={WIDTH},{height}", f"--screenshot={picture.resolve()}"]
        subprocess.run([*shot, file.as_uri()], check=True, capture_output=True, timeout=120)


def main() -> None:
    """Make the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", type=Path, metavar="FILE.png")
    picture: Path = parser.parse_args().picture
    with tempfile.TemporaryDirectory() as data:
        page = asyncio.run(conversation(Path(data)))
    photograph(page, picture)


if __name__ == "__main__":
    main()
