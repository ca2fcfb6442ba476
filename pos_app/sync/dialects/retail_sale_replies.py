"""What servers of the Retail Sale API answer, and what that says of a sale or a void.

An answer is `{"data": …}`. The document names no refusals; a plain `false` where `true` is expected
refuses, whatever its status.
"""

import re
from collections.abc import Generator
from datetime import datetime
from typing import Any

from pos_app.domain.sale import Sale
from pos_app.sync.dialect import (
    Absent,
    Again,
    Ask,
    Done,
    Found,
    Known,
    LookUp,
    NoGoodAnswer,
    Refused,
    Reply,
    SignInNeeded,
    Unclear,
    Undecidable,
    Verdict,
    refusal_of,
)
from pos_app.sync.dialects.retail_sale_requests import ROOT, search
from pos_app.sync.foreign_prices import read_amount
from pos_app.texts import later

_ID = re.compile(r"[0-9]{1,18}")
_VOID = "VOID"
_UNREAD = later("The server did not answer as this API should.")
_NOT_TAKEN = later("The server did not take it.")
_TWO = later("The server has two sales with this number.")
_OTHER = later("The server has this number with other amounts.")
_GONE = later("The server does not have the sale any more.")
_COMPARED = (("totalAmount", "net"), ("totalTaxAmount", "tax"))


def judge_create(reply: Reply, known: Known) -> Verdict:
    """Judge a new sale; the answer is `true` and names no id."""
    del known
    return Done({}) if _data(reply) is True else _failure(reply)


def judge_list(reply: Reply) -> Verdict:
    """Judge a list of sales."""
    return Done({}) if isinstance(_data(reply), list) else _failure(reply)


def judge_void(reply: Reply, known: Known) -> Verdict:
    """Judge a void; `false` says that it was voided before, which is as good."""
    del known
    return Done({}) if isinstance(_data(reply), bool) else _failure(reply)


def judge_found(sale: Sale, reply: Reply) -> Verdict:
    """Judge a search for the one sale that is to be voided."""
    try:
        rows = _numbered(sale, reply)
    except NoGoodAnswer as failure:
        return failure.verdict
    if len(rows) == 1:
        return Done({"sale": id_of(rows[0])})
    return Refused(_TWO if rows else _GONE)


def find_sale(sale: Sale, at: datetime, known: Known) -> LookUp:
    """Look for a sale by its days and number, and compare its amounts."""
    del known
    rows = _numbered(sale, (yield search(sale, at)))
    if not rows:
        return Absent()
    if len(rows) > 1:
        return Undecidable(_TWO)
    row = rows[0]
    if "totalAmount" not in row:
        row = row | (yield from _detail(id_of(row)))
    return _compared(sale, row)


def find_voided(sale_id: str) -> LookUp:
    """Look whether a sale is void."""
    detail = yield from _detail(sale_id)
    if not isinstance(detail.get("status"), str):
        raise NoGoodAnswer(Unclear(_UNREAD))
    return Done({}) if detail["status"] == _VOID else Absent()


def id_of(row: dict[str, Any]) -> str:
    """Return a sale's id there, empty where it has none."""
    found = row.get("saleId")
    text = str(found) if isinstance(found, int | str) else ""
    return text if _ID.fullmatch(text) else ""


def _detail(sale_id: str) -> Generator[Ask, Reply, dict[str, Any]]:
    reply = yield Ask("GET", f"{ROOT}/get/{sale_id}")
    detail = _data(reply)
    if not isinstance(detail, dict):
        raise NoGoodAnswer(_failure(reply))
    return detail


def _numbered(sale: Sale, reply: Reply) -> list[dict[str, Any]]:
    """Return the listed sales with a sale's number; raises NoGoodAnswer."""
    rows = _data(reply)
    if not isinstance(rows, list):
        raise NoGoodAnswer(_failure(reply))
    found = [row for row in rows if isinstance(row, dict) and row.get("saleNumber") == sale.number]
    if not all(isinstance(row, dict) for row in rows) or not all(id_of(row) for row in found):
        raise NoGoodAnswer(Unclear(_UNREAD))
    return found


def _compared(sale: Sale, row: dict[str, Any]) -> Found:
    for field, ours in _COMPARED:
        if field in row and read_amount(row[field]) != getattr(sale, ours).amount:
            return Undecidable(_OTHER)
    return Done({"sale": id_of(row)})


def _data(reply: Reply) -> Any:
    """Return what a reply of 200 holds under `data`, None where it holds nothing."""
    plain = reply.plain()
    return plain.get("data") if reply.status == 200 and isinstance(plain, dict) else None


def _failure(reply: Reply) -> Again | SignInNeeded | Unclear | Refused:
    """Judge a reply that is not the expected one; somebody else's page says nothing."""
    verdict = refusal_of(reply, _reason(reply))
    if isinstance(verdict, Refused) and not isinstance(reply.plain(), dict):
        return Unclear(_UNREAD)
    if reply.status != 200:
        return verdict
    return Refused(_NOT_TAKEN) if _data(reply) is False else Unclear(_UNREAD)


def _reason(reply: Reply) -> str:
    """Return the server's own words, where it has any."""
    plain = reply.plain()
    if isinstance(plain, dict):
        for name in ("message", "error", "detail", "data"):
            if isinstance(plain.get(name), str) and plain[name]:
                return str(plain[name])[:200]
    return _NOT_TAKEN
