"""Products are found by a piece of name or code, group and state, page by page in code order."""

import pytest

from pos_app.domain.payloads import tax_payload
from pos_app.server.catalogue import save_thing
from pos_app.server.database import Office
from pos_app.server.product_finding import ProductSearch, find_products
from tests.server.offices import NOW
from tests.server.told_tills import saved
from tests.store.shops import VAT, product

MANY = 23


@pytest.fixture
def stocked(office: Office, company_id: str) -> Office:
    with office.company(company_id) as connection:

        def save(kind: str, thing_id: str, state: dict[str, object]) -> None:
            save_thing(connection, company_id, kind, thing_id, state, "Owner", NOW)

        save("tax", "A", tax_payload(VAT))
        save("unit", "pc", {"code": "pc", "name": "piece", "decimals": 0})
        for group in ("c", "d"):
            save("category", group, {"id": group, "name": f"Group {group}"})
        for number in range(1, MANY + 1):
            made = product(
                number,
                taxes=(VAT,),
                category_id="c" if number % 2 else "d",
                is_active=number % 5 != 0,
                name=f"ÄPFEL 10% {number}" if number % 7 == 0 else f"Brot_{number}",
            )
            save("product", made.id, saved(made))
    return office


def codes(office: Office, company_id: str, **wanted: object) -> list[str]:
    """Walk all pages of a search."""
    found: list[str] = []
    after = ""
    with office.company(company_id) as connection:
        while True:
            search = ProductSearch(**{"limit": 4, "after": after, **wanted})  # type: ignore[arg-type]
            page = find_products(connection, company_id, search)
            assert len(page.products) <= 4
            found += [one["code"] for one in page.products]
            if not page.after:
                return found
            assert page.after != after
            after = page.after


def test_every_search_finds_all_that_fit_once_and_in_order(
    stocked: Office, company_id: str
) -> None:
    every = sorted(f"P{number}" for number in range(1, MANY + 1))
    assert codes(stocked, company_id) == every
    assert codes(stocked, company_id, words="äpfel") == ["P14", "P21", "P7"]
    assert codes(stocked, company_id, words="10% äPF 2") == ["P21"]
    assert codes(stocked, company_id, words="brot_2") == ["P2", "P20", "P22", "P23"]
    assert codes(stocked, company_id, words="0000000003") == ["P3"]  # a piece of its barcode
    assert codes(stocked, company_id, words='"') == []
    assert codes(stocked, company_id, words="goods") == []  # its kind is no name
    assert codes(stocked, company_id, category="d", status="inactive") == ["P10", "P20"]
    assert codes(stocked, company_id, status="active", category="c") == sorted(
        f"P{number}" for number in range(1, MANY + 1, 2) if number % 5
    )
