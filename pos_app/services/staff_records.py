"""Staff, roles, sessions, wrong tries and approvals as the store keeps them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pos_app.domain.approval import GivenApproval
from pos_app.domain.lockout import Tries
from pos_app.domain.staff import STAFF_RECORD, USUAL_ROLES, Role, StaffMember
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

APPROVALS = "approval"


@dataclass(frozen=True, slots=True)
class Session:
    """Whether a member is signed in here, since when, how, and which sale waits for them.

    `aside` is the id of the sale that was put aside when somebody else took over. `tries` are the
    wrong PINs typed for this member, which a restart does not forget.
    """

    staff_id: str
    is_in: bool = False
    at: datetime | None = None
    how: str = ""
    aside: str = ""
    tries: Tries = field(default_factory=Tries)


@dataclass(frozen=True, slots=True)
class ApprovalTries:
    """Wrong PINs and codes typed for approvals at this till, `after` the approval with this id."""

    id: str
    tries: Tries = field(default_factory=Tries)
    after: str = ""


def _approval_code(given: GivenApproval) -> str | None:
    return f"challenge {given.challenge}" if given.challenge else None


STAFF = RecordKind(
    STAFF_RECORD,
    StaffMember,
    id_of=lambda member: member.id,
    code_of=lambda member: member.code.casefold(),
    place_of=lambda member: member.name.casefold(),
    is_open_of=lambda member: member.is_active,
)
ROLE = RecordKind("role", Role, id_of=lambda role: role.key, place_of=lambda role: role.name)
SESSION = RecordKind(
    "session",
    Session,
    id_of=lambda session: session.staff_id,
    is_open_of=lambda session: session.is_in,
)
TRIES = RecordKind("approval_tries", ApprovalTries, id_of=lambda tries: tries.id)
APPROVAL = RecordKind(
    "approval",
    GivenApproval,
    id_of=lambda given: given.id,
    code_of=_approval_code,
    place_of=lambda given: given.at.isoformat(timespec="milliseconds"),
)


def active_members(source: "Source") -> list[StaffMember]:
    """Return who works here, by name."""
    return source.records.in_progress(STAFF)


def roles_of(source: "Source") -> list[Role]:
    """Return the shop's roles: the usual ones as it changed them, then its own by name."""
    kept = {role.key: role for role in source.records.all(ROLE)}
    usual = [kept.pop(role.key, role) for role in USUAL_ROLES]
    return [*usual, *kept.values()]


def role_of(source: "Source", member: StaffMember) -> Role:
    """Return a member's role; one that is gone permits nothing."""
    kept = source.records.get(ROLE, member.role)
    usual = next((role for role in USUAL_ROLES if role.key == member.role), None)
    return kept or usual or Role(member.role, member.role)


def session_of(source: "Source", staff_id: str) -> Session:
    """Return a member's session, also where there was none yet."""
    return source.records.get(SESSION, staff_id) or Session(staff_id)


def approval_tries(source: "Source") -> Tries:
    """Return the wrong tries since the last approval that was used."""
    kept = source.records.get(TRIES, APPROVALS)
    if kept is None or kept.tries.last_at is None:
        return Tries()
    return kept.tries if kept.after == last_approval(source) else Tries()


def last_approval(source: "Source") -> str:
    """Return the id of the latest approval, empty for none; a clock set back makes none later."""
    latest = source.records.latest(APPROVAL, 1)
    return latest[0].id if latest else ""
