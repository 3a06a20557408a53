"""Tokens of the change feed: to watch from, or for reads that must be fresh enough."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll.v1.consistency_pb2 import Consistency
from backscroll_server.domain.errors import DomainError, Reason
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.consistency import CallReads, ConsistentReads, FastReads
from backscroll_server.transport.tokens.codec import TokenCodec, query_digest
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.tokens.v1.token_pb2 import ResumeToken, SignedToken
from tests.unit.transport.tokens.kinds import CODEC, EPOCH, POSITION, StoreWithoutReplica, freshness

TOKENS = FeedTokens(CODEC)


def refusal(user: str, text: str) -> tuple[Reason, str]:
    with pytest.raises(DomainError) as caught:
        TOKENS.watch_start(user, text)
    return caught.value.reason, caught.value.field


@given(st.integers(1, 2**48 - 1), st.integers(0, 2**63 - 1), st.integers(0, 2**32 - 1))
def test_feed_token_when_decoded_has_any_numbers(epoch: int, position: int, check: int) -> None:
    codec, place = TokenCodec(b"any secret", epoch), FeedPosition(position, check)
    tokens = FeedTokens(codec)
    assert tokens.watch_start("ann", tokens.resume("ann", place)) == place
    assert freshness(codec, tokens.resume("ann", place)) == place
    assert freshness(codec, tokens.consistency(place)) == place


def test_watch_when_it_has_no_token_begins_now() -> None:
    assert TOKENS.watch_start("ann", "") is None


def test_token_of_another_user_is_for_reads_only() -> None:
    token = TOKENS.resume("bob", POSITION)
    assert refusal("ann", token) == (Reason.RESUME_TOKEN_MISMATCH, "resume_token")
    assert freshness(CODEC, token) == POSITION


def test_token_of_a_write_is_for_reads_only() -> None:
    assert refusal("ann", TOKENS.consistency(POSITION)) == (Reason.NOT_A_RESUME_TOKEN, "resume_token")


def test_token_of_version_1_may_be_of_a_write_and_is_for_reads_only() -> None:
    token = ResumeToken(
        version=1, epoch=EPOCH, user_digest=query_digest("ann"), position=POSITION.position, check=POSITION.check
    )
    text = CODEC._sign(SignedToken(resume=token).SerializeToString()).decode()
    assert refusal("ann", text) == (Reason.RESUME_TOKEN_TOO_OLD, "resume_token")
    assert freshness(CODEC, text) == POSITION


@pytest.mark.parametrize(
    ("consistency", "kind"),
    [
        (Consistency(), CallReads),
        (Consistency(latest=True), CallReads),
        (Consistency(minimize_latency=True), FastReads),
        (Consistency(at_least_as_fresh=TOKENS.consistency(POSITION)), ConsistentReads),
    ],
)
def test_reads_when_asked_for_some_freshness_are_of_that_kind(consistency: Consistency, kind: type[CallReads]) -> None:
    store: Any = StoreWithoutReplica()
    assert type(TOKENS.reads(store, consistency)) is kind


@pytest.mark.parametrize(
    ("consistency", "flag"),
    [(Consistency(latest=False), "latest"), (Consistency(minimize_latency=False), "minimize_latency")],
)
def test_flag_of_consistency_when_false_is_out_of_bounds(consistency: Consistency, flag: str) -> None:
    store: Any = StoreWithoutReplica()
    with pytest.raises(DomainError) as caught:
        TOKENS.reads(store, consistency)
    assert (caught.value.reason, caught.value.field) == (Reason.OUT_OF_BOUNDS, f"consistency.{flag}")
