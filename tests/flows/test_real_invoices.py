"""A retailer's own sales, invoiced: paper and e-invoice of each are valid under the official rules.

The suite takes the customers of the sample beside the tests; `pytest --run-long` takes 500
invoices of the half year beside the project.
"""

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path

import pypdf
import pytest

from pos_app.domain.cart import SaleKind
from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.invoice import Invoice
from pos_app.domain.sale import Sale
from pos_app.domain.shop import ShopSettings
from pos_app.printing.e_invoice import EInvoice, EInvoiceRules
from pos_app.printing.e_invoice_cii import cii_xml
from pos_app.printing.e_invoice_pdf import FILE_NAME
from pos_app.printing.e_invoice_problems import BuyerCountryMissing
from pos_app.printing.e_invoice_ubl import ubl_xml
from pos_app.services.checkout import Checkout
from pos_app.services.document_files import FileForm, paper_order
from pos_app.services.document_files import made as file_of
from pos_app.services.e_invoices import as_issued, e_credit_note_of, e_invoice_of
from pos_app.services.invoicing import Invoicing
from pos_app.services.sales_import import history_shop, import_sales
from pos_app.services.sales_returns import SalesReturns
from pos_app.store.store import Store, create_store
from tests.e_invoice_rules import FACTUR_X, UBL, broken

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "online-retail-sample.csv"
HALF_YEAR = ROOT.parent / "shared" / "data" / "online-retail-2010-12--2011-05.csv.gz"
NOW = datetime(2011, 6, 30, 12, tzinfo=UTC)
# The retailer's sales need a seller to stand on paper; number and account are those of examples.
DOCUMENTS = DocumentSettings(
    address=SellerAddress("1 High Street", "N1 1AA", "London"),
    bank=BankDetails("Online Retail", "GB33 BUKB 2020 1555 5555 55"),
    vat_id="GB123456789",
    email="sales@retail.example",
)
PLACELESS = {"Channel Islands", "European Community", "Unspecified"}


@pytest.fixture
def shop() -> ShopSettings:
    return replace(history_shop(), documents=DOCUMENTS)


@pytest.fixture
def new_store(tmp_path: Path, shop: ShopSettings) -> Iterator[Callable[[Path], Store]]:
    made = create_store(tmp_path / "retail.db", shop, now=NOW)

    def imported(file: Path) -> Store:
        import_sales(made, file, lambda: NOW)
        return made

    yield imported
    made.close()


def test_invoices_of_the_sample_are_valid(
    new_store: Callable[[Path], Store], shop: ShopSettings
) -> None:
    invoice_all(new_store(SAMPLE), shop, 20)


@pytest.mark.long
@pytest.mark.skipif(not HALF_YEAR.exists(), reason="the half year is not beside the project")
def test_five_hundred_invoices_of_the_half_year_are_valid(
    new_store: Callable[[Path], Store], shop: ShopSettings, tmp_path: Path
) -> None:
    first_weeks = tmp_path / "first-weeks.csv"
    with gzip.open(HALF_YEAR, "rt", encoding="utf-8", newline="") as whole:
        rows = islice(csv.reader(whole), 30_000)
        with first_weeks.open("w", encoding="utf-8", newline="") as part:
            csv.writer(part).writerows(rows)
    invoice_all(new_store(first_weeks), shop, 500)


def invoice_all(store: Store, shop: ShopSettings, wanted: int) -> None:
    """Invoice sales with a customer until enough are valid; a tenth of them is credited again."""
    checkout = Checkout(store, lambda: NOW)
    invoicing, returns = Invoicing(checkout), SalesReturns(checkout)
    valid = 0
    for sale in sales_with_customer(store):
        invoice = invoicing.of_sale(sale)
        told = e_invoice_of(invoice, shop)
        check_figures(told, invoice, sale)
        order = paper_order(store, invoice, FileForm.FACTUR_X)
        if invoice.head.customer.country in PLACELESS:
            with pytest.raises(BuyerCountryMissing):
                file_of(order)
            continue
        check_file(file_of(order), told)
        valid += 1
        if valid % 10 == 0:
            returned = returns.credit(invoice, "Returned")
            note = e_credit_note_of(returned, [invoice], shop)
            assert note.totals.gross == invoice.gross - invoice.credited
            check_file(file_of(paper_order(store, returned, FileForm.FACTUR_X)), note)
        if valid == wanted:
            return
    pytest.fail(f"only {valid} invoices")


def sales_with_customer(store: Store) -> list[Sale]:
    return [
        sale
        for _, sale in store.sales.stream()
        if sale.customer is not None and sale.kind is SaleKind.SALE and sale.amount_due.minor >= 0
    ]


def check_figures(told: EInvoice, invoice: Invoice, sale: Sale) -> None:
    """Sale, invoice and e-invoice agree to the penny."""
    totals = told.totals
    assert (invoice.net, invoice.tax, invoice.gross) == (sale.net, sale.tax, sale.gross)
    assert (totals.net, totals.tax, totals.gross) == (sale.net, sale.tax, sale.gross)
    assert totals.due == as_issued(invoice).balance
    assert len(told.lines) == len(sale.lines)


def check_file(file: bytes, told: EInvoice) -> None:
    """Paper and e-invoice are one file, and both syntaxes are valid."""
    reader = pypdf.PdfReader(BytesIO(file))
    (inside,) = reader.attachments[FILE_NAME]
    assert inside == cii_xml(told)
    assert told.number in reader.pages[0].extract_text()
    assert broken(inside, FACTUR_X) == []
    assert broken(ubl_xml(told, EInvoiceRules.EN_16931), UBL) == []
