"""Every page that somebody can look at, by a name of its own."""

from tests.server.offices import SHOP
from tests.server.web.stage import Stage
from tests.store.shops import product_id


def paths_of(stage: Stage) -> dict[str, str]:
    """Return the pages' addresses with the ids of a stage."""
    day = "start=2026-06-01&end=2026-06-01"
    return {
        "overview": "/office/",
        "day": f"/office/day?{day}",
        "week": "/office/day?start=2026-05-25&end=2026-06-01",
        "receipts": f"/office/day/receipts?{day}",
        "receipt": f"/office/day/receipts/{stage.sale_id}",
        "inbox": "/office/inbox",
        "settled": "/office/inbox?state=settled",
        "quarrels": "/office/inbox/quarrels",
        "shops": "/office/shops",
        "shop": f"/office/shops/{SHOP}",
        "new_shop": "/office/shops/new",
        "till": f"/office/shops/{SHOP}/tills/{stage.till_id}",
        "codes": "/office/codes",
        "people": "/office/people",
        "new_person": "/office/people/new",
        "person": "/office/people/" + list(stage.people.values())[-1],
        "log": "/office/log",
        "account": "/office/account",
        "password": "/office/password",
        "products": "/office/products",
        "prices": "/office/prices",
        "categories": "/office/categories",
        "taxes": "/office/taxes",
        "customers": "/office/customers",
        "staff": "/office/staff",
        "settings": "/office/settings",
        "connections": "/office/connections",
        "keys": "/office/keys",
        "product": f"/office/products/edit?id={product_id(1)}",
        "new_product": "/office/products/edit",
        "new_price_list": "/office/prices/list",
        "category": "/office/categories/edit?id=food",
        "new_category": "/office/categories/edit",
        "new_unit": "/office/units/edit",
        "tax": "/office/taxes/edit?id=A",
        "new_tax": "/office/taxes/edit",
        "new_customer": "/office/customers/edit",
        "new_member": "/office/staff/edit",
        "role": "/office/roles/edit?id=supervisor",
        "shop_settings": f"/office/settings/shop?id={SHOP}",
        "new_connection": "/office/connections/edit?api=erp",
        "new_feed": "/office/connections/edit?api=feed",
        "new_key": "/office/keys/new",
        "missing": "/office/nowhere",
    }
