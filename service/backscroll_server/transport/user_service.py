"""The RPCs of `UserService`: what belongs to a user and to no single conversation."""

from functools import partial, reduce

from backscroll.v1 import user_pb2, user_service_pb2
from backscroll_server.services.conversations import get
from backscroll_server.services.conversations import settings as preferences
from backscroll_server.services.store import Store
from backscroll_server.services.views.unread_totals import NOTHING, Totals
from backscroll_server.transport.calls import Call
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.enum_numbers import TYPE_NUMBERS
from backscroll_server.transport.queries.settings import user_settings_of
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.validation import caller


class UserServicer:
    """The handlers of the RPCs of `UserService`.

    Each method takes the request and the `Call` and returns the answer. A faulty request raises
    `InvalidArgumentError`; `docs/api.md` lists the other failures of each RPC.

    Args:
        store: the open database.
        codec: seals tokens and opens them.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._tokens = FeedTokens(codec)
        self._reads = partial(self._tokens.reads, store)

    async def get_unread_summary(
        self, request: user_service_pb2.GetUnreadSummaryRequest, call: Call
    ) -> user_service_pb2.GetUnreadSummaryResponse:
        """Return the unread totals over the user's list, for each type and for all; chat rooms are left out."""
        user_id = caller(request, call).user_id

        reads = self._reads(request.consistency)
        by_type, position = await reads.in_steps(get.unread_summary, user_id)
        everything = reduce(Totals.plus, by_type.values(), NOTHING)
        return user_service_pb2.GetUnreadSummaryResponse(
            totals=encode.totals(everything),
            by_type=[
                user_pb2.TypeUnreadTotals(type=TYPE_NUMBERS[type_], totals=encode.totals(totals))
                for type_, totals in by_type.items()
            ],
            resume_token=self._tokens.resume(user_id, position),
        )

    async def get_user_settings(
        self, request: user_service_pb2.GetUserSettingsRequest, call: Call
    ) -> user_service_pb2.GetUserSettingsResponse:
        """Return the settings of the user that hold for all conversations, with a resume token."""
        user_id = caller(request, call).user_id
        reads = self._reads(request.consistency)
        options = await reads(preferences.get_user_settings, user_id)
        return user_service_pb2.GetUserSettingsResponse(
            settings=encode.user_settings(options), resume_token=self._tokens.resume(user_id, reads.read_at)
        )

    async def update_user_settings(
        self, request: user_service_pb2.UpdateUserSettingsRequest, call: Call
    ) -> user_service_pb2.UpdateUserSettingsResponse:
        """Change the settings of the user that hold for all conversations, by field mask; return them all."""
        actor = caller(request, call)
        names, option, muted_until = user_settings_of(request.settings, request.update_mask)
        committed = await self._store.write(preferences.update_user_settings, actor, names, option, muted_until)
        return user_service_pb2.UpdateUserSettingsResponse(
            settings=encode.user_settings(committed.value),
            consistency_token=self._tokens.consistency(committed.position),
        )
