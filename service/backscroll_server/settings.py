"""Every setting of the server: flags over environment over file over defaults."""

from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from backscroll_server.transport.auth import AuthMode
from backscroll_server.transport.log_output import LogFormat, LogLevel

ENVIRONMENT_PREFIX: Final = "BACKSCROLL_"

_MOST_DAYS: Final = 36_500


class SettingsError(ValueError):
    """A setting has a value that it cannot have. The text names it and does not repeat the value."""


class Settings(BaseSettings):
    """The settings of one server process."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        extra="forbid",
        frozen=True,
        # A database's URL may hold a password.
        hide_input_in_errors=True,
    )

    database: str = Field(
        "sqlite:backscroll.db",
        description="Where the database is: sqlite:PATH in the working folder, sqlite:///ABSOLUTE/PATH, "
        "sqlite:///:memory: for one that ends with the process, or postgresql://USER:PASSWORD@HOST:PORT/NAME, which "
        "several server processes may share.",
        min_length=1,
    )
    read_threads: int = Field(
        8,
        description="How many reads PostgreSQL does for this process at once, each on a connection of its own. SQLite "
        "needs none.",
        ge=1,
        le=1000,
    )
    notify: bool = Field(
        default=True,
        description="Lets processes that share a database wake each other at once. Otherwise each looks twice a second "
        "for what others changed.",
    )
    prepare_statements: bool = Field(
        default=True,
        description="Lets PostgreSQL keep statements prepared for a connection. False where the database's URL is that "
        "of a PgBouncer in transaction mode that does not know prepared statements.",
    )
    listen_url: str = Field(
        "",
        description="Where to listen for being woken: the server itself, where the database's URL is that of a pool of "
        "connections such as PgBouncer. Empty is the database's URL.",
    )
    standby_url: str = Field(
        "",
        description="A PostgreSQL server that follows the database's, for reads that say how fresh they must be "
        "(at_least_as_fresh). Empty is none.",
    )
    listen: str = Field(
        "127.0.0.1:50051",
        description="The address to serve on, HOST:PORT. Port 0 takes a free one.",
        pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]/]+):\d{1,5}$",
    )
    workers: int = Field(
        1,
        description="How many server processes share the port and the database, which must be PostgreSQL. One that "
        "dies is started again; told to stop, they end one by one.",
        ge=1,
        le=256,
    )
    share_port: bool = Field(
        default=False,
        description="Lets other server processes listen on the same port; the system deals connections out to all.",
    )
    auth: AuthMode = Field(
        "none",
        description="How callers prove who they are. none: they do not, and each may do what a service may; "
        "only on a loopback address.",
    )
    insecure_listen: bool = Field(
        default=False,
        description="Serves with auth none on an address that other machines reach. Everybody who reaches it may read "
        "and write everything.",
    )
    recall_window_seconds: int = Field(
        120, description="For how long senders may recall a message, in seconds.", ge=0, le=10 * 365 * 24 * 3600
    )
    allow_single_delete_everyone: bool = Field(
        default=False,
        description="Lets either side of a SINGLE conversation delete it for both. Otherwise only a service may.",
    )
    users_may_create_groups: bool = Field(
        default=True, description="Lets users create groups and chat rooms. Otherwise only a service may."
    )
    retention_single_days: float = Field(
        0,
        description="For how long messages of SINGLE conversations are kept, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    retention_group_days: float = Field(
        0,
        description="For how long messages of GROUP conversations are kept, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    retention_chat_room_days: float = Field(
        0,
        description="For how long messages of CHAT_ROOM conversations are kept, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    retention_system_days: float = Field(
        0,
        description="For how long messages of SYSTEM conversations are kept, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    commit_linger_ms: float = Field(
        8,
        description="For how long at most a write waits for others to share its commit, in milliseconds.",
        ge=0,
        le=1000,
    )
    feed_retention_hours: float = Field(
        7 * 24,
        description="For how long changes are kept for watchers that were away, in hours. Older resume tokens are "
        "refused, and the watcher lists again.",
        gt=0,
        le=10 * 365 * 24,
    )
    watch_heartbeat_seconds: float = Field(
        10,
        description="How often a watcher gets a sign of life with a resume token when nothing happens.",
        gt=0,
        le=3600,
    )
    watch_queue: int = Field(
        4096,
        description="How many changes a watcher may be behind before it is ended as too slow.",
        ge=16,
        le=1_000_000,
    )
    watch_limit: int = Field(50_000, description="How many watchers one server process takes.", ge=0, le=10_000_000)
    drain_seconds: float = Field(
        10,
        description="For how long running calls may go on when the server is told to stop, in seconds.",
        ge=0,
        le=3600,
    )
    log_level: LogLevel = Field(
        "info",
        description="What is logged: debug and info every call, warning what failed for the server's reasons, "
        "error only bugs.",
    )
    log_format: LogFormat = Field("text", description="How a log line is written: text (key=value) or json.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a surprise in a server's working folder
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by the file
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order in which values are looked up."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(flags: dict[str, Any], *, config: Path | None = None) -> Settings:
    """Puts the settings together.

    Args:
        flags: values that were given by name; they win.
        config: a TOML file with settings at its top level.

    Raises:
        SettingsError: naming the setting at fault, or the file.
    """

    class FileSettings(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    if config is not None and not config.is_file():
        raise SettingsError(f"the settings file {config} does not exist")
    try:
        return FileSettings(**flags)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsError(f"wrong settings: {faults}") from None
    except ValueError as error:
        raise SettingsError(f"the settings file {config} cannot be read: {error}") from None
