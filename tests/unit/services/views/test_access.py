"""The error for a conversation or message that does not exist, or belongs to others."""

from backscroll_server.domain.enums import MemberRole
from backscroll_server.domain.errors import Reason
from backscroll_server.services.views.access import MANAGERS, conversation_not_found, message_not_found


def test_not_found_names_the_field_and_nothing_of_what_was_asked_for() -> None:
    error = conversation_not_found()
    assert (error.reason, error.field) == (Reason.CONVERSATION_NOT_FOUND, "conversation")
    assert error.message == "no such conversation"
    assert conversation_not_found("items[1].conversation").field == "items[1].conversation"
    error = message_not_found()
    assert (error.reason, error.field) == (Reason.MESSAGE_NOT_FOUND, "message_id")
    assert error.message == "no such message"
    assert message_not_found("start.message_id").field == "start.message_id"


def test_owners_and_admins_manage_a_group() -> None:
    assert {MemberRole.OWNER, MemberRole.ADMIN} == MANAGERS
