"""Every action under every usual role: who may do what alone, and from which figure on not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.approval import Action, ApprovalRequest
from pos_app.domain.approval_policy import (
    BY_PERCENT,
    USUAL_RULES,
    WITHOUT_FIGURE,
    ApprovalPolicy,
    ApprovalRule,
    needs,
)
from pos_app.domain.money import Money
from pos_app.domain.staff import USUAL_ROLES, Permission, Role

USUAL = ApprovalPolicy()
ROLES = {role.key: role for role in USUAL_ROLES}
A = Action


def euros(text: str) -> Money:
    return Money(int(Decimal(text) * 100), "EUR")


def request(action: Action, figure: str = "") -> ApprovalRequest:
    if action in BY_PERCENT:
        return ApprovalRequest(action, euros("1"), Decimal(figure or "99"))
    if action in WITHOUT_FIGURE:
        return ApprovalRequest(action)
    return ApprovalRequest(action, euros(figure or "1000"))


# Who needs somebody else: letters of cashier, supervisor, manager, owner.
TABLE = [
    (A.DISCOUNT, "10", ""),
    (A.DISCOUNT, "10.01", "c"),
    (A.DISCOUNT, "30", "c"),
    (A.DISCOUNT, "30.5", "cs"),
    (A.DISCOUNT, "100", "cs"),
    (A.PRICE_CHANGE, "0.01", "c"),
    (A.PRICE_CHANGE, "500", "c"),
    (A.PRICE_BELOW_COST, "0.01", "cs"),
    (A.REFUND, "50", ""),
    (A.REFUND, "50.01", "c"),
    (A.REFUND, "200", "c"),
    (A.REFUND, "200.01", "cs"),
    (A.RETURN_WITHOUT_RECEIPT, "", "c"),
    (A.VOID, "0.01", "c"),
    (A.REMOVE_LINE, "50", ""),
    (A.REMOVE_LINE, "50.01", "c"),
    (A.NO_SALE, "", "c"),
    (A.CASH_OUT, "1", "cs"),
    (A.CLOSE_SHIFT, "", ""),
    (A.CASH_DIFFERENCE, "5", ""),
    (A.CASH_DIFFERENCE, "5.01", "cs"),
    (A.NEGATIVE_STOCK, "", ""),
    (A.STOCK_CHANGE, "1", "cs"),
    (A.CREDIT_LIMIT, "1", "cs"),
    (A.GIFT_CARD, "", "cs"),
    (A.PRODUCTS, "", "cs"),
    (A.SETTINGS, "", "csm"),
]


@pytest.mark.parametrize(("action", "figure", "who"), TABLE)
@pytest.mark.parametrize("role", ROLES)
def test_the_usual_rules_reserve_what_the_table_says(
    action: Action, figure: str, who: str, role: str
) -> None:
    assert needs(USUAL, ROLES[role], request(action, figure)) is (role[0] in who)


def test_the_table_names_every_action() -> None:
    assert {action for action, _, _ in TABLE} == set(Action)
    assert [rule.action for rule in USUAL_RULES] == list(Action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_what_is_not_reserved_is_free_for_all(action: Action, role: Role) -> None:
    free = ApprovalPolicy(rules=(ApprovalRule(action, is_reserved=False),))
    assert not needs(free, role, request(action))


@pytest.mark.parametrize("action", Action)
def test_an_action_without_a_rule_is_reserved(action: Action) -> None:
    bare = ApprovalPolicy(rules=())
    assert needs(bare, Role("x", "x"), request(action))
    assert not needs(bare, Role("x", "x", (Permission(action),)), request(action))


@pytest.mark.parametrize("action", Action)
def test_a_permission_with_a_limit_ends_at_the_limit(action: Action) -> None:
    role = Role("x", "x", (Permission(action, Decimal(20)),))
    bare = ApprovalPolicy(rules=(ApprovalRule(action),))
    if action in WITHOUT_FIGURE:
        assert needs(bare, role, request(action))  # without a figure nothing is within a limit
        return
    assert not needs(bare, role, request(action, "20"))
    assert needs(bare, role, request(action, "20.01"))


@pytest.mark.parametrize(
    ("used", "amount", "needed"),
    [("0", "50", False), ("0", "50.01", True), ("49.99", "0.01", False), ("50", "0.01", True)],
)
def test_the_running_limit_of_a_shift_counts_what_was_taken_out_before(
    used: str, amount: str, needed: bool
) -> None:
    asked = ApprovalRequest(A.REMOVE_LINE, euros(amount))
    assert needs(USUAL, ROLES["cashier"], asked, euros(used)) is needed


def test_a_rule_may_have_both_a_figure_and_a_running_limit() -> None:
    rule = ApprovalRule(A.VOID, above=Decimal(20), per_shift=Decimal(50))
    policy = replace(USUAL, rules=(rule,))
    cashier = ROLES["cashier"]
    assert not needs(policy, cashier, ApprovalRequest(A.VOID, euros("20")), euros("30"))
    assert needs(policy, cashier, ApprovalRequest(A.VOID, euros("20.01")), euros("0"))
    assert needs(policy, cashier, ApprovalRequest(A.VOID, euros("1")), euros("49.01"))


@given(
    st.sampled_from(list(Action)),
    st.integers(0, 10**7),
    st.integers(0, 100),
    st.sampled_from(USUAL_ROLES),
)
def test_the_owner_needs_nobody_and_more_rights_never_need_more(
    action: Action, minor: int, percent: int, role: Role
) -> None:
    asked = ApprovalRequest(action, Money(minor, "EUR"), Decimal(percent))
    assert not needs(USUAL, ROLES["owner"], asked)
    if not needs(USUAL, role, asked):
        richer = replace(role, permissions=(*role.permissions, Permission(Action.VOID)))
        assert not needs(USUAL, richer, asked)
