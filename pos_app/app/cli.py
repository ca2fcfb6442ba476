"""The command line: one function per command, sentences on standard error, honest exit statuses.

Exit status 0 is done, 1 is done and something is wrong (faults found, rows refused),
2 is a refusal: bad arguments, bad input, or a store that cannot be opened.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pos_app import __version__
from pos_app.config import default_store, demo_store
from pos_app.domain.errors import PosError

DONE, WRONG, REFUSED = 0, 1, 2

Command = Callable[[argparse.Namespace], int]


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    options = build_parser(arguments).parse_args(arguments)
    try:
        status: int = options.command(options)
    except PosError as refusal:
        print(f"pos-app: {refusal}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        return DONE
    except KeyboardInterrupt:
        print("pos-app: Stopped. What was finished before is safe.", file=sys.stderr)
        return 130
    return status


def build_parser(arguments: Sequence[str] = ("--help",)) -> argparse.ArgumentParser:
    """Describe every command and its options.

    For `arguments` that start the till only its own: describing the others would delay it.
    """
    parser = argparse.ArgumentParser(
        prog="pos-app",
        description="Point of sale: sells offline, prints, and catches up later.",
        epilog="Exit status: 0 done, 1 done but something is wrong, 2 refused.",
    )
    parser.add_argument("-V", "--version", action="version", version=f"pos-app {__version__}")
    parser.set_defaults(command=_run_till, store=default_store(), offscreen=False, out=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    till = _command(commands, "run", _run_till, "open the till on your shop")
    _screen_options(till)
    till.add_argument(
        "--training",
        action="store_true",
        help="practise on a throw-away copy of your shop: red, marked, and gone afterwards",
    )
    demo = _command(commands, "demo", _run_demo, "open the till on the demo shop", demo_store())
    _screen_options(demo)
    demo.add_argument("--fresh", action="store_true", help="make the demo shop anew")
    if arguments and arguments[0] not in ("run", "demo"):
        _data_commands(commands)
    return parser


def _data_commands(commands: Any) -> None:
    from pos_app.app import day_commands

    products = _command(
        commands, "import-products", _import_products, "read products from CSV or XLSX", json=True
    )
    products.add_argument("file", type=Path, help="the table to read (.csv, .tsv, .xlsx)")
    products.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADER",
        help="say which column holds a field, such as price='Retail EUR' (may be repeated)",
    )
    products.add_argument(
        "--dry-run", action="store_true", help="only show what the columns would become"
    )
    exported = _command(
        commands, "export-products", _export_products, "write products to CSV or XLSX", json=True
    )
    exported.add_argument("file", type=Path, help="the table to write (.csv or .xlsx)")

    _customer_commands(commands)
    sales = _command(
        commands, "import-sales", _import_sales, "ring up a history of invoices", json=True
    )
    sales.add_argument("file", type=Path, help="the history (.csv or .csv.gz)")

    labels = _command(commands, "labels", _labels, "make price labels as a PDF", json=True)
    _label_options(labels)

    stock = _command(commands, "stock", _stock, "show what runs low, or its value", json=True)
    _stock_options(stock)

    report = _command(commands, "report", _report, "print a report, or write it as XLSX", json=True)
    _report_options(report)

    about = "show, print or save what a day came to"
    day_commands.add_options(_command(commands, "day", day_commands.day, about, json=True))

    about = "write closings as a German fiscal export (DSFinV-K 2.4)"
    _fiscal_options(_command(commands, "dsfinvk", _fiscal, about, json=True))

    about = "write journal and rows, signed, for an auditor"
    _auditor_options(_command(commands, "export-auditor", _auditor, about, json=True))

    about = "hold your sales against a sales data feed"
    compared = _command(commands, "reconcile", _reconcile, about, json=True)
    _reconcile_options(compared)

    terminal = _command(commands, "card-simulator", _card_simulator, "stand in for a card terminal")
    _card_options(terminal)

    price = commands.add_parser("price", help="price a document given as JSON")
    price.add_argument("file", help="the JSON file, or - for standard input")
    price.add_argument("--store", type=Path, default=None, metavar="PATH", help="not needed here")
    price.set_defaults(command=_price)

    _staff_commands(commands)
    _server_commands(commands)
    _command(commands, "verify", _verify, "check journal, documents, stock and the file", json=True)
    backup = _command(commands, "backup", _backup, "copy the store while it is in use", json=True)
    backup.add_argument("target", type=Path, help="the file to write")
    restore = _command(
        commands, "restore", _restore, "put a backup in the store's place", json=True
    )
    restore.add_argument("source", type=Path, help="the backup to restore")


def _command(
    commands: Any,
    name: str,
    function: Command,
    about: str,
    store: Path | None = None,
    *,
    json: bool = False,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[0].upper() + about[1:] + "."
    )
    parser.add_argument(
        "--store",
        type=Path,
        default=store or default_store(),
        metavar="PATH",
        help="the shop's database file (default: %(default)s)",
    )
    if json:
        parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.set_defaults(command=function)
    return parser


def _staff_commands(commands: Any) -> None:
    code = commands.add_parser("approve-code", help="make a code that approves from afar")
    code.add_argument("--enrol", action="store_true", help="keep your key, read from the input")
    code.add_argument("--key-file", type=Path, default=None, metavar="PATH", help="your key's file")
    code.add_argument("--till", default="", help="the till that asks")
    code.add_argument("--action", default="", help="what is asked for, such as void")
    code.add_argument("--amount", default="", help="how much, such as '12.50 EUR'")
    code.add_argument("--challenge", default="", help="the six digits that the till shows")
    code.set_defaults(command=_approve_code)
    reset = _command(commands, "reset-pin", _reset_pin, "give somebody on the staff a new PIN")
    reset.add_argument("code", help="the code of the member of staff, such as 1")


def _server_commands(commands: Any) -> None:
    from pos_app.app.server_commands import add_commands
    from pos_app.app.server_door_commands import add_second_step_command
    from pos_app.app.server_key_commands import add_key_command
    from pos_app.app.server_sums_commands import add_day_sums_command

    about = "head office: keep the journals of many tills, and what they sell by"
    parser = commands.add_parser("server", help=about, description=about[0].upper() + about[1:])
    known = add_commands(parser)
    add_key_command(known)
    add_second_step_command(known)
    add_day_sums_command(known)


def _approve_code(options: argparse.Namespace) -> int:
    from pos_app.app.staff_commands import approve_code

    return approve_code(options)


def _reset_pin(options: argparse.Namespace) -> int:
    from pos_app.app.staff_commands import reset_pin

    return reset_pin(options)


def _screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--offscreen",
        action="store_true",
        help="ring up a sale without a display, save pictures of it, and end",
    )
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="where --offscreen saves its pictures"
    )


def _run_till(options: argparse.Namespace) -> int:
    from pos_app.app.start import run_till, run_training

    if getattr(options, "training", False):
        return run_training(options.store, offscreen=options.offscreen, out=options.out)
    return run_till(options.store, offscreen=options.offscreen, out=options.out)


def _run_demo(options: argparse.Namespace) -> int:
    from pos_app.app.start import run_demo

    return run_demo(
        options.store, offscreen=options.offscreen, out=options.out, fresh=options.fresh
    )


def _price(options: argparse.Namespace) -> int:
    import json

    from pos_app.services.price_check import check_price

    answer = check_price(_input_bytes(options.file))
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return DONE


def _input_bytes(file: str) -> bytes:
    from pos_app.services.price_check import PriceInputError

    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as wrong:
        problem = f"cannot be read ({wrong.strerror}); name a JSON file, or - for standard input"
        raise PriceInputError(field=file, problem=problem) from None


def _import_products(options: argparse.Namespace) -> int:
    from pos_app.app.data_commands import import_products

    return import_products(options)


def _export_products(options: argparse.Namespace) -> int:
    from pos_app.app.data_commands import export_products

    return export_products(options)


def _customer_commands(commands: Any) -> None:
    from pos_app.app import customer_commands as customers

    listed = _command(
        commands,
        "import-customers",
        customers.import_customers,
        "read customers from CSV or XLSX",
        json=True,
    )
    customers.add_import_options(listed)
    exported = _command(
        commands,
        "export-customers",
        customers.export_customers,
        "write customers to CSV or XLSX",
        json=True,
    )
    exported.add_argument("file", type=Path, help="the table to write (.csv or .xlsx)")
    data = _command(
        commands,
        "customer-data",
        customers.customer_data,
        "write all that is known of a person",
        json=True,
    )
    customers.add_person_options(data, with_file=True)
    erase = _command(
        commands, "erase-customer", customers.erase_customer, "erase a person", json=True
    )
    customers.add_person_options(erase, with_file=False)


def _import_sales(options: argparse.Namespace) -> int:
    from pos_app.app.data_commands import import_sales

    return import_sales(options)


def _label_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.label_commands import add_options

    add_options(parser)


def _labels(options: argparse.Namespace) -> int:
    from pos_app.app.label_commands import labels

    return labels(options)


def _stock_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.stock_commands import add_options

    add_options(parser)


def _stock(options: argparse.Namespace) -> int:
    from pos_app.app.stock_commands import stock

    return stock(options)


def _report_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.report_commands import add_options

    add_options(parser)


def _report(options: argparse.Namespace) -> int:
    from pos_app.app.report_commands import report

    return report(options)


def _fiscal_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.fiscal_commands import add_options

    add_options(parser)


def _fiscal(options: argparse.Namespace) -> int:
    from pos_app.app.fiscal_commands import export_fiscal

    return export_fiscal(options)


def _auditor_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.auditor_commands import add_options

    add_options(parser)


def _auditor(options: argparse.Namespace) -> int:
    from pos_app.app.auditor_commands import export_auditor

    return export_auditor(options)


def _reconcile_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.reconcile_commands import add_options

    add_options(parser)


def _reconcile(options: argparse.Namespace) -> int:
    from pos_app.app.reconcile_commands import reconcile

    return reconcile(options)


def _card_options(parser: argparse.ArgumentParser) -> None:
    from pos_app.app.card_commands import add_options

    add_options(parser)


def _card_simulator(options: argparse.Namespace) -> int:
    from pos_app.app.card_commands import card_simulator

    return card_simulator(options)


def _verify(options: argparse.Namespace) -> int:
    from pos_app.app.data_commands import verify_store

    return verify_store(options)


def _backup(options: argparse.Namespace) -> int:
    from pos_app.app.data_commands import backup

    return backup(options)


def _restore(options: argparse.Namespace) -> int:
    from pos_app.app.data_commands import restore

    return restore(options)
