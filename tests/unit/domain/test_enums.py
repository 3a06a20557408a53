"""Properties of the enumerations; that their numbers are those of the contract is tested with the contract."""

from backscroll_server.domain.enums import ConversationType


def test_members_come_and_go_in_groups_and_rooms_only() -> None:
    assert [type_.has_joins for type_ in ConversationType] == [False, True, True, False]
