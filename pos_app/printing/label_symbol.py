"""Which barcode stands on a label, and its bars: EAN-13, EAN-8, UPC-A, Code 128 or QR.

Sources: GS1 General Specifications 5.2 (EAN/UPC, quiet zones in 5.2.3.4), ISO/IEC 15417
(Code 128) and ISO/IEC 18004 (QR code).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pos_app.domain.gtin import expand_upc_e, is_valid_gtin, is_valid_upc_e
from pos_app.domain.product import Product


class Symbology(StrEnum):
    """A kind of barcode."""

    EAN13 = "ean13"
    EAN8 = "ean8"
    UPC_A = "upc_a"
    CODE128 = "code128"
    QR = "qr"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode: its kind and what a scanner reads in it."""

    symbology: Symbology
    text: str


# Light modules that must stand before and after the bars.
QUIET_ZONES = {
    Symbology.EAN13: (11, 7),
    Symbology.EAN8: (7, 7),
    Symbology.UPC_A: (9, 9),
    Symbology.CODE128: (10, 10),
    Symbology.QR: (4, 4),
}
_BY_LENGTH = {8: Symbology.EAN8, 12: Symbology.UPC_A, 13: Symbology.EAN13}
# A longer Code 128 is wider than a label; a QR code holds the same on a thumbnail. The signs left
# out are commands inside a Code 128 of label printers.
_CODE128 = re.compile(r"[ -=?-\]_-}]{1,28}")


def symbol_of(product: Product) -> Symbol | None:
    """Choose a product's barcode: its first GTIN, else its first barcode, else its own code.

    None for a product without any code.
    """
    codes = [code for code in (*product.barcodes, product.code) if code]
    for code in product.barcodes:
        symbol = symbol_for(code)
        if symbol.symbology in _BY_LENGTH.values():
            return symbol
    return symbol_for(codes[0]) if codes else None


def symbol_for(code: str) -> Symbol:
    """Choose the barcode for a code: EAN or UPC where it is one, else Code 128, else QR."""
    if len(code) in _BY_LENGTH and is_valid_gtin(code):
        return Symbol(_BY_LENGTH[len(code)], code)
    if is_valid_upc_e(code):
        return Symbol(Symbology.UPC_A, expand_upc_e(code))
    if _CODE128.fullmatch(code) and code == code.strip():
        return Symbol(Symbology.CODE128, code)
    return Symbol(Symbology.QR, code)


@lru_cache(maxsize=512)
def bars(symbol: Symbol) -> str:
    """Return the modules of a linear barcode from left to right, `1` dark, without quiet zones."""
    # Imported here because few runs of the program make labels.
    from barcode.codex import Code128  # noqa: PLC0415
    from barcode.ean import EuropeanArticleNumber8, EuropeanArticleNumber13  # noqa: PLC0415
    from barcode.upc import UniversalProductCodeA  # noqa: PLC0415

    writers = {
        Symbology.EAN13: EuropeanArticleNumber13,
        Symbology.EAN8: EuropeanArticleNumber8,
        Symbology.UPC_A: UniversalProductCodeA,
        Symbology.CODE128: Code128,
    }
    return str(writers[symbol.symbology](symbol.text).build()[0])


@lru_cache(maxsize=512)
def matrix(symbol: Symbol) -> tuple[str, ...]:
    """Return the rows of a QR code, `1` dark, without its quiet zone (error correction M)."""
    import segno  # noqa: PLC0415 - as above

    code = segno.make(symbol.text, error="m", micro=False, boost_error=False)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.matrix_iter())


def dark_runs(modules: str) -> list[tuple[int, int]]:
    """Return where each dark bar begins and how many modules wide it is."""
    return [(found.start(), len(found[0])) for found in re.finditer("1+", modules)]
