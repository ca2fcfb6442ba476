"""A gift card looked up at the counter: its balance, its past, and being blocked and released."""

import json
from collections.abc import Callable, Iterator

import pytest

from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.facts import FactKind
from pos_app.domain.stored_value import ValueKind, ValueState
from pos_app.services.authority import Unrestricted
from pos_app.services.stored_value_records import account_of
from tests.ui.at_once import Later
from tests.ui.conftest import BREAD, Till
from tests.ui.paying_desk import card_of, enter, last, more, refusal, taking_everything, way


@pytest.fixture
def desk(till: Till) -> Iterator[Till]:
    with taking_everything(till) as made:
        yield made


def look_up(desk: Till, number: str) -> dict[str, bool]:
    """Open the card's sheet and return its buttons and whether they can be touched."""
    more(desk, "balance")
    enter(desk, number)
    return {way.key: way.is_enabled for way in desk.state.sheet.ways}


def state_of(desk: Till, number: str) -> ValueState:
    account = account_of(desk.store, ValueKind.GIFT_CARD, number)
    assert account is not None
    return account.state


def test_a_lost_card_is_blocked_pays_nothing_and_is_released(desk: Till) -> None:
    number = card_of(desk)
    assert look_up(desk, number) == {
        "redeem": False, "top_up": True, "history": True, "block": True,
    }  # fmt: skip
    desk.presenter.sheet.choose("block")
    assert state_of(desk, number) is ValueState.BLOCKED
    assert "blocked" in desk.state.sheet.about
    desk.presenter.sale.close()
    desk.scan(BREAD)
    way(desk, "gift_card")
    enter(desk, number)
    assert "is blocked" in refusal(desk)
    assert look_up(desk, number) == {
        "redeem": False, "top_up": False, "history": True, "release": True,
    }  # fmt: skip
    desk.presenter.sheet.choose("release")
    assert state_of(desk, number) is ValueState.ACTIVE
    desk.presenter.sheet.choose("redeem")
    assert last(desk).tenders[0].reference == number


def test_blocking_needs_somebody_and_is_a_fact_with_who_did_it(desk: Till) -> None:
    number = card_of(desk)
    asked: list[ApprovalRequest] = []

    class Reserved(Unrestricted):
        is_granted = False

        def require(self, request: ApprovalRequest, tx: object = None) -> None:
            if request.action is Action.GIFT_CARD and not self.is_granted:
                raise ApprovalNeeded(request)

    desk.checkout.authority = authority = Reserved()
    desk.checkout.staff = "7"

    def ask(need: ApprovalNeeded, again: Callable[[], None]) -> None:
        asked.append(need.request)
        assert state_of(desk, number) is ValueState.ACTIVE
        authority.is_granted = True
        again()

    desk.presenter.sale.on_approval = ask
    look_up(desk, number)
    desk.presenter.sheet.choose("block")
    assert [(one.action, one.about.replace(" ", "")) for one in asked] == [
        (Action.GIFT_CARD, number)
    ]
    assert state_of(desk, number) is ValueState.BLOCKED
    entry = desk.store.journal.head()
    assert entry is not None
    assert (entry.kind, entry.staff) == (FactKind.STORED_VALUE_CHANGED, "7")
    assert json.loads(entry.payload)["action"] == "block"


def test_the_history_tells_each_change_the_last_one_first(desk: Till) -> None:
    number = card_of(desk)
    sold = last(desk).number
    desk.scan(BREAD)
    way(desk, "gift_card")
    enter(desk, number)
    paid = last(desk).number
    look_up(desk, number)
    desk.presenter.sheet.choose("block")
    desk.presenter.sheet.choose("history")
    rows = desk.state.sheet.rows
    assert [row.price for row in rows] == ["", "−€4.80", "€50.00"]
    for row, word in zip(rows, ("Blocked", paid, sold), strict=True):
        assert word in row.name
    assert "€45.20 left" in rows[1].code
    enter(desk)
    assert not desk.state.sheet.kind


def test_a_history_that_comes_after_the_sheet_is_gone_opens_nothing(desk: Till) -> None:
    later = Later()
    desk.presenter.run = later
    number = card_of(desk)
    look_up(desk, number)
    desk.presenter.sheet.choose("history")
    assert desk.state.sheet.rows == ()
    desk.presenter.entry.escape()
    later.run()
    assert not desk.state.sheet.kind
