"""The files of DSFinV-K 2.4 and their columns, in their order.

Source: DSFinV-K, version 2.4, annex E (Bundeszentralamt für Steuern). Numbers have at most the
places named, texts at most the length; moments are ISO 8601 in UTC.
"""

from dataclasses import dataclass

VERSION = "2.4"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: a text of at most `length` characters, or a number of `places` decimals."""

    name: str
    length: int = 0
    places: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One CSV file: how it is called on the medium and in the standard."""

    name: str
    title: str
    fields: tuple[Field, ...]


def _text(name: str, length: int) -> Field:
    return Field(name, length)


def _number(name: str, places: int = 0) -> Field:
    return Field(name, places=places)


_KEY = (_text("Z_KASSE_ID", 50), _text("Z_ERSTELLUNG", 30), _number("Z_NR"))
_RECEIPT = (*_KEY, _text("BON_ID", 40))
_LINE = (*_RECEIPT, _text("POS_ZEILE", 50))
_TAX = _number("UST_SCHLUESSEL")

CLOSINGS = File(
    "cashpointclosing.csv",
    "Stamm_Abschluss",
    (
        *_KEY,
        _text("Z_BUCHUNGSTAG", 25),
        _text("TAXONOMIE_VERSION", 10),
        _text("Z_START_ID", 40),
        _text("Z_ENDE_ID", 40),
        _text("NAME", 60),
        _text("STRASSE", 60),
        _text("PLZ", 10),
        _text("ORT", 62),
        _text("LAND", 3),
        _text("STNR", 20),
        _text("USTID", 15),
        _number("Z_SE_ZAHLUNGEN", 2),
        _number("Z_SE_BARZAHLUNGEN", 2),
    ),
)
PLACES = File(
    "location.csv",
    "Stamm_Orte",
    (
        *_KEY,
        _text("LOC_NAME", 60),
        _text("LOC_STRASSE", 60),
        _text("LOC_PLZ", 10),
        _text("LOC_ORT", 62),
        _text("LOC_LAND", 3),
        _text("LOC_USTID", 15),
    ),
)
TILLS = File(
    "cashregister.csv",
    "Stamm_Kassen",
    (
        *_KEY,
        _text("KASSE_BRAND", 50),
        _text("KASSE_MODELL", 50),
        _text("KASSE_SERIENNR", 70),
        _text("KASSE_SW_BRAND", 50),
        _text("KASSE_SW_VERSION", 50),
        _text("KASSE_BASISWAEH_CODE", 3),
        _text("KEINE_UST_ZUORDNUNG", 1),
    ),
)
TERMINALS = File(
    "slaves.csv",
    "Stamm_Terminals",
    (
        *_KEY,
        _text("TERMINAL_ID", 50),
        _text("TERMINAL_BRAND", 50),
        _text("TERMINAL_MODELL", 50),
        _text("TERMINAL_SERIENNR", 70),
        _text("TERMINAL_SW_BRAND", 50),
        _text("TERMINAL_SW_VERSION", 50),
    ),
)
AGENCIES = File(
    "pa.csv",
    "Stamm_Agenturen",
    (
        *_KEY,
        _number("AGENTUR_ID"),
        _text("AGENTUR_NAME", 60),
        _text("AGENTUR_STRASSE", 60),
        _text("AGENTUR_PLZ", 10),
        _text("AGENTUR_ORT", 62),
        _text("AGENTUR_LAND", 3),
        _text("AGENTUR_STNR", 20),
        _text("AGENTUR_USTID", 15),
    ),
)
TAXES = File("vat.csv", "Stamm_USt", (*_KEY, _TAX, _number("UST_SATZ", 2), _text("UST_BESCHR", 55)))
SECURITY_DEVICES = File(
    "tse.csv",
    "Stamm_TSE",
    (
        *_KEY,
        _number("TSE_ID"),
        _text("TSE_SERIAL", 68),
        _text("TSE_SIG_ALGO", 21),
        _text("TSE_ZEITFORMAT", 31),
        _text("TSE_PD_ENCODING", 5),
        _text("TSE_PUBLIC_KEY", 512),
        *(_text(f"TSE_ZERTIFIKAT_{part}", 1000) for part in "I II III IV V VI VII".split()),
    ),
)
RECEIPTS = File(
    "transactions.csv",
    "Bonkopf",
    (
        *_RECEIPT,
        _number("BON_NR"),
        _text("BON_TYP", 30),
        _text("BON_NAME", 60),
        _text("TERMINAL_ID", 50),
        _text("BON_STORNO", 1),
        _text("BON_START", 30),
        _text("BON_ENDE", 30),
        _text("BEDIENER_ID", 50),
        _text("BEDIENER_NAME", 50),
        _number("UMS_BRUTTO", 2),
        _text("KUNDE_NAME", 50),
        _text("KUNDE_ID", 50),
        _text("KUNDE_TYP", 50),
        _text("KUNDE_STRASSE", 60),
        _text("KUNDE_PLZ", 10),
        _text("KUNDE_ORT", 62),
        _text("KUNDE_LAND", 3),
        _text("KUNDE_USTID", 15),
        _text("BON_NOTIZ", 255),
    ),
)
RECEIPT_TAXES = File(
    "transactions_vat.csv",
    "Bonkopf_USt",
    (*_RECEIPT, _TAX, _number("BON_BRUTTO", 5), _number("BON_NETTO", 5), _number("BON_UST", 5)),
)
ALLOCATIONS = File(
    "allocation_groups.csv", "Bonkopf_AbrKreis", (*_RECEIPT, _text("ABRECHNUNGSKREIS", 50))
)
RECEIPT_PAYMENTS = File(
    "datapayment.csv",
    "Bonkopf_Zahlarten",
    (
        *_RECEIPT,
        _text("ZAHLART_TYP", 25),
        _text("ZAHLART_NAME", 60),
        _text("ZAHLWAEH_CODE", 3),
        _number("ZAHLWAEH_BETRAG", 2),
        _number("BASISWAEH_BETRAG", 2),
    ),
)
REFERENCES = File(
    "references.csv",
    "Bon_Referenzen",
    (
        *_LINE,
        _text("REF_TYP", 20),
        _text("REF_NAME", 40),
        _text("REF_DATUM", 30),
        _text("REF_Z_KASSE_ID", 50),
        _number("REF_Z_NR"),
        _text("REF_BON_ID", 40),
    ),
)
SECURED = File(
    "transactions_tse.csv",
    "TSE_Transaktionen",
    (
        *_RECEIPT,
        _number("TSE_ID"),
        _number("TSE_TANR"),
        _text("TSE_TA_START", 30),
        _text("TSE_TA_ENDE", 30),
        _text("TSE_TA_VORGANGSART", 30),
        _number("TSE_TA_SIGZ"),
        _text("TSE_TA_SIG", 512),
        _text("TSE_TA_FEHLER", 200),
        _text("TSE_VORGANGSDATEN", 1000),
    ),
)
LINES = File(
    "lines.csv",
    "Bonpos",
    (
        *_LINE,
        _text("GUTSCHEIN_NR", 50),
        _text("ARTIKELTEXT", 255),
        _text("POS_TERMINAL_ID", 50),
        _text("GV_TYP", 30),
        _text("GV_NAME", 40),
        _text("INHAUS", 1),
        _text("P_STORNO", 1),
        _number("AGENTUR_ID"),
        _text("ART_NR", 50),
        _text("GTIN", 50),
        _text("WARENGR_ID", 40),
        _text("WARENGR", 50),
        _number("MENGE", 3),
        _number("FAKTOR", 3),
        _text("EINHEIT", 50),
        _number("STK_BR", 5),
    ),
)
LINE_TAXES = File(
    "lines_vat.csv",
    "Bonpos_USt",
    (*_LINE, _TAX, _number("POS_BRUTTO", 5), _number("POS_NETTO", 5), _number("POS_UST", 5)),
)
LINE_PRICES = File(
    "itemamounts.csv",
    "Bonpos_Preisfindung",
    (
        *_LINE,
        _text("TYP", 20),
        _TAX,
        _number("PF_BRUTTO", 5),
        _number("PF_NETTO", 5),
        _number("PF_UST", 5),
    ),
)
LINE_PARTS = File(
    "subitems.csv",
    "Bonpos_Zusatzinfo",
    (
        *_LINE,
        _text("ZI_ART_NR", 50),
        _text("ZI_GTIN", 50),
        _text("ZI_NAME", 50),
        _text("ZI_WARENGR_ID", 40),
        _text("ZI_WARENGR", 50),
        _number("ZI_MENGE", 3),
        _number("ZI_FAKTOR", 3),
        _text("ZI_EINHEIT", 50),
        _number("ZI_UST_SCHLUESSEL"),
        _number("ZI_BASISPREIS_BRUTTO", 5),
        _number("ZI_BASISPREIS_NETTO", 5),
        _number("ZI_BASISPREIS_UST", 5),
    ),
)
CASES = File(
    "businesscases.csv",
    "Z_GV_Typ",
    (
        *_KEY,
        _text("GV_TYP", 30),
        _text("GV_NAME", 40),
        _number("AGENTUR_ID"),
        _TAX,
        _number("Z_UMS_BRUTTO", 5),
        _number("Z_UMS_NETTO", 5),
        _number("Z_UST", 5),
    ),
)
PAYMENTS = File(
    "payment.csv",
    "Z_Zahlart",
    (*_KEY, _text("ZAHLART_TYP", 25), _text("ZAHLART_NAME", 60), _number("Z_ZAHLART_BETRAG", 2)),
)
CURRENCIES = File(
    "cash_per_currency.csv",
    "Z_Waehrungen",
    (*_KEY, _text("ZAHLART_WAEH", 3), _number("ZAHLART_BETRAG_WAEH", 2)),
)

FILES = (
    LINES,
    LINE_TAXES,
    LINE_PRICES,
    LINE_PARTS,
    RECEIPTS,
    RECEIPT_TAXES,
    RECEIPT_PAYMENTS,
    ALLOCATIONS,
    REFERENCES,
    SECURED,
    CLOSINGS,
    PLACES,
    TILLS,
    TERMINALS,
    AGENCIES,
    TAXES,
    SECURITY_DEVICES,
    CASES,
    PAYMENTS,
    CURRENCIES,
)
