"""The RPCs of `ConversationService` that change something. `conversation_queries` has those that only read."""

from collections.abc import Sequence

from backscroll.v1 import conversation_pb2, conversation_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ConversationType, DeletionScope, HistoryVisibility, MemberRole, ReceiveOption
from backscroll_server.domain.errors import DomainError, Reason
from backscroll_server.domain.ids import ConversationKey, conversation_key
from backscroll_server.domain.records import Committed
from backscroll_server.services.conversations import create, delete, members, read_state, shared_attributes
from backscroll_server.services.conversations import settings as preferences
from backscroll_server.services.conversations.all_conversations import delete_all, mark_all_read
from backscroll_server.services.conversations.delete import DeletionRequest
from backscroll_server.services.conversations.read_state import Target
from backscroll_server.services.store import Store
from backscroll_server.transport.call import Call
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.encode.members import member as encode_member
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.resume import ResumeTokens
from backscroll_server.transport.validation import (
    at_least_one,
    attributes,
    caller,
    deletion_scope,
    duration,
    enum_value,
    enum_values,
    identifier,
    identifiers,
    invalid,
    mask,
    message_key,
    microseconds,
    reference,
    references,
    require_count,
    require_unique,
    text,
)

_SETTINGS = frozenset({"pinned", "draft", "receive_option", "muted_until", "marks", "attributes"})
_USER_SETTINGS = frozenset({"receive_option", "muted_until"})
_SHARED = {
    "name": {"name"},
    "attributes": {"attributes"},
    "history_visibility": {"history_visibility"},
    "burn": {"burn_enabled", "burn_duration"},
    "burn.enabled": {"burn_enabled"},
    "burn.duration": {"burn_duration"},
}


class ConversationServicer:
    """The handlers of the RPCs of `ConversationService` that change something.

    Each method takes the request and the `Call` and returns the answer, as a message or encoded, once the change is
    durable. The answer has a resume token at or after the change. A faulty request raises `InvalidArgumentError`;
    `docs/api.md` lists the other failures of each RPC.

    Args:
        store: the open database.
        codec: writes resume tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._resume = ResumeTokens(codec, store.epoch)

    async def create_conversation(
        self, request: conversation_service_pb2.CreateConversationRequest, call: Call
    ) -> bytes:
        """Create a group or chat room that the calling user owns; return an encoded `CreateConversationResponse`."""
        actor = caller(request, call)
        type_ = enum_value(request.type, ConversationType, "type", default=ConversationType.GROUP)
        if not type_.has_joins:
            raise invalid(Reason.OUT_OF_BOUNDS, "only groups and chat rooms are created", "type")
        members = _new_members(request.members, least=0)
        for index, (user_id, _) in enumerate(members):
            if user_id == actor.user_id:
                raise invalid(Reason.DUPLICATE_VALUE, "who creates it is its owner", f"members[{index}].user_id")
        new = create.NewConversation(
            key=conversation_key(type_, "", identifier(request.source_id, "source_id")),
            name=text(request.name, "name", most=limits.NAME_BYTES),
            attributes=attributes(request.attributes, "attributes"),
            history_visibility=enum_value(
                request.history_visibility, HistoryVisibility, "history_visibility", default=HistoryVisibility.ALL
            ),
            members=members,
        )
        committed = await self._store.write(create.create_conversation, actor, new)
        rest = conversation_service_pb2.CreateConversationResponse(resume_token=self._token(actor.user_id, committed))
        return message_codec.frame(encode.conversation(committed.value)) + rest.SerializeToString()

    async def get_or_create_conversation(
        self, request: conversation_service_pb2.GetOrCreateConversationRequest, call: Call
    ) -> bytes:
        """Put a conversation into the user's list, and create it if it does not exist.

        Returns:
            An encoded `GetOrCreateConversationResponse`: the conversation, and whether this call created it.
        """
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        committed = await self._store.write(
            create.get_or_create, actor, key, users_may_create_groups=self._store.options.users_may_create_groups
        )
        description, created = committed.value
        rest = conversation_service_pb2.GetOrCreateConversationResponse(
            created=created, resume_token=self._token(actor.user_id, committed)
        )
        return message_codec.frame(encode.conversation(description)) + rest.SerializeToString()

    async def update_conversation(
        self, request: conversation_service_pb2.UpdateConversationRequest, call: Call
    ) -> bytes:
        """Change attributes that all members share: name, pairs, history visibility and burning, by field mask.

        Returns:
            An encoded `UpdateConversationResponse` with the conversation after the change.
        """
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        paths = mask(request.update_mask, _SHARED)
        names = frozenset(name for path in paths for name in _SHARED[path])
        if not request.history_visibility:
            names -= {"history_visibility"}
        visibility = enum_value(
            request.history_visibility, HistoryVisibility, "history_visibility", default=HistoryVisibility.ALL
        )
        burn_duration = limits.BURN_SECONDS_DEFAULT * SECOND
        if "burn_duration" in names and request.burn.HasField("duration"):
            burn_duration = duration(
                request.burn.duration, "burn.duration", least=limits.BURN_SECONDS_MIN, most=limits.BURN_SECONDS_MAX
            )
        shared = shared_attributes.SharedAttributes(
            mask=names,
            name=text(request.name, "name", most=limits.NAME_BYTES),
            attributes=attributes(request.attributes, "attributes"),
            history_visibility=visibility,
            burn_enabled=request.burn.enabled,
            burn_duration=burn_duration,
        )
        committed = await self._store.write(shared_attributes.update_shared, actor, key, shared)
        rest = conversation_service_pb2.UpdateConversationResponse(resume_token=self._token(actor.user_id, committed))
        return message_codec.frame(encode.conversation(committed.value)) + rest.SerializeToString()

    async def update_conversation_settings(
        self, request: conversation_service_pb2.UpdateConversationSettingsRequest, call: Call
    ) -> bytes:
        """Change the user's settings of one or many conversations, by field mask.

        Returns:
            An encoded `UpdateConversationSettingsResponse`: for each reference the conversation or its error, in order.
        """
        actor = caller(request, call)
        keys = references(request.conversations, actor.user_id, most=limits.SETTINGS_CONVERSATIONS)
        settings = _settings(request)
        found: list[ConversationKey] = [key for key in keys if not isinstance(key, DomainError)]
        committed = await self._store.write(preferences.update_settings, actor, found, settings)
        rest = conversation_service_pb2.UpdateConversationSettingsResponse(
            resume_token=self._token(actor.user_id, committed)
        )
        return encode.conversation_results(keys, committed.value, "conversations") + rest.SerializeToString()

    async def delete_conversation(
        self, request: conversation_service_pb2.DeleteConversationRequest, call: Call
    ) -> conversation_service_pb2.DeleteConversationResponse:
        """Delete a conversation for the user alone or for everyone, as the scope of the request says.

        Returns:
            The outcome and the sequence up to which the history was cleared. With `validate_only` nothing is changed,
            and the resume token is empty.
        """
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        deletion = DeletionRequest(request.delete_messages, request.stay_hidden, request.validate_only)
        if deletion_scope(request.scope) is DeletionScope.SELF:
            committed = await self._store.write(delete.delete_for_self, actor, key, deletion)
        else:
            if request.stay_hidden:
                raise invalid(Reason.CONFLICTING_FIELDS, "only for the user alone", "stay_hidden")
            committed = await delete.delete_for_everyone(self._store, actor, key, deletion)
        return conversation_service_pb2.DeleteConversationResponse(
            outcome=int(committed.value.outcome),  # type: ignore[arg-type]
            cleared_up_to_sequence=committed.value.cleared,
            resume_token="" if request.validate_only else self._token(actor.user_id, committed),
        )

    async def delete_all_conversations(
        self, request: conversation_service_pb2.DeleteAllConversationsRequest, call: Call
    ) -> conversation_service_pb2.DeleteAllConversationsResponse:
        """Delete every conversation of the user, for the user alone; return how many were deleted.

        With `validate_only` nothing is changed, and the resume token is empty.
        """
        actor = caller(request, call)
        deletion = DeletionRequest(request.delete_messages, request.stay_hidden, request.validate_only)
        committed = await delete_all(self._store, actor, deletion)
        return conversation_service_pb2.DeleteAllConversationsResponse(
            deleted_count=committed.value,
            resume_token="" if request.validate_only else self._token(actor.user_id, committed),
        )

    async def mark_conversation_read(
        self, request: conversation_service_pb2.MarkConversationReadRequest, call: Call
    ) -> conversation_service_pb2.MarkConversationReadResponse:
        """Move the user's read position forward: to a sequence, to a message, or by default to the newest message.

        Returns:
            The read position afterwards and the unread count.
        """
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        committed = await self._store.write(read_state.mark_read, actor, key, _target(request))
        read_sequence, unread = committed.value
        return conversation_service_pb2.MarkConversationReadResponse(
            read_sequence=read_sequence, unread_count=unread, resume_token=self._token(actor.user_id, committed)
        )

    async def mark_conversation_unread(
        self, request: conversation_service_pb2.MarkConversationUnreadRequest, call: Call
    ) -> conversation_service_pb2.MarkConversationUnreadResponse:
        """Mark a conversation unread: from a sequence or a message on, or by default with a flag alone.

        Returns:
            The unread count afterwards.
        """
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        committed = await self._store.write(read_state.mark_unread, actor, key, _target(request))
        return conversation_service_pb2.MarkConversationUnreadResponse(
            unread_count=committed.value, resume_token=self._token(actor.user_id, committed)
        )

    async def mark_all_conversations_read(
        self, request: conversation_service_pb2.MarkAllConversationsReadRequest, call: Call
    ) -> conversation_service_pb2.MarkAllConversationsReadResponse:
        """Move the user's read position to the end in every conversation, or in those of the given types.

        Returns:
            The number of conversations that changed.
        """
        actor = caller(request, call)
        types = frozenset(enum_values(request.types, ConversationType, "types", most=len(ConversationType)))
        committed = await mark_all_read(self._store, actor, types)
        return conversation_service_pb2.MarkAllConversationsReadResponse(
            changed_count=committed.value, resume_token=self._token(actor.user_id, committed)
        )

    async def reset_mentions(
        self, request: conversation_service_pb2.ResetMentionsRequest, call: Call
    ) -> conversation_service_pb2.ResetMentionsResponse:
        """Clear the user's unread mentions in a conversation, without reading it; return how many were cleared."""
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        committed = await self._store.write(read_state.reset_mentions, actor, key)
        return conversation_service_pb2.ResetMentionsResponse(
            cleared_count=committed.value, resume_token=self._token(actor.user_id, committed)
        )

    async def update_user_settings(
        self, request: conversation_service_pb2.UpdateUserSettingsRequest, call: Call
    ) -> conversation_service_pb2.UpdateUserSettingsResponse:
        """Change the settings of the user that hold for all conversations, by field mask; return them all."""
        actor = caller(request, call)
        paths = mask(request.update_mask, _USER_SETTINGS)
        option = ReceiveOption.NORMAL
        if "receive_option" in paths:
            option = enum_value(request.settings.receive_option, ReceiveOption, "settings.receive_option")
        muted_until = 0
        if "muted_until" in paths and request.settings.HasField("muted_until"):
            muted_until = microseconds(request.settings.muted_until, "settings.muted_until")
        committed = await self._store.write(preferences.update_user_settings, actor, paths, option, muted_until)
        return conversation_service_pb2.UpdateUserSettingsResponse(
            settings=encode.user_settings(committed.value), resume_token=self._token(actor.user_id, committed)
        )

    async def add_members(
        self, request: conversation_service_pb2.AddMembersRequest, call: Call
    ) -> conversation_service_pb2.AddMembersResponse:
        """Add members to a group or chat room; return how many were not members before."""
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        added = _new_members(request.members, least=1)
        committed = await self._store.write(members.add_members, actor, key, added)
        return conversation_service_pb2.AddMembersResponse(
            added_count=committed.value, resume_token=self._token(actor.user_id, committed)
        )

    async def remove_members(
        self, request: conversation_service_pb2.RemoveMembersRequest, call: Call
    ) -> conversation_service_pb2.RemoveMembersResponse:
        """Remove members from a group or chat room; return how many of the given users were members."""
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        ids = identifiers(request.member_ids, "member_ids", least=1, most=limits.MEMBERS_PER_CALL)
        committed = await self._store.write(members.remove_members, actor, key, ids)
        return conversation_service_pb2.RemoveMembersResponse(
            removed_count=committed.value, resume_token=self._token(actor.user_id, committed)
        )

    async def update_member(
        self, request: conversation_service_pb2.UpdateMemberRequest, call: Call
    ) -> conversation_service_pb2.UpdateMemberResponse:
        """Change the role of one member of a group or chat room; return the member."""
        actor = caller(request, call)
        key = reference(request.conversation, actor.user_id)
        member_id = identifier(request.member_id, "member_id")
        role = enum_value(request.role, MemberRole, "role")
        committed = await self._store.write(members.update_member, actor, key, member_id, role)
        return conversation_service_pb2.UpdateMemberResponse(
            member=encode_member(committed.value), resume_token=self._token(actor.user_id, committed)
        )

    def _token(self, user_id: str, committed: Committed[object]) -> str:
        return self._resume.encode(user_id, committed.position)


def _target(
    request: conversation_service_pb2.MarkConversationReadRequest
    | conversation_service_pb2.MarkConversationUnreadRequest,
) -> Target:
    kind = request.WhichOneof("target")
    if kind == "sequence":
        return at_least_one(request.sequence, "sequence")
    if kind == "message_id":
        return message_key(request.message_id, "message_id")
    return None


def _new_members(members: Sequence[conversation_service_pb2.NewMember], *, least: int) -> list[tuple[str, MemberRole]]:
    require_count(members, "members", least=least, most=limits.MEMBERS_PER_CALL)
    for index, member in enumerate(members):
        identifier(member.user_id, f"members[{index}].user_id")
    require_unique([member.user_id for member in members], "members")
    return [
        (member.user_id, enum_value(member.role, MemberRole, f"members[{index}].role", default=MemberRole.MEMBER))
        for index, member in enumerate(members)
    ]


def _settings(request: conversation_service_pb2.UpdateConversationSettingsRequest) -> preferences.Settings:
    paths = mask(request.update_mask, _SETTINGS)
    given: conversation_pb2.ConversationSettings = request.settings
    option = ReceiveOption.NORMAL
    if "receive_option" in paths:
        option = enum_value(given.receive_option, ReceiveOption, "settings.receive_option")
    muted_until = 0
    if "muted_until" in paths and given.HasField("muted_until"):
        muted_until = microseconds(given.muted_until, "settings.muted_until")
    require_count(given.marks, "settings.marks", least=0, most=limits.MARKS)
    for index, mark in enumerate(given.marks):
        text(mark, f"settings.marks[{index}]", most=limits.MARK_BYTES, least=1)
    require_unique(given.marks, "settings.marks")
    return preferences.Settings(
        mask=paths,
        pinned=given.pinned,
        draft=text(given.draft, "settings.draft", most=limits.DRAFT_BYTES),
        receive_option=option,
        muted_until=muted_until,
        marks=tuple(given.marks),
        attributes=attributes(given.attributes, "settings.attributes"),
    )
