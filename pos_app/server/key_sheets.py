"""What a client has to be told to use a new key: path, header or name and password, by API."""

from dataclasses import dataclass, field

from pos_app.server.api_keys import Api, ApiKey, MadeKey, Right

SIGN_IN_PATH = "/api/v1/auth/login"


@dataclass(frozen=True, slots=True)
class KeySheet:
    """A key that was made, with all that its user needs; `key` is the secret, shown once.

    `connection` is there for the sales data feed alone, `sign_in` for the ERP module; `rights` are
    in the order of `Right`.
    """

    id: str
    api: Api
    name: str
    company: str
    shop: str
    rights: tuple[Right, ...]
    user: str
    key: str
    path: str
    sent_as: str
    connection: str = ""
    sign_in: dict[str, str] = field(default_factory=dict)


_PATHS = {
    Api.SALES: "/api/sales",
    Api.RETAIL: "/rest/inventory/sale",
    Api.XTRAKIT: "/api/v1/sales/add",
    Api.FEED: "/companies/{company}/connections/{connection}/data/sales",
    Api.ERP: "/api/v1/sales",
}
_SENT_AS = {
    Api.SALES: "Authorization: Bearer KEY",
    Api.RETAIL: "userName and authKey, in the body or in the path",
    Api.XTRAKIT: "Authorization: Bearer KEY",
    Api.FEED: "Authorization: KEY",
    Api.ERP: "Authorization: Bearer TOKEN, which signing in gives",
}


def key_sheet(company_id: str, made: MadeKey) -> KeySheet:
    """Return what the user of a new key has to be told."""
    key = made.key
    login = {"path": SIGN_IN_PATH, "username": key.user_name, "password": made.secret}
    return KeySheet(
        key.id,
        key.api,
        key.name,
        company_id,
        key.shop,
        rights_in_order(key),
        key.user_name,
        made.secret,
        _PATHS[key.api].format(company=company_id, connection=key.id),
        _SENT_AS[key.api],
        connection=key.id if key.api is Api.FEED else "",
        sign_in=login if key.api is Api.ERP else {},
    )


def rights_in_order(key: ApiKey) -> tuple[Right, ...]:
    """Return what a key may do, in the order of `Right`."""
    return tuple(right for right in Right if right in key.rights)
