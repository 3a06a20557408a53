"""`ConversationService`: opening, deleting, reading and members. Lists are in `ListServicer`."""

from collections.abc import Sequence
from enum import IntEnum

from backscroll.v1 import conversation_pb2, conversation_service_pb2
from backscroll_server.domain import limits, message_codec
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ConversationType, DeletionScope, HistoryVisibility, MemberRole, ReceiveOption
from backscroll_server.domain.errors import DomainError, Reason
from backscroll_server.domain.ids import ConversationKey, conversation_key
from backscroll_server.services.consistency import NOWHERE
from backscroll_server.services.conversations import create, delete, members, read_state
from backscroll_server.services.conversations import settings as preferences
from backscroll_server.services.conversations.delete import Removal
from backscroll_server.services.conversations.read_state import Target
from backscroll_server.storage.group_commit import Committed
from backscroll_server.storage.tables.changes import FeedPosition
from backscroll_server.transport.call import Call
from backscroll_server.transport.conversation_queries import ListServicer
from backscroll_server.transport.encode import conversations as encode
from backscroll_server.transport.message_service import deletion_scope
from backscroll_server.transport.queries.history import page_token_mismatch
from backscroll_server.transport.tokens.codec import query_digest
from backscroll_server.transport.validation import (
    at_least_one,
    attributes,
    caller,
    counted,
    different,
    duration,
    identifier,
    identifiers,
    invalid,
    mask,
    message_place,
    microseconds,
    one_of,
    page_size,
    reference,
    several_of,
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


class _CreatableType(IntEnum):
    GROUP = ConversationType.GROUP
    CHAT_ROOM = ConversationType.CHAT_ROOM


class ConversationServicer(ListServicer):
    """Answers the calls of `ConversationService`."""

    async def create_conversation(
        self, request: conversation_service_pb2.CreateConversationRequest, call: Call
    ) -> bytes:
        """Creates a group or chat room."""
        who = caller(request, call)
        if int(request.type) in (ConversationType.SINGLE, ConversationType.SYSTEM):
            raise invalid(Reason.OUT_OF_BOUNDS, "only groups and chat rooms are created", "type")
        type_ = one_of(request.type, _CreatableType, "type", default=_CreatableType.GROUP)
        members = _new_members(request.members, least=0)
        for index, (user_id, _) in enumerate(members):
            if user_id == who.user_id:
                raise invalid(Reason.DUPLICATE_VALUE, "who creates it is its owner", f"members[{index}].user_id")
        new = create.NewConversation(
            key=conversation_key(ConversationType(type_), "", identifier(request.source_id, "source_id")),
            name=text(request.name, "name", most=limits.NAME_BYTES),
            attributes=attributes(request.attributes, "attributes"),
            history_visibility=one_of(
                request.history_visibility, HistoryVisibility, "history_visibility", default=HistoryVisibility.ALL
            ),
            members=members,
        )
        committed = await self._store.write_heavy(2 + len(members), create.create_conversation, who, new)
        rest = conversation_service_pb2.CreateConversationResponse(resume_token=self._token(who.user_id, committed))
        return message_codec.frame(encode.conversation(committed.value)) + rest.SerializeToString()

    async def get_or_create_conversation(
        self, request: conversation_service_pb2.GetOrCreateConversationRequest, call: Call
    ) -> bytes:
        """Opens a conversation."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        committed = await self._store.write(
            create.get_or_create, who, key, users_may_create_groups=self._store.options.users_may_create_groups
        )
        description, created = committed.value
        rest = conversation_service_pb2.GetOrCreateConversationResponse(
            created=created, resume_token=self._token(who.user_id, committed)
        )
        return message_codec.frame(encode.conversation(description)) + rest.SerializeToString()

    async def update_conversation(
        self, request: conversation_service_pb2.UpdateConversationRequest, call: Call
    ) -> bytes:
        """Changes what members share."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        paths = mask(request.update_mask, _SHARED)
        names = frozenset(name for path in paths for name in _SHARED[path])
        if not request.history_visibility:
            names -= {"history_visibility"}
        visibility = one_of(
            request.history_visibility, HistoryVisibility, "history_visibility", default=HistoryVisibility.ALL
        )
        burn_duration = limits.BURN_SECONDS_DEFAULT * SECOND
        if "burn_duration" in names and request.burn.HasField("duration"):
            burn_duration = duration(
                request.burn.duration, "burn.duration", least=limits.BURN_SECONDS_MIN, most=limits.BURN_SECONDS_MAX
            )
        shared = members.SharedAttributes(
            mask=names,
            name=text(request.name, "name", most=limits.NAME_BYTES),
            attributes=attributes(request.attributes, "attributes"),
            history_visibility=visibility,
            burn_enabled=request.burn.enabled,
            burn_duration=burn_duration,
        )
        committed = await self._store.write(members.update_shared, who, key, shared)
        rest = conversation_service_pb2.UpdateConversationResponse(resume_token=self._token(who.user_id, committed))
        return message_codec.frame(encode.conversation(committed.value)) + rest.SerializeToString()

    async def update_conversation_settings(
        self, request: conversation_service_pb2.UpdateConversationSettingsRequest, call: Call
    ) -> bytes:
        """Changes the user's settings of some conversations."""
        who = caller(request, call)
        keys = self._references(request.conversations, who.user_id, most=limits.SETTINGS_CONVERSATIONS)
        settings = _settings(request)
        found: list[ConversationKey] = [key for key in keys if not isinstance(key, DomainError)]
        committed = await self._store.write_heavy(2 * len(found), preferences.update_settings, who, found, settings)
        rest = conversation_service_pb2.UpdateConversationSettingsResponse(
            resume_token=self._token(who.user_id, committed)
        )
        return encode.conversation_results(keys, committed.value, "conversations") + rest.SerializeToString()

    async def delete_conversation(
        self, request: conversation_service_pb2.DeleteConversationRequest, call: Call
    ) -> conversation_service_pb2.DeleteConversationResponse:
        """Deletes a conversation, with an explicit scope."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        removal = Removal(request.delete_messages, request.stay_hidden, request.validate_only)
        if deletion_scope(request.scope) is DeletionScope.SELF:
            committed = await self._store.write(delete.delete_for_self, who, key, removal)
        else:
            if request.stay_hidden:
                raise invalid(Reason.CONFLICTING_FIELDS, "only for the user alone", "stay_hidden")
            committed = await self._store.write(
                delete.delete_for_everyone,
                who,
                key,
                removal,
                allow_single=self._store.options.allow_single_delete_everyone,
            )
            if committed.value.purges:
                self._store.purger.add(committed.value.conversation)
        return conversation_service_pb2.DeleteConversationResponse(
            outcome=int(committed.value.outcome),  # type: ignore[arg-type]
            cleared_up_to_sequence=committed.value.cleared,
            resume_token="" if request.validate_only else self._token(who.user_id, committed),
        )

    async def delete_all_conversations(
        self, request: conversation_service_pb2.DeleteAllConversationsRequest, call: Call
    ) -> conversation_service_pb2.DeleteAllConversationsResponse:
        """Deletes every conversation of the user, for the user alone."""
        who = caller(request, call)
        removal = Removal(request.delete_messages, request.stay_hidden, request.validate_only)
        committed = await self._store.write_heavy(_MANY, delete.delete_all, who, removal)
        return conversation_service_pb2.DeleteAllConversationsResponse(
            deleted_count=committed.value,
            resume_token="" if request.validate_only else self._token(who.user_id, committed),
        )

    async def mark_conversation_read(
        self, request: conversation_service_pb2.MarkConversationReadRequest, call: Call
    ) -> conversation_service_pb2.MarkConversationReadResponse:
        """Moves the read position."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        committed = await self._store.write(read_state.mark_read, who, key, _target(request))
        read_sequence, unread = committed.value
        return conversation_service_pb2.MarkConversationReadResponse(
            read_sequence=read_sequence, unread_count=unread, resume_token=self._token(who.user_id, committed)
        )

    async def mark_conversation_unread(
        self, request: conversation_service_pb2.MarkConversationUnreadRequest, call: Call
    ) -> conversation_service_pb2.MarkConversationUnreadResponse:
        """Marks a conversation unread."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        committed = await self._store.write(read_state.mark_unread, who, key, _target(request))
        return conversation_service_pb2.MarkConversationUnreadResponse(
            unread_count=committed.value, resume_token=self._token(who.user_id, committed)
        )

    async def mark_all_conversations_read(
        self, request: conversation_service_pb2.MarkAllConversationsReadRequest, call: Call
    ) -> conversation_service_pb2.MarkAllConversationsReadResponse:
        """Reads everything."""
        who = caller(request, call)
        types = frozenset(several_of(request.types, ConversationType, "types", most=len(ConversationType)))
        committed = await self._store.write_heavy(_MANY, read_state.mark_all_read, who, types)
        return conversation_service_pb2.MarkAllConversationsReadResponse(
            changed_count=committed.value, resume_token=self._token(who.user_id, committed)
        )

    async def reset_mentions(
        self, request: conversation_service_pb2.ResetMentionsRequest, call: Call
    ) -> conversation_service_pb2.ResetMentionsResponse:
        """Clears the unread mentions."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        committed = await self._store.write(read_state.reset_mentions, who, key)
        return conversation_service_pb2.ResetMentionsResponse(
            cleared_count=committed.value, resume_token=self._token(who.user_id, committed)
        )

    async def update_user_settings(
        self, request: conversation_service_pb2.UpdateUserSettingsRequest, call: Call
    ) -> conversation_service_pb2.UpdateUserSettingsResponse:
        """Changes the user's settings for all conversations."""
        who = caller(request, call)
        paths = mask(request.update_mask, _USER_SETTINGS)
        option = ReceiveOption.NORMAL
        if "receive_option" in paths:
            option = one_of(request.settings.receive_option, ReceiveOption, "settings.receive_option")
        muted_until = 0
        if "muted_until" in paths and request.settings.HasField("muted_until"):
            muted_until = microseconds(request.settings.muted_until, "settings.muted_until")
        committed = await self._store.write_heavy(
            _MANY, preferences.update_user_settings, who, paths, option, muted_until
        )
        return conversation_service_pb2.UpdateUserSettingsResponse(
            settings=encode.user_settings(committed.value), resume_token=self._token(who.user_id, committed)
        )

    async def add_members(
        self, request: conversation_service_pb2.AddMembersRequest, call: Call
    ) -> conversation_service_pb2.AddMembersResponse:
        """Adds members."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        added = _new_members(request.members, least=1)
        committed = await self._store.write_heavy(2 * len(added), members.add_members, who, key, added)
        return conversation_service_pb2.AddMembersResponse(
            added_count=committed.value, resume_token=self._token(who.user_id, committed)
        )

    async def remove_members(
        self, request: conversation_service_pb2.RemoveMembersRequest, call: Call
    ) -> conversation_service_pb2.RemoveMembersResponse:
        """Removes members."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        ids = identifiers(request.member_ids, "member_ids", least=1, most=limits.MEMBERS_PER_CALL)
        committed = await self._store.write_heavy(2 * len(ids), members.remove_members, who, key, ids)
        return conversation_service_pb2.RemoveMembersResponse(
            removed_count=committed.value, resume_token=self._token(who.user_id, committed)
        )

    async def update_member(
        self, request: conversation_service_pb2.UpdateMemberRequest, call: Call
    ) -> conversation_service_pb2.UpdateMemberResponse:
        """Changes a role."""
        who = caller(request, call)
        key = reference(request.conversation, who.user_id)
        member_id = identifier(request.member_id, "member_id")
        role = one_of(request.role, _Role, "role")
        committed = await self._store.write(members.update_member, who, key, member_id, MemberRole(role))
        return conversation_service_pb2.UpdateMemberResponse(
            member=encode.member(committed.value), resume_token=self._token(who.user_id, committed)
        )

    async def list_members(
        self, request: conversation_service_pb2.ListMembersRequest, call: Call
    ) -> conversation_service_pb2.ListMembersResponse:
        """One page of members."""
        user_id = caller(request, call).user_id
        key = reference(request.conversation, user_id)
        size = page_size(request.page_size, default=limits.MEMBER_PAGE_DEFAULT, most=limits.MEMBER_PAGE_MAX)
        roles = several_of(request.roles, _Role, "roles", most=len(_Role))
        digest = query_digest("members", *roles)
        token = self._codec.decode_member_list(request.page_token) if request.page_token else None
        fresh = self._fresh(user_id, request.at_least_as_fresh)
        if fresh is not None and token is not None:
            fresh.go_on(FeedPosition(token.seen_position, token.seen_check))
        page = await (fresh or self._store.read)(
            members.list_members, user_id, key, after=token.after_order if token else 0, size=size, roles=roles
        )
        if token is not None and (token.query_digest, token.user, token.conversation) != (
            digest, page.user, page.conversation,
        ):  # fmt: skip
            raise page_token_mismatch()
        answer = conversation_service_pb2.ListMembersResponse(members=map(encode.member, page.members))
        if page.following is not None:
            seen = fresh.seen if fresh is not None else NOWHERE
            following = encode.member_list_token(page, page.following, digest, seen)
            answer.next_page_token = self._codec.encode_member_list(following)
        return answer

    def _token(self, user_id: str, committed: Committed[object]) -> str:
        return self._resume.encode(user_id, committed.position)


class _Role(IntEnum):
    OWNER = MemberRole.OWNER
    ADMIN = MemberRole.ADMIN
    MEMBER = MemberRole.MEMBER


_MANY = 1000
"""The weight of what may touch every conversation of a user."""


def _target(
    request: conversation_service_pb2.MarkConversationReadRequest
    | conversation_service_pb2.MarkConversationUnreadRequest,
) -> Target:
    kind = request.WhichOneof("target")
    if kind == "sequence":
        return at_least_one(request.sequence, "sequence")
    if kind == "message_id":
        return message_place(request.message_id, "message_id")
    return None


def _new_members(members: Sequence[conversation_service_pb2.NewMember], *, least: int) -> list[tuple[str, MemberRole]]:
    counted(members, "members", least=least, most=limits.MEMBERS_PER_CALL)
    for index, member in enumerate(members):
        identifier(member.user_id, f"members[{index}].user_id")
    different([member.user_id for member in members], "members")
    return [
        (member.user_id, MemberRole(one_of(member.role, _Role, f"members[{index}].role", default=_Role.MEMBER)))
        for index, member in enumerate(members)
    ]


def _settings(request: conversation_service_pb2.UpdateConversationSettingsRequest) -> preferences.Settings:
    paths = mask(request.update_mask, _SETTINGS)
    given: conversation_pb2.ConversationSettings = request.settings
    option = ReceiveOption.NORMAL
    if "receive_option" in paths:
        option = one_of(given.receive_option, ReceiveOption, "settings.receive_option")
    muted_until = 0
    if "muted_until" in paths and given.HasField("muted_until"):
        muted_until = microseconds(given.muted_until, "settings.muted_until")
    counted(given.marks, "settings.marks", least=0, most=limits.MARKS)
    for index, mark in enumerate(given.marks):
        text(mark, f"settings.marks[{index}]", most=limits.MARK_BYTES, least=1)
    different(given.marks, "settings.marks")
    return preferences.Settings(
        mask=paths,
        pinned=given.pinned,
        draft=text(given.draft, "settings.draft", most=limits.DRAFT_BYTES),
        receive_option=option,
        muted_until=muted_until,
        marks=tuple(given.marks),
        attributes=attributes(given.attributes, "settings.attributes"),
    )
