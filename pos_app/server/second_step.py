"""The second step at the door: codes of an authenticator app (TOTP, RFC 6238) and recovery codes.

A code works once. The shared secret is kept sealed; of recovery codes only hashes are kept.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from pos_app.domain.errors import PosError
from pos_app.server.door_tables import recovery_codes, second_steps
from pos_app.server.doors import new_code, plain_code
from pos_app.server.sealing import SealBroken, opened, sealed
from pos_app.server.stamps import stamp
from pos_app.server.tables import companies

RECOVERY_CODES = 10
STEP_S = 30
DRIFT = 1  # steps that a phone's clock may be before or behind
FREE_TRIES = 5
LONGEST_WAIT_S = 24 * 3600
ISSUER = "pos_app"
_PURPOSE = "second step at the door"


class CodeNeeded(PosError):
    """The password is right, and the account has a second step."""

    sentence = "This account also needs the code of its authenticator app. Write it as well."


class CodeWrong(PosError):
    """A code that is wrong, was used already or is too old."""

    sentence = "This code is wrong or was used already. Wait for the next one and write that."


class CodesTriedTooOften(PosError):
    """Wrong codes one after the other; `wait_s` says when to come again."""

    sentence = "Too many wrong codes. Try again in {wait_s} seconds."


class SecondStepThere(PosError):
    """Somebody sets up a second step who has one."""

    sentence = "The second step is set up already. Take it away first to set up another phone."


class SecondStepMissing(PosError):
    """A second step is confirmed that nobody began to set up."""

    sentence = "The second step was not begun here. Begin again and scan the new picture."


@dataclass(frozen=True, slots=True)
class SecondStepOffer:
    """What an authenticator app needs: the secret to type, and the same as an address to scan."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class SecondStepState:
    """Whether an account has a second step, since when, and how many recovery codes are left."""

    is_on: bool
    confirmed_at: str = ""
    codes_left: int = 0


def second_step_state(connection: Connection, company_id: str, account_id: str) -> SecondStepState:
    """Return what stands at an account's door."""
    row = _row(connection, company_id, account_id)
    if row is None or not row["confirmed_at"]:
        return SecondStepState(is_on=False)
    left = connection.execute(
        select(func.count())
        .select_from(recovery_codes)
        .where(
            recovery_codes.c.company_id == company_id,
            recovery_codes.c.account_id == account_id,
            recovery_codes.c.used_at == "",
        )
    ).scalar_one()
    return SecondStepState(True, row["confirmed_at"], left)


def has_begun_second_step(connection: Connection, company_id: str, account_id: str) -> bool:
    """Whether anything is kept for an account's second step, confirmed or not."""
    return _row(connection, company_id, account_id) is not None


def with_second_step(connection: Connection, company_id: str) -> frozenset[str]:
    """Return the ids of all accounts of a company that have a second step."""
    found = select(second_steps.c.account_id).where(
        second_steps.c.company_id == company_id, second_steps.c.confirmed_at != ""
    )
    return frozenset(connection.execute(found).scalars())


def begin_second_step(
    connection: Connection, company_id: str, account_id: str, email: str
) -> SecondStepOffer:
    """Make a new secret, which counts for nothing until it is confirmed; raises SecondStepThere."""
    row = _row(connection, company_id, account_id)
    if row is not None and row["confirmed_at"]:
        raise SecondStepThere()
    secret = pyotp.random_base32()
    _forget(connection, company_id, account_id)
    connection.execute(
        insert(second_steps),
        {
            "company_id": company_id,
            "account_id": account_id,
            "secret": sealed(_signing_key(connection, company_id), _PURPOSE, account_id, secret),
        },
    )
    return _offer(secret, email)


def offered_second_step(
    connection: Connection, company_id: str, account_id: str, email: str
) -> SecondStepOffer:
    """Return the secret that waits to be confirmed, once more; raises SecondStepMissing."""
    row = _row(connection, company_id, account_id)
    if row is None or row["confirmed_at"]:
        raise SecondStepMissing()
    return _offer(_secret(connection, row), email)


def confirm_second_step(
    connection: Connection, company_id: str, account_id: str, code: str, now: datetime
) -> Sequence[str]:
    """Begin to ask for codes, once one proved that the app has the secret.

    Returns the recovery codes, which are never shown again. Raises SecondStepMissing, CodeWrong.
    """
    row = _row(connection, company_id, account_id)
    if row is None or row["confirmed_at"]:
        raise SecondStepMissing()
    step = _step_of(_secret(connection, row), code, now, 0)
    if step is None:
        raise CodeWrong()
    connection.execute(
        update(second_steps)
        .where(_of(second_steps, company_id, account_id))
        .values(confirmed_at=stamp(now), last_step=step)
    )
    return new_recovery_codes(connection, company_id, account_id)


def new_recovery_codes(connection: Connection, company_id: str, account_id: str) -> Sequence[str]:
    """Make recovery codes anew; the ones before open nothing any more.

    Raises SecondStepMissing where there is nothing that they could stand for.
    """
    row = _row(connection, company_id, account_id)
    if row is None or not row["confirmed_at"]:
        raise SecondStepMissing()
    connection.execute(delete(recovery_codes).where(_of(recovery_codes, company_id, account_id)))
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    connection.execute(
        insert(recovery_codes),
        [
            {"company_id": company_id, "account_id": account_id, "hash": _hash(account_id, code)}
            for code in codes
        ],
    )
    return codes


def take_code(
    connection: Connection, company_id: str, account_id: str, code: str, now: datetime
) -> bool:
    """Use a code of the app or a recovery code up; False where it is not right.

    What it notes has to be committed in either case. Raises CodesTriedTooOften.
    """
    row = (
        connection.execute(
            select(second_steps).where(_of(second_steps, company_id, account_id)).with_for_update()
        )
        .mappings()
        .one_or_none()
    )
    if row is None or not row["confirmed_at"]:
        return False
    _check_wait(row, now)
    try:
        step = _step_of(_secret(connection, row), code, now, row["last_step"])
    except CodeWrong:  # the secret is damaged: recovery codes still open the door
        step = None
    if step is not None:
        is_right = _use_step(connection, row, step)
    else:
        is_right = _use_recovery_code(connection, company_id, account_id, code, now)
    noted = {"wrong": 0} if is_right else {"wrong": row["wrong"] + 1, "wrong_at": stamp(now)}
    connection.execute(
        update(second_steps).where(_of(second_steps, company_id, account_id)).values(**noted)
    )
    return is_right


def drop_second_step(connection: Connection, company_id: str, account_id: str) -> None:
    """Ask for no codes any more, and forget everything that was kept for them."""
    _forget(connection, company_id, account_id)


def _check_wait(row: RowMapping, now: datetime) -> None:
    """Let a guesser wait twice as long after each wrong code; raises CodesTriedTooOften."""
    if row["wrong"] < FREE_TRIES:
        return
    wait_s = min(LONGEST_WAIT_S, 30 * 2 ** min(row["wrong"] - FREE_TRIES, 20))
    until = datetime.fromisoformat(row["wrong_at"]) + timedelta(seconds=wait_s)
    if now < until:
        raise CodesTriedTooOften(wait_s=max(1, int((until - now).total_seconds())))


def _use_step(connection: Connection, row: RowMapping, step: int) -> bool:
    done = connection.execute(
        update(second_steps)
        .where(
            _of(second_steps, row["company_id"], row["account_id"]),
            second_steps.c.last_step < step,
        )
        .values(last_step=step)
    )
    return done.rowcount == 1


def _use_recovery_code(
    connection: Connection, company_id: str, account_id: str, code: str, now: datetime
) -> bool:
    done = connection.execute(
        update(recovery_codes)
        .where(
            _of(recovery_codes, company_id, account_id),
            recovery_codes.c.hash == _hash(account_id, code),
            recovery_codes.c.used_at == "",
        )
        .values(used_at=stamp(now))
    )
    return done.rowcount == 1


def _step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the time step whose code this is, among those after the last one used."""
    typed = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    if len(typed) != 6 or len(code.strip()) > 7:
        return None
    totp, present = pyotp.TOTP(secret, interval=STEP_S), int(now.timestamp()) // STEP_S
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > last_step and secrets.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def _offer(secret: str, email: str) -> SecondStepOffer:
    uri = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=email, issuer_name=ISSUER)
    return SecondStepOffer(secret, uri)


def _row(connection: Connection, company_id: str, account_id: str) -> RowMapping | None:
    found = select(second_steps).where(_of(second_steps, company_id, account_id))
    return connection.execute(found).mappings().one_or_none()


def _forget(connection: Connection, company_id: str, account_id: str) -> None:
    for table in (second_steps, recovery_codes):
        connection.execute(delete(table).where(_of(table, company_id, account_id)))


def _of(table: Table, company_id: str, account_id: str) -> ColumnElement[bool]:
    return and_(table.c.company_id == company_id, table.c.account_id == account_id)


def _hash(account_id: str, code: str) -> str:
    # 50 random bits, tried no faster than codes are: a plain hash keeps them well enough.
    return hashlib.sha256(f"recovery\x1f{account_id}\x1f{plain_code(code)}".encode()).hexdigest()


def _secret(connection: Connection, row: RowMapping) -> str:
    try:
        key = _signing_key(connection, row["company_id"])
        return opened(key, _PURPOSE, row["account_id"], row["secret"])
    except SealBroken as failure:  # the row was changed from outside
        raise CodeWrong() from failure


def _signing_key(connection: Connection, company_id: str) -> bytes:
    found = select(companies.c.signing_key).where(companies.c.company_id == company_id)
    return bytes(connection.execute(found).scalar_one())
