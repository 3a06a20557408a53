"""Every setting of the server, from flags, environment variables, a TOML file or defaults, in this order."""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from backscroll_server.domain.user_id_case import UserIdCase
from backscroll_server.identity.certificates import parse_rules
from backscroll_server.identity.service_keys import parse_key_list
from backscroll_server.transport.log_output import LogFormat, LogLevel

ENVIRONMENT_PREFIX: Final = "BACKSCROLL_"

_MOST_DAYS: Final = 36_500
_LAST_PORT: Final = 65_535
_GRPC_SCHEMES: Final = frozenset({"unix", "unix-abstract", "vsock", "dns", "ipv4", "ipv6"})
_OTHER_VARIABLES: Final = ("CONFIG", "CLIENT_", "TEST_")


_MODES: Final = frozenset({"key", "jwt", "mtls"})
_PARSERS: Final[dict[str, Callable[[str], object]]] = {"keys": parse_key_list, "certificate_rules": parse_rules}


class SettingsError(ValueError):
    """A setting or the settings file is wrong. The text names the setting, without its value, or the file."""


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
        description="URL of the database: sqlite:PATH in the working folder, sqlite:///ABSOLUTE/PATH, "
        "sqlite:///:memory: for a database that ends with the process, or postgresql://USER:PASSWORD@HOST:PORT/NAME, "
        "which several server processes may share.",
        min_length=1,
    )
    read_threads: int = Field(
        2,
        description="Number of threads for reads on PostgreSQL, each with its own connection. Reads that wait share "
        "a turn of a thread, so few are best. SQLite ignores it.",
        ge=1,
        le=1000,
    )
    notify: bool = Field(
        default=True,
        description="Let processes that share a database wake each other at once. Otherwise each polls twice a second.",
    )
    prepare_statements: bool = Field(
        default=True,
        description="Keep statements prepared on PostgreSQL connections. False if the database's URL is that of a "
        "PgBouncer in transaction mode without support for prepared statements.",
    )
    listen_url: str = Field(
        "",
        description="URL for LISTEN/NOTIFY. Set it to the PostgreSQL server if `database` is a pooler such as "
        "PgBouncer. Empty is the database's URL.",
    )
    standby_url: str = Field(
        "",
        description="URL of a PostgreSQL standby, for reads that state a minimum freshness (at_least_as_fresh). "
        "Empty is none.",
    )
    listen: str = Field(
        "127.0.0.1:50051",
        description="Address to serve on, HOST:PORT. Port 0 takes a free one.",
    )
    workers: int = Field(
        1,
        description="Number of server processes that share the port and the database, which must be PostgreSQL. A "
        "process that dies is restarted; at shutdown they end one by one.",
        ge=1,
        le=256,
    )
    share_port: bool = Field(
        default=False,
        description="Let other server processes listen on the same port; the system distributes connections among "
        "them.",
    )
    auth: str = Field(
        "none",
        description="Modes of authentication, separated by commas: key (service keys), jwt (JSON Web Tokens), mtls "
        "(client certificates); or none: callers prove nothing, and each may do what a service may; only on a loopback "
        "address.",
    )
    key_file: str = Field(
        "",
        description="File of service keys for the mode key: a line for each, with a name and the key or its digest, as "
        "`backscroll key new` writes them. Only its owner may read it. Read again when it changes.",
    )
    keys: str = Field(
        "",
        description="Further service keys for the mode key, for the environment: NAME:KEY, separated by commas.",
    )
    jwt_key_file: str = Field(
        "",
        description="File of the public keys that verify tokens in the mode jwt: PEM, JWK or JWKS. Read again when it "
        "changes.",
    )
    jwt_audience: str = Field("", description="Audience that every token must name in the mode jwt.")
    jwt_issuer: str = Field("", description="Issuer that every token must name. Empty is any.")
    jwt_user_claim: str = Field(
        "sub", description="Claim of a token with the id of the user, or with the name of a service.", min_length=1
    )
    jwt_service_claim: str = Field(
        "backscroll_service", description="Claim of a token that is true for a service.", min_length=1
    )
    jwt_longest_hours: float = Field(
        24,
        description="Longest time until a token expires, in hours. Tokens that expire later are refused.",
        gt=0,
        le=10 * 365 * 24,
    )
    certificate_rules: str = Field(
        "",
        description="Rules for client certificates in the mode mtls, separated by commas: `service KIND:NAME` or `user "
        "KIND:NAME`, KIND cn, dns or uri; one * in NAME stands for any text, for users for the id.",
    )
    tls_certificate: str = Field(
        "",
        description="File of the server's certificate in PEM, with those between it and its authority. Empty is plain "
        "text. Read again when it changes.",
    )
    tls_key: str = Field(
        "", description="File of the certificate's private key in PEM. Not everybody may read it. Read again as well."
    )
    tls_client_ca: str = Field(
        "",
        description="File of the authorities in PEM that certificates of clients must come from. Clients must have one "
        "then. Read again when it changes.",
    )
    connection_age_hours: float = Field(
        24,
        description="Age at which a connection is closed, in hours; calls that still run get 5 minutes. 0 is never.",
        ge=0,
        le=365 * 24,
    )
    connection_limit: int = Field(
        50_000,
        description="Most open connections of one server process. More are closed at once. 0 is no limit.",
        ge=0,
        le=10_000_000,
    )
    handshake_seconds: float = Field(
        10, description="Time in which a new connection must be ready for calls, in seconds.", ge=0.1, le=120
    )
    insecure_listen: bool = Field(
        default=False,
        description="Serve with auth none on an address that other machines reach. Everybody who reaches it may read "
        "and write everything.",
    )
    recall_window_seconds: int = Field(
        120, description="Time in which senders may recall a message, in seconds.", ge=0, le=10 * 365 * 24 * 3600
    )
    allow_single_delete_everyone: bool = Field(
        default=False,
        description="Let either side of a SINGLE conversation delete it for both. Otherwise only a service may.",
    )
    users_may_create_groups: bool = Field(
        default=True, description="Let users create groups and chat rooms. Otherwise only a service may."
    )
    user_id_case: UserIdCase = Field(
        "exact",
        description="Comparison of user ids: exact (byte by byte), or fold: ids that differ only in case are one user. "
        "The database keeps the setting of its first start, and refuses another one once it holds users.",
    )
    retention_single_days: float = Field(
        0,
        description="Retention of messages in SINGLE conversations, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    retention_group_days: float = Field(
        0,
        description="Retention of messages in GROUP conversations, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    retention_chat_room_days: float = Field(
        0,
        description="Retention of messages in CHAT_ROOM conversations, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    retention_system_days: float = Field(
        0,
        description="Retention of messages in SYSTEM conversations, in days. 0 is for ever.",
        ge=0,
        le=_MOST_DAYS,
    )
    removal_delay_hours: float = Field(
        6,
        description="Time in which nothing is removed because of its age, after the machine's clock has jumped, or "
        "after a start more than a day later than the newest change, in hours.",
        ge=0,
        le=30 * 24,
    )
    commit_linger_ms: float = Field(
        8,
        description="Longest wait of a write for others to share its commit, in milliseconds.",
        ge=0,
        le=1000,
    )
    feed_retention_hours: float = Field(
        7 * 24,
        description="Retention of changes for disconnected watchers, in hours. Older resume tokens are refused, and "
        "the watcher lists again.",
        gt=0,
        le=10 * 365 * 24,
    )
    watch_heartbeat_seconds: float = Field(
        10,
        description="Interval of heartbeats with a resume token on an idle watch, in seconds.",
        gt=0,
        le=3600,
    )
    watch_queue: int = Field(
        4096,
        description="Most changes that may wait for a watcher before it is ended as too slow.",
        ge=16,
        le=1_000_000,
    )
    waiting_limit: int = Field(
        50_000,
        description="Most work that may wait for the database in one server process: rows to write, or reads. Calls "
        "beyond it are refused with RESOURCE_EXHAUSTED, reason OVERLOADED.",
        ge=1_000,
        le=1_000_000_000,
    )
    stream_limit: int = Field(
        50_000, description="Most open streams of one server process: watches, lists and exports.", ge=0, le=10_000_000
    )
    user_stream_limit: int = Field(
        100,
        description="Most open streams of one server process whose calls name the same user.",
        ge=1,
        le=10_000_000,
    )
    identity_stream_limit: int = Field(
        25_000,
        description="Most open streams of one server process that one service has, whatever users its calls name. 0 is "
        "no limit.",
        ge=0,
        le=10_000_000,
    )
    export_limit: int = Field(
        100,
        description="Most open streams of one server process that are lists or exports; watches are not counted.",
        ge=1,
        le=10_000_000,
    )
    read_rate: float = Field(
        2000,
        description="Most reads of one service a second, in each server process. 0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    write_rate: float = Field(
        2000,
        description="Most messages and other writes of one service a second, in each server process. 0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    import_rate: float = Field(
        20000,
        description="Most imported messages of one service a second, in each server process; more are slowed down. "
        "0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    export_rate: float = Field(
        20,
        description="Most lists and exports that one service begins a second, in each server process. 0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    user_read_rate: float = Field(
        100,
        description="Most reads of one user a second, in each server process. 0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    user_write_rate: float = Field(
        50,
        description="Most messages and other writes of one user a second, in each server process. 0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    user_export_rate: float = Field(
        2,
        description="Most lists and exports that one user begins a second, in each server process. 0 is no limit.",
        ge=0,
        le=1_000_000_000,
    )
    default_deadline_seconds: float = Field(
        60,
        description="Deadline of calls with one request and one answer whose callers set none, in seconds. 0 is none.",
        ge=0,
        le=24 * 3600,
    )
    slow_reader_seconds: float = Field(
        60, description="Time after which a stream ends whose reader takes nothing, in seconds.", gt=0, le=3600
    )
    idle_connection_seconds: float = Field(
        900, description="Time after which a connection without a call is closed, in seconds.", ge=1, le=7 * 24 * 3600
    )
    keepalive_seconds: float = Field(
        60,
        description="Time without anything from a client after which the server asks whether it is there, in seconds.",
        ge=1,
        le=7 * 24 * 3600,
    )
    keepalive_timeout_seconds: float = Field(
        20,
        description="Time that a client gets to answer that, in seconds. Then its connection is closed.",
        ge=1,
        le=3600,
    )
    client_keepalive_seconds: float = Field(
        5,
        description="Shortest interval at which clients may ask whether the server is there, in seconds. Connections "
        "of clients that ask more often are closed.",
        ge=0,
        le=3600,
    )
    drain_seconds: float = Field(
        10,
        description="Seconds that running calls get to finish at shutdown.",
        ge=0,
        le=3600,
    )
    log_level: LogLevel = Field(
        "info",
        description="Lowest level logged: debug and info include every call, warning failures for the server's "
        "reasons, error only bugs.",
    )
    log_format: LogFormat = Field("text", description="Form of a log line: text (key=value) or json.")

    @field_validator("listen")
    @classmethod
    def _check_address(cls, value: str) -> str:
        """Return an address `HOST:PORT` as it is.

        Raises:
            ValueError: where it is none, or gRPC would take it as something else.
        """
        host, colon, port = value.rpartition(":")
        if not colon or not host:
            raise ValueError("an address is HOST:PORT, as 127.0.0.1:50051")
        if host.startswith("[") and host.endswith("]"):
            try:
                ipaddress.IPv6Address(host[1:-1])
            except ValueError:
                raise ValueError("there is no IPv6 address in the brackets") from None
        elif ":" in host:
            raise ValueError("an IPv6 address stands in brackets, as [::1]:50051")
        elif not re.fullmatch(r"[^\s\[\]/]+", host) or host in _GRPC_SCHEMES:
            raise ValueError("the host is a name or an IP address")
        # gRPC takes a larger one modulo 65536.
        if not (port.isascii() and port.isdigit() and int(port) <= _LAST_PORT):
            raise ValueError(f"the port is a number from 0 to {_LAST_PORT}")
        return value

    @field_validator("auth")
    @classmethod
    def _check_modes(cls, value: str) -> str:
        """Return the modes of authentication as they are.

        Raises:
            ValueError: where there is none, one is unknown or given twice, or `none` is not alone.
        """
        modes = _parts(value)
        if modes != ["none"] and (not modes or not _MODES.issuperset(modes) or len(set(modes)) < len(modes)):
            raise ValueError(f"the modes are none alone, or some of {', '.join(sorted(_MODES))}")
        return value

    @field_validator("keys", "certificate_rules")
    @classmethod
    def _check_identities(cls, value: str, info: ValidationInfo) -> str:
        """Return service keys or rules for certificates as they are.

        Raises:
            ValueError: where a part is none.
        """
        if value:
            _PARSERS[str(info.field_name)](value)
        return value

    @model_validator(mode="after")
    def _check_needs(self) -> Self:
        """Return the settings, where each mode of authentication has what it needs.

        Raises:
            ValueError: where it has not; the text names the setting.
        """
        needs = {
            "key": ((self.key_file or self.keys), "key_file or keys"),
            "jwt": (self.jwt_key_file and self.jwt_audience, "jwt_key_file and jwt_audience"),
            "mtls": (self.certificate_rules and self.tls_client_ca, "certificate_rules and tls_client_ca"),
        }
        for mode, (given, names) in needs.items():
            if mode in self.auth_modes and not given:
                raise ValueError(f"the mode {mode} of auth needs the settings {names}")
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key need each other")
        if self.tls_client_ca and not self.tls_certificate:
            raise ValueError("tls_client_ca needs tls_certificate")
        return self

    @property
    def auth_modes(self) -> frozenset[str]:
        """The modes of authentication; empty where callers prove nothing."""
        return frozenset(_parts(self.auth)) - {"none"}

    @property
    def folds_user_ids(self) -> bool:
        """True if user ids that differ only in case are one user."""
        return self.user_id_case == "fold"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a surprise in a server's working folder
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by the file
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources of values, the strongest first: flags, environment variables, the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def load_settings(flags: dict[str, Any], *, config: Path | None = None) -> Settings:
    """Load the settings from flags, environment variables, a TOML file and defaults.

    Args:
        flags: values by the names of settings, as given on the command line. A flag wins over the environment, the
            environment over the file, the file over the default.
        config: the path of a TOML file with settings at its top level; None for no file.

    Raises:
        SettingsError: where a name is not that of a setting, a value is not allowed, or the file does not exist or
            cannot be read.
    """

    class FileSettings(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    if config is not None and not config.is_file():
        raise SettingsError(f"the settings file {config} does not exist")
    try:
        return FileSettings(**flags)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise SettingsError(f"wrong settings: {faults}") from None
    except ValueError as error:
        raise SettingsError(f"the settings file {config} cannot be read: {error}") from None


def unknown_variables() -> list[str]:
    """Return a sentence for each environment variable that looks like a setting and is none, with the likely one.

    They are no error, because others set such variables too: Kubernetes does for a service that is named `backscroll`.
    """
    known = [f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in Settings.model_fields]
    others = tuple(f"{ENVIRONMENT_PREFIX}{name}" for name in _OTHER_VARIABLES)
    sentences = []
    for name in sorted(os.environ):
        if name.startswith(ENVIRONMENT_PREFIX) and name not in known and not name.startswith(others):
            likely = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
            hint = f"; did you mean {likely[0]}?" if likely else ""
            sentences.append(f"{name} is no setting and is ignored{hint}")
    return sentences
