"""Passwords of people at head office: argon2id (RFC 9106), with OWASP's 19 MiB and two passes.

Each costs the server as much as an attacker: so few are computed at a time.
"""

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pos_app.domain.errors import PosError

LEAST_SIGNS, MOST_SIGNS = 12, 200
AT_ONCE = 2
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = BoundedSemaphore(AT_ONCE)
# Nobody's password, by the same choice: checked where there is no such person, so that the answer
# takes as long.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRvZm5vYm9keQ$"
    "RGlnZXN0T2ZOb2JvZHlUaGF0TmV2ZXJNYXRjaGVzISE"
)


class PasswordTooShort(PosError):
    """A password that is guessed too soon."""

    sentence = "A password has {least} to {most} characters. Choose a longer one."


def check_length(password: str) -> None:
    """Refuse what is too short or too long; raises PasswordTooShort."""
    if not LEAST_SIGNS <= len(password) <= MOST_SIGNS:
        raise PasswordTooShort(least=LEAST_SIGNS, most=MOST_SIGNS)


def new_password() -> str:
    """Return a one-time password of 100 random bits in four groups."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return how a password is kept; raises PasswordTooShort."""
    check_length(password)
    with _turn:
        return _hasher.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Check a password; None (nobody) takes as long and is never right."""
    if len(password) > MOST_SIGNS:
        password = password[:MOST_SIGNS] + "\x00"  # never right, and no more work
    with _turn:
        try:
            _hasher.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None
