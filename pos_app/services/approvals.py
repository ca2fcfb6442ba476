"""Approving on the spot by PIN or badge, or from afar by a one-time code."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.approval import (
    ApprovalRequest,
    CodeExpired,
    CodeUsed,
    CodeWrong,
    GivenApproval,
    MayNotApprove,
    NobodyMayApprove,
    NoCodesHere,
)
from pos_app.domain.approval_code import (
    STEP,
    STEPS_BACK,
    Verdict,
    challenge_of,
    judged,
    read_code,
    subject_of,
)
from pos_app.domain.errors import PosError
from pos_app.domain.facts import Fact, FactKind
from pos_app.domain.lockout import check_tries, failed
from pos_app.domain.staff import StaffMember
from pos_app.services.authority import StaffAuthority
from pos_app.services.sign_in import BadgeUnknown, MemberLeft, SignIn
from pos_app.services.staff_records import (
    APPROVAL,
    APPROVALS,
    TRIES,
    ApprovalTries,
    active_members,
    approval_tries,
    last_approval,
)
from pos_app.services.staff_secrets import KeyElsewhere

if TYPE_CHECKING:
    from pos_app.store.store import Store

PIN, BADGE, CODE = "pin", "badge", "code"


class NobodysPin(PosError):
    """A PIN that is not of anybody who may approve this."""

    sentence = "That is not the PIN of anybody who may approve this. Try again, or leave it."


class Approvals:
    """Ways for somebody with more rights to let a request through; each refusal is written down.

    Checking a PIN takes a while for each who may approve, so not in the thread of the screen.
    """

    def __init__(
        self,
        store: "Store",
        now: Callable[[], datetime],
        authority: StaffAuthority,
        sign_in: SignIn,
    ) -> None:
        self._store = store
        self._now = now
        self._authority = authority
        self._sign_in = sign_in
        self._keys = sign_in.keys

    def approvers(self, request: ApprovalRequest) -> list[StaffMember]:
        """Return who may approve a request, by name."""
        members = active_members(self._store)
        return [one for one in members if self._authority.may_approve(one, request)]

    def pin_digits(self, request: ApprovalRequest) -> int:
        """Return how long a PIN is that could approve, or 0 where that differs."""
        lengths = {one.pin_digits for one in self.approvers(request) if one.pin_hash}
        return lengths.pop() if len(lengths) == 1 else 0

    def by_pin(self, request: ApprovalRequest, pin: str, reason: str = "") -> GivenApproval:
        """Approve by the PIN of somebody who may; the PIN says who.

        Raises LockedOut, NobodysPin, NobodyMayApprove or KeyElsewhere.
        """
        now = self._now()
        check_tries(approval_tries(self._store), self._sign_in.uptime_ms())
        approvers = self.approvers(request)
        if not approvers:
            raise NobodyMayApprove()
        elsewhere: KeyElsewhere | None = None
        for member in approvers:
            try:
                if self._keys.is_pin(member, pin):
                    return self._authority.grant(request, member, PIN, reason)
            except KeyElsewhere as missing:
                elsewhere = missing
        if elsewhere is not None:
            raise elsewhere
        self._count(request, PIN, "wrong PIN", now)
        raise NobodysPin()

    def by_badge(self, request: ApprovalRequest, code: str, reason: str = "") -> GivenApproval:
        """Approve by a badge; raises BadgeUnknown, MemberLeft, MayNotApprove or KeyElsewhere."""
        member = self._sign_in.holder_of(code)
        if member is None:
            self._tell(request, BADGE, "no badge")
            raise BadgeUnknown()
        if not member.is_active:
            self._tell(request, BADGE, f"{member.code} has left")
            raise MemberLeft(name=member.name)
        if not self._authority.may_approve(member, request):
            self._tell(request, BADGE, f"{member.code} may not")
            raise MayNotApprove(name=member.name)
        return self._authority.grant(request, member, BADGE, reason)

    @property
    def till(self) -> str:
        """The till that codes are made for."""
        return self._store.identity.till

    def challenge(self, request: ApprovalRequest) -> str:
        """Make a challenge for a request, six digits; a code is good for this one only.

        Raises NoCodesHere where nobody who may approve has a key for codes.
        """
        if not any(one.code_serial for one in self.approvers(request)):
            raise NoCodesHere()
        while True:
            challenge = challenge_of(secrets.randbelow(10**9))
            if not self._is_used(challenge):
                return challenge

    def by_code(
        self, request: ApprovalRequest, challenge: str, text: str, reason: str = ""
    ) -> GivenApproval:
        """Approve by a code that somebody far away made for this challenge.

        Raises LockedOut, CodeMalformed, CodeWrong, CodeExpired, CodeUsed or KeyElsewhere.
        """
        now, code = self._now(), read_code(text)
        check_tries(approval_tries(self._store), self._sign_in.uptime_ms())
        subject = subject_of(request, self.till, challenge)
        verdicts = [
            (judged(key, subject, code, now), member)
            for member in self.approvers(request)
            if (key := self._keys.code_key(member)) is not None
        ]
        good = next((member for verdict, member in verdicts if verdict is Verdict.GOOD), None)
        if good is not None:
            if self._is_used(challenge):
                self._tell(request, CODE, "used code")
                raise CodeUsed()
            return self._authority.grant(request, good, CODE, reason, challenge)
        if any(verdict is Verdict.EXPIRED for verdict, _ in verdicts):
            self._tell(request, CODE, "expired code")
            raise CodeExpired(minutes=STEPS_BACK * STEP.seconds // 60)
        self._count(request, CODE, "wrong code", now)
        raise CodeWrong()

    def _is_used(self, challenge: str) -> bool:
        return self._store.records.by_code(APPROVAL, f"challenge {challenge}") is not None

    def _count(self, request: ApprovalRequest, how: str, why: str, now: datetime) -> None:
        """Count a wrong try in the store, where a restart finds it again."""
        with self._store.transaction() as tx:
            counted = failed(approval_tries(tx), now, self._sign_in.uptime_ms())
            tries = ApprovalTries(APPROVALS, counted, last_approval(tx))
            told = self._told(request, how, why)
            staff = self._authority.staff
            tx.records.put(TRIES, tries, FactKind.APPROVAL_REFUSED, now, staff, told)

    def _tell(self, request: ApprovalRequest, how: str, why: str) -> None:
        with self._store.transaction() as tx:
            fact = Fact(FactKind.APPROVAL_REFUSED, self._told(request, how, why))
            tx.journal.append(fact, self._now(), self._authority.staff)

    def _told(self, request: ApprovalRequest, how: str, why: str) -> dict[str, object]:
        amount = request.amount
        return {
            "action": request.action.value,
            "amount": 0 if amount is None else amount.minor,
            "currency": "" if amount is None else amount.currency,
            "about": request.about,
            "how": how,
            "why": why,
        }
