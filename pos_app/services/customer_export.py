"""Exporting the customers as a list that people can edit and that imports back unchanged."""

from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer import Customer
from pos_app.services.customer_columns import CustomerField
from pos_app.services.customer_records import CREDIT_TERMS
from pos_app.services.progress import Progress, unwatched
from pos_app.spreadsheets.table import TableFormat
from pos_app.spreadsheets.writing import Cell, open_writer

if TYPE_CHECKING:
    from pos_app.store.store import Store

PROGRESS_ROWS = 500


def export_customers(
    store: "Store",
    path: Path,
    format: TableFormat | None = None,
    with_mark: bool = True,
    on_progress: Progress = unwatched,
) -> int:
    """Write every customer to `path` and return how many; the format follows the name's ending.

    Raises FileNotWritable or TooManyRowsForSheet.
    """
    if format is None:
        format = TableFormat.XLSX if path.suffix.lower() == ".xlsx" else TableFormat.CSV
    has_terms = store.records.has_any(CREDIT_TERMS.name)
    total = store.customers.count()
    done = 0
    with open_writer(path, format, with_mark=with_mark) as writer:
        writer.write([column.value for column in CustomerField])
        for customer in store.customers.stream():
            terms = store.records.get(CREDIT_TERMS, customer.id) if has_terms else None
            writer.write(_cells(customer, terms or CreditTerms(customer.id)))
            done += 1
            if done % PROGRESS_ROWS == 0:
                on_progress(done, total)
    on_progress(done, done)
    return done


def _cells(customer: Customer, terms: CreditTerms) -> list[Cell]:
    limit = terms.credit_limit
    return [
        customer.number,
        customer.name,
        customer.contact,
        customer.phone,
        customer.email,
        customer.address,
        customer.postcode,
        customer.city,
        customer.state,
        customer.country,
        customer.tax_number,
        customer.card_code,
        customer.category,
        customer.region,
        customer.price_list,
        "yes" if customer.is_active else "no",
        None if limit is None else limit.amount,
        terms.credit_days,
        terms.bank_name,
        terms.bank_account,
        customer.note,
    ]
