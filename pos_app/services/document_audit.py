"""Whether the lists of sales documents say what the documents say, and invoices add up."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pos_app.domain.document_settings import Series, month_of
from pos_app.domain.facts import FactKind
from pos_app.domain.invoice import Invoice
from pos_app.domain.plain import UNREADABLE, from_text
from pos_app.domain.pricing import sum_lines
from pos_app.domain.product import ProductKind
from pos_app.domain.stock import MoveReason
from pos_app.services.document_records import (
    DELIVERY_NOTE,
    DOCUMENT_KINDS,
    INVOICE,
    ORDER,
    QUOTATION,
    SALES_RETURN,
)
from pos_app.services.heard import Heard
from pos_app.store.base_revision import NUMBERED_ELSEWHERE
from pos_app.store.documents import Listed
from pos_app.store.inspection import Inspection
from pos_app.store.records import RecordKind

Located = tuple[str, str]
# The kind of document that each series numbers.
_SERIES: dict[str, str] = {
    Series.QUOTATION: QUOTATION.name,
    Series.ORDER: ORDER.name,
    Series.DELIVERY_NOTE: DELIVERY_NOTE.name,
    Series.INVOICE: INVOICE.name,
    Series.RETURN: SALES_RETURN.name,
}
# Documents that move stock, and in which direction.
_MOVING = {FactKind.DELIVERY_NOTE_SAVED.value: -1, FactKind.GOODS_TAKEN_BACK.value: 1}
_KINDS: dict[str, RecordKind[Any]] = {kind.name: kind for kind in DOCUMENT_KINDS}


class DocumentAudit:
    """Holds delivery notes and returns against the stock that moved, and lists against documents.

    That the documents are as the journal told them last, others look at.
    """

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        # Units of goods by document and product that are told of and have not moved yet.
        self._due: dict[tuple[str, str], Decimal] = {}
        self._numbered: dict[tuple[str, str], int] = {}
        # Documents whose numbers are from the series of other tills.
        self._elsewhere: set[tuple[str, str]] = set()

    def hear(self, heard: Heard) -> None:
        """Take note of goods that a document moves, and of the movement."""
        kind = heard.entry.kind
        try:
            if kind == FactKind.STOCK_MOVED:
                self._hear_moves(heard.told["moves"])
            elif kind == FactKind.RECORD_RECEIVED:
                self._hear_received(heard.told)
            elif kind in _MOVING and "action" not in heard.told:
                self._hear_document(heard.told["state"], _MOVING[kind])
        except UNREADABLE:
            return  # the entry was changed, and its hash says so

    def _hear_received(self, told: Mapping[str, Any]) -> None:
        if told.get(NUMBERED_ELSEWHERE):
            self._elsewhere.add((told["record"], told["id"]))

    def _hear_document(self, state: Mapping[str, Any], sign: int) -> None:
        if state.get("sale_id"):
            return  # the sale has moved it
        for line in state["lines"]:
            goods = line["line"]
            if goods["product_id"] and goods["kind"] == ProductKind.GOODS:
                self._count(state["head"]["number"], goods, sign)

    def _hear_moves(self, moves: list[Mapping[str, Any]]) -> None:
        for move in moves:
            is_of_document = move["reason"] in (MoveReason.SALE, MoveReason.RETURN)
            if is_of_document and (move["note"], move["product"]) in self._due:
                goods = {"product_id": move["product"], "quantity": move["quantity"]}
                self._count(move["note"], goods, -1)

    def _count(self, number: str, goods: Mapping[str, Any], sign: int) -> None:
        key = number, goods["product_id"]
        self._due[key] = self._due.get(key, Decimal(0)) + sign * Decimal(goods["quantity"])
        if not self._due[key]:
            del self._due[key]

    def faults(self) -> Iterator[Located]:
        """Yield goods that did not move as told, wrong lists, and invoices that do not add up."""
        for (number, product_id), quantity in sorted(self._due.items()):
            name = self._inspection.product_name(product_id)
            yield number, f"{number} and the stock of {name} differ by {abs(quantity):f}"
        yield from self._list_faults()
        yield from self._gaps()

    def _gaps(self) -> Iterator[Located]:
        """Yield months in which more numbers were taken than there are documents, or fewer."""
        taken: dict[tuple[str, str], int] = {}
        for series, last in self._inspection.numbers_taken():
            name, _epoch, month = (*series.split(":"), "", "")[:3]
            if name in _SERIES:
                taken[_SERIES[name], month] = taken.get((_SERIES[name], month), 0) + last
        for key in sorted({*taken, *self._numbered}):
            there, numbers = self._numbered.get(key, 0), taken.get(key, 0)
            if there != numbers:
                where = f"{key[0]} {key[1]}".replace("_", " ")
                yield where, f"{where}: {numbers} numbers were taken, {there} documents have one"

    def _list_faults(self) -> Iterator[Located]:
        listed = self._inspection.listed_documents()
        row = next(listed, None)
        for name, document_id, state in self._inspection.document_states(tuple(sorted(_KINDS))):
            where = f"{name} {document_id}".replace("_", " ")
            while row is not None and (row[0], row[1].id) < (name, document_id):
                yield from _stray(row)
                row = next(listed, None)
            mine = row[1] if row is not None and row[1].id == document_id else None
            if mine is not None:
                row = next(listed, None)
            yield from self._compared(where, name, state, mine)
        while row is not None:
            yield from _stray(row)
            row = next(listed, None)

    def _compared(
        self, where: str, name: str, state: str, mine: Listed | None
    ) -> Iterator[Located]:
        kind = _KINDS[name]
        try:
            document = from_text(kind.type, state)
            told = kind.listed_of(document) if kind.listed_of else mine
        except UNREADABLE as failure:
            yield where, f"{where} cannot be read: {failure}"
            return
        if told is not None and told.number and (name, told.id) not in self._elsewhere:
            month = name, month_of(told.number)
            self._numbered[month] = self._numbered.get(month, 0) + 1
        if mine is None:
            yield where, f"{where} is missing from its list"
        elif mine != told:
            yield where, f"{where} is listed as something else than it is"
        if isinstance(document, Invoice):
            yield from _sums(where, document)


def _sums(where: str, invoice: Invoice) -> Iterator[Located]:
    priced = sum_lines(tuple(line.figures for line in invoice.lines), invoice.currency)
    if (priced.net, priced.tax, priced.gross) != (invoice.net, invoice.tax, invoice.gross):
        yield where, f"{where}: the lines of {invoice.head.number} do not sum to it"


def _stray(row: tuple[str, Listed]) -> Iterator[Located]:
    where = f"{row[0]} {row[1].id}".replace("_", " ")
    yield where, f"{where} is listed, but there is no such document"
