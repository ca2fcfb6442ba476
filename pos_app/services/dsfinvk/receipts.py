"""Documents of the counter as DSFinV-K receipts, from what the journal tells of them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pos_app.domain.cart import SaleKind
from pos_app.domain.gtin import is_valid_gtin
from pos_app.domain.journal import JournalEntry
from pos_app.domain.money import minor_digits
from pos_app.domain.payment import TenderMethod
from pos_app.services.dsfinvk.archive import Row
from pos_app.services.dsfinvk.business_cases import (
    CASH,
    NO_PAYMENT,
    REDUCTION,
    ROUNDING,
    SURCHARGE,
    case_of_line,
    case_of_tender,
    payment_of,
)
from pos_app.services.dsfinvk.closing import Part, Payment, Receipt, moment
from pos_app.services.dsfinvk.company import alpha_3
from pos_app.services.dsfinvk.tax_keys import TaxKey, TaxKeys

_UUID7_MS_DIGITS = 12  # the first 48 bits of a UUIDv7 are milliseconds since 1970 (RFC 9562)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a document stands that another one names: its number, and its closing if it has one."""

    number: str
    z_number: int | None
    z_at: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a receipt's rows need besides its own entry."""

    till: str
    keys: TaxKeys
    staff_name: Callable[[str], str]
    category_of: Callable[[str], tuple[str, str]]
    document: Callable[[str], Reference | None]


def receipt_of_sale(entry: JournalEntry, known: Known, removed: int = 0) -> Receipt:
    """Return the receipt of a finished document; `removed` lines were taken out before payment."""
    told = json.loads(entry.payload)
    digits = minor_digits(told["currency"])

    def money(minor: int) -> Decimal:
        return Decimal(minor).scaleb(-digits)

    parts = [_part(line, told, known, money) for line in told["lines"]]
    if told["rounding"]:
        parts.append(_part_beside(known, money(told["rounding"])))
    payments = []
    for tender in told["tenders"]:
        case = case_of_tender(tender["method"])
        if case is None:
            payments += _payments(tender, told["currency"], money)
        else:
            parts.append(
                _untaxed(known, case.kind, -money(tender["amount"]), case.name, tender["reference"])
            )
    if not payments:
        payments.append(Payment(NO_PAYMENT, "Keine", Decimal(0), told["currency"]))
    return Receipt(
        id=told["number"],
        columns=_head(entry, told, known, removed),
        parts=tuple(parts),
        payments=tuple(payments),
        prices=tuple(_prices(told, known, money)),
        references=tuple(_references(told, known)),
    )


def _head(entry: JournalEntry, told: Mapping[str, Any], known: Known, removed: int) -> Row:
    customer = told["customer"] or {}
    notes = [told["note"]]
    if removed:
        notes.append(f"{removed} Position(en) vor dem Bezahlen entfernt")
    return {
        "BON_NR": int(told["number"].rpartition("-")[2]),
        "BON_TYP": "Beleg",
        "TERMINAL_ID": known.till,
        "BON_STORNO": told["kind"] == SaleKind.VOID,
        "BON_START": _begun(told["id"], told["at"]),
        "BON_ENDE": moment(told["at"]),
        "BEDIENER_ID": entry.staff,
        "BEDIENER_NAME": known.staff_name(entry.staff),
        "KUNDE_NAME": customer.get("name"),
        "KUNDE_ID": customer.get("number"),
        "KUNDE_STRASSE": customer.get("address"),
        "KUNDE_PLZ": customer.get("postcode"),
        "KUNDE_ORT": customer.get("city"),
        "KUNDE_LAND": alpha_3(customer.get("country", "")),
        "KUNDE_USTID": customer.get("tax_number"),
        "BON_NOTIZ": "; ".join(note for note in notes if note),
    }


def _part(
    line: Mapping[str, Any],
    told: Mapping[str, Any],
    known: Known,
    money: Callable[[int], Decimal],
) -> Part:
    quantity, gross = Decimal(line["quantity"]), money(line["gross"])
    price = Decimal(line["unit_price"])
    if not told["policy"]["prices_include_tax"] and quantity:
        price = gross / quantity
    category_id, category = known.category_of(line["product"] or "")
    columns: Row = {
        "ARTIKELTEXT": line["name"],
        "POS_TERMINAL_ID": known.till,
        "INHAUS": False,
        "P_STORNO": False,
        "ART_NR": line["code"],
        "GTIN": line["code"] if is_valid_gtin(line["code"]) else "",
        "WARENGR_ID": category_id,
        "WARENGR": category,
        "MENGE": quantity,
        "FAKTOR": 1,
        "EINHEIT": line["unit_name"],
        "STK_BR": price,
    }
    key = known.keys.of(line["taxes"])
    return Part(case_of_line(line["kind"]), key, gross, money(line["net"]), columns)


def _part_beside(known: Known, rounding: Decimal) -> Part:
    """What rounding to coins added or took off, which no tax is on."""
    return _untaxed(known, SURCHARGE if rounding > 0 else REDUCTION, rounding, ROUNDING)


def _untaxed(known: Known, case: str, gross: Decimal, name: str, voucher: str = "") -> Part:
    columns: Row = {
        "GUTSCHEIN_NR": voucher,
        "ARTIKELTEXT": name,
        "POS_TERMINAL_ID": known.till,
        "INHAUS": False,
        "P_STORNO": False,
        "MENGE": 1,
        "FAKTOR": 1,
        "STK_BR": gross,
    }
    return Part(case, known.keys.of(()), gross, gross, columns, name)


def _payments(
    tender: Mapping[str, Any], currency: str, money: Callable[[int], Decimal]
) -> list[Payment]:
    named, foreign = payment_of(tender["method"]), tender.get("foreign")
    if foreign is None or tender["method"] != TenderMethod.CASH:
        return [Payment(named.kind, named.name, money(tender["amount"]), currency)]
    other = foreign["currency"]
    notes = Decimal(foreign["tendered"]).scaleb(-minor_digits(other))
    taken = [Payment(CASH, named.name, money(tender["tendered"]), other, notes)]
    if tender["change"]:
        taken.append(Payment(CASH, named.name, -money(tender["change"]), currency))
    return taken


def _prices(
    told: Mapping[str, Any], known: Known, money: Callable[[int], Decimal]
) -> list[dict[str, Any]]:
    """How a reduced line came to its price: what it would have been, and what was taken off."""
    found = []
    for place, line in enumerate(told["lines"], 1):
        if not line["discount"]:
            continue
        key = known.keys.of(line["taxes"])
        gross, net = money(line["gross"]), money(line["net"])
        off = money(line["discount"])
        if told["policy"]["prices_include_tax"]:
            off_gross, off_net = off, _net_of(off, key)
        else:
            off_gross, off_net = off + off * key.rate / 100, off
        found += [
            _price(place, "base_amount", key, gross + off_gross, net + off_net),
            _price(place, "discount", key, -off_gross, -off_net),
        ]
    return found


def _price(place: int, kind: str, key: TaxKey, gross: Decimal, net: Decimal) -> dict[str, Any]:
    return {
        "POS_ZEILE": place,
        "TYP": kind,
        "UST_SCHLUESSEL": key.key,
        "PF_BRUTTO": gross,
        "PF_NETTO": net,
        "PF_UST": gross - net,
    }


def _net_of(gross: Decimal, key: TaxKey) -> Decimal:
    return gross / (1 + key.rate / 100)


def _references(told: Mapping[str, Any], known: Known) -> list[dict[str, Any]]:
    found = []
    if told.get("voids") and (original := known.document(told["voids"])):
        found.append(_reference("", original, known))
    for line in told["lines"]:
        returned = line["returns"] or {}
        if not returned.get("number"):
            continue
        original = known.document(returned["sale"]) if returned["sale"] else None
        original = original or Reference(returned["number"], None, "")
        found.append(_reference(str(line["line_no"]), original, known))
    return found


def _reference(line_no: str, original: Reference, known: Known) -> dict[str, Any]:
    return {
        "POS_ZEILE": line_no,
        "REF_TYP": "Transaktion",
        "REF_DATUM": original.z_at,
        "REF_Z_KASSE_ID": known.till,
        "REF_Z_NR": original.z_number,
        "REF_BON_ID": original.number,
    }


def _begun(sale_id: str, ended: str) -> str:
    """Return when a sale was begun: its id holds the moment at which its cart was made."""
    stamp = sale_id.replace("-", "")[:_UUID7_MS_DIGITS]
    try:
        begun = datetime.fromtimestamp(int(stamp, 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return moment(ended)
    return moment(min(begun.isoformat(), ended) if begun.year > 2000 else ended)
