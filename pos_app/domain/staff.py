"""Who works at the till: a member of staff, a role with its permissions, and what a PIN must be."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from pos_app.domain.approval import Action
from pos_app.domain.errors import PosError
from pos_app.domain.words import later

STAFF_RECORD = "staff"  # what a member is called in the store
PIN_LEAST, PIN_MOST = 4, 8
BADGE_LEAST, BADGE_MOST = 8, 64
_DIGITS = "0123456789"


class PinNotPossible(PosError):
    """A PIN of the wrong length, or with other signs than digits."""

    sentence = "A PIN has {least} to {most} digits. Type another one."


class PinTooSimple(PosError):
    """A PIN that anybody would try first."""

    sentence = "That PIN is guessed at once (1234, 0000, …). Type another one."


class PinsDiffer(PosError):
    """The PIN was typed differently the second time."""

    sentence = "The two PINs are not the same. Type the new PIN twice again."


class PinTaken(PosError):
    """Somebody else's PIN, which would no longer say who approved."""

    sentence = "That PIN cannot be used here. Type another one."


class BadgeNotPossible(PosError):
    """A code that is too short or too long to be a badge."""

    sentence = "A badge has {least} to {most} letters or digits. Scan another card."


class BadgeTaken(PosError):
    """The badge opens something else already: another member, a product or a customer."""

    sentence = "That code belongs to {owner} already. Scan another card, or make a new badge."


class NobodyLeft(PosError):
    """The last one who may change the settings would be gone."""

    sentence = (
        "{name} is the last one who may change the settings. Give somebody else that right first."
    )


class OwnerFirst(PosError):
    """The first member of staff could not let anybody else in."""

    sentence = (
        "The first one on the staff must be able to change the settings: choose the role Owner, "
        "and set a PIN."
    )


class RoleUnknown(PosError):
    """A member of staff has a role that the shop does not have."""

    sentence = "The role {role} does not exist here. Choose another one."


@dataclass(frozen=True, slots=True)
class Permission:
    """What a role may do beyond what is free for all, up to `limit` (None: without one).

    The limit is a percentage for discounts and currency units for everything else.
    """

    action: Action
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions; the names of the usual roles are translated where shown."""

    key: str
    name: str
    permissions: tuple[Permission, ...] = ()

    def permission(self, action: Action) -> Permission | None:
        """Return what the role may do of an action, or None."""
        return next((one for one in self.permissions if one.action is action), None)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works here; `code` is short, unique, and what receipts and journal show.

    `pin_hash` is Argon2id keyed with a secret of the till's epoch `pin_epoch`, `badge_hash` an
    HMAC with one of `badge_epoch`; neither can be tried out without the till's key. `pin_digits`
    is how long the PIN is, which spares the Enter after it. `code_serial` counts how often a key
    for approval codes was made for this person, in `code_epoch`; 0 means that there is none.
    """

    id: str
    code: str
    name: str
    role: str
    language: str = ""
    is_active: bool = True
    pin_hash: str = ""
    pin_epoch: int = 0
    pin_digits: int = 0
    badge_hash: str = ""
    badge_epoch: int = 0
    code_serial: int = 0
    code_epoch: int = 0


CASHIER, SUPERVISOR, MANAGER, OWNER = "cashier", "supervisor", "manager", "owner"


def _may(*actions: Action) -> tuple[Permission, ...]:
    return tuple(Permission(action) for action in actions)


USUAL_ROLES = (
    Role(CASHIER, later("Cashier")),
    Role(
        SUPERVISOR,
        later("Supervisor"),
        (
            Permission(Action.DISCOUNT, Decimal(30)),
            Permission(Action.REFUND, Decimal(200)),
            *_may(
                Action.PRICE_CHANGE,
                Action.RETURN_WITHOUT_RECEIPT,
                Action.VOID,
                Action.REMOVE_LINE,
                Action.NO_SALE,
                Action.CLOSE_SHIFT,
                Action.NEGATIVE_STOCK,
            ),
        ),
    ),
    Role(
        MANAGER,
        later("Manager"),
        _may(*(action for action in Action if action is not Action.SETTINGS)),
    ),
    Role(OWNER, later("Owner"), _may(*Action)),
)


def check_pin(pin: str) -> None:
    """Refuse what cannot be a PIN; raises PinNotPossible or PinTooSimple."""
    if not PIN_LEAST <= len(pin) <= PIN_MOST or not set(pin) <= set(_DIGITS):
        raise PinNotPossible(least=PIN_LEAST, most=PIN_MOST)
    steps = {int(second) - int(first) for first, second in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise PinTooSimple()


def check_badge(code: str) -> None:
    """Refuse what cannot be a badge; raises BadgeNotPossible."""
    if not BADGE_LEAST <= len(code) <= BADGE_MOST or not code.isascii() or not code.isprintable():
        raise BadgeNotPossible(least=BADGE_LEAST, most=BADGE_MOST)
