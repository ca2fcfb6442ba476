"""Enrolment codes: readable, single, short-lived, and shown once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from pos_app.server.companies import ShopUnknown
from pos_app.server.database import Office
from pos_app.server.doors import DoorKind, door_hash, find_door, new_code, use_door
from pos_app.server.enrolment_codes import (
    OPEN_MOST,
    TooManyCodes,
    invitation,
    make_code,
    withdraw_codes,
)
from pos_app.server.qr_picture import qr_svg
from pos_app.server.tables import doors
from tests.server.offices import NOW, SHOP
from tests.server.serving import serve


def test_a_code_is_ten_signs_that_nobody_misreads():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", one) for one in codes)


@pytest.mark.parametrize("typed", ["0a1bc-de234", " OaIbC dE234 ", "oalbcde234", "0A1BCDE234"])
def test_a_code_opens_however_it_is_typed(typed: str):
    kind = DoorKind.ENROLMENT
    assert door_hash(kind, typed) == door_hash(kind, "0A1BC-DE234")


def test_secrets_of_different_kinds_never_open_each_others_doors():
    hashes = {door_hash(kind, "0A1BCDE234") for kind in DoorKind}
    assert len(hashes) == len(DoorKind)


def test_only_the_hash_of_a_code_is_kept(office: Office, company_id: str):
    with office.company(company_id) as connection:
        made = make_code(connection, company_id, SHOP, NOW)
    with office.shared() as connection:
        kept = str(connection.execute(select(doors)).all())
    for code in (made.code, made.code.replace("-", "")):
        assert code not in kept


def test_a_code_works_once_even_when_two_try_at_the_same_moment(office: Office, company_id: str):
    with office.company(company_id) as connection:
        code = make_code(connection, company_id, SHOP, NOW).code
    with office.shared() as connection:
        door = find_door(connection, DoorKind.ENROLMENT, code)
        assert door is not None
        assert (door.company_id, door.subject) == (company_id, SHOP)
        assert use_door(connection, door, NOW)
        assert not use_door(connection, door, NOW)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(minutes=1), timedelta(minutes=15)),
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(days=30), timedelta(days=7)),
    ],
)
def test_a_code_lasts_a_quarter_of_an_hour_to_a_week(
    sqlite_office: Office, company_id: str, asked: timedelta, given: timedelta
):
    with sqlite_office.company(company_id) as connection:
        code = make_code(connection, company_id, SHOP, NOW, lasts=asked).code
        door = find_door(connection, DoorKind.ENROLMENT, code)
    assert door is not None
    assert not door.is_expired(NOW + given - timedelta(milliseconds=1))
    assert door.is_expired(NOW + given)


def test_unused_codes_are_few_and_can_be_withdrawn(office: Office, company_id: str):
    with office.company(company_id) as connection:
        for _ in range(OPEN_MOST):
            code = make_code(connection, company_id, SHOP, NOW).code
        with pytest.raises(TooManyCodes):
            make_code(connection, company_id, SHOP, NOW)
        assert withdraw_codes(connection, company_id, SHOP) == OPEN_MOST
        assert find_door(connection, DoorKind.ENROLMENT, code) is None
        with pytest.raises(ShopUnknown):
            make_code(connection, company_id, "nowhere", NOW)


def test_the_picture_of_a_code_reads_as_its_invitation(tmp_path: Path):
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    words = invitation("https://office.example:8443", "0A1BC-DE234")
    assert words == "pos-app://enrol?u=https%3A%2F%2Foffice.example%3A8443&c=0A1BC-DE234"
    drawn = QImage(400, 400, QImage.Format.Format_Grayscale8)
    drawn.fill(255)
    painter = QPainter(drawn)
    QSvgRenderer(qr_svg(words).encode()).render(painter)
    painter.end()
    file = tmp_path / "code.png"
    assert drawn.save(str(file))
    with Image.open(file) as picture:
        (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == words


def test_the_route_gives_the_code_its_invitation_and_its_picture(sqlite_office: Office):
    with serve(sqlite_office) as served, served.as_owner() as owner:
        made = owner.post("/office/v1/enrolment-codes", json={"shop": SHOP, "minutes": 60})
        assert made.status_code == 201
        told = made.json()
        assert told["qr_svg"].startswith("<svg")
        assert told["invitation"].endswith(f"c={told['code']}")
        unknown = owner.post("/office/v1/enrolment-codes", json={"shop": "nowhere"})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
        for minutes in (14, 10_081):
            asked = {"shop": SHOP, "minutes": minutes}
            assert owner.post("/office/v1/enrolment-codes", json=asked).status_code == 422
        withdrawn = owner.post(f"/office/v1/shops/{SHOP}/withdraw-codes", json={})
        assert withdrawn.json() == {"count": 1}
