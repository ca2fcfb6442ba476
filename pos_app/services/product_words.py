"""The words in a shop's list: units, kinds, yes and no, taxes and categories, in four languages."""

import re
from collections.abc import Iterable
from decimal import Decimal

from pos_app.domain.errors import PosError
from pos_app.domain.payloads import text as plain
from pos_app.domain.product import KILOGRAM, PIECE, PRODUCT_KINDS, Category, ProductKind, Unit
from pos_app.domain.tax import Tax
from pos_app.domain.written_numbers import parse_number
from pos_app.services.product_columns import plain_words

NEW_WORDS_LIMIT = 5_000
RATE_LIMIT = Decimal(1000)


class UnknownUnit(PosError):
    """A unit of measure that neither the shop nor the program knows."""

    sentence = "“{text}” is not a unit that is known. Use one of {known}."


class UnknownKind(PosError):
    """A kind of product that does not exist."""

    sentence = "“{text}” is not a kind of product. Use one of {known}."


class NotYesOrNo(PosError):
    """A word that is neither yes nor no."""

    sentence = "“{text}” is neither yes nor no. Write yes or no."


class UnknownTax(PosError):
    """A tax that the shop does not have, and that is no rate either."""

    sentence = "The shop has no tax “{text}”. Write its rate, such as 20 %, or add the tax first."


class TaxHasAnotherRate(PosError):
    """A tax by this name exists with another rate."""

    sentence = "The tax {name} is {rate} % in this shop, not {text}. Correct the rate or the name."


class TooManyNewWords(PosError):
    """A column makes thousands of new groups: it is the wrong column."""

    sentence = "The list names more than {limit} new groups. Check which column holds the category."


_MORE_UNITS = (
    Unit("g", "gram", 0),
    Unit("l", "litre", 3),
    Unit("ml", "millilitre", 0),
    Unit("m", "metre", 2),
    Unit("cm", "centimetre", 0),
    Unit("m2", "square metre", 2),
    Unit("h", "hour", 2),
    Unit("box", "box", 0),
    Unit("pack", "pack", 0),
    Unit("set", "set", 0),
    Unit("pair", "pair", 0),
)
_UNIT_WORDS = {
    "pc": "piece pieces pcs each ea st stk stuck pce pza pieza piezas ud uds unidad unit un u",
    "kg": "kilo kilos kilogram kilograms kilogramm kilogramme kilogramo kgs",
    "g": "gr gram grams gramm gramme gramo",
    "l": "lt ltr liter litre liters litres litro",
    "ml": "milliliter millilitre mililitro",
    "m": "mt mtr meter metre meters metres metro",
    "cm": "centimeter centimetre zentimeter centimetro",
    "m2": "qm sqm m²",
    "h": "hr hour hours std stunde stunden heure heures hora",
    "box": "karton kiste boite carton caja",
    "pack": "packung paket paquet paquete pk pkg",
    "set": "satz lot juego",
    "pair": "paar paire par",
}
_KIND_WORDS = {
    ProductKind.GOODS: "good product products ware waren artikel produit marchandise producto bien",
    ProductKind.SERVICE: "services dienstleistung dienst prestation servicio",
    ProductKind.POSTAGE: "shipping delivery versand porto livraison envio",
    ProductKind.VOUCHER: "gift voucher gift card gutschein bon cadeau vale",
    ProductKind.FEE: "fees gebuhr frais tasa",
}
_YES = frozenset("yes y true 1 x active aktiv ja j wahr oui o vrai si s verdadero on actif".split())
_NO = frozenset("no n false 0 inactive inaktiv nein falsch non faux off archived inactif".split())
_NO_TAX = frozenset({"none", "exempt", "no tax", "keine", "steuerfrei", "exonere", "exento", "-"})
_WITH_RATE = re.compile(r"(?P<label>.*?)\s*(?P<rate>\d[\d.,]*)\s*(?P<percent>%?)")
_WITH_AMOUNT = re.compile(r"(?P<label>.*?)\s*(?P<amount>\d[\d.,]*)\s*/\s*unit", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;|\n]|\s\+\s")


class Vocabulary:
    """What units, taxes and categories the shop has, and which new ones a list adds."""

    def __init__(
        self,
        units: Iterable[Unit] = (),
        taxes: Iterable[Tax] = (),
        categories: Iterable[Category] = (),
    ) -> None:
        self._units = {unit.code.casefold(): unit for unit in (*_MORE_UNITS, PIECE, KILOGRAM)}
        own = list(units)
        self._saved_units = {unit.code for unit in own}
        self._units.update({unit.code.casefold(): unit for unit in own})
        by_name = {plain_words(unit.name): unit.code.casefold() for unit in own}
        self._unit_words = {
            word: code for code, words in _UNIT_WORDS.items() for word in words.split()
        } | by_name
        self._taxes = list(taxes)
        self._categories = {category.name.casefold(): category for category in categories}
        self.new_units: list[Unit] = []
        self.new_taxes: list[Tax] = []
        self.new_categories: list[str] = []
        self._new_names: set[str] = set()

    def unit(self, text: str) -> Unit:
        """Find a unit by its code or a usual name for it; raises UnknownUnit."""
        word = text.strip().casefold().rstrip(".")
        code = word if word in self._units else self._unit_words.get(plain_words(text), "")
        unit = self._units.get(code)
        if unit is None:
            raise UnknownUnit(text=text.strip()[:40], known=", ".join(sorted(self._units)))
        if unit.code not in self._saved_units:
            self._saved_units.add(unit.code)
            self.new_units.append(unit)
        return unit

    def taxes(self, text: str) -> tuple[Tax, ...]:
        """Find one or several taxes by code, name or rate; a new rate becomes a new tax."""
        if not text.strip() or text.strip().casefold() in _NO_TAX:
            return ()
        whole = self._named_tax(text.strip())
        if whole is not None:
            return (whole,)
        return tuple(self._tax(part.strip()) for part in _SEPARATORS.split(text) if part.strip())

    def category(self, text: str) -> str | None:
        """Find a category's id by name; for a new one its name is noted and returned as `new:`."""
        name = " ".join(text.split())
        if not name:
            return None
        known = self._categories.get(name.casefold())
        if known is not None:
            return known.id
        if name.casefold() not in self._new_names:
            if len(self._new_names) >= NEW_WORDS_LIMIT:
                raise TooManyNewWords(limit=NEW_WORDS_LIMIT)
            self._new_names.add(name.casefold())
            self.new_categories.append(name)
        return f"new:{name.casefold()}"

    def learn_category(self, category: Category) -> None:
        """Take up a category that was just saved."""
        self._categories[category.name.casefold()] = category

    def category_id(self, noted: str | None) -> str | None:
        """Turn what `category` returned into the id that the category has by now."""
        if noted is None or not noted.startswith("new:"):
            return noted
        return self._categories[noted.removeprefix("new:")].id

    def _named_tax(self, text: str) -> Tax | None:
        word = text.casefold()
        for tax in self._taxes:
            if word in (tax.code.casefold(), tax.name.casefold()):
                return tax
        return None

    def _tax(self, text: str) -> Tax:
        named = self._named_tax(text)
        if named is not None:
            return named
        if amount := _WITH_AMOUNT.fullmatch(text):
            return self._fixed_tax(amount["label"], amount["amount"], text)
        rate = _WITH_RATE.fullmatch(text)
        if rate is None or (rate["label"] and not rate["percent"]):
            raise UnknownTax(text=text[:40])
        return self._rate_tax(rate["label"], parse_number(rate["rate"]), text)

    def _rate_tax(self, label: str, rate: Decimal, text: str) -> Tax:
        if rate >= RATE_LIMIT:
            raise UnknownTax(text=text[:40])
        known = self._named_tax(label) if label else None
        if known is None:
            same = (tax for tax in self._taxes if tax.rate == rate)
            known = next(same, None) if not label else None
        if known is None:
            code = plain(rate)
            return self._new_tax(Tax(rate=rate, name=label or f"{code} %", code=label or code))
        if known.rate != rate:
            shown = plain(known.rate) if known.rate is not None else "–"
            raise TaxHasAnotherRate(name=known.name, rate=shown, text=text[:40])
        return known

    def _fixed_tax(self, label: str, amount: str, text: str) -> Tax:
        fixed = parse_number(amount)
        known = self._named_tax(label) if label else None
        if known is None:
            name = label or f"{plain(fixed)}/unit"
            return self._new_tax(Tax(fixed_per_unit=fixed, name=name, code=name))
        if known.fixed_per_unit != fixed:
            raise UnknownTax(text=text[:40])
        return known

    def _new_tax(self, tax: Tax) -> Tax:
        if len(self.new_taxes) >= 100:
            raise UnknownTax(text=tax.name[:40])
        self._taxes.append(tax)
        self.new_taxes.append(tax)
        return tax


def kind_of(text: str) -> ProductKind:
    """Read a kind of product; nothing means goods. Raises UnknownKind."""
    words = plain_words(text)
    if not words:
        return ProductKind.GOODS
    for kind in PRODUCT_KINDS:
        if words == kind.value or words in _KIND_WORDS.get(kind, "").split():
            return kind
    raise UnknownKind(text=text.strip()[:40], known=", ".join(PRODUCT_KINDS))


def yes_or_no(text: str) -> bool:
    """Read yes or no; nothing means yes. Raises NotYesOrNo."""
    words = plain_words(text)
    if not words or words in _YES:
        return True
    if words in _NO:
        return False
    raise NotYesOrNo(text=text.strip()[:40])


def tax_words(taxes: Iterable[Tax]) -> str:
    """Write taxes so that `Vocabulary.taxes` reads them back, here or in another shop."""
    return "; ".join(_tax_word(tax) for tax in taxes)


def _tax_word(tax: Tax) -> str:
    label = tax.code or tax.name
    if tax.rate is None:
        return f"{label} {plain(tax.fixed_per_unit or Decimal(0))}/unit".strip()
    rate = plain(tax.rate)
    return f"{rate} %" if label in ("", rate, f"{rate} %") else f"{label} {rate} %"
