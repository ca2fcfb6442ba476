"""One-time codes by which a manager approves from afar: bound to till, action, amount and moment.

The truncation is that of RFC 4226 (section 5.3) with HMAC-SHA256 and eight digits, the moving
factor a time step as in RFC 6238; what is approved and the till's challenge are signed with it.
"""

import hmac
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pos_app.domain.approval import Action, ApprovalRequest, CodeMalformed
from pos_app.domain.errors import PosError

DIGITS = 8
CHALLENGE_DIGITS = 6
STEP = timedelta(minutes=1)
# A code is typed while somebody is on the telephone; two clocks may differ by two minutes.
STEPS_BACK, STEPS_AHEAD = 10, 2
_REMEMBERED_STEPS = 24 * 60
_START = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_LINE = "pos-app approval code 1"


class SecretMalformed(PosError):
    """The manager's key is not as the staff page shows it."""

    sentence = "That is no key for approval codes. Copy it again from Settings, Staff."


class Verdict(StrEnum):
    """What a typed code turned out to be."""

    GOOD = "good"
    EXPIRED = "expired"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class CodeSubject:
    """What a code lets through; `amount_minor` is in minor units of `currency` (0, empty: none)."""

    till: str
    action: Action
    amount_minor: int
    currency: str
    challenge: str


def subject_of(request: ApprovalRequest, till: str, challenge: str) -> CodeSubject:
    """Return what a code for a request at a till has to be about."""
    amount = request.amount
    if amount is None:
        return CodeSubject(till, request.action, 0, "", challenge)
    return CodeSubject(till, request.action, abs(amount.minor), amount.currency, challenge)


def step_of(moment: datetime) -> int:
    """Return the number of whole minutes since 1970 (UTC)."""
    return (moment - _START) // STEP


def approval_code(secret: bytes, subject: CodeSubject, step: int) -> str:
    """Return the code of a subject in a time step, eight digits."""
    lines = (
        _FIRST_LINE,
        subject.till,
        subject.action.value,
        f"{subject.amount_minor}",
        subject.currency,
        subject.challenge,
        f"{step}",
    )
    digest = hmac.digest(secret, "\n".join(lines).encode(), "sha256")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def judged(secret: bytes, subject: CodeSubject, code: str, now: datetime) -> Verdict:
    """Say what a typed code is: good for ten minutes, known as expired for a day after."""
    present = step_of(now)
    for step in range(present - STEPS_BACK, present + STEPS_AHEAD + 1):
        if hmac.compare_digest(approval_code(secret, subject, step), code):
            return Verdict.GOOD
    for step in range(present - _REMEMBERED_STEPS, present - STEPS_BACK):
        if hmac.compare_digest(approval_code(secret, subject, step), code):
            return Verdict.EXPIRED
    return Verdict.WRONG


def read_code(text: str) -> str:
    """Return the digits of a typed code, spaces and hyphens left out; raises CodeMalformed."""
    code = text.translate({ord(" "): None, ord("-"): None})
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        raise CodeMalformed()
    return code


def challenge_of(number: int) -> str:
    """Return a random number as the challenge that the till shows, six digits."""
    return f"{number % 10**CHALLENGE_DIGITS:0{CHALLENGE_DIGITS}d}"


def secret_text(secret: bytes) -> str:
    """Return a manager's key as people copy it: Base32 (RFC 4648) in groups of four."""
    text = b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_secret(text: str) -> bytes:
    """Read a manager's key as it was copied; raises SecretMalformed."""
    plain = "".join(text.split()).upper().rstrip("=")
    try:
        secret = b32decode(plain + "=" * (-len(plain) % 8))
    except ValueError:
        raise SecretMalformed() from None
    if len(secret) != 20:
        raise SecretMalformed()
    return secret
