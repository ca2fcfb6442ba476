"""The fiscal export: every closing of some days as one DSFinV-K 2.4 medium, made from the journal.

A closing holds what the journal tells after the closing before it. What was sold after the last
closing belongs to none yet and is not on the medium; the result says how much that is.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app import __version__
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.domain.plain import from_plain
from pos_app.domain.report_period import ReportPeriod
from pos_app.domain.shift import Shift
from pos_app.services.dsfinvk.archive import Archive
from pos_app.services.dsfinvk.cash_receipts import (
    closing_receipts,
    given_up_receipt,
    movement_receipt,
    opening_receipt,
)
from pos_app.services.dsfinvk.closing import Closing, moment
from pos_app.services.dsfinvk.company import company_of
from pos_app.services.dsfinvk.receipts import Known, Reference, receipt_of_sale
from pos_app.services.dsfinvk.tax_keys import TaxKeys
from pos_app.services.progress import Progress, unwatched
from pos_app.services.staff_records import STAFF

if TYPE_CHECKING:
    from pos_app.store.store import Store

_BATCH = 1_000


class NoClosing(PosError):
    """Days in which nobody closed the drawer."""

    sentence = (
        "No shift was closed in these days, so there is nothing to hand over. Choose other days, "
        "or close the day under Cash drawer first."
    )


@dataclass(frozen=True, slots=True)
class FiscalExport:
    """What went onto a medium; `unclosed` documents wait for the next closing."""

    path: Path
    closings: int
    receipts: int
    unclosed: int


def export_dsfinvk(
    store: "Store", path: Path, period: ReportPeriod | None, on_progress: Progress = unwatched
) -> FiscalExport:
    """Write the closings whose business day lies in `period` (None: all) to a ZIP file.

    `on_progress` hears of journal entries and may stop by raising. Raises NoClosing,
    FileNotWritable. Reads much, so it belongs off the counter's thread.
    """
    ends = _closings(store)
    wanted = [one for one in ends if period is None or _is_in(one.shift, period)]
    if not wanted:
        raise NoClosing()
    latest = json.loads(wanted[-1].settings)
    company = company_of(latest)
    export = _Export(store, tuple(ends), on_progress)
    with Archive(path, company.name or "?", company.city or "?") as archive:
        for one in wanted:
            export.write(archive, one)
    return FiscalExport(path, len(wanted), export.receipts, export.unclosed())


@dataclass(frozen=True, slots=True)
class _End:
    """A closed shift: after which entry its closing begins, and the entry that closed it."""

    after: int
    seq: int
    shift: Shift
    settings: str


def _closings(store: "Store") -> list[_End]:
    """Return every closing, with the shop's settings (JSON) as they were then."""
    kinds = (FactKind.STORE_OPENED, FactKind.SETTINGS_CHANGED, FactKind.SHIFT_CLOSED)
    settings: dict[str, Any] = {}
    found, after = [], 0
    for seq, kind, payload in store.journal.told_after(0, *kinds):
        told = json.loads(payload)
        if kind == FactKind.STORE_OPENED:
            settings |= told.get("settings") or {}
        elif kind == FactKind.SETTINGS_CHANGED:
            settings |= told
        else:
            shift = from_plain(Shift, told["state"])
            found.append(_End(after, seq, shift, json.dumps(settings)))
            after = seq
    return found


def _is_in(shift: Shift, period: ReportPeriod) -> bool:
    return period.start <= shift.business_day <= period.end


@dataclass(slots=True)
class _Export:
    """Goes through the entries of closings and hands each to what it is on the medium."""

    store: "Store"
    ends: tuple[_End, ...]
    on_progress: Progress
    receipts: int = 0
    keys: TaxKeys = field(default_factory=TaxKeys)

    def write(self, archive: Archive, end: _End) -> None:
        """Write one closing."""
        identity = self.store.identity
        company = company_of(json.loads(end.settings))
        till = f"{identity.shop}-{identity.till}"
        closing = Closing(archive, end.shift, company, till, identity.store_id, __version__)
        known = self._known(till)
        removed: dict[str, int] = {}
        for entry in self._entries(end):
            if entry.kind == FactKind.LINE_REMOVED:
                cart = json.loads(entry.payload)["cart"]
                removed[cart] = removed.get(cart, 0) + 1
            else:
                self._add(closing, entry, known, removed)
        for receipt in closing_receipts(self._entry(end.seq), end.shift, known.staff_name):
            closing.add(receipt)
        closing.finish()

    def unclosed(self) -> int:
        """Return how many documents came after the last closing."""
        last, now = self.ends[-1].seq, self.store.journal.count()
        return self.store.journal.count_of(FactKind.SALE_COMPLETED, last, now)

    def _add(
        self, closing: Closing, entry: JournalEntry, known: Known, removed: dict[str, int]
    ) -> None:
        name = known.staff_name
        if entry.kind == FactKind.SALE_COMPLETED:
            sale_id = json.loads(entry.payload)["id"]
            closing.add(receipt_of_sale(entry, known, removed.pop(sale_id, 0)))
            self.receipts += 1
        elif entry.kind == FactKind.CASH_MOVED:
            closing.add(movement_receipt(entry, closing.shift.currency, name))
        elif entry.kind == FactKind.SHIFT_OPENED:
            closing.add(opening_receipt(entry, closing.shift, name))
        elif entry.kind == FactKind.SALE_DISCARDED:
            closing.add(given_up_receipt(entry, name))

    def _entries(self, end: _End) -> Iterator[JournalEntry]:
        after = end.after
        while after < end.seq:
            batch = self.store.journal.entries(after, min(_BATCH, end.seq - after))
            if not batch:
                return
            yield from batch
            after = batch[-1].seq
            self.on_progress(after, self.ends[-1].seq)

    def _entry(self, seq: int) -> JournalEntry:
        return self.store.journal.entries(seq - 1, 1)[0]

    def _known(self, till: str) -> Known:
        store = self.store
        closed = [one.seq for one in self.ends]
        names = {member.code: member.name for member in store.records.all(STAFF)}
        categories = {one.id: one.name for one in store.products.categories()}

        @lru_cache(maxsize=4096)
        def category_of(product_id: str) -> tuple[str, str]:
            product = store.products.get(product_id) if product_id else None
            category_id = "" if product is None else product.category_id or ""
            return category_id, categories.get(category_id, "")

        def document(sale_id: str) -> Reference | None:
            sale, entry = store.sales.get(sale_id), store.journal.of_sale(sale_id)
            if sale is None or entry is None:
                return None
            place = bisect_left(closed, entry.seq)
            if place == len(self.ends):
                return Reference(sale.number, None, "")
            shift = self.ends[place].shift
            at = "" if shift.closed_at is None else moment(shift.closed_at.isoformat())
            return Reference(sale.number, shift.z_number, at)

        return Known(till, self.keys, lambda code: names.get(code, ""), category_of, document)
