"""Many documents in a row: each by itself, failures listed, stopped only between two."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.document import line_of
from pos_app.domain.errors import PosError
from pos_app.domain.invoice import Invoice
from pos_app.printing.errors import PrinterOff
from pos_app.services.document_batch import Chosen, into_folder, make_all
from pos_app.services.document_files import FileForm, Paper, PaperOrder, made, paper_order
from pos_app.services.paper_press import PaperPress, PressStopped
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.documents import DocumentFilter
from tests.services.document_office import LAPTOP, Office, new_office


class Here:
    """Makes papers in this process, and remembers which."""

    def __init__(self, *refused: str) -> None:
        self.orders: list[PaperOrder] = []
        self._refused = refused

    def begin(self, order: PaperOrder) -> "Future[bytes]":
        self.orders.append(order)
        paper: Future[bytes] = Future()
        if order.document.head.number in self._refused:
            paper.set_exception(FileNotWritable(name="x"))
        else:
            paper.set_result(order.document.head.number.encode())
        return paper

    def finish(self, paper: "Future[bytes]") -> bytes:
        return paper.result()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made_office = new_office(tmp_path / "shop.db")
    yield made_office
    made_office.store.close()


def invoices(office: Office, count: int) -> list[Invoice]:
    def issued() -> Invoice:
        draft = office.invoicing.draft(office.customer, (line_of(LAPTOP, "1", Decimal(1)),))
        return office.invoicing.issue(office.invoicing.save_draft(draft))

    return [issued() for _ in range(count)]


def all_of(kind: str = "invoice", **narrowed: object) -> Chosen:
    return Chosen(kind, every=DocumentFilter(**narrowed))  # type: ignore[arg-type]


def test_all_of_a_filter_come_in_order_with_their_progress(office: Office, tmp_path: Path) -> None:
    invoices(office, 3)
    folder, steps = tmp_path / "out", list[tuple[int, int]]()
    folder.mkdir()
    report = make_all(
        office.store, all_of(), Here(), into_folder(folder),
        on_progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert (report.done, report.total, report.failed, report.was_stopped) == (3, 3, (), False)
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert sorted(path.name for path in folder.iterdir()) == [
        f"INV202306000{n} Rye & Sons.pdf" for n in (1, 2, 3)
    ]


def test_chosen_ones_in_several_forms(office: Office, tmp_path: Path) -> None:
    first, _, third = invoices(office, 3)
    got: list[tuple[str, FileForm]] = []
    make_all(
        office.store,
        Chosen("invoice", (third.head.id, first.head.id)),
        Here(),
        lambda document, form, _content: got.append((document.head.number, form)),
        (FileForm.PDF, FileForm.XRECHNUNG),
    )
    pairs = [(one.head.number, form) for one in (third, first) for form in ("pdf", "xrechnung")]
    assert got == pairs


def test_what_cannot_be_made_or_put_away_is_listed_and_the_rest_goes_on(office: Office) -> None:
    numbers = [one.head.number for one in invoices(office, 4)]
    got: list[str] = []

    def deliver(document: Paper, _form: FileForm, _content: bytes) -> None:
        if document.head.number == numbers[2]:
            raise PrinterOff(name="Office")
        got.append(document.head.number)

    report = make_all(office.store, all_of(), Here(numbers[0]), deliver)
    assert got == [numbers[1], numbers[3]]
    assert [(one.number, type(one.refusal)) for one in report.failed] == [
        (numbers[0], FileNotWritable),
        (numbers[2], PrinterOff),
    ]
    assert (report.done, report.total) == (2, 4)


def test_a_document_that_is_gone_is_listed(office: Office) -> None:
    [one] = invoices(office, 1)
    chosen = Chosen("invoice", ("gone", one.head.id))
    report = make_all(office.store, chosen, Here(), lambda *_: None)
    assert report.done == 1
    assert "not in the store" in str(report.failed[0].refusal)


def test_it_stops_between_two_documents_and_says_how_far_it_came(office: Office) -> None:
    invoices(office, 5)
    got: list[str] = []
    report = make_all(
        office.store, all_of(), Here(),
        lambda document, *_: got.append(document.head.number),
        is_stopped=lambda: len(got) == 2,
    )  # fmt: skip
    assert report.was_stopped
    assert (report.done, report.total, len(got)) == (2, 5, 2)


def test_a_filter_that_finds_nothing_makes_nothing(office: Office) -> None:
    assert make_all(office.store, all_of(), Here(), lambda *_: None).total == 0


def test_another_process_makes_the_same_bytes_and_its_refusals_come_whole(office: Office) -> None:
    [invoice] = invoices(office, 1)
    order = paper_order(office.store, invoice)
    incomplete = replace(order, form=FileForm.XRECHNUNG)
    with PaperPress() as press:
        assert press.make(order) == made(order)
        with pytest.raises(PosError) as there:
            press.make(incomplete)
    with pytest.raises(PosError) as here:
        made(incomplete)
    assert (type(there.value), str(there.value)) == (type(here.value), str(here.value))


def test_a_process_that_is_killed_costs_the_paper_in_hand_only(office: Office) -> None:
    [invoice] = invoices(office, 1)
    order = paper_order(office.store, invoice)
    with PaperPress() as press:
        press.make(order)
        assert press._pool is not None
        [worker] = press._pool._processes.values()
        os.kill(worker.pid or 0, signal.SIGSTOP)
        paper = press.begin(order)
        os.kill(worker.pid or 0, signal.SIGKILL)
        with pytest.raises(PressStopped):
            press.finish(paper)
        assert press.make(order) == made(order)
