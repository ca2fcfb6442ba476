"""The sales data feed as it is spoken: read only, every sale of a company in one answer.

Published as `pos-sales-data-feed.md`. Where the published table and sample disagree, the sample
holds: gross is net with tax. What an answer must have is held against it to the last field: half a
feed, or somebody else's page, is no good answer.
"""
# ruff: noqa: ARG002 - the dialect's protocol names what other APIs need

import re
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from pos_app.domain.sales_feed import FeedDocument, FeedLine
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
    Step,
    Unclear,
    Verdict,
    refusal_of,
)
from pos_app.texts import later, t

PATH = "/companies/{company}/connections/{connection}/data/sales"
_MOST_PLACES = 30  # before or behind the point: no shop sells that much, or that little
_CURRENCY = re.compile(r"[A-Z]{3}")
_REFUSED = later("The feed was not given (status {status}).")
_NO_FEED = later("The answer is no sales data feed: {problem}.")
_STAYS = later("The feed is only read. Nothing is sent there.")
_READING = later("Reading the feed")


class DataFeed:
    """The dialect; every method is pure."""

    api = "feed"
    title = "Sales data feed"
    needs = frozenset({"key", "company", "connection"})
    options: tuple[Option, ...] = ()

    def abilities(self, known: Known) -> tuple[Ability, ...]:
        """Say that nothing goes there: a feed is read and reconciled."""
        return tuple(Ability(kind, False, _STAYS) for kind in Carried)

    def sign_in(self, credentials: Credentials) -> Ask | None:
        """Return nothing: the key itself opens the feed."""
        return None

    def token(self, reply: Reply) -> str:
        """Return no token; there is no sign-in."""
        return ""

    def with_key(self, ask: Ask, credentials: Credentials) -> Ask:
        """Return a request with company and connection in its path and the key, without a scheme.

        Their places stand in the path of the request until then.
        """
        path = ask.path.format(
            company=quote(credentials.company, safe=""),
            connection=quote(credentials.connection, safe=""),
        )
        headers = {**ask.headers, "Authorization": credentials.key}
        return replace(ask, path=path, headers=headers)

    def probes(self, known: Known) -> tuple[Probe, ...]:
        """Return the one thing to try: reading the feed."""
        return (Probe(_READING, Ask("GET", PATH), _judged),)

    def steps(self, thing: Outgoing, known: Known) -> Sequence[Step]:
        """Return nothing: nothing is sent there."""
        return ()

    def customers(self) -> Generator[Ask, Reply, list[RemoteCustomer]] | None:
        """Return nothing: a feed lists no customers."""
        return None

    def sales(self) -> Generator[Ask, Reply, list[FeedDocument]]:
        """Ask for the feed and return its documents; raises NoGoodAnswer."""
        reply = yield Ask("GET", PATH)
        return documents_of(reply)


def documents_of(reply: Reply) -> list[FeedDocument]:
    """Read the documents of a feed's answer; raises NoGoodAnswer where it is none, or half of one.

    Fields of which the document says nothing are passed over.
    """
    if reply.status != 200:
        raise NoGoodAnswer(refusal_of(reply, t(_REFUSED).format(status=reply.status)))
    plain = reply.plain()
    if not isinstance(plain, dict) or not isinstance(plain.get("results"), list):
        raise _no_feed("results")
    return [_document(one, f"results.{at}") for at, one in enumerate(plain["results"])]


def _judged(reply: Reply) -> Verdict:
    try:
        documents_of(reply)
    except NoGoodAnswer as failure:
        return failure.verdict
    return Done({})


def _document(plain: Any, place: str) -> FeedDocument:
    data = _field(_map(plain, place), "data", place)
    data, place = _map(data, f"{place}.data"), f"{place}.data"
    net = _number(data, "transaction_net_value", place)
    gross = _number(data, "transaction_gross_value", place)
    tax = _optional_number(data, "transaction_tax_value", place)  # the published table lacks it
    currency = _text(data, "transaction_currency", place)
    if not _CURRENCY.fullmatch(currency):
        raise _no_feed(f"{place}.transaction_currency")
    lines = _field(data, "line_items", place)
    if not isinstance(lines, list):
        raise _no_feed(f"{place}.line_items")
    return FeedDocument(
        id="",
        reference=_text(data, "transaction_reference", place),
        day=_day(data, "transaction_date", place),
        due=None
        if data.get("transaction_due_date") is None
        else _day(data, "transaction_due_date", place),
        currency=currency,
        net=net,
        tax=gross - net if tax is None else tax,
        gross=gross,
        outstanding=_optional_number(data, "transaction_outstanding_amount", place),
        lines=tuple(
            _line(line, f"{place}.line_items.{at}", str(at)) for at, line in enumerate(lines, 1)
        ),
    )


def _line(plain: Any, place: str, key: str) -> FeedLine:
    line = _map(plain, place)
    return FeedLine(
        key=key,
        name=_text(line, "product_name", place),
        identifier=_text(line, "item_identifier", place),
        quantity=_number(line, "item_quantity", place),
        net=_number(line, "item_total_net_value", place),
        tax=_number(line, "item_total_tax_value", place),
        gross=_number(line, "item_total_gross_value", place),
    )


def _map(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _no_feed(place)
    return value


def _field(data: dict[str, Any], name: str, place: str) -> Any:
    if name not in data:
        raise _no_feed(f"{place}.{name}")
    return data[name]


def _text(data: dict[str, Any], name: str, place: str) -> str:
    value = _field(data, name, place)
    if not isinstance(value, str):
        raise _no_feed(f"{place}.{name}")
    return value


def _number(data: dict[str, Any], name: str, place: str) -> Decimal:
    value = _field(data, name, place)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _no_feed(f"{place}.{name}")
    number = Decimal(value)
    if abs(number.adjusted()) > _MOST_PLACES:
        raise _no_feed(f"{place}.{name}")
    return number


def _optional_number(data: dict[str, Any], name: str, place: str) -> Decimal | None:
    return None if data.get(name) is None else _number(data, name, place)


def _day(data: dict[str, Any], name: str, place: str) -> date:
    text = _text(data, name, place)
    try:
        moment = datetime.fromisoformat(text)
        return moment.date() if moment.tzinfo is None else moment.astimezone(UTC).date()
    except (ValueError, OverflowError) as failure:
        raise _no_feed(f"{place}.{name}") from failure


def _no_feed(problem: str) -> NoGoodAnswer:
    return NoGoodAnswer(Unclear(t(_NO_FEED).format(problem=problem)))
