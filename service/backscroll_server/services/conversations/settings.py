"""A user's own settings: of single conversations, and for all conversations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from backscroll_server.domain.enums import ChangeKind, ReceiveOption
from backscroll_server.domain.errors import DomainError, InvalidArgumentError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import FOREVER, Interval, clip
from backscroll_server.domain.records import UserConversation, UserOptions, ViewRow
from backscroll_server.services.conversations.create import detach_list_position
from backscroll_server.services.views.access import Caller, conversation_not_found, find, require
from backscroll_server.services.views.conversation_view import (
    ConversationView,
    describe_again,
    encode_map,
    encode_marks,
)
from backscroll_server.services.views.visibility import windows_of
from backscroll_server.services.weights import weighs
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.conversations import all_user_conversations, update_view
from backscroll_server.storage.tables.membership_windows import close_block, open_block
from backscroll_server.storage.tables.mutes import set_mute_end
from backscroll_server.storage.tables.users import update_user, user_options
from backscroll_server.storage.transaction import Transaction

BY_CONVERSATION = 1
BY_USER = 2
"""Bits of `ViewRow.blocked`, the reasons to block: the conversation's own setting, the user's setting for all."""


EVERY_CONVERSATION = 1000
"""The weight of an operation that may change every conversation of a user. See `weights`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """New values of one user's settings for conversations; only those named in `mask` are changed.

    Attributes:
        mask: the names of the settings to change.
        pinned: whether the conversation is listed above those that are not pinned.
        draft: the text that the user is writing.
        receive_option: the effect of new messages.
        muted_until: the time when `MUTED` ends, in microseconds; 0 is never.
        marks: the user's labels.
        attributes: free-form pairs.
    """

    mask: frozenset[str]
    pinned: bool = False
    draft: str = ""
    receive_option: ReceiveOption = ReceiveOption.NORMAL
    muted_until: int = 0
    marks: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)


class SettingsUpdate(NamedTuple):
    """Outcome of a change of settings for one conversation.

    Attributes:
        changed: whether any setting has another value than before.
        pin_time: when the conversation was pinned, in microseconds; 0 if it is not.
        draft_time: when the draft was set, in microseconds; 0 if there is none.
    """

    changed: bool
    pin_time: int
    draft_time: int


def update_settings(
    transaction: Transaction, caller: Caller, key: ConversationKey, settings: Settings
) -> ConversationView:
    """Change the user's settings of one conversation; return the conversation as the user sees it then.

    Setting a field to the value that it has changes nothing: pinning again moves nothing, and a retry is safe
    (semantics L4).

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
        InvalidArgumentError: `IN_THE_PAST` where `muted_until` has passed, unless the conversation has it already;
            `CONFLICTING_FIELDS` where it is set and the conversation is not muted.
    """
    result = update_each(transaction, caller, [key], settings)[0]
    if isinstance(result, DomainError):
        raise result
    return describe_again(transaction, require(transaction, caller.user_id, key), caller.user_id)


@weighs(lambda _caller, keys, _settings: 2 * len(keys))
def update_each(
    transaction: Transaction, caller: Caller, keys: Sequence[ConversationKey], settings: Settings
) -> list[SettingsUpdate | DomainError]:
    """Change the user's settings of several conversations in the same way; each one succeeds or fails alone.

    Setting a field to the value that it has changes nothing (semantics L4).

    Returns:
        For each key, in order, what was done, or the error: `CONVERSATION_NOT_FOUND`, or `CONFLICTING_FIELDS` where
        `muted_until` is set and the conversation is not muted.

    Raises:
        InvalidArgumentError: `IN_THE_PAST` where `muted_until` has passed, unless every conversation has it already;
            `CONFLICTING_FIELDS` where it comes with another receive option than `MUTED`; nothing is changed.
    """
    has_end = _has_mute_end(transaction, caller, keys, settings)
    _check_mute(settings.mask, settings.receive_option, settings.muted_until, 0 if has_end else transaction.now)
    results: list[SettingsUpdate | DomainError] = []
    for key in keys:
        entry = find(transaction, caller.user_id, key)
        if entry is None:
            results.append(conversation_not_found())
        elif _mutes_unmuted(settings, entry.view):
            results.append(_conflicting_mute())
        else:
            view = _update(transaction, caller, entry, settings)
            results.append(SettingsUpdate(view is not entry.view, view.pin_time, view.draft_time))
    return results


def _has_mute_end(
    transaction: Transaction, caller: Caller, keys: Sequence[ConversationKey], settings: Settings
) -> bool:
    """Return whether a passed end of a mute is the one that each of the user's conversations has already."""
    if not 0 < settings.muted_until <= transaction.now:
        return False
    entries = [find(transaction, caller.user_id, key) for key in keys]
    return all(entry.view.muted_until == settings.muted_until for entry in entries if entry is not None)


def _check_mute(mask: frozenset[str], option: ReceiveOption, muted_until: int, now: int) -> None:
    """Check that an end of a mute is after `now` and comes with `MUTED`, where it is set."""
    if "muted_until" not in mask or not muted_until:
        return
    if muted_until <= now:
        raise InvalidArgumentError(Reason.IN_THE_PAST, "is in the past", field="settings.mute_end_time")
    if "receive_option" in mask and option is not ReceiveOption.MUTED:
        raise _conflicting_mute()


def _mutes_unmuted(settings: Settings, view: ViewRow) -> bool:
    return (
        bool(settings.muted_until)
        and "muted_until" in settings.mask
        and "receive_option" not in settings.mask
        and view.receive_option != ReceiveOption.MUTED
    )


def _conflicting_mute() -> InvalidArgumentError:
    return InvalidArgumentError(
        Reason.CONFLICTING_FIELDS,
        "needs the receive option MUTED",
        field="settings.mute_end_time",
        conflicts_with="settings.receive_option",
    )


def _update(transaction: Transaction, caller: Caller, entry: UserConversation, settings: Settings) -> ViewRow:
    """Change the user's settings of one conversation; return the view then, the same object if nothing changed."""
    view = entry.view
    changes: dict[str, object] = {}
    if "pinned" in settings.mask and settings.pinned != bool(view.pin_time):
        changes["pin_time"] = transaction.now if settings.pinned else 0
    if "draft" in settings.mask and settings.draft != view.draft:
        changes |= {"draft": settings.draft, "draft_time": transaction.now if settings.draft else 0}
    if "receive_option" in settings.mask:
        changes |= {"receive_option": int(settings.receive_option), "muted_until": 0}
    if "muted_until" in settings.mask:
        changes["muted_until"] = settings.muted_until
    if "marks" in settings.mask:
        changes["marks"] = encode_marks(list(settings.marks))
    if "attributes" in settings.mask:
        changes["attributes"] = encode_map(settings.attributes)
    changes = {name: value for name, value in changes.items() if getattr(view, name) != value}
    if not changes:
        return view
    set_mute_end(
        transaction,
        user=view.user,
        conversation=view.conversation,
        before=view.muted_until,
        after=int(changes.get("muted_until", view.muted_until)),  # type: ignore[call-overload]
    )
    view = update_view(transaction, view, **changes)
    ended = None
    if "receive_option" in settings.mask:
        blocks = settings.receive_option is ReceiveOption.BLOCKED
        ended = set_blocked(transaction, entry._replace(view=view), BY_CONVERSATION, blocks=blocks)
    transaction.record_change(
        ChangeKind.SETTINGS,
        conversation=view.conversation,
        user=view.user,
        actor=view.user,
        first=ended[0] + 1 if ended else 0,
        last=ended[1] if ended else 0,
        device_id=caller.device_id,
        moves_list=bool(changes.get("pin_time") or changes.get("draft_time")),
    )
    return view


def set_blocked(transaction: Transaction, entry: UserConversation, by: int, *, blocks: bool) -> Interval | None:
    """Start or end one of the two reasons to block a conversation; it is blocked while either holds.

    A block is an interval of sequences, from the head when it starts to the head when it ends; messages in it count as
    sent while blocked. So commit order decides. (semantics S2)

    Args:
        transaction: the transaction to write in.
        entry: the conversation as the user has it.
        by: the reason, `BY_CONVERSATION` or `BY_USER`.
        blocks: True to start, False to end.

    Returns:
        The range of sequences `(after, up_to]` of a block that ended, as far as it lies in the user's windows, if
        messages were stored there: the user now reads them, and the last sequence shown to the user moves. Of one who
        has left it is bounded now, because the windows grow where the user joins again.
    """
    ended = None
    view, conversation = entry.view, entry.conversation
    blocked = view.blocked | by if blocks else view.blocked & ~by
    if blocked == view.blocked:
        return None
    changes: dict[str, object] = {"blocked": blocked}
    head = conversation.last_sequence
    if not view.blocked:
        open_block(transaction, user=view.user, conversation=conversation.id, after=head)
        changes |= {"ever_blocked": True, **detach_list_position(view, conversation)}
    elif not blocked:
        ended = _seen(
            transaction, entry, close_block(transaction, user=view.user, conversation=conversation.id, up_to=head)
        )
        changes["listing_after"] = head if view.window_to == FOREVER else FOREVER
    update_view(transaction, view, **changes)
    return ended


def _seen(transaction: Transaction, entry: UserConversation, block: Interval | None) -> Interval | None:
    """Return the part of a range of sequences from the first to the last one that is in the user's windows."""
    seen = clip(windows_of(transaction, entry.bounds), *block) if block else []
    return (seen[0][0], seen[-1][1]) if seen else None


def get_user_settings(snapshot: Snapshot, user_id: str) -> UserOptions:
    """Return a user's settings for all conversations.

    A user never seen has the default settings.
    """
    user = snapshot.user(user_id)
    return UserOptions() if user is None else user_options(snapshot, user)


@weighs(lambda *_: EVERY_CONVERSATION)
def update_user_settings(
    transaction: Transaction, caller: Caller, mask: frozenset[str], option: ReceiveOption, muted_until: int
) -> UserOptions:
    """Change a user's settings for all conversations; return the new settings.

    Setting a field to the value that it has changes nothing.

    Cost: one row of the user, at most two of mute ends and one of the feed; where blocking starts or ends, also up to
    four rows for each conversation of the user.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        mask: the settings to change, of `receive_option` and `muted_until`.
        option: the effect of new messages. A new one removes the end of a mute.
        muted_until: the time when `MUTED` ends, in microseconds; 0 is never.

    Raises:
        InvalidArgumentError: `IN_THE_PAST` where `muted_until` has passed and is not set already,
            `CONFLICTING_FIELDS` where it is set with another receive option than `MUTED`.
    """
    known = transaction.user(caller.user_id)
    before = user_options(transaction, known) if known is not None else UserOptions()
    _check_mute(mask, option, muted_until, 0 if muted_until == before.muted_until else transaction.now)
    after = UserOptions(int(option), 0) if "receive_option" in mask else before
    if "muted_until" in mask:
        after = after._replace(muted_until=muted_until)
    if after.muted_until and after.receive_option != ReceiveOption.MUTED:
        raise _conflicting_mute()
    if after == before:
        return after
    user = transaction.ensure_users([caller.user_id])[caller.user_id]
    update_user(transaction, user, after)
    set_mute_end(transaction, user=user, conversation=0, before=before.muted_until, after=after.muted_until)
    if (before.receive_option == ReceiveOption.BLOCKED) != (after.receive_option == ReceiveOption.BLOCKED):
        for entry in all_user_conversations(transaction, user=user):
            ended = set_blocked(transaction, entry, BY_USER, blocks=after.receive_option == ReceiveOption.BLOCKED)
            if ended is not None:
                transaction.record_change(
                    ChangeKind.SETTINGS,
                    conversation=entry.conversation.id,
                    user=user,
                    actor=user,
                    first=ended[0] + 1,
                    last=ended[1],
                    device_id=caller.device_id,
                )
    transaction.record_change(ChangeKind.USER_SETTINGS, user=user, actor=user, device_id=caller.device_id)
    return after
