"""What a list is imported as: its fields and their words, how it is read, and who writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.tax import Tax
from pos_app.services.checkout import Clock
from pos_app.services.list_import import ImportReport
from pos_app.services.product_columns import Mapping
from pos_app.services.product_preview import PreviewRow
from pos_app.services.progress import Progress
from pos_app.spreadsheets.table import Table
from pos_app.texts import t
from pos_app.ui.changes import Changes

if TYPE_CHECKING:
    from pos_app.store.store import Store

Write = Callable[[Table, Mapping, tuple[Tax, ...], Progress, Callable[[], bool]], ImportReport]


@dataclass(frozen=True, slots=True)
class ImportSubject:
    """Everything about a kind of list that the wizard asks.

    `figures` stand at the far end, `shared` fields may have several columns, `tax` is the field
    whose lack makes the wizard ask for a tax (None: it never does). `counts` are the words for
    what is new and what was changed, with `{count}` in them.
    """

    title: str
    fields: type[StrEnum]
    words: dict[str, str]
    open: Callable[[Path], tuple[Table, Mapping]]
    preview: Callable[[Table, Mapping, int], list[PreviewRow]]
    write: Write
    changes: Changes
    counts: tuple[str, str]
    shared: frozenset[StrEnum] = frozenset()
    figures: frozenset[StrEnum] = frozenset()
    prices: frozenset[StrEnum] = frozenset()
    tax: StrEnum | None = None
    stock: StrEnum | None = None


def product_subject(
    store: "Store", now: Clock, staff: str, learn: Callable[[dict[str, str]], None]
) -> ImportSubject:
    """Products; `learn` is told how the list writes the names of its new categories."""
    from pos_app.services.product_columns import SHARED, Field  # noqa: PLC0415 - as below
    from pos_app.services.product_import import ProductImport  # noqa: PLC0415 - only to import
    from pos_app.services.product_preview import (  # noqa: PLC0415 - as above
        open_product_list,
        preview,
        shop_vocabulary,
    )
    from pos_app.ui.presenters.import_words import field_words  # noqa: PLC0415 - as above

    def previewed(table: Table, mapping: Mapping, limit: int) -> list[PreviewRow]:
        vocabulary = shop_vocabulary(store)
        rows = preview(table, mapping, limit, vocabulary)
        # A new category is noted in small letters; show it as the list writes it.
        learn({name.casefold(): name for name in vocabulary.new_categories})
        return rows

    def write(
        table: Table,
        mapping: Mapping,
        taxes: tuple[Tax, ...],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        importer = ProductImport(store, now, staff, default_taxes=taxes)
        return importer.run(table, mapping, progress, cancelled)

    prices = frozenset({Field.PRICE, Field.COST, Field.MIN_PRICE})
    return ImportSubject(
        title=t("Import products"),
        fields=Field,
        words={field.value: word for field, word in field_words().items()},
        open=open_product_list,
        preview=previewed,
        write=write,
        changes=Changes(products=True, stock=True),
        counts=(t("{count} new products"), t("{count} products changed")),
        shared=frozenset(SHARED),
        figures=frozenset({*prices, Field.STOCK}),
        prices=frozenset(prices),
        tax=Field.TAX,
        stock=Field.STOCK,
    )


def customer_subject(store: "Store", now: Clock, staff: str) -> ImportSubject:
    """Customers with their credit terms."""
    from pos_app.services.customer_columns import CustomerField  # noqa: PLC0415 - as below
    from pos_app.services.customer_import import (  # noqa: PLC0415 - only to import
        CustomerImport,
        open_customer_list,
        preview_customers,
    )
    from pos_app.ui.presenters.customer_words import (  # noqa: PLC0415 - as above
        customer_field_words,
    )

    currency = store.settings.shop().policy.currency
    words = customer_field_words()
    names = {CustomerField.CARD: "card_code", CustomerField.ACTIVE: "is_active"}

    def write(
        table: Table,
        mapping: Mapping,
        _taxes: tuple[Tax, ...],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        return CustomerImport(store, now, staff).run(table, mapping, progress, cancelled)

    return ImportSubject(
        title=t("Import customers"),
        fields=CustomerField,
        words={
            field.value: words[names.get(field, field.value.replace(" ", "_"))]
            for field in CustomerField
        },
        open=open_customer_list,
        preview=lambda table, mapping, limit: preview_customers(table, mapping, currency, limit),
        write=write,
        changes=Changes(customers=True),
        counts=(t("{count} new customers"), t("{count} customers changed")),
        figures=frozenset({CustomerField.CREDIT_LIMIT, CustomerField.CREDIT_DAYS}),
    )
