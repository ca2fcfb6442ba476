"""The ERP sales module as it is spoken: customers, quotations, orders, goods, invoices, money.

Published as `erp-sales-module.md`. A user name and a password get a token; where there is no user
name, the key is the token. Every request that changes something can be looked up: by our number in
the remarks, by a document's state, or by what is paid.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

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
    RemoteCustomer,
    Reply,
    SignInNeeded,
    Step,
    Unclear,
    Verdict,
)
from pos_app.sync.dialects.erp_customers import WALK_IN, steps_of_customer, walked
from pos_app.sync.dialects.erp_goods import steps_of_delivery, steps_of_return
from pos_app.sync.dialects.erp_invoices import AS_ORDER, steps_of_invoice, steps_of_payment
from pos_app.sync.dialects.erp_lines import NET
from pos_app.sync.dialects.erp_orders import steps_of_order
from pos_app.sync.dialects.erp_quotations import steps_of_quotation
from pos_app.sync.dialects.erp_replies import (
    CUSTOMERS,
    INVOICES,
    ORDERS,
    Failure,
    data_of,
    failure,
    page_of,
    text_of,
)
from pos_app.sync.dialects.erp_sales import steps_of_sale
from pos_app.texts import later

_LOGIN = "/api/v1/auth/login"
_SIGN_IN = later("The user name or the password is not right.")
_UNREAD = later("The server did not answer as this API should.")
_FIRST = (("page", "1"), ("pageSize", "1"))
_STEPS = {
    Carried.CUSTOMER: steps_of_customer,
    Carried.SALE: steps_of_sale,
    Carried.VOID: steps_of_sale,
    Carried.RETURN: steps_of_sale,
    Carried.QUOTATION: steps_of_quotation,
    Carried.ORDER: steps_of_order,
    Carried.DELIVERY: steps_of_delivery,
    Carried.INVOICE: steps_of_invoice,
    Carried.PAYMENT: steps_of_payment,
    Carried.SALES_RETURN: steps_of_return,
}
_ABILITIES = (
    (
        Carried.CUSTOMER,
        later("Both ways, with address and tax number. Credit terms and bank stay here."),
    ),
    (
        Carried.SALE,
        later(
            "As an order that is approved, delivered, invoiced and paid at once. Rounding to coins "
            "and money for an account stay here."
        ),
    ),
    (Carried.VOID, later("As a return of everything. The void of a return is left to you.")),
    (
        Carried.RETURN,
        later(
            "To the sale that the receipt names. What comes back without a receipt is left to you."
        ),
    ),
    (
        Carried.QUOTATION,
        later("With what was decided. That one was handed in is not told."),
    ),
    (
        Carried.ORDER,
        later(
            "With approval and cancellation. One that is finished early or collected in part at "
            "the till is left to you."
        ),
    ),
    (Carried.DELIVERY, later("With carrier and tracking number.")),
    (
        Carried.INVOICE,
        later(
            "With net prices and tax rates. Where the tax inside a price was rounded by a cent, "
            "the rate is told with it, so that the total is right."
        ),
    ),
    (Carried.PAYMENT, later("Money that came in. Money that went back is left to you.")),
    (
        Carried.SALES_RETURN,
        later("Goods that came back. A credit note without goods is left to you."),
    ),
)


class ErpApi:
    """The dialect; every method is pure."""

    api = "erp"
    title = "ERP sales module"
    needs = frozenset({"key"})
    options = (
        Option("walk_in", later("Customer there for sales without a customer"), WALK_IN),
        Option(
            "product_ids",
            later("Product ids there"),
            "code",
            (
                ("code", later("Are our product codes")),
                ("mapping", later("Are entered for each product")),
            ),
        ),
        Option(
            "other_product",
            later("Product id there for lines without a product, such as gift cards (empty: none)"),
        ),
        Option(
            "order_prices",
            later("Prices on quotations, orders and returns"),
            "gross",
            (
                ("gross", later("With tax, as in the published document")),
                (NET, later("Without tax")),
            ),
        ),
        Option(
            "free_invoices",
            later("Invoices without an order"),
            AS_ORDER,
            (
                (AS_ORDER, later("Go as an order that is approved and delivered first")),
                ("plain", later("Go as they are, to a server that takes them")),
            ),
        ),
        Option("warehouse", later("Warehouse id there for deliveries (empty: none)")),
    )

    def abilities(self, known: Known) -> tuple[Ability, ...]:
        """Say of every kind what of it goes there."""
        del known
        return tuple(Ability(kind, True, words) for kind, words in _ABILITIES)

    def sign_in(self, credentials: Credentials) -> Ask | None:
        """Return the request for a token, or None where the key itself is one."""
        if not credentials.user:
            return None
        body = {"username": credentials.user, "password": credentials.key}
        return Ask("POST", _LOGIN, body=body)

    def token(self, reply: Reply) -> str:
        """Return the token of a sign-in's reply; raises NoGoodAnswer."""
        data = data_of(reply)
        found = text_of(data.get("token")) if isinstance(data, dict) else ""
        if not found:
            raise NoGoodAnswer(_no_token(reply))
        return found

    def with_key(self, ask: Ask, credentials: Credentials) -> Ask:
        """Return a request with the token."""
        token = credentials.token or credentials.key
        return replace(ask, headers={**ask.headers, "Authorization": f"Bearer {token}"})

    def probes(self, known: Known) -> tuple[Probe, ...]:
        """Try to read one page each of customers, orders and invoices."""
        del known
        return (
            Probe(later("List customers"), Ask("GET", CUSTOMERS, _FIRST), _judge_page),
            Probe(later("List orders"), Ask("GET", ORDERS, _FIRST), _judge_page),
            Probe(later("List invoices"), Ask("GET", INVOICES, _FIRST), _judge_page),
        )

    def steps(self, thing: Outgoing, known: Known) -> Sequence[Step]:
        """Return what leads to a thing's state, in the order in which the remote needs it."""
        return _STEPS[thing.kind](thing, known)

    def customers(self) -> Generator[Ask, Reply, list[RemoteCustomer]] | None:
        """Walk the remote's customers to the last page."""
        return walked()


def _no_token(reply: Reply) -> Failure:
    if reply.status in {400, 401, 403}:
        return SignInNeeded(_SIGN_IN)
    return Unclear(_UNREAD) if reply.status == 200 else failure(reply)


def _judge_page(reply: Reply) -> Verdict:
    try:
        page_of(reply)
    except NoGoodAnswer as no_answer:
        return no_answer.verdict
    return Done({})
