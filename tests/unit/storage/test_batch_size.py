"""The size of batches of reads follows how many arrive together."""

from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.storage.batch_size import LARGEST, BatchSize


def test_target_when_reads_come_alone_lets_the_next_one_see_whether_others_come() -> None:
    size = BatchSize()
    assert size.target == 1
    size.filled(1)
    assert size.target == 2
    size.timed_out(1)
    assert size.target == 1


def test_target_when_batches_fill_grows_by_half_up_to_the_largest() -> None:
    size = BatchSize()
    targets = []
    for _ in range(10):
        size.filled(size.target)
        targets.append(size.target)
    assert targets == [2, 4, 7, 11, 17, 26, LARGEST, LARGEST, LARGEST, LARGEST]


def test_target_after_a_timeout_stays_for_256_reads() -> None:
    size = BatchSize()
    size.filled(20)
    size.timed_out(10)
    assert size.target == 23
    size.filled(255)
    assert size.target == 23
    size.filled(1)
    size.filled(8)
    assert size.target == 13


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 64))))
def test_target_is_always_between_one_and_the_largest(batches: list[tuple[bool, int]]) -> None:
    size = BatchSize()
    for filled, arrived in batches:
        if filled:
            size.filled(arrived)
        else:
            size.timed_out(min(arrived, size.target))
        assert 1 <= size.target <= LARGEST
