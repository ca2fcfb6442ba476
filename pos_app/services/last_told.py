"""Whether what stands in the store is what the journal told of it last.

Products, customers, groups, units, taxes, settings and parked sales change with time, but each
change is a fact with the whole new state, so that the last fact of a thing is what its row must
say. Fingerprints are kept in a file of their own, so memory stays flat.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pos_app.domain.customer import Customer
from pos_app.domain.facts import FactKind, canonical
from pos_app.domain.journal import JournalEntry
from pos_app.domain.payloads import customer_payload, product_payload, tax_payload, unit_payload
from pos_app.domain.plain import UNREADABLE, from_plain, to_plain
from pos_app.domain.product import Category, Product
from pos_app.domain.shop import ShopSettings
from pos_app.services.payload_difference import first_difference
from pos_app.store.base_revision import BASE, RECEIVED
from pos_app.store.catalogue_inspection import CatalogueInspection, Standing
from pos_app.store.inspection import Inspection
from pos_app.store.records import told_text
from pos_app.store.told import Told, ToldStates

Payload = Mapping[str, Any]
Located = tuple[str, str]  # where, and the sentence
# Canonical JSON escapes quotes inside texts, so this is a key and nothing else.
_IS_RECORD = '"record":"'
# What a fact says of its way to and from head office is no part of the thing.
_ON_ITS_WAY = (BASE, RECEIVED)
# What SETTINGS_CHANGED tells of besides the shop's own settings.
_BESIDE = ("unit", "tax", *_ON_ITS_WAY)


class LastTold:
    """Hears every entry in order, and then compares; wrong payloads are left to other checks."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._store: CatalogueInspection = inspection.catalogue
        self._told = ToldStates()
        self._units: dict[str, str] = {}
        self._taxes: dict[str, str] = {}  # as the shop lists them, by code
        self._taxes_ever: set[str] = set()
        self._groups: list[list[str]] = []
        self._group_of: dict[tuple[str, ...], int] = {}
        self._settings: dict[str, Any] | None = None
        self._records: set[str] = set()
        self._hearers: dict[str, Callable[[JournalEntry, Payload], None]] = {
            FactKind.STORE_OPENED: self._hear_opening,
            FactKind.PRODUCT_SAVED: self._hear_product,
            FactKind.PRODUCTS_IMPORTED: self._hear_products,
            FactKind.CATEGORY_SAVED: self._hear_category,
            FactKind.CUSTOMER_SAVED: self._hear_customer,
            FactKind.CUSTOMERS_IMPORTED: self._hear_customers,
            FactKind.SETTINGS_CHANGED: self._hear_settings,
            FactKind.SALE_PARKED: self._hear_parked,
            FactKind.SALE_RECALLED: self._hear_recalled,
        }

    def hear(self, entry: JournalEntry) -> None:
        """Take note of what an entry tells."""
        hearer = self._hearers.get(entry.kind)
        if hearer is None:
            if _IS_RECORD not in entry.payload:
                return
            hearer = self._hear_record
        try:
            hearer(entry, json.loads(entry.payload))
        except UNREADABLE:
            return  # the entry was changed, and its hash says so

    def faults(self) -> Iterator[Located]:
        """Yield where rows say something else than the journal, the first thing first."""
        yield from self._product_faults()
        yield from self._customer_faults()
        yield from self._vocabulary_faults()
        yield from self._settings_faults()
        yield from self._parked_faults()
        yield from self._record_faults()

    def close(self) -> None:
        """Let what was remembered vanish."""
        self._told.close()

    def _hear_opening(self, _entry: JournalEntry, told: Payload) -> None:
        settings = told.get("settings")
        self._settings = dict(settings) if settings else None

    def _hear_product(self, entry: JournalEntry, told: Payload) -> None:
        for unit in told.get("units", ()):
            self._units[unit["code"]] = canonical(unit)
        taxes = [canonical(tax) for tax in told["taxes"]]
        self._taxes_ever.update(taxes)
        for plain, tax in zip(told["taxes"], taxes, strict=True):
            if plain["code"]:
                self._taxes.setdefault(plain["code"], tax)
        self._told.tell(
            "product", told["id"], _product_state(told), entry.seq, self._group(tuple(taxes))
        )

    def _hear_products(self, entry: JournalEntry, told: Payload) -> None:
        for unit in told.get("units", ()):
            self._units[unit["code"]] = canonical(unit)
        for product in told["products"]:
            self._hear_product(entry, product)

    def _hear_category(self, entry: JournalEntry, told: Payload) -> None:
        self._told.tell("category", told["id"], canonical(_alone(told)), entry.seq)

    def _hear_customer(self, entry: JournalEntry, told: Payload) -> None:
        self._told.tell("customer", told["id"], canonical(_alone(told)), entry.seq)

    def _hear_customers(self, entry: JournalEntry, told: Payload) -> None:
        for customer in told["customers"]:
            self._hear_customer(entry, customer)

    def _hear_settings(self, _entry: JournalEntry, told: Payload) -> None:
        if "unit" in told:
            self._units[told["unit"]["code"]] = canonical(told["unit"])
        if "tax" in told:
            self._hear_tax(told["tax"])
        if self._settings is not None:
            own = {name: value for name, value in told.items() if name not in _BESIDE}
            self._settings.update(own)

    def _hear_tax(self, told: Payload) -> None:
        """A tax listed anew changes every product that had the one listed before."""
        new, before = canonical(told), self._taxes.get(told["code"])
        self._taxes[told["code"]] = new
        self._taxes_ever.add(new)
        if before is not None and before != new:
            self._groups = [[new if t == before else t for t in taxes] for taxes in self._groups]
            self._group_of.clear()

    def _hear_parked(self, entry: JournalEntry, told: Payload) -> None:
        state = _parked_state(told, entry.at, entry.staff)
        self._told.tell("parked", told["cart"], state, entry.seq)

    def _hear_recalled(self, _entry: JournalEntry, told: Payload) -> None:
        self._told.drop("parked", told["cart"])

    def _hear_record(self, entry: JournalEntry, told: Payload) -> None:
        state = canonical(told["state"])
        text = told_text(told["code"], told["place"], told["is_open"], state)
        self._told.tell(_record_key(told["record"]), told["id"], text, entry.seq)
        self._records.add(told["record"])

    def _group(self, taxes: tuple[str, ...]) -> int:
        place = self._group_of.get(taxes)
        if place is None:
            place = self._group_of[taxes] = len(self._groups)
            self._groups.append(list(taxes))
        return place

    def _product_faults(self) -> Iterator[Located]:
        for read in self._store.products():
            where = f"product {read.name}"
            if not isinstance(read.value, Product):
                yield where, f"{where} {read.why}"
                self._told.take("product", read.id)
                continue
            yield from self._compared("product", read, product_payload(read.value))
        yield from self._missing("product")

    def _customer_faults(self) -> Iterator[Located]:
        for read in self._store.customers():
            if isinstance(read.value, Customer):
                yield from self._compared("customer", read, customer_payload(read.value))
        yield from self._missing("customer")
        for sentence in self._store.stray_codes():
            yield "codes", sentence

    def _compared(self, kind: str, read: Standing, rows: dict[str, Any]) -> Iterator[Located]:
        where = f"{kind} {read.name}"
        told = self._told.take(kind, read.id)
        if told is None:
            yield where, f"{where} is in the store, but the journal does not tell of it"
        elif not self._is_as_told(kind, told, rows):
            yield where, self._difference(where, kind, told, rows)
        elif read.why:
            yield where, f"{where} {read.why}"

    def _is_as_told(self, kind: str, told: Told, rows: dict[str, Any]) -> bool:
        if kind == "product":
            taxes = [canonical(tax) for tax in rows["taxes"]]
            return taxes == self._groups[told.group] and told.is_of(_product_state(rows))
        return told.is_of(canonical(rows))

    def _difference(self, where: str, kind: str, told: Told, rows: dict[str, Any]) -> str:
        before = dict(self._entry_state(told.seq, rows["id"]))
        before.pop("units", None)
        if kind == "product":
            before["taxes"] = [json.loads(tax) for tax in self._groups[told.group]]
        difference = first_difference(rows, before) or "it differs from the journal"
        return f"{where}: {difference} (entry {told.seq})"

    def _missing(self, kind: str) -> Iterator[Located]:
        for thing_id, seq in self._told.rest(kind):
            name = self._entry_state(seq, thing_id).get("name") or thing_id
            where = f"{kind} {name}"
            yield where, f"{where} is in the journal (entry {seq}) but its row is missing"

    def _entry_state(self, seq: int, thing_id: str) -> Payload:
        """Return what an entry tells of one thing."""
        entry = self._inspection.entry(seq)
        told: Payload = json.loads(entry.payload) if entry else {}
        for one in (*told.get("products", ()), *told.get("customers", ())):
            if one.get("id") == thing_id:
                return _alone(one)
        return _alone(told)

    def _vocabulary_faults(self) -> Iterator[Located]:
        for category in self._store.categories():
            rows = _category_payload(category)
            read = Standing(category.id, category.name, None)
            yield from self._compared("category", read, rows)
        yield from self._missing("category")
        units = {unit.code: canonical(unit_payload(unit)) for unit in self._store.units()}
        yield from _words_faults("unit", units, self._units)
        taxes = {code: canonical(tax_payload(tax)) for code, tax in self._store.listed_taxes()}
        yield from _words_faults("tax", taxes, self._taxes)
        ever = [canonical(tax_payload(tax)) for tax in self._store.taxes_ever()]
        kept = set(ever)
        for tax in kept if len(kept) < len(ever) else ():
            if ever.count(tax) > 1:
                yield "taxes", f"the taxes have a row twice: {tax}"
        for tax in sorted(kept ^ self._taxes_ever):
            code = json.loads(tax)["code"]
            how = "is in the store, but never was" if tax in kept else "is missing, but was"
            yield f"tax {code}", f"a tax {code} {how} told in the journal: {tax}"

    def _settings_faults(self) -> Iterator[Located]:
        if self._settings is None:
            return
        try:
            rows = self._store.settings.shop()
            told = from_plain(ShopSettings, self._settings)
        except UNREADABLE:
            return  # the check of texts says so
        if rows != told:
            difference = first_difference(to_plain(rows), to_plain(told))
            yield "settings", f"the settings differ from the journal: {difference}"
        elif fault := self._store.settings_fault():
            yield "settings", fault

    def _parked_faults(self) -> Iterator[Located]:
        for parked, at, sha256 in self._store.parked():
            where = f"parked sale {parked.name or parked.id}"
            told = self._told.take("parked", parked.id)
            rows = {
                "name": parked.name,
                "lines": parked.line_count,
                "gross": parked.gross.minor,
                "currency": parked.gross.currency,
                "sha256": sha256,
            }
            if told is None:
                yield where, f"{where} is in the store, but the journal does not tell of it"
            elif not told.is_of(_parked_state(rows, at, parked.staff)):
                yield where, f"{where} is not as it was parked (entry {told.seq})"
        yield from self._missing_parked()

    def _record_faults(self) -> Iterator[Located]:
        for row in self._inspection.records():
            where = f"{row.record} {row.id}".replace("_", " ")
            told = self._told.take(_record_key(row.record), row.id)
            if told is None:
                yield where, f"{where} is in the store, but the journal does not tell of it"
            elif not told.is_of(row.told) or told.seq != row.seq:
                yield where, f"{where} is not as the journal told it last (entry {told.seq})"
        for record in sorted(self._records):
            for record_id, seq in self._told.rest(_record_key(record)):
                where = f"{record} {record_id}".replace("_", " ")
                yield where, f"{where} is in the journal (entry {seq}) but its row is missing"

    def _missing_parked(self) -> Iterator[Located]:
        for _, seq in self._told.rest("parked"):
            where = f"entry {seq}"
            yield where, f"the sale that was parked in entry {seq} is missing"


def _record_key(record: str) -> str:
    return f"record {record}"


def _words_faults(kind: str, rows: dict[str, str], told: dict[str, str]) -> Iterator[Located]:
    """Compare what few rows say by their code."""
    for code in sorted({*rows, *told}):
        where = f"{kind} {code}"
        if code not in told:
            yield where, f"{where} is in the store, but the journal does not tell of it"
        elif code not in rows:
            yield where, f"{where} is in the journal, but its row is missing"
        elif rows[code] != told[code]:
            difference = first_difference(json.loads(rows[code]), json.loads(told[code]))
            yield where, f"{where}: {difference}"


def _product_state(told: Payload) -> str:
    """A product without its taxes, which change with the shop's list of taxes."""
    names = ("taxes", "units", *_ON_ITS_WAY)
    return canonical({name: told[name] for name in told if name not in names})


def _alone(told: Payload) -> dict[str, Any]:
    return {name: told[name] for name in told if name not in _ON_ITS_WAY}


def _parked_state(told: Payload, at: str, staff: str) -> str:
    names = ("name", "lines", "gross", "currency", "sha256")
    return canonical({name: told[name] for name in names} | {"at": at, "staff": staff})


def _category_payload(category: Category) -> dict[str, Any]:
    return {
        "id": category.id,
        "name": category.name,
        "colour": category.colour,
        "position": category.position,
    }
