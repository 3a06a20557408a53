"""Every limit of the contract, at it and one over it: with the status, the reason, the field, and nothing changed."""

from typing import Any, NamedTuple

import grpc
import pytest

from backscroll.v1 import error_pb2, message_pb2
from backscroll_server.domain import limits
from tests.support.api_client import ApiClient, Failure, by_id, failing, group, single, text_message
from tests.support.contract_calls import call, request_of, send_request
from tests.support.fixtures import Ids
from tests.support.limit_cases import LIMITS, Limit, Scene, text_of_encoded_size
from tests.support.server_process import RunningServer
from tests.support.user_view_snapshot import assert_unchanged

INVALID = grpc.StatusCode.INVALID_ARGUMENT


@pytest.fixture
def scene(api: ApiClient, ids: Ids) -> Scene:
    return Scene(api, ids)


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_limit_when_met_is_taken_and_when_passed_by_one_is_refused_and_changes_nothing(
    scene: Scene, limit: Limit
) -> None:
    assert getattr(limits, limit.name) == limit.most
    limit.make(scene, limit.most)
    with assert_unchanged(scene.api, scene.alice, scene.pair, scene.group):
        failure = failing(limit.make, scene, limit.most + 1)
    assert failure == Failure(INVALID, limit.reason, limit.field)


class Size(NamedTuple):
    """A page size of a call: how many it gives by default and at most."""

    limit: str
    default: int
    most: int
    method: str
    field: str


SIZES = [
    Size("HISTORY_PAGE", 20, 50, "ListMessages", "messages"),
    Size("LIST_PAGE", 20, 100, "ListConversations", "conversations"),
    Size("MEMBER_PAGE", 100, 500, "ListMembers", "members"),
    Size("MEMBER_PAGE", 100, 500, "ListReaders", "readers"),
]


@pytest.fixture(scope="module")
def crowd(channel: grpc.Channel) -> dict[str, Any]:
    """A reader in 101 conversations; one is a group of 503 that all have read, with 101 messages."""
    api, ids = ApiClient(channel), Ids()
    reader, source = ids.user("reader"), ids.group("crowd")
    others = ids.users(502)
    api.create_group(reader, source, others[:500])
    api.add(reader, group(source), others[500:])
    api.send_many(others[0], group(source), ["hello"] * 101)
    call(
        api,
        "BatchSendMessages",
        user_id=reader,
        items=[{"conversation": single(other), "message": text_message()} for other in others[:100]],
    )
    first = api.page(reader, group(source), start={"sequence": 1}, include_start=True).messages[0]
    for other in others:
        api.read(other, group(source))
    return {
        "ListMessages": {"user_id": reader, "conversation": group(source)},
        "ListConversations": {"user_id": reader},
        "ListMembers": {"user_id": reader, "conversation": group(source)},
        "ListReaders": {"user_id": reader, "message_id": first.message_id},
    }


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.method)
def test_page_size_when_0_is_the_default_and_over_the_most_is_the_most(
    api: ApiClient, crowd: dict[str, Any], size: Size
) -> None:
    assert getattr(limits, f"{size.limit}_DEFAULT") == size.default
    assert getattr(limits, f"{size.limit}_MAX") == size.most

    def given(page_size: int) -> int:
        answer = call(api, size.method, **crowd[size.method], page_size=page_size)
        assert answer.next_page_token
        return len(getattr(answer, size.field))

    assert [given(0), given(1), given(size.default), given(size.most - 1)] == [
        size.default, 1, size.default, size.most - 1,
    ]  # fmt: skip
    assert [given(size.most), given(size.most + 1), given(2**31 - 1)] == [size.most] * 3
    for negative in (-1, -(2**31)):
        failure = failing(call, api, size.method, **crowd[size.method], page_size=negative)
        assert failure == Failure(INVALID, "NEGATIVE", "page_size")


def test_window_when_either_side_is_over_50_is_50(api: ApiClient, crowd: dict[str, Any]) -> None:
    def sides(older: int, newer: int) -> tuple[int, int]:
        counts = {"older_count": older, "newer_count": newer}
        answer = call(api, "ListMessagesAround", **crowd["ListMessages"], anchor={"sequence": 51}, **counts)
        found = [message.sequence for message in answer.messages]
        assert found[answer.anchor_index] == 51
        return answer.anchor_index, len(found) - answer.anchor_index - 1

    assert limits.AROUND_MAX == 50
    assert [sides(0, 0), sides(49, 1), sides(50, 50)] == [(0, 0), (49, 1), (50, 50)]
    assert sides(51, 2**31 - 1) == (50, 50)
    for side in ("older_count", "newer_count"):
        failure = failing(call, api, "ListMessagesAround", **crowd["ListMessages"], **{side: -1})
        assert failure == Failure(INVALID, "NEGATIVE", side)


def test_conversation_id_when_it_is_of_the_worst_pair_is_taken_and_over_1540_bytes_is_too_long(
    api: ApiClient, ids: Ids
) -> None:
    prefix = ids.user()
    alice, bob = prefix + ":" * (256 - len(prefix)), ":" * 256
    conversation_id = f"s:{'%3A' * 256}:{alice.replace(':', '%3A')}"
    assert api.open(alice, single(bob)).conversation_id == conversation_id
    assert api.look(bob, by_id(conversation_id)).target_id == alice
    worst = f"s:{'%3A' * 256}:{'%3A' * 256}"
    assert (len(worst), limits.CONVERSATION_ID_BYTES) == (1539, 1540)
    assert api.open(bob, by_id(worst)).target_id == bob
    failures = [failing(api.look, alice, by_id("é" * 770 + more)) for more in ("", "a")]
    assert failures == [
        Failure(INVALID, "MALFORMED", "conversation.conversation_id"),
        Failure(INVALID, "TOO_LONG", "conversation.conversation_id"),
    ]


def test_burn_duration_when_under_a_second_is_refused_and_unset_is_30_seconds(scene: Scene) -> None:
    def burn(**duration: int) -> float:
        answer = scene.shared(
            "burn", {"enabled": True, "duration": duration} if duration else {"enabled": True}, scene.pair
        )
        return float(answer.conversation.properties.burn.duration.ToTimedelta().total_seconds())

    seconds = (limits.BURN_SECONDS_MIN, limits.BURN_SECONDS_DEFAULT, limits.BURN_SECONDS_MAX)
    assert seconds == (1, 30, 7 * 24 * 3600)
    assert [burn(seconds=1), burn(), burn(seconds=7 * 24 * 3600)] == [1, 30, 604_800]
    with assert_unchanged(scene.api, scene.alice, scene.pair):
        for duration in (
            {"nanos": 999_999_000}, {"seconds": -1}, {"seconds": 604_800, "nanos": 1000}, {"seconds": 315_576_000_000},
        ):  # fmt: skip
            assert failing(burn, **duration) == Failure(INVALID, "OUT_OF_BOUNDS", "properties.burn.duration")


def test_mentions_when_more_than_20_are_unread_the_newest_20_are_shown_and_all_counted(scene: Scene) -> None:
    """Keep semantics U4."""
    assert limits.UNREAD_MENTIONS_SHOWN == 20
    everyone: dict[str, Any] = {"mentions": {"kind": message_pb2.MENTION_KIND_ALL}}
    for count, shown in ((20, range(21, 1, -1)), (21, range(22, 2, -1))):
        for _ in range(20 if count == 20 else 1):
            scene.send(scene.group, **everyone)
        seen = scene.api.look(scene.bob, scene.group)
        assert seen.unread_mention_count == count
        assert [mention.sequence for mention in seen.unread_mentions] == [*shown]


def test_stream_of_messages_when_over_500_comes_in_parts(scene: Scene) -> None:
    assert limits.STREAM_PART == 500
    scene.api.send_many(scene.alice, scene.pair, ["hello"] * 499)
    sizes = []
    for _ in range(2):
        sizes.append([len(part.messages) for part in scene("StreamMessages", conversation=scene.pair)])
        scene.send()
    assert sizes == [[500], [500, 1]]


def test_streams_when_what_they_give_is_large_come_in_parts_that_clients_take_by_default(
    scene: Scene, server: RunningServer
) -> None:
    assert limits.STREAM_PART_BYTES == 128 * 1024
    large = {"message": text_message("a" * 60_000)}
    for start in range(0, 90, 45):
        items = [{"conversation": single(f"{scene.bob} {number}")} | large for number in range(start, start + 45)]
        scene("BatchSendMessages", items=items)
        scene.batch(*[large] * 45)
    with grpc.insecure_channel(server.target) as plain:
        history = call(ApiClient(plain), "StreamMessages", user_id=scene.alice, conversation=scene.pair)
        listed = call(ApiClient(plain), "StreamConversations", user_id=scene.alice)
    assert [len(part.messages) for part in history] == [2] * 44 + [3]
    assert [len(part.conversations) for part in listed] == [2] * 46
    for parts in (history, listed):
        assert len({part.resume_token for part in parts}) == 1
        assert parts[0].resume_token


def test_filtered_page_when_over_10_000_rows_match_nothing_stops_and_says_so(scene: Scene) -> None:
    """Keep semantics P7."""
    assert limits.ROWS_EXAMINED == 10_000
    scene.api.send_many(scene.alice, scene.pair, ["hello"] * 9999)
    filtered = {"filter": {"sender_ids": [scene.bob]}}
    at_limit = scene.api.page(scene.alice, scene.pair, **filtered)
    assert (at_limit.scan_limited, at_limit.next_page_token, len(at_limit.messages)) == (False, "", 0)
    scene.send()
    over = scene.api.page(scene.alice, scene.pair, **filtered)
    assert (over.scan_limited, len(over.messages)) == (True, 0)
    rest = scene.api.page(scene.alice, scene.pair, page_token=over.next_page_token, **filtered)
    assert (rest.scan_limited, rest.next_page_token) == (False, "")


def test_import_when_its_origin_is_more_than_5_seconds_ahead_is_refused_whole(scene: Scene) -> None:
    """Keep semantics I1."""
    assert limits.IMPORT_FUTURE_TOLERANCE_US == 5_000_000
    now = scene.api.send(scene.alice, scene.pair).create_time.seconds
    assert scene.old(original_time={"seconds": now + 3}).imported_count == 1
    with assert_unchanged(scene.api, scene.alice, scene.pair):
        failure = failing(scene.old, 2, original_time={"seconds": now + 3600})
    assert failure == Failure(INVALID, "IN_THE_FUTURE", "messages[0].original_time")


def test_request_when_of_3_mib_is_taken_and_one_byte_more_is_refused(scene: Scene) -> None:
    most = 3 * 1024 * 1024
    assert most == limits.REQUEST_BYTES

    def request(size: int) -> Any:
        items = [{"conversation": scene.pair, "message": text_message("a" * 60_000)} for _ in range(50)]
        made: Any = request_of("BatchSendMessages", user_id=scene.alice, items=items)
        longer, rest = divmod(size - made.ByteSize(), 50)
        for index, item in enumerate(made.items):
            item.message.content.text.text += "a" * (longer + rest * (index == 0))
        assert made.ByteSize() == size
        return made

    with assert_unchanged(scene.api, scene.bob, single(scene.alice)):
        over, far_over = (
            failing(send_request, scene.api, "BatchSendMessages", request(size)) for size in (most + 1, 5 * 1024 * 1024)
        )
    assert over == Failure(INVALID, "TOO_LARGE", "")
    assert far_over.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    answer = send_request(scene.api, "BatchSendMessages", request(most))
    assert [result.message.sequence for result in answer.results] == [*range(2, 52)]


def test_device_id_when_over_256_bytes_is_refused(scene: Scene) -> None:
    request = request_of("SendMessage", user_id=scene.alice, conversation=scene.pair, message=text_message())
    send_request(scene.api, "SendMessage", request, metadata=[("device-id", "d" * 256)])
    with assert_unchanged(scene.api, scene.bob, single(scene.alice)):
        failure = failing(send_request, scene.api, "SendMessage", request, metadata=[("device-id", "d" * 257)])
    assert failure == Failure(INVALID, "TOO_LONG", "device-id")


@pytest.mark.parametrize("namespace", ["", "default"])
def test_namespace_when_the_default_is_taken(scene: Scene, namespace: str) -> None:
    """Keep semantics Q7."""
    request = request_of("SendMessage", user_id=scene.alice, conversation=scene.pair, message=text_message())
    send_request(scene.api, "SendMessage", request, metadata=[("backscroll-namespace", namespace)])


@pytest.mark.parametrize("namespace", ["other", "Default", " ", "default/x"])
def test_namespace_when_another_is_refused_and_nothing_is_stored(scene: Scene, namespace: str) -> None:
    request = request_of("SendMessage", user_id=scene.alice, conversation=scene.pair, message=text_message())
    with assert_unchanged(scene.api, scene.bob, single(scene.alice)):
        failure = failing(
            send_request, scene.api, "SendMessage", request, metadata=[("backscroll-namespace", namespace)]
        )
    assert failure == Failure(grpc.StatusCode.NOT_FOUND, "NAMESPACE_NOT_FOUND", "")


def test_item_of_a_batch_when_too_large_fails_alone(scene: Scene) -> None:
    large = text_message(text_of_encoded_size(65_537))
    results = scene.batch(
        {"message": text_message("one")}, {"message": large}, {"message": text_message("three")}
    ).results
    assert [result.message.sequence for result in results] == [2, 0, 3]
    error = results[1].error
    assert (error.reason, error.field) == (error_pb2.ERROR_REASON_TOO_LARGE, "items[1].message")


COVERED_ELSEWHERE = {
    "AROUND_MAX", "CONVERSATION_ID_BYTES", "BURN_SECONDS_MIN", "BURN_SECONDS_DEFAULT", "UNREAD_MENTIONS_SHOWN",
    "STREAM_PART", "STREAM_PART_BYTES", "ROWS_EXAMINED", "IMPORT_FUTURE_TOLERANCE_US", "REQUEST_BYTES",
    "RESPONSE_BYTES", "RESPONSE_ITEM_BYTES",
}  # fmt: skip
"""The limits with a test of their own above."""

OF_THE_CHANGE_FEED = {"CHANGES_PAGE_DEFAULT", "CHANGES_PAGE_MAX", "DELETED_MESSAGES_SHOWN"}


def test_limits_when_one_is_added_it_is_tested_here() -> None:
    sizes = {f"{size.limit}_{end}" for size in SIZES for end in ("DEFAULT", "MAX")}
    tested = {limit.name for limit in LIMITS} | sizes | COVERED_ELSEWHERE | OF_THE_CHANGE_FEED
    assert {name for name in vars(limits) if name.isupper()} == tested
