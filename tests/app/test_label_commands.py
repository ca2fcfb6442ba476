"""Labels from the command line: PDF and ZPL files out of a store that may be in use."""

import json
from pathlib import Path

import pypdf
import pytest

from pos_app.app.cli import run

LIST = (
    "Code;Name;Price;Tax;Barcode;Category\n"
    "A1;Milk;1,35;20;5000000000012;Dairy\n"
    "A2;Bread;1,89;20;5000000000029;Bakery\n"
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POS_APP_KEYS", "file")
    products = tmp_path / "products.csv"
    products.write_text(LIST, "utf-8")
    path = tmp_path / "shop.db"
    run(["import-products", str(products), "--store", str(path)])
    return path


def labels(store: Path, *options: str) -> int:
    return run(["labels", "--store", str(store), *options])


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--products", "A1=3", "5000000000029"), 4),
        (("--category", "dairy"), 1),
        (("--changed-since", "2020-01-01"), 2),
        (("--all", "--copies", "5", "--start", "20", "--date", "--cut-marks"), 10),
    ],
)
def test_the_labels_that_were_asked_for_are_in_the_file(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...], count: int,
) -> None:  # fmt: skip
    out = tmp_path / "labels.pdf"
    capsys.readouterr()
    assert labels(store, *options, "--out", str(out), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["labels"] == count
    pages = pypdf.PdfReader(out).pages
    assert len(pages) == told["pages"]
    text = "".join(page.extract_text() for page in pages)
    assert text.count("Milk") + text.count("Bread") == count


def test_a_file_for_a_label_printer(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.zpl"
    assert labels(store, "--all", "--format", "roll-57x32", "--out", str(out)) == 0
    assert out.read_bytes().count(b"^XA^CI28") == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--products", "nope"), "No product has the code nope"),
        (("--products", "A1=x"), "Write a code"),
        (("--products", "A1=0"), "Write a code"),
        (("--category", "Toys"), "The shop has Bakery, Dairy"),
        (("--changed-since", "yesterday"), "is not a day"),
        (("--changed-since", "last"), "No labels were made"),
        (("--all", "--format", "a5"), "a4-3x8"),
        (("--changed-since", "2999-01-01"), "no products to make labels for"),
        (("--all", "--copies", "9999999"), None),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_no_file(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...], sentence: str | None,
) -> None:  # fmt: skip
    out = tmp_path / "labels.pdf"
    if sentence is None:
        with pytest.raises(SystemExit):
            labels(store, *options, "--out", str(out))
    else:
        assert labels(store, *options, "--out", str(out)) == 2
        assert sentence in capsys.readouterr().err
    assert not out.exists()
