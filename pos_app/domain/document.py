"""What quotations, orders, delivery notes, invoices and returns have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.cart import QUANTITY_LIMIT, QuantityTooFine
from pos_app.domain.customer import Customer
from pos_app.domain.discount import NO_DISCOUNT, DocumentDiscount, LineDiscount
from pos_app.domain.errors import PosError
from pos_app.domain.pricing import Priced, PriceLine, PricePolicy, price
from pos_app.domain.product import PIECE, Product, ProductKind, Unit
from pos_app.domain.tax import Tax
from pos_app.domain.words import Later, later

LINE_LIMIT = 5000
# Finer and larger than a product's price: a line may stand for all that another system sold, and
# has to come to the same total here.
PRICE_PLACES = 6
PRICE_LIMIT = Decimal(100_000_000)
AMOUNT_LIMIT = Decimal(10) ** 15  # with any tax its minor units still fit 64 bits
NAME_LIMIT = 500
TEXT_LIMIT = 2000
FIRST_YEAR, LAST_YEAR = 1970, 2199
_STATE_WORDS = {
    "draft": later("a draft"),
    "submitted": later("submitted"),
    "approved": later("approved"),
    "rejected": later("rejected"),
    "expired": later("expired"),
    "partially_delivered": later("partly delivered"),
    "fully_delivered": later("fully delivered"),
    "cancelled": later("cancelled"),
    "deleted": later("deleted"),
}


class DocumentChanged(PosError):
    """Somebody else changed the document since it was opened."""

    sentence = (
        "{number} was changed meanwhile by {staff}. Nothing of yours was saved; open it again, "
        "look at what is new, and make your change there."
    )


class DocumentEmpty(PosError):
    """A document without lines."""

    sentence = "There is nothing on the document. Add at least one line."


class TooManyLines(PosError):
    """More lines than a document may have."""

    sentence = "A document has at most {limit} lines. Put the rest on a second one."


class LineFigureWrong(PosError):
    """A quantity or price that no document can have."""

    sentence = "{figure} is not possible for {name}. Enter a number above 0 and below {limit}."


class DocumentTooLarge(PosError):
    """More money than a document can name."""

    sentence = "The document comes to more than {limit}. Check its prices and quantities."


class LineWithoutName(PosError):
    """A line that does not say what it is."""

    sentence = "A line over {price} has no name. Write what it is, or remove the line."


class DocumentLinesMixed(PosError):
    """Two lines that cannot be told apart."""

    sentence = "Two lines of the document have the same key. Remove one and enter it again."


class NoSuchDocumentLine(PosError):
    """A line that the document does not have."""

    sentence = "That line is not on {number} any more. Open the document again."


class CustomerMissing(PosError):
    """A document for nobody."""

    sentence = "Choose the customer first."


class DatesTurned(PosError):
    """The end before the beginning."""

    sentence = "{later} is before {earlier}. Check the two dates."


class DayOutOfRange(PosError):
    """A date of another age, which somebody mistyped."""

    sentence = "The date {day} is not possible. Check its year."


class DocumentTextWrong(PosError):
    """A text that is too long, or holds what no paper can show."""

    sentence = "A text may have at most {limit} letters. This one has {length}: shorten it."


@dataclass(frozen=True, slots=True)
class Party:
    """A customer as a document names them, which later changes of the customer leave alone."""

    id: str
    number: str
    name: str
    contact: str = ""
    phone: str = ""
    email: str = ""
    tax_number: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line: `unit_price` in currency units per unit, with or without tax as the policy says.

    `id` is the line's own for ever; `specification` describes the goods, `remark` is for the
    customer.
    """

    id: str
    name: str
    quantity: Decimal
    unit_price: Decimal
    product_id: str | None = None
    code: str = ""
    specification: str = ""
    unit: Unit = PIECE
    kind: ProductKind = ProductKind.GOODS
    taxes: tuple[Tax, ...] = ()
    discount: LineDiscount = NO_DISCOUNT
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """Who it is for, when and by whom it was made, and by which rules it is priced.

    `day` is the date on the paper, `created_at` and `updated_at` are UTC; `version` counts the
    changes, so that a copy that is no longer the latest is told from it. `number` is empty while
    a draft has none.
    """

    id: str
    number: str
    customer: Party
    day: date
    policy: PricePolicy
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    version: int = 1
    payment_terms: str = ""
    shipping_terms: str = ""
    remarks: str = ""
    internal_note: str = ""
    reference: str = ""
    language: str = ""


def party_of(customer: Customer) -> Party:
    """Return a customer as a document names them."""
    return Party(
        id=customer.id,
        number=customer.number,
        name=customer.name,
        contact=customer.contact,
        phone=customer.phone,
        email=customer.email,
        tax_number=customer.tax_number,
        address=customer.address,
        city=customer.city,
        state=customer.state,
        postcode=customer.postcode,
        country=customer.country,
    )


def line_of(product: Product, line_id: str, quantity: Decimal) -> DocumentLine:
    """Return a line that sells a product at its own price; one without a price costs nothing."""
    return DocumentLine(
        id=line_id,
        name=product.name,
        quantity=quantity,
        unit_price=product.price or Decimal(0),
        product_id=product.id,
        code=product.code,
        unit=product.unit,
        kind=product.kind,
        taxes=product.taxes,
    )


def next_line_id(lines: Sequence[DocumentLine]) -> str:
    """Return an id that no line has: the next number."""
    return str(max((int(line.id) for line in lines if line.id.isdecimal()), default=0) + 1)


def price_lines(
    lines: Sequence[DocumentLine],
    policy: PricePolicy,
    discounts: Sequence[DocumentDiscount] = (),
) -> Priced:
    """Price the lines of a document; see `pricing.price`."""
    return price(
        [
            PriceLine(line.quantity, line.unit_price, line.discount, taxes=line.taxes)
            for line in lines
        ],
        policy,
        discounts,
    )


def state_word(state: StrEnum) -> Later:
    """Return how a refusal calls the state of a quotation or an order."""
    return _STATE_WORDS[state.value]


def touched(head: DocumentHead, at: datetime, staff: str) -> DocumentHead:
    """Return the head after a change."""
    return replace(head, version=head.version + 1, updated_at=at, updated_by=staff)


def check_same(seen: DocumentHead, now: DocumentHead) -> None:
    """Refuse a change that was made to an older state; raises DocumentChanged."""
    if seen.version != now.version:
        raise DocumentChanged(number=now.number or now.customer.name, staff=now.updated_by)


def check_lines(lines: Sequence[DocumentLine]) -> None:
    """Refuse lines that no document can have.

    Raises DocumentEmpty, TooManyLines, LineWithoutName, LineFigureWrong, QuantityTooFine,
    DocumentTextWrong, DocumentTooLarge or DocumentLinesMixed.
    """
    if not lines:
        raise DocumentEmpty()
    if len(lines) > LINE_LIMIT:
        raise TooManyLines(limit=LINE_LIMIT)
    for line in lines:
        _check_line(line)
    if sum(line.quantity * line.unit_price for line in lines) >= AMOUNT_LIMIT:
        raise DocumentTooLarge(limit=f"{AMOUNT_LIMIT:,}")
    if len({line.id for line in lines}) < len(lines):
        raise DocumentLinesMixed()


def check_head(head: DocumentHead) -> None:
    """Refuse a head without a customer or with texts beyond the limit.

    Raises CustomerMissing or DocumentTextWrong.
    """
    if not head.customer.id or not head.customer.name.strip():
        raise CustomerMissing()
    for text in (head.payment_terms, head.shipping_terms, head.remarks, head.internal_note):
        check_text(text, TEXT_LIMIT)
    check_text(head.reference, NAME_LIMIT)


def check_dates(earlier: date, later: date | None) -> None:
    """Refuse an end before its beginning; raises DatesTurned or DayOutOfRange."""
    for day in (earlier, later):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise DayOutOfRange(day=day)
    if later is not None and later < earlier:
        raise DatesTurned(later=later, earlier=earlier)


def check_text(text: str, limit: int) -> None:
    """Refuse a text that is too long or half a letter; raises DocumentTextWrong."""
    if len(text) > limit or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise DocumentTextWrong(limit=limit, length=len(text))


def _check_line(line: DocumentLine) -> None:
    quantity, unit_price = line.quantity, line.unit_price
    if not quantity.is_finite() or not 0 < quantity < QUANTITY_LIMIT:
        raise LineFigureWrong(figure=quantity, name=line.name, limit=f"{QUANTITY_LIMIT:,}")
    if quantity != round(quantity, line.unit.decimals):
        raise QuantityTooFine(
            quantity=quantity, unit=line.unit.name, name=line.name, places=line.unit.decimals
        )
    if not unit_price.is_finite() or not 0 <= unit_price < PRICE_LIMIT:
        raise LineFigureWrong(figure=unit_price, name=line.name, limit=f"{PRICE_LIMIT:,}")
    if unit_price != round(unit_price, PRICE_PLACES):
        raise LineFigureWrong(figure=unit_price, name=line.name, limit=f"{PRICE_LIMIT:,}")
    if not line.name.strip():
        raise LineWithoutName(price=unit_price)
    check_text(line.name, NAME_LIMIT)
    check_text(line.specification, TEXT_LIMIT)
    check_text(line.remark, TEXT_LIMIT)
