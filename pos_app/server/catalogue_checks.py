"""What head office checks before it saves a thing of a kind: the till's own rules, and the list's.

Each check takes what somebody sent and returns the state as tills pull it, or refuses.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pos_app.domain import payloads
from pos_app.domain.catalogue_rules import (
    FieldEmpty,
    FieldRefusal,
    Refusals,
    category_refusals,
    check_line,
    product_refusals,
    tax_refusals,
    unit_refusals,
)
from pos_app.domain.customer_rules import customer_refusals, tidied
from pos_app.domain.errors import PosError
from pos_app.domain.machine_settings import without_machine
from pos_app.domain.payload_reading import category_of, customer_of, product_of, tax_of, unit_of
from pos_app.domain.plain import from_plain, to_plain
from pos_app.domain.price_list import ListPrice, PriceList, check_price, checked_list, list_key
from pos_app.domain.product import Category, Product
from pos_app.domain.settings_rules import rule_refusals
from pos_app.domain.shop import ShopSettings
from pos_app.domain.staff import USUAL_ROLES, Role, RoleUnknown, StaffMember
from pos_app.server.companies import check_time_zone, signing_key_of
from pos_app.server.tables import shops, things
from pos_app.server.thing_kinds import (
    CATEGORY,
    CONNECTION,
    CUSTOMER,
    PRODUCT,
    ROLE,
    SETTINGS,
    STAFF,
    TAX,
    UNIT,
)
from pos_app.server.things import Things
from pos_app.server.till_connections import ConnectionNameTaken, kept_connection

Plain = Mapping[str, Any]
_STAFF_CODE_LIMIT, _STAFF_NAME_LIMIT = 12, 80


class IdsDiffer(FieldRefusal):
    """What was sent is about another thing than the one named."""

    sentence = "This is about {told} and not about {id}. Send it under its own id."


class NotOnTheList(FieldRefusal):
    """A product names a unit, tax, group or list that the company does not have."""

    sentence = "There is no {kind} {code}. Make it first, or choose another one."


class CodeTaken(FieldRefusal):
    """Another product, customer or member of staff has the code."""

    sentence = "{name} has {code} already. Choose another one."


class ShopNotThere(PosError):
    """Settings of a shop that the company does not have."""

    sentence = "There is no shop with the code {code}. Look at the list of shops."


@dataclass(frozen=True, slots=True)
class Desk:
    """What a check may look at: the company's things, held until the commit."""

    connection: Connection
    company_id: str
    things: Things

    def state(self, kind: str, thing_id: str) -> dict[str, Any] | None:
        """Return what a thing says now."""
        row = self.things.thing(kind, thing_id)
        return None if row is None else dict(json.loads(row.state))

    def naming(self, kind: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield id and state of the things that hold a text of exactly these letters."""
        quoted = json.dumps(text, ensure_ascii=False)
        rows = self.connection.execute(
            select(things.c.id, things.c.state).where(
                things.c.company_id == self.company_id,
                things.c.kind == kind,
                things.c.state.contains(quoted, autoescape=True),
            )
        )
        for thing_id, state in rows:
            yield thing_id, json.loads(state)

    def all(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield every thing of a kind of which there are few."""
        rows = self.connection.execute(
            select(things.c.state).where(
                things.c.company_id == self.company_id, things.c.kind == kind
            )
        ).scalars()
        for state in rows:
            yield json.loads(state)


def _unit(_desk: Desk, thing_id: str, state: Plain) -> Plain:
    unit = unit_of(state)
    _same_id("code", thing_id, unit.code)
    _refuse(unit_refusals(unit))
    return payloads.unit_payload(unit)


def _tax(_desk: Desk, thing_id: str, state: Plain) -> Plain:
    tax = tax_of(state)
    _same_id("code", thing_id, tax.code)
    _refuse(tax_refusals(tax))
    return payloads.tax_payload(tax)


def _category(desk: Desk, thing_id: str, state: Plain) -> Plain:
    category = category_of(state)
    _same_id("id", thing_id, category.id)
    others: list[Category] = [category_of(one) for one in desk.all(CATEGORY)]
    _refuse(category_refusals(category, others))
    return {
        "id": category.id,
        "name": category.name,
        "colour": category.colour,
        "position": category.position,
    }


def _product(desk: Desk, thing_id: str, state: Plain) -> Plain:
    """Take unit and taxes from the company's list, by their codes."""
    units = [_listed(desk, UNIT, "unit", state["unit"])]
    if not isinstance(state["taxes"], list):
        raise TypeError("taxes are no list")
    taxes = [_listed(desk, TAX, "taxes", _code_of(tax)) for tax in state["taxes"]]
    product = product_of({**state, "taxes": taxes, "units": units})
    _same_id("id", thing_id, product.id)
    _refuse(product_refusals(product))
    if product.category_id is not None:
        _listed(desk, CATEGORY, "category", product.category_id)
    if product.is_active:
        _check_codes_free(desk, product)
    return {**payloads.product_payload(product), "units": units}


def _customer(desk: Desk, thing_id: str, state: Plain) -> Plain:
    customer = tidied(customer_of(state))
    _same_id("id", thing_id, customer.id)
    _refuse(customer_refusals(customer))
    if not customer.number:
        raise FieldEmpty("number")
    for field, code in (("number", customer.number), ("card_code", customer.card_code)):
        for other_id, other in desk.naming(CUSTOMER, code) if code else ():
            if other_id != thing_id and code in (other["number"], other.get("card_code")):
                raise CodeTaken(field, name=other["name"], code=code)
    return payloads.customer_payload(customer)


def _settings(desk: Desk, thing_id: str, state: Plain) -> Plain:
    """Put what is named onto the shop's settings, and see that all of it can be read."""
    known = desk.connection.execute(
        select(shops.c.code).where(shops.c.company_id == desk.company_id, shops.c.code == thing_id)
    ).first()
    if known is None:
        raise ShopNotThere(code=thing_id)
    names = ShopSettings.__slots__
    for name in state:
        if name not in names:
            raise NotOnTheList(name, kind="setting", code=name)
    whole = {**(desk.state(SETTINGS, thing_id) or {}), **without_machine(state)}
    settings = from_plain(ShopSettings, whole)
    _refuse(rule_refusals(settings))
    if settings.time_zone:
        check_time_zone(settings.time_zone)
    return whole


def _role(_desk: Desk, thing_id: str, state: Plain) -> Plain:
    role = from_plain(Role, _inner(state))
    _same_id("key", thing_id, role.key)
    check_line("name", role.name, _STAFF_NAME_LIMIT, is_needed=True)
    return _record(to_plain(role), place=role.name)


def _staff(desk: Desk, thing_id: str, state: Plain) -> Plain:
    """Keep who works where; PIN and badge are a till's own."""
    member = from_plain(StaffMember, _inner(state))
    _same_id("id", thing_id, member.id)
    check_line("name", member.name, _STAFF_NAME_LIMIT, is_needed=True)
    check_line("code", member.code, _STAFF_CODE_LIMIT, is_needed=True)
    usual = {role.key for role in USUAL_ROLES}
    if member.role not in usual and desk.state(ROLE, member.role) is None:
        raise RoleUnknown(role=member.role)
    for other_id, other in desk.naming(STAFF, member.code.casefold()):
        if other_id != thing_id and other["code"] == member.code.casefold():
            raise CodeTaken("code", name=other["state"]["name"], code=member.code)
    return _record(
        to_plain(member),
        code=member.code.casefold(),
        place=member.name.casefold(),
        is_open=member.is_active,
    )


def _price_list(_desk: Desk, thing_id: str, state: Plain) -> Plain:
    listed = checked_list(from_plain(PriceList, _inner(state)))
    _same_id("name", thing_id, list_key(listed.name))
    return _record(to_plain(listed), place=thing_id, is_open=listed.is_active)


def _list_price(desk: Desk, thing_id: str, state: Plain) -> Plain:
    price = from_plain(ListPrice, _inner(state))
    _same_id("product_id", thing_id, f"{list_key(price.price_list)}\t{price.product_id}")
    _listed(desk, "price_list", "price_list", list_key(price.price_list))
    _listed(desk, PRODUCT, "product_id", price.product_id)
    if price.price is not None:
        check_price(price.price)
    return _record(to_plain(price), place=thing_id, is_open=price.price is not None)


def _connection(desk: Desk, thing_id: str, state: Plain) -> Plain:
    """Keep where tills send to; the key is sealed, and an empty one leaves the known one."""
    _same_id("id", thing_id, state.get("id", thing_id))
    key = signing_key_of(desk.connection, desk.company_id)
    kept = kept_connection(key, desk.state(CONNECTION, thing_id), thing_id, state)
    for other in desk.all(CONNECTION):
        if other["id"] != thing_id and other.get("api") and other["name"] == kept["name"]:
            raise ConnectionNameTaken("name", name=kept["name"])
    return kept


def _check_codes_free(desk: Desk, product: Product) -> None:
    for field, code in (
        ("code", product.code),
        *(("barcodes", barcode) for barcode in product.barcodes),
    ):
        for other_id, other in desk.naming(PRODUCT, code):
            if other_id == product.id or not other["is_active"]:
                continue
            if code == other["code"] or code in other["barcodes"]:
                raise CodeTaken(field, name=other["name"], code=code)


def _listed(desk: Desk, kind: str, field: str, code: Any) -> dict[str, Any]:
    found = desk.state(kind, code) if isinstance(code, str) else None
    if found is None:
        raise NotOnTheList(field, kind=kind.replace("_", " "), code=str(code)[:60])
    return found


def _code_of(tax: Any) -> Any:
    """The code of a tax that is named by it, or sent whole."""
    return tax["code"] if isinstance(tax, Mapping) else tax


def _inner(state: Plain) -> dict[str, Any]:
    """What stands under a record's `state`, or was sent alone."""
    inner = state.get("state")
    return dict(inner if isinstance(inner, Mapping) else state)


def _record(
    state: Plain, *, code: str | None = None, place: str = "", is_open: bool = False
) -> dict[str, Any]:
    return {"state": state, "code": code, "place": place, "is_open": is_open}


def _same_id(field: str, thing_id: str, told: str) -> None:
    if thing_id != told:
        raise IdsDiffer(field, told=told[:60], id=thing_id[:60])


def _refuse(refusals: Refusals) -> None:
    for refusal in refusals.values():
        raise refusal


Check = Callable[[Desk, str, Plain], Plain]
CHECKS: dict[str, Check] = {
    UNIT: _unit,
    TAX: _tax,
    CATEGORY: _category,
    SETTINGS: _settings,
    ROLE: _role,
    STAFF: _staff,
    PRODUCT: _product,
    "price_list": _price_list,
    "list_price": _list_price,
    CUSTOMER: _customer,
    CONNECTION: _connection,
}
