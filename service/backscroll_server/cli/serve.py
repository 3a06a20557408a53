"""The command `backscroll serve`: it runs the server. Every setting has a flag."""

import asyncio
import os
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
from pydantic.fields import FieldInfo

from backscroll_server.settings import ENVIRONMENT_PREFIX, Settings, load_settings


def _flag(name: str, field: FieldInfo) -> click.Option:
    """Return the flag of a setting; it has no default, so that an absent flag does not override environment or file.

    Args:
        name: the name of the setting.
        field: the definition of the setting, for the type and the description of the flag.
    """
    flag = f"--{name.replace('_', '-')}"
    text = f"{field.description}  [default: {str(field.default).lower() if _is_switch(field) else field.default}]"
    if _is_switch(field):
        return click.Option([f"{flag}/--no-{flag.removeprefix('--')}"], default=None, help=text)
    kind: Any = None
    if get_origin(field.annotation) is Literal:
        kind = click.Choice(get_args(field.annotation))
    elif field.annotation in (int, float):
        kind = click.INT if field.annotation is int else click.FLOAT
    return click.Option([flag], type=kind, default=None, help=text)


def _is_switch(field: FieldInfo) -> bool:
    return field.annotation is bool


def _serve(config: Path | None, check: bool, **flags: Any) -> None:
    settings = load_settings({name: value for name, value in flags.items() if value is not None}, config=config)
    # Read when grpc is loaded, so before the application is: without forks to support, it needs no handlers for them.
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    # Else it writes a line for every stranger that speaks no TLS to a port of TLS.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    if check:
        from backscroll_server.start_check import check_start

        click.echo(check_start(settings))
        return
    from backscroll_server import app, supervisor

    serve = app.serve if settings.workers == 1 else supervisor.serve_with_workers
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(settings, lambda address: click.echo(f"serving on {address}")))


def _loop_factory() -> Any:
    """Return the function that makes uvloop's event loop; None, for asyncio's own, if uvloop is not installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


command = click.Command(
    "serve",
    params=[
        click.Option(
            ["--config"],
            type=click.Path(dir_okay=False, path_type=Path),
            envvar=f"{ENVIRONMENT_PREFIX}CONFIG",
            help="A TOML file with settings. Flags win over the environment, the environment over the file.",
        ),
        click.Option(
            ["--check"],
            is_flag=True,
            help="Do not serve: look whether settings, files, certificates and the database would do, and end with a "
            "status.",
        ),
        *(_flag(name, field) for name, field in Settings.model_fields.items()),
    ],
    callback=_serve,
    help="Serve until SIGTERM or SIGINT.",
    epilog=f"Every flag can be set in the environment, as {ENVIRONMENT_PREFIX}LISTEN.",
)
