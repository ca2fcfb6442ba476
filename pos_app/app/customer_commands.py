"""Commands on customers: import, export, and a person's own data."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.app.data_commands import (
    DONE,
    WRONG,
    import_as_plain,
    import_in_words,
    open_or_make,
    show_preview,
    with_chosen_columns,
    write_out,
)
from pos_app.app.progress_line import ProgressLine
from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import utc_now

if TYPE_CHECKING:
    from pos_app.domain.customer import Customer
    from pos_app.store.store import Store


class NoSuchCustomer(PosError):
    """A number or card that nobody has."""

    sentence = "No customer has the number or card {code}. Check it under Customers."


def add_import_options(parser: argparse.ArgumentParser) -> None:
    """Describe `import-customers`."""
    parser.add_argument("file", type=Path, help="the table to read (.csv, .tsv, .xlsx)")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADER",
        help="say which column holds a field, such as contact='Attention' (may be repeated)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only show what the columns would become"
    )


def add_person_options(parser: argparse.ArgumentParser, *, with_file: bool) -> None:
    """Describe `customer-data` and `erase-customer`."""
    parser.add_argument("customer", help="the customer's number or card")
    if with_file:
        parser.add_argument("file", type=Path, help="the JSON file to write; a text goes beside it")
    else:
        parser.add_argument(
            "--yes", action="store_true", help="do it; without, it only says what would be erased"
        )


def import_customers(options: argparse.Namespace) -> int:
    """Read a customer list into the store; status 1 where rows were refused."""
    from pos_app.services.customer_columns import CustomerField
    from pos_app.services.customer_import import (
        CustomerImport,
        open_customer_list,
        preview_customers,
    )

    table, mapping = open_customer_list(options.file)
    mapping = with_chosen_columns(mapping, table, options.column, CustomerField)
    if options.dry_run:
        currency = ShopSettings().policy.currency
        return show_preview(preview_customers(table, mapping, currency), as_json=options.json)
    with open_or_make(options.store, ShopSettings) as store:
        report = CustomerImport(store, utc_now).run(table, mapping, ProgressLine("Importing"))
    write_out(options, import_as_plain(report), import_in_words(report, "customers"))
    return WRONG if report.refused else DONE


def export_customers(options: argparse.Namespace) -> int:
    """Write all customers to a list that `import-customers` reads back."""
    from pos_app.services.customer_export import export_customers as export
    from pos_app.store.store import open_reader

    with open_reader(options.store) as store:
        count = export(store, options.file, on_progress=ProgressLine("Exporting"))
    plain = {"customers": count, "file": str(options.file)}
    write_out(options, plain, f"{count} customers written to {options.file}.")
    return DONE


def customer_data(options: argparse.Namespace) -> int:
    """Write all that the shop knows of a person to a JSON file and a text."""
    from pos_app.services.customer_privacy import CustomerPrivacy
    from pos_app.store.store import open_reader

    with open_reader(options.store) as store:
        person = _person(store, options.customer)
        privacy = CustomerPrivacy(store, utc_now)
        readable = privacy.export(person, options.file, ProgressLine("Reading"))
    plain = {"customer": person.number, "file": str(options.file), "text": str(readable)}
    write_out(options, plain, f"Written to {options.file} and {readable}.")
    return DONE


def erase_customer(options: argparse.Namespace) -> int:
    """Erase a person; receipts, invoices and the journal keep what the law asks for."""
    from pos_app.services.customer_privacy import CustomerPrivacy
    from pos_app.store.store import open_store

    with open_store(options.store) as store:
        person = _person(store, options.customer)
        plain: dict[str, Any] = {"customer": person.number, "erased": bool(options.yes)}
        if not options.yes:
            words = f"{person.name} ({person.number}) would be erased. Say --yes to do it."
            write_out(options, plain, words)
            return DONE
        CustomerPrivacy(store, utc_now).erase(person)
    words = (
        f"{person.number} is erased. Receipts, invoices and the journal keep what the law makes "
        "you keep."
    )
    write_out(options, plain, words)
    return DONE


def _person(store: "Store", code: str) -> "Customer":
    from pos_app.services.customer_codes import customer_by_code

    found = customer_by_code(store, code)
    if found is None:
        raise NoSuchCustomer(code=code[:40])
    return found
