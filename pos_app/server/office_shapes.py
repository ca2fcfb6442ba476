"""What the routes for people take and give, as far as it is not a domain value already."""

from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pos_app.server.accounts import Account
from pos_app.server.passwords import LEAST_SIGNS, MOST_SIGNS
from pos_app.server.roles import Role

Item = TypeVar("Item")
PAGE_MOST = 500

# Texts of one line: no control characters, and something in them.
Name = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=120,
        pattern=r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$",
    ),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
# No space and no control character, written out: each language has its own idea of `\s`.
_PART = r"[^@\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=f"^{_PART}{{1,64}}@{_PART}{{1,189}}$")
]
Key = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Password = Annotated[str, StringConstraints(max_length=MOST_SIGNS)]
NewPassword = Annotated[str, StringConstraints(min_length=LEAST_SIGNS, max_length=MOST_SIGNS)]
After = Annotated[Key, Query(description="The `next` of the page before; empty for the first.")]
PageLimit = Annotated[int, Query(ge=1, le=PAGE_MOST)]


class Asked(BaseModel):
    """Something that a request says: nothing else may stand in it."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[Item]):
    """Some of a list in a stable order; `next` is empty where nothing is left."""

    items: list[Item]
    next: str


class FailureShape(BaseModel):
    """Every error: a code for programs, a sentence for people."""

    code: str
    message: str
    request_id: str


class SignIn(Asked):
    """Who wants to come in."""

    email: Annotated[str, StringConstraints(max_length=254)]
    password: Password
    code: Annotated[str, StringConstraints(max_length=20)] = ""


class SignedIn(BaseModel):
    """A session: `token` goes into `Authorization: Bearer …` until `expires_at` (ISO 8601 UTC)."""

    token: str
    expires_at: str
    account: Account


class OwnPassword(Asked):
    """A person's password, and the one that they want."""

    password: Password
    new_password: NewPassword


class OneTimePassword(BaseModel):
    """A password to hand over, shown once: its owner has to choose another."""

    account: Account
    password: str


class AccountMade(Asked):
    """A person to let in."""

    email: Email
    name: Name
    role: Role


class AccountChanged(Asked):
    """What changes of a person; what is left out stays."""

    name: Name | None = None
    role: Role | None = None
    state: Literal["active", "stopped"] | None = None


class CompanyChanged(Asked):
    """The company's new name."""

    name: Name


class ShopMade(Asked):
    """A shop to be made; `time_zone` is a name of the tz database."""

    code: Code
    name: Name
    time_zone: Key = "UTC"


class ShopChanged(Asked):
    """What changes of a shop; what is left out stays."""

    name: Name | None = None
    time_zone: Key | None = None


class CodeAsked(Asked):
    """An enrolment code that somebody wants: for which shop, and for how many minutes."""

    shop: Code
    minutes: Annotated[int, Field(ge=15, le=7 * 24 * 60)] = 24 * 60


class CodeMade(BaseModel):
    """A code to type, and the text and picture (SVG) of its QR code; shown once."""

    code: str
    shop: str
    expires_at: str
    url: str
    invitation: str
    qr_svg: str


class CodesWithdrawn(BaseModel):
    """How many unused codes were taken away."""

    count: int


def page_of(items: list[Item], limit: int, key: str) -> Page[Item]:
    """Return a page; `key` names the attribute that the next one goes on after."""
    next_key = str(getattr(items[-1], key)) if len(items) == limit else ""
    return Page(items=items, next=next_key)
