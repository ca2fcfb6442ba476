"""Reports on the command line: printed, as JSON, and as a workbook."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pos_app.app.cli import run
from tests.services.reported_shop import historic_shop, with_documents

DAYS = ["--from", "2010-12-01", "--to", "2011-05-31"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        path = tmp_path_factory.mktemp("reported") / "shop.db"
        with historic_shop(path) as store:
            with_documents(store)
        yield path


def told(shop: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run(["report", *options, "--store", str(shop)]) == 0
    return capsys.readouterr().out


def test_a_report_is_printed_with_its_totals(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = told(shop, capsys, "order-execution", *DAYS).splitlines()
    assert words[0] == "Order execution, GBP: Period 2010-12-01 – 2011-05-31"
    assert words[1].split("\t")[:3] == ["Order", "Customer", "Amount"]
    assert words[-1] == "Total\t\t8663.35\t5407.92\t62.4\t\t\t237.98"


def test_a_report_is_read_by_programs_with_exact_figures(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["product-trend", *DAYS, "--by", "month", "--product", "PROD001", "--json"]
    found = json.loads(told(shop, capsys, *options))
    assert found["report"] == "product_trend"
    assert found["about"]["Product"] == "Laptop"
    assert [row["start"] for row in found["rows"]][:2] == ["2010-12-01", "2011-01-01"]
    totals = found["totals"]
    assert (totals["quantity0"], totals["amount"]) == ("43", "5116.49")


def test_a_customers_orders_become_a_workbook(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "orders.xlsx"
    options = ["order-execution", *DAYS, "--customer", "B1", "--file", str(path)]
    assert told(shop, capsys, *options) == f"3 rows are in {path}.\n"
    assert openpyxl.load_workbook(path).worksheets[0].title == "Order execution"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--customer", "B9"], "Nothing in this shop has the number B9"),
        (["--product", "none"], "Nothing in this shop has the number none"),
        (["--from", "2011-02-01", "--to", "2011-01-01"], "before it begins"),
        (["--from", "2011-02-01", "--file", "/none/a.xlsx"], "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_a_sentence(
    shop: Path, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert run(["report", "order-execution", *options, "--store", str(shop)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_day_that_is_none_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["report", "receivables", "--from", "yesterday", "--store", str(shop)])
    assert "write it like 2026-01-31" in capsys.readouterr().err
