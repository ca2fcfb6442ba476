"""The fiscal export, read back by a validator and a table of columns that others wrote."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from dsfinvk import models, validate
from lxml import etree

from pos_app.domain.cash_movement import MovementKind
from pos_app.domain.document_settings import SellerAddress
from pos_app.domain.report_period import ReportPeriod
from pos_app.services.dsfinvk.cross_sums import cross_sum_faults
from pos_app.services.dsfinvk.taxonomy import FILES
from pos_app.services.dsfinvk_export import NoClosing, export_dsfinvk
from pos_app.services.returning import Returning
from pos_app.services.shop_setup import ShopSetup
from pos_app.spreadsheets.writing import FileNotWritable
from pos_app.store.store import open_reader
from tests.proofs.clean_shops import make_clean_shop
from tests.services.cash_day import CARD, GOODS, PRODUCTS, SHOP, CashDay, counted, eur

GERMAN = replace(
    SHOP,
    name='Laden; am "Eck"',
    country="DE",
    tax_number="12/345/67890",
    documents=replace(
        SHOP.documents,
        address=SellerAddress("Hauptstr. 1", "10115", "Berlin"),
        vat_id="DE123456789",
    ),
)
Rows = list[dict[str, str]]


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CashDay]:
    shop = CashDay(tmp_path / "shop.db", GERMAN)
    yield shop
    shop.store.close()


def rows(path: Path, name: str) -> Rows:
    with zipfile.ZipFile(path) as medium:
        text = medium.read(name).decode()
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def amount(written: str) -> Decimal:
    return Decimal(written.replace(",", "."))


def sell_a_day(day: CashDay) -> None:
    """One of everything: all kinds of lines and payments, cash in and out, a return and a void."""
    day.shifts.open(counted(eur(100)))
    first = day.sell(*PRODUCTS, tendered=200)
    day.sell_for_dollars(20, GOODS[0])
    day.give_back(first)
    day.shifts.move(MovementKind.PAY_IN, eur(30), "change")
    day.shifts.move(MovementKind.PAY_OUT, eur("7.50"), "stamps", "bill 12")
    day.shifts.move(MovementKind.DROP, eur(20), "safe")
    wrong = day.sell(GOODS[1], method=CARD)
    Returning(day.checkout).void(wrong.id, "wrong customer")
    cart = day.cart(*GOODS)
    day.checkout.discard(day.checkout.remove(cart, cart.lines[0].id))
    expected = [one.expected for one in day.shifts.figures().drawers]
    short = [expected[0] - eur("1.50"), *expected[1:]]
    shift = day.shifts.confirm_count(counted(*short))
    day.shifts.close(shift.id, eur(100), bag_reference="bag 7")


def test_a_validator_of_others_takes_the_medium_and_its_index_follows_the_dtd(
    day: CashDay, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell_a_day(day)
    path = tmp_path / "medium.zip"
    export_dsfinvk(day.store, path, None)
    assert validate.validate_zip(path) == []
    assert capsys.readouterr().out == ""  # it prints what it complains of within the rows
    with zipfile.ZipFile(path) as medium:
        medium.extractall(tmp_path / "read")
    parser = etree.XMLParser(dtd_validation=True, no_network=True)
    index = etree.parse(tmp_path / "read" / "index.xml", parser)
    described = [one.text for one in index.findall(".//Table/URL")]
    assert described == [file.name for file in FILES]
    assert {one.name for one in (tmp_path / "read").iterdir()} == {
        *described,
        "index.xml",
        "gdpdu-01-09-2004.dtd",
    }


def test_the_columns_are_those_that_others_know() -> None:
    theirs = {
        model._filename: [field.name for field in model._fields]
        for model in vars(models).values()
        if isinstance(model, type) and isinstance(getattr(model, "_filename", None), str)
    }
    assert theirs == {file.name: [field.name for field in file.fields] for file in FILES}
    assert len(FILES) == 20


def test_every_sum_is_that_of_its_parts_and_the_closing_is_the_z_report(
    day: CashDay, tmp_path: Path
) -> None:
    sell_a_day(day)
    path = tmp_path / "medium.zip"
    done = export_dsfinvk(day.store, path, None)
    assert (done.closings, done.receipts, done.unclosed) == (1, 5, 0)
    assert cross_sum_faults(path) == []
    report = day.shifts.last_closed().report  # type: ignore[union-attr]
    assert report is not None
    cases = rows(path, "businesscases.csv")
    sold = sum(amount(one["Z_UMS_BRUTTO"]) for one in cases if one["GV_TYP"] == "Umsatz")
    assert sold == report.sales.turnover.amount
    assert sum(amount(one["Z_UST"]) for one in cases) == report.sales.tax.amount
    by_kind = {one["GV_TYP"]: amount(one["Z_UMS_BRUTTO"]) for one in cases if one["GV_NAME"] == ""}
    assert by_kind["MehrzweckgutscheinKauf"] == 25
    assert by_kind["TrinkgeldAN"] == 2
    assert by_kind["Anzahlungseinstellung"] == 50
    assert by_kind["Anfangsbestand"] == 100
    assert (by_kind["Einzahlung"], by_kind["Auszahlung"]) == (30, Decimal("-7.5"))
    assert by_kind["DifferenzSollIst"] == Decimal("-1.5")
    # What is left in the drawer: the float of the next day, and the foreign notes.
    cash = {
        one["ZAHLART_WAEH"]: one["ZAHLART_BETRAG_WAEH"]
        for one in rows(path, "cash_per_currency.csv")
    }
    shift = day.shifts.last_closed()
    assert shift is not None
    kept = {one.currency: one.total.amount for one in shift.kept}
    assert {currency: amount(held) for currency, held in cash.items() if amount(held)} == {
        currency: held for currency, held in kept.items() if held
    }


def test_a_row_that_was_changed_is_found_by_the_cross_sums(day: CashDay, tmp_path: Path) -> None:
    sell_a_day(day)
    path, changed = tmp_path / "medium.zip", tmp_path / "changed.zip"
    export_dsfinvk(day.store, path, None)
    for name, before, after in (
        ("lines_vat.csv", "4,99000", "4,98000"),
        ("datapayment.csv", "94,40", "94,41"),
        ("payment.csv", ",", ",1"),
        ("businesscases.csv", "25,00000", "26,00000"),
    ):
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
            for one in old.namelist():
                text = old.read(one).decode()
                new.writestr(one, text.replace(before, after, 1) if one == name else text)
        assert cross_sum_faults(changed), name


def test_receipts_name_who_sold_what_came_back_and_what_was_voided(
    day: CashDay, tmp_path: Path
) -> None:
    sell_a_day(day)
    path = tmp_path / "medium.zip"
    export_dsfinvk(day.store, path, None)
    receipts = {one["BON_ID"]: one for one in rows(path, "transactions.csv")}
    assert receipts["1-000001"]["BON_NR"] == "1"
    assert receipts["1-000001"]["BON_START"] <= receipts["1-000001"]["BON_ENDE"]
    assert receipts["1-000005"]["BON_STORNO"] == "1"
    kinds = [one["BON_TYP"] for one in receipts.values()]
    assert kinds.count("AVBelegabbruch") == 1
    back = {one["BON_ID"]: one["REF_BON_ID"] for one in rows(path, "references.csv")}
    assert back == {"1-000003": "1-000001", "1-000005": "1-000004"}
    assert {one["REF_Z_NR"] for one in rows(path, "references.csv")} == {"1"}
    secured = rows(path, "transactions_tse.csv")
    assert len(secured) == len(receipts)  # each says that no certified device signed it
    assert all(one["TSE_TA_FEHLER"] for one in secured)
    dollars = [one for one in rows(path, "datapayment.csv") if one["ZAHLWAEH_CODE"] == "USD"]
    assert [(one["ZAHLWAEH_BETRAG"], one["BASISWAEH_BETRAG"]) for one in dollars] == [
        ("20,00", "18,40"),  # taken in
        ("-20,00", "0,00"),  # put into the bag: the shop's books give notes no worth
    ]


def test_german_rates_have_the_fixed_keys_and_others_one_of_the_shops_own(
    day: CashDay, tmp_path: Path
) -> None:
    sell_a_day(day)
    path = tmp_path / "medium.zip"
    export_dsfinvk(day.store, path, None)
    keys = {one["UST_SCHLUESSEL"]: one["UST_SATZ"] for one in rows(path, "vat.csv")}
    assert keys == {"2": "7,00", "5": "0,00", "1000": "20,00"}


def test_a_closing_names_the_shop_as_it_was_that_day(day: CashDay, tmp_path: Path) -> None:
    sell_a_day(day)
    ShopSetup(day.store, day.now).save(replace(GERMAN, name="Neuer Laden"))
    day.moment += timedelta(days=1)
    day.shifts.open(counted(eur(100)))
    day.sell(GOODS[0], tendered=5)
    day.close_as_counted()
    path = tmp_path / "medium.zip"
    export_dsfinvk(day.store, path, None)
    named = [(one["Z_NR"], one["NAME"], one["ORT"]) for one in rows(path, "cashpointclosing.csv")]
    assert named == [("1", 'Laden; am "Eck"', "Berlin"), ("2", "Neuer Laden", "Berlin")]
    second = ReportPeriod(date(2026, 3, 5), date(2026, 3, 5))
    assert export_dsfinvk(day.store, path, second).receipts == 1
    assert cross_sum_faults(path) == []
    assert validate.validate_zip(path) == []


def test_days_without_a_closing_are_refused_and_no_file_is_left(
    day: CashDay, tmp_path: Path
) -> None:
    day.sell(GOODS[0], tendered=5)
    with pytest.raises(NoClosing):
        export_dsfinvk(day.store, tmp_path / "medium.zip", None)
    assert not (tmp_path / "medium.zip").exists()


def test_what_was_sold_since_the_last_closing_is_counted_as_waiting(
    day: CashDay, tmp_path: Path
) -> None:
    sell_a_day(day)
    day.sell(GOODS[0], tendered=5)
    assert export_dsfinvk(day.store, tmp_path / "medium.zip", None).unclosed == 1


def test_the_same_closings_make_the_same_file_and_a_stop_leaves_none(
    day: CashDay, tmp_path: Path
) -> None:
    sell_a_day(day)
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    export_dsfinvk(day.store, one, None)
    export_dsfinvk(day.store, two, None)
    assert one.read_bytes() == two.read_bytes()

    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "stopped"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        export_dsfinvk(day.store, folder / "medium.zip", None, stop)
    assert list(folder.iterdir()) == []
    with pytest.raises(FileNotWritable):
        export_dsfinvk(day.store, tmp_path / "missing" / "medium.zip", None)


@pytest.mark.parametrize("seed", [3, 14, 16, 92])
def test_shops_that_sold_at_random_add_up(seed: int, tmp_path: Path) -> None:
    shop, path = tmp_path / "shop.db", tmp_path / "medium.zip"
    make_clean_shop(shop, seed, 150)
    with open_reader(shop) as store:
        assert export_dsfinvk(store, path, None).receipts > 0
    assert cross_sum_faults(path) == []
    assert validate.validate_zip(path) == []
