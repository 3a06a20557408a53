"""Settings: where they come from, which wins, and that each is documented."""

import os
from pathlib import Path

import click
import pytest

from backscroll_server.cli.serve import command
from backscroll_server.settings import ENVIRONMENT_PREFIX, Settings, SettingsError, load_settings, unknown_variables

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "backscroll.toml"
    path.write_text('listen = "127.0.0.1:1"\nrecall_window_seconds = 1\nlog_level = "error"\n')
    return path


def test_settings_when_nothing_is_given_are_the_defaults() -> None:
    settings = load_settings({})
    assert settings.database == "sqlite:backscroll.db"
    assert settings.listen == "127.0.0.1:50051"
    assert settings.auth == "none"
    assert settings.recall_window_seconds == 120
    assert not settings.allow_single_delete_everyone
    assert settings.users_may_create_groups


def test_settings_when_given_in_several_places_flag_wins_over_environment_over_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKSCROLL_LISTEN", "127.0.0.1:2")
    monkeypatch.setenv("BACKSCROLL_RECALL_WINDOW_SECONDS", "2")
    settings = load_settings({"listen": "127.0.0.1:3"}, config=config)
    assert (settings.listen, settings.recall_window_seconds, settings.log_level) == ("127.0.0.1:3", 2, "error")


def test_settings_when_the_environment_names_the_file_too_is_no_fault(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKSCROLL_CONFIG", str(config))
    assert load_settings({}, config=config).listen == "127.0.0.1:1"


def test_settings_when_the_file_is_missing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load_settings({}, config=tmp_path / "missing.toml")


def test_settings_when_the_file_is_not_toml_are_refused(config: Path) -> None:
    config.write_text("listen =")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({}, config=config)


def test_settings_when_the_file_holds_an_unknown_name_are_refused(config: Path) -> None:
    config.write_text('lisen = "127.0.0.1:1"\n')
    with pytest.raises(SettingsError, match="lisen"):
        load_settings({}, config=config)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("listen", "127.0.0.1"),
        ("listen", "127.0.0.1:"),
        ("listen", ":50051"),
        ("listen", "::1:50051"),
        ("listen", "127.0.0.1:65536"),
        ("listen", "127.0.0.1:99999"),
        ("listen", "127.0.0.1:-1"),
        ("listen", "127.0.0.1:٣"),
        ("listen", "[127.0.0.1]:50051"),
        ("listen", "[:50051"),
        ("listen", "a b:50051"),
        ("listen", "unix:50051"),
        ("recall_window_seconds", -1),
        ("commit_linger_ms", -0.5),
        ("drain_seconds", "soon"),
        ("log_level", "loud"),
        ("auth", "trust"),
        ("database", ""),
    ],
)
def test_settings_when_a_value_is_wrong_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


@pytest.mark.parametrize(
    "address", ["127.0.0.1:0", "localhost:65535", "[::1]:50051", "[::ffff:127.0.0.1]:1", "a-b.c:1"]
)
def test_address_when_it_is_one_is_taken(address: str) -> None:
    assert load_settings({"listen": address}).listen == address


def test_address_when_it_is_none_is_refused_in_a_sentence() -> None:
    for address, sentence in (
        ("127.0.0.1", "an address is HOST:PORT, as 127.0.0.1:50051"),
        ("127.0.0.1:99999", "the port is a number from 0 to 65535"),
        ("::1:50051", "an IPv6 address stands in brackets, as [::1]:50051"),
        ("[127.0.0.1]:1", "there is no IPv6 address in the brackets"),
        ("unix:1", "the host is a name or an IP address"),
    ):
        with pytest.raises(SettingsError) as caught:
            load_settings({"listen": address})
        assert str(caught.value) == f"wrong settings: listen: {sentence}"


def test_environment_when_a_name_is_no_setting_is_said_with_the_likely_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSCROLL_CONFIG", "backscroll.toml")
    monkeypatch.setenv("BACKSCROLL_LISTEN", "127.0.0.1:1")
    assert unknown_variables() == []
    monkeypatch.setenv("BACKSCROLL_LISEN", "127.0.0.1:1")
    monkeypatch.setenv("BACKSCROLL_XYZZY", "secret")
    assert unknown_variables() == [
        "BACKSCROLL_LISEN is no setting and is ignored; did you mean BACKSCROLL_LISTEN?",
        "BACKSCROLL_XYZZY is no setting and is ignored",
    ]


def test_settings_when_a_value_is_wrong_do_not_repeat_it() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"log_level": "p4ssword"})
    assert "p4ssword" not in str(caught.value)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_when_it_exists_is_described_in_the_operations_page(name: str) -> None:
    page = OPERATIONS.read_text()
    default = Settings.model_fields[name].default
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    row = next((line for line in page.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None, f"docs/operations.md has no row for the setting {name}"
    assert f"| `{shown}` |" in row, f"docs/operations.md gives another default for {name}"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_when_it_exists_has_a_description_and_a_flag(name: str) -> None:
    assert Settings.model_fields[name].description
    flags = [flag for option in command.params if isinstance(option, click.Option) for flag in option.opts]
    assert f"--{name.replace('_', '-')}" in flags
