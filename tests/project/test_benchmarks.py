"""The benchmarks themselves: that they run, whatever the machine gives."""

import asyncio
import os
import subprocess
import sys
import time
from itertools import repeat
from pathlib import Path

import pytest
import uvloop
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet

from benchmarks.cases.trees import most_tail
from benchmarks.checkouts import THIS_TREE, prepared
from benchmarks.contract import DESCRIPTORS, Contract
from benchmarks.cores import Cores
from benchmarks.figures import Reading, Spread
from benchmarks.load import connected
from benchmarks.open_loop import Arrivals, _wait_until, run_open_loop
from benchmarks.plan import Plan
from benchmarks.postgres_server import missing
from benchmarks.processes import backscroll, empty_server

ROOT = Path(__file__).parents[2]
METHOD = "/some.Service/Call"
OTHER_METHOD = "/some.Service/OtherCall"
ANY_CORES = Cores(frozenset(), frozenset())


def test_open_loop_when_the_client_is_late_skips_nothing_and_times_calls_from_when_they_were_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    punctual, late = asyncio.run(_open_loops(tmp_path, METHOD, METHOD, late_by=0.4))
    assert not punctual.errors
    assert not late.errors
    assert late.calls == punctual.calls > 0
    # About 30 calls are due early in the pause. Timed from when it is sent, only a call in flight would be slow.
    assert sum(latency > 0.1 for latency in late.latencies) > 10


def test_open_loop_when_calls_fail_counts_each_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    answered, failed = asyncio.run(_open_loops(tmp_path, OTHER_METHOD, OTHER_METHOD))
    assert answered.calls == failed.calls == 0
    assert len(answered.errors) == len(failed.errors) > 20
    assert {error.partition(":")[0] for error in failed.errors} == {"UNIMPLEMENTED"}


def test_open_loop_when_timers_end_early_makes_no_call_before_it_is_due() -> None:
    async def moments() -> list[float]:
        passed = []
        for number in range(100):
            due = time.perf_counter() + 0.0003 + number * 0.00002
            await _wait_until(due)
            passed.append(time.perf_counter() - due)
        return passed

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert min(runner.run(moments())) >= 0


async def _open_loops(folder: Path, first: str, second: str, *, late_by: float = 0) -> list[Reading]:
    """Return the readings of two runs with the same arrivals, the second with a client that stops for a while."""
    readings = []
    with empty_server(METHOD, b"answer", folder, ANY_CORES) as server:
        async with connected(server) as client:
            for method, pause in ((first, 0), (second, late_by)):
                asyncio.get_running_loop().call_later(0.1, time.sleep, pause)
                readings += await run_open_loop(client, [Arrivals(method, 100, lambda _: repeat(b""))], 1, 0.6)
    return readings


def test_another_tree_when_served_runs_its_own_code(tmp_path: Path) -> None:
    package = tmp_path / "service" / "backscroll_server"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import time\nprint('serving on another-tree', flush=True)\ntime.sleep(60)\n")
    with backscroll(tmp_path / "other.db", ANY_CORES, tree=tmp_path) as server:
        assert server.address == "another-tree"


def _checkout(folder: Path, watch: str, request_field: str, number: int) -> Path:
    """A checkout with one call, which is named `watch`; its request has one field, of a number."""
    proto = FileDescriptorProto(name="events.proto", package="backscroll.v1", syntax="proto3")
    proto.message_type.add(name="Request").field.add(
        name=request_field,
        number=number,
        type=FieldDescriptorProto.TYPE_STRING,
        label=FieldDescriptorProto.LABEL_OPTIONAL,
    )
    proto.message_type.add(name="Response")
    proto.service.add(name="EventService").method.add(
        name=watch, input_type=".backscroll.v1.Request", output_type=".backscroll.v1.Response"
    )
    file = folder / DESCRIPTORS
    file.parent.mkdir(parents=True)
    file.write_bytes(FileDescriptorSet(file=[proto]).SerializeToString())
    return folder


def test_contract_when_checkouts_differ_encodes_for_each_what_its_protos_say(tmp_path: Path) -> None:
    one = Contract(_checkout(tmp_path / "one", "WatchEvents", "user_id", 1))
    other = Contract(_checkout(tmp_path / "other", "Watch", "user_id", 3))
    assert one.path("WatchEvents") == "/backscroll.v1.EventService/WatchEvents"
    assert other.path("WatchEvents") == "/backscroll.v1.EventService/Watch"
    assert one.request("WatchEvents", user_id="ann") == b"\x0a\x03ann"
    assert other.request("WatchEvents", user_id="ann") == b"\x1a\x03ann"


def test_checkout_when_it_lacks_a_call_or_a_field_is_said_not_to_be_comparable(tmp_path: Path) -> None:
    folders = (
        _checkout(tmp_path / "other-call", "GetMessage", "user_id", 1),
        _checkout(tmp_path / "other-field", "WatchEvents", "user", 1),
        _checkout(tmp_path / "the-same", "WatchEvents", "user_id", 1),
    )
    plan = Plan(1, 1, quick=True, folder=tmp_path, cores=ANY_CORES, against=folders)
    made, lines = prepared(plan, lambda contract: contract.request("WatchEvents", user_id="ann"))
    assert {tree.name: request for tree, request in made.items()} == {
        "the-same": b"\x0a\x03ann",
        "this tree": b"\x0a\x03ann",
    }
    assert list(made)[-1] is THIS_TREE
    assert [line.partition(": ")[0] for line in lines] == [
        "other-call cannot be compared",
        "other-field cannot be compared",
    ]
    assert "there is no WatchEvents" in lines[0]
    assert '"user_id"' in lines[1]


@pytest.mark.parametrize(
    ("other", "expected"),
    [(Spread(10, 9.8, 10.1), 11), (Spread(10, 8, 14), 16), (Spread(10, 10, 10), 11)],
)
def test_most_tail_when_rounds_differ_allows_ten_percent_or_their_spread(other: Spread, expected: float) -> None:
    assert most_tail(other) == pytest.approx(expected)


@pytest.mark.slow
def test_trees_when_run_briefly_are_compared_under_every_load() -> None:
    printed = _measured("trees", "--against", str(ROOT))
    for load in ("page, 1 in", "page, 128 in", "page, open loop at 80%", "send, 64 in", "list of 1,000"):
        assert f"\n{load}" in printed
    assert printed.count("CPU over that of") == 2
    assert printed.splitlines()[-1].endswith("0 cases failed")


@pytest.mark.slow
def test_heavy_when_run_briefly_times_light_and_heavy_calls_of_both_trees() -> None:
    printed = _measured("heavy", "--against", str(ROOT))
    for line in (
        "page, alone",
        "health, beside",
        "    MarkAllConversationsRead",
        "StreamConversations: time over that of",
    ):
        assert line in printed
    assert printed.splitlines()[-1].endswith("0 cases failed")


@pytest.mark.slow
def test_benchmarks_when_run_briefly_measure_every_case() -> None:
    _measure("page", "send", "batch", "depth", "group", "list")


@pytest.mark.slow
def test_benchmarks_when_another_checkout_is_given_measure_it_beside_this_one() -> None:
    printed = _measured("page", "send", "batch", "list", "watch", "depth", "--against", str(ROOT))
    assert printed.count(f"\n  beside {ROOT.name}: ") == 5
    assert printed.count("other checkouts are not measured here") == 1
    assert printed.splitlines()[-1].endswith("0 not measured, 0 cases failed")


@pytest.mark.slow
@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_benchmarks_on_postgres_when_run_briefly_measure_every_case() -> None:
    _measure("postgres-page", "postgres-send")


def _measure(*cases: str) -> None:
    assert _measured(*cases).splitlines()[-1].endswith("0 not measured, 0 cases failed")


def _measured(*arguments: str) -> str:
    """Return the output of a brief run that succeeds."""
    paths = os.pathsep.join(str(ROOT / path) for path in ("service", "generated/python", "."))
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--seconds", "0.1", "--rounds", "1", "--quick", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
