"""What the Sales API answers: made things by their id, lists walked to their end, look-ups.

Only the API's own words refuse for good: a page of somebody else's is no answer at all.
"""

from collections import Counter
from collections.abc import Generator, Mapping
from decimal import Decimal
from typing import Any

from pos_app.sync.dialect import (
    CUSTOMER_ID,
    Absent,
    Ask,
    Done,
    Known,
    LookUp,
    NoGoodAnswer,
    RemoteCustomer,
    Reply,
    Unclear,
    Undecidable,
    Verdict,
    refusal_of,
)
from pos_app.sync.foreign_prices import read_amount
from pos_app.texts import later, t

ROOT = "/api/sales"
ORDER_ID, TOTAL, INVOICE_ID = "order", "total", "invoice"
PAGE_SIZE = 100
RESTARTS_MOST = 3
STRANGE = later("the answer is not what the API's document says")
_MOVING = later("its list changes faster than it can be read")
_SEVERAL = later("several orders there could be this one")
_SEVERAL_PEOPLE = later("several customers there could be this one")


def find_person(body: Mapping[str, Any], known: Known) -> LookUp:
    """Look for a customer with the same name, mail, phone and address who is nobody else's."""
    found = []
    for one in (yield from _every(f"{ROOT}/customers")):
        theirs = {name: one.get(name) or "" for name in ("name", "email", "phone")}
        ours = {name: body[name] for name in theirs}
        if theirs == ours and not known.is_taken(CUSTOMER_ID, str(one["id"])):
            found.append(str(one["id"]))
    if len(found) > 1:
        return Undecidable(t(_SEVERAL_PEOPLE))
    return Done({CUSTOMER_ID: found[0]}) if found else Absent()


def find_order(body: Mapping[str, Any], total: Decimal, known: Known) -> LookUp:
    """Look for an order of the same customer with the same lines that no other of ours is."""
    found = []
    for one in (yield from _every(f"{ROOT}/orders")):
        is_same = str(one.get("customer_id")) == body["customer_id"] and _lines(one) == _lines(body)
        if is_same and not known.is_taken(ORDER_ID, str(one["id"])):
            found.append(str(one["id"]))
    if len(found) > 1:
        return Undecidable(t(_SEVERAL))
    return Done({ORDER_ID: found[0], TOTAL: str(total)}) if found else Absent()


def _lines(order: Mapping[str, Any]) -> Counter[tuple[str, Decimal | None, Decimal | None]]:
    items = order.get("items")
    if not isinstance(items, list):
        return Counter()
    return Counter(
        (
            str(item.get("product_id")),
            read_amount(item.get("quantity")),
            read_amount(item.get("unit_price")),
        )
        for item in items
        if isinstance(item, dict)
    )


def _every(path: str) -> Generator[Ask, Reply, list[dict[str, Any]]]:
    """Walk a list to its end, from the first page again where the size of its pages changes.

    Raises NoGoodAnswer where the pages do not make a whole list.
    """
    for _ in range(RESTARTS_MOST):
        found = yield from _walked(path)
        if found is not None:
            return found
    raise NoGoodAnswer(Unclear(t(_MOVING)))


def _walked(path: str) -> Generator[Ask, Reply, list[dict[str, Any]] | None]:
    """Return what is on all pages, each once; None where they do not fit together."""
    found: dict[str, dict[str, Any]] = {}
    page, size = 1, 0
    while True:
        query = (("page", str(page)), ("size", str(PAGE_SIZE)))
        reply = yield Ask("GET", path, query)
        told = _page_of(reply)
        items, told_size = told["items"], told.get("size")
        found.update({str(item["id"]): item for item in items})
        total = told.get("total")
        if page == 1:
            size = told_size if isinstance(told_size, int) else len(items)
        elif isinstance(told_size, int) and told_size != size:
            return None
        is_short = isinstance(total, int) and len(found) < total
        if not items or (len(items) < size and not is_short):
            return None if is_short else [*found.values()]
        page += 1


def _page_of(reply: Reply) -> dict[str, Any]:
    """Return a page of a list; raises NoGoodAnswer."""
    verdict = judge_page(reply)
    if not isinstance(verdict, Done):
        raise NoGoodAnswer(verdict)
    page: dict[str, Any] = reply.plain()
    return page


def judge_page(reply: Reply) -> Verdict:
    """Judge a page of a list: whether it is one."""
    plain = reply.plain()
    if reply.status != 200:
        return _refusal(reply, plain)
    items = plain.get("items") if isinstance(plain, dict) else None
    is_list = isinstance(items, list) and all(
        isinstance(item, dict) and isinstance(item.get("id"), str | int) for item in items
    )
    return Done({}) if is_list else Unclear(t(STRANGE))


def judge_made(
    reply: Reply, known: Known, *, name: str, also: Mapping[str, str] | None = None
) -> Verdict:
    """Judge the making of a customer, an order or an invoice: its id is what counts."""
    plain = reply.plain()
    if reply.status not in {200, 201}:
        return _refusal(reply, plain)
    made = plain.get("id") if isinstance(plain, dict) else None
    if isinstance(made, bool) or not isinstance(made, str | int) or not str(made):
        return Unclear(t(STRANGE))
    if name != INVOICE_ID and known.is_taken(name, str(made)):
        return Unclear(t(STRANGE))  # that is another one of ours
    return Done({name: str(made), **(also or {})})


def _refusal(reply: Reply, plain: Any) -> Verdict:
    """Judge a reply that is no success; only the API's own words refuse for good."""
    detail = plain.get("detail") if isinstance(plain, dict) else None
    reason = detail if isinstance(detail, str) else f"HTTP {reply.status}"
    verdict = refusal_of(reply, reason)
    is_theirs = detail is not None or isinstance(verdict, Unclear)
    return verdict if is_theirs or reply.status in {401, 403, 425, 429} else Unclear(reason)


def customers_of() -> Generator[Ask, Reply, list[RemoteCustomer]]:
    """Walk the customers to the last page."""
    every = yield from _every(f"{ROOT}/customers")
    return [_customer_of(one) for one in every]


def _customer_of(one: Mapping[str, Any]) -> RemoteCustomer:
    address = one.get("address")
    parts = address if isinstance(address, dict) else {"street": address}
    return RemoteCustomer(
        remote_id=str(one["id"]),
        number="",
        name=_text(one.get("name")),
        phone=_text(one.get("phone")),
        email=_text(one.get("email")),
        address=_text(parts.get("street")),
        city=_text(parts.get("city")),
        state=_text(parts.get("state")),
        postcode=_text(parts.get("postal_code")),
        country=_text(parts.get("country")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
