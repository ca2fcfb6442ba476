"""The tables of head office, for PostgreSQL and SQLite alike.

Every table of a company's begins its key with `company_id`, so that a distributed PostgreSQL could
shard by it; on PostgreSQL row-level security lets a transaction see one company only. Ids are
UUIDv7 texts, moments ISO 8601 UTC texts of milliseconds, money integer minor units, quantities
integer millionths of a unit, states canonical JSON. `doors` alone belongs to no
company: it says which company a secret opens, and holds nothing but hashes.
"""

from sqlalchemy import Column, Index, Table, Text, literal_column

from pos_app.server.day_tables import DAY_TABLES
from pos_app.server.door_tables import DOOR_TABLES
from pos_app.server.table_parts import (
    PARTITIONED,
    PARTITIONS,
    metadata,
)
from pos_app.server.table_parts import blob_column as _blob
from pos_app.server.table_parts import of_company as _of_company
from pos_app.server.table_parts import small_column as _small
from pos_app.server.table_parts import text_column as _text
from pos_app.server.table_parts import whole_column as _whole

# Tables without a company: everything else is under row-level security.
SHARED = ("doors",)

# Which company a secret opens: the SHA-256 (hex) of an enrolment code, a token, an API key or a
# sign-in name. `subject` is the id of the till, person or key; `expires_at` empty for ever.
doors = Table(
    "doors",
    metadata,
    Column("hash", Text, primary_key=True),
    _text("kind"),  # enrolment, access, refresh, api_key, sign_in, session
    _text("company_id"),
    _text("subject"),
    _text("expires_at", ""),
    _text("used_at", ""),
    _text("family", ""),  # the refresh tokens that came from one enrolment
)
Index("doors_by_subject", doors.c.company_id, doors.c.subject)
Index("doors_by_family", doors.c.family)

companies = _of_company(
    "companies",
    _text("name"),
    _text("currency", "EUR"),
    _whole("revision", "0"),
    _blob("signing_key"),
    _text("made_at"),
    _small("is_sample", "0"),
    key="",
)
shops = _of_company(
    "shops", _text("code"), _text("name"), _text("time_zone", "UTC"), _text("made_at"), key="code"
)
tills = _of_company(
    "tills",
    _text("id"),
    _text("shop"),
    _text("till"),  # its number in the shop, as on its receipts
    _text("name", ""),
    _text("store_id"),
    _text("state"),  # active, revoked
    _small("epoch"),
    _text("enrolled_at"),
    _text("heard_at", ""),
    _whole("pulled_revision", "0"),
    _text("version", ""),
    key="id",
)
Index("tills_by_store", tills.c.company_id, tills.c.store_id)
# A till's journal has one branch per epoch, and one more for each machine that told other entries
# under the same epoch (a cloned disk): branch 0 is the first that head office heard.
branches = _of_company(
    "branches",
    _text("till_id"),
    _small("epoch"),
    _small("branch"),
    _blob("public_key"),
    _whole("first_seq"),
    _text("first_prev"),
    _whole("seq"),  # the last entry stored without a gap
    _text("hash"),
    _whole("judged_seq"),
    _whole("receipts", "0"),
    _whole("total_minor", "0"),
    _text("state"),  # open, closed (a later epoch began), forked
    _text("reason", ""),
    key="till_id epoch branch",
)
journal = _of_company(
    "journal",
    _text("till_id"),
    _small("epoch"),
    _small("branch"),
    _whole("seq"),
    _text("id"),
    _text("kind"),
    _text("at"),
    _text("staff"),
    _text("payload"),
    _blob("prev"),
    _blob("hash"),
    _blob("signature"),
    _text("stored_at"),
    key="till_id epoch branch seq",
)
Index("journal_by_id", journal.c.company_id, journal.c.id)
# What is worth a look is asked for by its moment; few entries are that.
is_watched = journal.c.kind.in_(
    [literal_column(f"'{kind}'") for kind in (
        "drawer_opened", "line_removed", "price_overridden", "quantity_lowered", "sale_discarded"
    )]
)  # fmt: skip
Index("journal_watched", journal.c.company_id, journal.c.at,
      postgresql_where=is_watched, sqlite_where=is_watched)  # fmt: skip
# Entries that no rule could take: each waits with a reason, and the rest goes on.
inbox = _of_company(
    "inbox",
    _text("id"),
    _text("till_id"),
    _small("epoch"),
    _small("branch"),
    _whole("seq"),
    _text("kind"),
    _text("at"),
    _text("reason"),
    _text("remedy"),  # the remedy offered: retry, accept, drop, office
    _text("state"),  # waiting, settled
    _text("settled_by", ""),
    _text("settled_at", ""),
    _text("made_at"),
    _text("raw", ""),  # entries that were damaged, as the till sent them: JSON list of WireEntry
    key="id",
)
Index("inbox_by_state", inbox.c.company_id, inbox.c.state, inbox.c.made_at)
Index("inbox_by_entry", inbox.c.company_id, inbox.c.till_id, inbox.c.epoch, inbox.c.seq)

# What the tills sell by, and what they changed: one row for each thing, its latest state.
things = _of_company(
    "things",
    _text("kind"),
    _text("id"),
    _text("shop", ""),  # empty: for every shop
    _whole("revision"),
    _text("state"),
    _text("by", ""),  # "till 2", or the name of a person at head office
    _text("till_id", ""),  # which till it came from, empty for head office
    _text("at"),
    _text("lost", ""),
    _small("is_pulled", "1"),
    key="kind id",
)
Index("things_by_revision", things.c.company_id, things.c.revision, things.c.kind, things.c.id)
# Every state that a thing had, so that a till's change can be merged with what it started from.
thing_states = _of_company(
    "thing_states",
    _text("kind"),
    _text("id"),
    _whole("revision"),
    _text("state"),
    _text("by", ""),
    _text("at"),
    key="kind id revision",
)
# What each till told of a thing last: its next change goes back to that, unless it pulled since.
tellings = _of_company(
    "tellings",
    _text("kind"),
    _text("id"),
    _text("till_id"),
    _small("epoch"),
    _whole("base"),  # the revision that the till's change went back to
    _text("state"),
    key="kind id till_id",
)
quarrels = _of_company(
    "quarrels",
    _text("id"),
    _text("kind"),
    _text("thing_id"),
    _whole("revision"),
    _text("lost"),  # JSON list of {name, kept, lost}
    _text("by"),
    _text("at"),
    _text("state"),  # shown, settled
    key="id",
)

# Stock as sums of movements, by who moved it.
stock_levels = _of_company(
    "stock_levels",
    _text("shop"),
    _text("product_id"),
    _text("location"),
    _text("till_id"),
    _whole("level_micro"),
    _whole("revision"),
    key="shop product_id location till_id",
)
Index("stock_by_revision", stock_levels.c.company_id, stock_levels.c.shop, stock_levels.c.revision)

# Documents of the counter, for lists, sums and the sales APIs; the journal holds the whole truth.
sales = _of_company(
    "sales",
    _text("id"),
    _text("shop"),
    _text("till_id"),
    _small("epoch"),
    _small("branch"),
    _whole("seq"),
    _text("number"),
    _text("kind"),
    _text("at"),
    _text("business_day"),
    _text("staff"),
    _text("customer_id", ""),
    _text("voids", ""),
    _text("currency"),
    _whole("net"),
    _whole("tax"),
    _whole("gross"),
    _whole("rounding"),
    _whole("amount_due"),
    _text("stored_at"),
    _text("flag", ""),  # what is wrong with it, where a person took it all the same
    key="id",
)
Index("sales_by_day", sales.c.company_id, sales.c.shop, sales.c.business_day)
Index("sales_by_number", sales.c.company_id, sales.c.number)
# Few documents are voids, and each is asked for by what it voids.
_is_void = sales.c.voids != literal_column("''")
Index("sales_by_void", sales.c.company_id, sales.c.voids,
      postgresql_where=_is_void, sqlite_where=_is_void)  # fmt: skip
Index("sales_by_entry", sales.c.company_id, sales.c.till_id, sales.c.epoch, sales.c.seq)
sale_lines = _of_company(
    "sale_lines",
    _text("sale_id"),
    _small("line_no"),
    _text("product_id", ""),
    _text("code"),
    _text("name"),
    _text("quantity"),
    _text("unit_price"),
    _whole("net"),
    _whole("tax"),
    _whole("gross"),
    _whole("discount"),
    _text("business_day"),
    key="sale_id line_no",
)
Index("lines_by_product", sale_lines.c.company_id, sale_lines.c.product_id)
sale_taxes = _of_company(
    "sale_taxes",
    _text("sale_id"),
    _small("position"),
    _text("code"),
    _text("name"),
    _text("rate"),
    _whole("base"),
    _whole("amount"),
    key="sale_id position",
)
tenders = _of_company(
    "tenders",
    _text("sale_id"),
    _small("position"),
    _text("method"),
    _whole("amount"),
    _text("reference"),
    key="sale_id position",
)

accounts = _of_company(
    "accounts",
    _text("id"),
    _text("email"),
    _text("name"),
    _text("role"),  # owner, manager, auditor
    _text("password"),  # argon2id
    _text("state"),  # active, stopped
    _text("made_at"),
    key="id",
)
log = _of_company(
    "log",
    _text("id"),
    _text("at"),
    _text("who"),
    _text("what"),
    _text("about"),
    key="id",
)

# Keys of the sales APIs: each opens one API of one company, for what it may do there.
api_keys = _of_company(
    "api_keys",
    _text("id"),
    _text("api"),  # sales, retail, xtrakit, feed, erp
    _text("name"),  # how head office calls it, and who made what it makes
    _text("shop"),  # whose settings and stock it works with
    _text("rights"),  # read, write, approve: words with spaces between
    _text("user_name", ""),  # the name that goes with it, where an API wants one
    _text("state"),  # active, revoked
    _text("made_at"),
    _text("made_by"),
    _text("used_at", ""),
    key="id",
)
# Whole numbers that stand for ids in APIs that know no other ids, given once and for ever.
api_numbers = _of_company(
    "api_numbers", _text("kind"), _whole("number"), _text("id"), key="kind number"
)
Index("api_numbers_by_id", api_numbers.c.company_id, api_numbers.c.kind, api_numbers.c.id,
      unique=True)  # fmt: skip
# What clients of an API said of a thing that no table of ours has a place for (JSON).
api_notes = _of_company(
    "api_notes", _text("api"), _text("kind"), _text("id"), _text("state"), key="api kind id"
)
# Customers and sales documents as lists show and filter them, products by their code; made from
# their things.
listed = _of_company(
    "listed",
    _text("kind"),
    _text("id"),
    _text("number"),
    _text("status"),
    _text("customer_id", ""),
    _text("customer_name", ""),
    _text("contact", ""),
    _text("phone", ""),
    _text("category", ""),
    _text("region", ""),
    _text("day", ""),
    _text("until", ""),
    _text("origin", ""),
    _text("origin_number", ""),
    _whole("total", "0"),
    _whole("open", "0"),
    _text("made_at"),
    _text("made_by"),
    _whole("place"),  # counts on with each row that head office comes to know
    key="kind id",
)
Index("listed_by_place", listed.c.company_id, listed.c.place)
Index("listed_in_order", listed.c.company_id, listed.c.kind, listed.c.place)
Index("listed_by_customer", listed.c.company_id, listed.c.kind, listed.c.customer_id)
Index("listed_by_origin", listed.c.company_id, listed.c.kind, listed.c.origin)
Index("listed_by_phone", listed.c.company_id, listed.c.kind, listed.c.phone)
# What is owed is asked for by the day on which it should have been paid.
_is_owed = listed.c.open > literal_column("0")
Index("listed_owed", listed.c.company_id, listed.c.kind, listed.c.until,
      postgresql_where=_is_owed, sqlite_where=_is_owed)  # fmt: skip
Index("listed_by_number", listed.c.company_id, listed.c.kind, listed.c.number)
# What all of a product that is in stock is worth, as the retail sale API keeps it.
stock_values = _of_company("stock_values", _text("product_id"), _whole("value"), key="product_id")
# How far each series of head office's own numbers has counted.
series = _of_company("series", _text("name"), _whole("value"), key="name")

__all__ = ["DAY_TABLES", "DOOR_TABLES", "PARTITIONED", "PARTITIONS", "SHARED", "metadata"]
