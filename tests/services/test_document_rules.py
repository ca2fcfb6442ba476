"""The settings of documents: what can stand, and what is refused at which field."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.shop import ShopSettings
from pos_app.services.document_rules import document_refusals, picture_refusal, tidied
from pos_app.services.shop_setup import settings_refusals


def refused(**values: object) -> dict[str, str]:
    settings = replace(DocumentSettings(), **values)  # type: ignore[arg-type]
    return {field: str(refusal) for field, refusal in document_refusals(settings).items()}


def test_what_a_shop_begins_with_can_stand() -> None:
    assert refused() == {}


def test_everything_filled_in_can_stand() -> None:
    assert (
        refused(
            quotation_prefix="Q-",
            reminder_days=(3, 10),
            early_days=10,
            early_percent=Decimal("2.5"),
            payment_terms="Within 30 days.\nNo deduction.",
            colour="#0b57c4",
            address=SellerAddress("12 Quay Street", "H91", "Galway", "Connacht"),
            bank=BankDetails("Harbour Ltd", "IE29 AIBK 9311 5212 3456 78", "AIBKIE2D", "AIB"),
            vat_id="IE 6388047V",
            email="shop@example.org",
        )
        == {}
    )


@pytest.mark.parametrize(
    ("field", "values", "sentence"),
    [
        ("order_prefix", {"order_prefix": "A/B"}, "A/B cannot begin a number"),
        ("invoice_prefix", {"invoice_prefix": "SO"}, "SO begins two kinds of numbers"),
        ("order_prefix", {"invoice_prefix": "SO"}, "SO begins two kinds of numbers"),
        ("valid_days", {"valid_days": -1}, "-1 days are not possible"),
        ("due_days", {"due_days": 3651}, "3651 days are not possible"),
        ("reminder_days", {"reminder_days": (7, 7)}, "rising order"),
        ("reminder_days", {"reminder_days": (0, 7)}, "rising order"),
        ("early_percent", {"early_percent": Decimal(100)}, "100 percent are not possible"),
        ("early_percent", {"early_percent": Decimal("NaN")}, "not possible"),
        ("colour", {"colour": "blue"}, "blue is not a colour"),
        ("vat_id", {"vat_id": "123456789"}, "is not a VAT number"),
        ("email", {"email": "shop"}, "is not an e-mail address"),
        ("iban", {"bank": BankDetails(iban="DE89370400440532013001")}, "is not an IBAN"),
        ("bic", {"bank": BankDetails(bic="X")}, "X is not a BIC"),
        ("holder", {"bank": BankDetails(holder="\x1b@")}, "control characters"),
        ("street", {"address": SellerAddress(street="x" * 201)}, "201 characters"),
        ("invoice_note", {"invoice_note": "x" * 2001}, "2001"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field(
    field: str, values: dict[str, object], sentence: str
) -> None:
    found = refused(**values)
    assert sentence in found[field]
    assert len(found) <= 2


def test_codes_are_kept_in_capitals_without_spaces() -> None:
    bank = BankDetails(iban="de89 3704 0044 0532 0130 00", bic="deut deff")
    tidy = tidied(replace(DocumentSettings(), bank=bank, vat_id=" de 123 ", colour="#abcdef"))
    assert (tidy.bank.iban, tidy.bank.bic) == ("DE89370400440532013000", "DEUTDEFF")
    assert (tidy.vat_id, tidy.colour) == ("DE123", "#ABCDEF")


def test_a_logo_that_went_away_is_told_on_its_page_and_stops_no_other(tmp_path: Path) -> None:
    missing = str(tmp_path / "logo.png")
    assert "logo.png" in str(picture_refusal(missing))
    assert picture_refusal("") is None
    documents = replace(DocumentSettings(), logo_path=missing)
    assert settings_refusals(ShopSettings(documents=documents)) == {}
    wrong = replace(documents, colour="?")
    assert "colour" in settings_refusals(ShopSettings(documents=wrong))
