"""The tables of a till's database, private to the store; SQLite STRICT, times as ISO 8601 UTC text.

Decimals are plain text, money is integer minor units, stock is integer millionths of a unit.
Children of a sale are keyed by (sale, line) without a rowid, and keys grow with time, so that a
sale costs the same with a million sales before it.
"""

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from pos_app.domain.cart import SaleKind
from pos_app.domain.money import RoundingMode
from pos_app.domain.payment import TenderMethod
from pos_app.domain.product import ProductKind
from pos_app.domain.stock import MoveReason
from pos_app.domain.tax import TaxRounding
from pos_app.store import day_tables, foreign_tables, record_tables, remote_tables
from pos_app.store.columns import (
    blob,
    check,
    flag,
    keyed,
    metadata,
    numbered,
    one_of,
    row_key,
    text,
    text_or_null,
    whole,
    whole_or_null,
)

till_epochs = numbered(
    "till_epochs",
    whole("epoch", key=True),
    text("store_id"),
    text("till"),
    text("shop"),
    blob("public_key"),
    text("key_place"),
    text("started_at"),
    text("reason"),
    check("epoch > 0", "epoch_counts_from_one"),
    check("length(public_key) = 32", "public_key_is_ed25519"),
)
settings = keyed("settings", text("key", key=True), text("value"))
sequences = keyed(
    "sequences",
    text("series", key=True),
    whole("last"),
    check("last >= 0", "last_counts_up"),
)
journal = numbered(
    "journal",
    whole("seq", key=True),
    text("till"),
    whole("epoch", ForeignKey("till_epochs.epoch")),
    text("id"),
    text("kind"),
    text("at"),
    text("staff"),
    text("payload"),
    blob("prev"),
    blob("hash"),
    blob("signature"),
    check("seq > 0", "seq_counts_from_one"),
    check("length(prev) = 32", "prev_is_sha256"),
    check("length(hash) = 32", "hash_is_sha256"),
    check("length(signature) = 64", "signature_is_ed25519"),
)

units = keyed(
    "units",
    text("code", key=True),
    text("name"),
    whole("decimals"),
    check("decimals >= 0", "decimals_not_negative"),
)
taxes = numbered(
    "taxes",
    row_key(),
    text("code"),
    text("name"),
    text_or_null("rate"),
    text_or_null("fixed_per_unit"),
    whole_or_null("included"),
    whole("affects_next"),
    check("(rate IS NULL) <> (fixed_per_unit IS NULL)", "has_rate_or_fixed"),
    check("included IN (0, 1)", "included_is_flag"),
    flag("affects_next"),
)
listed_taxes = keyed(
    "listed_taxes",
    text("code", key=True),
    whole("tax", ForeignKey("taxes.row")),
)
tax_groups = numbered("tax_groups", row_key())
tax_group_members = keyed(
    "tax_group_members",
    whole("tax_group", ForeignKey("tax_groups.row"), key=True),
    whole("position", key=True),
    whole("tax", ForeignKey("taxes.row")),
)
categories = keyed(
    "categories",
    text("id", key=True),
    text("name"),
    text("colour"),
    whole("position"),
)
products = numbered(
    "products",
    row_key(),
    text("id"),
    text("code"),
    text("name"),
    text_or_null("price"),
    text("unit", ForeignKey("units.code")),
    text("kind"),
    text_or_null("category_id", ForeignKey("categories.id")),
    whole_or_null("tax_group", ForeignKey("tax_groups.row")),
    text("barcodes"),
    text_or_null("cost"),
    text_or_null("min_price"),
    whole("is_active"),
    whole_or_null("tile_position"),
    text("search_text"),
    UniqueConstraint("id"),
    one_of("kind", ProductKind),
    flag("is_active"),
    check("json_type(barcodes) = 'array'", "barcodes_is_list"),
)
Index("products_by_name", products.c.search_text)
Index(
    "products_by_category",
    products.c.category_id,
    products.c.search_text,
    sqlite_where=products.c.category_id.is_not(None),
)
Index(
    "products_by_tile",
    products.c.tile_position,
    sqlite_where=products.c.tile_position.is_not(None),
)
# Own codes and barcodes of active products together: a scan is one look-up, a clash one conflict.
product_codes = keyed(
    "product_codes",
    text("code", key=True),
    whole("product", ForeignKey("products.row")),
)
# Every word of a product's name once: parts of words are looked for here, not among the products.
name_words = numbered("name_words", row_key(), text("word"), UniqueConstraint("word"))
customers = numbered(
    "customers",
    row_key(),
    text("id"),
    text("number"),
    text("name"),
    text("phone"),
    text("email"),
    text("tax_number"),
    text("address"),
    text("city"),
    text("postcode"),
    text("country"),
    text("card_code"),
    text("note"),
    text("contact"),
    text("state"),
    text("category"),
    text("region"),
    text("price_list"),
    whole("is_active"),
    text("search_text"),
    UniqueConstraint("id"),
    flag("is_active"),
)
Index("customers_by_name", customers.c.search_text)
customer_codes = keyed(
    "customer_codes",
    text("code", key=True),
    whole("customer", ForeignKey("customers.row")),
)

sales = numbered(
    "sales",
    row_key(),
    text("id"),
    text("number"),
    text("kind"),
    text("till"),
    text("shop"),
    text("staff"),
    text("at"),
    text("business_day"),
    text("currency"),
    whole("prices_include_tax"),
    text("tax_rounding"),
    text("rounding_mode"),
    text_or_null("step"),
    text_or_null("cash_step"),
    text_or_null("cash_mode"),
    whole_or_null("cash_only"),
    text_or_null("customer_id"),
    text("customer_name"),
    text_or_null("customer"),
    text("discounts"),
    whole("line_count"),
    whole("net"),
    whole("tax"),
    whole("gross"),
    whole("rounding"),
    whole("amount_due"),
    whole("paid"),
    whole("change"),
    text("note"),
    text_or_null("voids_sale_id"),
    UniqueConstraint("id"),
    UniqueConstraint("number"),
    one_of("kind", SaleKind),
    one_of("tax_rounding", TaxRounding),
    one_of("rounding_mode", RoundingMode),
    one_of("cash_mode", RoundingMode),
    flag("prices_include_tax"),
    flag("cash_only"),
    check("line_count > 0", "has_lines"),
    check("net + tax = gross", "net_and_tax_are_gross"),
    check("gross + rounding = amount_due", "gross_and_rounding_are_due"),
    check("paid - change = amount_due", "paid_less_change_is_due"),
    check("(customer IS NULL) = (customer_id IS NULL)", "customer_is_whole"),
)
Index("sales_by_day", sales.c.business_day)
Index("sales_by_customer", sales.c.customer_id, sqlite_where=sales.c.customer_id.is_not(None))
# A document is voided once: the second void meets this index.
Index(
    "sales_by_voided",
    sales.c.voids_sale_id,
    unique=True,
    sqlite_where=sales.c.voids_sale_id.is_not(None),
)
sale_lines = keyed(
    "sale_lines",
    whole("sale", ForeignKey("sales.row"), key=True),
    whole("line_no", key=True),
    text_or_null("product_id", ForeignKey("products.id")),
    text("code"),
    text("name"),
    text("kind"),
    text("quantity"),
    text("unit"),
    text("unit_name"),
    whole("unit_decimals"),
    text("unit_price"),
    text_or_null("list_price"),
    text_or_null("cost"),
    text("discount_percent"),
    text("discount_per_unit"),
    text("discount_reason"),
    whole("net"),
    whole("tax"),
    whole("gross"),
    whole("discount"),
    whole("document_discount"),
    text("taxes"),
    text("note"),
    whole("is_return"),
    text_or_null("returns_sale_id"),
    text("returns_number"),
    whole_or_null("returns_line_no"),
    text("returns_reason"),
    one_of("kind", ProductKind),
    flag("is_return"),
    check("line_no > 0", "line_no_counts_from_one"),
    check("net + tax = gross", "net_and_tax_are_gross"),
)
Index(
    "sale_lines_by_returned",
    sale_lines.c.returns_sale_id,
    sale_lines.c.returns_line_no,
    sqlite_where=sale_lines.c.returns_sale_id.is_not(None),
)
sale_taxes = keyed(
    "sale_taxes",
    whole("sale", ForeignKey("sales.row"), key=True),
    whole("position", key=True),
    whole("tax", ForeignKey("taxes.row")),
    whole("base"),
    whole("amount"),
)
tenders = keyed(
    "tenders",
    whole("sale", ForeignKey("sales.row"), key=True),
    whole("position", key=True),
    text("method"),
    whole("amount"),
    whole("tendered"),
    whole("change"),
    text("reference"),
    text_or_null("foreign_currency"),
    whole_or_null("foreign_tendered"),
    text_or_null("foreign_rate"),
    one_of("method", TenderMethod),
    check("tendered - change = amount", "tendered_less_change_is_amount"),
)
stock_moves = numbered(
    "stock_moves",
    row_key(),
    text("product_id", ForeignKey("products.id")),
    text("location"),
    whole("quantity_micro"),
    text("reason"),
    text("note"),
    text("at"),
    text("document_id"),
    text("batch"),
    one_of("reason", MoveReason),
)
stock_levels = keyed(
    "stock_levels",
    text("product_id", ForeignKey("products.id"), key=True),
    text("location", key=True),
    whole("level_micro"),
)

parked_sales = numbered(
    "parked_sales",
    text("id", key=True),
    text("name"),
    text("at"),
    text("staff"),
    whole("line_count"),
    whole("gross"),
    text("currency"),
    text("cart"),
)
draft = numbered(
    "draft",
    whole("one", key=True),
    text("cart"),
    check("one = 1", "is_the_only_one"),
)
print_jobs = numbered(
    "print_jobs",
    row_key("id"),
    text("printer"),
    text("kind"),
    blob("payload"),
    whole("attempts"),
    text("error"),
    text("created_at"),
    text_or_null("sale_id"),
    reuses_numbers=False,
)
cursors = keyed("cursors", text("remote", key=True), whole("seq"))

__all__ = ["day_tables", "foreign_tables", "metadata", "record_tables", "remote_tables"]
