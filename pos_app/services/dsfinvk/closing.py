"""One Kassenabschluss: its receipts as rows, the sums over them, the shop as it was that day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pos_app.domain.shift import Shift
from pos_app.services.dsfinvk import taxonomy
from pos_app.services.dsfinvk.archive import Archive, Row
from pos_app.services.dsfinvk.business_cases import CASH
from pos_app.services.dsfinvk.company import Company
from pos_app.services.dsfinvk.tax_keys import TaxKey

_ZERO = Decimal(0)
_NO_DEVICE = "Keine technische Sicherheitseinrichtung angeschlossen"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a receipt: its case, tax key, and amounts in currency units."""

    case: str
    key: TaxKey
    gross: Decimal
    net: Decimal
    columns: Row
    name: str = ""

    @property
    def tax(self) -> Decimal:
        """What of it is tax."""
        return self.gross - self.net


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a receipt in the base currency; `foreign` what was handed over of another."""

    kind: str
    name: str
    amount: Decimal
    currency: str
    foreign: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt with its parts; `columns` are its own row's, `prices` the rows of its lines'."""

    id: str
    columns: Row
    parts: tuple[Part, ...]
    payments: tuple[Payment, ...]
    prices: tuple[Row, ...] = ()
    references: tuple[Row, ...] = ()

    @property
    def gross(self) -> Decimal:
        """What all its parts come to."""
        return sum((part.gross for part in self.parts), _ZERO)


@dataclass(slots=True)
class Closing:
    """Writes the rows of one closing as its receipts come, and its sums at the end."""

    archive: Archive
    shift: Shift
    company: Company
    till: str
    store_id: str
    program: str
    first_id: str = ""
    last_id: str = ""
    cases: dict[tuple[str, str, int], list[Decimal]] = field(default_factory=dict)
    payments: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    cash: dict[str, Decimal] = field(default_factory=dict)
    keys: dict[int, TaxKey] = field(default_factory=dict)

    def key(self) -> dict[str, Any]:
        """Return the columns that every row of the closing begins with."""
        at = self.shift.closed_at
        return {
            "Z_KASSE_ID": self.till,
            "Z_ERSTELLUNG": "" if at is None else moment(at.isoformat()),
            "Z_NR": self.shift.z_number,
        }

    def add(self, receipt: Receipt) -> None:
        """Write a receipt's rows and take it into the sums."""
        self.first_id, self.last_id = self.first_id or receipt.id, receipt.id
        put = self.archive.add
        head = {**self.key(), "BON_ID": receipt.id}
        put(taxonomy.RECEIPTS, {**head, **receipt.columns, "UMS_BRUTTO": receipt.gross})
        put(taxonomy.SECURED, {**head, "TSE_TA_FEHLER": _NO_DEVICE})
        taxes: dict[int, tuple[Decimal, Decimal]] = {}
        for place, part in enumerate(receipt.parts, 1):
            self._add_part({**head, "POS_ZEILE": place}, part)
            gross, net = taxes.get(part.key.key, (_ZERO, _ZERO))
            taxes[part.key.key] = gross + part.gross, net + part.net
        for key, (gross, net) in taxes.items():
            amounts = {"BON_BRUTTO": gross, "BON_NETTO": net, "BON_UST": gross - net}
            put(taxonomy.RECEIPT_TAXES, {**head, "UST_SCHLUESSEL": key, **amounts})
        for row in receipt.prices:
            put(taxonomy.LINE_PRICES, {**head, **row})
        for row in receipt.references:
            put(taxonomy.REFERENCES, {**head, **row})
        for payment in receipt.payments:
            self._add_payment(head, payment)

    def _add_part(self, head: Mapping[str, Any], part: Part) -> None:
        self.keys[part.key.key] = part.key
        case = {"GV_TYP": part.case, "GV_NAME": part.name}
        self.archive.add(taxonomy.LINES, {**head, **case, "AGENTUR_ID": 0, **part.columns})
        amounts = {"POS_BRUTTO": part.gross, "POS_NETTO": part.net, "POS_UST": part.tax}
        self.archive.add(taxonomy.LINE_TAXES, {**head, "UST_SCHLUESSEL": part.key.key, **amounts})
        sums = self.cases.setdefault((part.case, part.name, part.key.key), [_ZERO, _ZERO])
        sums[0] += part.gross
        sums[1] += part.net

    def _add_payment(self, head: Mapping[str, Any], payment: Payment) -> None:
        self.archive.add(
            taxonomy.RECEIPT_PAYMENTS,
            {
                **head,
                "ZAHLART_TYP": payment.kind,
                "ZAHLART_NAME": payment.name,
                "ZAHLWAEH_CODE": payment.currency,
                "ZAHLWAEH_BETRAG": payment.foreign,
                "BASISWAEH_BETRAG": payment.amount,
            },
        )
        key = (payment.kind, payment.name)
        self.payments[key] = self.payments.get(key, _ZERO) + payment.amount
        if payment.kind == CASH:
            amount = payment.amount if payment.foreign is None else payment.foreign
            self.cash[payment.currency] = self.cash.get(payment.currency, _ZERO) + amount

    def finish(self) -> None:
        """Write the shop's data of that day and the closing's sums."""
        head, company, put = self.key(), self.company, self.archive.add
        put(
            taxonomy.CLOSINGS,
            {
                **head,
                "Z_BUCHUNGSTAG": self.shift.business_day.isoformat(),
                "TAXONOMIE_VERSION": taxonomy.VERSION,
                "Z_START_ID": self.first_id,
                "Z_ENDE_ID": self.last_id,
                "NAME": company.name,
                "STRASSE": company.street,
                "PLZ": company.postcode,
                "ORT": company.city,
                "LAND": company.country,
                "STNR": company.tax_number,
                "USTID": company.vat_id,
                "Z_SE_ZAHLUNGEN": sum(self.payments.values(), _ZERO),
                "Z_SE_BARZAHLUNGEN": sum(
                    (amount for (kind, _), amount in self.payments.items() if kind == CASH), _ZERO
                ),
            },
        )
        put(
            taxonomy.PLACES,
            {
                **head,
                "LOC_NAME": company.name,
                "LOC_STRASSE": company.street,
                "LOC_PLZ": company.postcode,
                "LOC_ORT": company.city,
                "LOC_LAND": company.country,
                "LOC_USTID": company.vat_id,
            },
        )
        put(
            taxonomy.TILLS,
            {
                **head,
                "KASSE_BRAND": "pos_app",
                "KASSE_MODELL": "pos_app",
                "KASSE_SERIENNR": self.store_id,
                "KASSE_SW_BRAND": "pos_app",
                "KASSE_SW_VERSION": self.program,
                "KASSE_BASISWAEH_CODE": self.shift.currency,
                "KEINE_UST_ZUORDNUNG": False,
            },
        )
        self._put_sums(head)

    def _put_sums(self, head: Mapping[str, Any]) -> None:
        put = self.archive.add
        for key, tax in sorted(self.keys.items()):
            words: Row = {"UST_SCHLUESSEL": key, "UST_SATZ": tax.rate, "UST_BESCHR": tax.words}
            put(taxonomy.TAXES, {**head, **words})
        for (case, name, tax_key), (gross, net) in sorted(self.cases.items()):
            put(
                taxonomy.CASES,
                {
                    **head,
                    "GV_TYP": case,
                    "GV_NAME": name,
                    "AGENTUR_ID": 0,
                    "UST_SCHLUESSEL": tax_key,
                    "Z_UMS_BRUTTO": gross,
                    "Z_UMS_NETTO": net,
                    "Z_UST": gross - net,
                },
            )
        for (kind, name), amount in sorted(self.payments.items()):
            named: Row = {"ZAHLART_TYP": kind, "ZAHLART_NAME": name}
            put(taxonomy.PAYMENTS, {**head, **named, "Z_ZAHLART_BETRAG": amount})
        for currency, amount in sorted(self.cash.items()):
            held: Row = {"ZAHLART_WAEH": currency, "ZAHLART_BETRAG_WAEH": amount}
            put(taxonomy.CURRENCIES, {**head, **held})


def moment(iso: str) -> str:
    """Return a moment (ISO 8601, UTC) as the standard writes it: to the second, with a Z."""
    return f"{iso[:19]}Z"
