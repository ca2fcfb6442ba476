"""Why this change: how a total was met, in words with the numbers."""

from pos_app.domain.money import Money, total
from pos_app.domain.payment import CashRounding, Settlement, Tender, TenderMethod, round_cash
from pos_app.domain.price_trace import MODE_WORDS

METHOD_WORDS = {
    TenderMethod.CASH: "Cash",
    TenderMethod.CARD: "Card",
    TenderMethod.BANK_TRANSFER: "Bank transfer",
    TenderMethod.ON_ACCOUNT: "On account",
}


def explain_payment(
    gross: Money, settled: Settlement, rounding: CashRounding | None
) -> tuple[str, ...]:
    """Tell how the total was met: cash rounding, each tender, change and what is left."""
    sentences = []
    if rounding is not None and not rounding.only_cash:
        sentences.append(_rounding_words(gross, rounding, "The total"))
    sentences += [_tender_words(tender) for tender in settled.tenders]
    if rounding is not None and rounding.only_cash and settled.rounding and settled.is_settled:
        cash = total(
            (t.amount for t in settled.tenders if t.method is TenderMethod.CASH), gross.currency
        )
        sentences.append(
            f"The part paid in cash, {_plain(cash - settled.rounding)}, is rounded"
            f" {MODE_WORDS[rounding.mode]} to {rounding.step:f}: {_plain(cash)}."
        )
    if settled.rounding:
        sentences.append(
            f"To pay: {_plain(gross)} and {_plain(settled.rounding)} rounding"
            f" = {_plain(settled.amount_due)}."
        )
    sentences.append(
        f"Paid {_plain(settled.paid)}, change {_plain(settled.change)},"
        f" still to pay {_plain(settled.remaining)}."
    )
    return tuple(sentences)


def _rounding_words(amount: Money, rounding: CashRounding, subject: str) -> str:
    return (
        f"{subject} {_plain(amount)} is rounded {MODE_WORDS[rounding.mode]} to {rounding.step:f}:"
        f" {_plain(round_cash(amount, rounding))}."
    )


def _tender_words(tender: Tender) -> str:
    method = METHOD_WORDS[tender.method]
    if tender.tendered == tender.amount:
        return f"{method} pays {_plain(tender.amount)}."
    return (
        f"{method} pays {_plain(tender.amount)}: {_plain(tender.tendered)} handed over,"
        f" {_plain(tender.change)} change."
    )


def _plain(amount: Money) -> str:
    return f"{amount.amount:f}"
