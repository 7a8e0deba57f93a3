"""All settings, from environment variables with the prefix ZHIWEN_ and the file .env."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal

import platformdirs
from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.errors import SettingsError
from bot.setting_values import (
    Address,
    Format,
    HeaderSecret,
    IndexPrefix,
    Level,
    LogFormat,
    LogLevel,
    Nodes,
    Numbers,
    OptionalAddress,
    OwnAddress,
    StoreUrl,
)

PREFIX: Final = "ZHIWEN_"
FILE: Final = ".env"
ALIKE: Final = 0.85
"""A variable of the environment whose name is so like a setting's, of 1, is taken for that one misspelt."""


class Settings(BaseModel):
    """What can be set; the description says what for, the example how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Path = Field(default=Path("seeds"), description="folder of record files", examples=["seeds"])
    data: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("zhiwen"),
        description="folder for the index, caches and histories; made when missing",
        examples=["/var/lib/zhiwen"],
    )
    index: Nodes = Field(
        default=(),
        description="where the index is: embedded, in the data folder; or the URLs of the nodes of an "
        "OpenSearch cluster (the extra zhiwen[opensearch])",
        examples=["https://search1:9200, https://search2:9200"],
    )
    index_user: str | None = Field(
        default=None, description="who the cluster knows this bot as", examples=["zhiwen"]
    )
    index_password: SecretStr | None = Field(
        default=None, description="the password of that user", examples=["long-and-random"]
    )
    index_password_file: Path | None = Field(
        default=None,
        description="a file that holds the password instead",
        examples=["/run/secrets/index_password"],
    )
    index_ca: Path | None = Field(
        default=None,
        description="certificates of who signed the cluster's; by default those that ship with certifi",
        examples=["/etc/zhiwen/ca.pem"],
    )
    index_prefix: IndexPrefix = Field(
        default="zhiwen",
        description="what the names of the indices on the cluster begin with; the name of the corpus follows",
        examples=["zhiwen"],
    )
    index_shards: int = Field(
        default=1,
        ge=1,
        le=1024,
        description="shards of an index that is made on the cluster from now on",
        examples=["3"],
    )
    index_replicas: int = Field(
        default=1, ge=0, le=20, description="copies of each shard beside the first", examples=["1"]
    )
    index_keeper: bool = Field(
        default=False,
        description="whether serve, chat and ask bring the index on the cluster up to date with the records, "
        "as they do the embedded one; 'zhiwen index' always does",
        examples=["true"],
    )
    dictionary: Path | None = Field(
        default=None,
        description="extra words for jieba, a line each: word [frequency [tag]]",
        examples=["words.txt"],
    )
    tokeniser: Literal["jieba", "rjieba"] = Field(
        default="jieba",
        description="what cuts words: rjieba (an extra) indexes many times faster; after a change, run "
        "'zhiwen index --rebuild'",
        examples=["jieba"],
    )
    synonyms: Path | None = Field(
        default=None,
        description="words for the same thing, a line each, the corpus's own first",
        examples=["synonyms.txt"],
    )
    journal: int = Field(
        default=1000,
        ge=0,
        description="answers of this machine's commands that can be shown again by their id; 0 keeps none",
        examples=["1000"],
    )
    confident: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="an answer less sure than this is not given; 0 answers whenever anything matches",
        examples=["0.5"],
    )
    telegram_token: SecretStr | None = Field(
        default=None,
        description="the bot's token, from @BotFather",
        examples=["123456:ABC-DEF"],
    )
    telegram_token_file: Path | None = Field(
        default=None,
        description="a file that holds the token instead",
        examples=["/run/secrets/telegram_token"],
    )
    telegram_api: AnyHttpUrl | None = Field(
        default=None,
        description="base URL of a Bot API server of one's own",
        examples=["http://127.0.0.1:8081"],
    )
    admins: Numbers = Field(
        default=frozenset(),
        description="users who may reload, upload and see statistics, by their numbers",
        examples=["12345678, 87654321"],
    )
    allowed: Numbers = Field(
        default=frozenset(),
        description="users and chats that are answered, by their numbers; none means everyone",
        examples=["12345678, -1001234567890"],
    )
    message_rate: int = Field(
        default=30,
        ge=0,
        description="messages a second that Telegram takes of one bot; 0 for no limit",
        examples=["30"],
    )
    user_rate: int = Field(
        default=20,
        ge=0,
        description="questions a minute of one person; 0 for no limit",
        examples=["20"],
    )
    group_rate: int = Field(
        default=20,
        ge=0,
        description="questions a minute of one group, where Telegram takes no more answers; 0 for no limit",
        examples=["20"],
    )
    watches: int = Field(
        default=20,
        ge=0,
        description="questions that a chat may watch for new articles that answer them",
        examples=["20"],
    )
    webhook_url: AnyHttpUrl | None = Field(
        default=None,
        description="the address by which Telegram reaches this service; updates are fetched without it",
        examples=["https://bot.example.org"],
    )
    webhook_secret: HeaderSecret | None = Field(
        default=None,
        description="what Telegram's deliveries show that they are its; by default derived from the token",
        examples=["3fA_9-long-and-random"],
    )
    listen: OwnAddress = Field(
        default=Address("127.0.0.1", 8080),
        description="where Telegram's deliveries are taken, when there is a webhook",
        examples=["0.0.0.0:8080"],
    )
    health: OptionalAddress = Field(
        default=Address("127.0.0.1", 9808),
        description="where health and metrics are served; or off",
        examples=["127.0.0.1:9808"],
    )
    store: StoreUrl | None = Field(
        default=None,
        description="an SQLAlchemy URL for chats and feedback; by default SQLite in the data folder",
        examples=["postgresql+psycopg://zhiwen:password@localhost/zhiwen"],
    )
    retention: int = Field(
        default=365,
        ge=0,
        description="days that questions, feedback and conversations are kept; 0 keeps them for ever",
        examples=["365"],
    )
    log_format: Format = Field(
        default=LogFormat.HUMAN, description="how log lines are written: human or json", examples=["json"]
    )
    log_level: Level = Field(
        default=LogLevel.INFO,
        description="debug, info, warning or error; only debug shows what people write",
        examples=["info"],
    )

    @field_validator("*", mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        """No file's name and no address holds what ends a text elsewhere."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("a NUL character stands in it")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _encrypted(cls, url: AnyHttpUrl | None, others: ValidationInfo) -> AnyHttpUrl | None:
        """Only a Bot API server of one's own delivers without encryption."""
        if url is not None and url.scheme != "https" and others.data.get("telegram_api") is None:
            raise ValueError("Telegram delivers to https:// only")
        return url

    @property
    def uploads(self) -> Path:
        """The folder of record files that admins sent: part of the corpus when it exists."""
        return self.data / "uploads"

    @property
    def updates(self) -> Path:
        """The folder of what one process leaves to the next about Telegram's updates."""
        return self.data / "updates"

    @property
    def is_shared(self) -> bool:
        """Whether the index is on a cluster, where others may read and change it."""
        return bool(self.index)

    @property
    def keeps_index(self) -> bool:
        """Whether this process brings the index up to date."""
        return self.index_keeper or not self.is_shared

    def index_secret(self) -> SecretStr | None:
        """The password for the cluster; None where none is set.

        Raises:
            SettingsError: its file cannot be read.
        """
        if self.index_password is not None or self.index_password_file is None:
            return self.index_password
        return _secret_of(self.index_password_file, "ZHIWEN_INDEX_PASSWORD_FILE")

    def token(self) -> SecretStr:
        """The bot's token.

        Raises:
            SettingsError: there is none, or its file cannot be read.
        """
        if self.telegram_token is not None:
            return self.telegram_token
        if self.telegram_token_file is None:
            raise SettingsError(
                "No bot token: set ZHIWEN_TELEGRAM_TOKEN, or ZHIWEN_TELEGRAM_TOKEN_FILE to a file with it.",
            )
        return _secret_of(self.telegram_token_file, "ZHIWEN_TELEGRAM_TOKEN_FILE")


def _secret_of(file: Path, setting: str) -> SecretStr:
    """What a file holds that a setting names."""
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{setting} cannot be read: {error}.") from error
    if not secret:
        raise SettingsError(f"{setting} ({file}) is empty.")
    return SecretStr(secret)


def load() -> Settings:
    """The settings as they are.

    Raises:
        SettingsError: some cannot be used, or are none: all of them are named, each with an example or with
            the setting that may be meant.
    """
    in_file = _in_file()
    strange = [*_unknown_in_environment(), *(name for name in in_file if name.upper() not in _names())]
    if strange:
        raise SettingsError(" ".join(map(_correction, strange)))
    try:
        return Settings.model_validate(_set_in(in_file) | _set_in(os.environ))
    except ValidationError as error:
        raise SettingsError(
            " ".join(_advice(problem["loc"][0], problem["msg"]) for problem in error.errors())
        ) from (
            # The cause would show what was set, and that may be a token.
            None
        )


def _names() -> list[str]:
    return [f"{PREFIX}{name}".upper() for name in Settings.model_fields]


def _unknown_in_environment() -> list[str]:
    """The environment variables that look like settings and are none."""
    names = _names()
    return sorted(
        name
        for name in os.environ
        if name.upper() not in names
        and (name.upper().startswith(PREFIX) or get_close_matches(name.upper(), names, cutoff=ALIKE))
    )


def _in_file() -> dict[str, str]:
    """What the file of settings sets; nothing, where there is none."""
    try:
        if not Path(FILE).exists():
            return {}
        from dotenv import dotenv_values  # noqa: PLC0415  few have one

        return {name: value or "" for name, value in dotenv_values(FILE, encoding="utf-8").items()}
    except UnicodeDecodeError:
        raise SettingsError(f"The settings in {FILE} are not UTF-8: save the file as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"The settings in {FILE} cannot be read: {error}.") from error


def _set_in(variables: Mapping[str, str]) -> dict[str, str]:
    """The settings that variables give, in capitals or not; an empty one gives none."""
    given = {name.upper(): value for name, value in variables.items() if value}
    names = ((field, f"{PREFIX}{field}".upper()) for field in Settings.model_fields)
    return {field: given[name] for field, name in names if name in given}


def _correction(name: str) -> str:
    nearest = get_close_matches(name.upper(), _names(), n=1, cutoff=0.0)[0]
    return f"{name} is no setting: {nearest} may be meant; take it out otherwise."


def _advice(name: int | str, message: str) -> str:
    field = Settings.model_fields.get(str(name))
    example = f" (for example {field.examples[0]})" if field is not None and field.examples else ""
    return f"ZHIWEN_{str(name).upper()}: {message.removeprefix('Value error, ')}{example}."
