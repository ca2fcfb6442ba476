"""Every action in every state of a quotation, and its date."""

from dataclasses import replace
from datetime import date

import pytest

from pos_app.domain import quotation as quotations
from pos_app.domain.document import DatesTurned, DocumentEmpty
from pos_app.domain.errors import PosError
from pos_app.domain.quotation import (
    QuotationAction,
    QuotationExpired,
    QuotationNotApproved,
    QuotationNotDraft,
    QuotationNotSubmitted,
    QuotationOrdered,
    QuotationState,
)
from tests.domain.sales_documents import DAY, quotation

A, S = QuotationAction, QuotationState
Outcome = QuotationState | type[PosError]
TABLE: dict[QuotationState, dict[QuotationAction, Outcome]] = {
    S.DRAFT: {
        A.CHANGE: S.DRAFT,
        A.SUBMIT: S.SUBMITTED,
        A.APPROVE: QuotationNotSubmitted,
        A.REJECT: QuotationNotSubmitted,
        A.EXPIRE: S.EXPIRED,
        A.ORDER: QuotationNotApproved,
        A.DELETE: S.DELETED,
    },
    S.SUBMITTED: {
        A.CHANGE: QuotationNotDraft,
        A.SUBMIT: QuotationNotDraft,
        A.APPROVE: S.APPROVED,
        A.REJECT: S.REJECTED,
        A.EXPIRE: S.EXPIRED,
        A.ORDER: QuotationNotApproved,
        A.DELETE: QuotationNotDraft,
    },
    S.APPROVED: {
        A.CHANGE: QuotationNotDraft,
        A.SUBMIT: QuotationNotDraft,
        A.APPROVE: QuotationNotSubmitted,
        A.REJECT: QuotationNotSubmitted,
        A.EXPIRE: S.EXPIRED,
        A.ORDER: S.APPROVED,
        A.DELETE: QuotationNotDraft,
    },
    S.REJECTED: {
        A.CHANGE: QuotationNotDraft,
        A.SUBMIT: QuotationNotDraft,
        A.APPROVE: QuotationNotSubmitted,
        A.REJECT: QuotationNotSubmitted,
        A.EXPIRE: QuotationNotDraft,
        A.ORDER: QuotationNotApproved,
        A.DELETE: QuotationNotDraft,
    },
    S.EXPIRED: dict.fromkeys(A, QuotationExpired),
    S.DELETED: {
        A.CHANGE: QuotationNotDraft,
        A.SUBMIT: QuotationNotDraft,
        A.APPROVE: QuotationNotSubmitted,
        A.REJECT: QuotationNotSubmitted,
        A.EXPIRE: QuotationNotDraft,
        A.ORDER: QuotationNotApproved,
        A.DELETE: QuotationNotDraft,
    },
}
PAIRS = [(state, action) for state in S for action in A]


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_action_in_every_state_leads_somewhere_or_says_why_not(
    state: QuotationState, action: QuotationAction
) -> None:
    expected = TABLE[state][action]
    if isinstance(expected, QuotationState):
        assert quotations.state_after(quotation(state), action) is expected
        return
    with pytest.raises(expected) as refusal:
        quotations.state_after(quotation(state), action)
    assert type(refusal.value) is expected
    assert "{" not in str(refusal.value)


@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.APPROVED])
def test_past_its_date_nothing_goes_on(state: QuotationState) -> None:
    late = quotation(state)
    day = date(2023, 7, 1)
    steps = {
        S.DRAFT: lambda: quotations.submitted(late, day),
        S.SUBMITTED: lambda: quotations.decided(late, True, "", day),
        S.APPROVED: lambda: quotations.ordered(late, "o", "SO1", day),
    }
    with pytest.raises(QuotationExpired, match="2023-06-30"):
        steps[state]()
    assert quotations.expired(late, day).state is S.EXPIRED
    assert quotations.expired(late, date(2023, 6, 30)) is late


def test_one_with_an_order_neither_ends_nor_is_ordered_twice() -> None:
    ordered = quotations.ordered(quotation(S.APPROVED), "o1", "SO2023060001", DAY)
    assert quotations.expired(ordered, date(2024, 1, 1)) is ordered
    with pytest.raises(QuotationOrdered, match="SO2023060001"):
        quotations.ordered(ordered, "o2", "SO2023060002", DAY)


def test_what_can_be_done_is_what_is_not_refused() -> None:
    assert quotations.actions_of(quotation(S.DRAFT), DAY) == (A.CHANGE, A.SUBMIT, A.DELETE)
    assert quotations.actions_of(quotation(S.SUBMITTED), DAY) == (A.APPROVE, A.REJECT)
    assert quotations.actions_of(quotation(S.APPROVED), DAY) == (A.ORDER,)
    assert quotations.actions_of(quotation(S.APPROVED), date(2023, 7, 1)) == ()


def test_one_that_ends_before_it_begins_or_has_no_lines_is_refused() -> None:
    with pytest.raises(DatesTurned):
        quotations.checked(quotation(S.DRAFT, expires=date(2023, 5, 31)))
    with pytest.raises(DocumentEmpty):
        quotations.checked(replace(quotation(S.DRAFT), lines=()))
