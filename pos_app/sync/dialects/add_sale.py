"""Add Sale as it is spoken: one call that keeps an invoice, and none that reads it back.

Published as `xtrakit-add-sale.md`. Success is what the body says (`status` 200) with our own number
and total in it. There is nothing to look a lost answer up by, so it is left to a person.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pos_app.domain.cart import SaleKind
from pos_app.domain.invoice import Invoice, InvoiceState
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale
from pos_app.sync.dialect import (
    Ability,
    Ask,
    Carried,
    Credentials,
    Done,
    Known,
    NoGoodAnswer,
    Option,
    Outgoing,
    Probe,
    Refused,
    RemoteCustomer,
    Reply,
    Step,
    Unclear,
    Verdict,
    refusal_of,
)
from pos_app.sync.dialects.add_sale_bodies import (
    DEFAULT_DUE_DAYS,
    LEFT_OUT,
    NUMBERED,
    ON,
    body_of_invoice,
    body_of_sale,
)
from pos_app.sync.foreign_prices import read_amount
from pos_app.texts import later

_PATH = "/api/v1/sales/add"
_OFF, _NEGATIVE = "off", "negative"
_UNREAD = later("The server did not answer as this API should.")
_NOT_TAKEN = later("The server did not take it.")
_OTHER = later("The server answered with another number or total than it was sent.")
Writer = Callable[[Known], dict[str, Any]]
_NEVER = (Carried.QUOTATION, Carried.ORDER, Carried.DELIVERY, Carried.SALES_RETURN)


class AddSaleApi:
    """The dialect; every method is pure."""

    api = "xtrakit"
    title = "Add Sale"
    needs = frozenset({"key"})
    options = (
        Option("walk_in", later("Customer id there for customers that have none (empty: none)")),
        Option("customers", later("Customer ids there, like CUS001=42, CUS002=43")),
        Option(
            "items",
            later("Lines of a sale"),
            _OFF,
            (
                (_OFF, later("Are not sent; the published request has none")),
                (ON, later("Are sent as well, to a server that takes them")),
            ),
        ),
        Option(
            "returns",
            later("Voids, returns and exchanges"),
            _OFF,
            (
                (_OFF, later("Stay here; the API has no word for them")),
                (_NEGATIVE, later("Go as sales with negative amounts")),
            ),
        ),
        Option(
            "invoice_code",
            later("The six-digit invoice code"),
            LEFT_OUT,
            (
                (LEFT_OUT, later("Is made by the server")),
                (NUMBERED, later("Is the end of the receipt's number")),
            ),
        ),
        Option("due_days", later("Days to pay what is put on account"), DEFAULT_DUE_DAYS),
    )

    def abilities(self, known: Known) -> tuple[Ability, ...]:
        """Say what goes there: sales and invoices as sums, and what is negative where it may."""
        has_returns = known.option("returns") == _NEGATIVE
        has_items = known.option("items") == ON
        sales = (
            later("With totals, payment and lines. A lost answer is left to you to settle.")
            if has_items
            else later("With totals and payment. A lost answer is left to you to settle.")
        )
        invoices = later(
            "With totals and what is paid when they are issued. Drafts are not sent, nor is the "
            "invoice of a sale that went there."
        )
        back = (
            later("As a sale with negative amounts.")
            if has_returns
            else later("The API has no word for it. It stays here; undo the sale there by hand.")
        )
        people = later("The API cannot list or add customers. Enter their ids there above.")
        payments = later(
            "The API has no call for payments on account or of invoices. Enter them there by hand."
        )
        nothing = later("The API has no such documents. They stay here.")
        return (
            Ability(Carried.SALE, True, sales),
            Ability(Carried.INVOICE, True, invoices),
            Ability(Carried.VOID, has_returns, back),
            Ability(Carried.RETURN, has_returns, back),
            Ability(Carried.CUSTOMER, False, people),
            Ability(Carried.PAYMENT, False, payments),
            *(Ability(kind, False, nothing) for kind in _NEVER),
        )

    def sign_in(self, credentials: Credentials) -> Ask | None:
        """Return None: the key opens everything."""
        del credentials
        return None

    def token(self, reply: Reply) -> str:
        """Raise NoGoodAnswer: there are no tokens."""
        del reply
        raise NoGoodAnswer(Unclear(_UNREAD))

    def with_key(self, ask: Ask, credentials: Credentials) -> Ask:
        """Return a request with the key in its header."""
        headers = {**ask.headers, "Authorization": f"Bearer {credentials.key}"}
        return replace(ask, headers=headers)

    def probes(self, known: Known) -> tuple[Probe, ...]:
        """Try a request without any of the fields that a sale must have, which adds none."""
        del known
        words = later("Ask with this key for a sale of nothing, which must be refused")
        return (Probe(words, Ask("POST", _PATH, body={}), _judge_probe),)

    def steps(self, thing: Outgoing, known: Known) -> Sequence[Step]:
        """Return one step for a sale or an issued invoice."""
        if thing.kind is Carried.INVOICE:
            return _invoice_steps(thing.document)
        if thing.kind not in {Carried.SALE, Carried.VOID, Carried.RETURN}:
            return ()
        sale: Sale = thing.document
        if known.option("returns") != _NEGATIVE and _is_negative(sale):
            return ()
        key = f"{thing.kind.value} {sale.id}"
        judge = partial(_judge, sale.number, sale.amount_due)
        return (Step(key, partial(_add, partial(body_of_sale, sale)), judge, names="sale"),)

    def customers(self) -> Generator[Ask, Reply, list[RemoteCustomer]] | None:
        """Return None: the API lists no customers."""
        return None


def _invoice_steps(invoice: Invoice) -> tuple[Step, ...]:
    """Return the step of an issued invoice; a sale that was invoiced went there as the sale."""
    if invoice.sale_id or invoice.state in {InvoiceState.DRAFT, InvoiceState.DELETED}:
        return ()
    judge = partial(_judge, invoice.head.number, invoice.total)
    request = partial(_add, partial(body_of_invoice, invoice))
    return (Step(f"invoice {invoice.head.id}", request, judge, names="sale"),)


def _add(write: Writer, known: Known) -> Ask:
    """Return the one request that there is; raises what writing its body refuses."""
    return Ask("POST", _PATH, body=write(known), is_change=True)


def _is_negative(sale: Sale) -> bool:
    if sale.kind is SaleKind.VOID:
        return True
    return any(line.quantity < 0 or line.figures.gross.minor < 0 for line in sale.lines)


def _judge(number: str, total: Money, reply: Reply, known: Known) -> Verdict:
    """Judge an answer by its own status, and by the number and total that it says back."""
    del known
    plain = reply.plain()
    if not isinstance(plain, dict):
        return _page(reply)
    status = plain.get("status")
    if reply.status not in {200, 201} or status != 200:
        return _refusal(reply, plain)
    data = plain.get("data")
    sold = data.get("sales") if isinstance(data, dict) else None
    if not isinstance(sold, dict):
        return Unclear(_UNREAD)
    told = sold.get("invoice_number")
    has_number = isinstance(told, str) and _is_number(told, number)
    if not has_number or read_amount(sold.get("total_amount")) != total.amount:
        return Unclear(_OTHER)
    ids = {"sale": sold.get("id"), "invoice_code": sold.get("invoice_code"), "number": told}
    return Done({name: str(value) for name, value in ids.items() if value not in {None, ""}})


def _is_number(told: str, number: str) -> bool:
    """Whether a number is ours; the server may have put its prefix before it."""
    prefix = told.removesuffix(number)
    return told == number or (told != prefix and not prefix[-1].isdigit())


def _refusal(reply: Reply, plain: dict[str, Any]) -> Verdict:
    """Judge a refusal; the status in the body counts where that of HTTP says nothing."""
    said = plain.get("error") or plain.get("message")
    reason = said[:200] if isinstance(said, str) and said else _NOT_TAKEN
    status = plain.get("status")
    if reply.status < 400 and isinstance(status, int) and 400 <= status < 600:
        return refusal_of(Reply(status, reply.headers, reply.body), reason)
    return refusal_of(reply, reason)


def _page(reply: Reply) -> Verdict:
    """Judge what is not this API's; somebody else's page refuses nothing."""
    verdict = refusal_of(reply, _UNREAD)
    return Unclear(_UNREAD) if isinstance(verdict, Refused) else verdict


def _judge_probe(reply: Reply) -> Verdict:
    """Judge a refused sale of nothing: the key was taken where only the fields were missed."""
    plain = reply.plain()
    if not isinstance(plain, dict) or plain.get("status") == 200 or reply.status in {404, 405}:
        return _page(reply)
    verdict = _refusal(reply, plain)
    return Done({}) if isinstance(verdict, Refused) else verdict
