"""`backscroll contract` against a real server: what passes, what fails and why, what is not run, and the reports."""

import copy
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import grpc
import pytest
from click.testing import CliRunner, Result

from backscroll.v1 import user_service_pb2, user_service_pb2_grpc
from backscroll_server.cli import contract
from backscroll_server.contract import run as contract_run
from backscroll_server.contract.loading import default_folder
from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.identity_files import AUDIENCE, Authority, new_signer, public_pem, token_of, write_private
from tests.support.server_process import RunningServer, start_server

SERVICE_CONFIG = Path(__file__).parents[3] / "generated" / "backscroll_grpc_service_config.json"

Scenario = dict[str, Any]


def sent(number: int) -> dict[str, Any]:
    """An expectation of the event of one of the messages."""
    return {"message_received": {"message": {"content": {"text": {"text": f"number ${{alice}} {number}"}}}}}


# Steps with every kind of expectation, all of which a server meets.
STEPS: list[dict[str, Any]] = [
    {
        "open": "EventService/WatchEvents",
        "stream": "bob's",
        "as": "bob",
        "request": {"user_id": "${bob}"},
        "expect": {"events": [], "resume_token": {"$as": "beginning"}},
    },
    {
        "call": "MessageService/BatchSendMessages",
        "about": "Sends three messages.",
        "as": "alice",
        "metadata": {"x-request-id": "${request}"},
        "request": {
            "user_id": "${alice}",
            "items": [
                {
                    "$times": 3,
                    "of": {
                        "conversation": {"target": {"type": "CONVERSATION_TYPE_SINGLE", "id": "${bob}"}},
                        "message": {"content": {"text": {"text": "number ${alice} ${index}"}}},
                        "keep_unread": True,
                    },
                }
            ],
        },
        "expect": {
            "results": [
                {"message": {"sequence": "1", "message_id": {"$as": "first"}}},
                {"message": {"sequence": 2, "duplicate": False}},
                {"message": {"sequence": {"$as": "last", "$is": {"$at_least": 3}}}},
            ]
        },
        "answer_metadata": {"x-request-id": "${request}", "x-nothing": None},
    },
    {
        "receive": "bob's",
        "until": sent(2),
        "changes": [sent(0), sent(1)],
        "answer": {"resume_token": {"$as": "later", "$is": {"$not": "${beginning}"}}},
    },
    {
        "call": "MessageService/ListMessages",
        "as": "bob",
        "request": {"user_id": "${bob}", "conversation": {"target": {"id": "${alice}"}}, "page_size": 2},
        "expect": {
            "messages": [{"sequence": "${last}"}, {"sequence": {"$at_most": 2}}],
            "next_page_token": {"$any": True},
            "opposite_page_token": None,
        },
    },
    {
        "call": "MessageService/StreamMessages",
        "as": "bob",
        "request": {"user_id": "${bob}", "conversation": {"target": {"id": "${alice}"}}},
        "expect": {
            "messages": {"$contains": [{"sequence": "3"}, {"message_id": "${first}"}]},
            "resume_token": {"$any": True},
        },
    },
    {
        "call": "MessageService/BatchGetMessages",
        "request": {"user_id": "${bob}", "message_ids": ["${first}", "${first}x"]},
        "expect": {"results": {"$unordered": [{"error": {"$any": True}}, {"message": {"sequence": "1"}}]}},
    },
    {
        "call": "MessageService/SendMessage",
        "request": {"user_id": "${repeat:x:300}"},
        "error": {
            "status": "INVALID_ARGUMENT",
            "reason": "TOO_LONG",
            "field": "user_id",
            "metadata": {"limit": "256"},
            "retry": False,
        },
    },
    {
        "call": "MessageService/ImportMessages",
        "requests": [
            {
                "user_id": "${alice}",
                "conversation": {"target": {"type": "CONVERSATION_TYPE_SINGLE", "id": "${bob}"}},
                "as_service": True,
                "messages": [
                    {
                        "sender_id": "${bob}",
                        "original_time": "${now-3600s}",
                        "message": {"client_message_id": "${request}", "content": {"text": {"text": "old"}}},
                    }
                ],
            }
        ],
        "expect": {"imported_count": 1, "duplicate_count": 0, "last_sequence": "4"},
    },
    {
        "receive": "bob's",
        "until": {"history_changed": {"first_sequence": "4"}},
        "changes": {"$count": 0},
        "states": [{"of": {"conversation": {"$any": True}}, "last": {"conversation": {"last_sequence": "4"}}}],
    },
    {"wait": 0.01},
    {"close": "bob's"},
    {
        "open": "MessageService/StreamMessages",
        "stream": "history",
        "as": "bob",
        "request": {"user_id": "${bob}", "conversation": {"target": {"id": "${alice}"}}},
    },
    {"end": "history"},
]
ALL: Scenario = {"name": "all", "users": ["alice", "bob"], "ids": ["request"], "steps": STEPS}


def changed(name: str, number: int, path: tuple[str | int, ...], value: Any) -> Scenario:
    """The scenario with another value in one of its steps."""
    scenario = copy.deepcopy(ALL)
    scenario["name"] = name
    place = scenario["steps"][number - 1]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return scenario


# The step that is changed, where, what is expected there instead, and what the report says.
WRONG: dict[str, tuple[int, tuple[str | int, ...], Any, str]] = {
    "a first answer": (1, ("expect", "events"), {"$count": 1}, "events: expected a list of 1, came one of 0: []"),
    "a value": (2, ("expect", "results", 0, "message", "sequence"), "2", 'sequence: expected "2", came "1"'),
    "an absent field": (2, ("expect", "results", 1, "error"), {"$any": True}, "error: expected anything, came nothing"),
    "a field that is there": (4, ("expect", "next_page_token"), None, "next_page_token: expected null, came"),
    "a capture that is not met": (
        2,
        ("expect", "results", 2, "message", "sequence", "$is"),
        {"$at_least": 4},
        'sequence: expected at least 4, came "3"',
    ),
    "a capture made twice": (4, ("expect", "next_page_token"), {"$as": "later"}, "later is captured, but names"),
    "a capture that is used": (
        5,
        ("expect", "messages", "$contains", 1, "message_id"),
        "${later}",
        "messages: expected",
    ),
    "metadata of the answer": (2, ("answer_metadata", "x-request-id"), "other", 'x-request-id: expected "other", came'),
    "an order": (4, ("expect", "messages", 0, "sequence"), 2, 'messages[0].sequence: expected 2, came "3"'),
    "an order within": (
        5,
        ("expect", "messages", "$contains"),
        [{"sequence": "1"}, {"sequence": "3"}],
        'messages: expected in order and from index 3 on {"sequence": "3"}',
    ),
    "no order": (
        6,
        ("expect", "results", "$unordered", 0),
        {"message": {"$any": True}},
        "results: expected in any order",
    ),
    "an order of events": (3, ("changes",), [sent(1), sent(0)], "changes[0].message_received.message.content"),
    "one event too many": (3, ("changes",), [sent(0)], "changes: expected a list of 1, came one of 2"),
    "one event too few": (3, ("changes",), [sent(0), sent(1), sent(2)], "changes: expected a list of 3, came one of 2"),
    "no event": (9, ("changes",), [sent(0)], "changes: expected a list of 1, came one of 0: []; changes that came (0)"),
    "a marker": (3, ("until",), sent(3), "no change met `until` in 2 s; changes that came (3): ["),
    "a state": (
        9,
        ("states", 0, "last", "conversation", "last_sequence"),
        "5",
        'last_sequence: expected "5", came "4"',
    ),
    "no state": (9, ("states", 0, "of"), {"nothing": {"$any": True}}, "states[0].of: expected a state with"),
    "an answer": (3, ("answer", "resume_token"), "${beginning}", "answer.resume_token: expected"),
    "a status": (7, ("error", "status"), "NOT_FOUND", 'error.status: expected "NOT_FOUND", came "INVALID_ARGUMENT"'),
    "a reason": (7, ("error", "reason"), "REQUIRED", 'error.reason: expected "REQUIRED", came "TOO_LONG"'),
    "no reason": (7, ("error", "reason"), None, 'error.reason: expected null, came "TOO_LONG"'),
    "a field": (7, ("error", "field"), "message", 'error.field: expected "message", came "user_id"'),
    "metadata of a reason": (
        7,
        ("error", "metadata"),
        {"limit": "1"},
        'error.metadata.limit: expected "1", came "256"',
    ),
    "a time to retry": (7, ("error", "retry"), True, "error.retry: expected true, came false"),
    "an error": (
        4,
        ("error",),
        {"status": "NOT_FOUND"},
        'expected an error with {"status": "NOT_FOUND"}, came success',
    ),
    "success": (6, ("request", "user_id"), "", "expected success, came INVALID_ARGUMENT REQUIRED: user_id"),
    "a stream that ends": (11, ("end",), "bob's", "expected the stream to end, but it goes on after 2 s"),
    "a stream that ends otherwise": (13, ("error",), {"status": "ABORTED"}, "expected an error with"),
    "a stream that is not open": (13, ("end",), "bob's", "no stream is open with the name bob's"),
    "a placeholder": (6, ("request", "user_id"), "${carol}", "nothing has the name of the placeholder ${carol}"),
    "a request": (6, ("request", "user"), "x", "no field named"),
}


def wrong_scenario(name: str) -> Scenario:
    number, path, value, _ = WRONG[name]
    scenario = changed(name, number, path, value)
    step = scenario["steps"][number - 1]
    if path == ("end",):
        step.pop("close", None)
    if path == ("error",):
        step.pop("expect", None)
    if path in {("end",), ("until",)}:
        step["within"] = 2
    return scenario


def write(folder: Path, *scenarios: Scenario) -> Path:
    """A folder with a file of scenarios."""
    (folder / "suite.json").write_bytes((default_folder() / "suite.json").read_bytes())
    content = {"format": 1, "about": "Scenarios of a test.", "scenarios": list(scenarios)}
    (folder / "scenarios.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def invoke(target: str, folder: Path, *flags: str | Path) -> Result:
    arguments = ["--target", target, "--scenarios", folder, *flags]
    return CliRunner().invoke(contract.command, [str(argument) for argument in arguments])


def test_scenario_that_a_server_meets_passes(server: RunningServer, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    again = {**ALL, "name": "again"}
    result = invoke(server.target, write(tmp_path, ALL, again), "--report", report, "--service-config", SERVICE_CONFIG)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "2 passed, 0 failed, 0 not run")
    passed, other = json.loads(report.read_text(encoding="utf-8"))
    assert set(passed) == {"name", "result", "why", "seconds"}
    assert (passed["name"], passed["result"], passed["why"], other["name"]) == ("all", "passed", "", "again")
    assert passed["seconds"] > 0


def test_every_wrong_expectation_fails_with_its_reason(server: RunningServer, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    result = invoke(server.target, write(tmp_path, ALL, *map(wrong_scenario, WRONG)), "--report", report)
    assert result.exit_code == 1, result.output
    first, *others = json.loads(report.read_text(encoding="utf-8"))
    assert (first["name"], first["result"]) == ("all", "passed")
    for one in others:
        number, _, _, why = WRONG[one["name"]]
        assert one["result"] == "failed", one
        assert one["why"].startswith(f"step {number} ("), one
        assert why in one["why"], one
    assert f"1 passed, {len(WRONG)} failed, 0 not run" in result.output


def test_scenario_whose_need_the_target_lacks_is_not_run(server: RunningServer, tmp_path: Path) -> None:
    needy = {**ALL, "name": "needy", "needs": ["identities", "wings"]}
    credentials = tmp_path / "credentials"
    credentials.write_text(json.dumps({"format": 1, "has": ["identities"]}), encoding="utf-8")
    report = tmp_path / "report.json"
    result = invoke(server.target, write(tmp_path, needy), "--credentials", credentials, "--report", report)
    assert result.output.splitlines() == ["not run, needs wings: needy", "0 passed, 0 failed, 1 not run"]
    assert result.exit_code == 0
    (one,) = json.loads(report.read_text(encoding="utf-8"))
    assert one == {"name": "needy", "result": "not run", "why": "wings", "seconds": 0.0}


def test_junit_has_each_scenario_once(server: RunningServer, tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    needy = {**ALL, "name": "needy", "needs": ["wings"]}
    folder = write(tmp_path, ALL, needy, wrong_scenario("a value"))
    assert invoke(server.target, folder, "--junit", junit).exit_code == 1
    (suite,) = ET.fromstring(junit.read_bytes())  # noqa: S314 - written by the command itself
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
    }
    passed, skipped, failed = suite
    assert [case.get("name") for case in suite] == ["all", "needy", "a value"]
    assert (len(passed), skipped[0].tag, skipped[0].get("message")) == (0, "skipped", "wings")
    assert failed[0].tag == "failure"
    assert "expected" in (failed[0].get("message") or "")


def test_only_and_the_scenarios_that_come_with_the_server(server: RunningServer) -> None:
    name = "first steps: an error has its status"
    result = CliRunner().invoke(contract.command, ["--target", server.target, "--only", name, "--parallel", "1"])
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.output.splitlines()] == ["passed", "1"]


def test_run_that_cannot_begin_ends_with_status_2(
    server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract_run, "_CONNECT_SECONDS", 0.2)
    unreachable = invoke("127.0.0.1:1", write(tmp_path, ALL))
    assert (unreachable.exit_code, unreachable.stderr) == (2, "failed: no connection to 127.0.0.1:1 in 0.2 s\n")
    unknown = invoke(server.target, write(tmp_path, {"name": "one", "steps": [{"call": "MessageService/Fly"}]}))
    assert (unknown.exit_code, unknown.stderr) == (2, "failed: there is no method MessageService/Fly: one\n")
    (tmp_path / "scenarios.json").write_text('{"format": 2}', encoding="utf-8")
    newer = invoke(server.target, tmp_path)
    assert newer.exit_code == 2
    assert newer.stderr.endswith("scenarios.json: its format is not 1\n")
    assert invoke(server.target, tmp_path, "--credentials", tmp_path / "missing").exit_code == 2


class UnavailableOnce(user_service_pb2_grpc.UserServiceServicer):
    """A service whose first call of each user fails."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def GetUnreadSummary(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.user_id not in self._known:
            self._known.add(request.user_id)
            context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")
        return user_service_pb2.GetUnreadSummaryResponse()


def test_calls_are_retried_by_the_service_config_alone(tmp_path: Path) -> None:
    call = {"call": "UserService/GetUnreadSummary", "request": {"user_id": "${alice}"}}
    folder = write(tmp_path, {"name": "one", "users": ["alice"], "steps": [call]})
    other = grpc.server(ThreadPoolExecutor(1))
    user_service_pb2_grpc.add_UserServiceServicer_to_server(UnavailableOnce(), other)
    target = f"127.0.0.1:{other.add_insecure_port('127.0.0.1:0')}"
    other.start()
    try:
        assert invoke(target, folder, "--service-config", SERVICE_CONFIG).exit_code == 0
        refused = invoke(target, folder)
    finally:
        other.stop(None).wait()
    assert refused.exit_code == 1
    assert "step 1 (call UserService/GetUnreadSummary): expected success, came UNAVAILABLE: not yet" in refused.output


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """A server over TLS that asks for proof: its address, its authority, and a credentials file."""
    authority, signer, key = Authority(), new_signer(), new_key()
    certified = authority.certify("localhost", dns=("localhost",))
    files: dict[str, bytes | str] = {
        "ca.pem": authority.certificate,
        "server.pem": certified.certificate,
        "server.key": certified.key,
        "keys": key_line("service", key),
        "signer.pem": public_pem(signer),
    }
    for name, written in files.items():
        write_private(tmp_path / name, written)
    users = [{"user_id": name, "metadata": bearer(token_of(signer, name))} for name in ("user-1", "user-2")]
    content = {"format": 1, "has": ["identities"], "callers": {"service": bearer(key)}, "users": users}
    (tmp_path / "credentials.json").write_text(json.dumps(content), encoding="utf-8")
    running = start_server(
        f"sqlite:{tmp_path / 'secure.db'}",
        *("--tls-certificate", str(tmp_path / "server.pem"), "--tls-key", str(tmp_path / "server.key")),
        *("--auth", "key,jwt", "--key-file", str(tmp_path / "keys")),
        *("--jwt-key-file", str(tmp_path / "signer.pem"), "--jwt-audience", AUDIENCE),
    )
    yield f"localhost:{running.target.rpartition(':')[2]}", tmp_path / "ca.pem", tmp_path / "credentials.json"
    assert running.stop() == 0


def bearer(proof: str) -> dict[str, str]:
    return {"authorization": f"Bearer {proof}"}


def test_callers_have_the_metadata_of_the_credentials_over_tls(secure: tuple[str, Path, Path], tmp_path: Path) -> None:
    target, authority, credentials = secure
    folder = tmp_path / "scenarios"
    folder.mkdir()
    summary = "UserService/GetUnreadSummary"
    steps = [
        {"call": summary, "as": "alice", "request": {"user_id": "${alice}"}},
        {"call": summary, "request": {"user_id": "${alice}"}},
        {"call": summary, "as": "bob", "request": {"user_id": "${alice}"}, "error": {"status": "PERMISSION_DENIED"}},
        {
            "call": summary,
            "as": "nobody",
            "request": {"user_id": "${alice}"},
            "error": {"status": "UNAUTHENTICATED", "reason": "NOT_AUTHENTICATED", "field": None},
        },
    ]
    write(folder, {"name": "proofs", "needs": ["identities"], "users": ["alice", "bob"], "steps": steps})
    result = invoke(target, folder, "--tls-ca", authority, "--credentials", credentials)
    assert result.exit_code == 0, result.output
    assert "1 passed, 0 failed, 0 not run" in result.output
