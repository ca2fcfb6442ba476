"""Slips of the drawer and its reports on paper, read by somebody else's decoder."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.cart import SaleKind
from pos_app.domain.cash_count import CashCount, Pieces
from pos_app.domain.cash_movement import CashMovement, MovementKind
from pos_app.domain.cash_settings import CashSettings
from pos_app.domain.money import Money
from pos_app.domain.payment import TenderMethod
from pos_app.domain.pricing import TaxFigure
from pos_app.domain.product import ProductKind
from pos_app.domain.shift import Mark, Shift, ShiftState
from pos_app.domain.shift_report import (
    CashFlow,
    EventFigure,
    ForeignFigure,
    HeldFigure,
    KindFigure,
    SalesFigures,
    ShiftReport,
    TenderFigure,
    drawer_figures,
)
from pos_app.domain.shop import PrinterSettings, ScreenSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.printing.cash_slips import movement_slip, opening_slip, sheet_slip
from pos_app.printing.escpos_job import write_job
from pos_app.printing.shift_slip import report_slip, z_slip
from pos_app.printing.slip import Slip
from tests.printing import sales
from tests.printing.someone_elses import commands, lines, needs_npos

GOLDEN = Path(__file__).parent / "golden"
NARROW, WIDE = PrinterSettings(width_mm=58), PrinterSettings(width_mm=80)
OPENED = datetime(2026, 3, 14, 7, 58, tzinfo=UTC)
CLOSED = datetime(2026, 3, 14, 18, 3, tzinfo=UTC)
ENGLISH = replace(sales.ENGLISH, cash=CashSettings())
GERMAN = replace(sales.GERMAN, screen=ScreenSettings(language="de"))
ARABIC = replace(sales.ARABIC, screen=ScreenSettings(language="ar"))


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


COUNT = CashCount(
    "EUR",
    (Pieces(Decimal(50), 3), Pieces(Decimal(20), 2), Pieces(Decimal("0.50"), 31)),
    Decimal("12.40"),
)
DOLLARS = CashCount("USD", (Pieces(Decimal(20), 1),))
FLOW = CashFlow(eur("150.40"), (ForeignFigure(1, Money.of(20, "USD"), eur("18.40")),))
MOVEMENT = CashMovement(
    "m", "s", 12, MovementKind.PAY_OUT, eur("17.50"), "Fenster geputzt", CLOSED, "2", "Bill 4711"
)
SALES = SalesFigures(
    documents=(
        KindFigure(SaleKind.SALE, 38, eur("412.30")),
        KindFigure(SaleKind.RETURN, 2, eur("-21.98")),
        KindFigure(SaleKind.VOID, 1, eur("-9.99")),
    ),
    line_count=97,
    first_number="1-000101",
    last_number="1-000141",
    net=eur("312.00"),
    tax=eur("68.33"),
    gross=eur("380.33"),
    taxes=(TaxFigure(Tax(Decimal(20), name="VAT", code="A"), eur("302.00"), eur("68.33")),),
    tenders=(
        TenderFigure(TenderMethod.CASH, 20, eur("190.79"), eur("21.99")),
        TenderFigure(TenderMethod.CARD, 20, eur("211.53"), eur("0")),
    ),
    held=(HeldFigure(ProductKind.GIFT_CARD, eur("25"), eur("0")),),
    cash=FLOW,
    change=eur("96.21"),
    rounding=eur("-0.01"),
    discounts=eur("14.20"),
    document_discounts=eur("5.00"),
    refunds=eur("21.98"),
)
REPORT = ShiftReport(
    number=42,
    at=CLOSED,
    business_day=date(2026, 3, 14),
    sales=SALES,
    events=(EventFigure("drawer_opened", 2), EventFigure("line_removed", 5)),
    drawers=drawer_figures("EUR", (COUNT,), FLOW, (MOVEMENT,), (COUNT, DOLLARS)),
    cash_before_opening=eur("0"),
    movement_count=1,
    grand_total_before=eur("120944.10"),
    grand_total=eur("121299.43"),
)
SHIFT = Shift(
    id="s",
    number=43,
    epoch=1,
    drawer="1",
    currency="EUR",
    since=Mark(),
    opened=Mark(),
    opened_at=OPENED,
    opened_by="2",
    business_day=date(2026, 3, 14),
    opening=(COUNT,),
    opening_expected=(),
    grand_total_before=eur("120944.10"),
    state=ShiftState.CLOSED,
    counts=(COUNT, DOLLARS),
    closed_at=CLOSED,
    closed_by="3",
    report=REPORT,
    kept=(CashCount("EUR", (Pieces(Decimal(20), 2),)),),
    bagged=(CashCount("EUR", (Pieces(Decimal(50), 3),)), DOLLARS),
    bag_reference="Bag 17",
    note="A customer came back for the wrong change",
)
X_REPORT = replace(REPORT, number=0, drawers=drawer_figures("EUR", (COUNT,), FLOW, (MOVEMENT,)))

MAKERS: dict[str, Callable[[ShopSettings], Slip]] = {
    "pay-out": lambda shop: movement_slip(MOVEMENT, shop),
    "float": lambda shop: opening_slip(SHIFT, shop),
    "count-sheet": lambda shop: sheet_slip("EUR", shop),
    "x": lambda shop: report_slip(SHIFT, X_REPORT, shop),
    "z": lambda shop: z_slip(SHIFT, shop),
    "z-copy": lambda shop: z_slip(SHIFT, shop, is_copy=True),
}
CASES = {
    "z-80": ("z", ENGLISH, WIDE),
    "z-german-58": ("z", GERMAN, NARROW),
    "z-arabic-80": ("z", ARABIC, WIDE),
    "z-copy-80": ("z-copy", ENGLISH, WIDE),
    "x-80": ("x", ENGLISH, WIDE),
    "pay-out-58": ("pay-out", ENGLISH, NARROW),
    "pay-out-arabic-58": ("pay-out", ARABIC, NARROW),
    "float-80": ("float", ENGLISH, WIDE),
    "count-sheet-58": ("count-sheet", ENGLISH, NARROW),
}


@pytest.fixture(autouse=True)
def _source_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden bytes are of the source texts, so that a better translation changes none of them."""
    monkeypatch.setattr("pos_app.printing.cash_slips.t_in", lambda _language, text: text)


def job(name: str) -> bytes:
    what, shop, printer = CASES[name]
    return write_job(MAKERS[what](shop), printer)


def printed(name: str) -> list[str]:
    return [line.rstrip() for line in lines(job(name))]


def figure(text: str, name: str) -> str:
    """The figure on the first line that begins with a text."""
    line = next(one for one in printed(name) if one.strip().startswith(text))
    return line.strip().removeprefix(text).strip()


@pytest.mark.parametrize("name", CASES)
def test_the_bytes_are_those_that_were_looked_at(name: str) -> None:
    payload = job(name)
    golden = GOLDEN / f"cash-{name}.bin"
    if os.environ.get("POS_APP_WRITE_GOLDEN"):
        golden.write_bytes(payload)
    assert payload == golden.read_bytes()


@needs_npos
def test_a_z_tells_its_number_its_figures_and_the_grand_total() -> None:
    assert figure("Number", "z-80") == "1-Z0042"
    assert figure("Turnover", "z-80") == "€355.33"
    assert figure("38 × Sales", "z-80") == "412.30"
    assert figure("1 × Voids", "z-80") == "-9.99"
    assert figure("20 × Cash", "z-80") == "168.80"
    assert figure("Change given, no takings", "z-80") == "96.21"
    assert figure("Gift cards sold", "z-80") == "25.00"
    assert figure("Expected", "z-80") == "350.80"
    assert figure("Difference", "z-80") == "-132.90"
    assert figure("Drawer opened without a sale", "z-80") == "2"
    assert figure("Grand total before", "z-80") == "€120,944.10"
    assert figure("Bag", "z-80") == "Bag 17"
    assert figure("50.00 × 3", "z-80") == "150.00"


@needs_npos
def test_an_x_has_no_number_no_count_and_no_bag() -> None:
    text = "\n".join(printed("x-80"))
    assert "X REPORT" in text
    assert "Z00" not in text
    assert "Difference" not in text
    assert "Bag" not in text


@needs_npos
def test_a_blind_x_has_no_figure_from_which_the_cash_could_be_worked_out() -> None:
    slip = report_slip(SHIFT, X_REPORT, ENGLISH, hides_cash=True)
    text = "\n".join(lines(write_job(slip, WIDE)))
    for word in ("Expected", "Turnover", "Cash sales", "× Cash", "Grand total", "Net", "Gross"):
        assert word not in text
    sales = X_REPORT.sales
    amounts = {
        sales.turnover, sales.tax, sales.turnover - sales.tax, X_REPORT.grand_total,
        *(one.gross for one in sales.documents),
        *(one.net for one in sales.tenders if one.method is TenderMethod.CASH),
    }  # fmt: skip
    for amount in amounts:
        assert f"{abs(amount.amount):,}" not in text
    assert "Card" in text
    assert "counts blind" in text


@needs_npos
def test_german_figures_are_written_as_germans_write_them() -> None:
    text = "\n".join(printed("z-german-58"))
    assert "355,33 €" in text
    assert "14.03.2026" in text


@needs_npos
def test_a_copy_says_so_and_a_movement_waits_for_a_signature() -> None:
    assert any("COPY" in line for line in printed("z-copy-80"))
    slip = printed("pay-out-58")
    assert figure("Slip", "pay-out-58") == "12"
    assert any("€17.50" in line for line in slip)
    assert figure("Reference", "pay-out-58") == "Bill 4711"
    assert any(line.startswith("Signature") for line in slip)


@needs_npos
def test_the_sheet_has_a_line_for_every_note_and_coin() -> None:
    blanks = [line for line in printed("count-sheet-58") if "×" in line]
    assert len(blanks) == 15
    assert blanks[0].startswith("500.00 ×")


@needs_npos
@pytest.mark.parametrize("name", [name for name in CASES if "arabic" not in name])
def test_no_line_runs_over_the_edge(name: str) -> None:
    columns = 32 if CASES[name][2] is NARROW else 48
    assert max(map(len, lines(job(name)))) <= columns


@needs_npos
def test_arabic_is_drawn_and_a_report_is_cut_off_at_its_end() -> None:
    names = [seen.name for seen in commands(job("z-arabic-80"))]
    assert "GS v0" in names
    assert names[-1] in ("GS V", "ESC i", "ESC m")
