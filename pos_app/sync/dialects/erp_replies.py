"""What an ERP of the published sales module answers: its envelope, its lists, its details.

Every answer is `{"code", "message", "data"}`. Lists are walked to their end, whatever size their
pages have, and even where that changes on the way.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

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
from pos_app.texts import later

BASE = "/api/v1/sales"
CUSTOMERS, QUOTATIONS, ORDERS = f"{BASE}/customers", f"{BASE}/quotations", f"{BASE}/orders"
DELIVERIES, INVOICES, RETURNS = f"{BASE}/deliveries", f"{BASE}/invoices", f"{BASE}/returns"
PAGE_SIZE = 100
_ROUNDS = 8
_BEHIND = " · "
_UNREAD = later("The server did not answer as this API should.")
_NOT_TAKEN = later("The server did not take it.")
_NO_END = later("The server's list does not come to the number that it names.")
_TWICE = later("The server has it more than once.")
_DIFFERS = later("The server has this number with other figures.")
Row = dict[str, Any]
Failure = Refused | Again | SignInNeeded | Unclear


def judged(reply: Reply, ids_of: Callable[[Any], Mapping[str, str] | None]) -> Verdict:
    """Judge a change; `ids_of` takes the answer's data and returns None where ids are missing."""
    if not _is_success(reply):
        return failure(reply)
    found = ids_of(reply.plain().get("data"))
    return Unclear(_UNREAD) if found is None else Done(found)


def made(*fields: tuple[str, str]) -> Callable[[Reply, Known], Verdict]:
    """Return the judge of something new: which of the data's fields are kept as which ids."""

    def ids_of(data: Any) -> Mapping[str, str] | None:
        if not isinstance(data, dict):
            return None
        found = {name: text_of(data.get(field)) for name, field in fields}
        return found if all(found.values()) else None

    return lambda reply, _known: judged(reply, ids_of)


def judge_done(reply: Reply, known: Known) -> Verdict:
    """Judge a change that leaves no id behind."""
    del known
    return judged(reply, lambda _data: {})


def failure(reply: Reply) -> Failure:
    """Judge a reply that is no success; what is not built (501) was not done for sure."""
    plain = reply.plain()
    code = plain.get("code") if isinstance(plain, dict) else None
    said = plain.get("message") if isinstance(plain, dict) else None
    reason = said[:200] if isinstance(said, str) and said else _NOT_TAKEN
    is_said = isinstance(code, int) and 400 <= code < 600
    status = code if isinstance(code, int) and is_said and reply.status < 400 else reply.status
    if is_said and status in {403, 501}:  # signing in again would not help
        return Refused(reason)
    verdict = refusal_of(Reply(status, reply.headers, reply.body), reason)
    # Without the envelope it is somebody else's page, which refuses nothing.
    return verdict if is_said or not isinstance(verdict, Refused) else Unclear(_UNREAD)


def listed(path: str, *query: tuple[str, str]) -> Generator[Ask, Reply, list[Row]]:
    """Walk a list to its end and return its rows, each once; raises NoGoodAnswer."""
    for _ in range(_ROUNDS):
        found: dict[str, Row] = {}
        page, total = 0, 1
        while len(found) < total and page <= total:  # a page has one row or more
            page += 1
            asked = (*query, ("page", str(page)), ("pageSize", str(PAGE_SIZE)))
            rows, total = page_of((yield Ask("GET", path, asked)))
            found.update((text_of(row.get("id")), row) for row in rows)
            if not rows:
                break
        if len(found) >= total:
            return list(found.values())
    # Pages that grow on the way leave a gap; they do so again and again.
    raise NoGoodAnswer(Unclear(_NO_END))


def page_of(reply: Reply) -> tuple[list[Row], int]:
    """Return the rows of a page, and how many the whole list has; raises NoGoodAnswer."""
    if not _is_success(reply):
        raise NoGoodAnswer(failure(reply))
    data = reply.plain().get("data")
    rows = data.get("list") if isinstance(data, dict) else None
    total = data.get("total") if isinstance(data, dict) else None
    is_list = isinstance(rows, list) and all(
        isinstance(row, dict) and text_of(row.get("id")) for row in rows
    )
    if not isinstance(rows, list) or not is_list or not isinstance(total, int):
        raise NoGoodAnswer(Unclear(_UNREAD))
    return rows, total


def detail_of(path: str) -> Generator[Ask, Reply, Row | None]:
    """Return one thing whole, None where there is none; raises NoGoodAnswer."""
    reply = yield Ask("GET", path)
    data = data_of(reply)
    plain = reply.plain()
    if reply.status == 404 and isinstance(plain, dict) and plain.get("code") == 404:
        return None
    if not isinstance(data, dict):
        raise NoGoodAnswer(failure(reply))
    return data


def data_of(reply: Reply) -> Any:
    """Return the data of a success, None where it is none."""
    return reply.plain().get("data") if _is_success(reply) else None


def find_numbered(
    path: str,
    query: Sequence[tuple[str, str]],
    bears: Callable[[Row], bool],
    is_same: Callable[[Row], bool],
    ids_of: Callable[[Row], Mapping[str, str]],
    known: Known,
) -> LookUp:
    """Look among the things of a list that are nobody's yet for the one that bears our number.

    `bears` and `is_same` are asked of its detail; `ids_of` gives the ids, the thing's own first.
    """
    hits: list[Row] = []
    for row in (yield from listed(path, *query)):
        name = next(iter(ids_of(row)))
        if known.is_taken(name, text_of(row.get("id"))):
            continue
        detail = yield from detail_of(f"{path}/{text_of(row.get('id'))}")
        if detail is not None and bears(detail):
            hits.append(detail)
    return _one_of(hits, is_same, ids_of)


def _one_of(
    hits: Sequence[Row],
    is_same: Callable[[Row], bool],
    ids_of: Callable[[Row], Mapping[str, str]],
) -> Found:
    if not hits:
        return Absent()
    if len(hits) > 1:
        return Undecidable(_TWICE)
    return Done(ids_of(hits[0])) if is_same(hits[0]) else Undecidable(_DIFFERS)


def find_state(path: str, is_done: Callable[[Row], bool], is_open: Callable[[Row], bool]) -> LookUp:
    """Look at a thing's state: whether a change of it was done, or is still to be done."""
    detail = yield from detail_of(path)
    if detail is None:
        return Undecidable(later("The server does not have it any more."))
    if is_done(detail):
        return Done({})
    return Absent() if is_open(detail) else Undecidable(_DIFFERS)


def find_gone(path: str) -> LookUp:
    """Look whether a thing was deleted."""
    detail = yield from detail_of(path)
    return Done({}) if detail is None else Absent()


def remarks(number: str, text: str = "") -> str:
    """Return remarks that carry our number, so that the thing can be found by it."""
    return f"{number}{_BEHIND}{text}" if text else number


def carries(row: Row, number: str) -> bool:
    """Whether a thing's remarks carry our number."""
    text = row.get("remarks")
    return isinstance(text, str) and (text == number or text.startswith(number + _BEHIND))


def text_of(plain: Any) -> str:
    """Return an id, a number or a text as a text; empty where it is none of them."""
    if isinstance(plain, bool) or not isinstance(plain, int | str):
        return ""
    return str(plain).strip()


def _is_success(reply: Reply) -> bool:
    plain = reply.plain()
    return reply.status == 200 and isinstance(plain, dict) and plain.get("code") == 200
