"""The ERP sales module as its document has it, chapters 3 to 8 (chapter 9 in `erp_reports`).

What the document leaves open is read as the folder of contracts says: a token comes from
`/api/v1/auth/login`; delivering more than ordered or in stock, invoicing or returning more than
delivered, receiving more than the balance, and changing what is past draft are answered 400. The
document promises no idempotency: what is sent twice is there twice.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.simulators.apis import erp_documents as documents
from tests.simulators.apis import erp_records as records
from tests.simulators.apis import erp_reports as reports
from tests.simulators.apis import erp_shapes as published
from tests.simulators.apis import shapes
from tests.simulators.apis.answering import (
    Answer,
    Arrived,
    Asked,
    Clock,
    Refused,
    asked,
    served,
    told,
)
from tests.simulators.apis.erp_records import Thing

RESOURCES = tuple(published.FILTERS)
CREATE = {
    "customers": published.CUSTOMER,
    "quotations": published.QUOTATION,
    "orders": published.ORDER,
    "deliveries": published.DELIVERY,
    "invoices": published.INVOICE,
    "returns": published.RETURN,
}
ACTIONS = {
    ("customers", "credit-evaluate"): (published.EVALUATION, documents.evaluate),
    ("quotations", "approve"): (published.APPROVAL, documents.decide_quotation),
    ("quotations", "generate-order"): (published.TO_ORDER, documents.order_of_quotation),
    ("orders", "approve"): (published.APPROVAL, documents.decide_order),
    ("orders", "cancel"): (published.CANCELLATION, documents.cancel_order),
    ("orders", "generate-delivery"): (published.TO_DELIVERY, documents.delivery_of_order),
    ("invoices", "receive"): (published.RECEIPT, documents.receive),
}


@dataclass(frozen=True, slots=True)
class Product:
    """A product that orders name; `stock` is None where nobody counts it."""

    code: str
    name: str
    specification: str = ""
    unit: str = ""
    stock: Decimal | None = None


class Erp:
    """Its state, and one method that answers; `page_size` is the most that a page may hold."""

    def __init__(
        self,
        user: str = "admin",
        password: str = "secret",
        products: Mapping[str, Product] | None = None,
        *,
        page_size: int = 100,
    ) -> None:
        self.people = {user: password}
        self.products = dict(products or {})
        self.page_size = page_size
        self.arrived: list[Arrived] = []
        self.things: dict[str, list[Thing]] = {name: [] for name in RESOURCES}
        self.numbers: dict[str, int] = {}
        self.clock = Clock()
        self._tokens: dict[str, str] = {}

    def serve(self) -> AbstractContextManager[int]:
        """Serve on a port of loopback."""
        return served(self.handle)

    def forget_tokens(self) -> None:
        """Let every token end, as time does."""
        self._tokens.clear()

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        request = asked(method, target, headers, body)
        sent = self._sent(request)
        try:
            answer = self._answered(request, sent)
        except Refused as refused:
            wrong = {"code": refused.status, "message": refused.said, "data": None}
            answer = told(refused.status, wrong)
        except shapes.Wrong as wrong:
            answer = told(400, {"code": 400, "message": str(wrong), "data": None})
        self.arrived.append(Arrived(method, request.path, sent, answer[0]))
        return answer

    def _sent(self, request: Asked) -> Any:
        try:
            return request.json(Refused(400, ""))
        except Refused:
            return None

    def _answered(self, request: Asked, sent: Any) -> Answer:
        if (request.method, *request.parts) == ("POST", "api", "v1", "auth", "login"):
            return _success(self._login(sent))
        by = self._who(request)
        if request.parts[:4] == ("api", "v1", "sales", "reports") and request.method == "GET":
            return reports.answered(self.things, request.parts[4:], request.query)
        if request.parts[:3] != ("api", "v1", "sales") or request.parts[3:4] == ():
            raise Refused(404, "not found")
        kind, *rest = request.parts[3:]
        if kind not in RESOURCES:
            raise Refused(404, "not found")
        if not rest:
            return _success(self._all(request, kind, sent, by))
        thing = records.by_id(self, kind, rest[0])
        match (request.method, *rest[1:]):
            case ("POST", action) if (kind, action) in ACTIONS:
                shape, act = ACTIONS[kind, action]
                shapes.check(sent, shape)
                made = act(self, thing, sent)
                return _success(made and self._generated(*made, by))
            case (method,):
                return _success(self._one(method, kind, thing, sent, by))
        raise Refused(404, "not found")

    def _all(self, request: Asked, kind: str, sent: Any, by: str) -> Any:
        """List things of a kind, or create one."""
        match request.method:
            case "GET":
                return self._page(kind, request.query)
            case "POST":
                shapes.check(sent, CREATE[kind])
                return self._kept(kind, documents.CREATE[kind](self, sent), by)
        raise Refused(404, "not found")

    def _one(self, method: str, kind: str, thing: Thing, sent: Any, by: str) -> Any:
        """Read, change or delete a thing."""
        match method:
            case "GET":
                return self._details(kind, thing)
            case "PUT":
                shapes.check(sent, published.change(CREATE[kind]))
                documents.CHANGE[kind](self, thing, sent)
                thing |= {"updatedBy": by, "updatedAt": self._moment()}
                return None
            case "DELETE":
                documents.DELETE[kind](self, thing)
                self.things[kind].remove(thing)
                return None
        raise Refused(404, "not found")

    def _login(self, sent: Any) -> dict[str, Any]:
        shapes.check(sent, published.LOGIN)
        if self.people.get(sent["username"]) != sent["password"]:
            raise Refused(401, "wrong name or password")
        token = _token(sent["username"], len(self._tokens) + len(self.arrived))
        self._tokens[token] = sent["username"]
        return {"token": token}

    def _who(self, request: Asked) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self._tokens:
            raise Refused(401, "sign in first")
        return self._tokens[token]

    def _page(self, kind: str, query: Mapping[str, str]) -> dict[str, Any]:
        page, size = (_natural(query.get(n, d)) for n, d in (("page", "1"), ("pageSize", "10")))
        size = min(size, self.page_size)
        filters = {name: said for name, said in query.items() if name not in {"page", "pageSize"}}
        if unknown := filters.keys() - published.FILTERS[kind].keys():
            raise Refused(400, f"there is no filter {', '.join(sorted(unknown))}")
        found = [
            one
            for one in self.things[kind]
            if all(_fits(one, *published.FILTERS[kind][n], said) for n, said in filters.items())
        ]
        some = found[(page - 1) * size : page * size]
        listed = [{name: one.get(name) for name in published.LISTED[kind]} for one in some]
        return {"list": listed, "total": len(found), "page": page, "pageSize": size}

    def _details(self, kind: str, thing: Thing) -> dict[str, Any]:
        names = [*published.LISTED[kind], *published.MORE[kind]]
        hidden = published.ONLY_LISTED.get(kind, set())
        shown = {name: thing.get(name) for name in names if name not in hidden}
        if kind in published.UNSHOWN:
            unshown = published.UNSHOWN[kind]
            items = thing["items"]
            shown["items"] = [{n: i[n] for n in i if n not in unshown} for i in items]
        return shown

    def _kept(self, kind: str, thing: Thing, by: str) -> dict[str, Any]:
        at = self._moment()
        thing |= {"createdBy": by, "createdAt": at, "updatedBy": by, "updatedAt": at}
        self.things[kind].append(thing)
        number = records.NUMBERS[kind][0]
        return {"id": thing["id"], number: thing[number]}

    def _generated(self, kind: str, thing: Thing, by: str) -> dict[str, Any]:
        """Keep a document that came from another one, and name it as its call does."""
        self._kept(kind, thing, by)
        number = records.NUMBERS[kind][0]
        return {f"{number[:-2]}Id": thing["id"], number: thing[number]}

    def _moment(self) -> str:
        return f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"


def _success(data: Any) -> Answer:
    return told(200, {"code": 200, "message": "success", "data": data})


def _token(user: str, count: int) -> str:
    """Return something that has a JWT's three parts; only this server needs to know it again."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": user, "jti": count})
    said = ".".join(_part(json.dumps(part).encode()) for part in parts)
    return f"{said}.{_part(hashlib.sha256(said.encode()).digest())}"


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _natural(said: str) -> int:
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 10**9):
        raise Refused(400, f"{said!r} is no page or page size")
    return int(said)


def _fits(thing: Thing, field: str, how: str, said: str) -> bool:
    value = thing.get(field)
    if value is None:
        return False
    if how == "=":
        return bool(value == said)
    if how == "~":
        return said in value
    if isinstance(value, str):  # days, and moments by their day
        if not shapes.day(said):
            raise Refused(400, f"{said!r} is no day")
        return value[:10] >= said if how == ">" else value[:10] <= said
    try:
        return value >= Decimal(said) if how == ">" else value <= Decimal(said)
    except InvalidOperation:
        raise Refused(400, f"{said!r} is no number") from None
