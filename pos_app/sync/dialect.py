"""What a dialect is: how one published sales API is spoken to, said without any I/O.

A dialect describes requests and judges replies. Whoever runs it sends them, remembers the remote's
ids and settles what is in doubt. Each thing of the journal becomes steps; a step that was done is
never sent again, and one that may have arrived is looked up first.
"""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.texts import Later


class Carried(StrEnum):
    """What a till can tell a remote."""

    CUSTOMER = "customer"
    SALE = "sale"
    VOID = "void"
    RETURN = "return"
    QUOTATION = "quotation"
    ORDER = "order"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    PAYMENT = "payment"
    SALES_RETURN = "sales_return"


class NotSayable(PosError):
    """A thing that this API has no words for; nothing of it is sent."""

    sentence = "{name} cannot be sent there: {reason}"


class WaitsForOther(PosError):
    """A thing that needs another one to be there first, which was refused or is in doubt.

    Besides `name` and `other` (words for a person) it takes `key`, the key of the step that it
    waits for: as soon as that one is done, the thing is tried again by itself.
    """

    sentence = "{name} waits for {other}, which is not there yet. Settle that one first."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens a remote: its address and key, and what some APIs want beside them.

    `company` and `connection` are the ids in the sales data feed's path; `token` is what a sign-in
    gave, where the API has one.
    """

    url: str
    key: str = field(repr=False)
    user: str = ""
    company: str = ""
    connection: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request without its key: path and query behind the remote's address, a body for JSON.

    `is_change` says that it must not be sent twice by mistake.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def plain(self) -> Any:
        """Return the body's JSON with Decimals for fractions, or None where it is none."""
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Done:
    """The remote did it; `ids` are what it calls the thing and its parts, by names of ours.

    A name says what of it is the id (`order`, `customer`), because `Known.is_taken` asks by it.
    """

    ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """The remote will never do it as it is: the reason is for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """The remote did nothing for sure; try again after a while (0: as the sender thinks best)."""

    reason: str
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SignInNeeded:
    """The remote did nothing, because the key or the token is not good (any more)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have arrived, or not: a server's fault, somebody else's page, half an answer."""

    reason: str


Verdict = Done | Refused | Again | SignInNeeded | Unclear


@dataclass(frozen=True, slots=True)
class Absent:
    """A look-up read everything there is and did not find the thing."""


@dataclass(frozen=True, slots=True)
class Undecidable:
    """A look-up cannot tell: a person has to."""

    reason: str


Found = Done | Absent | Undecidable
# Yields requests that change nothing and is sent their replies; whoever runs it ends it where a
# reply is no good answer (`NoGoodAnswer`), and asks anew later.
LookUp = Generator[Ask, Reply, Found]


class NoGoodAnswer(Exception):
    """A reply on the way of a look-up, a list or a test that says nothing usable."""

    def __init__(self, verdict: Refused | Again | SignInNeeded | Unclear) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class Known(Protocol):
    """What is known of a remote: the ids it gave, and how the connection was set up."""

    def ids(self, key: str) -> Mapping[str, str] | None:
        """Return what a step with this key left behind, or None where it was not done."""

    def is_taken(self, name: str, remote_id: str) -> bool:
        """Whether a step of ours that was done left this remote id under a name such as `id`."""

    def product(self, product_id: str | None, code: str) -> str | None:
        """Return what the remote calls a product, or None where nobody said."""

    def option(self, name: str) -> str:
        """Return how an option of the connection is set; nothing where the API has none such.

        `mark` is no option, but a short word that no other connection of any till has.
        """


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done at the remote, under a key that is its own for ever.

    `request` may raise NotSayable or WaitsForOther; then nothing is sent. Without `look_up` a lost
    answer leaves the thing to a person. Where the person says that it arrived, and what the remote
    calls it, that id is kept under `names`.
    """

    key: str
    request: Callable[[Known], Ask]
    judge: Callable[[Reply, Known], Verdict]
    look_up: Callable[[Known], LookUp] | None = None
    names: str = "id"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing of the journal on its way out: the document as it was after that entry.

    `document` is a Sale, Customer, Quotation, Order, DeliveryNote, Invoice or SalesReturn by
    `kind`; of a payment it is the Invoice with its payments. `action` is what was done (`create`,
    `change`, `approve`, `cancel` …), `before` the sale that a void or return goes back to. `entry`
    is the id of the journal entry, for steps that a thing can have more than once; of a customer
    who is new and one who was changed only `Known.ids` can tell.
    """

    kind: Carried
    id: str
    number: str
    at: datetime
    document: Any
    action: str = "create"
    before: Any = None
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Ability:
    """Whether an API carries a kind of thing, and what a person should know of it."""

    kind: Carried
    carries: bool
    words: Later


@dataclass(frozen=True, slots=True)
class Option:
    """A switch or text of a connection that its API needs; `choices` is empty for free text."""

    name: str
    words: Later
    usual: str = ""
    choices: tuple[tuple[str, Later], ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that the test of a connection tries; it changes nothing at the remote."""

    words: Later
    ask: Ask
    judge: Callable[[Reply], Verdict]


# The name under which the step `customer <id>` leaves the remote's id of a customer, so that those
# who come from there are known as those who were sent.
CUSTOMER_ID = "customer"


@dataclass(frozen=True, slots=True)
class RemoteCustomer:
    """A customer as a remote lists them."""

    remote_id: str
    number: str
    name: str
    phone: str = ""
    email: str = ""
    contact: str = ""
    tax_number: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    category: str = ""
    region: str = ""
    is_active: bool = True


class Dialect(Protocol):
    """One API as it is spoken; every method is pure."""

    @property
    def api(self) -> str:
        """Its short name: sales, retail, xtrakit, feed or erp."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def needs(self) -> frozenset[str]:
        """Which of `Credentials` a person has to enter: `key`, `user`, `company`, `connection`."""

    @property
    def options(self) -> tuple[Option, ...]:
        """How a connection can be set up."""

    def abilities(self, known: Known) -> tuple[Ability, ...]:
        """Say of every kind of thing whether it goes there, as the connection is set up."""

    def sign_in(self, credentials: Credentials) -> Ask | None:
        """Return the request that gives a token, or None where the key itself opens everything.

        It is sent as it is, without `with_key`.
        """

    def token(self, reply: Reply) -> str:
        """Return the token of a sign-in's reply; raises NoGoodAnswer."""

    def with_key(self, ask: Ask, credentials: Credentials) -> Ask:
        """Return a request with the key where this API wants it."""

    def probes(self, known: Known) -> tuple[Probe, ...]:
        """Return what a test of the connection tries, in order."""

    def steps(self, thing: Outgoing, known: Known) -> Sequence[Step]:
        """Return what is to be done for a thing, in order; nothing for what is not carried."""

    def customers(self) -> Generator[Ask, Reply, list[RemoteCustomer]] | None:
        """Walk the remote's customers to the last page, or None where it lists none."""


def refusal_of(reply: Reply, reason: str) -> Again | SignInNeeded | Unclear | Refused:
    """Judge a reply that is no success by its status alone.

    401 and 403 ask for another key, 425 and 429 for patience; every other 4xx but 408 refuses. What
    a server or gateway says of its own faults (408, 5xx), and every redirect, leaves it unclear.
    """
    if reply.status in {401, 403}:
        return SignInNeeded(reason)
    if reply.status in {425, 429}:
        return Again(reason, _seconds(reply.headers.get("retry-after", "")))
    if 400 <= reply.status < 500 and reply.status != 408:
        return Refused(reason)
    return Unclear(reason)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
