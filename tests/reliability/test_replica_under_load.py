"""Writers, readers and walks on a database and a standby that pauses at random: every read holds what it must."""

import random
import time
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2
from tests.support.api_client import DOWN, UP, ApiClient, fresh, group, sequences, single
from tests.support.concurrent_calls import repeating
from tests.support.contract_calls import call, valid_fields
from tests.support.fixtures import Ids
from tests.support.replica_pair import Counts, Pair, followed_cluster, standby_pair
from tools.postgres_cluster import MISSING, available

pytestmark = [pytest.mark.skipif(not available(), reason=MISSING), pytest.mark.slow]


def test_reads_under_load_when_the_standby_pauses_at_random_hold_every_write(ids: Ids) -> None:
    with (
        followed_cluster() as clusters,
        standby_pair(*clusters) as both,
        grpc.insecure_channel(both.server.target) as channel,
    ):
        counts = load(both, ApiClient(channel), ids)
    assert min(counts.served, counts.behind) > 100, counts
    assert counts.missed < counts.served / 10, counts


def load(both: Pair, api: ApiClient, ids: Ids) -> Counts:
    """Writes and reads of all kinds, each held to what was written before; answers where the reads ran."""
    dice = random.Random(2026)
    reader, *writers = ids.users(5)
    club = group(ids.group())
    api.create_group(reader, club.target.id, writers)
    others = [ids.user() for _ in range(40)]
    api.send_to_each(reader, others)
    tokens = [api.read(reader, club).consistency_token]
    still = others[20:]

    def write(user: str) -> None:
        """Reads what it wrote, in whichever way; so does another user."""
        sent = api.send(user, club, "text")
        token = api.read(user, club).consistency_token
        pages = [api.page(who, club, page_size=1, consistency=fresh(token)) for who in (user, reader)]
        newest = min(page.messages[0].sequence for page in pages)
        seen = api.conversations.GetConversation(
            conversation_service_pb2.GetConversationRequest(user_id=user, conversation=club, consistency=fresh(token))
        ).conversation
        assert min(newest, seen.last_sequence, seen.read_sequence) >= sent.sequence
        fields = valid_fields("GetMessage", club, message_id=sent.message_id)
        assert call(api, "GetMessage", user_id=user, **fields, consistency=fresh(token)).message == sent

    def move() -> None:
        """Moves some of the reader's conversations up and down its list."""
        to = single(dice.choice(others[:20]))
        api.settings(reader, to, pinned=dice.random() < 0.5)
        api.send(reader, to)
        tokens.append(api.read(reader, to).consistency_token)

    def freshness() -> dict[str, Any]:
        """Some token or none."""
        chosen = dice.choice((tokens[0], tokens[0], tokens[-1], ""))
        return {"consistency": fresh(chosen)} if chosen else {}

    def page_history() -> None:
        looked = api.conversations.GetConversation(
            conversation_service_pb2.GetConversationRequest(user_id=reader, conversation=club, **freshness())
        )
        direction = dice.choice((UP, DOWN))
        page = api.page(reader, club, direction=direction, page_size=7, consistency=fresh(looked.resume_token))
        found = sequences(page.messages)
        while page.next_page_token:
            page = api.page(reader, club, page_size=7, page_token=page.next_page_token, **freshness())
            found += sequences(page.messages)
        if direction == UP:
            found.reverse()
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= looked.conversation.last_sequence

    def page_list() -> None:
        page = api.list_page(reader, page_size=5, consistency=fresh(tokens[-1]))
        found = [one.target_id for one in page.conversations]
        while page.next_page_token:
            page = api.list_page(reader, page_size=5, page_token=page.next_page_token, **freshness())
            found += [one.target_id for one in page.conversations]
        assert set(found) >= {club.target.id, *others}
        assert sorted(target for target in found if target in still) == sorted(still)

    def disturb() -> None:
        with both.paused():
            time.sleep(dice.uniform(0.0, 0.3))
        time.sleep(dice.uniform(0.0, 0.3))

    steps = [lambda user=user: write(user) for user in writers]
    with repeating(*steps, move, page_history, page_list, page_list, disturb):
        time.sleep(12)
    return both.end()
