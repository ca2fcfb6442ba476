"""How long the till waits before it tries again."""

from random import Random

import pytest

from pos_app.sync.backoff import BASE_S, CAP_S, LONGEST_ASKED_S, asked_pause_s, pause_s


@pytest.mark.parametrize("tries", [1, 2, 3, 4, 5, 6, 50, 10_000])
def test_a_pause_is_anywhere_below_its_doubling_bound(tries: int) -> None:
    random = Random(tries)
    most = min(CAP_S, BASE_S * 2 ** min(tries - 1, 20))
    pauses = [pause_s(tries, random) for _ in range(500)]
    assert 0 < min(pauses) < most / 10 + 0.05
    assert most * 0.9 < max(pauses) <= most


def test_a_thousand_tills_do_not_come_back_in_the_same_second() -> None:
    moments = [pause_s(6, Random(till)) for till in range(1000)]
    busiest = max(sum(1 for one in moments if int(one) == second) for second in range(int(CAP_S)))
    assert busiest < 2 * 1000 / CAP_S


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("0", 0, 0.1), ("7", 7, 7.7), (" 30 ", 30, 33), ("99999", LONGEST_ASKED_S, 661),
     ("-1", 0, 0.1),
     ("", 0, 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 0, 1), ("1e9", 0, 1), ("٣", 3, 3.3)],
)  # fmt: skip
def test_what_head_office_asks_for_is_honoured_within_reason(
    asked: str, least: float, most: float
) -> None:
    for seed in range(50):
        assert least <= asked_pause_s(asked, 1, Random(seed)) <= most
