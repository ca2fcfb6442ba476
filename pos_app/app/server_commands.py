"""Commands of head office: make one, run it, bring it up to date, enrolment codes, backups."""

import argparse
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.app.folders import make_folder
from pos_app.config import data_folder
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.server.companies import Company
    from pos_app.server.database import Office

DONE = 0
PORT = 8480
LOOPBACK = "127.0.0.1"
LOCAL = (LOOPBACK, "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only to be recognised


class WorkersNeedPostgresql(PosError):
    """Several processes over one SQLite file."""

    sentence = "{count} workers need PostgreSQL; a SQLite file has one. Leave --workers out."


class CompanyNotNamed(PosError):
    """A command that needs one company of several."""

    sentence = "Name the company by its id with --company. Head office has: {companies}."


class CurrencyWrong(PosError):
    """A currency that is not written as ISO 4217 does."""

    sentence = "{currency} is no currency. Write three letters, such as EUR."


def add_commands(parser: argparse.ArgumentParser) -> Any:
    """Describe the commands of `pos-app server`; returns where more can be added."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    made = office_command(commands, "init", init, "set a database up and make a company in it")
    made.add_argument("--company", required=True, metavar="NAME", help="what the company is called")
    made.add_argument("--currency", default="EUR", metavar="CODE", help="ISO 4217 (EUR)")
    made.add_argument("--email", default="owner@localhost", help="how the owner signs in")
    made.add_argument("--shop", default="main", metavar="CODE", help="its first shop (main)")
    made.add_argument("--shop-name", default="Main shop", metavar="NAME", help="its name")
    made.add_argument("--time-zone", default="UTC", metavar="NAME", help="such as Europe/Berlin")
    made.add_argument("--url", default="", help="the address at which tills reach head office")
    made.add_argument(
        "--samples", action="store_true", help="fill it with what the published API samples use"
    )

    serving = office_command(commands, "run", serve, "serve tills and people")
    serving.add_argument("--port", type=int, default=PORT, metavar="N", help="(default: 8480)")
    serving.add_argument("--host", default=LOOPBACK, help="where to listen (default: 127.0.0.1)")
    serving.add_argument("--workers", type=int, default=1, metavar="N", help="only on PostgreSQL")
    serving.add_argument(
        "--proxy",
        nargs="?",
        const=LOOPBACK,
        default=None,
        metavar="ADDRESS",
        help="believe what this proxy says of who asks (default: one on this machine)",
    )
    serving.add_argument("--url", default="", help="the address at which tills reach head office")

    office_command(commands, "migrate", migrate, "bring the database up to this program's version")
    code = office_command(
        commands, "code", enrolment_code, "make a code by which a till comes to a shop"
    )
    code.add_argument("--company", default="", metavar="ID", help="needed where there are several")
    code.add_argument("--shop", default="main", metavar="CODE", help="(default: main)")
    code.add_argument("--minutes", type=int, default=24 * 60, metavar="N", help="15 to 10080")
    code.add_argument("--url", default="", help="the address at which tills reach head office")
    backup = office_command(commands, "backup", back_up, "copy the database while it is in use")
    backup.add_argument("target", type=Path, help="the file to write")
    restore = office_command(
        commands, "restore", restore_backup, "fill an empty database from a backup"
    )
    restore.add_argument("source", type=Path, help="the backup")
    return commands


def init(options: argparse.Namespace) -> int:
    """Migrate, make a company with an owner and a shop, and print what opens it, once."""
    from pos_app.server.companies import Founding, found_company
    from pos_app.server.enrolment_codes import make_code
    from pos_app.server.passwords import new_password
    from pos_app.server.samples import make_samples
    from pos_app.server.stamps import utc_now

    currency = options.currency.upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise CurrencyWrong(currency=options.currency)
    _migrate(options)
    now, password = utc_now(), new_password()
    founding = Founding(
        options.company,
        options.email,
        password,
        currency,
        shop=options.shop,
        shop_name=options.shop_name,
        time_zone=options.time_zone,
        is_sample=options.samples,
        is_invited=True,
    )
    office = open_database(options)
    samples = None
    try:
        founded = found_company(office, founding, now)
        with office.company(founded.company_id) as connection:
            code = make_code(
                connection, founded.company_id, founded.shop, now, url=own_url(options)
            )
            if options.samples:
                samples = make_samples(connection, founded.company_id, founded.shop, now)
    finally:
        office.close()
    plain = {
        "database": _shown(options),
        "company": founded.company_id,
        "owner": founded.owner_id,
        "email": options.email,
        "password": password,
        "shop": founded.shop,
        "code": code.code,
        "code_expires_at": code.expires_at,
        "invitation": code.invitation,
    }
    words = (
        f"{options.company} is ready in {plain['database']}.\n"
        f"Company {founded.company_id}, shop {founded.shop}.\n"
        f"The owner signs in as {options.email} with the one-time password {password}\n"
        f"A till comes in with the code {code.code}, once, until {code.expires_at}\n"
    )
    if samples is not None:
        plain |= {"keys": samples.keys_as_plain(), "samples": dict(samples.ids)}
        words += samples.in_words()
    words += f"Now run: pos-app server run{_database_words(options)}"
    write_out(options, plain, words)
    return DONE


def serve(options: argparse.Namespace) -> int:
    """Serve until told to stop; what runs is finished first, for at most ten seconds."""
    from pos_app.app.server_processes import serve_by
    from pos_app.server.database_urls import is_sqlite, sqlite_file
    from pos_app.server.logs import log_settings
    from pos_app.server.settings import DATABASE, ENVIRONMENT, read_settings

    url = _url(options)
    if options.workers > 1 and is_sqlite(url):
        raise WorkersNeedPostgresql(count=options.workers)
    settings = read_settings()
    companies = _check(options)
    os.environ[DATABASE] = url  # where each worker looks
    if not settings.public_url:
        os.environ[ENVIRONMENT + "PUBLIC_URL"] = own_url(options)
    if is_sqlite(url):
        os.environ.setdefault(ENVIRONMENT + "DISK_FOLDER", str(sqlite_file(url).parent))
    print(f"Head office: http://{options.host}:{options.port}, database {_shown(options)}")
    sys.stdout.flush()
    # uvicorn raises the signal once more when all is finished: to be told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with (
        tempfile.TemporaryDirectory(prefix="pos-app-metrics-") as folder,
        _announced(options, companies),
    ):
        if options.workers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        serve_by(
            options.workers,
            "pos_app.server.app:app_from_environment",
            host=options.host,
            port=options.port,
            proxy_headers=options.proxy is not None,
            forwarded_allow_ips=options.proxy,
            server_header=False,
            access_log=False,
            log_config=log_settings(),
            timeout_graceful_shutdown=int(settings.stop_s),
            timeout_keep_alive=75,
            lifespan="on",
        )
    return DONE


def migrate(options: argparse.Namespace) -> int:
    """Run the migrations that the database lacks."""
    found, target = _migrate(options)
    plain = {"database": _shown(options), "from": found, "to": target}
    words = f"{plain['database']}: version {found or 'none'} is now {target}."
    write_out(options, plain, words)
    return DONE


def enrolment_code(options: argparse.Namespace) -> int:
    """Make an enrolment code for one till of a shop."""
    from pos_app.server.enrolment_codes import make_code
    from pos_app.server.office_log import write_log
    from pos_app.server.stamps import utc_now

    office = open_database(options)
    now = utc_now()
    try:
        company_id = options.company or only_company(office)
        with office.company(company_id) as connection:
            lasts = timedelta(minutes=options.minutes)
            code = make_code(
                connection, company_id, options.shop, now, lasts=lasts, url=own_url(options)
            )
            what = "enrolment code made"
            write_log(connection, company_id, "pos-app server code", what, options.shop, now)
    finally:
        office.close()
    plain = {
        "company": company_id,
        "shop": code.shop,
        "code": code.code,
        "code_expires_at": code.expires_at,
        "invitation": code.invitation,
    }
    write_out(
        options,
        plain,
        f"{code.code} brings one till to the shop {code.shop}, once, until {code.expires_at}",
    )
    return DONE


def back_up(options: argparse.Namespace) -> int:
    """Copy the whole database into a file while it is in use."""
    from pos_app.server.backup import back_up as copy

    report = copy(_url(options), options.target)
    write_out(options, report.as_plain(), f"{report.in_words()} Written to {options.target}.")
    return DONE


def restore_backup(options: argparse.Namespace) -> int:
    """Fill an empty database from a backup and check that every journal is whole."""
    from pos_app.server.backup import restore

    report = restore(options.source, _url(options))
    write_out(options, report.as_plain(), f"{report.in_words()} Restored and checked.")
    return DONE


def default_database() -> str:
    """Return the embedded database: SQLite in the user's data folder."""
    return f"sqlite:///{data_folder() / 'head_office.db'}"


def office_command(commands: Any, name: str, function: Any, about: str) -> argparse.ArgumentParser:
    """Describe a command that works on a head office's database."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[0].upper() + about[1:] + "."
    )
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="postgresql://… or sqlite:///FILE (default: POS_APP_OFFICE_DATABASE, or "
        "head_office.db in your data folder)",
    )
    if name != "run":
        parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.set_defaults(command=function)
    return parser


def _url(options: argparse.Namespace) -> str:
    from pos_app.server.settings import DATABASE

    url: str = options.database or os.environ.get(DATABASE, "") or default_database()
    return url


def _shown(options: argparse.Namespace) -> str:
    from pos_app.server.database_urls import shown_url

    return shown_url(_url(options))


def _database_words(options: argparse.Namespace) -> str:
    return f" --database '{_shown(options)}'" if options.database else ""


def own_url(options: argparse.Namespace) -> str:
    """Return the address at which others reach head office."""
    if options.url:
        return str(options.url)
    named = os.environ.get("POS_APP_OFFICE_PUBLIC_URL", "")
    host = getattr(options, "host", LOOPBACK)
    if host in EVERYWHERE:
        host = socket.gethostname()
    return named or f"http://{host}:{getattr(options, 'port', PORT)}"


@contextlib.contextmanager
def _announced(options: argparse.Namespace, companies: list[str]) -> Iterator[None]:
    """Let tills of this network find head office, where it listens to the network at all."""
    if options.host in LOCAL or not companies:
        yield
        return
    from pos_app.sync.discovery import announce

    try:
        announcement = announce(options.port, companies[0], url=options.url)
    except OSError:
        yield  # tills can still be told the address
        return
    try:
        yield
    finally:
        announcement.close()


def _check(options: argparse.Namespace) -> list[str]:
    """Refuse a database that cannot be served before any process is started."""
    office = open_database(options)
    try:
        return [company.name for company in companies_in(office)]
    finally:
        office.close()


def _migrate(options: argparse.Namespace) -> tuple[str, str]:
    from pos_app.server.database_urls import is_sqlite, sqlite_file
    from pos_app.server.schema import REVISION
    from pos_app.server.setting_up import migrate_database

    url = _url(options)
    if is_sqlite(url):
        make_folder(sqlite_file(url).parent)
    return migrate_database(url) or "", REVISION


def only_company(office: "Office") -> str:
    """Return the id of the one company there is; raises CompanyNotNamed."""
    found = companies_in(office)
    if len(found) != 1:
        listed = ", ".join(f"{company.id} ({company.name})" for company in found)
        raise CompanyNotNamed(companies=listed or "none")
    return found[0].id


def companies_in(office: "Office") -> "list[Company]":
    """Return every company of a head office."""
    from pos_app.server.companies import all_companies

    return all_companies(office)


def write_out(options: argparse.Namespace, plain: dict[str, Any], words: str) -> None:
    """Report as JSON where that is asked for, else in words."""
    print(json.dumps(plain, ensure_ascii=False, indent=2) if options.json else words)


def open_database(options: argparse.Namespace) -> "Office":
    """Open the head office that a command names; raises what `open_checked_office` does."""
    from pos_app.server.setting_up import open_checked_office

    return open_checked_office(_url(options), pool=1)
