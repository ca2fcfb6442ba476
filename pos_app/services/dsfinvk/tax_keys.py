"""The keys by which DSFinV-K knows taxes (UST_SCHLUESSEL).

Source: DSFinV-K 2.4, annex I: 1 to 7 are fixed, from 1000 on a shop numbers rates of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NOT_TAXABLE = 5
_OWN_FROM = 1000


@dataclass(frozen=True, slots=True)
class TaxKey:
    """A key with its rate in percent and its words."""

    key: int
    rate: Decimal
    words: str


_FIXED = {
    Decimal(19): TaxKey(1, Decimal(19), "Regelsteuersatz"),
    Decimal(7): TaxKey(2, Decimal(7), "Ermäßigter Steuersatz"),
    Decimal("10.7"): TaxKey(3, Decimal("10.7"), "Durchschnittsatz (§ 24 Abs. 1 Nr. 3 UStG)"),
    Decimal("5.5"): TaxKey(4, Decimal("5.5"), "Durchschnittsatz (§ 24 Abs. 1 Nr. 1 UStG)"),
    Decimal(0): TaxKey(6, Decimal(0), "Umsatzsteuerfrei"),
}
_NO_TAX = TaxKey(NOT_TAXABLE, Decimal(0), "Nicht Steuerbar")


class TaxKeys:
    """Gives each combination of taxes a key, the same one for as long as an export lasts."""

    def __init__(self) -> None:
        self._own: dict[tuple[tuple[str, str, str], ...], TaxKey] = {}

    def of(self, taxes: Sequence[Mapping[str, Any]]) -> TaxKey:
        """Return the key of a line's taxes as the journal tells them."""
        if not taxes:
            return _NO_TAX
        if len(taxes) == 1 and taxes[0]["rate"] is not None:
            fixed = _FIXED.get(Decimal(taxes[0]["rate"]))
            if fixed is not None:
                return fixed
        parts = tuple((one["code"], one["name"], one["rate"] or "") for one in taxes)
        if parts not in self._own:
            rate = sum((Decimal(one[2]) for one in parts if one[2]), Decimal(0))
            words = " + ".join(f"{name} {rate} %" if rate else name for _, name, rate in parts)
            self._own[parts] = TaxKey(_OWN_FROM + len(self._own), rate, words)
        return self._own[parts]
