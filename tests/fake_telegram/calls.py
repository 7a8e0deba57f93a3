"""What the bot asks for, and what can go wrong with it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import bot_api

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request of the bot: the method, its parameters as they came, the files sent with it by field."""

    method: str
    parameters: Mapping[str, str]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON, read as it comes
        """A parameter, parsed where it is JSON."""
        try:
            return json.loads(self.parameters[name])
        except ValueError:
            return self.parameters[name]


def parsed(head: str, body: bytes) -> tuple[Call, str]:
    """A request's call and its token."""
    target = re.match(r"\w+ (?:/file)?/bot([^/ ]+)/([^ ]+)", head)
    assert target is not None, f"not a Bot API request: {head.splitlines()[0]}"
    if target[0].split()[1].startswith("/file/"):
        return Call(DOWNLOAD, {"file_path": target[2]}), unquote(target[1])
    if multipart := re.search(r"(?im)^content-type: *(multipart/form-data.*)$", head):
        values, files = _parts(multipart[1].strip(), body)
        return Call(target[2], values, files), target[1]
    if "application/json" in head:
        values = {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
    else:
        values = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Call(target[2], values), target[1]


ATTACHED: Final = "attached"
"""How python-telegram-bot calls a file that only another parameter names."""
DOWNLOAD: Final = "download"
"""The method that stands for the download of a file."""


def _parts(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The fields and the files of a form."""
    values: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if filename := part.get_filename():
            files[name] = (filename, content)
            if not name.startswith(ATTACHED):
                values.setdefault(name, f"attach://{filename}")
        else:
            values[name] = content.decode()
    return values, files


def shown(call: Call, field: str = "text") -> str:
    """The text of a message as a reader sees it, or its caption."""
    text = call.parameters.get(field, "")
    return bot_api.plain_text(text) if call.parameters.get("parse_mode") == "HTML" else text


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request; a fault without a body only delays it or cuts the connection.

    What is `taken` is carried out before it goes wrong: only the answer is lost.
    """

    status: int = 200
    body: bytes | None = None
    delay: float = 0.0
    cut: bool = False
    taken: bool = False


def refusal(code: int, description: str, **parameters: int) -> Fault:
    """An error in Telegram's own words."""
    answer: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return Fault(status=code, body=json.dumps(answer).encode())


def too_many(retry_after: int) -> Fault:
    """A flood limit was hit."""
    return refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


UNAUTHORIZED: Final = refusal(401, "Unauthorized")
BLOCKED: Final = refusal(403, "Forbidden: bot was blocked by the user")
CONFLICT: Final = refusal(409, "Conflict: terminated by other getUpdates request")
BAD_GATEWAY: Final = Fault(status=502, body=b"<html><body><h1>502 Bad Gateway</h1></body></html>")
BROKEN_JSON: Final = Fault(body=b'{"ok":true,"result":[{"upd')
CUT: Final = Fault(cut=True)
DROPPED: Final = Fault(cut=True, taken=True)
GARBLED: Final = Fault(body=BROKEN_JSON.body, taken=True)


class RefusedError(Exception):
    """The request is answered with an error."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def bad_request(description: str) -> RefusedError:
    return RefusedError(refusal(400, f"Bad Request: {description}"))
