"""The limits that docs/api.md lists are the server's."""

import re
from pathlib import Path

from backscroll_server.domain import limits

API = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
SECTION = API[API.index("\n### Limits\n") : API.index("\n### Common errors\n")]
DOCUMENTED = dict(re.findall(r"^\| (.+) \| (.+) \|$", SECTION, re.MULTILINE))

KIB, MIB, DAY = 1024, 1024 * 1024, 24 * 3600


def page(default: int, most: int) -> str:
    return f"{default} by default, {most:,} at most"


def test_limits_when_listed_are_those_of_the_server() -> None:
    del DOCUMENTED["what"]
    assert {
        "a request, a response, a part of a stream": f"{limits.REQUEST_BYTES // MIB} MiB",
        "a message, encoded": f"{limits.MESSAGE_BYTES // KIB} KiB (a setting of the server)",
        "the id of a user, a source, a recipient, or a client message": f"{limits.ID_BYTES} bytes",
        "a conversation id": f"{limits.CONVERSATION_ID_BYTES:,} bytes",
        "the name of a conversation": f"{limits.NAME_BYTES} bytes",
        "attributes": f"{limits.ATTRIBUTES} pairs",
        "the key of an attribute": f"{limits.ATTRIBUTE_KEY_BYTES} bytes",
        "the value of an attribute": f"{limits.ATTRIBUTE_VALUE_BYTES:,} bytes",
        "the type of custom content": f"{limits.CUSTOM_TYPE_BYTES} bytes",
        "a URL of media": f"{limits.URL_BYTES:,} bytes",
        "levels of structured content": f"{limits.STRUCTURE_LEVELS}",
        "a fallback text": f"{limits.FALLBACK_TEXT_BYTES // KIB} KiB",
        "users mentioned by a message": f"{limits.MENTIONED_USERS}",
        "a draft": f"{limits.DRAFT_BYTES // KIB} KiB",
        "marks of a conversation": f"{limits.MARKS}",
        "a mark": f"{limits.MARK_BYTES} bytes",
        "messages in a batch to send, or in a chunk of an import": f"{limits.BATCH_SENDS}",
        "users mentioned by all of these together": f"{limits.BATCH_MENTIONED_USERS:,}",
        "conversations in a batch": f"{limits.BATCH_GETS}",
        "messages in a batch to get": f"{limits.BATCH_GETS}",
        "messages in a deletion by ids": f"{limits.DELETED_IDS}",
        "members in a call": f"{limits.MEMBERS_PER_CALL}",
        "senders in a filter": f"{limits.FILTER_SENDERS}",
        "content types in a filter": f"{limits.FILTER_CONTENT_TYPES}",
        "conversation ids in a filter": f"{limits.FILTER_CONVERSATIONS}",
        "a page of history": page(limits.HISTORY_PAGE_DEFAULT, limits.HISTORY_PAGE_MAX),
        "messages on each side of an anchor": f"{limits.AROUND_MAX}",
        "a page of a list of conversations": page(limits.LIST_PAGE_DEFAULT, limits.LIST_PAGE_MAX),
        "a page of members or readers": page(limits.MEMBER_PAGE_DEFAULT, limits.MEMBER_PAGE_MAX),
        "a page of events": page(limits.CHANGES_PAGE_DEFAULT, limits.CHANGES_PAGE_MAX),
        "unread mentions shown with a conversation": f"{limits.UNREAD_MENTIONS_SHOWN}",
        "messages that a filtered page examines": f"{limits.ROWS_EXAMINED:,}",
        "the time until a message burns after being read": (
            f"{limits.BURN_SECONDS_DEFAULT} seconds by default, {limits.BURN_SECONDS_MIN} second"
            f" to {limits.BURN_SECONDS_MAX // DAY} days"
        ),
        "a token": "4 KiB",
    } == DOCUMENTED
    assert (limits.BATCH_SENDS, limits.BATCH_GETS) == (limits.IMPORT_CHUNK, limits.SETTINGS_CONVERSATIONS)
    assert limits.REQUEST_BYTES == limits.RESPONSE_BYTES
