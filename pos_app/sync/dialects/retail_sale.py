"""The Retail Sale API as it is spoken: sales out, voids by the remote's id, looked up by number.

Published as `retail-sale-api.md`. Amounts are texts, a line's `subTotal` is its net amount and its
tax stands beside it; discounts are in the prices. Creating answers `true` and no id, so the id that
a void needs is found by the sale's date and number.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from pos_app.domain.cart import SaleKind
from pos_app.domain.sale import Sale
from pos_app.sync.dialect import (
    Ability,
    Ask,
    Carried,
    Credentials,
    Known,
    LookUp,
    NoGoodAnswer,
    Option,
    Outgoing,
    Probe,
    RemoteCustomer,
    Reply,
    Step,
    Unclear,
    WaitsForOther,
)
from pos_app.sync.dialects.retail_sale_replies import (
    find_sale,
    find_voided,
    judge_create,
    judge_found,
    judge_list,
    judge_void,
)
from pos_app.sync.dialects.retail_sale_requests import BY_NAME, ROOT, create, search
from pos_app.texts import later

_QUIET_DAY = "2000-01-01"
_OFF, _NEGATIVE = "off", "negative"
_NEVER = (
    Carried.QUOTATION,
    Carried.ORDER,
    Carried.DELIVERY,
    Carried.INVOICE,
    Carried.PAYMENT,
    Carried.SALES_RETURN,
)


class RetailSaleApi:
    """The dialect; every method is pure."""

    api = "retail"
    title = "Retail Sale API"
    needs = frozenset({"user", "key"})
    options = (
        Option(
            "returns",
            later("Returns and exchanges"),
            _OFF,
            (
                (_OFF, later("Stay here; the API has no word for them")),
                (_NEGATIVE, later("Go as sales with negative quantities")),
            ),
        ),
        Option(
            "product_ids",
            later("Item ids there"),
            "mapping",
            (
                ("mapping", later("Are entered for each product")),
                ("code", later("Are our product codes")),
            ),
        ),
        Option(
            "unmapped",
            later("Products whose item id there is not known"),
            _OFF,
            (
                (_OFF, later("Keep the sale back until the item id is entered")),
                (BY_NAME, later("Send the line by its name; the server moves no stock for it")),
            ),
        ),
        Option("walk_in", later("Customer name of sales without a customer"), "Walk-in customer"),
        Option("warehouse", later("Warehouse id there (empty: none)")),
        Option("stock_location", later("Stock location id there (empty: none)")),
    )

    def abilities(self, known: Known) -> tuple[Ability, ...]:
        """Say what goes there: sales, voids, and returns where the connection says so."""
        has_returns = known.option("returns") == _NEGATIVE
        sales = later(
            "With tax, and the customer's name and phone. Discounts are in the prices. Of several "
            "payments the largest is told, the others are in the notes. Gift cards, deposits, tips "
            "and payments go as lines without an item."
        )
        voids = later("The sale is voided there, and its stock comes back.")
        back = (
            later("As sales with negative quantities and amounts.")
            if has_returns
            else later("The API has no returns. They stay here, with their voids.")
        )
        people = later("Only name and phone, on each sale. The API keeps no list of customers.")
        nothing = later("The API has no such documents. They stay here.")
        return (
            Ability(Carried.SALE, True, sales),
            Ability(Carried.VOID, True, voids),
            Ability(Carried.RETURN, has_returns, back),
            Ability(Carried.CUSTOMER, False, people),
            *(Ability(kind, False, nothing) for kind in _NEVER),
        )

    def sign_in(self, credentials: Credentials) -> Ask | None:
        """Return None: user name and key travel with every request."""
        del credentials
        return None

    def token(self, reply: Reply) -> str:
        """Raise NoGoodAnswer: there are no tokens."""
        del reply
        raise NoGoodAnswer(Unclear(""))

    def with_key(self, ask: Ask, credentials: Credentials) -> Ask:
        """Return a request with user name and key: in the body, or at the end of the path."""
        if ask.body is not None:
            body = {"authKey": credentials.key, "userName": credentials.user, **ask.body}
            return replace(ask, body=body)
        user, key = (quote(text, safe="") for text in (credentials.user, credentials.key))
        return replace(ask, path=f"{ask.path}/{user}/{key}")

    def probes(self, known: Known) -> tuple[Probe, ...]:
        """Try a search over a day on which nothing was sold."""
        del known
        ask = Ask("GET", f"{ROOT}/search/{_QUIET_DAY}/{_QUIET_DAY}")
        return (Probe(later("Look for sales with this user name and key"), ask, judge_list),)

    def steps(self, thing: Outgoing, known: Known) -> Sequence[Step]:
        """Return one step for a sale; for a void, finding its sale comes first."""
        if thing.kind not in {Carried.SALE, Carried.RETURN, Carried.VOID}:
            return ()
        origin: Sale = (thing.kind is Carried.VOID and thing.before) or thing.document
        if known.option("returns") != _NEGATIVE and _goes_back(origin):
            return ()
        if thing.kind is Carried.VOID:
            return _void_steps(thing.document, origin, known)
        asking, finding = partial(create, origin, thing.at), partial(find_sale, origin, thing.at)
        return (Step(_sale_key(origin.id), asking, judge_create, finding, names="sale"),)

    def customers(self) -> Generator[Ask, Reply, list[RemoteCustomer]] | None:
        """Return None: the API lists no customers."""
        return None


def _sale_key(sale_id: str) -> str:
    return f"sale {sale_id}"


def _goes_back(sale: Sale) -> bool:
    """Whether a document has anything that only negative quantities can say."""
    sign = -1 if sale.kind is SaleKind.VOID else 1
    return any(
        line.quantity * sign < 0 or line.figures.gross.minor * sign < 0 for line in sale.lines
    )


def _void_steps(void: Sale, origin: Sale, known: Known) -> tuple[Step, ...]:
    """Find the sale's id, unless it is known, and void it."""
    finding, at = f"find sale {void.id}", origin.stamp.at
    sale_id, number = void.voids or origin.id, origin.number

    def remembered(known: Known) -> str:
        keys = (_sale_key(sale_id), finding)
        return next((ids["sale"] for k in keys if (ids := known.ids(k)) and "sale" in ids), "")

    def ask_for_it(known: Known) -> Ask:
        if known.ids(_sale_key(sale_id)) is None:
            raise WaitsForOther(name=void.number, other=number, key=_sale_key(sale_id))
        return search(origin, at)

    def undo(known: Known) -> Ask:
        if not (remote_id := remembered(known)):
            raise WaitsForOther(name=void.number, other=number, key=finding)
        return Ask("GET", f"{ROOT}/void/{remote_id}", is_change=True)

    def look_up(known: Known) -> LookUp:
        return find_voided(remembered(known))

    voiding = Step(f"void {void.id}", undo, judge_void, look_up)
    if remembered(known):
        return (voiding,)
    find = Step(
        finding,
        ask_for_it,
        lambda reply, _: judge_found(origin, reply),
        partial(find_sale, origin, at),
        names="sale",
    )
    return find, voiding
