"""Encoder of members."""

from backscroll.v1 import conversation_pb2
from backscroll_server.services.conversations.member_pages import ListedMember
from backscroll_server.transport.encode.conversations import timestamp


def member(listed: ListedMember) -> conversation_pb2.Member:
    """Return the `Member` of a response: user id, role, time of joining and read position."""
    return conversation_pb2.Member(
        user_id=listed.user_id,
        role=listed.role,  # type: ignore[arg-type]
        join_time=timestamp(listed.join_time),
        read_sequence=listed.read_sequence,
    )
