"""The checkout's gestures on a real store: what each leads to, and that none can crash it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain.cart import Cart
from pos_app.domain.discount import DiscountKind
from pos_app.domain.errors import PosError
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import PricePolicy
from pos_app.services.checkout import Checkout
from pos_app.services.print_spool import PrintTrouble
from pos_app.sync.status import Backlog, SyncPhase, SyncStatus
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.checkout_state import CheckoutState, SheetKind
from pos_app.ui.presenters.sync_chip import chip_of
from tests.ui.conftest import BREAD, COFFEE, MILK, NOW, PRODUCTS, Till


def test_a_scan_shows_the_line_and_the_total(till: Till) -> None:
    till.scan(MILK, BREAD)
    assert [(row.name, row.total) for row in till.state.rows] == [
        ("Whole milk", "1.19"),
        ("Rye bread", "4.80"),
    ]
    assert till.state.total.total == "€5.99"
    assert till.state.can_pay


def test_the_same_item_scanned_again_counts_up_and_is_selected(till: Till) -> None:
    till.scan(MILK, BREAD, MILK)
    assert [row.quantity for row in till.state.rows] == ["2", "1"]
    assert till.state.selected == till.state.rows[0].key


def test_unknown_barcode_becomes_an_open_line_and_scanning_goes_on(till: Till) -> None:
    till.scan("4006381333948", MILK)
    assert till.state.rows[0].is_unpriced
    assert len(till.state.rows) == 2
    assert not till.state.can_pay


def test_unknown_barcode_says_what_to_do(till: Till) -> None:
    till.scan("4006381333948")
    assert "4006381333948" in till.told
    assert "F6" in till.told


def test_a_price_with_a_point_and_enter_prices_the_open_line(till: Till) -> None:
    till.scan("4006381333948")
    till.keys("1.99")
    till.presenter.entry.enter()
    assert till.state.rows[0].total == "1.99"
    assert till.state.entry.text == ""


def test_figures_without_a_point_are_cents_for_the_price_key(till: Till) -> None:
    till.scan(MILK)
    till.keys("199")
    till.press("F6")
    assert till.state.rows[0].unit_price == "1.99"


def test_the_price_key_alone_waits_for_the_price(till: Till) -> None:
    till.scan(MILK)
    till.press("F6")
    assert "Whole milk" in till.state.entry.prompt
    till.keys("250")
    till.presenter.entry.enter()
    assert till.state.rows[0].unit_price == "2.50"


def test_digits_and_times_order_several_of_the_next_item(till: Till) -> None:
    till.keys("3")
    till.presenter.entry.times()
    assert till.state.entry.times == "3 ×"
    till.scan(MILK)
    assert till.state.rows[0].quantity == "3"
    assert till.state.entry.times == ""


def test_no_times_an_item_is_refused_and_not_taken_for_one(till: Till) -> None:
    till.keys("0")
    till.presenter.entry.times()
    till.scan(MILK)
    assert till.state.rows == ()
    assert "A quantity of 0 is not possible" in till.told
    till.scan(MILK)
    assert len(till.state.rows) == 1


def test_times_and_a_digit_change_the_selected_line_at_once(till: Till) -> None:
    till.scan(MILK)
    till.presenter.entry.times()
    till.keys("3")
    assert till.state.rows[0].quantity == "3"
    till.scan(BREAD)
    assert [row.quantity for row in till.state.rows] == ["3", "1"]


def test_escape_gives_the_quantity_back_that_was_there(till: Till) -> None:
    till.scan(MILK, MILK)
    till.presenter.entry.times()
    till.keys("30")
    till.presenter.entry.escape()
    assert till.state.rows[0].quantity == "2"


def test_a_long_open_quantity_is_shown_before_money_is_taken(till: Till) -> None:
    till.scan(MILK)
    till.presenter.entry.times()
    till.keys("320")
    till.press("F12")
    assert not till.receipts.printed
    assert "320" in till.told
    till.press("F12")
    assert till.receipts.printed[0][0].lines[0].quantity == 320


def test_escape_clears_the_buffer_and_never_the_sale(till: Till) -> None:
    till.scan(MILK)
    till.keys("20")
    till.presenter.entry.escape()
    assert till.state.entry.text == ""
    assert len(till.state.rows) == 1


def test_pieces_refuse_fractions_by_a_sentence(till: Till) -> None:
    till.scan(MILK)
    till.presenter.entry.times()
    till.keys("1.5")
    till.presenter.entry.enter()
    assert till.state.rows[0].quantity == "1"
    assert "decimal places" in till.told


def test_weighed_goods_take_three_places(till: Till) -> None:
    till.keys("0.482")
    till.presenter.entry.times()
    till.presenter.entry.choose_product(PRODUCTS[2].id)
    assert till.state.rows[0].quantity.startswith("0.482")
    assert till.state.rows[0].total == "1.92"


def test_weighed_goods_from_a_tile_wait_for_their_weight(till: Till) -> None:
    till.presenter.entry.choose_product(PRODUCTS[2].id)
    assert "Tomatoes" in till.state.entry.prompt
    till.keys("0.482")
    assert till.state.rows[0].total == "1.92"
    till.press("F12")
    assert till.state.is_finished


def test_a_scan_goes_on_while_a_weight_is_awaited(till: Till) -> None:
    till.presenter.entry.choose_product(PRODUCTS[2].id)
    till.scan(MILK)
    assert [row.quantity for row in till.state.rows] == ["1.000\u00a0kg", "1"]
    assert till.state.entry.prompt == ""


def test_goods_without_a_price_wait_for_it(till: Till) -> None:
    with till.store.transaction() as tx:
        tx.products.save(replace(PRODUCTS[1], price=None))
    till.presenter.entry.choose_product(PRODUCTS[1].id)
    assert "Price of Rye bread" in till.state.entry.prompt
    till.keys("450")
    till.presenter.entry.enter()
    assert till.state.rows[0].unit_price == "4.50"


def test_an_amount_comes_off_each_piece_by_the_minus_key(till: Till) -> None:
    till.scan(BREAD, BREAD)
    till.keys("0.50")
    till.presenter.lines.amount_off()
    assert till.state.rows[0].total == "8.60"
    assert "each" in till.state.rows[0].discount


def test_what_is_refused_sounds_and_what_is_accepted_does_not(till: Till) -> None:
    till.scan(MILK)
    assert till.state.alarms == 0
    till.scan("4006381333948")
    assert till.state.alarms == 1
    till.press("F12")
    assert till.state.alarms == 2


def test_other_settings_leave_the_sale_and_its_payments(till: Till) -> None:
    till.scan(BREAD)
    till.keys("2")
    till.press("F12")
    german = replace(
        till.checkout.shop, country="DE", screen=replace(till.checkout.shop.screen, language="de")
    )
    till.presenter.settings_changed(german)
    assert till.state.total.remaining == "2,80\u00a0€"
    assert till.state.tenders[0].amount == "2,00"


def test_the_next_sale_follows_settings_that_changed_while_the_cart_was_empty(till: Till) -> None:
    pounds = replace(
        till.checkout.shop, country="GB", policy=PricePolicy("GBP"), cash_rounding=None
    )
    with till.store.transaction() as tx:
        tx.settings.save(pounds)
    till.checkout.reload_settings()
    till.presenter.settings_changed(pounds)
    till.scan(BREAD)
    till.press("F12")
    sale = till.receipts.printed[0][0]
    assert (sale.currency, sale.cash_rounding) == ("GBP", None)


def test_exact_cash_is_one_key_and_kicks_the_drawer(till: Till) -> None:
    till.scan(BREAD)
    till.press("F12")
    sale, kick = till.receipts.printed[0]
    assert sale.paid == sale.amount_due
    assert kick
    assert till.state.is_finished
    assert till.state.total.caption == "Paid"


def test_cash_over_the_total_shows_change_until_the_next_scan(till: Till) -> None:
    till.scan(BREAD)
    till.keys("20")
    till.press("F12")
    assert till.state.total.change == "€15.20"
    assert till.state.total.caption == "Change"
    till.presenter.entry.type_text("2")
    assert till.state.total.change == "€15.20"
    till.presenter.entry.escape()
    till.scan(MILK)
    assert till.state.total.change == ""
    assert [row.name for row in till.state.rows] == ["Whole milk"]


def test_a_second_press_of_the_cash_key_sells_nothing_twice(till: Till) -> None:
    till.scan(BREAD)
    till.press("F12", "F12")
    assert len(till.receipts.printed) == 1
    assert till.store.sales.count() == 1
    assert till.state.total.change


def test_cash_and_card_split_the_total(till: Till) -> None:
    till.scan(BREAD, COFFEE)
    till.keys("10")
    till.press("F12")
    assert till.state.tenders[0].amount == "10.00"
    assert till.state.total.remaining == "€3.79"
    till.press("F11")
    sale = till.receipts.printed[0][0]
    assert [tender.method for tender in sale.tenders] == [TenderMethod.CASH, TenderMethod.CARD]


def test_card_first_then_cash_for_the_rest(till: Till) -> None:
    till.scan(BREAD, COFFEE)
    till.keys("5")
    till.press("F11", "F12")
    sale = till.receipts.printed[0][0]
    assert [tender.amount.minor for tender in sale.tenders] == [500, 880]
    assert sale.rounding.minor == 1


def test_card_over_the_total_is_refused_by_a_sentence(till: Till) -> None:
    till.scan(MILK)
    till.keys("50")
    till.press("F11")
    assert "Only cash gives change" in till.told
    assert "€50.00" in till.told
    assert not till.receipts.printed


def test_a_payment_can_be_given_back(till: Till) -> None:
    till.scan(BREAD)
    till.keys("2")
    till.press("F12")
    till.presenter.paying.give_back(0)
    assert till.state.tenders == ()
    assert till.state.total.remaining == ""


def test_a_quick_amount_pays_with_one_touch(till: Till) -> None:
    till.scan(BREAD, COFFEE)
    assert [choice.amount for choice in till.state.quick] == ["15.00", "20.00", "50.00", "100.00"]
    till.presenter.paying.pay_quick(till.state.quick[1].key)
    assert till.state.total.change == "€6.20"


def test_quick_amounts_hold_their_places_without_a_sale(till: Till) -> None:
    assert len(till.state.quick) == 4
    assert not any(choice.is_enabled for choice in till.state.quick)


def test_on_account_needs_a_customer(till: Till) -> None:
    till.scan(BREAD)
    till.presenter.paying.pay(TenderMethod.ON_ACCOUNT)
    assert "needs a customer" in till.told
    till.keys("mull")
    till.press("F4")
    assert till.state.customer == "Muller & Sons"
    till.presenter.paying.pay(TenderMethod.ON_ACCOUNT)
    assert till.store.sales.last() is not None


def test_bank_transfer_takes_the_rest(till: Till) -> None:
    till.scan(BREAD)
    till.press("F5")
    assert till.state.sheet.kind is SheetKind.OTHER_PAYMENT
    till.presenter.paying.pay(TenderMethod.BANK_TRANSFER)
    assert till.state.is_finished
    assert not till.receipts.printed[0][1]


def test_an_open_line_stops_the_payment_and_says_why(till: Till) -> None:
    till.scan("4006381333948")
    till.press("F12")
    assert "has no price yet" in till.told
    assert len(till.state.rows) == 1


def test_an_empty_cart_says_what_to_do_when_paid(till: Till) -> None:
    till.press("F12")
    assert "Scan or choose an item first" in till.told


def test_words_search_and_enter_adds_the_best_hit(till: Till) -> None:
    till.presenter.entry.type_text("coff")
    assert till.state.hits[0].name == "Ground coffee"
    till.presenter.entry.enter()
    assert [row.name for row in till.state.rows] == ["Ground coffee"]
    assert till.state.hits == ()


def test_a_code_of_our_own_typed_by_hand_beats_similar_names(till: Till) -> None:
    till.presenter.entry.type_text("a002")
    till.presenter.entry.enter()
    assert [row.name for row in till.state.rows] == ["Rye bread"]


def test_a_barcode_typed_by_hand_works_with_enter(till: Till) -> None:
    till.keys(MILK)
    till.presenter.entry.enter()
    assert [row.name for row in till.state.rows] == ["Whole milk"]


def test_words_that_find_nothing_keep_the_text_and_say_so(till: Till) -> None:
    till.presenter.entry.type_text("zzzz")
    till.presenter.entry.enter()
    assert "Nothing was found for zzzz" in till.told
    assert till.state.entry.text == "zzzz"


def test_a_short_number_that_is_no_code_adds_no_line(till: Till) -> None:
    till.keys("20")
    till.presenter.entry.enter()
    assert till.state.rows == ()
    assert "Nothing was found" in till.told


def test_line_discount_in_percent_by_three_keys(till: Till) -> None:
    till.scan(BREAD)
    till.keys("10")
    till.presenter.lines.percent()
    assert till.state.rows[0].total == "4.32"
    assert till.state.total.discount == "−0.48"


def test_a_preset_discounts_and_a_second_touch_takes_it_away(till: Till) -> None:
    till.scan(BREAD)
    till.presenter.lines.discount_preset(Decimal(10))
    assert till.state.rows[0].discount == "−10%"
    till.presenter.lines.discount_preset(Decimal(10))
    assert till.state.rows[0].discount == ""


def test_a_quick_reason_is_written_to_the_discount(till: Till) -> None:
    till.scan(BREAD)
    till.presenter.lines.discount_preset(Decimal(20))
    till.presenter.act("reason", "Damaged")
    assert till.state.rows[0].discount == "−20% Damaged"


@pytest.mark.parametrize("key", ["F1", "F2", "F6"])
def test_figures_that_a_key_refused_are_not_taken_for_cash_by_the_next(
    till: Till, key: str
) -> None:
    till.scan(BREAD)
    till.keys("999999999999")
    till.press(key)
    assert till.told
    assert till.state.entry.text == ""
    till.press("F12")
    assert till.receipts.printed[0][0].change.minor == 0


def test_a_code_typed_as_cash_is_not_taken_for_money(till: Till) -> None:
    till.scan(BREAD)
    till.keys("40063813")
    till.press("F12")
    assert "in change" in till.told
    assert not till.receipts.printed
    till.presenter.entry.escape()
    till.keys("500")
    till.press("F12")
    assert till.state.total.change == "€495.20"


def test_the_discount_sheet_takes_an_amount_with_a_reason(till: Till) -> None:
    till.scan(BREAD)
    till.press("F1")
    assert till.state.sheet.kind is SheetKind.LINE_DISCOUNT
    till.presenter.sheet.count_as(is_percent=False)
    till.presenter.sheet.reason("Short date")
    till.keys("0.80")
    till.presenter.entry.enter()
    assert till.state.rows[0].total == "4.00"
    assert "Short date" in till.state.rows[0].discount
    assert till.state.sheet.kind is SheetKind.NONE


def test_the_whole_sale_is_discounted_by_percent(till: Till) -> None:
    till.scan(BREAD, MILK)
    till.keys("10")
    till.press("F2")
    assert till.state.total.total == "€5.39"
    assert [row.total for row in till.state.rows] == ["4.80", "1.19"]


def test_a_discount_above_the_price_is_refused(till: Till) -> None:
    till.scan(MILK)
    till.press("F1")
    till.presenter.sheet.count_as(is_percent=False)
    till.keys("5.00")
    till.presenter.entry.enter()
    assert "Enter a smaller one" in till.told
    assert till.state.rows[0].total == "1.19"


def test_a_note_stands_under_its_line_though_another_item_is_scanned(till: Till) -> None:
    till.scan(BREAD)
    till.press("F3")
    till.presenter.entry.type_text("sliced")
    till.scan(MILK)
    assert till.state.entry.text == "sliced"
    till.presenter.entry.enter()
    assert [row.note for row in till.state.rows] == ["sliced", ""]


def test_a_function_key_writes_the_note_before_it_acts(till: Till) -> None:
    till.scan(BREAD)
    till.press("F3")
    till.presenter.entry.type_text("sliced")
    till.press("F12")
    assert till.receipts.printed[0][0].lines[0].note == "sliced"


def test_a_removed_line_comes_back_by_undo(till: Till) -> None:
    till.scan(MILK, BREAD)
    till.presenter.lines.select(till.state.rows[0].key)
    till.presenter.lines.remove()
    assert [row.name for row in till.state.rows] == ["Rye bread"]
    assert "Whole milk was removed" in till.told
    till.presenter.act("undo", "undo")
    assert [row.name for row in till.state.rows] == ["Whole milk", "Rye bread"]
    kept = till.checkout.resume()
    assert kept is not None
    assert len(kept.lines) == 2


def test_one_less_of_the_last_piece_removes_the_line(till: Till) -> None:
    till.scan(MILK)
    till.presenter.lines.change_by(-1)
    assert till.state.rows == ()
    assert "was removed" in till.told


def test_a_whole_sale_can_be_cancelled_and_undone(till: Till) -> None:
    till.scan(MILK, BREAD)
    till.presenter.whole.discard()
    assert till.state.rows == ()
    till.presenter.act("undo", "undo")
    assert len(till.state.rows) == 2


def test_park_and_recall_are_one_key_each(till: Till) -> None:
    till.scan(MILK)
    till.press("F7")
    assert till.state.rows == ()
    assert till.state.parked_count == 1
    till.press("F8")
    assert [row.name for row in till.state.rows] == ["Whole milk"]
    assert till.state.parked_count == 0


def test_several_parked_sales_open_a_list(till: Till) -> None:
    till.scan(MILK)
    till.keys("Anna")
    till.press("F7")
    till.scan(BREAD)
    till.press("F7", "F8")
    assert till.state.sheet.rows[0].name == "Anna"
    assert len(till.state.sheet.rows) == 2
    till.presenter.sheet.choose(till.state.sheet.rows[1].key)
    assert [row.name for row in till.state.rows] == ["Rye bread"]
    assert till.state.sheet.kind is SheetKind.NONE


def test_recall_never_covers_the_sale_on_the_screen(till: Till) -> None:
    till.scan(MILK)
    till.press("F7")
    till.scan(BREAD)
    till.press("F8")
    assert [row.name for row in till.state.rows] == ["Rye bread"]
    assert "park it first" in till.told


def test_a_sale_with_payments_is_not_parked(till: Till) -> None:
    till.scan(BREAD)
    till.keys("1")
    till.press("F12", "F7")
    assert "Give them back first" in till.told
    assert till.state.parked_count == 0


def test_four_letters_and_one_key_choose_the_customer(till: Till) -> None:
    till.keys("quay")
    till.press("F4")
    assert till.state.customer == "Quayside Hotel"


def test_letters_of_several_customers_open_the_list(till: Till) -> None:
    till.keys("qua")
    till.press("F4")
    assert {row.name for row in till.state.sheet.rows} == {"Quayside Hotel", "Quarry Works"}
    till.presenter.entry.type_text("quar")
    till.presenter.entry.enter()
    assert till.state.customer == "Quarry Works"


def test_a_customer_card_needs_no_key(till: Till) -> None:
    till.scan(MILK, "99001")
    assert till.state.customer == "Muller & Sons"
    assert len(till.state.rows) == 1


def test_the_customer_can_be_let_go(till: Till) -> None:
    till.scan("99001")
    till.press("F4")
    till.presenter.sheet.choose(till.state.sheet.rows[0].key)
    assert till.state.customer == ""


def test_the_last_receipt_is_printed_again_by_one_key(till: Till) -> None:
    till.press("F9")
    assert "No sale has been finished yet" in till.told
    till.scan(MILK)
    till.press("F12", "F9")
    assert till.receipts.did == [f"reprint {till.receipts.printed[0][0].number}"]


def test_the_drawer_opens_by_one_key_and_is_written_down(till: Till) -> None:
    before = till.store.journal.count()
    till.press("F10")
    assert till.receipts.did == ["kick"]
    assert till.store.journal.count() == before + 1


def test_a_printer_that_fails_never_undoes_the_sale(till: Till) -> None:
    till.receipts.breaks = OSError("no paper")
    till.scan(MILK)
    till.press("F12")
    assert till.state.is_finished
    assert "The sale is safe" in till.told
    assert till.store.sales.count() == 1


class OutOfPaper(PosError):
    sentence = "The printer is out of paper. Put in a new roll and press Retry."


@pytest.mark.parametrize(
    ("action", "did"),
    [("retry", "retry 7"), ("skip", "skip 7"), ("other", "send 7 to Kitchen")],
)
def test_printer_trouble_offers_retry_skip_and_another_printer(
    till: Till, action: str, did: str
) -> None:
    till.presenter.printer_trouble(PrintTrouble(7, "Counter", OutOfPaper()))
    notice = next(n for n in till.state.notices if n.key == "printer")
    assert [a.key for a in notice.actions] == ["retry", "other", "skip"]
    till.scan(MILK)
    assert any(n.key == "printer" for n in till.state.notices)
    till.presenter.act("printer", action)
    assert till.receipts.did == [did]
    assert not any(n.key == "printer" for n in till.state.notices)


def test_the_cart_in_progress_is_back_after_a_crash(till: Till) -> None:
    till.scan(MILK, BREAD)
    states: list[CheckoutState] = []
    again = CheckoutPresenter(
        Checkout(till.store, lambda: NOW), till.receipts, till.checkout.shop, states.append
    )
    again.start()
    assert [row.name for row in states[-1].rows] == ["Whole milk", "Rye bread"]


def test_money_taken_in_part_is_back_after_a_crash(till: Till) -> None:
    till.scan(BREAD, COFFEE)
    till.keys("10")
    till.press("F11")
    states: list[CheckoutState] = []
    again = CheckoutPresenter(
        Checkout(till.store, lambda: NOW), till.receipts, till.checkout.shop, states.append
    )
    again.start()
    assert [tender.amount for tender in states[-1].tenders] == ["10.00"]
    assert states[-1].total.remaining == "€3.79"
    again.press("F12")
    sale = till.receipts.printed[0][0]
    assert [tender.method for tender in sale.tenders] == [TenderMethod.CARD, TenderMethod.CASH]


def test_a_finished_sale_does_not_come_back(till: Till) -> None:
    till.scan(MILK)
    till.press("F12")
    assert till.checkout.resume() is None


class NoRoom(PosError):
    sentence = "The disk is full. Make room and try again."


def test_a_sale_that_cannot_be_written_stays_on_the_screen_with_its_payments(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.scan(BREAD)
    till.keys("2")
    till.press("F12")

    def full(*_: object) -> None:
        raise NoRoom()

    with monkeypatch.context() as edge:
        edge.setattr(till.checkout, "complete", full)
        till.press("F11")
    assert "The disk is full" in till.told
    assert len(till.state.tenders) == 1
    assert len(till.state.rows) == 1
    assert not till.state.is_finished
    till.press("F11")
    assert till.state.is_finished


def test_an_unexpected_error_is_logged_and_the_cart_stays(
    till: Till, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    till.scan(MILK)

    def broken(cart: Cart | None, before: Cart | None = None) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(till.checkout, "keep", broken)
    till.scan(BREAD)
    assert [row.name for row in till.state.rows] == ["Whole milk"]
    assert "the reason is in the log" in till.told
    assert "disk on fire" in caplog.text


@pytest.mark.parametrize(
    "hostile", ["\x00\x1b@", "9" * 10_000, "💥" * 300, "'; DROP TABLE products; --", "\n", " ", "*"]
)
def test_hostile_codes_and_texts_never_crash_and_leave_the_cart(till: Till, hostile: str) -> None:
    till.scan(MILK)
    till.scan(hostile)
    till.presenter.entry.type_text(hostile)
    for do in (
        till.presenter.entry.enter,
        till.presenter.entry.times,
        till.presenter.lines.percent,
        till.presenter.entry.escape,
    ):
        do()
    assert till.state.rows[0].name == "Whole milk"


def test_two_scans_run_together_count_as_two(till: Till) -> None:
    till.scan(MILK + MILK)
    assert till.state.rows[0].quantity == "2"


def test_offline_is_a_chip_with_the_count_and_no_notice(till: Till) -> None:
    away = SyncStatus(SyncPhase.OFFLINE, backlog=Backlog(40, 12))
    till.presenter.sync_said(chip_of(away, till.presenter.sale.amounts))
    chip = next(chip for chip in till.state.chips if chip.key == "sync")
    assert "12" in chip.text
    assert chip.tone == "warning"
    assert till.state.notices == ()


def test_german_figures_have_a_comma_and_the_euro_behind(till: Till) -> None:
    shop = replace(
        till.checkout.shop, country="DE", screen=replace(till.checkout.shop.screen, language="de")
    )
    states: list[CheckoutState] = []
    CheckoutPresenter(till.checkout, till.receipts, shop, states.append).entry.scan(BREAD)
    assert states[-1].total.total == "4,80\u00a0€"


def test_a_category_shows_its_own_tiles(till: Till) -> None:
    till.presenter.choose_category(till.state.categories[2].key)
    assert [tile.name for tile in till.state.tiles] == ["Rye bread"]
    assert till.state.tiles[0].colour == "#B3541E"


def test_sale_discount_sheet_by_amount(till: Till) -> None:
    till.scan(COFFEE)
    till.press("F2")
    till.presenter.sheet.count_as(is_percent=False)
    till.keys("1.00")
    till.presenter.sheet.confirm()
    assert till.state.total.total == "€7.99"
    assert till.presenter.sale.cart.discounts[0].kind is DiscountKind.AMOUNT
