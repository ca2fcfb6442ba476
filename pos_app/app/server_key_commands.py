"""`pos-app server key`: make, list and revoke the keys of the sales APIs."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pos_app.app.server_commands import (
    DONE,
    CompanyNotNamed,
    companies_in,
    office_command,
    only_company,
    open_database,
    own_url,
    write_out,
)
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.server.api_keys import ApiKey
    from pos_app.server.database import Office

APIS = ("sales", "retail", "xtrakit", "feed", "erp")
_WHO = "pos-app server key"


class ApiNotNamed(PosError):
    """A key for no API."""

    sentence = "Say which API the key is for: --api {apis}."


class RightUnknown(PosError):
    """A right that there is not."""

    sentence = "{rights} is no list of rights. Write some of read,write,approve."


def add_key_command(commands: Any) -> None:
    """Describe `pos-app server key`."""
    parser = office_command(commands, "key", keys, "make, list or revoke keys of the sales APIs")
    parser.add_argument("--api", choices=APIS, help="which API the key is for")
    parser.add_argument("--company", default="", metavar="NAME", help="its name or its id")
    parser.add_argument("--name", default="", help="who uses it (default: the API)")
    parser.add_argument("--rights", default="read,write", help="of read,write,approve")
    parser.add_argument("--user", default="admin", metavar="NAME", help="the name beside the key")
    parser.add_argument("--shop", default="main", metavar="CODE", help="whose stock (main)")
    parser.add_argument("--url", default="", help="the address at which clients reach head office")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="show the keys there are")
    instead.add_argument("--revoke", default="", metavar="ID", help="take a key back")


def keys(options: argparse.Namespace) -> int:
    """Make a key and say what its user needs, or list the keys, or revoke one.

    Raises ApiNotNamed, CompanyNotNamed, RightUnknown, ShopUnknown, KeyNameWrong, KeyUnknown.
    """
    office = open_database(options)
    try:
        company_id = company_named(office, options.company)
        with office.company(company_id) as connection:
            if options.list:
                _list(options, connection, company_id)
            elif options.revoke:
                _revoke(options, connection, company_id)
            else:
                _make(options, connection, company_id)
    finally:
        office.close()
    return DONE


def _make(options: argparse.Namespace, connection: Any, company_id: str) -> None:
    from pos_app.server.api_keys import Api, NewKey, make_key, rights_in
    from pos_app.server.key_sheets import key_sheet
    from pos_app.server.office_log import write_log
    from pos_app.server.stamps import utc_now

    if options.api is None:
        raise ApiNotNamed(apis="|".join(APIS))
    try:
        rights = rights_in(options.rights.replace(",", " ").split())
    except ValueError as failure:
        raise RightUnknown(rights=options.rights) from failure
    if not rights:
        raise RightUnknown(rights=options.rights or '""')
    now, name = utc_now(), options.name or options.api
    new = NewKey(Api(options.api), options.shop, name, rights, options.user)
    made = make_key(connection, company_id, new, _WHO, now)
    write_log(connection, company_id, _WHO, f"API key made: {options.api}", name, now)
    sheet = asdict(key_sheet(company_id, made)) | {"url": own_url(options)}
    words = [
        f"Key for the {options.api} API, called {name}. It is shown this once:",
        f"  key   {made.secret}",
        f"  user  {options.user}",
        f"  path  {sheet['url']}{sheet['path']}",
        f"  sent  {sheet['sent_as']}",
    ]
    if login := sheet["sign_in"]:
        words.append(
            f"  sign in  POST {login['path']} with username {login['username']} and the key"
        )
    words.append(f"Take it back with: pos-app server key --revoke {sheet['id']}")
    write_out(options, sheet, "\n".join(words))


def _list(options: argparse.Namespace, connection: Any, company_id: str) -> None:
    from pos_app.server.api_keys import list_keys

    found, page = [], list_keys(connection, company_id)
    while page:
        found += page
        page = list_keys(connection, company_id, page[-1].id)
    plain = {"company": company_id, "keys": [_plain(key) for key in found]}
    lines = [
        f"{key.id}  {key.api:8}{key.state:9}{' '.join(_plain(key)['rights']):20}{key.name}"
        for key in found
    ]
    write_out(options, plain, "\n".join(lines) or "There are no keys yet.")


def _revoke(options: argparse.Namespace, connection: Any, company_id: str) -> None:
    from pos_app.server.api_keys import revoke_key
    from pos_app.server.office_log import write_log
    from pos_app.server.stamps import utc_now

    key = revoke_key(connection, company_id, options.revoke)
    write_log(connection, company_id, _WHO, "API key revoked", key.id, utc_now())
    words = f"The key {key.name} ({key.id}) opens nothing any more."
    write_out(options, {"company": company_id, **_plain(key)}, words)


def _plain(key: "ApiKey") -> dict[str, Any]:
    from pos_app.server.key_sheets import rights_in_order

    return asdict(key) | {"rights": list(rights_in_order(key))}


def company_named(office: "Office", named: str) -> str:
    """Return the id of the company with this name or id, or of the only one where none is named.

    Raises CompanyNotNamed.
    """
    if not named:
        return only_company(office)
    found = [one for one in companies_in(office) if named in (one.id, one.name)]
    if len(found) != 1:
        known = found or companies_in(office)
        raise CompanyNotNamed(companies=", ".join(f"{one.id} ({one.name})" for one in known))
    return found[0].id
