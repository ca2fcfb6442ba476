"""Who may do what: asked by every use case that the shop's policy may reserve for some."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.approval import ApprovalNeeded, ApprovalRequest, GivenApproval
from pos_app.domain.approval_policy import counts_per_shift, needs
from pos_app.domain.facts import FactKind
from pos_app.domain.ids import uuid7
from pos_app.domain.staff import STAFF_RECORD, Role, StaffMember

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

# An approval is for what is being done now, not for later.
GOOD_FOR = timedelta(minutes=2)
NOBODY = Role("", "")


class Authority(Protocol):
    """Says whether whoever is signed in may do something, alone or with an approval just given."""

    def require(self, request: ApprovalRequest, tx: "Transaction | None" = None) -> None:
        """Let a request through or raise ApprovalNeeded; an approval is used up and journalled.

        Inside a transaction pass it, so that the approval and the deed are one.
        """

    def allows(self, request: ApprovalRequest, /) -> bool:
        """Tell whether whoever is signed in may do something alone."""

    def has_staff(self) -> bool:
        """Tell whether there is anybody who could give an approval."""


class Unrestricted:
    """A shop without staff: everybody may do everything."""

    def require(self, request: ApprovalRequest, tx: "Transaction | None" = None) -> None:
        """Let everything through."""

    def allows(self, _request: ApprovalRequest) -> bool:
        """Everything is allowed."""
        return True

    def has_staff(self) -> bool:
        """There is nobody to ask."""
        return False


UNRESTRICTED = Unrestricted()


class StaffAuthority:
    """Follows the shop's policy for whoever is signed in; a shop without staff is unrestricted.

    `member` is who is signed in, or None. A grant lets one equal request through, once, within
    two minutes; using it writes it down together with the deed.
    """

    def __init__(self, store: "Store", now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._granted: list[GivenApproval] = []
        self.member: StaffMember | None = None

    @property
    def staff(self) -> str:
        """The code of whoever is signed in, empty for nobody."""
        return "" if self.member is None else self.member.code

    def require(self, request: ApprovalRequest, tx: "Transaction | None" = None) -> None:
        """Let a request through or raise ApprovalNeeded; an approval is used up and journalled."""
        source = tx or self._store
        if not self._is_reserved(request, source):
            return
        approval = self._granted_for(request, source)
        if approval is None:
            raise ApprovalNeeded(request)
        if tx is not None:
            _keep(tx, approval)
            return
        with self._store.transaction() as own:
            _keep(own, approval)

    def allows(self, request: ApprovalRequest) -> bool:
        """Tell whether whoever is signed in may do something alone."""
        return not self._is_reserved(request, self._store)

    def has_staff(self) -> bool:
        """Tell whether there is anybody who could give an approval."""
        return has_staff(self._store)

    def may_approve(self, member: StaffMember, request: ApprovalRequest) -> bool:
        """Tell whether a member's own role covers a request."""
        from pos_app.services.staff_records import role_of  # noqa: PLC0415 - few shops have staff

        policy = self._store.settings.shop().approvals
        return member.is_active and not needs(policy, role_of(self._store, member), request)

    def grant(
        self,
        request: ApprovalRequest,
        approver: StaffMember,
        how: str,
        reason: str,
        challenge: str = "",
    ) -> GivenApproval:
        """Keep the approval of somebody who may give it until the request comes again."""
        at = self._now()
        number = uuid7(int(at.timestamp() * 1000), SystemRandom().getrandbits(74))
        approval = GivenApproval(
            number, request, self.staff, approver.code, how, reason, at, challenge
        )
        self._granted = [one for one in self._granted if at - one.at <= GOOD_FOR]
        self._granted.append(approval)
        return approval

    def forget(self) -> None:
        """Let go of approvals that nobody used."""
        self._granted.clear()

    def _is_reserved(self, request: ApprovalRequest, source: "Store | Transaction") -> bool:
        if not has_staff(source):
            return False
        from pos_app.services.staff_records import role_of  # noqa: PLC0415 - few shops have staff

        policy = source.settings.shop().approvals
        role = NOBODY if self.member is None else role_of(source, self.member)
        used = None
        if request.amount is not None and counts_per_shift(policy, request.action):
            from pos_app.services.shift_allowance import taken_out  # noqa: PLC0415 - as above

            used = taken_out(source, self.staff, request.amount.currency, self._now())
        return needs(policy, role, request, used)

    def _granted_for(
        self, request: ApprovalRequest, source: "Store | Transaction"
    ) -> GivenApproval | None:
        from pos_app.services.staff_records import APPROVAL  # noqa: PLC0415 - as above

        now = self._now()
        for one in self._granted:
            is_same = one.request == request and one.asker == self.staff
            if is_same and now - one.at <= GOOD_FOR and not source.records.get(APPROVAL, one.id):
                return one
        return None


def has_staff(source: "Store | Transaction") -> bool:
    """Whether anybody is registered; without, everybody may do everything."""
    return source.records.has_any(STAFF_RECORD)


def _keep(tx: "Transaction", approval: GivenApproval) -> None:
    from pos_app.services.staff_records import APPROVAL  # noqa: PLC0415 - few shops have staff

    tx.records.put(APPROVAL, approval, FactKind.APPROVAL_GIVEN, approval.at, approval.asker)
