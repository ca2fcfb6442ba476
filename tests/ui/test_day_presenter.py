"""The day screen without a window: what a manager reads, over a real till and over days by hand."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.day_figures import Watched
from pos_app.domain.money import Money
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.day_papers import DayFile
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store
from pos_app.ui.presenters.day import DayPresenter
from pos_app.ui.presenters.day_doors import DayDoors
from pos_app.ui.presenters.day_state import BarRow, DayPage, DayState, FigureView
from pos_app.ui.views import Tone
from tests.services.cash_day import CARD, GOODS, START, CashDay, eur
from tests.ui import day_desks as desks
from tests.ui.at_once import Later, at_once

TODAY = START + timedelta(days=7)


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CashDay]:
    """A till that sold on a Wednesday and on the next one, where it is noon."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    day = CashDay(tmp_path / "day.db")
    day.moment = START + timedelta(hours=1)  # nine o'clock
    day.sell(GOODS[0])
    day.moment = START + timedelta(hours=8)  # four in the afternoon: later than it is today
    day.sell(GOODS[1])
    day.moment = TODAY + timedelta(hours=1)
    day.sell(GOODS[0], GOODS[0], tendered=20)
    day.moment = TODAY + timedelta(hours=2)
    sale = day.sell(GOODS[1], GOODS[2], method=CARD)
    day.give_back(sale, 2, CARD)
    day.moment = TODAY + timedelta(hours=4)
    yield day
    day.store.close()


def shown(presenter: DayPresenter) -> DayPage:
    assert presenter.state.page is not None
    return presenter.state.page


def over(till: CashDay, doors: DayDoors | None = None) -> DayPresenter:
    made = DayPresenter(till.store, till.now, at_once, lambda _state: None, doors)
    made.begin()
    return made


def by_hand(
    store: Store, figures: desks.MadeFigures, doors: DayDoors | None = None
) -> DayPresenter:
    made = DayPresenter(store, lambda: desks.NOW, at_once, lambda _state: None, doors, figures)
    made.begin()
    return made


def lively() -> desks.MadeFigures:
    return desks.MadeFigures(
        lambda period: desks.lively() if period.days == 1 else desks.month(period.start, period.end)
    )


def figure(presenter: DayPresenter, key: str) -> FigureView:
    return next(one for one in shown(presenter).figures if one.key == key)


def row(rows: tuple[BarRow, ...], name: str) -> BarRow:
    return next(one for one in rows if one.name == name)


def plain(text: str) -> str:
    return re.sub("[\u2066-\u2069\u200f]", "", text).replace("\u00a0", " ")


def test_a_running_day_is_held_against_last_week_until_the_same_time(till: CashDay) -> None:
    presenter = over(till)
    takings = figure(presenter, "takings")
    assert takings.figure == "€22.01"  # two at 4.99 and one at 12.03; 0.37 came back
    assert takings.changes[0].sentence == "341.1% more, last week until 12:00 €4.99"
    assert takings.changes[0].tone is Tone.SUCCESS
    assert figure(presenter, "tickets").figure == "2"
    assert plain(presenter.state.about).startswith("So far, at 12:00")


def test_a_day_that_is_over_is_held_against_the_whole_day(till: CashDay) -> None:
    till.moment = TODAY + timedelta(days=1)
    presenter = over(till)
    presenter.choose_period("yesterday")
    change = figure(presenter, "takings").changes[0]
    assert plain(change.sentence) == "29.3% more, Wed 4 Mar €17.02"
    assert len(figure(presenter, "takings").changes) == 1  # one week is no mean
    assert figure(presenter, "basket").figure == "€11.01"


def test_what_came_back_and_how_it_was_paid_stand_in_the_lists(till: CashDay) -> None:
    presenter = over(till)
    refunds = figure(presenter, "refunds")
    assert (refunds.figure, refunds.note) == ("€0.37", "once")
    tenders = shown(presenter).tenders.rows
    assert row(tenders, "Card").figure == "€12.03"
    assert row(tenders, "Cash").figure == "€10.00"  # rounded to five cents


def test_a_way_to_pay_leads_to_its_receipts_and_a_receipt_is_opened(till: CashDay) -> None:
    opened: list[str] = []
    presenter = over(till, DayDoors(open_receipt=opened.append))
    presenter.open("tender:cash")
    panel = presenter.state.panel
    assert panel is not None
    assert (panel.title, panel.about) == ("Cash", "1 receipt")
    number, time, cashier, total = panel.rows[0].cells
    assert (time, total) == ("09:00", "€9.98")
    assert cashier
    presenter.open_receipt(panel.rows[0].key)
    sale = till.store.sales.get(opened[0])
    assert sale is not None
    assert sale.number == number


@pytest.mark.parametrize(
    ("key", "count"),
    [("takings", 3), ("refunds", 1), ("tender:card", 2), ("product:0", 1), ("category:", 3)],
)
def test_a_figure_leads_to_the_receipts_that_make_it(till: CashDay, key: str, count: int) -> None:
    presenter = over(till)
    presenter.open(key)
    panel = presenter.state.panel
    assert panel is not None
    assert len(panel.rows) == count


def test_a_bar_leads_to_the_receipts_of_its_hour(till: CashDay) -> None:
    presenter = over(till)
    labels = [group.label for group in shown(presenter).chart.groups]
    presenter.open_bar(labels.index("09"))
    panel = presenter.state.panel
    assert panel is not None
    assert [one.cells[1] for one in panel.rows] == ["09:00"]
    groups = shown(presenter).chart.groups
    assert groups[labels.index("09")].line == 499  # last week's line
    assert groups[labels.index("16")].values == (0,)
    assert groups[labels.index("16")].line == 1203


def test_a_day_is_saved_as_pdf_and_as_a_list_and_a_missing_folder_is_told(
    till: CashDay, tmp_path: Path
) -> None:
    presenter = over(till)
    assert presenter.suggested_name(DayFile.PDF).endswith(".pdf")
    presenter.save(tmp_path / "day.pdf", DayFile.PDF)
    assert (tmp_path / "day.pdf").read_bytes().startswith(b"%PDF")
    presenter.save(tmp_path / "day.csv", DayFile.CSV)
    words = (tmp_path / "day.csv").read_text("utf-8-sig")
    assert any("22.01" in cell for line in csv.reader(io.StringIO(words)) for cell in line)
    assert plain(presenter.state.notices[0].text) == "day.csv is saved."
    presenter.save(tmp_path / "none" / "day.xlsx", DayFile.XLSX)
    assert "day.xlsx" in presenter.state.notices[-1].text
    assert "saved" not in presenter.state.notices[-1].text


def test_a_slip_without_a_printer_is_refused_in_words(till: CashDay) -> None:
    presenter = over(till)
    presenter.print_slip()
    assert "printer" in presenter.state.notices[0].text.lower()


def test_whoever_counts_blind_sees_no_takings_of_the_open_shift(store: Store) -> None:
    figures = lively()
    presenter = by_hand(store, figures, DayDoors(hidden_from=lambda: desks.DAY))
    assert "counts blind" in presenter.state.hidden
    assert presenter.state.page is None
    assert not presenter.state.can_save
    assert not figures.asked  # nothing was even read
    presenter.choose_period("yesterday")
    assert presenter.state.hidden == ""
    assert presenter.state.page is not None
    presenter.pick_day("before_start", desks.DAY)
    assert presenter.state.hidden  # a comparison would tell it too


def test_a_shift_that_is_opened_meanwhile_takes_figures_and_receipts_away(store: Store) -> None:
    hidden: list[date | None] = [None]
    presenter = by_hand(store, lively(), DayDoors(hidden_from=lambda: hidden[0]))
    presenter.open("takings")
    assert presenter.state.panel is not None
    hidden[0] = desks.DAY
    presenter.refresh()
    assert presenter.state.panel is None
    assert presenter.state.page is None
    assert presenter.review is None


def test_a_drawer_that_was_counted_hides_nothing(till: CashDay) -> None:
    shop = till.store.settings.shop()
    blind = replace(shop, cash=replace(shop.cash, is_blind=True))
    ShopSetup(till.store, till.now).save(blind)
    till.shifts.open([])
    assert till.shifts.hidden_from == TODAY.date()
    till.close_as_counted()
    assert till.shifts.hidden_from is None


def test_a_newer_wish_stops_the_reading_before_it(store: Store) -> None:
    later, states, figures = Later(), list[DayState](), lively()
    presenter = DayPresenter(store, lambda: desks.NOW, later, states.append, None, figures)
    presenter.begin()
    presenter.choose_period("last_week")
    presenter.choose_period("yesterday")
    assert [working.is_cancelled for working, _ in later.waiting] == [True, True, False]
    assert states[-1].is_reading
    assert not states[-1].can_save
    later.run()
    assert [asked[0].start for asked in figures.asked] == [date(2026, 3, 1)]
    assert states[-1].serial == 1


def test_figures_stay_until_the_next_are_there_under_the_name_of_their_days(store: Store) -> None:
    later = Later()
    presenter = DayPresenter(store, lambda: desks.NOW, later, lambda _state: None, None, lively())
    presenter.begin()
    later.run()
    presenter.choose_period("last_month")
    assert presenter.state.title == "Mon 2 Mar 2026"
    assert presenter.state.period == "last_month"
    later.run()
    assert plain(presenter.state.title) == "1 Feb 2026 – 28 Feb 2026"


def test_today_stays_today_after_midnight(store: Store) -> None:
    moment = [desks.NOW]
    figures = lively()
    presenter = DayPresenter(store, lambda: moment[0], at_once, lambda _state: None, None, figures)
    presenter.begin()
    moment[0] += timedelta(days=1)
    presenter.refresh()
    assert figures.asked[-1][0] == ReportPeriod(date(2026, 3, 3), date(2026, 3, 3))


def test_a_running_day_is_read_again_when_one_comes_back_after_a_minute(store: Store) -> None:
    moment: list[datetime] = [desks.NOW]
    figures = lively()
    presenter = DayPresenter(store, lambda: moment[0], at_once, lambda _state: None, None, figures)
    presenter.begin()
    moment[0] += timedelta(seconds=20)
    presenter.look_again()
    assert len(figures.asked) == 1
    moment[0] += timedelta(seconds=60)
    presenter.look_again()
    assert len(figures.asked) == 2


def test_days_are_stepped_typed_and_compared_with_any_others(store: Store) -> None:
    figures = lively()
    presenter = by_hand(store, figures)
    presenter.step(-1)
    assert presenter.state.period == "yesterday"
    presenter.step(1)
    presenter.step(1)
    assert presenter.state.period == "today"
    assert not presenter.state.can_step_on
    presenter.choose_period("last_week")
    presenter.choose_comparison("last_year")
    assert figures.asked[-1][2] == ReportPeriod(date(2025, 2, 23), date(2025, 3, 1))
    presenter.choose_comparison("own")
    presenter.type_day("before_start", "1/12/2025")
    asked = figures.asked[-1]
    assert asked[2].start == date(2025, 12, 1)
    assert presenter.state.is_own_comparison
    presenter.type_day("start", "31/13/2026")
    assert "is not a date" in presenter.state.notices[0].text
    assert figures.asked[-1] == asked
    presenter.step(-1)
    assert not presenter.state.is_own_comparison


def test_several_currencies_are_offered_and_one_is_shown(store: Store) -> None:
    figures = lively()
    presenter = by_hand(store, figures)
    assert presenter.state.currencies == ()
    figures.known = ("EUR", "USD")
    presenter.refresh()
    assert [one.key for one in presenter.state.currencies] == ["EUR", "USD"]
    presenter.choose_currency("USD")
    assert figures.asked[-1][1] == "USD"


def test_a_month_is_drawn_by_day_with_the_line_of_the_days_before(store: Store) -> None:
    presenter = by_hand(store, lively())
    presenter.choose_period("last_month")
    chart = shown(presenter).chart
    assert chart.title == "Takings by day"
    assert len(chart.groups) == 28
    assert all(group.line is not None for group in chart.groups)
    presenter.open_bar(3)
    panel = presenter.state.panel
    assert panel is not None
    assert plain(panel.title) == "Wed, 4 Feb"


def test_a_year_is_drawn_by_month_and_a_bar_is_a_month(store: Store) -> None:
    figures = lively()
    presenter = by_hand(store, figures)
    presenter.pick_day("start", date(2025, 7, 14))
    chart = shown(presenter).chart
    assert chart.title == "Takings by month"
    assert len(chart.groups) == 9
    presenter.open_bar(0)
    query = figures.queries[-1][0]
    assert (query.start, query.end) == (date(2025, 7, 14), date(2025, 7, 31))


def test_receipts_are_read_page_by_page(store: Store) -> None:
    figures = lively()
    figures.receipts_behind = 140
    presenter = by_hand(store, figures)
    presenter.open("takings")
    panel = presenter.state.panel
    assert panel is not None
    assert (len(panel.rows), panel.has_more) == (100, True)
    presenter.more_receipts()
    panel = presenter.state.panel
    assert panel is not None
    assert (len(panel.rows), panel.has_more, panel.about) == (140, False, "140 receipts")
    assert figures.queries[-1][1] == "sale-100"
    presenter.close_panel()
    assert presenter.state.panel is None


def test_another_period_puts_the_panel_away(store: Store) -> None:
    presenter = by_hand(store, lively())
    presenter.open("tickets")
    presenter.step(-1)
    assert presenter.state.panel is None


def test_cashiers_show_count_amount_and_share_of_what_they_sold(store: Store) -> None:
    figures = lively()
    presenter = by_hand(store, figures)
    staff = shown(presenter).staff
    ben = staff.rows[1]
    cell = ben.cells[staff.columns.index("Refunds")]
    assert (cell.count, cell.amount, cell.share) == ("6", "84.55", "4.8%")
    assert not staff.rows[0].cells[staff.columns.index("Refunds")].count
    presenter.open(cell.key)
    query = figures.queries[-1][0]
    assert (query.staff, query.watched) == ("ben", Watched.REFUND)


def test_the_margin_says_which_part_of_the_goods_has_no_cost(store: Store) -> None:
    figures = lively()
    presenter = by_hand(store, figures)
    assert plain(figure(presenter, "margin").note) == (
        "34.3% · 14.3% of the goods without a known cost"
    )
    presenter.open("margin")
    assert figures.queries[-1][0].only_costed


def test_a_difference_of_the_drawer_is_shown_with_what_may_explain_it(store: Store) -> None:
    opened: list[str] = []
    presenter = by_hand(store, lively(), DayDoors(open_receipt=opened.append))
    drawer, cause, *_ = shown(presenter).cash.rows
    assert plain(drawer.figure) == "€20.00 missing"
    assert "should hold €612.80, counted €592.80" in plain(drawer.note)
    assert plain(cause.name) == "A payment of €20.00 by card may have been rung up as cash."
    presenter.open(cause.key)
    assert opened == ["sale-7"]


def test_what_needs_a_look_leads_where_it_is_looked_at(store: Store) -> None:
    turned: list[str] = []
    doors = DayDoors(open_screen=turned.append, screens=frozenset({"stock", "invoices", "sync"}))
    presenter = by_hand(store, lively(), doors)
    for icon in ("package-x", "hourglass", "cloud-off", "clock"):  # the last has no screen here
        key = next(one.key for one in shown(presenter).attention if one.icon == icon)
        presenter.open(key)
    assert turned == ["stock", "invoices", "sync"]


def test_the_proof_of_head_office_says_what_is_missing(store: Store) -> None:
    made = desks.lively()
    assert made.unsent is not None
    assert made.unsent.proof is not None
    whole = replace(made.unsent.proof, there=made.unsent.proof.here)
    complete = replace(made, unsent=replace(made.unsent, waiting=0, refused=0, proof=whole))
    presenter = by_hand(store, desks.MadeFigures(lambda _period: made))
    assert row(shown(presenter).sent.rows, "Not there yet").figure == "3"
    presenter = by_hand(store, desks.MadeFigures(lambda _period: complete))
    last = shown(presenter).sent.rows[-1]
    assert (last.tone, last.name) == (Tone.SUCCESS, "Complete: head office has every receipt")


def test_a_smaller_change_than_a_percent_is_neither_good_nor_bad(store: Store) -> None:
    presenter = by_hand(store, lively())
    change = figure(presenter, "basket").changes[0]
    assert (change.change, change.arrow, change.tone) == ("0.3% less", "arrow-down", Tone.PLAIN)


def test_nothing_before_is_no_change_in_percent(store: Store) -> None:
    presenter = by_hand(store, desks.MadeFigures(lambda _period: desks.empty()))
    change = figure(presenter, "takings").changes[0]
    assert (change.change, change.value) == ("", "€0.00")
    assert shown(presenter).is_empty
    assert shown(presenter).attention == ()


def test_an_amount_of_another_currency_keeps_its_sign(store: Store) -> None:
    made = desks.lively()
    drawer = replace(made.cash[0], difference=Money(-2_000, "USD"))
    dollars = replace(made, cash=(drawer,), attention=())
    presenter = by_hand(store, desks.MadeFigures(lambda _period: dollars))
    assert plain(shown(presenter).cash.rows[0].figure) == "US$20.00 missing"
    assert eur("1").amount == Decimal(1)
