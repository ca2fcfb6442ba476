"""Whatever the printer, the cashier and the power do: each receipt comes once, in order."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.printing.errors import CoverOpen, PaperOut, PrintCutShort, PrinterOff
from tests.printing import sales
from tests.services.test_receipts import COUNTER, OFFICE, Counter

MOODS: list[type[PosError] | None] = [None, PrinterOff, PaperOut, CoverOpen, PrintCutShort]
STEPS = st.lists(
    st.one_of(
        st.just(("sell", None)),
        st.tuples(st.just("mood"), st.sampled_from(MOODS)),
        st.just(("work", None)),
        st.just(("wait", None)),
        st.just(("restart", None)),
        st.tuples(st.just("settle"), st.sampled_from(["retry", "skip"])),
    ),
    max_size=25,
)


def numbers_of(counter: Counter) -> list[str]:
    return [paper.split(b"1-0000")[1][:2].decode() for paper in counter.wire.papers()]


@given(STEPS)
@settings(max_examples=40)
def test_each_receipt_comes_once_and_in_order_unless_somebody_decided_otherwise(
    steps: list[tuple[str, object]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = replace(sales.GERMAN, printers=(COUNTER, OFFICE))
        counter = Counter(Path(folder) / "shop.db", shop)
        sold: list[str] = []
        skipped: set[str] = set()
        doubted: set[str] = set()
        for step, detail in steps:
            if step == "sell":
                sale = counter.sell(len(sold) + 1)
                sold.append(sale.number[-2:])
                counter.receipts.print_sale(sale)
            elif step == "mood":
                counter.wire.failing = {"Counter": detail} if detail else {}  # type: ignore[dict-item]
            elif step == "wait":
                counter.wait(61)
            elif step == "restart":
                counter.receipts.stop()
                counter.restart()
            elif step == "settle" and counter.troubles:
                settle(counter, str(detail), skipped, doubted)
            else:
                counter.receipts.work_once()
            assert len(numbers_of(counter)) == len(set(numbers_of(counter)))
        heal(counter, doubted)
        printed = numbers_of(counter)
        assert sorted(printed) == [number for number in sold if number not in skipped]
        in_turn = [number for number in printed if number not in doubted]
        assert in_turn == sorted(in_turn)
        assert counter.receipts.waiting() == 0
        counter.receipts.stop()
        counter.store.close()


def number_of(counter: Counter, job_id: int) -> str:
    """The last digits of the receipt that a waiting job prints, empty if it waits no more."""
    job = counter.store.spool.get(job_id)
    sale = counter.store.sales.get(job.sale_id) if job and job.sale_id else None
    return sale.number[-2:] if sale else ""


def settle(counter: Counter, answer: str, skipped: set[str], doubted: set[str]) -> None:
    """Press a button of the notice: skip the receipt, or try it again."""
    trouble = counter.troubles.pop()
    number = number_of(counter, trouble.job_id)
    if answer == "skip":
        skipped.add(number)
    elif trouble.may_have_printed:
        doubted.add(number)
    getattr(counter.receipts, answer)(trouble.job_id)


def heal(counter: Counter, doubted: set[str]) -> None:
    """Switch everything on again; what waits for a look comes last, by Retry."""
    counter.wire.failing = {}
    counter.wait(61)
    counter.receipts.work_once()
    for job in counter.store.spool.waiting():
        doubted.add(number_of(counter, job.id))
        counter.receipts.retry(job.id)
    counter.receipts.work_once()
