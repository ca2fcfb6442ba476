"""Routes for stock: how much of a product there is, where, and what all of it is worth."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter

from pos_app.domain.payload_reading import product_of
from pos_app.domain.payloads import text
from pos_app.server.catalogue import ThingUnknown, get_thing
from pos_app.server.companies import company_of
from pos_app.server.number_kinds import LOCATION, PRODUCT, WAREHOUSE
from pos_app.server.office_shapes import Key
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.series import numbers_for
from pos_app.server.stock_values import levels_by_place, stock_value
from pos_app.server.thing_kinds import PRODUCT as PRODUCT_KIND
from pos_app.server.thing_rows import hold_revision
from pos_app.server.visitors import Visitor, may

router = APIRouter(prefix="/office/v1/stock", tags=["stock"])


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """How many units stand at a place of a shop.

    `warehouse_id` and `stock_location_id` are what the retail sale API calls shop and place.
    """

    shop: str
    location: str
    quantity: str
    warehouse_id: int
    stock_location_id: int


@dataclass(frozen=True, slots=True)
class StockShown:
    """The stock of a product in all shops: units, and what they are worth in the currency.

    `item_id` is what the retail sale API calls the product.
    """

    product_id: str
    item_id: int
    name: str
    total: str
    value: str
    currency: str
    places: list[PlaceShown]


@router.get("/{product_id}", responses=answers(401, 403, 404, 409, 422))
def shown(product_id: Key, visitor: Annotated[Visitor, may(Action.SEE)]) -> StockShown:
    """Show the stock of a product: in all, what it is worth, and place by place."""
    company_id = visitor.company_id
    with visitor.company() as connection:
        hold_revision(connection, company_id)  # what has no number yet gets one
        row = get_thing(connection, company_id, PRODUCT_KIND, product_id)
        if not row.state:
            raise ThingUnknown(kind=PRODUCT_KIND, id=product_id)
        product = product_of(json.loads(row.state))
        currency = company_of(connection, company_id).currency
        value = stock_value(connection, company_id, product, currency)
        places = levels_by_place(connection, company_id, product_id)
        items = numbers_for(connection, company_id, PRODUCT, [product_id])
        locations = [place.location for place in places]
        numbers = numbers_for(connection, company_id, LOCATION, locations)
        shops = numbers_for(connection, company_id, WAREHOUSE, [one.shop for one in places])
    return StockShown(
        product_id=product_id,
        item_id=items[product_id],
        name=product.name,
        total=text(sum((place.quantity for place in places), Decimal(0))),
        value=f"{value.amount:f}",
        currency=currency,
        places=[
            PlaceShown(
                place.shop,
                place.location,
                text(place.quantity),
                shops[place.shop],
                numbers[place.location],
            )
            for place in places
        ],
    )
