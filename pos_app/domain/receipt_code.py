"""The code on a receipt: it finds the sale at the till, and shows an older copy of the store.

Its form is `POS1:<number>:<end of the sale's id>:<start of its journal entry's hash>`; the number
is percent-encoded where it holds other than letters, digits and `- . _ ~ /`; the hash may be empty.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_FORM = re.compile(r"POS1:([A-Za-z0-9%._~/-]{1,200}):([0-9a-f]{1,12}):([0-9a-f]{0,64})", re.ASCII)
_ID_DIGITS = 12
_HASH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """What the code says; a store that lacks this number, id or hash is older than the receipt."""

    number: str
    sale_id_end: str
    journal_hash_start: str = ""

    def is_of(self, sale_id: str) -> bool:
        """Tell whether the receipt is of the sale with this id, not of another with its number."""
        return _digits(sale_id).endswith(self.sale_id_end)


def receipt_code_text(number: str, sale_id: str, journal_hash: str = "") -> str:
    """Write the code of a receipt; `journal_hash` is the hex hash of the sale's journal entry."""
    hash_start = _digits(journal_hash)[:_HASH_DIGITS]
    safe = quote(number, safe="/", errors="replace")
    return f"POS1:{safe}:{_digits(sale_id)[-_ID_DIGITS:]}:{hash_start}"


def parse_receipt_qr(text: str) -> ReceiptCode | None:
    """Read a scanned code, or None where it is not one of ours."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    return ReceiptCode(unquote(match[1]), match[2], match[3])


def _digits(text: str) -> str:
    return "".join(char for char in text.lower() if char in "0123456789abcdef")
