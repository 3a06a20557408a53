"""Page tokens of a history hold any numbers."""

from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.transport.tokens.codec import VERSION, TokenCodec
from backscroll_server.transport.tokens.history import decode_history
from backscroll_server.transport.tokens.v1.token_pb2 import HistoryToken
from tests.unit.transport.tokens.kinds import history_text

NUMBERS = st.integers(0, 2**63 - 1)


@given(NUMBERS, NUMBERS, st.booleans(), NUMBERS, NUMBERS, st.integers(0, 2**32 - 1), st.integers(1, 2**48 - 1))
def test_history_token_when_decoded_has_any_numbers(
    conversation: int, user: int, down: bool, boundary: int, position: int, check: int, epoch: int
) -> None:
    token = HistoryToken(
        version=VERSION,
        conversation=conversation,
        user=user,
        down=down,
        boundary=boundary,
        query_digest=b"8 bytes.",
        seen_position=position,
        seen_check=check if position else 0,
        epoch=epoch,
    )
    codec = TokenCodec(b"any secret", epoch)
    assert decode_history(codec, history_text(codec, token)) == token
