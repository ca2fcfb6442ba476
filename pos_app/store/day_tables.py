"""The tables of what business days came to: sums of documents and facts, made after them.

Nothing here is a fact of the shop: all of it follows from documents and journal, and can be made
anew. Each row grows with the document that is added to it; amounts are minor units.
"""

from pos_app.domain.day_figures import SUMMED
from pos_app.store.columns import check, keyed, text, whole

# How far the sums go: the last document, the last entry of the journal, and the currency of facts
# that name none.
day_fold = keyed(
    "day_fold",
    whole("one", key=True),
    whole("sale_row"),
    whole("seq"),
    text("currency"),
    check("one = 1", "is_the_only_one"),
)
day_totals = keyed(
    "day_totals",
    text("business_day", key=True),
    text("currency", key=True),
    *(whole(name) for name in SUMMED),
)
day_slots = keyed(
    "day_slots",
    text("business_day", key=True),
    text("currency", key=True),
    whole("slot", key=True),
    whole("tickets"),
    whole("takings"),
)
day_tenders = keyed(
    "day_tenders",
    text("business_day", key=True),
    text("currency", key=True),
    text("method", key=True),
    whole("payments"),
    whole("taken"),
    whole("given_back"),
)
day_taxes = keyed(
    "day_taxes",
    text("business_day", key=True),
    text("currency", key=True),
    whole("tax", key=True),
    whole("base"),
    whole("amount"),
)
day_staff = keyed(
    "day_staff",
    text("business_day", key=True),
    text("currency", key=True),
    text("staff", key=True),
    whole("tickets"),
    whole("takings"),
    whole("void_count"),
    whole("voids"),
    whole("refund_count"),
    whole("refunds"),
    whole("discount_count"),
    whole("discounts"),
)
# Quantities are millionths of a unit, `times` how often it was bought. Lines without a product go
# by their code and name.
day_products = keyed(
    "day_products",
    text("business_day", key=True),
    text("currency", key=True),
    text("product_id", key=True),
    text("code", key=True),
    text("name", key=True),
    whole("times"),
    whole("items"),
    whole("quantity_micro"),
    whole("takings"),
    whole("net"),
    whole("cost"),
    whole("costed_net"),
)
# The same by month, so that a year is a dozen rows of each product.
month_products = keyed(
    "month_products",
    text("month", key=True),
    text("currency", key=True),
    text("product_id", key=True),
    text("code", key=True),
    text("name", key=True),
    whole("times"),
    whole("items"),
    whole("quantity_micro"),
    whole("takings"),
    whole("net"),
    whole("cost"),
    whole("costed_net"),
)
# When somebody bought a product last.
last_bought = keyed(
    "last_bought",
    text("product_id", key=True),
    text("business_day"),
)
# What leaves no document, by the quarter hour: which business day that is the shop's clock says.
# `seq` is the journal's entry, `cart` the sale that it happened in, empty where in none.
watched_facts = keyed(
    "watched_facts",
    whole("slot", key=True),
    whole("seq", key=True),
    text("currency"),
    text("staff"),
    text("kind"),
    whole("amount"),
    text("cart"),
)
