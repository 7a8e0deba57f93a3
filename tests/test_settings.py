"""Settings as an operator writes them: in the environment."""

import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.setting_values import Address, LogFormat, LogLevel
from bot.settings import Settings, load


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ZHIWEN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("without .env"))


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def test_with_nothing_set_everyone_is_answered_and_nothing_listens_to_the_world() -> None:
    settings = load()
    assert settings.allowed == settings.admins == frozenset()
    assert settings.listen.host == "127.0.0.1"
    assert settings.health is not None
    assert settings.health.host == "127.0.0.1"
    assert (settings.log_format, settings.log_level) == (LogFormat.HUMAN, LogLevel.INFO)


@given(
    numbers=st.lists(st.integers(-(10**15), 10**15), min_size=1),
    divider=st.sampled_from([",", " ", ", ", "，", " , ", "\n"]),
)
def test_numbers_are_divided_by_commas_or_spaces(numbers: list[int], divider: str) -> None:
    with pytest.MonkeyPatch.context() as put:
        put.setenv("ZHIWEN_ADMINS", divider.join(map(str, numbers)))
        assert load().admins == frozenset(numbers)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", Address("127.0.0.1", 80)),
        ("localhost:0", Address("localhost", 0)),
        ("[::1]:9808", Address("::1", 9808)),
    ],
)
def test_an_address_is_host_and_port(put: pytest.MonkeyPatch, text: str, address: Address) -> None:
    put.setenv("ZHIWEN_HEALTH", text)
    assert load().health == address
    assert str(address) == text


def test_health_can_be_off(put: pytest.MonkeyPatch) -> None:
    put.setenv("ZHIWEN_HEALTH", "off")
    assert load().health is None


WRONG = {
    "ADMINS": "@bob 12",
    "ALLOWED": "1;2",
    "CONFIDENT": "sure",
    "HEALTH": "80",
    "LISTEN": "127.0.0.1:99999",
    "LOG_FORMAT": "xml",
    "LOG_LEVEL": "loud",
    "RETENTION": "-1",
    "STORE": "chats.sqlite",
    "WEBHOOK_SECRET": "with space",
    "WEBHOOK_URL": "http://bot.example.org",
}


def test_all_that_is_wrong_is_told_at_once_with_an_example(put: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        put.setenv(f"ZHIWEN_{name}", value)
    with pytest.raises(SettingsError) as error:
        load()
    message = str(error.value)
    assert "\n" not in message
    for name in WRONG:
        assert message.count(f"ZHIWEN_{name}: ") == 1
    assert message.count("(for example ") == len(WRONG)


@given(st.text(string.ascii_letters + " :/", min_size=8))
def test_no_secret_stands_in_an_error_or_in_the_settings(secret: str) -> None:
    with pytest.MonkeyPatch.context() as put:
        for name in ("TELEGRAM_TOKEN", "STORE", "WEBHOOK_SECRET"):
            put.setenv(f"ZHIWEN_{name}", f"1{secret}1")
        try:
            shown = repr(load())
        except SettingsError as error:
            shown = str(error)
        assert f"1{secret}1" not in shown


def test_a_server_of_ones_own_may_deliver_without_encryption(put: pytest.MonkeyPatch) -> None:
    put.setenv("ZHIWEN_TELEGRAM_API", "http://127.0.0.1:8081")
    put.setenv("ZHIWEN_WEBHOOK_URL", "http://127.0.0.1:8080")
    assert load().webhook_url is not None


@pytest.mark.parametrize("name", ["ZHIWEN_ALOWED", "ZHIWENALLOWED", "ZHIWN_ALLOWED", "zhiwen_alowed"])
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_misspelt_setting_is_refused_with_the_right_name(
    put: pytest.MonkeyPatch, tmp_path: Path, name: str, where: str
) -> None:
    put.chdir(tmp_path)
    put.setenv("ZHIWEN_ALLOWED", "1")
    load()
    if where == "file":
        (tmp_path / ".env").write_text(f"{name}=1\n", encoding="utf-8")
    else:
        put.setenv(name, "1")
    with pytest.raises(SettingsError, match=f"{name} is no setting: ZHIWEN_ALLOWED may be meant"):
        load()


def test_whatever_else_stands_in_the_file_of_settings_is_refused(
    put: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put.chdir(tmp_path)
    (tmp_path / ".env").write_text("ZHIWEN_ALLOWED=1\nEDITOR=vi\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="EDITOR is no setting"):
        load()
    put.setenv("EDITOR", "vi")  # the environment is everybody's
    (tmp_path / ".env").unlink()
    load()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("ZHIWEN_CORPUS=caf\xe9\n".encode("latin-1"), "The settings in .env are not UTF-8"),
        ("ZHIWEN_CORPUS=语料\n".encode("utf-16"), "The settings in .env are not UTF-8"),
        (b"ZHIWEN_CORPUS=x\0y\n", "ZHIWEN_CORPUS: a NUL character stands in it"),
    ],
)
def test_a_file_of_settings_that_is_no_text_is_told(
    put: pytest.MonkeyPatch, tmp_path: Path, content: bytes, told: str
) -> None:
    put.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=told):
        load()


@pytest.mark.parametrize(
    ("in_file", "in_environment", "retention"),
    [("", None, 365), ("1", None, 1), ("1", "2", 2), ("1", "", 1), ("", "2", 2), ("", "", 365)],
)
@pytest.mark.parametrize("written", [str.upper, str.lower])
def test_the_environment_goes_before_the_file_and_what_is_empty_is_not_set(
    put: pytest.MonkeyPatch,
    *,
    tmp_path: Path,
    written: Callable[[str], str],
    in_file: str,
    in_environment: str | None,
    retention: int,
) -> None:
    put.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"{written('ZHIWEN_RETENTION')}={in_file}\n", encoding="utf-8")
    if in_environment is not None:
        put.setenv(written("ZHIWEN_RETENTION"), in_environment)
    assert load().retention == retention


@pytest.mark.parametrize("readme", ["bot/README.md", "bot/README.zh.md"])
def test_every_setting_stands_in_readme(readme: str) -> None:
    text = (Path(__file__).parents[1] / readme).read_text(encoding="utf-8")
    names = [f"`ZHIWEN_{name.upper()}`" for name in Settings.model_fields]
    assert [name for name in names if name not in text] == []
