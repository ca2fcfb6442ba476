"""The commands about staff: a code for an approval from afar, and a new PIN for somebody."""

import argparse
import getpass
import os
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.app.folders import make_folder
from pos_app.config import data_folder
from pos_app.domain.approval import Action
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money, minor_digits

if TYPE_CHECKING:
    from pos_app.domain.approval_code import CodeSubject

DONE = 0
KEY_FILE = "approver.key"


class NoKeyYet(PosError):
    """The manager's key is not on this machine."""

    sentence = (
        "Your key for approval codes is not on this machine. Get it from Settings, Staff at the "
        "till, then run: pos-app approve-code --enrol"
    )


class CodeRequestWrong(PosError):
    """Something that the till shows was not given as it shows it."""

    sentence = "{option} {value} cannot be right. {advice}"


def approve_code(options: argparse.Namespace) -> int:
    """Print the code for what a till asks, or keep the manager's key; see the options."""
    from pos_app.domain.approval_code import approval_code, step_of
    from pos_app.services.checkout import utc_now

    file = options.key_file or data_folder() / KEY_FILE
    if options.enrol:
        return _enrol(file)
    key = _kept_key(file)
    code = approval_code(key, _subject(options), step_of(utc_now()))
    print(f"{code[:4]} {code[4:]}")
    print("Good for 10 minutes, once.", file=sys.stderr)
    return DONE


def reset_pin(options: argparse.Namespace) -> int:
    """Ask for a new PIN twice and give it to a member of staff."""
    from pos_app.domain.staff import PinsDiffer
    from pos_app.services.checkout import utc_now
    from pos_app.services.staff import Staff
    from pos_app.store.store import open_store

    with open_store(options.store) as store:
        pin, again = _secret("New PIN: "), _secret("Again: ")
        if pin != again:
            raise PinsDiffer()
        member = Staff(store, utc_now).reset_pin(options.code, pin)
    print(f"{member.name} has a new PIN.")
    return DONE


def _subject(options: argparse.Namespace) -> "CodeSubject":
    from pos_app.domain.approval_code import CHALLENGE_DIGITS, CodeSubject

    actions = [action.value for action in Action]
    if options.action not in actions:
        advice = "Use one of: " + ", ".join(actions) + "."
        raise CodeRequestWrong(option="--action", value=options.action[:40], advice=advice)
    challenge = "".join(options.challenge.split())
    if len(challenge) != CHALLENGE_DIGITS or not challenge.isascii() or not challenge.isdigit():
        raise CodeRequestWrong(
            option="--challenge", value=options.challenge[:40], advice="It has six digits."
        )
    if not options.till.strip():
        raise CodeRequestWrong(
            option="--till", value="", advice="Give the till that the sheet shows."
        )
    amount = _amount(options.amount)
    return CodeSubject(
        options.till.strip(),
        Action(options.action),
        0 if amount is None else abs(amount.minor),
        "" if amount is None else amount.currency,
        challenge,
    )


def _amount(text: str) -> Money | None:
    """Read an amount such as 12.50 EUR; nothing typed is none."""
    if not text.strip():
        return None
    advice = "Write it with its currency, such as '12.50 EUR'."
    wrong = CodeRequestWrong(option="--amount", value=text[:40], advice=advice)
    figure, _, currency = text.strip().replace(",", ".").rpartition(" ")
    try:
        minor = Decimal(figure.replace(" ", "")).scaleb(minor_digits(currency.upper()))
        if minor != int(minor):
            raise wrong
        return Money(int(minor), currency.upper())
    except (InvalidOperation, ValueError, OverflowError, PosError):
        raise wrong from None


def _enrol(file: Path) -> int:
    from pos_app.domain.approval_code import read_secret, secret_text

    key = read_secret(_secret("Your key: "))
    make_folder(file.parent)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as kept:
        kept.write(secret_text(key) + "\n")
    print(f"Your key is kept in {file}.")
    return DONE


def _kept_key(file: Path) -> bytes:
    from pos_app.domain.approval_code import read_secret

    try:
        return read_secret(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise NoKeyYet() from None


def _secret(prompt: str) -> str:
    """Read a line that nobody sees on the screen, or one from a pipe."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
