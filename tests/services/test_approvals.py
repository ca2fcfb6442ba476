"""Approvals: who asked, who agreed, how and why is one with the deed; wrong ways are sentences."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain import cart as carts
from pos_app.domain.approval import (
    Action,
    ApprovalNeeded,
    ApprovalRequest,
    CodeExpired,
    CodeMalformed,
    CodeUsed,
    CodeWrong,
    MayNotApprove,
    NobodyMayApprove,
    NoCodesHere,
)
from pos_app.domain.approval_code import approval_code, read_secret, step_of, subject_of
from pos_app.domain.cart import Cart
from pos_app.domain.discount import LineDiscount
from pos_app.domain.facts import FactKind
from pos_app.domain.lockout import LockedOut
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.services.approvals import NobodysPin
from pos_app.services.authority import StaffAuthority
from pos_app.services.returning import Returning
from pos_app.services.shifts import Shifts
from pos_app.services.sign_in import BadgeUnknown, MemberLeft
from pos_app.services.verification import verify
from tests.services.staffed_shop import ANN, MAX, OLGA, PINS, SAM, People, people
from tests.store.shops import fails, product_id

CASH = [TenderRequest(TenderMethod.CASH)]
VOID = ApprovalRequest(Action.VOID, Money(1250, "EUR"), about="1-000001")
KINDS = (FactKind.APPROVAL_GIVEN, FactKind.APPROVAL_REFUSED)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[People]:
    made = people(tmp_path)
    made.enter(ANN)
    yield made
    made.store.close()
    assert verify(made.path).is_sound


def cart_of(shop: People, *numbers: int) -> Cart:
    cart = shop.checkout.new_cart()
    for number in numbers:
        cart = shop.checkout.add(cart, product_id(number))
    return cart


def asked(do: Callable[[], object]) -> ApprovalRequest:
    """Do something that needs an approval, and return the request."""
    with pytest.raises(ApprovalNeeded) as needed:
        do()
    return needed.value.request


def code_of(
    shop: People, key: str, request: ApprovalRequest, challenge: str, till: str = "1"
) -> str:
    return approval_code(
        read_secret(key), subject_of(request, till, challenge), step_of(shop.clock())
    )


def test_a_large_discount_waits_for_a_supervisor_and_both_stand_in_one_transaction(
    shop: People,
) -> None:
    cart = cart_of(shop, 1, 2)
    cheap = carts.discount_line(cart, 1, LineDiscount(percent=Decimal(20)))
    request = asked(lambda: shop.checkout.keep(cheap, cart))
    assert (request.action, request.percent) == (Action.DISCOUNT, Decimal(20))
    shop.approvals.by_pin(request, PINS[SAM], "Damaged goods")
    assert shop.told(*KINDS) == []  # agreed to, but not done yet
    shop.checkout.keep(cheap, cart)
    [told] = shop.told(*KINDS)
    state = told["state"]
    assert (state["asker"], state["approver"], state["how"], state["reason"]) == (
        ANN, SAM, "pin", "Damaged goods",
    )  # fmt: skip
    assert state["request"]["percent"] == "20"
    entries = shop.store.journal.entries(limit=1000)
    kinds = [entry.kind for entry in entries]
    assert kinds[kinds.index("approval_given") + 1] == "discount_given"


def test_a_small_discount_needs_nobody(shop: People) -> None:
    cart = cart_of(shop, 1)
    shop.checkout.keep(carts.discount_line(cart, 1, LineDiscount(percent=Decimal(10))), cart)
    assert shop.told(*KINDS) == []
    assert len(shop.told(FactKind.DISCOUNT_GIVEN)) == 1


def test_an_approval_lets_one_equal_request_through_and_no_second(shop: People) -> None:
    shop.approvals.by_pin(VOID, PINS[SAM])
    with pytest.raises(ApprovalNeeded):
        shop.authority.require(replace(VOID, amount=Money(1251, "EUR")))
    shop.authority.require(VOID)
    with pytest.raises(ApprovalNeeded):
        shop.authority.require(VOID)


def test_a_deed_that_fails_gives_its_approval_back(shop: People) -> None:
    shop.approvals.by_pin(VOID, PINS[SAM])
    with fails(shop.store) as tx:
        shop.authority.require(VOID, tx)
    assert shop.told(*KINDS) == []
    shop.authority.require(VOID)


def test_an_approval_is_forgotten_after_two_minutes_and_by_the_next_cashier(shop: People) -> None:
    shop.approvals.by_pin(VOID, PINS[SAM])
    shop.clock.wait(seconds=121)
    with pytest.raises(ApprovalNeeded):
        shop.authority.require(VOID)
    shop.approvals.by_pin(VOID, PINS[SAM])
    shop.sign_in.sign_out()
    shop.enter(ANN)
    with pytest.raises(ApprovalNeeded):
        shop.authority.require(VOID)


def test_who_may_approve_by_role_does_it_alone(shop: People) -> None:
    shop.enter(SAM)
    shop.authority.require(VOID)
    assert shop.told(*KINDS) == []


def test_with_nobody_signed_in_nothing_reserved_happens(shop: People) -> None:
    shop.sign_in.sign_out()
    with pytest.raises(ApprovalNeeded):
        shop.authority.require(VOID)


def test_a_void_a_price_a_drawer_and_a_refund_ask_and_are_done_once_agreed(shop: People) -> None:
    sale = shop.checkout.complete(cart_of(shop, 1, 2), CASH)
    cart = cart_of(shop, 3)
    returning = Returning(shop.checkout)
    shifts = Shifts(shop.store, shop.clock, ANN, shop.authority)
    deeds: list[tuple[Action, Callable[[], object]]] = [
        (Action.PRICE_CHANGE, lambda: shop.checkout.override_price(cart, 1, Decimal("1.00"))),
        (Action.NO_SALE, lambda: shop.checkout.open_drawer("change")),
        (Action.NO_SALE, lambda: shifts.open_drawer("coins")),
        (Action.VOID, lambda: returning.void(sale.id, "wrong customer")),
    ]
    for action, do in deeds:
        request = asked(do)
        assert request.action is action
        shop.approvals.by_pin(request, PINS[MAX], "Typed wrongly")
        do()
    given = [told["state"] for told in shop.told(FactKind.APPROVAL_GIVEN)]
    assert [one["request"]["action"] for one in given] == [action for action, _ in deeds]
    assert {(one["asker"], one["approver"]) for one in given} == {(ANN, MAX)}


def test_a_large_refund_asks_with_what_is_paid_out(shop: People) -> None:
    shop.settings(rules=(), reasons=())
    sale = shop.checkout.complete(cart_of(shop, 1, 2), CASH)
    returning = Returning(shop.checkout)
    cart = returning.give_back_all(returning.begin(sale), sale, "Faulty")
    pay = returning.refund(cart)
    request = asked(lambda: shop.checkout.complete(cart, pay))
    assert (request.action, request.amount) == (Action.REFUND, sale.gross)
    shop.approvals.by_pin(request, PINS[MAX])
    assert shop.checkout.complete(cart, pay).gross == -sale.gross


def test_removed_lines_add_up_to_the_running_limit_of_the_shift(shop: People) -> None:
    cart = carts.set_quantity(cart_of(shop, 5), 1, Decimal(8))  # 8 × 5.49 = 43.92
    cart = carts.add_product(cart, shop.store.products.get(product_id(4)))  # 4.49
    cart = carts.add_product(cart, shop.store.products.get(product_id(3)))  # 3.49
    cart = shop.checkout.remove(cart, 1)
    cart = shop.checkout.remove(cart, 2)
    request = asked(lambda: shop.checkout.remove(cart, 3))
    assert request.action is Action.REMOVE_LINE
    asked(lambda: shop.checkout.discard(cart))
    shop.enter(SAM)  # each cashier's own sum; a supervisor may anyway
    shop.checkout.remove(cart, 3)
    shop.enter(ANN)
    asked(lambda: shop.checkout.remove(cart, 3))


def test_the_running_limit_begins_anew_after_the_drawer_was_closed(shop: People) -> None:
    shop.settings(rules=tuple(
        replace(rule, is_reserved=rule.action is Action.REMOVE_LINE)
        for rule in shop.store.settings.shop().approvals.rules
    ))  # fmt: skip
    cart = carts.set_quantity(cart_of(shop, 5), 1, Decimal(8))
    shop.checkout.remove(cart, 1)
    asked(lambda: shop.checkout.remove(cart, 1))
    shifts = Shifts(shop.store, shop.clock, ANN, shop.authority)
    shift = shifts.open([])
    shifts.confirm_count([])
    shifts.close(shift.id)
    shop.checkout.remove(cart, 1)


def test_a_wrong_pin_is_nobodys_and_a_storm_locks_approvals_over_a_restart(shop: People) -> None:
    for pin in ("0001", "0002", PINS[ANN]):  # a cashier's own PIN approves nothing
        with pytest.raises(NobodysPin):
            shop.approvals.by_pin(VOID, pin)
    shop.reopen()
    with pytest.raises(LockedOut):
        shop.approvals.by_pin(VOID, PINS[MAX])
    told = shop.told(FactKind.APPROVAL_REFUSED)
    assert [
        (one["staff"], one["how"], one["why"], one["action"], one["amount"]) for one in told
    ] == [(ANN, "pin", "wrong PIN", "void", 1250)] * 3
    shop.clock.wait(seconds=31)
    shop.enter(ANN)
    shop.approvals.by_pin(VOID, PINS[MAX])
    shop.authority.require(VOID)
    with pytest.raises(NobodysPin):  # the approval that was used has wiped the slate
        shop.approvals.by_pin(VOID, "0009")
    shop.approvals.by_pin(VOID, PINS[MAX])


def test_a_badge_approves_even_while_pins_are_locked(shop: People) -> None:
    badge = shop.staff.new_badge(shop.member(MAX).id)
    for _ in range(3):
        with pytest.raises(NobodysPin):
            shop.approvals.by_pin(VOID, "0001")
    shop.approvals.by_badge(VOID, badge, "Goodwill")
    shop.authority.require(VOID)
    state = shop.told(FactKind.APPROVAL_GIVEN)[-1]["state"]
    assert (state["approver"], state["how"], state["reason"]) == (MAX, "badge", "Goodwill")


def test_a_badge_of_somebody_who_may_not_left_or_never_was_is_a_sentence(shop: People) -> None:
    own = shop.staff.new_badge(shop.member(ANN).id)
    gone = shop.staff.new_badge(shop.member(SAM).id)
    shop.staff.save(replace(shop.member(SAM), is_active=False))
    for code, refusal, why in (
        (own, MayNotApprove, f"{ANN} may not"),
        (gone, MemberLeft, f"{SAM} has left"),
        ("4000000000001", BadgeUnknown, "no badge"),
    ):
        with pytest.raises(refusal):
            shop.approvals.by_badge(VOID, code)
        assert shop.told(FactKind.APPROVAL_REFUSED)[-1]["why"] == why
    with pytest.raises(ApprovalNeeded):
        shop.authority.require(VOID)


def test_a_supervisor_approves_up_to_the_limit_of_the_role(shop: People) -> None:
    large = ApprovalRequest(Action.REFUND, Money(30_000, "EUR"))
    assert [one.code for one in shop.approvals.approvers(large)] == [MAX, OLGA]
    with pytest.raises(NobodysPin):
        shop.approvals.by_pin(large, PINS[SAM])
    shop.approvals.by_pin(large, PINS[MAX])


def test_where_nobody_may_approve_that_is_said(shop: People) -> None:
    request = ApprovalRequest(Action.SETTINGS)
    for role in shop.staff.roles():
        if role.key != "owner":
            shop.staff.save_role(replace(role, permissions=()))
    shop.staff.save(replace(shop.member(MAX), role="owner"))
    shop.staff.save(replace(shop.member(OLGA), role="cashier"))
    assert [one.code for one in shop.approvals.approvers(request)] == [MAX]
    shop.settings(rules=())
    member = shop.member(MAX)
    shop.authority = StaffAuthority(shop.store, shop.clock)
    with shop.store.transaction() as tx:
        from pos_app.services.staff_records import STAFF

        away = replace(member, is_active=False)
        tx.records.put(STAFF, away, FactKind.STAFF_SAVED, shop.clock(), "")
    with pytest.raises(NobodyMayApprove):
        shop.approvals.by_pin(request, "2580")


def test_a_code_from_afar_approves_once(shop: People) -> None:
    with pytest.raises(NoCodesHere):
        shop.approvals.challenge(VOID)
    key = shop.staff.new_code_key(shop.member(MAX).id)
    challenge = shop.approvals.challenge(VOID)
    code = code_of(shop, key, VOID, challenge)
    shop.approvals.by_code(VOID, challenge, f"{code[:4]} {code[4:]}", "Goodwill")
    shop.authority.require(VOID)
    state = shop.told(FactKind.APPROVAL_GIVEN)[-1]["state"]
    assert (state["approver"], state["how"], state["challenge"]) == (MAX, "code", challenge)
    shop.reopen()
    with pytest.raises(CodeUsed):
        shop.approvals.by_code(VOID, challenge, code)
    assert shop.told(FactKind.APPROVAL_REFUSED)[-1]["why"] == "used code"


def test_codes_for_something_else_expired_or_garbled_are_sentences(shop: People) -> None:
    key = shop.staff.new_code_key(shop.member(MAX).id)
    challenge = shop.approvals.challenge(VOID)
    good = code_of(shop, key, VOID, challenge)
    other_amount = code_of(shop, key, replace(VOID, amount=Money(125, "EUR")), challenge)
    other_till = code_of(shop, key, VOID, challenge, till="2")
    for code in (other_amount, other_till):
        with pytest.raises(CodeWrong):
            shop.approvals.by_code(VOID, challenge, code)
    with pytest.raises(CodeMalformed):
        shop.approvals.by_code(VOID, challenge, "12345")
    shop.clock.wait(minutes=12)
    with pytest.raises(CodeExpired) as refused:
        shop.approvals.by_code(VOID, challenge, good)
    assert "10 minutes" in str(refused.value)
    with pytest.raises(CodeWrong):
        shop.approvals.by_code(VOID, challenge, "00000000")
    with pytest.raises(LockedOut):
        shop.approvals.by_code(VOID, challenge, "00000001")


def test_a_code_made_with_a_key_that_was_renewed_is_wrong(shop: People) -> None:
    old = shop.staff.new_code_key(shop.member(MAX).id)
    shop.staff.new_code_key(shop.member(MAX).id)
    challenge = shop.approvals.challenge(VOID)
    with pytest.raises(CodeWrong):
        shop.approvals.by_code(VOID, challenge, code_of(shop, old, VOID, challenge))


def test_a_code_of_somebody_who_may_not_approve_this_is_wrong(shop: People) -> None:
    shop.staff.new_code_key(shop.member(MAX).id)
    mine = shop.staff.new_code_key(shop.member(ANN).id)
    challenge = shop.approvals.challenge(VOID)
    with pytest.raises(CodeWrong):
        shop.approvals.by_code(VOID, challenge, code_of(shop, mine, VOID, challenge))


def test_a_clock_set_back_makes_no_earlier_approval_forgive_wrong_pins(shop: People) -> None:
    shop.authority.grant(VOID, shop.member(SAM), "pin", "")
    with shop.store.transaction() as tx:
        shop.authority.require(VOID, tx)
    shop.clock.moment -= timedelta(days=1)
    for pin in ("0001", "0002", "0003"):
        with pytest.raises(NobodysPin):
            shop.approvals.by_pin(VOID, pin)
    with pytest.raises(LockedOut):
        shop.approvals.by_pin(VOID, PINS[SAM])
    shop.clock.wait(seconds=31)
    shop.approvals.by_pin(VOID, PINS[SAM])
