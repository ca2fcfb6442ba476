"""The screen of head office, drawn from statuses that are spoken by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app import texts
from pos_app.domain.approval import Action, ApprovalNeeded, ApprovalRequest
from pos_app.domain.facts import FactKind
from pos_app.domain.till_head import Completeness
from pos_app.services.authority import Authority
from pos_app.store.store import Store
from pos_app.sync.settling import forget_remedy
from pos_app.sync.status import Backlog, SyncPhase, SyncStatus
from pos_app.ui import theme
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.sync import CARDS_MOST
from pos_app.ui.presenters.sync_chip import CALM_ENTRIES, chip_of
from pos_app.ui.sync_screen import SyncScreen
from pos_app.ui.views import Tone
from tests.ui.conftest import MILK, SHOP, Till
from tests.ui.sync_states import (
    Line,
    every_status,
    head,
    quarrel_about,
    refused,
    signed,
    told,
    tools,
)

NOW = datetime(2026, 3, 2, 16, 20, tzinfo=UTC)


@pytest.fixture
def line(store: Store) -> Line:
    return Line(store=store)


@pytest.fixture
def screen(store: Store, line: Line, qtbot: QtBot, qapp: QApplication) -> Iterator[SyncScreen]:
    theme.apply_theme(qapp, theme.LIGHT)
    made = SyncScreen(store, line, tools(line), lambda: NOW)
    qtbot.addWidget(made)
    made.resize(948, 720)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    texts.use_language("en")


def say(screen: SyncScreen, line: Line, status: SyncStatus) -> None:
    line.status = status
    screen.status_changed(status)


def status_named(store: Store, name: str) -> SyncStatus:
    return dict(every_status(store, NOW))[name]


def test_without_a_head_office_one_sentence_says_what_it_is_and_offers_to_connect(
    screen: SyncScreen,
) -> None:
    assert screen._alone.isVisible()
    assert not screen.leave.isVisible()
    screen._alone.acted.emit()
    assert screen.sheet is not None
    assert screen.sheet.isVisible()


def test_all_told_is_one_green_sentence_with_equal_heads(
    screen: SyncScreen, line: Line, qtbot: QtBot
) -> None:
    say(screen, line, told(NOW))
    assert screen.state_card.headline.text() == "Galway Grocers has everything from this till."
    assert not screen.state_card.bar.isVisible()
    assert "412 receipts here, 412 at head office, heads equal." in screen.proof.verdict.text()
    assert "16:19" in screen.state_card.about.text()
    assert "16:19" in screen.history.toPlainText().splitlines()[0]
    qtbot.waitUntil(lambda: all(row.isVisible() for row in screen.tills._rows), timeout=20_000)
    assert len(screen.tills._rows) == 2


def test_a_backlog_has_a_bar_that_goes_on_and_an_estimate(screen: SyncScreen, line: Line) -> None:
    much = replace(told(NOW), phase=SyncPhase.SENDING, backlog=Backlog(60_000, 15_000, 500, 120))
    say(screen, line, much)
    assert screen.state_card.bar.value() == 0
    assert "15,000 receipts" in screen.state_card.backlog.text()
    assert screen.state_card.estimate.text() == "About 2 min to go"
    say(screen, line, replace(much, backlog=Backlog(15_000, 3_000, 500, 30)))
    assert screen.state_card.bar.value() == 750
    assert screen.state_card.estimate.text() == "Less than a minute to go"
    say(screen, line, told(NOW))
    assert not screen.state_card.bar.isVisible()


def test_the_first_reception_shows_how_many_of_how_many(
    screen: SyncScreen, line: Line, store: Store
) -> None:
    say(screen, line, status_named(store, "first"))
    assert screen.state_card.bar.value() == 385
    assert "38,500 of 100,000" in screen.state_card.backlog.text()


def test_what_is_missing_is_named_by_its_receipts(
    screen: SyncScreen, line: Line, till: Till, qtbot: QtBot
) -> None:
    numbers = []
    for _ in range(3):
        till.scan(MILK)
        till.press("F12")
        sale = till.store.sales.last()
        assert sale is not None
        numbers.append(sale.number)
    proof = told(NOW).proof
    assert proof is not None
    ranges = ((1, till.store.journal.count()),)
    behind = replace(
        proof,
        own=head(receipts=3),
        office=signed(head(seq=1, receipts=0), NOW),
        verdict=Completeness.BEHIND,
        missing=ranges,
    )
    say(screen, line, replace(told(NOW), proof=behind))
    qtbot.waitUntil(lambda: numbers[-1] in screen.proof.missing.text(), timeout=20_000)
    assert all(number in screen.proof.missing.text() for number in numbers)
    assert "3 receipts here, 0 at head office" in screen.proof.verdict.text()


def test_heads_that_differ_and_a_wrong_signature_are_said_in_words_for_people(
    screen: SyncScreen, line: Line, store: Store
) -> None:
    say(screen, line, status_named(store, "fork"))
    assert screen.presenter.state.proof_tone is Tone.DANGER
    assert "not the same" in screen.proof.verdict.text()
    proof = told(NOW).proof
    assert proof is not None
    say(screen, line, replace(told(NOW), proof=replace(proof, is_genuine=False)))
    assert "was not signed by this head office" in screen.proof.verdict.text()
    assert "heads equal" not in screen.proof.verdict.text()


def test_a_refused_receipt_is_a_card_with_its_number_and_one_press_settles_it(
    screen: SyncScreen, line: Line, till: Till, qtbot: QtBot
) -> None:
    till.scan(MILK)
    till.press("F12")
    entries = [
        one for one in till.store.journal.entries() if one.kind == FactKind.SALE_COMPLETED.value
    ]
    sale = till.store.sales.last()
    assert sale is not None
    card = replace(refused(NOW)[0], id=entries[-1].id, seq=entries[-1].seq)
    say(screen, line, replace(told(NOW), refusals=(card,)))
    qtbot.waitUntil(lambda: sale.number in screen.presenter.state.refusals[0].title, timeout=20_000)
    button = screen.refusals.buttons[card.id, "accept"]
    assert button.text() == "Accept as it is"
    assert screen.refusals.buttons[card.id, "drop"].text() == "Journal only"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: line.did == [f"settle {card.id} accept"], timeout=20_000)
    qtbot.waitUntil(lambda: bool(screen.presenter.state.notices), timeout=20_000)
    assert not screen.refusals.buttons[card.id, "accept"].isEnabled()
    forget_remedy(till.store, card.id, "accept")  # head office has said no
    say(screen, line, replace(told(NOW), refusals=(card,), revision=8))
    assert screen.refusals.buttons[card.id, "accept"].isEnabled()
    say(screen, line, told(NOW))
    assert not screen.refusals.isVisible()


def test_of_very_many_refused_entries_the_first_are_shown_and_the_rest_counted(
    screen: SyncScreen, line: Line
) -> None:
    many = tuple(replace(refused(NOW)[0], id=f"r{number}") for number in range(1_000))
    say(screen, line, replace(told(NOW), refusals=many))
    assert len(screen.refusals._rows) == CARDS_MOST
    assert "970 more" in screen.refusals._more.text()


def test_what_only_others_can_settle_has_no_button_and_says_who(
    screen: SyncScreen, line: Line
) -> None:
    office, here = refused(NOW)[2], replace(refused(NOW)[2], id="r4", remedy="here")
    say(screen, line, replace(told(NOW), refusals=(office, here)))
    assert screen.refusals.buttons == {}
    notes = [card.note for card in screen.presenter.state.refusals]
    assert "Head office settles this" in notes[0]
    assert "at this till" in notes[1]


def test_a_quarrel_shows_the_value_that_stands_and_the_one_that_does_not(
    screen: SyncScreen, line: Line, store: Store, qtbot: QtBot
) -> None:
    quarrel_about(store, NOW - timedelta(hours=3))
    say(screen, line, told(NOW))
    qtbot.waitUntil(lambda: bool(screen.presenter.state.quarrels), timeout=20_000)
    first, second = screen.presenter.state.quarrels
    assert first.field == "Phone"
    assert first.kept == "+353 91 555 0142"
    assert first.lost == "091 555 0199"
    assert "till 2" in first.about
    assert "13:20" in first.about
    assert second.lost == "(empty)"
    assert screen.quarrels.isVisible()


def test_letting_go_is_asked_first_and_says_what_was_not_sent(
    screen: SyncScreen, line: Line, store: Store, qtbot: QtBot
) -> None:
    say(screen, line, status_named(store, "offline"))
    qtbot.mouseClick(screen.leave, Qt.MouseButton.LeftButton)
    question = screen._question
    assert question is not None
    assert "131 receipts" in question._text.text()
    question.button("stay").click()
    assert screen._question is None
    assert line.did == []
    screen.leave.click()
    question = screen._question
    assert question is not None
    question.button("leave").click()
    qtbot.waitUntil(lambda: line.did == ["leave"], timeout=20_000)
    qtbot.waitUntil(screen._alone.isVisible, timeout=20_000)


def test_escape_on_the_question_means_no(screen: SyncScreen, line: Line, qtbot: QtBot) -> None:
    say(screen, line, told(NOW))
    screen.leave.click()
    question = screen._question
    assert question is not None
    question.reject()
    assert screen._question is None
    assert not screen.presenter.state.is_asking
    assert line.did == []


def test_who_may_not_change_settings_needs_an_approval_to_connect_or_let_go(
    store: Store, line: Line
) -> None:
    class Guarded(Authority):
        def require(self, request: ApprovalRequest) -> None:
            assert request.action is Action.SETTINGS
            raise ApprovalNeeded(request)

    screen = SyncScreen(store, line, tools(line), lambda: NOW, authority=Guarded())
    asked: list[ApprovalNeeded] = []
    screen.presenter.on_approval = lambda need, _again: asked.append(need)
    say(screen, line, told(NOW))
    screen.connect_till()
    screen.presenter.ask_to_leave()
    assert len(asked) == 2
    assert screen.sheet is None
    assert not screen.presenter.state.is_asking
    screen.deleteLater()


def test_a_till_that_was_shut_out_can_be_connected_again(screen: SyncScreen, line: Line) -> None:
    say(screen, line, told(NOW))
    assert not screen.again.isVisible()
    say(screen, line, replace(told(NOW), phase=SyncPhase.REVOKED))
    assert screen.again.isVisible()
    assert "has shut this till out" in screen.state_card.headline.text()


def test_a_hidden_screen_is_drawn_when_it_is_shown_again(screen: SyncScreen, line: Line) -> None:
    screen.hide()
    say(screen, line, told(NOW))
    assert not screen.presenter.state.is_connected
    screen.show()
    assert screen.presenter.state.is_connected


def test_the_state_is_told_in_the_language_of_the_screen(
    screen: SyncScreen, line: Line, store: Store
) -> None:
    texts.use_language("de")
    for _, status in every_status(store, NOW):
        say(screen, line, status)
        assert "{" not in screen.state_card.headline.text()
        assert screen.state_card.headline.text() != status_in_english(status)


def status_in_english(status: SyncStatus) -> str:
    before = texts._current
    texts.use_language("en")
    try:
        return status.sentence
    finally:
        texts._current = before


AMOUNTS = amount_format(SHOP)
CHIPS = (
    (SyncStatus(), "This till only", Tone.PLAIN),
    (SyncStatus(SyncPhase.UP_TO_DATE), "Connected", Tone.SUCCESS),
    (SyncStatus(SyncPhase.SENDING, backlog=Backlog(3, 1)), "Connected", Tone.SUCCESS),
    (SyncStatus(SyncPhase.SENDING, backlog=Backlog(CALM_ENTRIES, 9)), "100 left", Tone.PLAIN),
    (SyncStatus(SyncPhase.OFFLINE, backlog=Backlog(9, 4)), "4 to send", Tone.WARNING),
    (SyncStatus(SyncPhase.OFFLINE), "Offline", Tone.WARNING),
    (SyncStatus(SyncPhase.SIGN_IN_PAGE), "Offline", Tone.WARNING),
    (SyncStatus(SyncPhase.REVOKED), "please look", Tone.DANGER),
    (SyncStatus(SyncPhase.UP_TO_DATE, refusals=refused(NOW)), "3 to settle", Tone.WARNING),
)


@pytest.mark.parametrize(("status", "words", "tone"), CHIPS)
def test_the_chip_is_short_and_as_loud_as_it_must_be(
    status: SyncStatus, words: str, tone: Tone
) -> None:
    chip = chip_of(status, AMOUNTS)
    assert words in chip.text
    assert chip.tone is tone
    assert chip.is_button
    assert chip.icon
    assert chip.hint


def test_the_chip_does_not_blink_for_a_receipt_that_is_sent_at_once() -> None:
    idle = SyncStatus(SyncPhase.UP_TO_DATE, "Office")
    sending = replace(idle, phase=SyncPhase.SENDING, backlog=Backlog(4, 1))
    assert chip_of(idle, AMOUNTS) == chip_of(sending, AMOUNTS)
