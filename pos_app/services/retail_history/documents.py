"""Invoices put together from their lines, and what kind of document each one is."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from pos_app.domain.ids import uuid7
from pos_app.domain.product import ProductKind
from pos_app.domain.shop import ShopSettings
from pos_app.services.retail_history.catalogue import kind_of_code
from pos_app.services.retail_history.lines import HistoryLine
from pos_app.services.time_zones import shop_zone

CANCELLATION = "C"
ADJUSTMENT = "A"
_BOOKED = frozenset({ProductKind.FEE, ProductKind.ADJUSTMENT})


class DocumentKind(StrEnum):
    """What an invoice of the file becomes in the till."""

    SALE = "sale"
    RETURN = "return"
    ADJUSTMENT = "adjustment"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    """All lines of one invoice number on one day, in the file's order; `lines` is never empty."""

    invoice: str
    lines: tuple[HistoryLine, ...]

    @property
    def at(self) -> datetime:
        """Its time (local): that of its first line, for a few numbers stand at two minutes."""
        return self.lines[0].at

    @property
    def customer(self) -> str:
        """The number of the customer, or nothing."""
        return next((line.customer for line in self.lines if line.customer), "")

    @property
    def kind(self) -> DocumentKind:
        """What it becomes, told from its number's letter, its codes, and its signs."""
        if not self.customer and all(line.price == 0 for line in self.lines):
            goods = all(kind_of_code(line.key) is ProductKind.GOODS for line in self.lines)
            return DocumentKind.STOCK if goods else DocumentKind.ADJUSTMENT
        if self.invoice.upper().startswith(ADJUSTMENT) or self._is_booked:
            return DocumentKind.ADJUSTMENT
        if all(line.quantity < 0 for line in self.lines):
            return DocumentKind.RETURN
        is_cancelled = self.invoice.upper().startswith(CANCELLATION)
        if all(line.quantity > 0 for line in self.lines) and not is_cancelled:
            return DocumentKind.SALE
        return DocumentKind.ADJUSTMENT

    @property
    def _is_booked(self) -> bool:
        """Whether it only books fees, or holds a price below zero as no counter would."""
        kinds = {kind_of_code(line.key) for line in self.lines}
        return kinds <= _BOOKED or any(line.price < 0 for line in self.lines)

    @property
    def id(self) -> str:
        """Its UUIDv7, made from its number and day alone: the same in every run."""
        day = self.at.date()
        seed = hashlib.sha256(f"online-retail:{self.invoice}:{day.isoformat()}".encode())
        bits = int.from_bytes(seed.digest()[:10]) & ((1 << 74) - 1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return uuid7(max(int(midnight.timestamp()) * 1000, 0), bits)


def zone_of(shop: ShopSettings) -> tzinfo | None:
    """The shop's time zone; None means the machine's."""
    return shop_zone(shop.time_zone)


def utc(moment: datetime, zone: tzinfo | None) -> datetime:
    """Turn the shop's local time into UTC; without a zone the machine's is the shop's."""
    return moment.replace(tzinfo=zone).astimezone(UTC)


def documents_by_day(lines: Iterable[HistoryLine]) -> Iterator[list[HistoryDocument]]:
    """Group lines that come in day order into documents, one day's at a time.

    An invoice's lines need not stand together, but no more than a day is held. Lines with a
    refusal belong to no document and are left out.
    """
    day = date.min
    invoices: dict[str, list[HistoryLine]] = {}
    for line in lines:
        if line.refusal is not None:
            continue
        if line.at.date() != day and invoices:
            yield _documents(invoices)
            invoices = {}
        day = line.at.date()
        invoices.setdefault(line.invoice, []).append(line)
    if invoices:
        yield _documents(invoices)


def _documents(invoices: dict[str, list[HistoryLine]]) -> list[HistoryDocument]:
    return [HistoryDocument(invoice, tuple(lines)) for invoice, lines in invoices.items()]
