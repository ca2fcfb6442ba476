"""What happened to a drawer without a sale, as DSFinV-K receipts: float, movements, difference."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from pos_app.domain.cash_movement import CashMovement, MovementKind
from pos_app.domain.journal import JournalEntry
from pos_app.domain.money import Money
from pos_app.domain.plain import from_plain
from pos_app.domain.shift import Shift
from pos_app.services.dsfinvk.archive import Row
from pos_app.services.dsfinvk.business_cases import (
    CASH,
    CASH_TRANSFER,
    DIFFERENCE,
    NO_PAYMENT,
    OPENING,
    PAID_IN,
    PAID_OUT,
)
from pos_app.services.dsfinvk.closing import Part, Payment, Receipt, moment
from pos_app.services.dsfinvk.tax_keys import TaxKeys

StaffName = Callable[[str], str]
_CASES = {
    MovementKind.PAY_IN: (PAID_IN, 1),
    MovementKind.PAY_OUT: (PAID_OUT, -1),
    MovementKind.DROP: (CASH_TRANSFER, -1),
}
_KEYS = TaxKeys()


def opening_receipt(entry: JournalEntry, shift: Shift, name: StaffName) -> Receipt:
    """Return the receipt of the float that a shift began with."""
    amounts = [count.total for count in shift.opening]
    return _receipt(entry, OPENING, "Anfangsbestand", amounts, shift.currency, name)


def movement_receipt(entry: JournalEntry, base: str, name: StaffName) -> Receipt:
    """Return the receipt of cash that came or went without a sale."""
    movement = from_plain(CashMovement, json.loads(entry.payload)["state"])
    case, sign = _CASES[movement.kind]
    amount = movement.amount if sign > 0 else -movement.amount
    return _receipt(entry, case, movement.reason or case, [amount], base, name)


def closing_receipts(entry: JournalEntry, shift: Shift, name: StaffName) -> list[Receipt]:
    """Return the receipts of a drawer's difference, and of what was taken out at the end."""
    drawers = () if shift.report is None else shift.report.drawers
    apart = [one.difference for one in drawers if one.difference]
    bagged = [-count.total for count in shift.bagged if count.total]
    found = []
    if apart:
        text = "Kassendifferenz"
        found.append(_receipt(entry, DIFFERENCE, text, apart, shift.currency, name, "D"))
    if bagged:
        text = shift.bag_reference or "Abschöpfung"
        found.append(_receipt(entry, CASH_TRANSFER, text, bagged, shift.currency, name, "G"))
    return found


def given_up_receipt(entry: JournalEntry, name: StaffName) -> Receipt:
    """Return the receipt of a sale that was given up before it was paid: it comes to nothing."""
    told: dict[str, Any] = json.loads(entry.payload)
    columns = {
        **_columns(entry, "AVBelegabbruch", name),
        "BON_NOTIZ": f"Abgebrochener Vorgang {told.get('cart', '')}",
    }
    payment = Payment(NO_PAYMENT, "Keine", Decimal(0), told.get("currency", ""))
    return Receipt(f"J{entry.seq}", columns, (), (payment,))


def _receipt(  # noqa: PLR0917 - what a receipt of cash is made of
    entry: JournalEntry,
    case: str,
    text: str,
    amounts: Iterable[Money],
    base: str,
    name: StaffName,
    mark: str = "",
) -> Receipt:
    """Return a receipt; notes of other currencies have a number, and no worth in the shop's."""
    payments, worth = [], Decimal(0)
    for amount in amounts:
        is_base = amount.currency == base
        worth += amount.amount if is_base else 0
        payments.append(
            Payment(
                CASH,
                "Bargeld",
                amount.amount if is_base else Decimal(0),
                amount.currency,
                None if is_base else amount.amount,
            )
        )
    columns: Row = {"ARTIKELTEXT": text, "MENGE": 1, "FAKTOR": 1, "STK_BR": worth}
    part = Part(case, _KEYS.of(()), worth, worth, columns)
    head = _columns(entry, "Beleg", name)
    return Receipt(f"J{entry.seq}{mark}", head, (part,), tuple(payments))


def _columns(entry: JournalEntry, kind: str, name: StaffName) -> dict[str, Any]:
    return {
        "BON_NR": entry.seq,
        "BON_TYP": kind,
        "TERMINAL_ID": entry.till,
        "BON_STORNO": False,
        "BON_START": moment(entry.at),
        "BON_ENDE": moment(entry.at),
        "BEDIENER_ID": entry.staff,
        "BEDIENER_NAME": name(entry.staff),
    }
