"""The promises of `Watch` where the clocks of two servers of one database differ (semantics F6, T1)."""

import pytest

from backscroll_server.domain.clock import SECOND
from tests.reliability.watch.recorders import connect
from tests.reliability.watch.runs import Plan, Run
from tests.reliability.watch.validators import violations
from tests.support.api_client import ApiClient, single
from tests.support.database_check import assert_sound
from tests.support.server_ahead import FAKETIME_MISSING, faketime_library
from tools.postgres_cluster import Cluster

pytestmark = pytest.mark.slow


def time_at(target: str) -> int:
    """Return what time it is at a server, in microseconds: the time of a change that it makes."""
    with connect(target) as channel:
        opened = ApiClient(channel).open("early bird", single(target))
    return opened.activity_time.ToMicroseconds()


@pytest.mark.parametrize("ahead", [0.5, 5])
@pytest.mark.parametrize("with_faketime", [False, True], ids=["", "faketime"])
def test_promises_when_the_clock_of_one_server_is_ahead_then_none_is_broken(
    own_cluster: Cluster, ahead: float, *, with_faketime: bool
) -> None:
    faketime = faketime_library() if with_faketime else ""
    if with_faketime and not faketime:
        pytest.skip(FAKETIME_MISSING)
    plan = Plan(
        seed=6, seconds=6, kills=2, disconnects=20, events=2_000, users=4, servers=2, ahead=ahead, faketime=faketime
    )
    run = Run(plan, own_cluster.new_database())
    try:
        behind, later = [time_at(server.target) for server in run.servers]
        assert later - behind >= ahead * SECOND
        outcome = run.go()
    finally:
        run.close()
    print(  # noqa: T201
        f"{ahead} s apart, seed {plan.seed}: {run.scene.calls} calls, {outcome.events} events in "
        f"{outcome.seconds:.1f} s, {outcome.kills} kills, {outcome.disconnects} disconnects, {outcome.slow} slow"
    )
    assert violations(outcome.history) == {}
    assert (outcome.kills, outcome.disconnects) == (plan.kills, plan.disconnects)
    assert outcome.events >= plan.events
    assert_sound(run.database)
