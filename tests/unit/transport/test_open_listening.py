"""Unknown callers are served on this machine only, unless the operator says so by name."""

import pytest

from backscroll_server.transport.open_listening import OpenListeningError, refuse_open_listening


@pytest.mark.parametrize("address", ["127.0.0.1:0", "127.9.9.9:50051", "[::1]:50051", "localhost:50051"])
def test_listening_when_the_address_is_loopback_is_allowed(address: str) -> None:
    refuse_open_listening(address, requires_proof=False, insecure_listen=False)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0:50051", "[::]:50051", "10.0.0.1:1", "example.org:1", "localhost.example.org:1", "128.0.0.1:1", "127.1:1"],
)
def test_listening_when_others_reach_it_is_refused_unless_forced_by_name(address: str) -> None:
    with pytest.raises(OpenListeningError, match="insecure_listen"):
        refuse_open_listening(address, requires_proof=False, insecure_listen=False)
    refuse_open_listening(address, requires_proof=False, insecure_listen=True)


def test_listening_when_callers_prove_who_they_are_is_allowed_everywhere() -> None:
    refuse_open_listening("0.0.0.0:50051", requires_proof=True, insecure_listen=False)
