"""A run of scenarios against a target, several at a time."""

import asyncio
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import grpc.aio

from backscroll_server.contract.loading import Credentials, Scenario, Suite, User, kind_of_step
from backscroll_server.contract.methods import Method, methods_of
from backscroll_server.contract.report import FAILED, NOT_RUN, PASSED, Result
from backscroll_server.contract.steps import RunningScenario

_CONNECT_SECONDS: Final = 10.0


class CannotBeginError(Exception):
    """A run that cannot begin: its target is not there, or a scenario names a method that is not there."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server to hold against scenarios.

    Attributes:
        address: its address, `HOST:PORT`.
        tls_ca: the certificates that sign the server's, in PEM; None for plain text.
        service_config: the service config of gRPC in JSON; empty for no retries.
    """

    address: str
    tls_ca: bytes | None = None
    service_config: str = ""

    def open(self) -> grpc.aio.Channel:
        """Return a channel to it."""
        options: list[tuple[str, Any]] = [
            ("grpc.enable_retries", int(bool(self.service_config))),
            ("grpc.service_config_disable_resolution", 1),
        ]
        if self.service_config:
            options.append(("grpc.service_config", self.service_config))
        if self.tls_ca is None:
            return grpc.aio.insecure_channel(self.address, options)
        return grpc.aio.secure_channel(self.address, grpc.ssl_channel_credentials(self.tls_ca), options)


async def run_suite(
    suite: Suite,
    target: Target,
    credentials: Credentials,
    *,
    parallel: int,
) -> list[Result]:
    """Run the scenarios of a suite.

    Args:
        suite: the scenarios.
        target: the server.
        credentials: what the target has; its users are taken from it.
        parallel: how many scenarios run at a time.

    Returns:
        The results in the order of the scenarios.

    Raises:
        CannotBeginError: Where the target is not there, or a scenario names a method that is not there.
    """
    free = asyncio.Semaphore(parallel)
    async with target.open() as channel:
        methods = _known_methods(suite, channel)
        await _await_connection(channel, target)

        async def run(scenario: Scenario) -> Result:
            async with free:
                return await _result(scenario, RunningScenario(methods, suite.streams, credentials))

        return list(await asyncio.gather(*(run(scenario) for scenario in suite.scenarios)))


def _known_methods(suite: Suite, channel: grpc.aio.Channel) -> Mapping[str, Method]:
    try:
        methods = methods_of(suite.package, channel)
    except ImportError as error:
        raise CannotBeginError(f"there are no stubs of the package {suite.package}: {error}") from error
    for scenario in suite.scenarios:
        for step in scenario.steps:
            name = step.get("call") or step.get("open")
            if name is not None and name not in methods:
                raise CannotBeginError(f"there is no method {name}: {scenario.name}")
    return methods


async def _await_connection(channel: grpc.aio.Channel, target: Target) -> None:
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            await channel.channel_ready()
    except TimeoutError:
        raise CannotBeginError(f"no connection to {target.address} in {_CONNECT_SECONDS:g} s") from None


async def _result(scenario: Scenario, running: RunningScenario) -> Result:
    lacking = [need for need in scenario.needs if need not in running.credentials.has]
    if lacking:
        return Result(scenario.name, NOT_RUN, ", ".join(lacking), 0.0)
    began = time.monotonic()
    why = await _failure(scenario, running)
    return Result(scenario.name, FAILED if why else PASSED, why, round(time.monotonic() - began, 3))


async def _failure(scenario: Scenario, running: RunningScenario) -> str:
    """Run a scenario and return why it failed; empty if it passed."""
    for name in scenario.users:
        user = _take_user(name, running.credentials)
        running.values[name], running.callers[name] = user.user_id, user.metadata
    for name in scenario.ids:
        running.values[name] = str(uuid.uuid4())
    try:
        for number, step in enumerate(scenario.steps, 1):
            try:
                await running.take(step)
            except Exception as error:  # noqa: BLE001 - a step that is wrong in any way must not end other scenarios
                kind = kind_of_step(step)
                return f"step {number} ({kind} {step[kind]}): {str(error) or repr(error)}"
    finally:
        running.close()
    return ""


def _take_user(name: str, credentials: Credentials) -> User:
    if credentials.users:
        return credentials.users.pop(0)
    return User(f"{name}-{secrets.token_hex(8)}", {})
