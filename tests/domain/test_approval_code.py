"""Approval codes: bound to everything they are about, good for ten minutes, worked out twice."""

import hashlib
import hmac
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.approval import Action, ApprovalRequest, CodeMalformed
from pos_app.domain.approval_code import (
    CodeSubject,
    SecretMalformed,
    Verdict,
    approval_code,
    challenge_of,
    judged,
    read_code,
    read_secret,
    secret_text,
    step_of,
    subject_of,
)
from pos_app.domain.money import Money

NOW = datetime(2026, 11, 21, 10, 0, 30, tzinfo=UTC)
KEY = bytes(range(20))
SUBJECT = CodeSubject("1", Action.VOID, 1250, "EUR", "482913")


def hotp_sha256(key: bytes, message: bytes, digits: int) -> str:
    """RFC 4226, section 5.3, written down here on its own; RFC 6238 allows SHA-256."""
    digest = hmac.new(key, message, hashlib.sha256).digest()
    offset = digest[31] & 15
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


def test_the_truncation_is_that_of_rfc_6238() -> None:
    # Appendix B of RFC 6238: SHA-256, 59 seconds, eight digits.
    seed = b"12345678901234567890123456789012"
    assert hotp_sha256(seed, struct.pack(">Q", 1), 8) == "46119246"
    message = b"pos-app approval code 1\n1\nvoid\n1250\nEUR\n482913\n29000000"
    assert approval_code(KEY, SUBJECT, 29_000_000) == hotp_sha256(KEY, message, 8)


def test_a_code_is_good_for_ten_minutes_and_known_as_expired_for_a_day() -> None:
    code = approval_code(KEY, SUBJECT, step_of(NOW))
    for minutes, verdict in (
        (-3, Verdict.WRONG), (-2, Verdict.GOOD), (0, Verdict.GOOD), (10, Verdict.GOOD),
        (11, Verdict.EXPIRED), (24 * 60, Verdict.EXPIRED), (24 * 60 + 1, Verdict.WRONG),
    ):  # fmt: skip
        assert judged(KEY, SUBJECT, code, NOW + timedelta(minutes=minutes)) is verdict, minutes


@pytest.mark.parametrize(
    "other",
    [
        replace(SUBJECT, till="2"),
        replace(SUBJECT, action=Action.REFUND),
        replace(SUBJECT, amount_minor=1251),
        replace(SUBJECT, currency="USD"),
        replace(SUBJECT, challenge="482914"),
    ],
)
def test_a_code_for_anything_else_is_wrong(other: CodeSubject) -> None:
    code = approval_code(KEY, other, step_of(NOW))
    assert judged(KEY, SUBJECT, code, NOW) is Verdict.WRONG
    assert judged(bytes(20), SUBJECT, approval_code(KEY, SUBJECT, step_of(NOW)), NOW) is (
        Verdict.WRONG
    )


def test_the_subject_of_a_request_is_its_amount_whatever_the_sign() -> None:
    asked = ApprovalRequest(Action.REFUND, Money(-500, "EUR"), about="anything")
    assert subject_of(asked, "3", "000001") == CodeSubject("3", Action.REFUND, 500, "EUR", "000001")
    bare = subject_of(ApprovalRequest(Action.NO_SALE), "3", "000001")
    assert (bare.amount_minor, bare.currency) == (0, "")


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", "12-34-56-78", " 12345678 "])
def test_a_code_is_read_however_it_is_grouped(typed: str) -> None:
    assert read_code(typed) == "12345678"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567x", "١٢٣٤٥٦٧٨", "²2345678"])
def test_anything_but_eight_digits_is_no_code(typed: str) -> None:
    with pytest.raises(CodeMalformed):
        read_code(typed)


@given(st.binary(min_size=20, max_size=20))
def test_a_key_is_read_back_as_it_was_written(key: bytes) -> None:
    assert read_secret(secret_text(key)) == key
    assert read_secret(secret_text(key).lower().replace(" ", "")) == key


@pytest.mark.parametrize("text", ["", "ABCD", "0189" * 8, "ABCD " * 9, "ä" * 32])
def test_a_damaged_key_is_refused(text: str) -> None:
    with pytest.raises(SecretMalformed):
        read_secret(text)


@pytest.mark.parametrize(("number", "shown"), [(0, "000000"), (7, "000007"), (1_234_567, "234567")])
def test_a_challenge_has_six_digits(number: int, shown: str) -> None:
    assert challenge_of(number) == shown
