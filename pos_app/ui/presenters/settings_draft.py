"""What stands in the fields of the settings, as typed, and the settings that it makes."""

from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.domain.money import RoundingMode
from pos_app.domain.payment import CashRounding
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.return_settings import ReturnReason, ReturnSettings
from pos_app.domain.shop import ReceiptSettings, ScreenSettings, ShopSettings
from pos_app.domain.tax import TaxRounding
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.typed_figures import NotAFigure, shown_figure, typed_decimal

DAYS_MOST = 3650  # ten years


@dataclass(frozen=True, slots=True)
class SettingsDraft:
    """Every field of the settings screen; several lines and several figures as one text each."""

    name: str = ""
    address: str = ""
    phone: str = ""
    tax_number: str = ""
    country: str = ""
    number_prefix: str = ""
    logo_path: str = ""
    header: str = ""
    footer: str = ""
    shows_tax_table: bool = True
    shows_qr: bool = True
    receipt_language: str = ""
    currency: str = ""
    prices_include_tax: bool = True
    tax_rounding: str = TaxRounding.PER_LINE.value
    rounding: str = RoundingMode.HALF_UP.value
    cash_step: str = ""
    cash_mode: str = RoundingMode.HALF_UP.value
    cash_only: bool = True
    quick_amounts: str = ""
    discount_presets: str = ""
    patterns: str = ""
    language: str = "en"
    theme: str = "light"
    left_handed: bool = False
    button_mode: bool = False
    scanner_prefix: str = ""
    scanner_suffix: str = ""
    return_days: str = ""
    return_reasons: str = ""
    return_spoilt: str = ""


BLANK = SettingsDraft()


def draft_of(shop: ShopSettings, amounts: AmountFormat) -> SettingsDraft:
    """Return the settings as texts for editing."""
    rounding = shop.cash_rounding
    return SettingsDraft(
        name=shop.name,
        address="\n".join(shop.address),
        phone=shop.phone,
        tax_number=shop.tax_number,
        country=shop.country,
        number_prefix=shop.number_prefix,
        logo_path=shop.receipt.logo_path,
        header="\n".join(shop.receipt.header),
        footer="\n".join(shop.receipt.footer),
        shows_tax_table=shop.receipt.shows_tax_table,
        shows_qr=shop.receipt.shows_qr,
        receipt_language=shop.receipt.language,
        currency=shop.policy.currency,
        prices_include_tax=shop.policy.prices_include_tax,
        tax_rounding=shop.policy.tax_rounding.value,
        rounding=shop.policy.rounding.value,
        cash_step="" if rounding is None else shown_figure(rounding.step, amounts),
        cash_mode=(rounding.mode if rounding else RoundingMode.HALF_UP).value,
        cash_only=rounding.only_cash if rounding else True,
        quick_amounts=_joined(shop.quick_amounts, amounts),
        discount_presets=_joined(shop.discount_presets, amounts),
        patterns="\n".join(shop.embedded_patterns),
        language=shop.screen.language,
        theme=shop.screen.theme,
        left_handed=shop.screen.left_handed,
        button_mode=shop.screen.button_mode,
        scanner_prefix=shop.screen.scanner_prefix,
        scanner_suffix=shop.screen.scanner_suffix,
        return_days=str(shop.returns.days or ""),
        return_reasons=_reasons_text(shop, written_off=False),
        return_spoilt=_reasons_text(shop, written_off=True),
    )


def settings_of(
    draft: SettingsDraft, shop: ShopSettings, amounts: AmountFormat
) -> tuple[ShopSettings, dict[str, NotAFigure]]:
    """Return the settings that the texts make, and by field what is no figure.

    What cannot be read keeps its value of `shop`, as do the printers, which have their own page.
    """
    reader = _Reader(amounts)
    step = reader.one("cash_step", draft.cash_step)
    days = reader.one("return_days", draft.return_days) or Decimal(0)
    mode, only_cash = RoundingMode(draft.cash_mode), draft.cash_only
    cash_rounding = CashRounding(step, mode, only_cash) if step else None
    made = replace(
        shop,
        name=" ".join(draft.name.split()),
        address=_lines(draft.address),
        phone=draft.phone.strip(),
        tax_number=draft.tax_number.strip(),
        country=draft.country,
        number_prefix=draft.number_prefix.strip(),
        policy=PricePolicy(
            draft.currency,
            draft.prices_include_tax,
            TaxRounding(draft.tax_rounding),
            RoundingMode(draft.rounding),
            shop.policy.step if draft.currency == shop.policy.currency else None,
        ),
        cash_rounding=cash_rounding,
        quick_amounts=reader.many("quick_amounts", draft.quick_amounts, shop.quick_amounts),
        discount_presets=reader.many(
            "discount_presets", draft.discount_presets, shop.discount_presets
        ),
        embedded_patterns=_lines(draft.patterns),
        receipt=ReceiptSettings(
            header=_lines(draft.header),
            footer=_lines(draft.footer),
            logo_path=draft.logo_path.strip(),
            shows_tax_table=draft.shows_tax_table,
            shows_qr=draft.shows_qr,
            language=draft.receipt_language,
        ),
        screen=ScreenSettings(
            language=draft.language,
            theme=draft.theme,
            left_handed=draft.left_handed,
            button_mode=draft.button_mode,
            scanner_prefix=draft.scanner_prefix,
            scanner_suffix=draft.scanner_suffix,
        ),
        returns=ReturnSettings(_reasons_of(draft, shop), int(days)),
    )
    if days != int(days) or not 0 <= days <= DAYS_MOST:
        reader.refuse("return_days", draft.return_days, "30")
    return made, reader.refusals


class _Reader:
    """Reads figures and keeps what could not be read."""

    def __init__(self, amounts: AmountFormat) -> None:
        self._amounts = amounts
        self.refusals: dict[str, NotAFigure] = {}

    def one(self, field: str, text: str) -> Decimal | None:
        """Read one figure, or None where there is none or it cannot be read."""
        try:
            return typed_decimal(text, self._amounts)
        except NotAFigure as refusal:
            self.refusals[field] = refusal
            return None

    def refuse(self, field: str, text: str, example: str) -> None:
        """Say that a figure cannot be what the field takes."""
        self.refusals[field] = NotAFigure(text=text, example=example)

    def many(self, field: str, text: str, before: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        """Read figures separated by spaces or semicolons."""
        found = [self.one(field, part) for part in text.replace(";", " ").split()]
        if field in self.refusals:
            return before
        return tuple(figure for figure in found if figure is not None and figure > 0)


def _joined(figures: tuple[Decimal, ...], amounts: AmountFormat) -> str:
    return "  ".join(shown_figure(figure, amounts) for figure in figures)


def _reasons_text(shop: ShopSettings, *, written_off: bool) -> str:
    reasons = shop.returns.reasons
    return "\n".join(t(one.text) for one in reasons if one.written_off is written_off)


def _reasons_of(draft: SettingsDraft, shop: ShopSettings) -> tuple[ReturnReason, ...]:
    """The reasons as typed; those that came with the program stay in its own language."""
    known = {t(one.text): one.text for one in (*ReturnSettings().reasons, *shop.returns.reasons)}
    typed = [(line, False) for line in _lines(draft.return_reasons)]
    typed += [(line, True) for line in _lines(draft.return_spoilt)]
    return tuple(ReturnReason(known.get(line, line), spoilt) for line, spoilt in typed)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
