"""Which column of a shop's list is which: guessed from its title in four languages."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pos_app.domain.errors import PosError
from pos_app.domain.written_numbers import guess_decimal_mark
from pos_app.spreadsheets.table import Row


class ColumnsMissing(PosError):
    """The list lacks columns without which it cannot be imported."""

    sentence = (
        "The file has no column for {missing}. Its columns are: {columns}. "
        "Choose which column is which, or add the missing one."
    )


class ColumnUsedTwice(PosError):
    """Two columns are to fill the same field."""

    sentence = "Two columns are chosen for {field}. Leave one of them out."


class Field(StrEnum):
    """What a column can hold; its value is the title that an export gives it."""

    CODE = "code"
    NAME = "name"
    BARCODE = "barcodes"
    PRICE = "price"
    COST = "cost"
    MIN_PRICE = "min price"
    UNIT = "unit"
    CATEGORY = "category"
    TAX = "tax"
    KIND = "kind"
    ACTIVE = "active"
    TILE = "tile"
    STOCK = "stock"


# Fields that several columns may fill together; stock has one column per location.
SHARED = frozenset({Field.BARCODE, Field.TAX, Field.STOCK})
NUMERIC = frozenset({Field.PRICE, Field.COST, Field.MIN_PRICE, Field.STOCK})

_SYNONYMS: dict[Field, str] = {
    Field.CODE: """code; sku; item; item code; item no; item number; article; article no;
        article number; product code; product id; product no; stock code; stockcode; plu;
        part number; reference; ref; internal reference; id; number; no;
        artikel; artikelnummer; artikelnr; artikel nr; artnr; art nr; produktnummer;
        bestellnummer; nummer;
        référence; code article; code produit; réf; numéro; n° article;
        código; referencia; código artículo; código de producto; número""",
    Field.NAME: """name; title; description; product; product name; item name; designation; label;
        text; article name;
        bezeichnung; artikelbezeichnung; beschreibung; produkt; produktname; artikelname; titel;
        nom; désignation; libellé; description article; produit; nom du produit; intitulé;
        nombre; descripción; producto; denominación; nombre del producto""",
    Field.BARCODE: """barcodes; barcode; bar code; ean; ean code; ean13; ean 13; ean8; ean 8; gtin;
        upc; upc a; isbn; additional barcodes;
        strichcode; strichcodes; barcode nr; ean nummer; eans;
        code barre; code barres; codes barres; code à barres; gencod;
        código de barras; códigos de barras; codigo ean""",
    Field.PRICE: """price; unit price; unitprice; sale price; sales price; selling price;
        list price; retail price; retail; rrp; price gross; gross price; price net; net price;
        price 1;
        preis; verkaufspreis; vk; vk preis; vkpreis; einzelpreis; bruttopreis; nettopreis;
        vk brutto; preis brutto; preis netto; ladenpreis;
        prix; prix de vente; prix unitaire; prix ttc; prix ht; pv; pv ttc; prix public; tarif;
        precio; precio de venta; precio unitario; pvp; precio venta; precio público""",
    Field.COST: """cost; cost price; purchase price; buying price; buy price; unit cost;
        landed cost;
        einkaufspreis; ek; ek preis; ekpreis; einstandspreis; kosten;
        coût; prix d achat; prix achat; pa; prix de revient; cout unitaire;
        coste; costo; precio de compra; precio compra; precio de coste""",
    Field.MIN_PRICE: """min price; minimum price; lowest price; floor price; price floor;
        mindestpreis; minpreis; niedrigster preis;
        prix minimum; prix minimal; prix plancher; prix mini;
        precio mínimo; precio min""",
    Field.UNIT: """unit; uom; unit of measure; measure; sold by; unit code;
        einheit; mengeneinheit; me; verkaufseinheit;
        unité; unité de vente; unité de mesure;
        unidad; unidad de medida; medida""",
    Field.CATEGORY: """category; group; product group; department; dept; family; product category;
        product type; section;
        kategorie; warengruppe; gruppe; artikelgruppe; abteilung; sortiment;
        catégorie; famille; groupe; rayon; département;
        categoría; grupo; familia; departamento; sección""",
    Field.TAX: """tax; taxes; tax rate; vat; vat rate; vat %; tax %; tax code; tax class; vat code;
        sales tax; gst;
        steuer; steuersatz; mwst; mwst satz; mehrwertsteuer; ust; ust satz; umsatzsteuer; mwst %;
        tva; taux tva; taux de tva; taxe; taxes ventes; code tva; tva %;
        iva; tipo de iva; tipo iva; impuesto; impuestos; iva %""",
    Field.KIND: """kind; type; item type; kind of product;
        art; typ; artikelart; artikeltyp;
        genre; type d article;
        tipo; clase""",
    Field.ACTIVE: """active; is active; enabled; for sale; status; on sale; available;
        aktiv; verfügbar; im verkauf;
        actif; active en vente; en vente; disponible;
        activo; activa; en venta; habilitado""",
    Field.TILE: """tile; tile position; button; button position;
        kachel; kachelposition; taste;
        touche; position touche; bouton;
        tecla; botón""",
    Field.STOCK: """stock; quantity; qty; on hand; in stock; stock level; quantity on hand;
        inventory; stock quantity; qty on hand;
        bestand; lagerbestand; menge; lager; anzahl;
        stock actuel; quantité; qté; quantité en stock; en stock;
        existencias; cantidad; inventario; stock disponible""",
}
_MARKS = re.compile(r"[^\w%]+")


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column (counted from 0) and what it holds; `location` only for stock (empty: here).

    `field` is one of `Field`, or of the fields of another kind of list.
    """

    index: int
    field: StrEnum
    location: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which columns are imported as what; `decimal_mark` settles numbers such as 1,234."""

    columns: tuple[MappedColumn, ...]
    decimal_mark: str = "."

    def has(self, *fields: StrEnum) -> bool:
        """Whether a column is chosen for any of `fields`."""
        chosen = _indexes(self)
        return any(field in chosen for field in fields)

    def cells(self, row: Row, field: StrEnum) -> list[str]:
        """The row's texts for a field, from every column chosen for it."""
        return [row.cell(index) for index in _indexes(self).get(field, ())]


@lru_cache(maxsize=8)
def _indexes(mapping: Mapping) -> dict[StrEnum, tuple[int, ...]]:
    """Which columns are chosen for each field: asked for several times in every row."""
    fields = {column.field for column in mapping.columns}
    return {
        field: tuple(column.index for column in mapping.columns if column.field is field)
        for field in fields
    }


def guess_mapping(header: Sequence[str], sample: Iterable[Row] = ()) -> Mapping:
    """Guess each column from its title, and the decimal mark from the sample's numbers.

    Knows English, German, French and Spanish titles and our own exports'. Columns that are not
    recognised are left out; where two would fill one field, the first does.
    """
    columns: list[MappedColumn] = []
    for index, title in enumerate(header):
        field, location = guess_column(title)
        if field is None:
            continue
        if field not in SHARED and any(column.field is field for column in columns):
            continue
        column = MappedColumn(index, field, location)
        if field is Field.STOCK and any(
            other.field is field and other.location == location for other in columns
        ):
            continue
        columns.append(column)
    rows = list(sample)
    numbers = (row.cell(c.index) for c in columns if c.field in NUMERIC for row in rows)
    return Mapping(tuple(columns), guess_decimal_mark(numbers))


def guess_column(title: str) -> tuple[Field | None, str]:
    """Tell what a title stands for, and for `stock:NAME` the location it names."""
    before, colon, location = title.partition(":")
    if colon and _TITLES.get(plain_words(before)) is Field.STOCK:
        return Field.STOCK, location.strip()
    words = plain_words(title)
    field = _TITLES.get(words)
    if field is None:  # "Price (GBP)", "EAN 2", "Verkaufspreis EUR"
        field = _TITLES.get(plain_words(re.sub(r"\(.*?\)|\[.*?\]|\b[A-Z]{3}$|\s\d$", "", title)))
    return field, ""


def header_score(cells: tuple[str, ...]) -> int:
    """Count how many titles of a row are known, to find the header under a letterhead."""
    return len({field for cell in cells if (field := guess_column(cell)[0]) is not None})


def check_mapping(mapping: Mapping, header: Sequence[str]) -> None:
    """Refuse a mapping without a way to know the product, or without anything to import.

    A list with names is a catalogue and needs prices too; one without is an update of what is
    known, such as new prices or a stock count. Raises ColumnsMissing or ColumnUsedTwice.
    """
    seen: set[tuple[StrEnum, str]] = set()
    for column in mapping.columns:
        key = (column.field, column.location)
        if key in seen and column.field not in (Field.BARCODE, Field.TAX):
            raise ColumnUsedTwice(field=column.field.value)
        seen.add(key)
    missing = []
    if not mapping.has(Field.CODE, Field.BARCODE):
        missing.append(Field.CODE.value)
    is_update = mapping.has(Field.CODE, Field.BARCODE) and mapping.has(Field.PRICE, *_UPDATES)
    if not mapping.has(Field.NAME) and not is_update:
        missing.append(Field.NAME.value)
    if not mapping.has(Field.PRICE) and (mapping.has(Field.NAME) or not is_update):
        missing.append(Field.PRICE.value)
    if missing:
        shown = ", ".join(title or "–" for title in header[:30])
        raise ColumnsMissing(missing=", ".join(missing), columns=shown[:300])


def plain_words(title: str) -> str:
    """Fold a title to lower-case words without accents and marks."""
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_MARKS.sub(" ", bare.replace("_", " ")).split())


_UPDATES = (Field.COST, Field.STOCK, Field.MIN_PRICE, Field.TAX, Field.ACTIVE, Field.CATEGORY)
_TITLES: dict[str, Field] = {
    plain_words(word): field for field, words in _SYNONYMS.items() for word in words.split(";")
}
