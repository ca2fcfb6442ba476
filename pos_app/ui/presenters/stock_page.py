"""What a section of the stock screen shows, and what it needs of the screen."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pos_app.domain.errors import PosError
from pos_app.domain.product import Product
from pos_app.spreadsheets.writing import Cell
from pos_app.texts import t
from pos_app.ui.presenters.office_desk import OfficeDesk
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.views import Column, SheetAction, TableRow

SHORT_CODE = 6  # fewer figures than this are a quantity


class NothingLikeThat(PosError):
    """No product has that code or name."""

    sentence = "“{text}” was not found. Scan the item, or type more of its name."


class TextTooLong(PosError):
    """More than a field takes."""

    sentence = "The text has {length} characters. Shorten it to {limit}."


@dataclass(frozen=True, slots=True)
class PageField:
    """A field beside the list; with `choices` one of them is chosen, and typed if `is_open`."""

    key: str
    label: str
    text: str = ""
    choices: tuple[Choice, ...] = ()
    is_open: bool = False
    hint: str = ""
    error: str = ""
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class StockPage:
    """Everything of a section; an empty `hint` means that nothing is typed or scanned there."""

    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()
    counted: str = ""
    about: str = ""
    hint: str = ""
    title: str = ""
    fields: tuple[PageField, ...] = ()
    actions: tuple[SheetAction, ...] = ()
    marked: str = ""
    empty: tuple[str, str, str] = ("", "", "")  # icon, title, sentence
    can_export: bool = False
    is_reading: bool = False


class Section(Protocol):
    """One section: gestures in, a page out."""

    def page(self) -> StockPage:
        """Return what is to be seen."""

    def refresh(self) -> None:
        """Read anew."""

    def enter(self, text: str) -> None:
        """Take what was typed on the entry line."""

    def scan(self, code: str) -> None:
        """Take a scanned code."""

    def press(self, key: str) -> None:
        """Do what a button says."""

    def choose(self, key: str) -> None:
        """Mark a row."""

    def open(self, key: str) -> None:
        """Open a row."""

    def change(self, key: str, text: str) -> None:
        """Take what was typed or chosen in a field."""

    def table(self) -> list[Sequence[Cell]]:
        """Return titles and rows for a spreadsheet."""


class Quiet:
    """A section that takes no gestures; the others override what they take."""

    def refresh(self) -> None:
        """Nothing to read."""

    def enter(self, text: str) -> None:
        """Nothing to type."""

    def scan(self, code: str) -> None:
        """Nothing to scan."""

    def press(self, key: str) -> None:
        """Nothing to press."""

    def choose(self, key: str) -> None:
        """Nothing to mark."""

    def open(self, key: str) -> None:
        """Nothing to open."""

    def change(self, key: str, text: str) -> None:
        """Nothing to change."""

    def table(self) -> list[Sequence[Cell]]:
        """Nothing to export."""
        return []


class StockDesk(OfficeDesk):
    """What every section works with."""

    def find(self, text: str) -> tuple[Product, Decimal]:
        """Return the product of a code or name, and how many it says; raises NothingLikeThat."""
        cleaned = " ".join(text.split())[:200]
        with suppress(PosError):
            looked = self.checkout.look_up(cleaned)
            if looked.product is not None:
                return looked.product, looked.quantity or Decimal(1)
        found = [] if is_code(cleaned) else self.checkout.search(cleaned, 1)
        if not found:
            raise NothingLikeThat(text=cleaned[:40])
        return found[0].product, Decimal(1)


def is_code(text: str) -> bool:
    """Tell whether a text is a code in figures rather than a name."""
    return text.isascii() and text.isdigit() and len(text) >= SHORT_CODE


def is_quantity(text: str) -> bool:
    """Tell whether a text on the entry line is a quantity for the marked line."""
    figures = text.strip().replace(".", "", 1).replace(",", "", 1)
    return len(text.strip()) < SHORT_CODE and bool(figures) and figures.isdigit()


def limited(text: str, limit: int) -> str:
    """Return a text without needless spaces; raises TextTooLong."""
    cleaned = " ".join(text.split())
    if len(cleaned) > limit:
        raise TextTooLong(length=len(cleaned), limit=limit)
    return cleaned


def place_choices(places: Sequence[str]) -> tuple[Choice, ...]:
    """Return the shop's places as choices."""
    return tuple(Choice(place, place) for place in places)


def waiting() -> str:
    """Return what stands where a number will be."""
    return t("Reading …")
