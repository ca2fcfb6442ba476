"""The steps of invoices that ask for something: money in and out, another day, a reminder."""

from collections.abc import Callable, Mapping
from datetime import date

from pos_app.domain.cart import Cart
from pos_app.domain.document import DatesTurned
from pos_app.domain.invoice import (
    Invoice,
    MoreThanOwed,
    MoreThanPaidTooMuch,
    PaidBeforeInvoiced,
    PaymentNotPositive,
)
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.services.invoicing import Received
from pos_app.services.reminders import mail_address, reminder_text
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.document_editor_head import LANGUAGE_NAMES
from pos_app.ui.presenters.document_steps import (
    Answers,
    FieldKind,
    Made,
    NoDay,
    StepField,
    StepPlan,
    ending,
)
from pos_app.ui.presenters.office_words import method_words
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import in_one_piece
from pos_app.ui.presenters.typed_days import shown_day
from pos_app.ui.presenters.typed_figures import shown_price
from pos_app.ui.views import Tone

# What reaches the shop without its till; cash and cards are taken there, where the drawer counts.
METHODS = (TenderMethod.BANK_TRANSFER, TenderMethod.CHEQUE, TenderMethod.MOBILE)
_LETTER_LIMIT = 20_000
_AT_AMOUNT = {
    MoreThanOwed: "amount",
    MoreThanPaidTooMuch: "amount",
    PaymentNotPositive: "amount",
    PaidBeforeInvoiced: "day",
}


def receive_payment(
    cases: DocumentUseCases, invoice: Invoice, sell: Callable[[Cart], None] | None
) -> StepPlan:
    """Write down money that came in; cash and cards go to the till with `sell`."""
    amounts = amount_format(cases.invoicing.shop)

    def do(answers: Answers) -> Made:
        return cases.invoicing.receive(invoice, _received(answers))

    def at_till(answers: Answers) -> None:
        cart = cases.till.cart_paying(invoice, answers.amounts["amount"])
        if sell is not None:
            sell(cart)

    end = ending("done", t("Payment received"), "check", do)
    till = ending("till", t("Take at the till"), "shopping-basket", at_till, Tone.PLAIN)
    return StepPlan(
        t("Payment for {number}").format(number=in_one_piece(invoice.head.number)),
        (end,) if sell is None else (till, end),
        about=_owed(invoice, amounts),
        fields=_payment_fields(cases, invoice.balance, amounts),
        errors_at=_AT_AMOUNT,
        currency=invoice.currency,
    )


def pay_back(cases: DocumentUseCases, invoice: Invoice) -> StepPlan:
    """Write down that money paid too much went back."""
    amounts = amount_format(cases.invoicing.shop)

    def do(answers: Answers) -> Made:
        return cases.invoicing.pay_back(invoice, _received(answers))

    too_much = t("Paid too much: {amount}").format(
        amount=in_one_piece(amounts.money(-invoice.balance))
    )
    return StepPlan(
        t("Pay back for {number}").format(number=in_one_piece(invoice.head.number)),
        (ending("done", t("Paid back"), "check", do),),
        about=f"{in_one_piece(invoice.head.customer.name)} · {too_much}",
        fields=_payment_fields(cases, -invoice.balance, amounts),
        errors_at=_AT_AMOUNT,
        currency=invoice.currency,
    )


def postpone(cases: DocumentUseCases, invoice: Invoice) -> StepPlan:
    """Give the customer until another day."""
    shop = cases.invoicing.shop

    def do(answers: Answers) -> Made:
        due = answers.day("due")
        if due is None:
            raise NoDay()
        return cases.invoicing.postpone(invoice, due, answers.day("remind_on"))

    return StepPlan(
        t("Another day for {number}").format(number=in_one_piece(invoice.head.number)),
        (ending("done", t("Save"), "check", do),),
        about=_owed(invoice, amount_format(shop)),
        fields=(
            StepField(
                "due",
                t("To be paid by"),
                FieldKind.DAY,
                shown_day(invoice.due, shop),
                is_needed=True,
                earliest=invoice.head.day,
            ),
            StepField(
                "remind_on",
                t("Remind on"),
                FieldKind.DAY,
                hint=t("Left empty: as before"),
            ),
        ),
        errors_at={DatesTurned: "due"},
    )


def credit_invoice(cases: DocumentUseCases, invoice: Invoice) -> StepPlan:
    """Credit all that is left of an invoice."""
    desk = cases.returns

    def do(answers: Answers) -> Made:
        return desk.credit(invoice, answers.text("reason"), answers.day("day"))

    return StepPlan(
        t("Credit {number}").format(number=in_one_piece(invoice.head.number)),
        (ending("done", t("Write the credit note"), "undo-2", do, Tone.DANGER),),
        about=t("All that is left of the invoice is credited. No goods come back."),
        fields=(
            StepField(
                "day", t("Date"), FieldKind.DAY, shown_day(desk.today, desk.shop), is_needed=True
            ),
            StepField("reason", t("Reason"), FieldKind.LONG),
        ),
        errors_at={DatesTurned: "day"},
    )


def remind(cases: DocumentUseCases, invoice: Invoice, texts: Mapping[str, str]) -> StepPlan:
    """Send the next reminder: its text is ready to be copied or mailed."""
    desk = cases.invoicing
    letter = reminder_text(invoice, desk.shop, desk.today, texts.get("language", ""))

    def do(_answers: Answers) -> Made:
        return desk.remind(invoice)

    level = t("Reminder {level} for {number}").format(
        level=letter.level, number=in_one_piece(invoice.head.number)
    )
    return StepPlan(
        level,
        (ending("done", t("Reminder sent"), "check", do),),
        about=" · ".join((_owed(invoice, amount_format(desk.shop)), _late(invoice, desk.today))),
        fields=(
            StepField(
                "language",
                t("Language"),
                FieldKind.CHOICE,
                letter.language,
                choices=tuple(Choice(*one) for one in LANGUAGE_NAMES.items()),
            ),
            StepField("letter", t("Text"), FieldKind.LONG, letter.body, limit=_LETTER_LIMIT),
        ),
        remakes={"language": ("letter",)},
        mail=lambda body: mail_address(letter, body),
    )


def _payment_fields(
    cases: DocumentUseCases, amount: Money, amounts: AmountFormat
) -> tuple[StepField, ...]:
    desk, words = cases.invoicing, method_words()
    return (
        StepField(
            "amount",
            t("Amount"),
            FieldKind.MONEY,
            shown_price(amount.amount, amounts),
            is_needed=True,
        ),
        StepField(
            "method",
            t("How"),
            FieldKind.CHOICE,
            METHODS[0].value,
            choices=tuple(Choice(one.value, words[one]) for one in METHODS),
        ),
        StepField(
            "day",
            t("Date"),
            FieldKind.DAY,
            shown_day(desk.today, desk.shop),
            is_needed=True,
            latest=desk.today,
        ),
        StepField("remark", t("Remark"), hint=t("Such as the line on the bank statement")),
    )


def _received(answers: Answers) -> Received:
    return Received(
        answers.amounts["amount"],
        TenderMethod(answers.text("method")),
        answers.day("day"),
        answers.text("remark"),
    )


def _owed(invoice: Invoice, amounts: AmountFormat) -> str:
    owed = t("Still owed: {amount}").format(amount=in_one_piece(amounts.money(invoice.balance)))
    return f"{in_one_piece(invoice.head.customer.name)} · {owed}"


def _late(invoice: Invoice, today: date) -> str:
    days = (today - invoice.due).days
    return t("{days} days late").format(days=days) if days > 0 else t("Not due yet")
