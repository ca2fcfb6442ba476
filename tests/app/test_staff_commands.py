"""The commands about staff: a manager's code from afar, and a new PIN for somebody."""

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from pos_app.app.cli import run
from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.money import Money
from pos_app.services.verification import verify
from tests.services.staffed_shop import ANN, MAX, OLGA, Clock, People, people

VOID = ApprovalRequest(Action.VOID, Money(1250, "EUR"), about="1-000042")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> People:
    from pos_app.services.checkout import utc_now

    monkeypatch.setenv("POS_APP_DATA", str(tmp_path / "manager"))
    made = people(tmp_path, Clock(utc_now()))
    made.enter(ANN)
    return made


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def approve(*more: str, action: str = "void", amount: str = "12.50 EUR") -> int:
    return run(["approve-code", "--till", "1", "--action", action, "--amount", amount, *more])


def test_a_manager_far_away_makes_the_code_that_the_till_takes(
    shop: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = shop.staff.new_code_key(shop.member(MAX).id)
    typed(monkeypatch, key + "\n")
    assert run(["approve-code", "--enrol"]) == 0
    kept = Path(os.environ["POS_APP_DATA"]) / "approver.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 or sys.platform == "win32"
    challenge = shop.approvals.challenge(VOID)
    capsys.readouterr()
    assert approve("--challenge", f"{challenge[:3]} {challenge[3:]}", amount="12,50 eur") == 0
    code = capsys.readouterr().out.strip()
    shop.approvals.by_code(VOID, challenge, code)
    shop.authority.require(VOID)
    shop.store.close()
    assert verify(shop.path).is_sound


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--till", "1", "--action", "steal", "--challenge", "123456"], "Use one of: discount"),
        (["--till", "1", "--action", "void", "--challenge", "12345"], "six digits"),
        (["--till", "", "--action", "void", "--challenge", "123456"], "--till"),
        (["--till", "1", "--action", "void", "--challenge", "123456", "--amount", "12.505 EUR"],
         "12.50 EUR"),
        (["--till", "1", "--action", "void", "--challenge", "123456", "--amount", "12"],
         "12.50 EUR"),
        (["--till", "1", "--action", "void", "--challenge", "123456", "--amount", "x YYY"],
         "12.50 EUR"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_a_sentence(
    shop: People,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    told: str,
) -> None:
    typed(monkeypatch, shop.staff.new_code_key(shop.member(MAX).id) + "\n")
    run(["approve-code", "--enrol"])
    assert run(["approve-code", *options]) == 2
    assert told in capsys.readouterr().err
    shop.store.close()


def test_without_a_key_or_with_a_damaged_one_the_way_is_told(
    shop: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert approve("--challenge", "123456") == 2
    assert "--enrol" in capsys.readouterr().err
    typed(monkeypatch, "not a key\n")
    assert run(["approve-code", "--enrol"]) == 2
    assert "no key for approval codes" in capsys.readouterr().err
    shop.store.close()


def test_a_pin_is_reset_for_somebody_who_forgot_it(
    shop: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.store.close()
    store = ["--store", str(shop.path)]
    for pins, code, told in (
        ("36925\n36926\n", OLGA, "not the same"),
        ("36925\n36925\n", "99", "the code 99"),
        ("1234\n1234\n", OLGA, "guessed"),
    ):
        typed(monkeypatch, pins)
        assert run(["reset-pin", code, *store]) == 2
        assert told in capsys.readouterr().err
    typed(monkeypatch, "36925\n36925\n")
    assert run(["reset-pin", OLGA, *store]) == 0
    assert "Olga has a new PIN." in capsys.readouterr().out
    shop.open()
    shop.sign_in.by_pin(shop.member(OLGA).id, "36925")
    shop.store.close()
    assert verify(shop.path).is_sound
