"""Head office in words: how much is left and how long it takes, the proof, kinds and remedies."""

from collections.abc import Sequence

from pos_app.domain.facts import FactKind
from pos_app.domain.money import Money
from pos_app.domain.till_head import Completeness
from pos_app.sync.status import SyncPhase, SyncStatus
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.refusals import in_one_piece
from pos_app.ui.views import Tone

NAMED_MOST = 12
_AT_WORK = (SyncPhase.SENDING, SyncPhase.RECEIVING)


def backlog_words(status: SyncStatus, amounts: AmountFormat) -> str:
    """Say how much is to be told or fetched, nothing where there is neither."""
    if status.progress is not None:
        done, total = amounts.count(status.progress.done), amounts.count(status.progress.total)
        told = t("{done} of {total} records from head office are here.")
        return told.format(done=done, total=total)
    backlog = status.backlog
    if not backlog.entries:
        return ""
    entries = amounts.count(backlog.entries)
    if not backlog.receipts:
        return t("To be sent: {entries} journal entries.").format(entries=entries)
    told = t("To be sent: {receipts} receipts, {entries} journal entries in all.")
    return told.format(receipts=amounts.count(backlog.receipts), entries=entries)


def estimate_words(status: SyncStatus) -> str:
    """Say how long it will take, nothing where that is not known."""
    left = status.backlog.estimate_s
    if left is None or status.phase not in _AT_WORK or not backlog_left(status):
        return ""
    if left < 60:
        return t("Less than a minute to go")
    if left < 90 * 60:
        return t("About {count} min to go").format(count=-(-left // 60))
    return t("About {count} h to go").format(count=-(-left // 3600))


def backlog_left(status: SyncStatus) -> int:
    """Return how many things or entries are still to come or to go."""
    if status.progress is not None:
        return max(status.progress.total - status.progress.done, 0)
    return status.backlog.entries


def proof_words(status: SyncStatus, amounts: AmountFormat) -> tuple[str, Tone]:
    """Say whether head office has all that this till has, in the colour of the answer."""
    proof = status.proof
    if proof is None:
        return t("Head office has not confirmed this till's receipts yet."), Tone.PLAIN
    if not proof.is_genuine:
        told = t(
            "The confirmation was not signed by this head office. Nothing is lost: keep selling, "
            "and ask head office whether the address is right."
        )
        return told, Tone.DANGER
    here, there = amounts.count(proof.own.receipts), amounts.count(proof.office.head.receipts)
    if proof.verdict is Completeness.EQUAL:
        told = t("{here} receipts here, {there} at head office, heads equal.")
        return told.format(here=here, there=there), Tone.SUCCESS
    if proof.verdict is Completeness.BEHIND:
        told = t("{here} receipts here, {there} at head office: the rest is still to be sent.")
        return told.format(here=here, there=there), Tone.WARNING
    told = t(
        "{here} receipts here, {there} at head office, and they are not the same. Nothing is "
        "lost: keep selling, and ask head office to look at this till."
    )
    return told.format(here=here, there=there), Tone.DANGER


def proof_figures(status: SyncStatus, amounts: AmountFormat) -> tuple[tuple[str, str], ...]:
    """Return both counts and both totals side by side."""
    if status.proof is None:
        return ()
    own, head = status.proof.own, status.proof.office.head
    return (
        (t("Receipts here"), amounts.count(own.receipts)),
        (t("Receipts there"), amounts.count(head.receipts)),
        (t("Total here"), amounts.plain(Money(own.total_minor, own.currency))),
        (t("Total there"), amounts.plain(Money(head.total_minor, head.currency))),
    )


def missing_words(numbers: Sequence[str], entries: int, amounts: AmountFormat) -> str:
    """Name what head office has not: receipts by their numbers, otherwise journal entries."""
    if numbers:
        named = ", ".join(in_one_piece(number) for number in numbers[:NAMED_MOST])
        more = len(numbers) - NAMED_MOST
        if more > 0:
            told = t("Not there yet: {numbers} and {count} more.")
            return told.format(numbers=named, count=amounts.count(more))
        return t("Not there yet: {numbers}.").format(numbers=named)
    if not entries:
        return ""
    told = t("Not there yet: {count} journal entries, none of them a receipt.")
    return told.format(count=amounts.count(entries))


def kind_words(kind: str) -> str:
    """Return what a person calls a kind of journal entry or of thing."""
    words = {
        FactKind.SALE_COMPLETED.value: t("Receipt"),
        FactKind.STOCK_MOVED.value: t("Stock movement"),
        FactKind.GOODS_RECEIVED.value: t("Goods received"),
        FactKind.PRODUCT_SAVED.value: t("Product"),
        FactKind.PRODUCTS_IMPORTED.value: t("Products"),
        FactKind.CATEGORY_SAVED.value: t("Category"),
        FactKind.CUSTOMER_SAVED.value: t("Customer"),
        FactKind.CUSTOMERS_IMPORTED.value: t("Customers"),
        FactKind.SETTINGS_CHANGED.value: t("Settings"),
        FactKind.STAFF_SAVED.value: t("Staff"),
        FactKind.ROLE_SAVED.value: t("Role"),
        FactKind.STORED_VALUE_CHANGED.value: t("Gift card"),
        FactKind.QUOTATION_SAVED.value: t("Quotation"),
        FactKind.ORDER_SAVED.value: t("Order"),
        FactKind.SHIFT_CLOSED.value: t("Shift"),
        "product": t("Product"),
        "customer": t("Customer"),
        "category": t("Category"),
        "settings": t("Settings"),
        "tax": t("Tax"),
        "unit": t("Unit"),
        "staff": t("Staff"),
        "role": t("Role"),
        "price_list": t("Price list"),
        "list_price": t("Price list"),
        "credit_terms": t("Credit"),
        "stored_value": t("Gift card"),
        "quotation": t("Quotation"),
        "order": t("Order"),
        "invoice": t("Invoice"),
    }
    if kind.startswith("invoice"):
        return t("Invoice")
    return words.get(kind, t("Journal entry"))


def remedies_of(offered: str) -> tuple[tuple[str, str, str], ...]:
    """Return the ways to settle an entry (key, label, icon), the offered one first.

    What may be sent again or accepted may also stay in the journal alone.
    """
    words = {
        "retry": (t("Send again"), "refresh-cw"),
        "accept": (t("Accept as it is"), "check"),
        "drop": (t("Journal only"), "list"),
    }
    keys = dict.fromkeys((offered, "drop")) if offered in words else {}
    return tuple((key, *words[key]) for key in keys)


def note_words(remedy: str) -> str:
    """Say who can settle an entry for which there is no button."""
    if remedy == "here":  # two things at this till cannot stand beside each other
        return t("Change it at this till: the rest then comes by itself.")
    return t("Head office settles this. There is nothing to do here.")
