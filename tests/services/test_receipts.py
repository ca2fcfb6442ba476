"""Receipts wait in the real store until a simulated printer has them: none lost, none doubled."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain import facts
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.product import PIECE
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterKind, PrinterSettings, ShopSettings
from pos_app.printing.errors import (
    NoPrinter,
    PaperOut,
    PrintCutShort,
    PrinterOff,
    PrinterUnknown,
)
from pos_app.services.receipts import Listeners, PrintTrouble, Receipts
from pos_app.store.store import Store, create_store, open_store
from tests.printing import sales
from tests.printing.simulated_printer import Printer, free_port, on_the_network

START = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
COUNTER = PrinterSettings("Counter", PrinterKind.NETWORK, "192.0.2.1")
OFFICE = PrinterSettings("Office", PrinterKind.NETWORK, "192.0.2.2", width_mm=58)
KICK = b"\x1bp\x0022"


class Wire:
    """Stands where printers hang: keeps what each got, and fails when told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.failing: dict[str, type[PosError]] = {}

    def __call__(
        self, printer: PrinterSettings, payload: bytes, *, needs_paper: bool = True
    ) -> None:
        failure = self.failing.get(printer.name)
        if failure is not None and not (failure is PaperOut and not needs_paper):
            raise failure(name=printer.name, target=printer.target)
        self.got.append((printer.name, payload))

    def papers(self, name: str = "Counter") -> list[bytes]:
        return [payload for printer, payload in self.got if printer == name and payload != KICK]


class Counter:
    """A till's counter: store, wire, clock and the service between them."""

    def __init__(self, path: Path, shop: ShopSettings) -> None:
        self.path = path
        self.at = START
        self.second = 0.0
        self.wire = Wire()
        self.troubles: list[PrintTrouble] = []
        self.recovered: list[str] = []
        self.previews: list[bytes] = []
        self.store = create_store(path, shop, now=START)
        with self.store.transaction() as tx:
            tx.products.save_unit(PIECE)
        self.receipts = self.service()

    def service(self, send: Callable[..., None] | None = None) -> Receipts:
        heard = Listeners(
            self.troubles.append,
            self.recovered.append,
            lambda png, _was_asked_for: self.previews.append(png),
        )
        return Receipts(
            self.store,
            lambda: self.at,
            listeners=heard,
            send=send or self.wire,
            monotonic=lambda: self.second,
        )

    def restart(self) -> None:
        """Close the program and open it again."""
        self.store.close()
        self.store = open_store(self.path)
        self.receipts = self.service()

    def wait(self, seconds: float) -> None:
        self.second += seconds
        self.at += timedelta(seconds=seconds)

    def sell(self, number: int = 1, *, card: bool = False) -> Sale:
        method = TenderMethod.CARD if card else TenderMethod.CASH
        cart = sales.cart_of((sales.product(f"Item {number}", "2.50"), "1"))
        lines = tuple(replace(line, product_id=None) for line in cart.lines)
        cart = replace(cart, id=f"019a9000-0000-7000-8000-{number:012x}", lines=lines)
        sale = sales.sold(cart, TenderRequest(method), number=f"1-{number:06d}")
        with self.store.transaction() as tx:
            tx.sales.add(sale)
            tx.journal.append(facts.sale_completed(sale), self.at, "1")
        return sale

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.store.journal.entries()]


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    shop = replace(sales.GERMAN, printers=(COUNTER, OFFICE))
    made = Counter(tmp_path / "shop.db", shop)
    yield made
    made.receipts.stop()
    made.store.close()


def test_a_receipt_goes_out_once_with_the_drawer(counter: Counter) -> None:
    counter.receipts.print_sale(counter.sell())
    assert counter.receipts.waiting() == 1
    assert counter.receipts.work_once() is None
    (paper,) = counter.wire.papers()
    assert b"1-000001" in paper
    assert KICK in paper
    counter.receipts.work_once()
    assert len(counter.wire.got) == 1
    assert counter.receipts.waiting() == 0


def test_a_sale_by_card_leaves_the_drawer_shut_unless_asked(counter: Counter) -> None:
    counter.receipts.print_sale(counter.sell(1, card=True), False)
    counter.receipts.print_sale(counter.sell(2, card=True), True)
    counter.receipts.work_once()
    assert [KICK in paper for paper in counter.wire.papers()] == [False, True]


def test_handing_over_a_sale_touches_neither_store_nor_printer(counter: Counter) -> None:
    sale = counter.sell()
    began = time.perf_counter()
    counter.receipts.print_sale(sale)
    assert time.perf_counter() - began < 5
    assert counter.store.spool.count() == 0
    assert counter.wire.got == []


def test_a_receipt_kept_with_its_sale_survives_a_crash_and_is_not_doubled(counter: Counter) -> None:
    sale = counter.sell()
    with counter.store.transaction() as tx:
        counter.receipts.keep_in(tx, sale, counter.at)
    counter.restart()
    counter.receipts.work_once()
    assert len(counter.wire.papers()) == 1

    second = counter.sell(2)
    with counter.store.transaction() as tx:
        counter.receipts.keep_in(tx, second, counter.at)
    counter.receipts.print_sale(second)
    counter.receipts.work_once()
    assert len(counter.wire.papers()) == 2


def test_jobs_keep_their_order_while_the_printer_is_away(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    for number in (1, 2, 3):
        counter.receipts.print_sale(counter.sell(number))
    counter.receipts.work_once()
    assert counter.receipts.waiting() == 3
    counter.wire.failing.clear()
    counter.wait(120)
    counter.receipts.work_once()
    numbers = [paper.split(b"1-0000")[1][:2] for paper in counter.wire.papers()]
    assert numbers == [b"01", b"02", b"03"]


def test_trouble_is_told_once_and_its_end_once(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PaperOut
    counter.receipts.print_sale(counter.sell(1))
    counter.receipts.print_sale(counter.sell(2))
    for _ in range(5):
        counter.receipts.work_once()
        counter.wait(100)
    assert [trouble.printer for trouble in counter.troubles] == ["Counter"]
    assert "out of paper" in counter.troubles[0].sentence
    assert counter.recovered == []
    counter.wire.failing.clear()
    counter.receipts.work_once()
    assert counter.recovered == ["Counter"]
    assert len(counter.wire.papers()) == 2


def test_tries_come_less_and_less_often(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    pauses = []
    for _ in range(7):
        pause = counter.receipts.work_once()
        assert pause is not None
        pauses.append(pause)
        counter.wait(pause)
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


def test_retry_tries_now(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    counter.wire.failing.clear()
    counter.receipts.work_once()
    assert counter.wire.papers() == []
    counter.receipts.retry(counter.troubles[0].job_id)
    counter.receipts.work_once()
    assert len(counter.wire.papers()) == 1


def test_a_retry_that_fails_is_told_again(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    counter.receipts.retry(counter.troubles[0].job_id)
    counter.receipts.work_once()
    assert len(counter.troubles) == 2


def test_skip_gives_one_job_up_and_the_next_goes_on(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell(1))
    counter.receipts.print_sale(counter.sell(2))
    counter.receipts.work_once()
    counter.receipts.skip(counter.troubles[0].job_id)
    counter.wire.failing.clear()
    counter.receipts.work_once()
    (paper,) = counter.wire.papers()
    assert b"1-000002" in paper
    assert counter.store.sales.by_number("1-000001") is not None


def test_another_printer_gets_the_receipt_made_for_its_paper(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    counter.receipts.send_to(counter.troubles[0].job_id, "Office")
    counter.receipts.work_once()
    (paper,) = counter.wire.papers("Office")
    assert b"-" * 32 + b"\n" in paper
    assert b"-" * 33 not in paper
    with pytest.raises(PrinterUnknown):
        counter.receipts.send_to(1, "Nowhere")


def test_a_broken_connection_waits_for_somebody_to_look(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrintCutShort
    counter.receipts.print_sale(counter.sell(1))
    counter.receipts.work_once()
    assert [trouble.may_have_printed for trouble in counter.troubles] == [True]
    counter.wire.failing.clear()
    for _ in range(3):
        counter.wait(1000)
        counter.receipts.work_once()
    assert counter.wire.papers() == []

    counter.receipts.print_sale(counter.sell(2))
    counter.receipts.work_once()
    assert [b"1-000002" in paper for paper in counter.wire.papers()] == [True]

    counter.receipts.retry(counter.troubles[0].job_id)
    counter.receipts.work_once()
    assert b"1-000001" in counter.wire.papers()[1]
    assert counter.receipts.waiting() == 0


def test_a_crash_while_sending_is_told_at_the_next_start_and_prints_nothing_twice(
    counter: Counter,
) -> None:
    class Crash(BaseException):
        """The plug is pulled."""

    def pull_the_plug(*_: Any, **__: Any) -> None:
        raise Crash

    counter.receipts = counter.service(send=pull_the_plug)
    counter.receipts.print_sale(counter.sell())
    with pytest.raises(Crash):
        counter.receipts.work_once()
    counter.restart()
    counter.receipts.work_once()
    assert counter.wire.papers() == []
    (trouble,) = counter.troubles
    assert trouble.may_have_printed
    counter.restart()
    counter.receipts.work_once()
    assert len(counter.troubles) == 2
    counter.receipts.skip(trouble.job_id)
    assert counter.receipts.waiting() == 0


def test_a_failure_nobody_foresaw_counts_as_doubtful(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise RuntimeError("driver fell over")

    counter.receipts = counter.service(send=break_down)
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    assert counter.troubles[0].may_have_printed


def test_jobs_wait_over_a_restart(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    counter.restart()
    counter.wire.failing.clear()
    assert counter.receipts.waiting() == 1
    counter.receipts.work_once()
    assert len(counter.wire.papers()) == 1


def test_a_receipt_handed_over_but_not_yet_kept_is_kept_when_the_till_closes(
    counter: Counter,
) -> None:
    counter.receipts.print_sale(counter.sell())
    counter.receipts.stop()
    counter.restart()
    assert counter.receipts.waiting() == 1


def test_without_paper_the_drawer_still_opens_once(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PaperOut
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    assert counter.wire.got == [("Counter", KICK)]
    counter.wire.failing.clear()
    counter.wait(3)
    counter.receipts.work_once()
    assert KICK not in counter.wire.papers()[0]


def test_a_drawer_does_not_spring_open_long_after_the_sale(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    counter.wait(600)
    counter.wire.failing.clear()
    counter.receipts.work_once()
    assert KICK not in counter.wire.papers()[0]


def test_a_reprint_is_marked_and_written_down(counter: Counter) -> None:
    counter.receipts.reprint(counter.sell())
    counter.receipts.work_once()
    (paper,) = counter.wire.papers()
    assert b"COPY" in paper or b"KOPIE" in paper.upper()
    assert KICK not in paper
    assert counter.kinds().count(FactKind.RECEIPT_REPRINTED) == 1


def test_opening_the_drawer_with_a_reason_is_written_down(counter: Counter) -> None:
    counter.receipts.kick_drawer("change for the parking meter")
    counter.receipts.kick_drawer()
    counter.receipts.work_once()
    assert counter.wire.got == [("Counter", KICK)] * 2
    assert counter.kinds().count(FactKind.DRAWER_OPENED) == 1


def test_the_drawer_opens_before_receipts_that_wait(counter: Counter) -> None:
    counter.receipts.print_sale(counter.sell(card=True))
    counter.receipts.kick_drawer()
    counter.receipts.work_once()
    assert counter.wire.got[0] == ("Counter", KICK)


def test_a_shop_without_printers_sells_on(counter: Counter) -> None:
    with counter.store.transaction() as tx:
        tx.settings.save(replace(sales.GERMAN, printers=()))
    sale = counter.sell()
    counter.receipts.print_sale(sale)
    assert counter.receipts.waiting() == 0
    with pytest.raises(NoPrinter, match="No printer is set up"):
        counter.receipts.reprint(sale)
    with pytest.raises(NoPrinter):
        counter.receipts.kick_drawer("")


def test_a_printer_with_a_wrong_model_is_told_and_stops_no_other(counter: Counter) -> None:
    broken = replace(COUNTER, profile="no such model")
    with counter.store.transaction() as tx:
        tx.settings.save(replace(sales.GERMAN, printers=(broken, OFFICE)))
    counter.receipts.print_sale(counter.sell(1))
    counter.receipts.print_ready(b"\x1b@a page", "Office")
    counter.receipts.work_once()
    assert "no such model is not known" in counter.troubles[0].sentence
    assert counter.wire.papers("Office") == [b"\x1b@a page"]


def test_a_printer_that_left_the_settings_is_told(counter: Counter) -> None:
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    counter.receipts.work_once()
    with counter.store.transaction() as tx:
        tx.settings.save(replace(sales.GERMAN, printers=(OFFICE,)))
    counter.wait(100)
    counter.receipts.work_once()
    assert isinstance(counter.troubles[-1].refusal, PrinterUnknown)
    counter.receipts.send_to(counter.troubles[-1].job_id, "Office")
    counter.receipts.work_once()
    assert len(counter.wire.papers("Office")) == 1


def test_the_preview_shows_the_receipt_as_a_picture(counter: Counter) -> None:
    with counter.store.transaction() as tx:
        tx.settings.save(replace(sales.GERMAN, printers=(PrinterSettings(),)))
    counter.receipts.print_sale(counter.sell())
    counter.receipts.kick_drawer()
    counter.receipts.work_once()
    (png,) = counter.previews
    assert png.startswith(b"\x89PNG")
    assert counter.wire.got == []
    assert counter.receipts.waiting() == 0


def test_the_code_on_paper_names_the_sale_and_the_journal(counter: Counter) -> None:
    sale = counter.sell()
    head = counter.store.journal.head()
    assert head is not None
    counter.sell(2)
    counter.receipts.print_sale(sale)
    counter.receipts.reprint(sale)
    counter.receipts.work_once()
    wanted = f"POS1:1-000001:{sale.id[-12:]}:{head.hash[:12]}"
    assert [wanted.encode() in paper for paper in counter.wire.papers()] == [True, True]


def wait_until(claim: Callable[[], bool], timeout_s: float = 60) -> None:
    until = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.01)


def real_service(store: Store, heard: Listeners) -> Receipts:
    return Receipts(store, lambda: datetime.now(UTC), listeners=heard)


def test_the_thread_prints_on_a_real_socket_while_the_counter_sells_on(counter: Counter) -> None:
    with on_the_network(Printer()) as printer:
        target = replace(COUNTER, target=printer.target)
        with counter.store.transaction() as tx:
            tx.settings.save(replace(sales.GERMAN, printers=(target,)))
        receipts = real_service(counter.store, Listeners(counter.troubles.append))
        receipts.start()
        for number in range(1, 11):
            receipts.print_sale(counter.sell(number))
        wait_until(lambda: receipts.waiting() == 0)
        receipts.stop()
        assert counter.troubles == []
        numbers = [job.split(b"1-0000")[1][:2].decode() for job in printer.jobs]
        assert numbers == [f"{number:02d}" for number in range(1, 11)]


def test_a_printer_that_comes_back_on_gets_what_waited(counter: Counter) -> None:
    port = free_port()
    target = replace(COUNTER, target=f"127.0.0.1:{port}")
    with counter.store.transaction() as tx:
        tx.settings.save(replace(sales.GERMAN, printers=(target,)))
    heard = Listeners(counter.troubles.append, counter.recovered.append)
    receipts = real_service(counter.store, heard)
    receipts.start()
    receipts.print_sale(counter.sell())
    wait_until(lambda: bool(counter.troubles))
    assert isinstance(counter.troubles[0].refusal, PrinterOff)
    with on_the_network(Printer()) as printer:
        with counter.store.transaction() as tx:
            tx.settings.save(
                replace(sales.GERMAN, printers=(replace(target, target=printer.target),))
            )
        receipts.retry(counter.troubles[0].job_id)
        wait_until(lambda: counter.recovered == ["Counter"])
        receipts.stop()
        assert len(printer.jobs) == 1
        assert b"1-000001" in printer.jobs[0]


def test_the_log_holds_changes_of_state_and_not_each_try(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.services.print_spool")
    counter.wire.failing["Counter"] = PrinterOff
    counter.receipts.print_sale(counter.sell())
    for _ in range(5):
        counter.receipts.work_once()
        counter.wait(100)
    counter.wire.failing.clear()
    counter.receipts.work_once()
    spoken = [r.getMessage() for r in caplog.records if r.name == "pos_app.services.print_spool"]
    assert spoken == ["printer Counter is away: PrinterOff", "printer Counter is back"]
