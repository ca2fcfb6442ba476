"""Goods that are weighed: the scale is asked, the line follows, and nobody waits for it."""

import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.errors import PosError
from pos_app.domain.product import Unit
from pos_app.domain.shop import ShopSettings
from pos_app.services.scales.errors import ScaleSilent, ScaleUnstable
from pos_app.services.scales.reading import Patience, weigh
from pos_app.ui import theme
from pos_app.ui.background import run_in_background
from pos_app.ui.main_window import MainWindow
from pos_app.ui.presenters.checkout import CheckoutPresenter
from pos_app.ui.presenters.checkout_state import SheetKind
from pos_app.ui.presenters.payment_desk import QUICK
from tests.simulators.pty_line import cable
from tests.simulators.scale import Pan, Toledo8217
from tests.ui.at_once import Later
from tests.ui.conftest import MILK, SHOP, TOMATOES, VAT, Till, product

WEIGHED = "01900000-0000-7000-8000-000000000003"


@pytest.fixture
def shop() -> ShopSettings:
    return replace(SHOP, devices=DeviceSettings(scale_target="COM3,9600"))


class Scale:
    """Says what it is told to say, when the test lets it."""

    def __init__(self, till: Till) -> None:
        self.says: Decimal | PosError = Decimal("0.482")
        self.asked: list[tuple[str, int]] = []
        self.later = Later()
        till.presenter.entry.use_scale(self.later, self.weigh)

    def weigh(
        self, devices: DeviceSettings, unit: Unit, price_minor: int, *, waiting: object
    ) -> Decimal:
        self.asked.append((unit.code, price_minor))
        if isinstance(self.says, PosError):
            raise self.says
        return self.says

    def answers(self, says: Decimal | PosError | None = None) -> None:
        if says is not None:
            self.says = says
        self.later.run()


@pytest.fixture
def scale(till: Till) -> Scale:
    return Scale(till)


def quantities(till: Till) -> list[str]:
    return [row.quantity for row in till.state.rows]


def test_a_scanned_product_sold_by_weight_takes_the_scales_weight(till: Till, scale: Scale) -> None:
    till.scan(TOMATOES)
    assert till.state.rows == ()
    scale.answers()
    assert quantities(till) == ["0.482\u00a0kg"]
    assert till.state.total.total == "€1.92"
    assert scale.asked == [("kg", 399)]
    assert till.state.entry.prompt == ""


def test_a_touched_tile_does_the_same(till: Till, scale: Scale) -> None:
    till.presenter.entry.choose_product(WEIGHED)
    scale.answers()
    till.presenter.entry.choose_product(WEIGHED)
    scale.answers(Decimal("0.500"))
    assert quantities(till) == ["0.982\u00a0kg"]  # equal lines count up, as they always do


def test_a_quantity_that_was_typed_first_is_not_asked_for(till: Till, scale: Scale) -> None:
    till.keys("2")
    till.presenter.entry.times()
    till.scan(TOMATOES)
    assert quantities(till) == ["2.000\u00a0kg"]
    assert scale.asked == []


def test_a_label_that_says_the_weight_is_believed(till: Till, scale: Scale) -> None:
    ham = product(9, "5000000000043", "Ham", "20", unit=Unit("kg", "kilogram", 3))
    with till.store.transaction() as tx:
        tx.products.save_many([ham])
    till.scan("01050000000000433103001000")
    assert quantities(till) == ["1.000\u00a0kg"]
    assert scale.later.waiting == []
    till.scan("5000000000043")
    assert len(scale.later.waiting) == 1


def test_goods_by_the_piece_never_ask_the_scale(till: Till, scale: Scale) -> None:
    till.scan(MILK)
    assert quantities(till) == ["1"]
    assert scale.later.waiting == []


def test_without_a_scale_everything_is_as_before(till: Till, scale: Scale) -> None:
    till.presenter.settings_changed(SHOP)
    till.presenter.entry.choose_product(WEIGHED)
    assert quantities(till) == ["1.000\u00a0kg"]
    assert till.state.entry.prompt == "Quantity of Tomatoes"


def test_other_goods_are_scanned_while_the_scale_thinks(till: Till, scale: Scale) -> None:
    till.scan(TOMATOES, MILK)
    assert quantities(till) == ["1"]
    scale.answers()
    assert quantities(till) == ["1", "0.482\u00a0kg"]


def test_a_weight_that_comes_disturbs_nothing_that_is_typed(till: Till, scale: Scale) -> None:
    till.scan(MILK, TOMATOES)
    till.presenter.entry.times()
    till.keys("4")
    scale.answers()
    till.keys("2")
    assert quantities(till) == ["42", "0.482\u00a0kg"]


@pytest.mark.parametrize("refusal", [ScaleUnstable(), ScaleSilent()])
def test_no_weight_opens_a_sheet_where_it_can_be_typed(
    till: Till, scale: Scale, refusal: PosError
) -> None:
    till.scan(TOMATOES)
    alarms = till.state.alarms
    scale.answers(refusal)
    assert till.state.sheet.kind is SheetKind.ASK
    assert str(refusal) in till.state.sheet.about
    assert till.state.alarms > alarms
    till.scan(MILK)
    assert quantities(till) == ["1"]
    assert till.state.sheet.kind is SheetKind.ASK
    till.keys("0.75")
    till.presenter.entry.enter()
    assert quantities(till) == ["1", "0.750\u00a0kg"]
    assert till.state.sheet.kind is SheetKind.NONE


def test_enter_with_nothing_typed_weighs_again(till: Till, scale: Scale) -> None:
    till.scan(TOMATOES)
    scale.answers(ScaleUnstable())
    till.presenter.entry.enter()
    assert len(scale.later.waiting) == 1
    scale.answers(Decimal("1.2"))
    assert quantities(till) == ["1.200\u00a0kg"]
    assert till.state.sheet.kind is SheetKind.NONE


def test_whoever_begins_to_type_has_given_the_scale_up(till: Till, scale: Scale) -> None:
    till.scan(TOMATOES)
    scale.answers(ScaleUnstable())
    till.presenter.entry.enter()
    till.keys("0.3")
    scale.answers(Decimal("9.999"))
    assert quantities(till) == []
    till.presenter.entry.enter()
    assert quantities(till) == ["0.300\u00a0kg"]


def test_a_weight_that_cannot_be_is_refused_and_the_sheet_stays(till: Till, scale: Scale) -> None:
    till.scan(TOMATOES)
    scale.answers(ScaleUnstable())
    for text in ("0.12345", "0"):
        till.presenter.entry.type_text(text)
        till.presenter.entry.enter()
        assert till.state.sheet.kind is SheetKind.ASK
        assert "not possible" in till.told


def test_escape_leaves_the_goods_out(till: Till, scale: Scale) -> None:
    till.scan(MILK, TOMATOES)
    scale.answers(ScaleUnstable())
    till.presenter.entry.escape()
    assert till.state.sheet.kind is SheetKind.NONE
    till.press("F12")
    assert till.state.is_finished


def test_nobody_pays_while_goods_wait_for_their_weight(till: Till, scale: Scale) -> None:
    till.scan(MILK, TOMATOES)
    till.press("F12")
    assert not till.state.is_finished
    assert "still to be weighed" in till.told
    assert till.state.sheet.kind is SheetKind.ASK
    scale.answers()
    till.press("F12")
    assert till.state.is_finished
    assert quantities(till) == ["1", "0.482\u00a0kg"]


def test_quick_cash_waits_for_the_weight_too(till: Till, scale: Scale) -> None:
    till.scan(MILK, TOMATOES)
    till.presenter.paying.pay_quick(f"{QUICK}2000")
    assert not till.state.is_finished
    assert "still to be weighed" in till.told


def test_the_next_goods_for_the_scale_leave_out_those_nobody_weighed(
    till: Till, scale: Scale
) -> None:
    with till.store.transaction() as tx:
        tx.products.save_many([product(9, "20009", "Pears", "2", unit=Unit("kg", "kilogram", 3))])
    till.scan(TOMATOES, "20009")
    assert "Tomatoes was not weighed, so it is not in the cart." in till.told
    scale.answers()
    assert [row.name for row in till.state.rows] == ["Pears"]


def test_a_weight_never_falls_into_the_next_sale(till: Till, scale: Scale) -> None:
    till.scan(MILK, TOMATOES)
    till.press("F7")
    scale.answers()
    assert till.state.rows == ()
    assert "was not weighed" in till.told


def test_an_unpriced_product_asks_for_its_price_after_its_weight(till: Till, scale: Scale) -> None:
    unpriced = replace(
        product(9, "20009", "Truffle", "1", unit=Unit("kg", "kilogram", 3)),
        price=None,
        taxes=(VAT,),
    )
    with till.store.transaction() as tx:
        tx.products.save_many([unpriced])
    till.scan("20009")
    scale.answers()
    assert scale.asked == [("kg", 0)]
    assert till.state.entry.prompt == "Price of Truffle"


def test_a_scale_that_breaks_in_an_unknown_way_is_told_and_logged(
    till: Till, scale: Scale, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_args: object, **_named: object) -> Decimal:
        raise RuntimeError("a bug")

    till.presenter.entry.use_scale(scale.later, breaks)
    till.scan(TOMATOES)
    scale.answers()
    assert "Type the weight" in till.state.sheet.about
    assert "weighing failed" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="ptys are a Unix thing")
@pytest.mark.parametrize("moving", [False, True])
def test_the_weight_of_a_real_line_arrives_in_the_window(
    moving: bool, till: Till, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, theme.LIGHT)
    window = MainWindow()
    qtbot.addWidget(window)
    presenter = CheckoutPresenter(
        till.checkout, till.receipts, till.checkout.shop, window.show_state
    )
    presenter.start()
    window.attach(presenter)
    window.show()
    asks: Callable[..., Decimal] = partial(
        weigh, patience=Patience(answer_s=2, rest_s=10, pause_s=0.01)
    )
    presenter.entry.use_scale(partial(run_in_background, owner=window), asks)
    pan = Pan(731, moving=moving, settles_after=5 if moving else None)
    with cable(Toledo8217(pan), tmp_path) as line:
        shop = till.checkout.shop
        presenter.settings_changed(
            replace(shop, devices=replace(shop.devices, scale_target=line.target))
        )
        window.scan(TOMATOES)
        window.scan(MILK)
        qtbot.waitUntil(lambda: len(presenter.state.rows) == 2)
    assert {row.quantity for row in presenter.state.rows} == {"1", "0.731\u00a0kg"}
    assert presenter.state.sheet.kind is SheetKind.NONE
