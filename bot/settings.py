"""All settings, from environment variables with the prefix ZHIWEN_ and the file .env."""

from pathlib import Path

import platformdirs
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval import ZhiwenError


class SettingsError(ZhiwenError):
    """A setting is missing or cannot be used."""


class Settings(BaseSettings):
    """What can be set; the description says what for, the example how."""

    model_config = SettingsConfigDict(
        env_prefix="ZHIWEN_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    corpus: Path = Field(default=Path("seeds"), description="folder of record files", examples=["seeds"])
    data: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("zhiwen"),
        description="folder for the index, caches and histories; made when missing",
        examples=["/var/lib/zhiwen"],
    )
    dictionary: Path | None = Field(
        default=None,
        description="extra words for jieba, a line each: word [frequency [tag]]",
        examples=["words.txt"],
    )
    synonyms: Path | None = Field(
        default=None,
        description="words for the same thing, a line each, the corpus's own first",
        examples=["synonyms.txt"],
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
        try:
            token = self.telegram_token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"ZHIWEN_TELEGRAM_TOKEN_FILE cannot be read: {error}.") from error
        if not token:
            raise SettingsError(f"ZHIWEN_TELEGRAM_TOKEN_FILE ({self.telegram_token_file}) is empty.")
        return SecretStr(token)


def load() -> Settings:
    """The settings as they are.

    Raises:
        SettingsError: some cannot be used; all of them are named, each with an example.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            " ".join(_advice(problem["loc"][0], problem["msg"]) for problem in error.errors())
        ) from (
            # The cause would show what was set, and that may be a token.
            None
        )


def _advice(name: int | str, message: str) -> str:
    field = Settings.model_fields.get(str(name))
    example = f" (for example {field.examples[0]})" if field is not None and field.examples else ""
    return f"ZHIWEN_{str(name).upper()}: {message}{example}."
