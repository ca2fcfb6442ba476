"""What a till without word from head office still grants, and the proof on its Z report."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.money import Money
from pos_app.domain.offline_rules import OfflineCreditReached, OfflineRules, OfflineRuleWrong
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.shift_report import OfficeProof
from pos_app.domain.stored_value import OfflineAllowanceReached, ValueKind
from pos_app.domain.till_head import SignedHead, TillHead
from pos_app.printing.shift_slip import report_slip, z_slip
from pos_app.printing.slip import Line, Row
from pos_app.services.shop_setup import ShopSetup
from pos_app.services.verification import verify
from pos_app.store.plain import from_plain, to_plain
from pos_app.store.remotes import (
    HEAD_OFFICE,
    LAST_CONTACT,
    SIGNED_HEAD,
    SIGNED_HEAD_AT,
    URL,
)
from pos_app.store.store import Store
from pos_app.ui.presenters.cash_words import MoneyWords, closing_figures
from tests.services.cash_day import CashDay
from tests.services.held_shop import ANNA, held_shop
from tests.services.test_stored_values import CARD, Desk
from tests.store.shops import START, behind_our_back

RULES = OfflineRules(after_h=24, card_minor=300, credit_minor=400)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = held_shop(tmp_path / "shop.db")
    ShopSetup(store, lambda: START).save(replace(store.settings.shop(), head_office=RULES))
    made = Desk(store)
    made.sell_card(2000)
    yield made
    store.close()
    assert verify(tmp_path / "shop.db").is_sound


def heard(store: Store, hours_ago: int | None) -> None:
    at = "" if hours_ago is None else (START - timedelta(hours=hours_ago)).isoformat()
    with store.transaction() as tx:
        tx.remotes.put(HEAD_OFFICE, **{URL: "https://office.example.com", LAST_CONTACT: at})


def buy_on_account(desk: Desk, minor: int) -> None:
    cart = carts.choose_customer(desk.counter.cart(5), ANNA)
    owed = TenderRequest(TenderMethod.ON_ACCOUNT, Money(minor, "EUR"))
    desk.checkout.complete(cart, [owed, TenderRequest(TenderMethod.CASH)])


def test_a_shop_without_head_office_has_no_such_limits(desk: Desk) -> None:
    desk.spend(500)
    buy_on_account(desk, 500)


def test_a_till_in_touch_has_no_such_limits(desk: Desk) -> None:
    heard(desk.store, 23)
    desk.spend(500)
    buy_on_account(desk, 500)


@pytest.mark.parametrize("hours_ago", [25, None])
def test_a_till_out_of_touch_takes_so_much_of_a_card_and_no_more(
    desk: Desk, hours_ago: int | None
) -> None:
    heard(desk.store, hours_ago)
    wanted = Money(500, "EUR")
    assert desk.held.payable(ValueKind.GIFT_CARD, CARD, wanted) == Money(300, "EUR")
    with pytest.raises(OfflineAllowanceReached, match=r"only 3\.00 EUR more"):
        desk.spend(301)
    desk.spend(300)
    with pytest.raises(OfflineAllowanceReached):
        desk.spend(1)
    heard(desk.store, 0)
    desk.spend(500)


def test_a_till_out_of_touch_grants_so_much_credit_and_says_why_no_more(desk: Desk) -> None:
    heard(desk.store, 30)
    buy_on_account(desk, 250)
    with pytest.raises(OfflineCreditReached) as refusal:
        buy_on_account(desk, 151)
    assert "24 hours" in str(refusal.value)
    assert "1.50 EUR more on account" in str(refusal.value)
    buy_on_account(desk, 150)


def test_rules_that_make_no_sense_are_refused(desk: Desk) -> None:
    setup, shop = ShopSetup(desk.store, lambda: START), desk.store.settings.shop()
    for wrong in (OfflineRules(after_h=0), OfflineRules(card_minor=-1)):
        with pytest.raises(Exception, match="1 to 8760 hours"):
            setup.save(replace(shop, head_office=wrong))
    assert issubclass(OfflineRuleWrong, Exception)


def sign(store: Store, receipts: int, *, hashed: str = "") -> None:
    """Let head office have signed the journal as it is now."""
    entry = store.journal.head()
    assert entry is not None
    head = TillHead("1", 1, entry.seq, hashed or entry.hash, receipts, 0, "EUR")
    told = {
        URL: "https://office.example.com",
        SIGNED_HEAD: json.dumps(asdict(SignedHead(head, "c", "x", "00"))),
        SIGNED_HEAD_AT: START.isoformat(),
    }
    with store.transaction() as tx:
        tx.remotes.put(HEAD_OFFICE, **told)


def words(day: CashDay) -> list[str]:
    shift = day.close_as_counted()
    printed = [
        f"{part.text} {part.figure}" if isinstance(part, Row) else part.text
        for part in z_slip(shift, day.store.settings.shop()).parts
        if isinstance(part, Row | Line)
    ]
    assert shift.report is not None
    shown = closing_figures(shift.report, MoneyWords(day.store.settings.shop()))
    proof = [one for one in printed if "eceipts" in one or "head" in one.lower()]
    proof = [one for one in proof if "…" not in one]
    assert (shift.report.head_office is not None) == any("head" in one.label for one in shown)
    return proof


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    made = CashDay(tmp_path / "shop.db")
    made.shifts.open(())
    made.sell()
    yield made
    made.store.close()
    assert verify(tmp_path / "shop.db").faults == ()


def test_a_till_without_head_office_has_no_word_of_it_on_its_z_report(day: CashDay) -> None:
    assert words(day) == []


def test_a_z_report_says_that_head_office_has_every_receipt(day: CashDay) -> None:
    sign(day.store, 1)
    assert words(day) == [
        "Head office",
        "Receipts here 1",
        "Receipts at head office 1",
        "Heads equal.",
    ]


def test_a_z_report_counts_the_receipts_that_are_on_their_way(day: CashDay) -> None:
    sign(day.store, 1)
    day.sell()
    day.sell()
    assert words(day)[1:] == [
        "Receipts here 3",
        "Receipts at head office 1",
        "2 receipts are not there yet.",
    ]


@pytest.mark.parametrize(("receipts", "hashed"), [(1, "00" * 32), (2, "")])
def test_a_z_report_does_not_call_other_heads_equal(
    day: CashDay, receipts: int, hashed: str
) -> None:
    sign(day.store, receipts, hashed=hashed)
    assert words(day)[-1] == "The heads differ. Ask head office."


def test_before_the_first_signed_head_a_report_says_so(day: CashDay) -> None:
    with day.store.transaction() as tx:
        tx.remotes.put(HEAD_OFFICE, url="https://office.example.com")
    report = day.shifts.read_x()
    assert report.head_office == OfficeProof(1, 0, None, is_same=False)
    again = from_plain(type(report), to_plain(report))
    assert again == report
    shift = day.shifts.current()
    assert shift is not None
    slip = report_slip(shift, report, day.store.settings.shop())
    assert Line("Head office has not confirmed anything yet.", bold=True) in slip.parts


def test_verify_counts_the_receipts_of_a_report_again(tmp_path: Path) -> None:
    day = CashDay(tmp_path / "shop.db")
    day.shifts.open(())
    day.sell()
    sign(day.store, 1)
    day.close_as_counted()
    day.store.close()
    behind_our_back(
        tmp_path / "shop.db",
        "UPDATE journal SET payload = replace(payload, '\"here\":1', '\"here\":2')",
    )
    told = [fault.sentence for fault in verify(tmp_path / "shop.db").faults]
    assert any("count of receipts of 2" in sentence for sentence in told)
