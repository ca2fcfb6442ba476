"""What is wrong with a shop's settings, by field: the rules that need nothing but the settings."""

from pos_app.domain.cash_rules import cash_refusals
from pos_app.domain.catalogue_rules import FieldRefusal, Refusals, check_line
from pos_app.domain.embedded import pattern_from_text
from pos_app.domain.errors import PosError
from pos_app.domain.money import step_minor
from pos_app.domain.offline_rules import check_rules
from pos_app.domain.shop import ShopSettings

LINES_MOST = 8


class TooManyLines(FieldRefusal):
    """More lines than belong on a receipt."""

    sentence = "That is {count} lines. Keep it to {limit}."


class SettingRefused(FieldRefusal):
    """A rule of the domain refused a setting; its own words follow."""

    sentence = "{reason}"


def rule_refusals(shop: ShopSettings) -> Refusals:
    """Return what is wrong with the settings, by field; empty where nothing is."""
    refusals: Refusals = {}
    for field, line in _lines(shop):
        try:
            check_line(field, line, is_needed=field == "name")
        except FieldRefusal as refusal:
            refusals.setdefault(refusal.field, refusal)
    for field, lines in (
        ("address", shop.address),
        ("header", shop.receipt.header),
        ("footer", shop.receipt.footer),
    ):
        if len(lines) > LINES_MOST:
            refusals.setdefault(field, TooManyLines(field, count=len(lines), limit=LINES_MOST))
    for name, reason in (
        _wrong_numbers(shop) | cash_refusals(shop.cash, shop.policy.currency)
    ).items():
        refusals[name] = SettingRefused(name, reason=reason)
    return refusals


def _wrong_numbers(shop: ShopSettings) -> dict[str, PosError]:
    found: dict[str, PosError] = {}
    for field, check in (
        ("step", lambda: shop.policy.step_minor),
        ("cash_step", lambda: _check_cash_step(shop)),
        ("head_office", lambda: check_rules(shop.head_office)),
        ("patterns", lambda: [pattern_from_text(line) for line in shop.embedded_patterns]),
    ):
        try:
            check()
        except PosError as refusal:
            found[field] = refusal
    return found


def _check_cash_step(shop: ShopSettings) -> None:
    if shop.cash_rounding is not None:
        step_minor(shop.cash_rounding.step, shop.policy.currency)


def _lines(shop: ShopSettings) -> list[tuple[str, str]]:
    """Every one-line text of the settings with its field."""
    single = ("name", "phone", "tax_number", "country", "location", "number_prefix", "time_zone")
    return [
        *((field, getattr(shop, field)) for field in single),
        *(("address", line) for line in shop.address),
        *(("header", line) for line in shop.receipt.header),
        *(("footer", line) for line in shop.receipt.footer),
        *(
            ("return_spoilt" if one.written_off else "return_reasons", one.text)
            for one in shop.returns.reasons
        ),
        *(("printer_name", printer.name) for printer in shop.printers),
        *(("kitchen", route.title) for route in shop.kitchen),
    ]
