"""The catalogue over real HTTP: saving, listing, refusing, and the news of it."""

from collections.abc import Iterator

import httpx2
import pytest

from pos_app.domain.payloads import tax_payload
from pos_app.server.catalogue import EDITED_KINDS
from pos_app.server.catalogue_routes import EditedKind
from pos_app.server.database import Office
from pos_app.server.news import Piece, Topic
from tests.server.serving import Served, serve
from tests.server.told_tills import saved
from tests.store.shops import VAT, product, product_id

BASE = "/office/v1/catalogue"


@pytest.fixture
def served(sqlite_office: Office) -> Iterator[Served]:
    with serve(sqlite_office) as running:
        yield running


@pytest.fixture
def owner(served: Served) -> Iterator[httpx2.Client]:
    with served.as_owner() as client:
        put(client, "tax/A", tax_payload(VAT))
        put(client, "unit/pc", {"code": "pc", "name": "piece", "decimals": 0})
        put(client, "category/c", {"id": "c", "name": "All"})
        yield client


def put(client: httpx2.Client, path: str, state: object, status: int = 200, **more: object) -> dict:
    answer = client.put(f"{BASE}/{path}", json={"state": state, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


def state_of(number: int, **changes: object) -> dict:
    return saved(product(number, taxes=(VAT,))) | changes


def test_a_product_is_saved_listed_found_and_told(served: Served, owner: httpx2.Client):
    heard: list[Piece] = []
    served.app.state.serving.news.listen(heard.append)
    for number in (1, 2, 3):
        put(owner, f"product/{product_id(number)}", state_of(number))
    assert [piece.topic for piece in heard].count(Topic.THINGS) == 3
    shown = owner.get(f"{BASE}/product/{product_id(2)}").json()
    assert (shown["by"], shown["state"]["code"]) == ("Owner", state_of(2)["code"])
    page = owner.get(f"{BASE}/product", params={"limit": 2}).json()
    assert [thing["id"] for thing in page["items"]] == [product_id(1), product_id(2)]
    rest = owner.get(f"{BASE}/product", params={"after": page["next"]}).json()
    assert [thing["id"] for thing in rest["items"]] == [product_id(3)]
    found = owner.get(f"{BASE}/product", params={"search": state_of(3)["code"]}).json()
    assert [thing["id"] for thing in found["items"]] == [product_id(3)]
    log = owner.get("/office/v1/log").json()["items"]
    assert (log[0]["what"], log[0]["about"]) == ("product saved", product_id(3))


def test_a_refused_product_is_neither_kept_nor_logged(owner: httpx2.Client):
    refused = put(owner, f"product/{product_id(1)}", state_of(1, price="-1"), 409)
    assert refused["code"] == "refused"
    for state in ({}, {"price": [1]}, state_of(1, taxes=5)):
        answer = owner.put(f"{BASE}/product/{product_id(1)}", json={"state": state})
        assert answer.status_code in {409, 422}, answer.text
    assert owner.get(f"{BASE}/product/{product_id(1)}").status_code == 404
    what = [line["what"] for line in owner.get("/office/v1/log").json()["items"]]
    assert "product saved" not in what


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(owner: httpx2.Client):
    path = f"product/{product_id(1)}"
    first = put(owner, path, state_of(1), seen=0)
    second = put(owner, path, state_of(1, name="Other"), seen=first["revision"])
    late = put(owner, path, state_of(1, name="Late"), 409, seen=first["revision"])
    assert "meanwhile" in late["message"]
    assert owner.get(f"{BASE}/{path}").json()["revision"] == second["revision"]


def test_every_kind_that_head_office_edits_has_its_route_and_no_other(owner: httpx2.Client):
    assert {kind.value for kind in EditedKind} == set(EDITED_KINDS)
    for kind in EDITED_KINDS:
        assert owner.get(f"{BASE}/{kind}").status_code == 200
    for kind in ("invoice", "shift", "nonsense"):
        assert owner.get(f"{BASE}/{kind}").status_code == 422


@pytest.mark.parametrize("thing_id", ["%00", "a%00b", "x" * 201, "%ED%A0%80"])
def test_an_id_that_no_database_holds_is_refused(owner: httpx2.Client, thing_id: str):
    for answer in (
        owner.get(f"{BASE}/product/{thing_id}"),
        owner.put(f"{BASE}/product/{thing_id}", json={"state": {}}),
    ):
        assert answer.status_code in {404, 409, 422}, answer.text
