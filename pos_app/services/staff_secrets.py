"""What PINs, badges and approval codes are checked with; it follows from the till's signing key."""

import hmac
from threading import Lock
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.staff import StaffMember
from pos_app.services.pin_hash import hash_pin, is_pin

if TYPE_CHECKING:
    from pos_app.store.store import Store

_CODE_KEY_BYTES = 20  # what RFC 4226 recommends


class KeyElsewhere(PosError):
    """The till's key, or that of an earlier epoch, is not on this machine."""

    sentence = (
        "PINs and badges cannot be checked here, because this till's key is not on this machine. "
        "The owner makes new ones with: pos-app reset-pin"
    )


class StaffSecrets:
    """Hashes and checks under the key of the epoch in which a member's PIN was set.

    `held` gives secrets by epoch that the caller holds already, as a training copy does. The
    first use asks for the till's key, which may take a while: not in the thread of the screen.
    """

    def __init__(self, store: "Store", held: dict[int, bytes] | None = None) -> None:
        self._store = store
        self._known = dict(held or {})
        self._lock = Lock()

    @property
    def epoch(self) -> int:
        """Whose key new PINs are hashed with."""
        return self._store.identity.epoch

    def secret(self, epoch: int) -> bytes:
        """Return the secret of an epoch; raises KeyElsewhere."""
        with self._lock:
            known = self._known.get(epoch)
            if known is None:
                known = self._store.derived_secret("staff", epoch)
                if known is None:
                    raise KeyElsewhere()
                self._known[epoch] = known
            return known

    def is_ready(self, epoch: int) -> bool:
        """Whether an epoch's secret is at hand without asking for the key."""
        return epoch in self._known

    def hash_pin(self, pin: str) -> str:
        """Hash a new PIN under the present epoch's key; raises KeyElsewhere."""
        return hash_pin(pin, _key(self.secret(self.epoch), "pin"))

    def is_pin(self, member: StaffMember, pin: str) -> bool:
        """Whether a member has this PIN; takes some tens of milliseconds. Raises KeyElsewhere."""
        if not member.pin_hash:
            return False
        return is_pin(pin, member.pin_hash, _key(self.secret(member.pin_epoch), "pin"))

    def hash_badge(self, code: str, epoch: int | None = None) -> str:
        """Return what a badge's code is kept as (HMAC-SHA256, hex); raises KeyElsewhere."""
        secret = self.secret(self.epoch if epoch is None else epoch)
        return hmac.digest(_key(secret, "badge"), code.encode(), "sha256").hex()

    def is_badge(self, member: StaffMember, code: str) -> bool:
        """Whether a member has this badge; raises KeyElsewhere."""
        if not member.badge_hash:
            return False
        return hmac.compare_digest(member.badge_hash, self.hash_badge(code, member.badge_epoch))

    def code_key(self, member: StaffMember) -> bytes | None:
        """Return what a member's approval codes are made with, or None where they have none.

        Raises KeyElsewhere.
        """
        if not member.code_serial:
            return None
        purpose = f"code {member.id} {member.code_serial}"
        return _key(self.secret(member.code_epoch), purpose)[:_CODE_KEY_BYTES]


def _key(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, purpose.encode(), "sha256")
