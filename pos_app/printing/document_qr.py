"""The payment code of an invoice: a SEPA credit transfer as a QR code (EPC069-12, version 002)."""

from functools import lru_cache

from pos_app.domain.iban import compact, is_iban
from pos_app.printing.document_page import Transfer
from pos_app.printing.printable import printable

_NAME_LIMIT, _TEXT_LIMIT = 70, 140  # Letters, by table 2 of EPC069-12.
_BYTES_LIMIT = 331  # Of the whole code, by section 3.4.
_MOST_MINOR = 99_999_999_999  # EUR 999999999.99


def transfer_code(transfer: Transfer) -> str | None:
    """Return what the code says, or None where a bank's app could not pay it.

    That needs euros above zero, a name and a sound IBAN. The layout is that of EPC069-12, 3.3:
    service tag BCD, version 002 (the BIC may be left out), UTF-8, SCT.
    """
    amount, iban = transfer.amount, compact(transfer.iban)
    name = _cut(printable(transfer.name, _NAME_LIMIT * 4), _NAME_LIMIT)
    if amount.currency != "EUR" or not 0 < amount.minor <= _MOST_MINOR:
        return None
    if not name or not is_iban(iban):
        return None
    head = ("BCD", "002", "1", "SCT", compact(transfer.bic), name, iban, f"EUR{amount.amount:f}")
    text = _cut(printable(transfer.text, _TEXT_LIMIT * 4), _TEXT_LIMIT)
    code = "\n".join((*head, "", "", text))
    while text and len(code.encode()) > _BYTES_LIMIT:
        text = text[:-1]
        code = "\n".join((*head, "", "", text))
    return code.rstrip("\n")


@lru_cache(maxsize=64)
def dark_modules(code: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Return how many modules wide a code is, and its dark runs as column, row and length.

    Error correction M, as EPC069-12, 3.4 asks. The mask is fixed: choosing among the eight costs
    more than all the rest of a page, and every reader reads each of them.
    """
    import segno  # noqa: PLC0415 - only when documents are made

    symbol = segno.make_qr(code, error="m", boost_error=False, encoding="utf-8", mask=2)
    rows = [bytes(row) for row in symbol.matrix]
    runs = []
    for number, row in enumerate(rows):
        column = row.find(1)
        while column >= 0:
            end = row.find(0, column)
            end = len(row) if end < 0 else end
            runs.append((column, number, end - column))
            column = row.find(1, end)
    return len(rows), tuple(runs)


def grouped_iban(iban: str) -> str:
    """Return an IBAN in groups of four, as ISO 13616 wants it on paper."""
    plain = compact(iban)
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _cut(text: str, limit: int) -> str:
    return text[:limit].strip()
