"""The tables of what business days came to, kept as sums beside the documents.

Every key names the till, so that tills that are judged at the same time never wait for each other.
Figures add up: whatever is placed adds its own, in the transaction that places it. Amounts are
minor units of `currency`, quantities millionths, days and months ISO texts.
"""

from sqlalchemy import Column, Table

from pos_app.domain.day_figures import SUMMED
from pos_app.server.table_parts import of_company, text_column, whole_column


def _sums(name: str, key: str, figures: str, day: str = "business_day") -> Table:
    keys = [day, "currency", "shop", "till_id", *key.split()]
    wholes = {"slot"}
    columns: list[Column[str] | Column[int]] = [
        whole_column(one) if one in wholes else text_column(one) for one in keys
    ]
    columns += [whole_column(one, "0") for one in figures.split()]
    return of_company(name, *columns, key=" ".join(keys))


day_totals = _sums("day_totals", "", " ".join(SUMMED))
day_slots = _sums("day_slots", "slot", "tickets takings")
day_tenders = _sums("day_tenders", "method", "count taken given_back")
day_taxes = _sums("day_taxes", "code name rate", "base amount")
# A line without a product is known by its code and name; of a product only the id is kept.
_PRODUCT_KEY, _PRODUCT_SUMS = (
    "product_id code name",
    # `items` are pieces, `times` how often it was bought.
    "times items quantity_micro takings net cost costed_net",
)
day_products = _sums("day_products", _PRODUCT_KEY, _PRODUCT_SUMS)
month_products = _sums("month_products", _PRODUCT_KEY, _PRODUCT_SUMS, day="month")
day_staff = _sums("day_staff", "staff", "tickets takings")
day_exceptions = _sums("day_exceptions", "staff kind", "count amount")
# What happened beside the documents has a moment and no business day of its own: it is kept by the
# quarter hour, so that it falls on the right day whatever clock the shop is given later.
event_exceptions = of_company(
    "event_exceptions",
    whole_column("slot"),
    text_column("currency"),
    text_column("shop"),
    text_column("till_id"),
    text_column("staff"),
    text_column("kind"),
    whole_column("count", "0"),
    whole_column("amount", "0"),
    key="slot currency shop till_id staff kind",
)
DAY_TABLES = (
    day_totals,
    day_slots,
    day_tenders,
    day_taxes,
    day_products,
    month_products,
    day_staff,
    day_exceptions,
    event_exceptions,
)
