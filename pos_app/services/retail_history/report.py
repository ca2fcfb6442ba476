"""What an import of a history says of itself: counts, exact sums, and every line by name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pos_app.domain.errors import PosError
from pos_app.domain.payloads import text as plain
from pos_app.services.retail_history.documents import DocumentKind
from pos_app.services.retail_history.lines import HistoryLine


class NotASale(StrEnum):
    """Why a line of the file is no line of a sale or of a linked return."""

    WRITE_OFF = "stock written off: price 0, quantity below 0, no customer"
    FOUND = "stock found or taken in: price 0, no customer"
    BOOKED = "entry of the books: fee or adjustment"
    UNPRICED = "unpriced document with a code that is not kept in stock"
    UNLINKED_RETURN = "return without its sale"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line of the file (counted from 1 below the header) that is no sale, and why."""

    number: int
    invoice: str
    code: str
    what: NotASale
    reason: str
    amount: Decimal

    def as_plain(self) -> dict[str, Any]:
        """The line as plain values."""
        return {
            "line": self.number,
            "invoice": self.invoice,
            "code": self.code,
            "what": self.what.name.lower(),
            "reason": self.reason,
            "amount": plain(self.amount),
        }


@dataclass(frozen=True, slots=True)
class RoundingDifference:
    """A document whose net total (in the currency's steps) is not its lines' exact sum."""

    invoice: str
    number: str
    exact: Decimal
    net: Decimal

    @property
    def difference(self) -> Decimal:
        """What rounding added, in currency units."""
        return self.net - self.exact


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The file beside the store, both read afresh; amounts are quantity times price before tax.

    `missing` and `different` name invoices that the store lacks or holds otherwise;
    `rounding_count`, `rounding_sum` and `largest_rounding` list document totals against exact
    sums.
    """

    lines: int
    sum_file: Decimal
    sum_store: Decimal
    sum_refused: Decimal
    missing: tuple[str, ...]
    different: tuple[str, ...]
    rounding_count: int
    rounding_sum: Decimal
    largest_rounding: tuple[RoundingDifference, ...]

    @property
    def is_exact(self) -> bool:
        """Whether every amount of the file is in the store, or was refused by name."""
        whole = self.sum_file == self.sum_store + self.sum_refused
        return whole and not self.missing and not self.different


@dataclass(frozen=True, slots=True)
class SalesImportReport:
    """What `import_sales` did; `invoices` + `returns` + `other` are the file's documents.

    `other` are adjustments and stock documents; `refused` counts lines; `skipped` documents were
    imported by an earlier run; `named` holds every line that is no sale with the reason.
    """

    file: str
    lines: int
    invoices: int
    returns: int
    adjustments: int
    stock_documents: int
    cancellations: int
    refused: int
    skipped: int
    linked_return_lines: int
    unlinked_return_lines: int
    products_added: int
    customers_added: int
    named: tuple[NamedLine, ...]
    reconciliation: Reconciliation
    seconds: float

    @property
    def other(self) -> int:
        """Documents that are neither sales nor returns."""
        return self.adjustments + self.stock_documents

    @property
    def is_exact(self) -> bool:
        """Whether the file's sum is the store's, nothing refused and nothing missing."""
        return self.reconciliation.is_exact and not self.refused

    @property
    def lines_per_second(self) -> int:
        """Lines of the file for each second that the import took."""
        return round(self.lines / self.seconds) if self.seconds else self.lines

    def as_plain(self) -> dict[str, Any]:
        """The report for `--json`: sums are strings."""
        reconciled = self.reconciliation
        return {
            "file": self.file,
            "lines": self.lines,
            "invoices": self.invoices,
            "returns": self.returns,
            "other": self.other,
            "refused": self.refused,
            "sum_file": plain(reconciled.sum_file),
            "sum_store": plain(reconciled.sum_store),
            "sum_refused": plain(reconciled.sum_refused),
            "exact": reconciled.is_exact,
            "adjustments": self.adjustments,
            "stock_documents": self.stock_documents,
            "cancellations": self.cancellations,
            "skipped": self.skipped,
            "linked_return_lines": self.linked_return_lines,
            "unlinked_return_lines": self.unlinked_return_lines,
            "products_added": self.products_added,
            "customers_added": self.customers_added,
            "missing": list(reconciled.missing),
            "different": list(reconciled.different),
            "rounding": {
                "documents": reconciled.rounding_count,
                "sum": plain(reconciled.rounding_sum),
                "largest": [
                    {
                        "invoice": one.invoice,
                        "number": one.number,
                        "exact": plain(one.exact),
                        "net": plain(one.net),
                        "difference": plain(one.difference),
                    }
                    for one in reconciled.largest_rounding
                ],
            },
            "not_sales": {what.name.lower(): n for what, n in count_by_reason(self.named).items()},
            "not_sale_lines": [line.as_plain() for line in self.named],
            "lines_per_second": self.lines_per_second,
        }


@dataclass
class Tally:
    """What is counted while an import runs."""

    kinds: Counter[DocumentKind] = field(default_factory=Counter)
    cancellations: int = 0
    skipped: int = 0
    refused: int = 0
    linked: int = 0
    unlinked: int = 0
    named: list[NamedLine] = field(default_factory=list)

    def name(self, line: HistoryLine, what: NotASale, reason: str = "") -> None:
        """Write down why a line is no line of a sale."""
        named = NamedLine(
            line.number, line.invoice, line.code, what, reason or what.value, line.amount
        )
        self.named.append(named)

    def refuse(self, line: HistoryLine, refusal: PosError) -> None:
        """Write down a line that cannot be taken at all."""
        self.refused += 1
        self.name(line, NotASale.REFUSED, str(refusal))


def count_by_reason(named: Iterable[NamedLine]) -> dict[NotASale, int]:
    """Count named lines by what they are."""
    return dict(Counter(line.what for line in named))
