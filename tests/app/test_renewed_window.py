"""The till goes on when its window is drawn anew in another language, theme or layout."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from pos_app import texts
from pos_app.app.till import Till
from pos_app.domain.shop import ShopSettings
from pos_app.services.checkout import utc_now
from pos_app.services.demo_shop import create_demo_shop
from pos_app.services.shop_setup import ShopSetup
from pos_app.ui.changes import Changes


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Till]:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    path = tmp_path / "demo.db"
    create_demo_shop(path, utc_now(), days=1).close()
    till = Till(path, lambda _path, _job: None)
    till.show((1280, 800))
    qtbot.waitUntil(lambda: till.presenter is not None)
    yield till
    till.window.close()
    texts.use_language("en")


def barcodes(till: Till) -> list[str]:
    assert till.store is not None
    found = [one.product for one in till.store.products.page(0, 50)]
    return [product.barcodes[0] for product in found if product.barcodes and product.price]


def change(till: Till, shop: ShopSettings) -> None:
    assert till.store is not None
    ShopSetup(till.store, utc_now).save(shop)
    till.hub.publish(Changes(settings=True))


def rows(till: Till) -> int:
    assert till.presenter is not None
    return len(till.presenter.state.rows)


def test_scans_arrive_after_a_receipt_was_looked_at_and_the_theme_changed(
    till: Till, qtbot: QtBot
) -> None:
    assert till.presenter is not None
    assert till.checkout is not None
    first, second, *_ = barcodes(till)
    till._scan(first)
    till.presenter.press("F12")
    till.presenter.press("F9")
    qtbot.waitUntil(lambda: till._paper._receipt is not None)
    before, shop = till.window, till.checkout.shop
    change(till, replace(shop, screen=replace(shop.screen, theme="dark")))
    qtbot.waitUntil(lambda: till.window is not before)
    qtbot.waitUntil(lambda: not isValid(before))
    till._scan(second)
    assert rows(till) == 1


def test_the_sale_and_money_taken_in_part_are_in_the_new_window(till: Till, qtbot: QtBot) -> None:
    assert till.presenter is not None
    assert till.checkout is not None
    for code in barcodes(till)[:3]:
        till._scan(code)
    till.presenter.entry.type_text("0.50")
    till.presenter.press("F11")
    before, shop = till.window, till.checkout.shop
    change(till, replace(shop, screen=replace(shop.screen, left_handed=True)))
    qtbot.waitUntil(lambda: till.window is not before)
    assert rows(till) == 3
    assert [tender.amount for tender in till.presenter.state.tenders] == ["0.50"]
