"""The code on a receipt is read back as it was written, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.receipt_code import parse_receipt_qr, receipt_code_text

SALE_ID = "019a9000-0000-7000-8000-00000a1b2c3d"


@given(st.text(min_size=1, max_size=20), st.uuids(), st.from_regex("[0-9a-f]{64}|", fullmatch=True))
def test_a_written_code_is_read_back(number: str, sale_id: object, head: str) -> None:
    number = number.encode("utf-8", "ignore").decode() or "1"
    code = parse_receipt_qr(receipt_code_text(number, str(sale_id), head))
    assert code is not None
    assert code.number == number
    assert code.is_of(str(sale_id))
    assert head.startswith(code.journal_hash_start)


def test_a_receipt_of_another_store_with_the_same_number_is_told_apart() -> None:
    code = parse_receipt_qr(receipt_code_text("1-000001", SALE_ID))
    assert code is not None
    assert not code.is_of("019a9000-0000-7000-8000-00000a1b2c3e")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POS1",
        "POS1:1-1",
        "POS1::0:",
        "POS2:1:0:",
        "POS1:1 1:0:",
        "4006381333931",
        "POS1:1:xyz:",
    ],
)
def test_anything_else_is_no_receipt(text: str) -> None:
    assert parse_receipt_qr(text) is None


def test_what_the_scanner_adds_does_not_matter() -> None:
    assert parse_receipt_qr(receipt_code_text("1-1", SALE_ID) + "\r\n") is not None
