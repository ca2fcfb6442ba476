"""What a person calls the columns of a product list, also in the refusals that name them."""

from pos_app.domain.errors import PosError
from pos_app.services.product_columns import ColumnsMissing, ColumnUsedTwice, Field
from pos_app.texts import t


def field_words() -> dict[Field, str]:
    """Return what a person calls each field that a column can hold."""
    return {
        Field.CODE: t("Code"),
        Field.NAME: t("Name"),
        Field.BARCODE: t("Barcode"),
        Field.PRICE: t("Price"),
        Field.COST: t("Cost"),
        Field.MIN_PRICE: t("Lowest price"),
        Field.UNIT: t("Unit"),
        Field.CATEGORY: t("Category"),
        Field.TAX: t("Tax"),
        Field.KIND: t("Kind"),
        Field.ACTIVE: t("For sale"),
        Field.TILE: t("Tile position"),
        Field.STOCK: t("Stock"),
    }


def with_column_words(refusal: PosError, words: dict[str, str]) -> PosError:
    """Return a refusal of the chosen columns with their names in the language of the screen."""
    if isinstance(refusal, ColumnsMissing):
        missing = str(refusal.fields["missing"]).split(", ")
        told = ", ".join(words.get(name, name) for name in missing)
        return ColumnsMissing(**{**refusal.fields, "missing": told})
    if isinstance(refusal, ColumnUsedTwice):
        name = str(refusal.fields["field"])
        return ColumnUsedTwice(field=words.get(name, name))
    return refusal
