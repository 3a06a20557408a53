"""Resume tokens hold any numbers."""

from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.transport.tokens.codec import VERSION
from backscroll_server.transport.tokens.resume import decode_resume
from backscroll_server.transport.tokens.v1.token_pb2 import ResumeToken
from tests.unit.transport.tokens.kinds import CODEC, resume_text


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**63 - 1), st.integers(0, 2**32 - 1))
def test_resume_token_when_decoded_has_any_numbers(epoch: int, position: int, check: int) -> None:
    token = ResumeToken(version=VERSION, epoch=epoch, user_digest=b"8 bytes.", position=position, check=check)
    assert decode_resume(CODEC, resume_text(token)) == token
