"""Properties of the enumerations. A test of the contract compares their numbers."""

from backscroll_server.domain.enums import ConversationType


def test_members_come_and_go_in_groups_and_rooms_only() -> None:
    assert [type_.has_joins for type_ in ConversationType] == [False, True, True, False]
