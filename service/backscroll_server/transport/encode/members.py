"""Encoder of members."""

from backscroll.v1 import member_pb2
from backscroll_server.domain.records import ListedMember
from backscroll_server.transport.encode.conversations import timestamp


def member(listed: ListedMember) -> member_pb2.Member:
    """Return the `Member` of a response: user id, role, time of joining and read position."""
    return member_pb2.Member(
        user_id=listed.user_id,
        role=listed.role,  # type: ignore[arg-type]
        join_time=timestamp(listed.join_time),
        read_sequence=listed.read_sequence,
    )
