"""Signing in: by PIN or badge, and a storm of wrong PINs that no restart forgives."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.lockout import LockedOut
from pos_app.services.sign_in import BadgeUnknown, MemberLeft, NoPin, PinWrong
from pos_app.services.verification import verify
from tests.services.staffed_shop import ANN, OLGA, PINS, SAM, People, people

IN_OUT = (FactKind.SIGNED_IN, FactKind.SIGNED_OUT, FactKind.SIGN_IN_REFUSED)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[People]:
    made = people(tmp_path)
    yield made
    made.store.close()
    assert verify(made.path).is_sound


def tried(shop: People, code: str, *pins: str) -> list[str]:
    """Try PINs for a member and return the names of the refusals."""
    named = []
    for pin in pins:
        try:
            shop.sign_in.by_pin(shop.member(code).id, pin)
            named.append("in")
        except PosError as refusal:
            named.append(type(refusal).__name__)
    return named


def test_whoever_types_their_pin_is_in_and_the_journal_says_so(shop: People) -> None:
    shop.enter(ANN)
    assert shop.sign_in.member == shop.member(ANN)
    shop.sign_in.sign_out("lock")
    assert shop.sign_in.member is None
    told = [(one["kind"], one["staff"], one["state"]["how"]) for one in shop.told(*IN_OUT)]
    assert told == [("signed_in", ANN, "pin"), ("signed_out", ANN, "lock")]


def test_a_storm_of_wrong_pins_locks_and_stays_locked_after_a_restart(shop: People) -> None:
    assert tried(shop, ANN, "0001", "0002", "0003") == ["PinWrong"] * 3
    assert tried(shop, ANN, "0004", PINS[ANN]) == ["LockedOut"] * 2
    shop.reopen()
    with pytest.raises(LockedOut) as refused:
        shop.sign_in.by_pin(shop.member(ANN).id, PINS[ANN])
    assert 0 < int(str(refused.value.fields["seconds"])) <= 30
    shop.clock.wait(seconds=31)
    assert tried(shop, ANN, "0005", PINS[ANN]) == ["PinWrong", "LockedOut"]
    shop.clock.wait(seconds=61)
    assert tried(shop, ANN, PINS[ANN]) == ["in"]
    assert tried(shop, ANN, "0006", "0007", PINS[ANN]) == ["PinWrong"] * 2 + ["in"]


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_is_set_ends_no_wait_and_makes_none_longer(shop: People, days: int) -> None:
    tried(shop, ANN, "0001", "0002", "0003")
    shop.clock.moment += timedelta(days=days)
    assert tried(shop, ANN, PINS[ANN]) == ["LockedOut"]
    shop.reopen()
    assert tried(shop, ANN, PINS[ANN]) == ["LockedOut"]
    shop.clock.wait(seconds=31)
    assert tried(shop, ANN, PINS[ANN]) == ["in"]


def test_what_is_tried_during_the_wait_neither_counts_nor_is_journalled(shop: People) -> None:
    tried(shop, ANN, "0001", "0002", "0003", *["9" * 5] * 500)
    assert len(shop.told(FactKind.SIGN_IN_REFUSED)) == 3
    shop.clock.wait(seconds=31)
    assert tried(shop, ANN, PINS[ANN]) == ["in"]


def test_a_storm_against_one_keeps_nobody_else_out(shop: People) -> None:
    tried(shop, ANN, "0001", "0002", "0003")
    assert tried(shop, SAM, PINS[SAM]) == ["in"]


def test_a_badge_signs_in_even_during_the_wait(shop: People) -> None:
    code = shop.staff.new_badge(shop.member(ANN).id)
    tried(shop, ANN, "0001", "0002", "0003")
    assert shop.sign_in.by_badge(code) == shop.member(ANN)
    assert shop.told(FactKind.SIGNED_IN)[-1]["state"]["how"] == "badge"


def test_a_wrong_pin_is_journalled_without_the_pin(shop: People) -> None:
    tried(shop, ANN, "0471")
    [told] = shop.told(FactKind.SIGN_IN_REFUSED)
    assert (told["id"], told["by"], told["state"]["tries"]["failures"]) == (
        shop.member(ANN).id, "pin", 1,
    )  # fmt: skip
    assert "0471" not in str(told)


@pytest.mark.parametrize(
    "code", ["4000000000001", "98" + "7" * 18, "", "ünbekannt", "\x1d", "x" * 900]
)
def test_a_code_that_is_no_badge_is_a_sentence(shop: People, code: str) -> None:
    with pytest.raises(BadgeUnknown) as refused:
        shop.sign_in.by_badge(code)
    assert "nobody's badge" in str(refused.value)
    assert shop.told(FactKind.SIGN_IN_REFUSED)[-1]["member"] == ""


def test_who_left_is_kept_out_with_pin_and_badge(shop: People) -> None:
    badge = shop.staff.new_badge(shop.member(SAM).id)
    shop.staff.save(replace(shop.member(SAM), is_active=False))
    with pytest.raises(MemberLeft):
        shop.sign_in.by_pin(shop.member(SAM).id, PINS[SAM])
    with pytest.raises(MemberLeft):
        shop.sign_in.by_badge(badge)
    assert shop.told(FactKind.SIGN_IN_REFUSED)[-1]["member"] == SAM
    assert SAM not in [one.code for one in shop.sign_in.people()]


def test_a_member_without_a_pin_is_told_so(shop: People) -> None:
    nina = shop.staff.save(replace(shop.staff.new_member(), name="Nina"))
    with pytest.raises(NoPin):
        shop.sign_in.by_pin(nina.id, "2580")


def test_a_change_of_cashier_signs_the_first_one_out(shop: People) -> None:
    shop.enter(ANN)
    shop.enter(SAM)
    told = [(one["kind"], one["staff"], one["state"]["how"]) for one in shop.told(*IN_OUT)]
    assert told[1:] == [("signed_out", ANN, "change"), ("signed_in", SAM, "pin")]


def test_a_sale_put_aside_is_remembered_until_it_is_no_longer_parked(shop: People) -> None:
    shop.enter(ANN)
    cart = shop.checkout.add(shop.checkout.new_cart(), "01900000-0000-7000-8000-000000000001")
    shop.checkout.park(cart)
    shop.sign_in.set_aside(shop.member(ANN).id, cart.id)
    shop.enter(SAM)
    assert shop.sign_in.aside(shop.member(ANN)) == cart.id
    assert shop.sign_in.aside(shop.member(SAM)) == ""
    shop.reopen()
    shop.checkout.recall(cart.id)
    assert shop.sign_in.aside(shop.member(ANN)) == ""


def test_each_cashier_finds_their_own_parked_sales_first(shop: People) -> None:
    carts = {}
    for code in (SAM, ANN, SAM, ANN):
        shop.enter(code)
        cart = shop.checkout.add(shop.checkout.new_cart(), "01900000-0000-7000-8000-000000000001")
        shop.checkout.park(cart)
        carts.setdefault(code, []).append(cart.id)
    for code, other in ((ANN, SAM), (SAM, ANN)):
        shop.enter(code)
        assert [one.id for one in shop.checkout.parked()] == carts[code] + carts[other]


def test_who_is_taken_off_the_staff_is_signed_out(shop: People) -> None:
    shop.enter(ANN)
    shop.staff.save(replace(shop.member(ANN), is_active=False))
    shop.sign_in.renew()
    assert shop.sign_in.member is None


def test_a_shop_without_staff_needs_no_sign_in(tmp_path: Path) -> None:
    from tests.services.staffed_shop import Clock
    from tests.store.shops import new_shop

    new_shop(tmp_path / "bare.db").close()
    bare = People(tmp_path / "bare.db", Clock())
    assert not bare.sign_in.is_needed
    bare.sign_in.sign_out()
    assert bare.told(*IN_OUT) == []
    bare.store.close()


def test_a_pin_is_asked_of_the_right_member_only(shop: People) -> None:
    with pytest.raises(PinWrong):
        shop.sign_in.by_pin(shop.member(ANN).id, PINS[OLGA])
