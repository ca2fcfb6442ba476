"""What the shop's other tills did to a product, on its sheet: how much, and how fresh that is."""

import json
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.services.catalogue import Catalogue
from pos_app.store.received import Elsewhere
from pos_app.store.remotes import HEAD_OFFICE, OTHER_TILLS
from pos_app.store.store import Store
from pos_app.ui import theme
from pos_app.ui.presenters.product_form import ProductForm
from pos_app.ui.product_sheet import ProductSheet
from tests.ui.conftest import NOW, PRODUCTS

MILK = PRODUCTS[0]


def other_tills_told(store: Store) -> None:
    """Till 2 sold three an hour and a half ago; till 3 was heard just now and sold none."""
    long_ago, just_now = NOW - timedelta(minutes=88), NOW - timedelta(minutes=1)
    moved = Elsewhere("2", "shop", -3_000_000, long_ago.isoformat())
    tills = [["2", long_ago.isoformat()], ["3", just_now.isoformat()], ["4", ""]]
    with store.transaction() as tx:
        tx.received.put_elsewhere(MILK.id, [moved])
        tx.remotes.put(HEAD_OFFICE, **{OTHER_TILLS: json.dumps(tills)})


def form_of(store: Store) -> ProductForm:
    return ProductForm(store, Catalogue(store, lambda: NOW), MILK)


def test_a_till_of_its_own_says_nothing_of_others(store: Store) -> None:
    [row] = form_of(store).state.stock
    assert row.others == ()


def test_each_other_till_is_named_with_what_it_moved_and_when_it_was_heard(store: Store) -> None:
    other_tills_told(store)
    [row] = form_of(store).state.stock
    assert row.level == "0"
    assert row.others == (
        "With what the other tills moved: -3",
        "Till 2: -3, not heard since 08:02",
        "Till 3: 0, heard 09:29",
        "Till 4: not heard yet",
    )


@pytest.mark.parametrize("is_told", [False, True])
def test_the_sheet_shows_the_lines_where_there_are_any(
    store: Store, qtbot: QtBot, qapp: QApplication, is_told: bool
) -> None:
    theme.apply_theme(qapp, theme.LIGHT)
    if is_told:
        other_tills_told(store)
    sheet = ProductSheet(form_of(store))
    qtbot.addWidget(sheet)
    sheet.show()
    lines = sheet.stock._others.text()
    assert ("not heard since 08:02" in lines) is is_told
    assert sheet.stock._others.isVisibleTo(sheet.stock) is is_told
