"""The catalogue screen: what it lists, how it is searched, and what it exports."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.domain.product import Category
from pos_app.services.catalogue import Catalogue
from pos_app.texts import t
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.label_offer import LabelOffer
from pos_app.ui.presenters.notice_board import NoticeBoard
from pos_app.ui.presenters.office_rows import FOUND_MOST, NO_ROWS, FixedRows, PagedRows, Rows
from pos_app.ui.presenters.office_words import tax_name, unit_sign
from pos_app.ui.presenters.product_form import ProductForm
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.views import CategoryView, Column, Notice, NoticeAction, Severity, TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.products import Found
    from pos_app.store.store import Store

ALL = ""
EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """Everything on the catalogue screen; `serial` grows whenever the rows are new."""

    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    text: str = ""
    category: str = ALL
    categories: tuple[CategoryView, ...] = ()
    counted: str = ""
    is_empty_shop: bool = False
    is_exporting: bool = False
    notices: tuple[Notice, ...] = ()


class CataloguePresenter:
    """Lists products and opens their forms; reads are quick enough for the GUI thread."""

    def __init__(
        self,
        store: "Store",
        catalogue: Catalogue,
        run: RunWork,
        on_state: Callable[[CatalogueState], None],
        publish: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._run = run
        self._on_state = on_state
        self._publish = publish
        self._board = NoticeBoard()
        self._export: Stoppable | None = None
        self._state = CatalogueState()
        self.refresh()

    @property
    def state(self) -> CatalogueState:
        """What the screen shows now."""
        return self._state

    def refresh(self) -> None:
        """Read everything anew, after a write or when the screen comes up."""
        shop = self._store.settings.shop()
        self._amounts = amount_format(shop)
        self._categories = self._store.products.categories()
        known = {category.id for category in self._categories}
        category = self._state.category if self._state.category in known else ALL
        self._state = replace(
            self._state,
            columns=_columns(),
            category=category,
            categories=_chips(self._categories),
            is_empty_shop=self._store.products.count() == 0,
        )
        self._list()

    def search(self, text: str) -> None:
        """List what was typed for, best first; nothing typed lists all by name."""
        self._state = replace(self._state, text=text)
        self._list()

    def choose_category(self, key: str) -> None:
        """List one group, or all for an empty key."""
        self._state = replace(self._state, category=key, text="")
        self._list()

    def scanned(self, code: str) -> ProductForm | None:
        """Open the product with the scanned code, or offer to add it."""
        product = self._store.products.find(code)
        if product is not None:
            return self.open(product.id)
        self._board.put(
            Notice(
                "unknown",
                Severity.MARK,
                t("{code} is not in the catalogue.").format(code=isolated(code[:40])),
                actions=(NoticeAction(f"add:{code[:200]}", t("Add it"), "plus"),),
            )
        )
        self._show()
        return None

    def open(self, product_id: str) -> ProductForm | None:
        """Return the form of a product, or None where it is gone."""
        product = self._store.products.get(product_id)
        if product is None:
            return None
        return ProductForm(self._store, self._catalogue, product, on_saved=self._saved)

    def add(self, barcode: str = "") -> ProductForm:
        """Return the form of a new product in the chosen group."""
        return ProductForm(
            self._store,
            self._catalogue,
            None,
            barcode=barcode,
            category_id=self._state.category or None,
            on_saved=self._saved,
        )

    def label_offer(self, marked: str) -> LabelOffer:
        """Return what of this screen labels can be made for; `marked` is the marked row's key."""
        rows = self._state.rows
        found = tuple(row.key for row in rows.rows) if isinstance(rows, FixedRows) else ()
        return LabelOffer(marked, found, self._state.category)

    def export(self, path: Path) -> None:
        """Write the whole catalogue to a CSV or XLSX file, in the background."""
        from pos_app.services.product_export import export_products  # noqa: PLC0415 - heavy

        if self._export is not None:
            return

        def work(working: Working) -> int:
            reader = self._store.reader()
            try:
                return export_products(reader, path, on_progress=working.report)
            finally:
                reader.close()

        self._state = replace(self._state, is_exporting=True)
        self._export = self._run(
            work,
            lambda count: self._exported(path, count),
            self._export_failed,
            self._export_going_on,
        )
        self._show()

    def stop_export(self) -> None:
        """Give the export up; the half-written file is left to be overwritten."""
        if self._export is not None:
            self._export.cancel()
            self._export = None
            self._state = replace(self._state, is_exporting=False)
            self._board.take_down(EXPORTED)
            self._show()

    def dismiss(self, key: str) -> None:
        """Take a notice away."""
        self._board.take_down(key)
        self._show()

    def tell(self, text: str) -> None:
        """Hang up a short word that leaves by itself."""
        self._board.tell(text)
        self._show()

    def _saved(self, name: str) -> None:
        self._board.tell(t("{name} is saved.").format(name=isolated(name)))
        self._publish(Changes(products=True, stock=True))
        self.refresh()

    def _export_going_on(self, done: int, total: int) -> None:
        counted = t("{done} of {total} products").format(
            done=self._amounts.count(done), total=self._amounts.count(total)
        )
        stop = NoticeAction("stop-export", t("Stop"), "x")
        self._board.put(
            Notice(EXPORTED, Severity.BAR, counted, t("Export"), (stop,), can_close=False)
        )
        self._show()

    def _exported(self, path: Path, count: int) -> None:
        self._export = None
        self._state = replace(self._state, is_exporting=False)
        text = t("{count} products are in {file}.").format(
            count=self._amounts.count(count), file=path.name
        )
        folder = NoticeAction(f"folder:{path}", t("Open folder"), "folder-open")
        self._board.put(Notice(EXPORTED, Severity.INFO, text, t("Export"), (folder,)))
        self._show()

    def _export_failed(self, error: Exception) -> None:
        self._export = None
        self._state = replace(self._state, is_exporting=False)
        self._board.take_down(EXPORTED)
        if not isinstance(error, PosError):
            raise error
        self._board.refuse(sentence_of(error, self._amounts))
        self._show()

    def _list(self) -> None:
        rows, counted = self._searched() if self._state.text.strip() else self._all()
        self._state = replace(
            self._state, rows=rows, counted=counted, serial=self._state.serial + 1
        )
        self._show()

    def _searched(self) -> tuple[Rows, str]:
        found = self._store.products.search(self._state.text, FOUND_MOST)
        wanted = self._state.category
        shown = [one for one in found if not wanted or one.product.category_id == wanted]
        rows = FixedRows(tuple(self._row(one) for one in shown))
        return rows, _found_words(len(shown), len(found) >= FOUND_MOST)

    def _all(self) -> tuple[Rows, str]:
        category = self._state.category or None
        total = self._store.products.count(category)
        rows = PagedRows(total, lambda offset, limit: self._page(offset, limit, category))
        return rows, t("{count} products").format(count=self._amounts.count(total))

    def _page(self, offset: int, limit: int, category: str | None) -> list[TableRow]:
        found = self._store.products.page(offset, limit, category_id=category)
        return [self._row(one) for one in found]

    def _row(self, found: "Found") -> TableRow:
        return product_row(found, self._categories, self._amounts)

    def _show(self) -> None:
        self._state = replace(self._state, notices=self._board.all())
        self._on_state(self._state)


def product_row(found: "Found", categories: list[Category], amounts: AmountFormat) -> TableRow:
    """Write a product as a row of the list."""
    product = found.product
    category = next((c.name for c in categories if c.id == product.category_id), "")
    name = product.name
    if not product.is_active:
        name = t("{name} (not for sale)").format(name=isolated(name))
    is_short = product.is_stocked and found.stock <= 0
    cells = (
        product.code,
        name,
        category,
        unit_sign(product.unit),
        t("asks") if product.price is None else amounts.price(product.price),
        " + ".join(tax_name(tax, amounts) for tax in product.taxes),
        amounts.number(found.stock) if product.is_stocked else "",
        _barcode_words(product.barcodes),
    )
    return TableRow(product.id, cells, Tone.DANGER if is_short and found.stock < 0 else Tone.PLAIN)


def _barcode_words(barcodes: tuple[str, ...]) -> str:
    if len(barcodes) < 2:
        return "".join(barcodes)
    return t("{code} and {count} more").format(code=barcodes[0], count=len(barcodes) - 1)


def _columns() -> tuple[Column, ...]:
    return (
        Column(t("Code"), 96),
        Column(t("Name"), 200, stretches=True),
        Column(t("Category"), 136),
        Column(t("Unit"), 68),
        Column(t("Price"), 92, is_figure=True),
        Column(t("Tax"), 112),
        Column(t("Stock"), 96, is_figure=True),
        Column(t("Barcodes"), 164),
    )


def _chips(categories: list[Category]) -> tuple[CategoryView, ...]:
    views = (CategoryView(category.id, category.name, category.colour) for category in categories)
    return (CategoryView(ALL, t("All")), *views)


def _found_words(count: int, is_more: bool) -> str:
    if is_more:
        return t("The best {count} matches").format(count=count)
    return t("{count} found").format(count=count)
