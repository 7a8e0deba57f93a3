"""A call against the limits that the specification only tells in words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot_api.markup import MarkupError, entity_count, plain_text, utf16_units
from bot_api.specification import parsed

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
CALLBACK_ANSWER_UNITS: Final = 200
ENTITIES: Final = 100
CALLBACK_DATA_BYTES: Final = 64
BUTTONS_IN_A_ROW: Final = 8
BUTTONS: Final = 100
RESULTS: Final = 50
COMMANDS: Final = 100
DESCRIPTIONS: Final = {"description": 512, "short_description": 120}


def complaints(method: str, parameters: Mapping[str, str]) -> Iterator[str]:
    """What the limits say against a call."""
    if (mode := parameters.get("parse_mode")) not in {None, "HTML"}:
        yield f"parse_mode is {mode}, this project writes HTML"
    if method == "answerCallbackQuery":
        yield from _plain("text", parameters.get("text", "-"), CALLBACK_ANSWER_UNITS)
    elif "text" in parameters:
        yield from _text("text", parameters["text"], mode, TEXT_UNITS)
    if "caption" in parameters:
        yield from _text("caption", parameters["caption"], mode, CAPTION_UNITS)
    yield from _keyboard(parsed(parameters.get("reply_markup", "null")))
    if method == "answerInlineQuery":
        yield from _inline(parameters)
    if method == "setMyCommands":
        yield from _commands(parsed(parameters.get("commands", "[]")))
    for name, most in DESCRIPTIONS.items():
        if (units := utf16_units(parameters.get(name, ""))) > most:
            yield f"{name} of {units} UTF-16 units"
    if not re.fullmatch(r"([a-z]{2})?", code := parameters.get("language_code", "")):
        yield f"language_code {code!r} has not two letters"


def _text(name: str, text: str, parse_mode: object, most: int) -> Iterator[str]:
    try:
        plain = plain_text(text) if parse_mode == "HTML" else text
    except MarkupError as error:
        yield f"{name}: {error}"
        return
    yield from _plain(name, plain, most)
    if parse_mode == "HTML" and (count := entity_count(text)) > ENTITIES:
        yield f"{name} with {count} entities"


def _plain(name: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"{name} is empty"
    if (units := utf16_units(text)) > most:
        yield f"{name} of {units} UTF-16 units"


def _keyboard(markup: object) -> Iterator[str]:
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if rows is None:
        return
    if (count := sum(map(len, rows))) > BUTTONS:
        yield f"{count} buttons"
    for row in rows:
        if not 1 <= len(row) <= BUTTONS_IN_A_ROW:
            yield f"{len(row)} buttons in a row"
        for button in row:
            yield from _button(button)


def _button(button: Mapping[str, Any]) -> Iterator[str]:
    if not str(button.get("text", "")).strip():
        yield "a button without a text"
    if len(kinds := button.keys() - {"text", "style", "icon_custom_emoji_id"}) != 1:
        yield f"a button of {len(kinds)} kinds"
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_DATA_BYTES:
        yield f"callback_data of {len(str(data).encode())} bytes"
    if (url := button.get("url")) is not None and not re.fullmatch(r"(https?|tg)://[!-~]+", str(url)):
        yield f"a button to {url!r}"


def _inline(parameters: Mapping[str, str]) -> Iterator[str]:
    found = parsed(parameters.get("results", "[]"))
    results = found if isinstance(found, list) else []
    if len(results) > RESULTS:
        yield f"{len(results)} inline results"
    if len({result["id"] for result in results}) < len(results):
        yield "two inline results with one id"
    for result in results:
        if not 1 <= len(result["id"].encode()) <= 64:
            yield f"a result id of {len(result['id'].encode())} bytes"
        if not result["title"].strip():
            yield "an inline result without a title"
        content = result["input_message_content"]
        yield from _text("message_text", content["message_text"], content.get("parse_mode"), TEXT_UNITS)
        yield from _keyboard(result.get("reply_markup"))
    if len(offset := parameters.get("next_offset", "").encode()) > 64:
        yield f"next_offset of {len(offset)} bytes"
    button = parsed(parameters.get("button", "null"))
    if isinstance(button, dict) and not re.fullmatch(
        r"[\w-]{1,64}", str(button.get("start_parameter", "")), re.ASCII
    ):
        yield f"start_parameter {button.get('start_parameter')!r}"


def _commands(commands: object) -> Iterator[str]:
    listed = commands if isinstance(commands, list) else []
    if len(listed) > COMMANDS:
        yield f"{len(listed)} commands"
    for command in listed:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name := str(command.get("command"))):
            yield f"command {name!r}"
        if not 1 <= len(str(command.get("description", "?"))) <= 256:
            yield f"description of {name}"
