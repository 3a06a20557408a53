"""What a reader needs to know of messages beside them, on rows: blocked ones, and those that burn."""

import pytest

from backscroll_server.domain.intervals import FOREVER
from backscroll_server.services.views.message_states import MessageState, states_of
from backscroll_server.services.views.visibility import VisibleHistory, visible_history
from tests.unit.rows import NoReads, Reads, user_conversation

BLOCKER = visible_history(NoReads(), user_conversation().bounds._replace(ever_blocked=True))
BURNING = visible_history(NoReads(), user_conversation().bounds._replace(next_burn_due=9000))


def test_states_when_nothing_was_blocked_and_nothing_burns_then_none_without_a_read() -> None:
    plain = visible_history(NoReads(), user_conversation().bounds)
    assert states_of(NoReads(), plain, range(1, 21)) == {}


@pytest.mark.parametrize("visible", [BLOCKER, BURNING])
def test_states_when_there_are_no_messages_then_none_without_a_read(visible: VisibleHistory) -> None:
    assert states_of(NoReads(), visible, []) == {}


def test_states_when_messages_were_stored_while_blocked_then_these_in_the_order_of_the_messages() -> None:
    session = Reads(answers=[[(2, 4), (18, FOREVER)]])
    states = states_of(session, BLOCKER, [20, 18, 4, 3, 2])
    assert list(states.values()) == [MessageState(item, blocked=True, burn_time=0) for item in (20, 4, 3)]
    assert list(states) == [20, 4, 3]
    assert session.asked == [{"conversation": 7, "user": 3}]


def test_states_when_messages_of_others_were_read_and_burn_then_their_moments() -> None:
    # Read by 3 up to 6, who sent 5, and by 4 up to 9; 8 was imported, and 4 is a tombstone.
    session = Reads(answers=[[(2, 6, 3, 9000), (2, 9, 4, 9500)], [(3, 4), (5, 3), (6, 4), (7, 3)], [(4, 4)]])
    states = states_of(session, BURNING, [2, 3, 4, 5, 6, 7, 8, 10])
    assert states == {
        3: MessageState(3, blocked=False, burn_time=9000),
        4: MessageState(4, blocked=False, burn_time=9000),
        5: MessageState(5, blocked=False, burn_time=9500),
        6: MessageState(6, blocked=False, burn_time=9000),
        7: MessageState(7, blocked=False, burn_time=9500),
    }
    assert session.asked == [
        {"conversation": 7, "now": 5000, "after": 1, "up_to": 10},
        {"conversation": 7, "keys": [3, 4, 5, 6, 7, 8]},
        {"conversation": 7, "keys": [3, 4, 5, 6, 7, 8]},
    ]


def test_states_when_a_message_is_in_two_ranges_then_the_earlier_moment() -> None:
    session = Reads(answers=[[(2, 6, 3, 9500), (4, 5, 3, 9000)], [(5, 4)]])
    assert states_of(session, BURNING, [5])[5].burn_time == 9000


def test_states_when_none_of_the_messages_was_read_then_one_read() -> None:
    session = Reads(answers=[[(2, 6, 3, 9000)]])
    assert states_of(session, BURNING, [1, 8]) == {}
    assert len(session.asked) == 1


def test_states_when_a_message_was_blocked_and_burns_then_both_in_one() -> None:
    session = Reads(answers=[[(4, 6)], [(2, 5, 3, 9000)], [(5, 4)]])
    both = BURNING._replace(ever_blocked=True)
    assert states_of(session, both, [5, 6]) == {
        5: MessageState(5, blocked=True, burn_time=9000),
        6: MessageState(6, blocked=True, burn_time=0),
    }
