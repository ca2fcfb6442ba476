"""Keeping staff and roles: each change is one transaction with its fact."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.approval_code import secret_text
from pos_app.domain.catalogue_rules import FieldRefusal, check_line
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.staff import (
    OWNER,
    BadgeTaken,
    NobodyLeft,
    OwnerFirst,
    PinsDiffer,
    PinTaken,
    Role,
    RoleUnknown,
    StaffMember,
    check_badge,
    check_pin,
)
from pos_app.services.authority import UNRESTRICTED, Authority
from pos_app.services.staff_records import ROLE, STAFF, active_members, role_of, roles_of
from pos_app.services.staff_secrets import KeyElsewhere, StaffSecrets

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

CODE_LIMIT, NAME_LIMIT = 12, 80
# Only digits: they come out of every scanner alike, whatever keyboard the machine believes in.
BADGE_PREFIX, BADGE_DIGITS = "98", 18
_NEEDS_SETTINGS = ApprovalRequest(Action.SETTINGS)


class CodeTaken(FieldRefusal):
    """Somebody else has the code."""

    sentence = "{name} has the code {code} already. Choose another one."


class MemberUnknown(PosError):
    """Nobody has this code."""

    sentence = "Nobody on the staff has the code {code}. Settings, Staff lists the codes."


class Staff:
    """The use cases of the staff page; hashing takes a while, so not in the screen's thread."""

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        staff: str = "1",
        authority: Authority = UNRESTRICTED,
        keys: StaffSecrets | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self.staff = staff
        self.authority = authority
        self.keys = keys or StaffSecrets(store)

    def members(self) -> list[StaffMember]:
        """Return everybody, also who left, by name."""
        return self._store.records.all(STAFF)

    def roles(self) -> list[Role]:
        """Return the shop's roles."""
        return roles_of(self._store)

    def member(self, staff_id: str) -> StaffMember | None:
        """Return a member by id."""
        return self._store.records.get(STAFF, staff_id)

    def new_member(self) -> StaffMember:
        """Return an empty member with the next free code; the first one is the owner."""
        now_ms = int(self._now().timestamp() * 1000)
        known = {member.code for member in self.members()}
        code = next(f"{n}" for n in range(1, len(known) + 2) if f"{n}" not in known)
        role = "cashier" if known else OWNER
        return StaffMember(uuid7(now_ms, secrets.randbits(74)), code, "", role)

    def save(self, member: StaffMember, pins: tuple[str, str] | None = None) -> StaffMember:
        """Save a new or changed member; `pins` is a new PIN typed twice, or None to keep it.

        Raises a FieldRefusal, PinsDiffer, a refusal of `check_pin`, PinTaken, RoleUnknown,
        NobodyLeft, KeyElsewhere or ApprovalNeeded.
        """
        tidy = replace(member, code=member.code.strip(), name=" ".join(member.name.split()))
        check_line("name", tidy.name, NAME_LIMIT, is_needed=True)
        check_line("code", tidy.code, CODE_LIMIT, is_needed=True)
        if pins is not None:
            tidy = self._with_pin(tidy, *pins)
        with self._store.transaction() as tx:
            self._check(tx, tidy)
            if tidy != tx.records.get(STAFF, tidy.id):
                self._put(tx, tidy, "saved")
        return tidy

    def set_badge(self, staff_id: str, code: str) -> StaffMember:
        """Let a card that somebody has be a member's badge; an empty code takes it away.

        Raises BadgeNotPossible, BadgeTaken, KeyElsewhere or ApprovalNeeded.
        """
        code = code.strip()
        if code:
            check_badge(code)
            self._check_badge_free(staff_id, code)
        with self._store.transaction() as tx:
            member = self._known(tx, staff_id)
            hashed = self.keys.hash_badge(code) if code else ""
            changed = replace(member, badge_hash=hashed, badge_epoch=self.keys.epoch)
            self._put(tx, changed, "badge")
        return changed

    def new_badge(self, staff_id: str) -> str:
        """Make a new badge for a member and return its code, which is kept nowhere else."""
        code = BADGE_PREFIX + "".join(secrets.choice("0123456789") for _ in range(BADGE_DIGITS))
        self.set_badge(staff_id, code)
        return code

    def new_code_key(self, staff_id: str) -> str:
        """Make a member's key for approval codes (Base32); an earlier one ends.

        Raises KeyElsewhere or ApprovalNeeded.
        """
        with self._store.transaction() as tx:
            member = self._known(tx, staff_id)
            changed = replace(
                member, code_serial=member.code_serial + 1, code_epoch=self.keys.epoch
            )
            key = self.keys.code_key(changed) or b""
            self._put(tx, changed, "code key")
        return secret_text(key)

    def save_role(self, role: Role) -> Role:
        """Save a role's permissions; raises a FieldRefusal, NobodyLeft or ApprovalNeeded."""
        tidy = replace(role, name=" ".join(role.name.split()))
        check_line("name", tidy.name, NAME_LIMIT, is_needed=True)
        with self._store.transaction() as tx:
            self.authority.require(_NEEDS_SETTINGS, tx)
            tx.records.put(ROLE, tidy, FactKind.ROLE_SAVED, self._now(), self.staff)
            members = active_members(tx)
            if members and not any(_may_set(tx, member) for member in members):
                raise NobodyLeft(name=tidy.name)
        return tidy

    def reset_pin(self, code: str, pin: str) -> StaffMember:
        """Give a member another PIN from the command line, where nobody can sign in any more.

        Raises MemberUnknown, a refusal of `check_pin`, or PinTaken.
        """
        known = self._store.records.by_code(STAFF, code.casefold())
        if known is None:
            raise MemberUnknown(code=code)
        changed = self._with_pin(replace(known, is_active=True), pin, pin)
        with self._store.transaction() as tx:
            tx.records.put(
                STAFF, changed, FactKind.STAFF_SAVED, self._now(), "", {"step": "pin reset"}
            )
        return changed

    def _with_pin(self, member: StaffMember, pin: str, again: str) -> StaffMember:
        check_pin(pin)
        if pin != again:
            raise PinsDiffer()
        for other in self.members():
            if other.id != member.id and other.is_active and self._has_pin(other, pin):
                raise PinTaken()
        hashed, epoch = self.keys.hash_pin(pin), self.keys.epoch
        return replace(member, pin_hash=hashed, pin_epoch=epoch, pin_digits=len(pin))

    def _has_pin(self, member: StaffMember, pin: str) -> bool:
        """Whether a PIN is a member's; one whose key is elsewhere can be used by nobody."""
        try:
            return self.keys.is_pin(member, pin)
        except KeyElsewhere:
            return False

    def _check(self, tx: "Transaction", member: StaffMember) -> None:
        same = tx.records.by_code(STAFF, member.code.casefold())
        if same is not None and same.id != member.id:
            raise CodeTaken("code", name=same.name, code=member.code)
        if member.role not in {role.key for role in roles_of(tx)}:
            raise RoleUnknown(role=member.role)
        others = [one for one in active_members(tx) if one.id != member.id]
        is_able = member.is_active and _may_set(tx, member)
        if not is_able and not any(_may_set(tx, one) for one in others):
            raise NobodyLeft(name=member.name) if tx.records.count(STAFF) else OwnerFirst()

    def _check_badge_free(self, staff_id: str, code: str) -> None:
        for member in self.members():
            if member.id != staff_id and self.keys.is_badge(member, code):
                raise BadgeTaken(owner=member.name)
        product = self._store.products.find(code)
        if product is not None:
            raise BadgeTaken(owner=product.name)
        customer = self._store.customers.find(code)
        if customer is not None:
            raise BadgeTaken(owner=customer.name)

    def _known(self, tx: "Transaction", staff_id: str) -> StaffMember:
        member = tx.records.get(STAFF, staff_id)
        if member is None:
            raise MemberUnknown(code=staff_id)
        return member

    def _put(self, tx: "Transaction", member: StaffMember, step: str) -> None:
        self.authority.require(_NEEDS_SETTINGS, tx)
        details = {"step": step}
        tx.records.put(STAFF, member, FactKind.STAFF_SAVED, self._now(), self.staff, details)


def _may_set(tx: "Transaction", member: StaffMember) -> bool:
    """Whether a member can sign in by PIN and change the settings."""
    return bool(member.pin_hash) and role_of(tx, member).permission(Action.SETTINGS) is not None
