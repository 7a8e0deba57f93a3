"""What the bot asks for, and what can go wrong with it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import bot_api

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request of the bot: the method and its parameters as they came."""

    method: str
    parameters: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON, read as it comes
        """A parameter, parsed where it is JSON."""
        try:
            return json.loads(self.parameters[name])
        except ValueError:
            return self.parameters[name]


def parsed(head: str, body: bytes) -> tuple[Call, str]:
    """A request's call and its token."""
    target = re.match(r"\w+ /bot([^/ ]+)/(\w+)", head)
    assert target is not None, f"not a Bot API request: {head.splitlines()[0]}"
    if "application/json" in head:
        values = {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
    else:
        values = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Call(target[2], values), target[1]


def shown(call: Call) -> str:
    """The text of a message as a reader sees it."""
    text = call.parameters["text"]
    return bot_api.plain_text(text) if call.parameters.get("parse_mode") == "HTML" else text


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request; a fault without a body only delays it or cuts the connection."""

    status: int = 200
    body: bytes | None = None
    delay: float = 0.0
    cut: bool = False


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


class RefusedError(Exception):
    """The request is answered with an error."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def bad_request(description: str) -> RefusedError:
    return RefusedError(refusal(400, f"Bad Request: {description}"))
