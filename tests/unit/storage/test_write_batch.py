"""The next batch of write operations: the oldest first, small ones before large ones, and nobody waits for ever."""

import pytest

from backscroll_server.storage.write_batch import MOST_WEIGHT, SMALL_WEIGHT, next_batch


@pytest.mark.parametrize(
    ("weights", "chosen"),
    [
        ([], ""),
        ([1, 1, 1], "111"),
        ([400, 600], "11"),
        ([400, 601], "10"),
        ([50_000, 1, 500, 16, 17], "11010"),
        ([1, 50_000, 1, 1], "1011"),
        ([100, 899, 2, 100, 1], "10101"),
        ([600, 300, 200, 50], "1100"),
        ([*[16] * 63, 9], "1" * 63 + "0"),
        ([16, *[16] * 62, 8, 1], "1" * 64 + "0"),
    ],
    ids=str,
)
def test_batch_when_there_is_more_than_fits_then_the_oldest_and_the_small(weights: list[int], chosen: str) -> None:
    assert "".join(str(int(part)) for part in next_batch(weights)) == chosen


def test_large_operation_when_small_ones_come_without_end_is_in_the_second_batch() -> None:
    huge = 5 * MOST_WEIGHT
    waiting = [SMALL_WEIGHT, huge, *[SMALL_WEIGHT] * 100]
    left = [weight for weight, chosen in zip(waiting, next_batch(waiting), strict=True) if not chosen]
    assert left[0] == huge
    assert next_batch([*left, *[SMALL_WEIGHT] * 100])[0]
