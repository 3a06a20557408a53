"""One server process: its parts put together, and run until a signal asks the process to stop."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2, user_service_pb2
from backscroll_server.authentication import open_authenticator, open_certificates
from backscroll_server.domain.clock import Clock, passed_time, system_clock
from backscroll_server.domain.retention import Retention
from backscroll_server.heap import return_freed_blocks, return_freed_memory
from backscroll_server.identity.authenticator import Authenticator
from backscroll_server.open_files import raise_limit_of_open_files
from backscroll_server.services.store import Store, StoreOptions
from backscroll_server.settings import Settings, unknown_variables
from backscroll_server.signals import stop_signals
from backscroll_server.transport.accepting import AcceptingEndedError, AcceptingProbe
from backscroll_server.transport.access_log import AccessLog
from backscroll_server.transport.call import CallWrapper
from backscroll_server.transport.conversation_queries import ConversationQueries
from backscroll_server.transport.conversation_service import ConversationServicer
from backscroll_server.transport.drain import RunningCalls
from backscroll_server.transport.event_service import EventServicer
from backscroll_server.transport.log_output import LogOutput, direct_logging
from backscroll_server.transport.message_queries import MessageQueries
from backscroll_server.transport.message_service import MessageServicer
from backscroll_server.transport.open_listening import is_loopback, refuse_open_listening
from backscroll_server.transport.open_streams import StreamLimits
from backscroll_server.transport.rate_limits import MethodClass, RateLimits
from backscroll_server.transport.server import Keepalive, Server
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.user_service import UserServicer

if TYPE_CHECKING:
    from backscroll_server.transport.tls import ServerCertificates

_REFRESH_SECONDS: Final = 1.0

logger = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    announce: Callable[[str], None],
    clock: Clock = system_clock,
    passed: Clock = passed_time,
) -> None:
    """Run one server until SIGTERM or SIGINT, then let running calls end.

    Calls that still run after `settings.drain_seconds` are cancelled. A second signal, or the cancellation of the task,
    cancels running calls at once. Replaces the logging of the process: it goes to standard error.

    Args:
        settings: all settings of the server.
        announce: called once with the address `HOST:PORT`, when the server takes calls.
        clock: returns the time by which messages are dated and expire, in microseconds since 1970.
        passed: returns the time that has passed, in microseconds from any moment. See `GuardedClock`.

    Raises:
        SettingsError: where a file of keys or certificates cannot be read or used.
        OpenListeningError: where unauthenticated callers could reach the server from other machines.
        ListeningError: where the server cannot listen on its address.
        InvalidArgumentError: where the URL of the database or of the standby is not valid.
        NewerSchemaError: where a newer version of the server wrote the database.
        RefusedError: where another process serves the SQLite file, a copy into the database is not finished, or the
            users of the database are compared in another way than `user_id_case` says.
    """
    authenticator, certificates = open_authenticator(settings), open_certificates(settings)
    refuse_open_listening(
        settings.listen, requires_proof=authenticator.requires_proof, insecure_listen=settings.insecure_listen
    )
    output = LogOutput(sys.stderr)
    direct_logging(output, settings.log_level, settings.log_format)
    request_log = AccessLog(output, settings.log_level, settings.log_format)
    try:
        for sentence in unknown_variables():
            logger.warning(sentence)
        raise_limit_of_open_files()
        return_freed_blocks()
        store = Store.open(
            settings.database,
            StoreOptions(
                recall_window_seconds=settings.recall_window_seconds,
                allow_single_delete_everyone=settings.allow_single_delete_everyone,
                users_may_create_groups=settings.users_may_create_groups,
                user_id_case=settings.user_id_case,
                commit_linger_ms=settings.commit_linger_ms,
                feed_retention_seconds=settings.feed_retention_hours * 3600,
                watch_queue=settings.watch_queue,
                watch_heartbeat_seconds=settings.watch_heartbeat_seconds,
                read_threads=settings.read_threads,
                notify=settings.notify,
                prepare_statements=settings.prepare_statements,
                listen_url=settings.listen_url,
                standby_url=settings.standby_url,
                waiting_limit=settings.waiting_limit,
                removal_delay_seconds=settings.removal_delay_hours * 3600,
                retention=Retention.of_days(
                    single=settings.retention_single_days,
                    group=settings.retention_group_days,
                    chat_room=settings.retention_chat_room_days,
                    system=settings.retention_system_days,
                ),
            ),
            clock=clock,
            passed=passed,
        )
        freeing = asyncio.create_task(return_freed_memory())
        try:
            await store.start()
            await _serve_store(store, settings, authenticator, certificates, request_log, announce)
        finally:
            freeing.cancel()
            await store.close()
    finally:
        request_log.flush()
        output.close()


async def _serve_store(
    store: Store,
    settings: Settings,
    authenticator: Authenticator,
    certificates: "ServerCertificates | None",
    request_log: AccessLog,
    announce: Callable[[str], None],
) -> None:
    calls = RunningCalls()
    codec = TokenCodec(store.token_secret, store.epoch)
    wrapper = CallWrapper(
        calls,
        authenticator,
        request_log,
        require_room=store.require_room,
        rates=rates_of(settings, requires_proof=authenticator.requires_proof),
        stream_limits=StreamLimits(
            in_all=settings.stream_limit,
            of_user=settings.user_stream_limit,
            of_service=settings.identity_stream_limit,
            exports=settings.export_limit,
        ),
        default_deadline_seconds=settings.default_deadline_seconds,
        slow_reader_seconds=settings.slow_reader_seconds,
        folds_user_ids=settings.folds_user_ids,
    )
    server = Server(
        wrapper,
        calls,
        share_port=settings.share_port,
        connection_limit=settings.connection_limit,
        idle_connection_seconds=settings.idle_connection_seconds,
        connection_age_seconds=settings.connection_age_hours * 3600,
        handshake_seconds=settings.handshake_seconds,
        keepalive=Keepalive(
            settings.keepalive_seconds, settings.keepalive_timeout_seconds, settings.client_keepalive_seconds
        ),
        certificates=certificates,
    )
    conversations = conversation_service_pb2.DESCRIPTOR.services_by_name["ConversationService"]
    server.add(conversations, ConversationServicer(store, codec), ConversationQueries(store, codec))
    messages = message_service_pb2.DESCRIPTOR.services_by_name["MessageService"]
    server.add(messages, MessageServicer(store, codec), MessageQueries(store, codec))
    users = user_service_pb2.DESCRIPTOR.services_by_name["UserService"]
    server.add(users, UserServicer(store, codec))
    events = event_service_pb2.DESCRIPTOR.services_by_name["EventService"]
    server.add(events, EventServicer(store, codec))
    _tune_gc()
    signals = stop_signals()
    port = await server.start(settings.listen)
    store.on_availability_change(server.set_serving)
    refreshing = asyncio.create_task(
        _refresh([wrapper.open_identities.end_those_without, *([certificates.refresh] if certificates else [])])
    )
    announce(f"{settings.listen.rpartition(':')[0]}:{port}")
    try:
        await _until_stopped(signals, AcceptingProbe(server.own_target, calls) if server.own_target else None)
    except BaseException:
        await server.stop(0)
        raise
    finally:
        refreshing.cancel()
    logger.info("stopping, with %d calls running", calls.running)
    stopping = asyncio.create_task(server.stop(settings.drain_seconds))
    impatient = asyncio.create_task(signals.get())
    await asyncio.wait((stopping, impatient), return_when=asyncio.FIRST_COMPLETED)
    if not stopping.done():
        await server.stop(0)
    impatient.cancel()
    await stopping
    logger.info("stopped after %d calls", calls.finished)


def rates_of(settings: Settings, *, requires_proof: bool) -> RateLimits:
    """Return the rates of callers: none where everybody on this machine may do anything."""
    if not requires_proof and is_loopback(settings.listen.rpartition(":")[0]):
        return RateLimits({}, {})
    services = {
        MethodClass.READ: settings.read_rate,
        MethodClass.WRITE: settings.write_rate,
        MethodClass.IMPORT: settings.import_rate,
        MethodClass.EXPORT: settings.export_rate,
    }
    users = {
        MethodClass.READ: settings.user_read_rate,
        MethodClass.WRITE: settings.user_write_rate,
        MethodClass.EXPORT: settings.user_export_rate,
    }
    return RateLimits(services, users)


async def _refresh(steps: Sequence[Callable[[], None]]) -> None:
    """Run every second what looks after the files of keys and certificates; never return."""
    while True:
        await asyncio.sleep(_REFRESH_SECONDS)
        for step in steps:
            step()


async def _until_stopped(signals: "asyncio.Queue[int]", probe: AcceptingProbe | None) -> None:
    """Wait for a signal to stop.

    Raises:
        AcceptingEndedError: where the server takes no calls any more, as far as there is a probe.
    """
    waiting: list[asyncio.Task[Any]] = [asyncio.create_task(signals.get())]
    if probe is not None:
        waiting.append(asyncio.create_task(probe.wait_for_end()))
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if not waiting[0].done():
            raise AcceptingEndedError("no call is accepted any more: the server ends, and is to be started again")
    finally:
        for task in waiting:
            task.cancel()


def _tune_gc() -> None:
    """Make Python's collector of reference cycles run seldom, and never look at the objects that exist now.

    A call that succeeds makes hundreds of small objects and no cycles; one that fails leaves a small cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
