"""Opening the sheet in which a quotation, an order or an invoice is written."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pos_app.services.document_use_cases import DocumentUseCases
from pos_app.ui.background import run_in_background
from pos_app.ui.document_editor import EditorSheet
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.presenters.document_editor import DocumentEditor
from pos_app.ui.presenters.document_editor_kinds import Written
from pos_app.ui.presenters.document_steps import Ask

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.ui.customer_sheet import CustomerSheet


def open_editor(
    parent: QWidget,
    use_cases: DocumentUseCases,
    store: "Store",
    document: Written | None,
    kind: str,
    on_saved: Callable[[Written], None],
    *,
    ask: Ask | None = None,
    run: RunWork | None = None,
) -> EditorSheet:
    """Open the sheet that writes a new document of a kind, or changes a draft.

    `kind` is the name of its record: quotation, order or invoice. A `document` that was never
    kept, such as a copy, becomes a new one. `on_saved` gets each state that was kept, the last
    one last. `ask` raises an approval, and does again what was refused. Scans belong to the
    sheet's `take_scan` while it is open.
    """
    work = run or partial(run_in_background, owner=parent)
    editor = DocumentEditor(use_cases, store, document, kind, work, on_saved)
    editor.ask = ask
    sheet = EditorSheet(editor, parent, lambda over: new_customer(over, use_cases, store, editor))
    sheet.open()
    return sheet


def new_customer(
    over: QWidget, use_cases: DocumentUseCases, store: "Store", editor: DocumentEditor
) -> "CustomerSheet":
    """Open the sheet of a new customer; the document is for them once they are saved."""
    from pos_app.services.customers import Customers  # noqa: PLC0415 - when somebody is new
    from pos_app.ui.customer_sheet import CustomerSheet  # noqa: PLC0415 - as above
    from pos_app.ui.presenters.customer_form import CustomerForm  # noqa: PLC0415 - as above

    counter = use_cases.orders.checkout
    customers = Customers(store, counter.now, counter.staff)
    form = CustomerForm(store, customers, None, on_saved=editor.use_customer)
    typed = editor.head.texts["customer"].strip()
    if typed != editor.head.party.name:
        form.change(name=typed)
    sheet = CustomerSheet(form, over)
    sheet.open()
    return sheet
