"""`pos-app server second-step`: the only owner lost phone and recovery codes, and comes back."""

import json

import pyotp
import pytest

from pos_app.app.cli import run
from pos_app.server.accounts import CodeNeeded, NotSignedIn, sign_in, who_is
from pos_app.server.database import Office
from pos_app.server.office_log import list_log
from pos_app.server.second_step import begin_second_step, confirm_second_step
from tests.server.offices import EMAIL, NOW, PASSWORD, Founded


def reset(url: str, email: str, *more: str) -> int:
    return run(["server", "second-step", "--reset", email, "--database", url, *more])


def set_up(office: Office, founded: Founded) -> str:
    """Set the owner's second step up; returns the token of a session from before."""
    token = sign_in(office, EMAIL, PASSWORD, NOW).token
    with office.company(founded.company_id) as connection:
        offer = begin_second_step(connection, founded.company_id, founded.owner_id, EMAIL)
        code = pyotp.TOTP(offer.secret).at(NOW)
        confirm_second_step(connection, founded.company_id, founded.owner_id, code, NOW)
    return token


def test_who_lost_phone_and_recovery_codes_signs_in_with_the_password_again(
    sqlite_office: Office, sqlite_url: str, founded: Founded, capsys: pytest.CaptureFixture[str]
):
    token = set_up(sqlite_office, founded)
    with pytest.raises(CodeNeeded):
        sign_in(sqlite_office, EMAIL, PASSWORD, NOW)
    assert reset(sqlite_url, f" {EMAIL.upper()} ", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["email"], told["account"]) == (EMAIL, founded.owner_id)
    assert told["sessions_ended"] == 1
    with pytest.raises(NotSignedIn):
        who_is(sqlite_office, token, NOW)
    assert sign_in(sqlite_office, EMAIL, PASSWORD, NOW).account.id == founded.owner_id
    with sqlite_office.company(founded.company_id) as connection:
        written = [(one.who, one.what) for one in list_log(connection, founded.company_id, "", 10)]
    assert ("pos-app server second-step", "second step reset") in written
    assert reset(sqlite_url, EMAIL) == 2
    assert "has no second step" in capsys.readouterr().err


def test_an_email_that_nobody_has_is_named(sqlite_url: str, capsys: pytest.CaptureFixture[str]):
    assert reset(sqlite_url, "nobody@example.com") == 2
    assert "Nobody signs in as nobody@example.com" in capsys.readouterr().err
