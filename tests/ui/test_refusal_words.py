"""Refusals as somebody at the till reads them: states and days in the words of the screen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pos_app.domain.document import DocumentHead, Party
from pos_app.domain.errors import PosError
from pos_app.domain.order import Order, OrderAction, OrderState
from pos_app.domain.order import state_after as order_after
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.quotation import Quotation, QuotationAction, QuotationState
from pos_app.domain.quotation import state_after as quotation_after
from pos_app.domain.shop import ScreenSettings, ShopSettings
from pos_app.texts import LANGUAGES, use_language
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.refusals import sentence_of

DAY, AT = date(2026, 11, 21), datetime(2026, 11, 21, 9, tzinfo=UTC)
HEAD = DocumentHead("1", "NR-1", Party("1", "1", "Rye"), DAY, PricePolicy("EUR"), AT, "1", AT, "1")
SHOP = ShopSettings(country="DE", screen=ScreenSettings(language="de"))


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use_language("en")


def refusals() -> Iterator[PosError]:
    """Every refusal of an action in a state that does not allow it."""
    for quotation_state in QuotationState:
        quotation = Quotation(HEAD, (), DAY, quotation_state)
        for action in QuotationAction:
            try:
                quotation_after(quotation, action)
            except PosError as refusal:
                yield refusal
    for order_state in OrderState:
        order = Order(HEAD, (), state=order_state)
        for order_action in OrderAction:
            try:
                order_after(order, order_action)
            except PosError as refusal:
                yield refusal


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_refusal_names_the_state_in_the_language_of_the_screen(language: str) -> None:
    english = {str(one.fields["state"]) for one in refusals() if "state" in one.fields}
    use_language(language)
    shop = replace(SHOP, screen=ScreenSettings(language=language))
    told = [sentence_of(one, amount_format(shop)) for one in refusals()]
    assert len(english) > 5
    assert not [one for one in told if any(word in one for word in english)]


def test_a_refusal_writes_a_day_as_the_country_does() -> None:
    use_language("de")
    expired = Quotation(HEAD, (), DAY, QuotationState.EXPIRED)
    with pytest.raises(PosError) as refused:
        quotation_after(expired, QuotationAction.ORDER)
    told = sentence_of(refused.value, amount_format(SHOP))
    assert "21.11.2026" in told
    assert "2026-11-21" not in told
