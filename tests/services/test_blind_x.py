"""An X report where the shop counts blind: who reads it decides what stands on it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.cash_settings import CashSettings
from pos_app.domain.shop import PrinterSettings
from pos_app.services.shifts import Shifts
from pos_app.services.shop_setup import ShopSetup
from tests.services.cash_day import euros
from tests.services.staffed_shop import ANN, MAX, SAM, People, people


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[People]:
    made = people(tmp_path)
    use(made, CashSettings(is_blind=True))
    yield made
    made.store.close()


def use(shop: People, cash: CashSettings) -> None:
    printers = (PrinterSettings("Counter", target=str(shop.path.with_name("paper"))),)
    settings = replace(shop.store.settings.shop(), cash=cash, printers=printers)
    ShopSetup(shop.store, shop.clock).save(settings)


def x_of(shop: People, code: str) -> bool:
    """Let somebody read X and tell whether the slip leaves the cash out."""
    shop.enter(code)
    shifts = Shifts(shop.store, shop.clock, code, shop.authority)
    if shifts.current() is None:
        shifts.open([euros(100)])
    shifts.read_x()
    told = [json.loads(job.payload) for job in shop.store.spool.waiting() if b'"x"' in job.payload]
    assert shifts.hides_cash == told[-1]["hides_cash"]
    return bool(told[-1]["hides_cash"])


def test_who_may_agree_to_a_difference_sees_the_cash_and_nobody_else(shop: People) -> None:
    assert x_of(shop, ANN)
    assert x_of(shop, SAM)
    assert not x_of(shop, MAX)


def test_a_shop_that_does_not_count_blind_hides_nothing(shop: People) -> None:
    use(shop, CashSettings())
    assert not x_of(shop, ANN)


def test_a_blind_shop_without_staff_hides_it_from_everybody(shop: People, tmp_path: Path) -> None:
    shifts = Shifts(shop.store, shop.clock)
    assert shifts.hides_cash
