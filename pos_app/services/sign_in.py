"""Signing in at the till by PIN or badge, changing the cashier, and locking the till."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.lockout import Tries, check_tries, failed
from pos_app.domain.staff import StaffMember
from pos_app.services.authority import StaffAuthority, has_staff
from pos_app.services.staff_records import (
    SESSION,
    STAFF,
    Session,
    active_members,
    session_of,
)
from pos_app.services.staff_secrets import KeyElsewhere, StaffSecrets

if TYPE_CHECKING:
    from pos_app.store.store import Store

PIN, BADGE, FIRST = "pin", "badge", "first"
CHANGE, LOCK = "change", "lock"


class PinWrong(PosError):
    """The PIN is not this member's."""

    sentence = "That PIN is not {name}'s. Try again, or scan your badge."


class NoPin(PosError):
    """The member has no PIN yet."""

    sentence = "{name} has no PIN yet. Scan the badge, or set a PIN in Settings, Staff."


class BadgeUnknown(PosError):
    """A scanned code is nobody's badge."""

    sentence = "That code is nobody's badge. Scan your badge, or touch your name and type your PIN."


class MemberLeft(PosError):
    """The badge or PIN of somebody who does not work here any more."""

    sentence = "{name} is not active here any more. Ask the manager."


def machine_uptime_ms() -> int:
    """Return how long this machine has been running, in milliseconds; setting its clock is no way.

    Where an operating system counts otherwise (asleep it may stand still) it counts less, not more.
    """
    return time.monotonic_ns() // 1_000_000


class SignIn:
    """Who is at the till; checking a PIN takes a while, so not in the thread of the screen.

    Whoever signs in becomes the member of `authority`. Wrong PINs are counted with the member, in
    the store, so that a restart does not forgive them; the wait goes by `uptime_ms`, not by `now`.
    """

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        authority: StaffAuthority,
        keys: StaffSecrets,
        uptime_ms: Callable[[], int] = machine_uptime_ms,
    ) -> None:
        self._store = store
        self._now = now
        self.uptime_ms = uptime_ms
        self.authority = authority
        self.keys = keys

    @property
    def is_needed(self) -> bool:
        """Whether this shop has staff, so that somebody has to sign in."""
        return has_staff(self._store)

    @property
    def member(self) -> StaffMember | None:
        """Who is signed in."""
        return self.authority.member

    def people(self) -> list[StaffMember]:
        """Return who can sign in, by name."""
        return active_members(self._store)

    def warm_up(self) -> None:
        """Fetch the keys of everybody's PINs and badges; one that is elsewhere is left out."""
        for member in self.people():
            for epoch in {member.pin_epoch, member.badge_epoch} - {0}:
                try:
                    self.keys.secret(epoch)
                except KeyElsewhere:
                    continue

    def by_pin(self, staff_id: str, pin: str) -> StaffMember:
        """Sign a member in; raises LockedOut, PinWrong, NoPin, MemberLeft or KeyElsewhere."""
        member = self._store.records.get(STAFF, staff_id)
        if member is None or not member.is_active:
            raise MemberLeft(name=member.name if member else staff_id)
        if not member.pin_hash:
            raise NoPin(name=member.name)
        now = self._now()
        check_tries(session_of(self._store, member.id).tries, self.uptime_ms())
        if not self.keys.is_pin(member, pin):
            self._refuse(member, now)
            raise PinWrong(name=member.name)
        return self._sign_in(member, PIN)

    def by_badge(self, code: str) -> StaffMember:
        """Sign in whoever has a badge; raises BadgeUnknown, MemberLeft or KeyElsewhere."""
        member = self.holder_of(code)
        if member is not None and member.is_active:
            return self._sign_in(member, BADGE)
        with self._store.transaction() as tx:
            told = {"how": BADGE, "member": member.code if member else ""}
            fact = Fact(FactKind.SIGN_IN_REFUSED, told)
            tx.journal.append(fact, self._now(), self.authority.staff)
        if member is None:
            raise BadgeUnknown()
        raise MemberLeft(name=member.name)

    def admit(self, member: StaffMember) -> StaffMember:
        """Sign the first member in who has just been registered: they stand at the till."""
        return self._sign_in(member, FIRST)

    def holder_of(self, code: str) -> StaffMember | None:
        """Return whose badge a code is, also of somebody who left; raises KeyElsewhere.

        A member whose badge was made with a key of another machine is passed over, unless
        nobody's can be checked.
        """
        if not code.isascii():
            return None
        elsewhere: KeyElsewhere | None = None
        members = [one for one in self._store.records.all(STAFF) if one.badge_hash]
        for member in members:
            try:
                if self.keys.is_badge(member, code):
                    return member
            except KeyElsewhere as missing:
                elsewhere = missing
        if elsewhere is not None:
            raise elsewhere
        return None

    def set_aside(self, staff_id: str, cart_id: str) -> None:
        """Remember that a member's sale was parked because somebody else took over."""
        with self._store.transaction() as tx:
            session = replace(session_of(tx, staff_id), aside=cart_id)
            told = {"step": "sale put aside"}
            staff = self.authority.staff
            tx.records.put(SESSION, session, FactKind.SIGNED_OUT, self._now(), staff, told)

    def aside(self, member: StaffMember) -> str:
        """Return the id of the member's sale that was put aside, if it is still parked."""
        cart_id = session_of(self._store, member.id).aside
        return cart_id if cart_id and self._store.parked.get(cart_id) is not None else ""

    def sign_out(self, how: str = LOCK) -> None:
        """Lock the till: nobody is signed in any more. Without anybody it does nothing."""
        member = self.authority.member
        if member is None:
            return
        with self._store.transaction() as tx:
            session = replace(session_of(tx, member.id), is_in=False, at=self._now(), how=how)
            tx.records.put(SESSION, session, FactKind.SIGNED_OUT, self._now(), member.code)
        self.authority.forget()
        self.authority.member = None

    def renew(self) -> None:
        """Read again who is signed in, after the staff was changed; who left is signed out."""
        member = self.authority.member
        if member is None:
            return
        known = self._store.records.get(STAFF, member.id)
        if known is None or not known.is_active:
            self.sign_out(LOCK)
        else:
            self.authority.member = known

    def _sign_in(self, member: StaffMember, how: str) -> StaffMember:
        before = self.authority.member
        if before is not None and before.id != member.id:
            self.sign_out(CHANGE)
        now = self._now()
        with self._store.transaction() as tx:
            aside = session_of(tx, member.id).aside
            session = Session(member.id, True, now, how, aside, Tries())
            tx.records.put(SESSION, session, FactKind.SIGNED_IN, now, member.code)
        self.authority.forget()
        self.authority.member = member
        return member

    def _refuse(self, member: StaffMember, now: datetime) -> None:
        with self._store.transaction() as tx:
            session = session_of(tx, member.id)
            counted = replace(session, tries=failed(session.tries, now, self.uptime_ms()))
            told = {"by": PIN}
            staff = self.authority.staff
            tx.records.put(SESSION, counted, FactKind.SIGN_IN_REFUSED, now, staff, told)
