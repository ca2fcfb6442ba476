"""A shop with staff in a real store: a cashier, a supervisor, a manager and the owner."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pos_app.domain.facts import FactKind
from pos_app.domain.staff import CASHIER, MANAGER, OWNER, SUPERVISOR, StaffMember
from pos_app.services.approvals import Approvals
from pos_app.services.authority import StaffAuthority
from pos_app.services.checkout import Checkout
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.sign_in import SignIn
from pos_app.services.staff import Staff
from pos_app.services.staff_secrets import StaffSecrets
from pos_app.store.store import Store, open_store
from tests.store.shops import new_shop

MORNING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PINS = {"1": "2580", "2": "1357", "3": "7294", "4": "80412"}
NAMES = {"1": "Olga", "2": "Ann", "3": "Sam", "4": "Max"}
OLGA, ANN, SAM, MAX = "1", "2", "3", "4"
ROLES = {OLGA: OWNER, ANN: CASHIER, SAM: SUPERVISOR, MAX: MANAGER}


@dataclass
class Clock:
    """A clock that goes on by a millisecond at each look; `wait` lets time pass, `moment` sets it.

    `ran_ms` is how long the machine has been running.
    """

    moment: datetime = MORNING
    ran_ms: int = 1_000_000

    def __call__(self) -> datetime:
        self.wait(milliseconds=1)
        return self.moment

    def wait(self, **time: int) -> None:
        self.moment += timedelta(**time)
        self.ran_ms += timedelta(**time) // timedelta(milliseconds=1)


class People:
    """Everything about staff over one open store; `reopen` is a restart of the till."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.open()

    def open(self) -> None:
        self.store: Store = open_store(self.path)
        self.keys = StaffSecrets(self.store)
        self.authority = StaffAuthority(self.store, self.clock)
        self.sign_in = SignIn(
            self.store, self.clock, self.authority, self.keys, lambda: self.clock.ran_ms
        )
        self.approvals = Approvals(self.store, self.clock, self.authority, self.sign_in)
        self.staff = Staff(self.store, self.clock, keys=self.keys)
        self.checkout = Checkout(self.store, self.clock)
        self.checkout.authority = self.authority

    def reopen(self) -> None:
        self.store.close()
        self.open()

    def member(self, code: str) -> StaffMember:
        return next(one for one in self.staff.members() if one.code == code)

    def enter(self, code: str) -> None:
        """Sign somebody in by PIN and let them sell."""
        self.sign_in.by_pin(self.member(code).id, PINS[code])
        self.checkout.staff = code

    def told(self, *kinds: FactKind) -> list[dict[str, Any]]:
        """Return what the journal tells, by kind, each with its staff."""
        return [
            {**json.loads(entry.payload), "staff": entry.staff, "kind": entry.kind}
            for entry in self.store.journal.entries(limit=10_000)
            if entry.kind in kinds
        ]

    def settings(self, **changes: Any) -> None:
        """Change the shop's approval policy."""
        shop = self.store.settings.shop()
        changed = replace(shop, approvals=replace(shop.approvals, **changes))
        ShopSetup(self.store, self.clock).save(changed)
        self.checkout.reload_settings()


def people(folder: Path, clock: Clock | None = None) -> People:
    """Return the shop of `new_shop` with four members of staff, made once and then copied."""
    for name, content in _made().items():
        (folder / name).write_bytes(content)
    return People(folder / "shop.db", clock or Clock())


@cache
def _made() -> dict[str, bytes]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        new_shop(folder / "shop.db").close()
        made = People(folder / "shop.db", Clock())
        for code in (OLGA, ANN, SAM, MAX):
            member = made.staff.new_member()
            named = replace(member, name=NAMES[code], role=ROLES[code])
            made.staff.save(named, (PINS[code], PINS[code]))
        made.store.close()
        return {one: (folder / one).read_bytes() for one in ("shop.db", "shop.db.key")}
