"""What became of a document: undone, given back in part or whole, or itself what undid another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.cart import SaleKind
from pos_app.domain.sale import Sale
from pos_app.texts import t
from pos_app.ui.presenters.office_words import sale_kind_words
from pos_app.ui.presenters.refusals import isolated

if TYPE_CHECKING:
    from pos_app.store.sales import Sales, SaleSummary


@dataclass(frozen=True, slots=True)
class Fate:
    """The documents that undid or gave back of one, by their numbers, and what it is of itself."""

    void: str = ""
    returns: tuple[str, ...] = ()
    voids: str = ""
    is_all_back: bool = False
    can_return: bool = False
    can_void: bool = False


def fate_of(sales: "Sales", sale: Sale) -> Fate:
    """Look up what became of a document."""
    void = sales.void_of(sale.id)
    original = sales.get(sale.voids) if sale.voids else None
    returns = tuple(
        one.number for one in sales.returns_of(sale.id) if one.kind is not SaleKind.VOID
    )
    sold = [line for line in sale.lines if line.quantity > 0]
    left = [line for line in sold if line.quantity > sales.returned(sale.id, line.line_no)]
    can_change = sale.kind is not SaleKind.VOID and void is None
    return Fate(
        void="" if void is None else void.number,
        returns=returns,
        voids="" if original is None else original.number,
        is_all_back=bool(returns) and not left,
        can_return=can_change and bool(left),
        can_void=can_change and not returns,
    )


def fate_words(fate: Fate) -> str:
    """Say what became of a document, empty where nothing did."""
    if fate.voids:
        return t("Undoes {number}").format(number=isolated(fate.voids))
    if fate.void:
        return t("Void, undone by {number}").format(number=isolated(fate.void))
    if not fate.returns:
        return ""
    numbers = ", ".join(isolated(number) for number in fate.returns)
    text = (
        t("All given back: {numbers}") if fate.is_all_back else t("Given back in part: {numbers}")
    )
    return text.format(numbers=numbers)


def kind_of(summary: "SaleSummary") -> str:
    """Return the kind of a document for the list, and whether it was undone or given back of."""
    kind = sale_kind_words()[summary.kind]
    if summary.is_voided:
        return t("{kind}, voided").format(kind=kind)
    if summary.is_given_back:
        return t("{kind}, given back").format(kind=kind)
    return kind
