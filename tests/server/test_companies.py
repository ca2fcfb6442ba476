"""Companies and shops at head office, on both databases."""

import pytest

from pos_app.server.companies import (
    Founded,
    Shop,
    ShopThere,
    ShopUnknown,
    TimeZoneUnknown,
    add_shop,
    change_shop,
    company_of,
    list_shops,
)
from pos_app.server.database import Office
from pos_app.server.stamps import stamp
from tests.server.offices import NOW, SHOP


def test_a_company_begins_with_one_shop_and_its_currency(office: Office, founded: Founded):
    with office.company(founded.company_id) as connection:
        company = company_of(connection, founded.company_id)
        shops = list_shops(connection, founded.company_id, "", 10)
    assert (company.name, company.currency, company.revision) == ("Harbour Shops", "EUR", 0)
    assert [shop.code for shop in shops] == [SHOP]


def test_a_second_shop_under_one_code_is_refused_and_the_rest_is_kept(
    office: Office, company_id: str
):
    with office.company(company_id) as connection:
        add_shop(connection, company_id, Shop("quay", "Quay", "Europe/Berlin", stamp(NOW)))
        with pytest.raises(ShopThere, match="quay"):
            add_shop(connection, company_id, Shop("quay", "Other", "UTC", stamp(NOW)))
    with office.company(company_id) as connection:
        shops = list_shops(connection, company_id, SHOP, 10)
    assert [(shop.code, shop.name) for shop in shops] == [("quay", "Quay")]


def test_a_shop_gets_another_name_and_time_zone(office: Office, company_id: str):
    with office.company(company_id) as connection:
        change_shop(connection, company_id, SHOP, name="Old Town", time_zone="Asia/Tokyo")
    with office.company(company_id) as connection:
        (shop,) = list_shops(connection, company_id, "", 10)
        assert (shop.name, shop.time_zone) == ("Old Town", "Asia/Tokyo")
        with pytest.raises(ShopUnknown, match="nowhere"):
            change_shop(connection, company_id, "nowhere", name="X", time_zone=None)
        with pytest.raises(TimeZoneUnknown, match="Moon/Crater"):
            change_shop(connection, company_id, SHOP, name=None, time_zone="Moon/Crater")
