"""Rules: the clock moves, and what time alone then does: burning, expiring, and the ends of mutes."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from backscroll_server.domain.clock import SECOND
from tests.property.chat_records import SINGLE
from tests.property.rules_settings import SettingsRules
from tests.property.scene import PLACES, Place

_DEFAULT_BURN_SECONDS = 30
_WHILES = st.sampled_from([1, 4, 5, 29, 30, 60, 120])
_LONG_WHILES = st.sampled_from([600, 1800, 3600, 7200])


class TimeRules(SettingsRules):
    """The clock stands still but for these."""

    @rule(seconds=_WHILES, exactly=st.booleans())
    def wait_a_while(self, seconds: int, exactly: bool) -> None:
        self.move_clock(seconds, exactly=exactly)

    @rule(seconds=_LONG_WHILES, exactly=st.booleans())
    def wait_long(self, seconds: int, exactly: bool) -> None:
        self.move_clock(seconds, exactly=exactly)

    def move_clock(self, seconds: int, *, exactly: bool) -> None:
        """Lets time pass, or all of it but a microsecond."""
        self.move_clock_to(self.clock() + seconds * SECOND - (not exactly))

    @rule(place=PLACES, enabled=st.booleans(), seconds=st.sampled_from([0, 5, 30, 600]))
    def switch_burn(self, place: Place, enabled: bool, seconds: int) -> None:
        """Without seconds it is the default."""
        conversation = self.slots[place[0]]
        if seconds:
            # No server's clock is past the end when reading begins it.
            seconds += -(-self.served.apart // SECOND)
        burn = {"enabled": enabled, "duration": {"seconds": seconds} if seconds else None}
        reason = self.update_shared(place, burn=burn)
        refusal = self.shared_refusal(place)
        if not refusal and conversation.kind != SINGLE:
            refusal = "TYPE_NOT_SUPPORTED"
        assert reason == refusal
        if not refusal:
            conversation.burn = (seconds or _DEFAULT_BURN_SECONDS) * SECOND if enabled else 0
