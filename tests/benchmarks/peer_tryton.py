"""Sells at Tryton's point of sale, one sale for each line on standard input.

Runs in an environment of its own with `trytond`, `trytond_sale_point` and `proteus`; the set-up
follows the module's own test scenario. Prints the ms that each sale took: five lines saved with
their tax, paid in cash, and posted (stock moves and the ledger).
"""

import os
import sys
from decimal import Decimal
from time import perf_counter_ns

folder = sys.argv[1]
os.environ.setdefault("TRYTOND_DATABASE_URI", "sqlite://")
os.environ["TRYTOND_DATABASE__PATH"] = folder
os.environ["DB_NAME"] = "peer"

from proteus import Model  # type: ignore[import-not-found]  # noqa: E402
from trytond.modules.account.tests.tools import (  # type: ignore[import-not-found]  # noqa: E402
    create_chart,
    create_fiscalyear,
    create_tax,
    get_accounts,
)
from trytond.modules.account_invoice.tests.tools import (  # type: ignore[import-not-found]  # noqa: E402
    set_fiscalyear_invoice_sequences,
)
from trytond.modules.company.tests.tools import (  # type: ignore[import-not-found]  # noqa: E402
    create_company,
)
from trytond.tests.tools import activate_modules  # type: ignore[import-not-found]  # noqa: E402

PRODUCTS, LINES = 20, 5


def prepare():  # type: ignore[no-untyped-def]
    """Make the company, its accounts, a tax, products, and a point of sale."""
    activate_modules("sale_point", create_company, create_chart)
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    accounts = get_accounts()
    tax = create_tax(Decimal(".20"))
    tax.save()
    category = Model.get("product.category")(name="Goods", accounting=True)
    category.account_revenue = accounts["revenue"]
    category.customer_taxes.append(tax)
    category.save()
    (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
    products = [_product(number, unit, category) for number in range(PRODUCTS)]
    pos = Model.get("sale.point")(name="Counter")
    (pos.journal,) = Model.get("account.journal").find([("type", "=", "revenue")], limit=1)
    pos.sequence = Model.get("ir.sequence.strict")(name="Counter", company=pos.company)
    (pos.sequence.sequence_type,) = Model.get("ir.sequence.type").find(
        [("name", "=", "POS")], limit=1
    )
    pos.sequence.save()
    locations = Model.get("stock.location")
    (pos.storage_location,) = locations.find([("code", "=", "STO")])
    (pos.customer_location,) = locations.find([("code", "=", "CUS")])
    pos.save()
    cash = Model.get("sale.point.payment.method")(name="Cash", account=accounts["cash"], cash=True)
    cash.save()
    return pos, cash, products


def _product(number: int, unit, category):  # type: ignore[no-untyped-def]
    template = Model.get("product.template")(name=f"Article {number}")
    template.default_uom = unit
    template.type = "goods"
    template.salable = True
    template.account_category = category
    template.gross_price = Decimal("12.0000")
    template.save()
    return template.products[0]


def sell(pos, cash, products, turn: int) -> float:  # type: ignore[no-untyped-def]
    sale = Model.get("sale.point.sale")(point=pos)
    for place in range(LINES):
        line = sale.lines.new()
        line.product = products[(turn * LINES + place) % PRODUCTS]
        line.quantity = 1
    begun = perf_counter_ns()
    sale.save()
    payment = sale.click("pay")
    payment.form.method = cash
    payment.execute("pay")
    sale.click("post")
    took = (perf_counter_ns() - begun) / 1e6
    assert sale.state == "posted", sale.state
    return took


if __name__ == "__main__":
    counter = prepare()
    print("ready", flush=True)
    for turn, _ in enumerate(sys.stdin):
        print(sell(*counter, turn), flush=True)
