"""An ERP's answers that are none, lists whose pages change, and look-ups that cannot tell."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.sync.dialect import (
    Absent,
    Again,
    Credentials,
    Done,
    NoGoodAnswer,
    Refused,
    Reply,
    SignInNeeded,
    Unclear,
    Undecidable,
)
from pos_app.sync.dialects.erp import ErpApi
from pos_app.sync.dialects.erp_lines import line_ids, same_items
from pos_app.sync.dialects.erp_replies import (
    carries,
    detail_of,
    find_numbered,
    find_state,
    judge_done,
    listed,
    made,
    remarks,
)
from tests.simulators.apis.erp import Erp
from tests.sync.dialects.telling import CREDENTIALS, KnownHere, Teller, answer, walked

API = ErpApi()
HTML = b"<!doctype html><title>Welcome</title>"


def envelope(data: Any, code: int = 200) -> Reply:
    return answer({"code": code, "message": "success", "data": data}, code)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (envelope({"id": "order-1", "orderNo": "SO1"}), Done),
        (envelope({"id": 17, "orderNo": "SO1"}), Done),
        (envelope({"id": "", "orderNo": "SO1"}), Unclear),
        (envelope({"orderNo": "SO1"}), Unclear),
        (envelope({"id": True, "orderNo": "SO1"}), Unclear),
        (envelope(None), Unclear),
        (envelope([]), Unclear),
        (envelope(7), Unclear),
        (answer({"id": "order-1", "orderNo": "SO1"}), Unclear),
        (answer({"code": "200", "data": {"id": "1", "orderNo": "2"}}), Unclear),
        (answer(["ok"]), Unclear),
        (answer({"code": 400, "message": "more than ordered", "data": None}), Refused),
        (envelope(None, 400), Refused),
        (envelope(None, 403), Refused),
        (envelope(None, 404), Refused),
        (envelope(None, 501), Refused),
        (envelope(None, 401), SignInNeeded),
        (envelope(None, 500), Unclear),
        (answer({"code": 200, "data": {"id": "1", "orderNo": "2"}}, 500), Unclear),
        (Reply(401, {}, HTML), SignInNeeded),
        (Reply(404, {}, HTML), Unclear),
        (Reply(200, {}, HTML), Unclear),
        (Reply(501, {}, HTML), Unclear),
        (Reply(429, {"retry-after": "7"}, b""), Again),
        (Reply(200, {}, b'{"code": 200, "data": {"id"'), Unclear),
        (Reply(200, {}, b'{"code": 200, "data": {"id": NaN, "orderNo": "1"}}'), Unclear),
        (Reply(200, {}, b"[" * 100_000), Unclear),
    ],
)
def test_an_answer_is_a_success_only_in_its_envelope_and_with_its_ids(
    reply: Reply, verdict: type
) -> None:
    judge = made(("order", "id"), ("number", "orderNo"))
    assert isinstance(judge(reply, KnownHere(API)), verdict)


def test_a_change_without_ids_needs_the_envelope_all_the_same() -> None:
    here = KnownHere(API)
    assert judge_done(envelope(None), here) == Done({})
    assert isinstance(judge_done(answer({"message": ["ok"], "data": 7}), here), Unclear)
    assert judge_done(answer({"code": 400, "message": "over the limit"}, 400), here) == Refused(
        "over the limit"
    )


def rows_of(count: int) -> list[dict[str, Any]]:
    return [{"id": f"order-{at}"} for at in range(count)]


class Pages:
    """A list whose pages hold what the next of `sizes` says, in turn."""

    def __init__(self, count: int, sizes: Iterator[int]) -> None:
        self.rows, self.sizes, self.asked = rows_of(count), sizes, 0

    def __call__(self, ask: Any) -> Reply:
        self.asked += 1
        page, size = int(dict(ask.query)["page"]), next(self.sizes)
        some = self.rows[(page - 1) * size : page * size]
        data = {"list": some, "total": len(self.rows), "page": page, "pageSize": size}
        return envelope(data)


def again(sizes: list[int]) -> Iterator[int]:
    """Say some sizes, and the last of them for ever."""
    yield from sizes
    while True:
        yield sizes[-1]


@given(st.integers(0, 60), st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_a_list_is_walked_to_its_end_though_its_pages_change_on_the_way(
    count: int, sizes: list[int]
) -> None:
    pages = Pages(count, again(sizes))
    found = walked(listed("/orders"), pages)  # type: ignore[arg-type]
    assert sorted(row["id"] for row in found) == sorted(row["id"] for row in pages.rows)


def test_a_list_that_never_comes_to_its_total_is_no_answer() -> None:
    def send(_ask: Any) -> Reply:
        return envelope({"list": rows_of(2), "total": 5, "page": 1, "pageSize": 2})

    with pytest.raises(NoGoodAnswer) as failure:
        walked(listed("/orders"), send)  # type: ignore[arg-type]
    assert isinstance(failure.value.verdict, Unclear)


@pytest.mark.parametrize(
    "reply",
    [
        envelope({"list": rows_of(1), "total": "1"}),
        envelope({"list": rows_of(1)}),
        envelope({"list": [1], "total": 1}),
        envelope({"list": [{}], "total": 1}),
        envelope({"list": None, "total": 0}),
        envelope(None),
        Reply(200, {}, HTML),
        Reply(404, {}, HTML),
        envelope(None, 500),
    ],
)
def test_a_page_that_is_none_ends_the_walk(reply: Reply) -> None:
    with pytest.raises(NoGoodAnswer) as failure:
        walked(listed("/orders"), lambda _ask: reply)  # type: ignore[arg-type]
    assert isinstance(failure.value.verdict, Unclear)


def test_only_the_servers_own_word_says_that_a_thing_is_gone() -> None:
    assert walked(detail_of("/orders/1"), lambda _a: envelope(None, 404)) is None  # type: ignore[arg-type]
    with pytest.raises(NoGoodAnswer):
        walked(detail_of("/orders/1"), lambda _a: Reply(404, {}, HTML))  # type: ignore[arg-type]


def find(details: list[dict[str, Any]], taken: str = "") -> Any:
    """Look for SO1 among some orders."""
    here = KnownHere(API)
    if taken:
        here.done["order other"] = {"order": taken}

    def send(ask: Any) -> Reply:
        if ask.path == "/orders":
            return envelope({"list": [{"id": d["id"]} for d in details], "total": len(details)})
        (detail,) = [one for one in details if ask.path == f"/orders/{one['id']}"]
        return envelope(detail)

    return walked(
        find_numbered(
            "/orders",
            (),
            lambda row: carries(row, "SO1"),
            lambda row: row.get("sum") == 7,
            lambda row: {"order": str(row.get("id"))},
            here,
        ),
        send,
    )


def test_a_look_up_compares_and_never_takes_what_another_thing_of_ours_has() -> None:
    ours = {"id": "a", "remarks": "SO1", "sum": 7}
    other = {"id": "b", "remarks": "SO12", "sum": 7}
    assert find([]) == Absent()
    assert find([other]) == Absent()
    assert find([other, ours]) == Done({"order": "a"})
    assert find([ours], taken="a") == Absent()
    assert isinstance(find([ours | {"sum": 8}]), Undecidable)
    assert isinstance(find([ours, ours | {"id": "c"}]), Undecidable)


def test_remarks_carry_a_number_and_no_other_one() -> None:
    assert carries({"remarks": remarks("SO1", "as agreed")}, "SO1")
    assert carries({"remarks": remarks("SO1")}, "SO1")
    for other in ("SO12", "XSO1", "SO1x · y", None, 1, ""):
        assert not carries({"remarks": other}, "SO1")


def test_a_state_says_whether_a_change_was_done() -> None:
    def look(status: str) -> Any:
        walk = find_state(
            "/orders/1",
            lambda row: row["status"] == "approved",
            lambda row: row["status"] == "draft",
        )
        return walked(walk, lambda _ask: envelope({"status": status}))

    assert look("approved") == Done({})
    assert look("draft") == Absent()
    assert isinstance(look("cancelled"), Undecidable)


def test_lines_there_are_ours_by_product_and_quantity() -> None:
    there = [
        {"id": "i1", "productId": "p", "quantity": 2},
        {"id": "i2", "productId": "p", "quantity": 5},
        {"id": 3, "productId": "q", "quantity": 1},
    ]
    five = ("line 1", "p", Decimal("5.0"))
    assert line_ids([five, ("line 2", "p", Decimal(2))], there) == {"line 1": "i2", "line 2": "i1"}
    assert line_ids([("line 9", "q", None)], there) == {"line 9": "3"}
    assert line_ids([("line 1", "x", None)], there) is None
    assert line_ids([five], "lines") is None
    assert line_ids([five] * 3, there) is None


def test_lines_are_the_same_whatever_their_order_and_the_look_of_their_numbers() -> None:
    sent = [{"p": "a", "q": 2}, {"p": "b", "q": Decimal("1.50")}]
    assert same_items(sent, [{"p": "b", "q": Decimal("1.5")}, {"p": "a", "q": 2, "x": 1}], "p", "q")
    assert not same_items(sent, [{"p": "a", "q": 2}], "p", "q")
    assert not same_items(sent, [{"p": "a", "q": 2}, {"p": "b", "q": 1}], "p", "q")
    assert not same_items(sent, None, "p", "q")


def test_a_user_name_and_a_password_get_a_token_that_opens_everything() -> None:
    server = Erp("admin", "abc123")
    teller = Teller(API, server)
    first = API.probes(teller.known)
    assert isinstance(first[0].judge(teller.send(first[0].ask)), SignInNeeded)
    teller.sign_in()
    assert [probe.judge(teller.send(probe.ask)) for probe in first] == [Done({})] * 3
    assert all(not probe.ask.is_change for probe in first)
    assert {one.method for one in server.arrived if one.path.startswith("/api/v1/sales")} == {"GET"}


def test_without_a_user_name_the_key_is_the_token() -> None:
    alone = Credentials("", "jwt.of.ours")
    assert API.sign_in(alone) is None
    ask = API.with_key(API.probes(KnownHere(API))[0].ask, alone)
    assert ask.headers["Authorization"] == "Bearer jwt.of.ours"


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (envelope(None, 401), SignInNeeded),
        (envelope(None, 400), SignInNeeded),
        (envelope({"token": ""}), Unclear),
        (envelope({"token": 7}), None),
        (envelope({}), Unclear),
        (Reply(200, {}, HTML), Unclear),
        (Reply(503, {}, HTML), Unclear),
        (Reply(429, {}, b""), Again),
    ],
)
def test_a_sign_in_without_a_token_says_why(reply: Reply, verdict: type | None) -> None:
    if verdict is None:
        assert API.token(reply) == "7"
        return
    with pytest.raises(NoGoodAnswer) as failure:
        API.token(reply)
    assert isinstance(failure.value.verdict, verdict)


def test_the_token_is_read_from_the_answer() -> None:
    ask = API.sign_in(CREDENTIALS)
    assert ask is not None
    assert (ask.path, ask.body) == (
        "/api/v1/auth/login",
        {"username": "admin", "password": "abc123"},
    )
    assert API.token(envelope({"token": "a.b.c"})) == "a.b.c"
