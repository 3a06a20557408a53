"""The time for which messages are kept, by the type of their conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.domain.clock import DAY
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention

NOW = 1000 * DAY


@pytest.mark.parametrize("name", ["single", "group", "chat_room", "system"])
def test_horizon_when_one_type_is_kept_for_days_then_the_others_for_ever(name: str) -> None:
    type_ = ConversationType[name.upper()]
    rules = Retention.of_days(**{name: 3})
    assert {other: rules.horizon(other, NOW) for other in ConversationType} == {
        other: NOW - 3 * DAY if other is type_ else 0 for other in ConversationType
    }
    assert rules.horizons(NOW) == {type_: NOW - 3 * DAY}


@given(*[st.integers(0, 10_000)] * 4)
def test_horizons_when_days_differ_then_each_type_has_its_own(single: int, group: int, room: int, system: int) -> None:
    rules = Retention.of_days(single=single, group=group, chat_room=room, system=system)
    days = dict(zip(ConversationType, (single, group, room, system), strict=True))
    assert rules.horizons(NOW) == {type_: NOW - days[type_] * DAY for type_ in ConversationType if days[type_]}


def test_horizon_when_days_are_a_fraction_then_whole_microseconds() -> None:
    assert Retention.of_days(group=1.5).kept == (0, 0, 36 * 3600 * 1_000_000, 0, 0)


def test_nothing_expires_where_nothing_is_set() -> None:
    assert Retention.of_days() == Retention() == KEPT_FOR_EVER
    assert [KEPT_FOR_EVER.horizon(type_, NOW) for type_ in ConversationType] == [0, 0, 0, 0]
