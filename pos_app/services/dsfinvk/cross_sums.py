"""Adding a DSFinV-K medium up again, from its own rows alone: each sum must be that of its parts.

The checks are those that the standard gives auditors: lines against receipts, receipts against
payments, and both against the closing's sums.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from pos_app.services.dsfinvk import taxonomy
from pos_app.services.dsfinvk.business_cases import CASH
from pos_app.services.dsfinvk.taxonomy import File

Sums = dict[tuple[str, ...], Decimal]
_CLOSING = ("Z_KASSE_ID", "Z_NR")
_RECEIPT = (*_CLOSING, "BON_ID")
_TAX = "UST_SCHLUESSEL"
# What must be equal: (what it is called, the parts' file, amount, keys) and the same of the whole.
_PAIRS = (
    (
        "receipts' taxes",
        (taxonomy.LINE_TAXES, "POS_BRUTTO", (*_RECEIPT, _TAX)),
        (taxonomy.RECEIPT_TAXES, "BON_BRUTTO", (*_RECEIPT, _TAX)),
    ),
    (
        "receipts' taxes without tax",
        (taxonomy.LINE_TAXES, "POS_NETTO", (*_RECEIPT, _TAX)),
        (taxonomy.RECEIPT_TAXES, "BON_NETTO", (*_RECEIPT, _TAX)),
    ),
    (
        "receipts",
        (taxonomy.RECEIPT_TAXES, "BON_BRUTTO", _RECEIPT),
        (taxonomy.RECEIPTS, "UMS_BRUTTO", _RECEIPT),
    ),
    (
        "payments",
        (taxonomy.RECEIPT_PAYMENTS, "BASISWAEH_BETRAG", _RECEIPT),
        (taxonomy.RECEIPTS, "UMS_BRUTTO", _RECEIPT),
    ),
    (
        "business cases by tax",
        (taxonomy.LINE_TAXES, "POS_BRUTTO", (*_CLOSING, _TAX)),
        (taxonomy.CASES, "Z_UMS_BRUTTO", (*_CLOSING, _TAX)),
    ),
    (
        "business cases by tax without tax",
        (taxonomy.LINE_TAXES, "POS_NETTO", (*_CLOSING, _TAX)),
        (taxonomy.CASES, "Z_UMS_NETTO", (*_CLOSING, _TAX)),
    ),
    (
        "ways to pay",
        (taxonomy.RECEIPT_PAYMENTS, "BASISWAEH_BETRAG", (*_CLOSING, "ZAHLART_TYP", "ZAHLART_NAME")),
        (taxonomy.PAYMENTS, "Z_ZAHLART_BETRAG", (*_CLOSING, "ZAHLART_TYP", "ZAHLART_NAME")),
    ),
    (
        "all payments",
        (taxonomy.PAYMENTS, "Z_ZAHLART_BETRAG", _CLOSING),
        (taxonomy.CLOSINGS, "Z_SE_ZAHLUNGEN", _CLOSING),
    ),
)


def cross_sum_faults(path: Path) -> list[str]:
    """Return what does not add up on a medium, in words; nothing where all does."""
    with zipfile.ZipFile(path) as medium:
        faults = []
        for what, part, whole in _PAIRS:
            faults += _unequal(what, _sums(medium, *part), _sums(medium, *whole))
        cash = _sums(medium, taxonomy.PAYMENTS, "Z_ZAHLART_BETRAG", (*_CLOSING, "ZAHLART_TYP"))
        of_cash = {key[:2]: amount for key, amount in cash.items() if key[2] == CASH}
        stated = _sums(medium, taxonomy.CLOSINGS, "Z_SE_BARZAHLUNGEN", _CLOSING)
        faults += _unequal("cash", of_cash, stated)
        faults += [
            f"{file.name}: {'/'.join(key)} net and tax are not gross"
            for file, names in _PARTED
            for key in _not_parted(medium, file, names)
        ]
    return faults


_PARTED = (
    (taxonomy.LINE_TAXES, ("POS_BRUTTO", "POS_NETTO", "POS_UST")),
    (taxonomy.RECEIPT_TAXES, ("BON_BRUTTO", "BON_NETTO", "BON_UST")),
    (taxonomy.LINE_PRICES, ("PF_BRUTTO", "PF_NETTO", "PF_UST")),
    (taxonomy.CASES, ("Z_UMS_BRUTTO", "Z_UMS_NETTO", "Z_UST")),
)
_LEAST = Decimal("0.00002")  # three figures, each rounded to five places


def _not_parted(
    medium: zipfile.ZipFile, file: File, names: tuple[str, str, str]
) -> Iterator[tuple[str, ...]]:
    for row in _rows(medium, file):
        gross, net, tax = (_number(row[name]) for name in names)
        if abs(gross - net - tax) > _LEAST:
            yield tuple(
                row[name] for name in (*_CLOSING, *(("BON_ID",) if "BON_ID" in row else ()))
            )


def _unequal(what: str, parts: Sums, wholes: Sums) -> list[str]:
    found = []
    for key in sorted({*parts, *wholes}):
        part, whole = parts.get(key, Decimal(0)), wholes.get(key, Decimal(0))
        if part != whole:
            found.append(f"{what} of {'/'.join(key)}: the parts come to {part}, not {whole}")
    return found


def _sums(medium: zipfile.ZipFile, file: File, amount: str, keys: Sequence[str]) -> Sums:
    found: Sums = defaultdict(Decimal)
    for row in _rows(medium, file):
        found[tuple(row[key] for key in keys)] += _number(row[amount])
    return found


def _rows(medium: zipfile.ZipFile, file: File) -> Iterator[dict[str, str]]:
    with medium.open(file.name) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        yield from csv.DictReader(text, delimiter=";")


def _number(written: str) -> Decimal:
    return Decimal(written.replace(".", "").replace(",", ".") or 0)
