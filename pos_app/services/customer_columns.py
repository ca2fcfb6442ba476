"""Which column of a customer list is which: guessed from its title in four languages."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from pos_app.domain.written_numbers import guess_decimal_mark
from pos_app.services.product_columns import (
    ColumnsMissing,
    ColumnUsedTwice,
    MappedColumn,
    Mapping,
    plain_words,
)
from pos_app.spreadsheets.table import Row


class CustomerField(StrEnum):
    """What a column can hold; its value is the title that an export gives it."""

    NUMBER = "number"
    NAME = "name"
    CONTACT = "contact"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"
    CITY = "city"
    STATE = "state"
    COUNTRY = "country"
    TAX_NUMBER = "tax number"
    CARD = "card"
    CATEGORY = "category"
    REGION = "region"
    PRICE_LIST = "price list"
    ACTIVE = "active"
    CREDIT_LIMIT = "credit limit"
    CREDIT_DAYS = "credit days"
    BANK_NAME = "bank name"
    BANK_ACCOUNT = "bank account"
    NOTE = "note"


_F = CustomerField
_SYNONYMS: dict[CustomerField, str] = {
    _F.NUMBER: """number; no; customer no; customer number; customerno; customer id; customer code;
        account no; id; code; kundennummer; kundennr; kunden nr; kdnr; nummer; debitor;
        debitorennummer; numéro; numéro client; n° client; code client; número; código;
        número de cliente; código de cliente""",
    _F.NAME: """name; customer; customer name; company; company name; firm; full name; kunde;
        kundenname; firma; firmenname; nom; raison sociale; société; client; nombre;
        razón social; empresa; cliente""",
    _F.CONTACT: """contact; contact person; contact name; attention; ansprechpartner; kontakt;
        kontaktperson; interlocuteur; personne de contact; contacto; persona de contacto""",
    _F.PHONE: """phone; phone number; telephone; tel; mobile; cell; telefon; telefonnummer;
        mobil; handy; téléphone; portable; teléfono; móvil""",
    _F.EMAIL: """email; e mail; mail; email address; e mail adresse; mailadresse; courriel;
        adresse e mail; correo; correo electrónico""",
    _F.ADDRESS: """address; street; address 1; street address; anschrift; adresse; straße;
        strasse; rue; dirección; calle; domicilio""",
    _F.POSTCODE: """postcode; post code; postal code; zip; zip code; plz; postleitzahl;
        code postal; cp; código postal""",
    _F.CITY: "city; town; place; ort; stadt; wohnort; ville; localité; ciudad; población",
    _F.STATE: "state; province; county; bundesland; kanton; département; provincia; estado",
    _F.COUNTRY: "country; country code; land; ländercode; pays; code pays; país",
    _F.TAX_NUMBER: """tax number; tax no; taxno; vat number; vat no; vat id; vat; tax id;
        ust id; ust idnr; ustid; umsatzsteuer id; steuernummer; n° tva; numéro de tva; tva;
        nif; cif; número de iva""",
    _F.CARD: """card; card code; customer card; card number; loyalty card; karte; kundenkarte;
        kartennummer; carte; carte client; tarjeta""",
    _F.CATEGORY: """category; group; customer group; type; kategorie; kundengruppe; gruppe; art;
        catégorie; groupe; categoría; grupo; tipo""",
    _F.REGION: "region; area; territory; gebiet; bezirk; région; secteur; región; zona",
    _F.PRICE_LIST: "price list; pricelist; price group; preisliste; preisgruppe; tarif; tarifa",
    _F.ACTIVE: "active; is active; status; enabled; aktiv; actif; statut; activo; estatus",
    _F.CREDIT_LIMIT: """credit limit; creditlimit; limit; kreditlimit; kreditrahmen;
        plafond; encours autorisé; límite de crédito""",
    _F.CREDIT_DAYS: """credit days; creditdays; days to pay; payment days; due days; zahlungsziel;
        zahlungsziel tage; délai de paiement; días de crédito; plazo de pago""",
    _F.BANK_NAME: "bank name; bank; bankname; banque; nom de la banque; banco",
    _F.BANK_ACCOUNT: """bank account; bankaccount; iban; account number; kontonummer; konto;
        bankverbindung; compte bancaire; cuenta bancaria""",
    _F.NOTE: """note; notes; remark; remarks; comment; notiz; bemerkung; anmerkung; remarque;
        commentaire; nota; observaciones""",
}
_TITLES = {
    plain_words(word): field for field, words in _SYNONYMS.items() for word in words.split(";")
}


def guess_customer_column(title: str) -> CustomerField | None:
    """Tell what a title stands for, or None."""
    field = _TITLES.get(plain_words(title))
    if field is None:  # "Credit limit (EUR)", "Telefon 1"
        field = _TITLES.get(plain_words(re.sub(r"\(.*?\)|\[.*?\]|\b[A-Z]{3}$|\s\d$", "", title)))
    return field


def guess_customer_mapping(header: Sequence[str], sample: Iterable[Row] = ()) -> Mapping:
    """Guess each column from its title; where two would fill one field, the first does."""
    columns: list[MappedColumn] = []
    for index, title in enumerate(header):
        field = guess_customer_column(title)
        if field is not None and all(column.field is not field for column in columns):
            columns.append(MappedColumn(index, field))
    limits = [column.index for column in columns if column.field is _F.CREDIT_LIMIT]
    numbers = (row.cell(index) for index in limits for row in sample)
    return Mapping(tuple(columns), guess_decimal_mark(numbers))


def customer_header_score(cells: tuple[str, ...]) -> int:
    """Count how many titles of a row are known, to find the header under a letterhead."""
    return len({field for cell in cells if (field := guess_customer_column(cell)) is not None})


def check_customer_mapping(mapping: Mapping, header: Sequence[str]) -> None:
    """Refuse a mapping that names nobody.

    A list with numbers or cards may leave the names out: it changes customers that are known.
    Raises ColumnsMissing or ColumnUsedTwice.
    """
    seen: set[StrEnum] = set()
    for column in mapping.columns:
        if column.field in seen:
            raise ColumnUsedTwice(field=column.field.value)
        seen.add(column.field)
    is_update = mapping.has(_F.NUMBER, _F.CARD) and len(seen) > 1
    if not mapping.has(_F.NAME) and not is_update:
        shown = ", ".join(title or "–" for title in header[:30])
        raise ColumnsMissing(missing=_F.NAME.value, columns=shown[:300])
