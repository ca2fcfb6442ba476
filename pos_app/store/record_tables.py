"""The tables of what changes with time: records, and how sales documents are listed."""

from sqlalchemy import Index

from pos_app.store.columns import flag, keyed, text, text_or_null, whole

# What changes with time and is told to the journal as a whole at each change: shifts, staff,
# stored values, stock takes … `place` is the order of its list, `code` another way to find it.
records = keyed(
    "records",
    text("record", key=True),
    text("id", key=True),
    text_or_null("code"),
    text("place"),
    whole("is_open"),
    text("state"),
    whole("seq"),
    flag("is_open"),
)
Index(
    "records_by_code",
    records.c.record,
    records.c.code,
    unique=True,
    sqlite_where=records.c.code.is_not(None),
)
Index("records_by_place", records.c.record, records.c.place, records.c.id)
Index(
    "records_by_open",
    records.c.record,
    records.c.place,
    sqlite_where=records.c.is_open == 1,
)
# How quotations, orders, delivery notes, invoices and returns are listed. The documents themselves
# are records; these rows are made from them in the same transaction. Amounts are minor units.
documents = keyed(
    "documents",
    text("record", key=True),
    text("id", key=True),
    text("number"),
    text("customer_id"),
    text("status"),
    text("day"),
    text("until"),
    text("made"),
    text("origin"),
    text("origin_number"),
    whole("total"),
    whole("open"),
    text("currency"),
    text("remind"),
)
# Holds all that lists are narrowed by, so that a list of a million is walked without its rows.
Index(
    "documents_by_day",
    documents.c.record,
    documents.c.day,
    documents.c.number,
    documents.c.id,
    documents.c.status,
    documents.c.customer_id,
    documents.c.until,
    documents.c.made,
    documents.c.origin_number,
    documents.c.total,
    documents.c.open,
    documents.c.currency,
)
Index(
    "documents_by_status",
    documents.c.record,
    documents.c.status,
    documents.c.day,
    documents.c.number,
    documents.c.id,
)
Index(
    "documents_by_customer",
    documents.c.customer_id,
    documents.c.record,
    documents.c.day,
    documents.c.number,
    documents.c.id,
    documents.c.status,
)
Index(
    "documents_by_origin",
    documents.c.origin,
    documents.c.record,
    sqlite_where=documents.c.origin != "",
)
Index(
    "documents_by_open",
    documents.c.record,
    documents.c.until,
    documents.c.number,
    documents.c.id,
    documents.c.status,
    documents.c.customer_id,
    documents.c.total,
    documents.c.open,
    documents.c.currency,
    documents.c.remind,
    sqlite_where=documents.c.open != 0,
)
