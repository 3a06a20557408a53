"""A runner of the contract suite reaches a target whose address is an IPv6 one, which stands in brackets."""

import socket
from pathlib import Path

import pytest

from tests.clients.runners import LANGUAGES, run_scenarios, write_scenarios
from tests.clients.targets import OPEN_HAS, Target
from tests.support.server_process import start_server

_SCENARIO = {
    "name": "ipv6: a call",
    "users": ["alice"],
    "steps": [{"call": "UserService/GetUnreadSummary", "as": "alice", "request": {"user_id": "${alice}"}}],
}


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.toolchains
@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("language", LANGUAGES)
def test_runner_reaches_a_target_with_an_ipv6_address(language: str, tmp_path: Path) -> None:
    scenarios = write_scenarios(tmp_path / "scenarios", [_SCENARIO])
    server = start_server(f"sqlite://{tmp_path / 'backscroll.db'}", "--listen", "[::1]:0")
    try:
        outcome = run_scenarios(language, Target(server.target, OPEN_HAS), tmp_path, scenarios=scenarios)
    finally:
        assert server.stop() == 0, server.log_text()
    assert outcome.names("passed") == {_SCENARIO["name"]}, outcome.failures()
