"""Whoever signs in, storms, locks, approves and restarts: one at the till, one deed an approval."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.lockout import LockedOut
from pos_app.domain.money import Money
from pos_app.services.pin_hash import hash_pin
from pos_app.services.sign_in import PinWrong
from pos_app.services.staff_records import SESSION, STAFF, session_of
from pos_app.services.verification import verify
from tests.services.staffed_shop import ANN, MAX, OLGA, PINS, SAM, people

WHO = st.sampled_from([OLGA, ANN, SAM, MAX])
REQUESTS = st.builds(
    lambda action, minor: ApprovalRequest(action, Money(minor, "EUR"), about="1-000007"),
    st.sampled_from([Action.VOID, Action.REFUND, Action.CASH_OUT]),
    st.sampled_from([1, 4_999, 5_001, 30_000]),
)


class AtTheTill(RuleBasedStateMachine):
    """A till with four people, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.shop = people(Path(self.folder.name))
        self.deeds = 0
        self.inside = ""
        self.wrong = dict.fromkeys((OLGA, ANN, SAM, MAX), 0)
        self._hash_cheaply()

    def _hash_cheaply(self) -> None:
        """The same PINs at the least cost, because a machine tries hundreds."""
        key = self.shop.keys.secret(1)
        from pos_app.services.staff_secrets import _key

        for member in self.shop.staff.members():
            cheap = hash_pin(PINS[member.code], _key(key, "pin"), 8, 1)
            changed = replace(member, pin_hash=cheap)
            with self.shop.store.transaction() as tx:
                tx.records.put(STAFF, changed, FactKind.STAFF_SAVED, self.shop.clock(), "")

    @rule(who=WHO)
    def sign_in(self, who: str) -> None:
        member = self.shop.member(who)
        until = session_of(self.shop.store, member.id).tries.until
        is_waiting = until is not None and self.shop.clock.moment < until
        try:
            self.shop.sign_in.by_pin(member.id, PINS[who])
        except LockedOut:
            assert is_waiting
            return
        assert not is_waiting
        self.inside = who
        self.wrong[who] = 0

    @rule(who=WHO, tries=st.integers(1, 4))
    def storm(self, who: str, tries: int) -> None:
        for _ in range(tries):
            try:
                self.shop.sign_in.by_pin(self.shop.member(who).id, "9090")
                raise AssertionError
            except PinWrong:
                self.wrong[who] += 1
            except LockedOut:
                assert self.wrong[who] >= 3

    @rule(seconds=st.sampled_from([1, 31, 100, 1000]))
    def wait(self, seconds: int) -> None:
        self.shop.clock.wait(seconds=seconds)

    @rule()
    def lock(self) -> None:
        self.shop.sign_in.sign_out()
        self.inside = ""

    @rule()
    def restart(self) -> None:
        self.shop.reopen()
        self.inside = ""

    @precondition(lambda self: self.inside)
    @rule(request=REQUESTS, approver=WHO)
    def ask_and_do(self, request: ApprovalRequest, approver: str) -> None:
        try:
            self.shop.authority.require(request)
            return
        except ApprovalNeeded:
            pass
        try:
            self.shop.approvals.by_pin(request, PINS[approver])
        except PosError:
            return
        assert self.shop.authority.may_approve(self.shop.member(approver), request)
        self.shop.authority.require(request)
        self.deeds += 1
        try:
            self.shop.authority.require(request)
            raise AssertionError
        except ApprovalNeeded:
            pass

    @invariant()
    def at_most_one_is_in_and_the_store_says_who(self) -> None:
        member = self.shop.sign_in.member
        assert ("" if member is None else member.code) == self.inside
        if member is not None:
            assert session_of(self.shop.store, member.id).is_in

    @invariant()
    def wrong_tries_are_in_the_store(self) -> None:
        for code, wrong in self.wrong.items():
            session = self.shop.store.records.get(SESSION, self.shop.member(code).id)
            assert (session.tries.failures if session else 0) == wrong

    def teardown(self) -> None:
        given = self.shop.told(FactKind.APPROVAL_GIVEN)
        self.shop.store.close()
        assert len(given) == self.deeds
        assert all(one["state"]["asker"] and one["state"]["approver"] for one in given)
        assert verify(self.shop.path).is_sound
        self.folder.cleanup()


TestAtTheTill = AtTheTill.TestCase
TestAtTheTill.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
