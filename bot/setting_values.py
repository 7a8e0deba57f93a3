"""What a setting may be: how its text is read, and refused with the reason."""

import re
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr


class LogFormat(StrEnum):
    """How a log line is written: for people or for programs."""

    HUMAN = "human"
    JSON = "json"


class LogLevel(StrEnum):
    """Which events are logged: these and graver ones."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Address(NamedTuple):
    """Where a server listens; port 0 takes any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        """As it is written in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _numbers(value: object) -> object:
    """Numbers of users and chats, divided by commas or white space."""
    if not isinstance(value, str):
        return value
    words = re.split(r"[\s,，]+", value.strip())
    wrong = [word for word in words if not re.fullmatch(r"-?[0-9]{1,19}", word)]
    if wrong:
        raise ValueError(f"these are no numbers of users or chats: {' '.join(wrong)}")
    return frozenset(map(int, words))


def _address(value: object) -> object:
    """HOST:PORT; an IPv6 address stands in brackets."""
    if not isinstance(value, str):
        return value
    parts = re.fullmatch(
        r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:/\[\]]+)):(?P<port>[0-9]{1,5})", value.strip()
    )
    if parts is None or int(parts["port"]) > LAST_PORT:
        raise ValueError("an address is HOST:PORT")
    return Address(parts["v6"] or parts["name"], int(parts["port"]))


def _address_or_off(value: object) -> object:
    return None if isinstance(value, str) and value.strip().lower() == "off" else _address(value)


def _nodes(value: object) -> object:
    """The word embedded, or URLs of the nodes of a cluster."""
    if not isinstance(value, str):
        return value
    words = re.split(r"[\s,，]+", value.strip())
    if [word.lower() for word in words] == ["embedded"]:
        return ()
    wrong = [word for word in words if not re.fullmatch(r"https?://[^\s/@:]+(:[0-9]{1,5})?/?", word)]
    if wrong:
        raise ValueError("it is embedded, or URLs of nodes, https://host:9200, without a user or a path")
    return tuple(word.rstrip("/") for word in words)


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _header_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("1 to 256 characters of A-Z a-z 0-9 _ - are what Telegram takes")
    return secret


def _store_url(url: SecretStr) -> SecretStr:
    if not re.match(r"[a-z][a-z0-9]*(\+[a-z0-9]+)?://", url.get_secret_value()):
        raise ValueError("an SQLAlchemy URL begins with the kind of database and ://")
    return url


LAST_PORT = 65535
HeaderSecret = Annotated[SecretStr, AfterValidator(_header_secret)]
StoreUrl = Annotated[SecretStr, AfterValidator(_store_url)]
Numbers = Annotated[frozenset[int], BeforeValidator(_numbers)]
OwnAddress = Annotated[Address, BeforeValidator(_address)]
OptionalAddress = Annotated[Address | None, BeforeValidator(_address_or_off)]
Nodes = Annotated[tuple[str, ...], BeforeValidator(_nodes)]
IndexPrefix = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")]
Format = Annotated[LogFormat, BeforeValidator(_lower)]
Level = Annotated[LogLevel, BeforeValidator(_lower)]
