"""The day on the command line: its figures printed, as JSON, as files, and on paper."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest

from pos_app.app.cli import run
from pos_app.domain.day_review import DayReview
from pos_app.domain.plain import from_plain
from pos_app.store.store import open_store
from tests.services.reported_shop import historic_shop, with_documents
from tests.store.shops import behind_our_back

DAY = ["--from", "2010-12-01"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_APP_KEYS", "file")
        path = tmp_path_factory.mktemp("reviewed") / "shop.db"
        with historic_shop(path) as store:
            with_documents(store)
        yield path


def told(shop: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run(["day", *options, "--store", str(shop)]) == 0
    return capsys.readouterr().out


def figure(words: str, name: str) -> list[str]:
    return next(line for line in words.splitlines() if line.startswith(f"{name}\t")).split("\t")


def test_a_day_is_printed_with_its_figures(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = told(shop, capsys, *DAY)
    assert words.splitlines()[0] == "Online Retail, GBP"
    assert figure(words, "Takings")[1] == "10788.60"
    assert figure(words, "On account")[1:4] == ["10", "10821.60", "33.00"]
    assert "Hours" in words


def test_two_periods_are_compared(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = told(
        shop, capsys, "--from", "2010-12-02", "--to", "2010-12-31",
        "--compare-from", "2010-12-01", "--compare-to", "2010-12-01",
    )  # fmt: skip
    assert figure(words, "Figure")[1:3] == ["2010-12-02 – 2010-12-31", "2010-12-01"]
    assert figure(words, "Takings")[2] == "10788.60"


def test_programs_read_the_whole_review(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = from_plain(DayReview, json.loads(told(shop, capsys, *DAY, "--json")))
    assert (review.totals.takings, review.currency) == (1_078_860, "GBP")
    assert review.hours


def test_all_files_are_written_at_once(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {kind: tmp_path / f"day.{kind}" for kind in ("pdf", "csv", "xlsx")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", str(path))]
    words = told(shop, capsys, *DAY, *options)
    assert words.splitlines() == [f"The day is in {path}." for path in files.values()]
    assert len(pypdf.PdfReader(BytesIO(files["pdf"].read_bytes())).pages) == 1
    assert openpyxl.load_workbook(files["xlsx"]).sheetnames[0] == "Summary"
    assert "10788.60" in files["csv"].read_text("utf-8-sig")


def test_the_slip_goes_through_the_spool(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(shop, capsys, *DAY, "--print").startswith("Printed on ")


def test_figures_are_right_while_the_till_has_the_store(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(shop):
        assert figure(told(shop, capsys, *DAY), "Takings")[1] == "10788.60"
        assert run(["day", *DAY, "--print", "--store", str(shop)]) == 2
    assert capsys.readouterr().err


def test_a_period_that_ends_before_it_begins_is_refused(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["day", "--from", "2010-12-02", "--to", "2010-12-01", "--store", str(shop)]) == 2
    assert "before it begins" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_refused_in_a_sentence(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none" / "day.pdf"
    assert run(["day", *DAY, "--pdf", str(path), "--store", str(shop)]) == 2
    assert "day.pdf cannot be written there" in capsys.readouterr().err


def test_sums_that_somebody_changed_are_found_and_made_anew(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(shop, capsys, *DAY)
    behind_our_back(shop, "UPDATE day_totals SET takings = takings + 100")
    assert run(["verify", "--store", str(shop)]) == 1
    assert "day_totals, 2010-12-01 GBP" in capsys.readouterr().out
    assert figure(told(shop, capsys, *DAY, "--anew"), "Takings")[1] == "10788.60"
    assert run(["verify", "--store", str(shop)]) == 0
