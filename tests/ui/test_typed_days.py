"""Dates as people type them, in the order of their country."""

from dataclasses import replace
from datetime import date

import pytest

from pos_app.domain.shop import ScreenSettings, ShopSettings
from pos_app.ui.presenters.typed_days import (
    DateFarOff,
    DateWrong,
    shown_day,
    typed_day,
)

TODAY = date(2026, 3, 2)
GERMAN = ShopSettings(country="DE", screen=ScreenSettings(language="de"))
BRITISH = ShopSettings(country="GB")
AMERICAN = ShopSettings(country="US")
ARAB = ShopSettings(country="SA", screen=ScreenSettings(language="ar"))
SWEDISH = replace(BRITISH, country="SE", screen=ScreenSettings(language="sv"))


@pytest.mark.parametrize(
    ("shop", "text", "day"),
    [
        (GERMAN, "31.12.2026", date(2026, 12, 31)),
        (GERMAN, "5.4.26", date(2026, 4, 5)),
        (BRITISH, "05/04/2026", date(2026, 4, 5)),
        (AMERICAN, "05/04/2026", date(2026, 5, 4)),
        (ARAB, "٠٥/٠٤/٢٠٢٦", date(2026, 4, 5)),
        (BRITISH, " 2026-12-31 ", date(2026, 12, 31)),
        (BRITISH, "+14", date(2026, 3, 16)),
        (BRITISH, "", None),
    ],
)
def test_a_date_is_read_as_the_country_writes_it(
    shop: ShopSettings, text: str, day: date | None
) -> None:
    assert typed_day(text, TODAY, shop) == day


@pytest.mark.parametrize("shop", [GERMAN, BRITISH, AMERICAN, ARAB, SWEDISH])
def test_a_date_that_is_shown_can_be_read_back(shop: ShopSettings) -> None:
    assert typed_day(shown_day(date(2026, 7, 9), shop), TODAY, shop) == date(2026, 7, 9)


@pytest.mark.parametrize("text", ["soon", "31.02.2026", "-3", "1e3", "99/99/9999", "x" * 500])
def test_what_is_no_date_is_told_with_an_example(text: str) -> None:
    with pytest.raises(DateWrong, match="31/12/2027"):
        typed_day(text, TODAY, BRITISH)


@pytest.mark.parametrize("text", ["2206-01-01", "0026-01-01", "+99999999", "+11500"])
def test_a_date_in_another_generation_is_a_mistyped_year(text: str) -> None:
    with pytest.raises(DateFarOff):
        typed_day(text, TODAY, BRITISH)
