"""The RPCs of `ConversationService` that change something. `conversation_queries` has those that only read."""

from collections.abc import Sequence

from backscroll.v1 import conversation_service_pb2, member_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.enums import DeletionScope, MemberRole
from backscroll_server.domain.errors import DomainError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.services.conversations import create, delete, members, read_state
from backscroll_server.services.conversations import settings as preferences
from backscroll_server.services.conversations.all_conversations import delete_all, mark_all_read
from backscroll_server.services.conversations.delete import DeletionRequest
from backscroll_server.services.conversations.properties import update_properties
from backscroll_server.services.conversations.read_state import Target
from backscroll_server.services.store import Store
from backscroll_server.transport.calls import Call
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.encode.members import member as encode_member
from backscroll_server.transport.queries.settings import changed_properties, new_properties, settings_of
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.validation import (
    at_least_one,
    caller,
    changed_reference,
    conversation_type,
    conversation_types,
    deletion_scope,
    enum_value,
    identifier,
    identifiers,
    invalid,
    mask,
    message_key,
    microseconds,
    not_negative,
    references,
    require_count,
    require_unique,
    target_key,
)


class ConversationServicer:
    """The handlers of the RPCs of `ConversationService` that change something.

    Each method takes the request and the `Call` and returns the answer, as a message or encoded, once the change is
    durable. The answer has a consistency token. A faulty request raises `InvalidArgumentError`;
    `docs/api.md` lists the other failures of each RPC.

    Args:
        store: the open database.
        codec: seals consistency tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._tokens = FeedTokens(codec)

    async def create_conversation(
        self, request: conversation_service_pb2.CreateConversationRequest, call: Call
    ) -> bytes:
        """Create a group or chat room that the calling user owns; return an encoded `CreateConversationResponse`."""
        actor = caller(request, call)
        type_ = conversation_type(request.target.type, "target.type")
        if not type_.has_joins:
            raise invalid(Reason.OUT_OF_BOUNDS, "must be GROUP or CHAT_ROOM", "target.type")
        new = create.NewConversation(
            key=target_key(request.target, type_, actor.user_id, "target"),
            properties=new_properties(request.properties),
            members=_other_members(request.members, actor.user_id),
        )
        committed = await self._store.write(
            create.create_conversation,
            actor,
            new,
            users_may_create_groups=self._store.options.users_may_create_groups,
        )
        description, created = committed.value
        rest = conversation_service_pb2.CreateConversationResponse(
            created=created, consistency_token=self._tokens.consistency(committed.position)
        )
        return message_codec.frame(encode.conversation(description)) + rest.SerializeToString()

    async def get_or_create_conversation(
        self, request: conversation_service_pb2.GetOrCreateConversationRequest, call: Call
    ) -> bytes:
        """Put a conversation into the user's list, and create it if it does not exist.

        Returns:
            An encoded `GetOrCreateConversationResponse`: the conversation, and whether this call created it.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        if request.members and not key.type.has_joins:
            raise invalid(
                Reason.CONFLICTING_FIELDS,
                f"a {key.type.name} conversation has fixed members",
                "members",
                conflicts_with="conversation",
            )
        new = create.NewConversation(
            key=key,
            properties=new_properties(request.properties),
            members=_other_members(request.members, actor.user_id),
        )
        committed = await self._store.write(
            create.get_or_create, actor, new, users_may_create_groups=self._store.options.users_may_create_groups
        )
        description, created = committed.value
        rest = conversation_service_pb2.GetOrCreateConversationResponse(
            created=created, consistency_token=self._tokens.consistency(committed.position)
        )
        return message_codec.frame(encode.conversation(description)) + rest.SerializeToString()

    async def update_conversation(
        self, request: conversation_service_pb2.UpdateConversationRequest, call: Call
    ) -> bytes:
        """Change properties that all members share, by field mask.

        Returns:
            An encoded `UpdateConversationResponse` with the conversation after the change.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        properties = changed_properties(request.properties, request.update_mask)
        committed = await self._store.write(update_properties, actor, key, properties)
        rest = conversation_service_pb2.UpdateConversationResponse(
            consistency_token=self._tokens.consistency(committed.position)
        )
        return message_codec.frame(encode.conversation(committed.value)) + rest.SerializeToString()

    async def update_conversation_settings(
        self, request: conversation_service_pb2.UpdateConversationSettingsRequest, call: Call
    ) -> bytes:
        """Change the user's settings of one conversation, by field mask.

        Returns:
            An encoded `UpdateConversationSettingsResponse` with the conversation after the change.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        settings = settings_of(request.settings, request.update_mask)
        committed = await self._store.write(preferences.update_settings, actor, key, settings)
        rest = conversation_service_pb2.UpdateConversationSettingsResponse(
            consistency_token=self._tokens.consistency(committed.position)
        )
        return message_codec.frame(encode.conversation(committed.value)) + rest.SerializeToString()

    async def batch_update_conversation_settings(
        self, request: conversation_service_pb2.BatchUpdateConversationSettingsRequest, call: Call
    ) -> conversation_service_pb2.BatchUpdateConversationSettingsResponse:
        """Change the user's settings of several conversations in the same way, by field mask.

        Returns:
            For each reference what was done or its error, in order.
        """
        actor = caller(request, call)
        keys = references(request.conversations, actor.user_id, most=limits.SETTINGS_CONVERSATIONS, changed=True)
        settings = settings_of(request.settings, request.update_mask)
        found: list[ConversationKey] = [key for key in keys if not isinstance(key, DomainError)]
        committed = await self._store.write(preferences.update_each, actor, found, settings)
        return conversation_service_pb2.BatchUpdateConversationSettingsResponse(
            results=encode.settings_results(keys, committed.value),
            consistency_token=self._tokens.consistency(committed.position),
        )

    async def delete_conversation(
        self, request: conversation_service_pb2.DeleteConversationRequest, call: Call
    ) -> conversation_service_pb2.DeleteConversationResponse:
        """Delete a conversation for the user alone or for everyone, as the scope of the request says.

        Returns:
            The outcome and the part of the history that is gone. With `validate_only` nothing is changed,
            and the consistency token is empty.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        up_to = not_negative(request.up_to_sequence, "up_to_sequence") if request.HasField("up_to_sequence") else None
        deletion = DeletionRequest(request.delete_messages, request.stay_hidden, request.validate_only, up_to)
        if deletion_scope(request.scope) is DeletionScope.SELF:
            committed = await self._store.write(delete.delete_for_self, actor, key, deletion)
        else:
            if request.stay_hidden:
                raise invalid(
                    Reason.CONFLICTING_FIELDS, "goes with the scope SELF only", "stay_hidden", conflicts_with="scope"
                )
            committed = await delete.delete_for_everyone(self._store, actor, key, deletion)
        response = conversation_service_pb2.DeleteConversationResponse(
            outcome=int(committed.value.outcome),  # type: ignore[arg-type]
            consistency_token="" if request.validate_only else self._tokens.consistency(committed.position),
        )
        if request.delete_messages:
            cleared = committed.value
            response.cleared_range.CopyFrom(encode.deleted_range(cleared.cleared, cleared.original_up_to))
        return response

    async def delete_all_conversations(
        self, request: conversation_service_pb2.DeleteAllConversationsRequest, call: Call
    ) -> conversation_service_pb2.DeleteAllConversationsResponse:
        """Delete every conversation of the user, for the user alone; return how many were deleted.

        With `validate_only` nothing is changed, and the consistency token is empty.
        """
        actor = caller(request, call)
        deletion = DeletionRequest(request.delete_messages, request.stay_hidden, request.validate_only)
        committed = await delete_all(self._store, actor, deletion, _up_to_time(request))
        return conversation_service_pb2.DeleteAllConversationsResponse(
            deleted_count=committed.value,
            consistency_token="" if request.validate_only else self._tokens.consistency(committed.position),
        )

    async def mark_conversation_read(
        self, request: conversation_service_pb2.MarkConversationReadRequest, call: Call
    ) -> conversation_service_pb2.MarkConversationReadResponse:
        """Move the user's read position forward: to a sequence, to a message, or by default to the newest message.

        Returns:
            The read position afterwards and the unread count.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        committed = await self._store.write(read_state.mark_read, actor, key, _read_target(request))
        read_sequence, unread = committed.value
        return conversation_service_pb2.MarkConversationReadResponse(
            read_sequence=read_sequence,
            unread_count=unread,
            consistency_token=self._tokens.consistency(committed.position),
        )

    async def mark_conversation_unread(
        self, request: conversation_service_pb2.MarkConversationUnreadRequest, call: Call
    ) -> conversation_service_pb2.MarkConversationUnreadResponse:
        """Mark a conversation unread: from a sequence or a message on, or by default with a flag alone.

        Returns:
            The unread count afterwards.
        """
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        committed = await self._store.write(read_state.mark_unread, actor, key, _unread_target(request))
        return conversation_service_pb2.MarkConversationUnreadResponse(
            unread_count=committed.value, consistency_token=self._tokens.consistency(committed.position)
        )

    async def mark_all_conversations_read(
        self, request: conversation_service_pb2.MarkAllConversationsReadRequest, call: Call
    ) -> conversation_service_pb2.MarkAllConversationsReadResponse:
        """Move the user's read position to the end in every conversation, or in those of the given types.

        Returns:
            The number of conversations that changed.
        """
        actor = caller(request, call)
        types = frozenset(conversation_types(request.types, "types"))
        committed = await mark_all_read(self._store, actor, types, _up_to_time(request))
        return conversation_service_pb2.MarkAllConversationsReadResponse(
            changed_count=committed.value, consistency_token=self._tokens.consistency(committed.position)
        )

    async def reset_mentions(
        self, request: conversation_service_pb2.ResetMentionsRequest, call: Call
    ) -> conversation_service_pb2.ResetMentionsResponse:
        """Clear the user's unread mentions in a conversation, without reading it; return how many were cleared."""
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        up_to = not_negative(request.up_to_sequence, "up_to_sequence") if request.HasField("up_to_sequence") else None
        committed = await self._store.write(read_state.reset_mentions, actor, key, up_to)
        return conversation_service_pb2.ResetMentionsResponse(
            cleared_count=committed.value, consistency_token=self._tokens.consistency(committed.position)
        )

    async def add_members(
        self, request: conversation_service_pb2.AddMembersRequest, call: Call
    ) -> conversation_service_pb2.AddMembersResponse:
        """Add members to a group or chat room; return how many were not members before."""
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        added = _new_members(request.members, least=1)
        committed = await self._store.write(members.add_members, actor, key, added)
        return conversation_service_pb2.AddMembersResponse(
            added_count=committed.value, consistency_token=self._tokens.consistency(committed.position)
        )

    async def remove_members(
        self, request: conversation_service_pb2.RemoveMembersRequest, call: Call
    ) -> conversation_service_pb2.RemoveMembersResponse:
        """Remove members from a group or chat room; return how many of the given users were members."""
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        ids = identifiers(request.user_ids, "user_ids", least=1, most=limits.MEMBERS_PER_CALL)
        committed = await self._store.write(members.remove_members, actor, key, ids)
        return conversation_service_pb2.RemoveMembersResponse(
            removed_count=committed.value, consistency_token=self._tokens.consistency(committed.position)
        )

    async def update_member(
        self, request: conversation_service_pb2.UpdateMemberRequest, call: Call
    ) -> conversation_service_pb2.UpdateMemberResponse:
        """Change the role of one member of a group or chat room; return the member."""
        actor = caller(request, call)
        key = changed_reference(request.conversation, actor.user_id)
        member_id = identifier(request.member.user_id, "member.user_id")
        mask(request.update_mask, ("role",))
        role = enum_value(request.member.role, MemberRole, "member.role")
        committed = await self._store.write(members.update_member, actor, key, member_id, role)
        return conversation_service_pb2.UpdateMemberResponse(
            member=encode_member(committed.value), consistency_token=self._tokens.consistency(committed.position)
        )


def _up_to_time(
    request: conversation_service_pb2.DeleteAllConversationsRequest
    | conversation_service_pb2.MarkAllConversationsReadRequest,
) -> int | None:
    return microseconds(request.up_to_time, "up_to_time") if request.HasField("up_to_time") else None


def _read_target(request: conversation_service_pb2.MarkConversationReadRequest) -> Target:
    kind = request.WhichOneof("target")
    if kind == "up_to_sequence":
        return not_negative(request.up_to_sequence, "up_to_sequence")
    if kind == "up_to_message_id":
        return message_key(request.up_to_message_id, "up_to_message_id")
    return None


def _unread_target(request: conversation_service_pb2.MarkConversationUnreadRequest) -> Target:
    kind = request.WhichOneof("target")
    if kind == "from_sequence":
        return at_least_one(request.from_sequence, "from_sequence")
    if kind == "from_message_id":
        return message_key(request.from_message_id, "from_message_id")
    return None


def _other_members(members: Sequence[member_pb2.NewMember], creator: str) -> list[tuple[str, MemberRole]]:
    """Return the members of a conversation to create, without the one who creates it."""
    others = _new_members(members, least=0)
    for index, (user_id, _) in enumerate(others):
        if user_id == creator:
            raise invalid(Reason.DUPLICATE_VALUE, "is the user who creates it", f"members[{index}].user_id")
    return others


def _new_members(members: Sequence[member_pb2.NewMember], *, least: int) -> list[tuple[str, MemberRole]]:
    require_count(members, "members", least=least, most=limits.MEMBERS_PER_CALL)
    for index, member in enumerate(members):
        identifier(member.user_id, f"members[{index}].user_id")
    require_unique([member.user_id for member in members], "members")
    return [
        (member.user_id, enum_value(member.role, MemberRole, f"members[{index}].role", default=MemberRole.MEMBER))
        for index, member in enumerate(members)
    ]
