"""The catalogue's presenter without Qt: lists, searches, scans and exports."""

import csv
from dataclasses import replace
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.services.catalogue import Catalogue
from pos_app.store.store import Store
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.catalogue import CataloguePresenter, CatalogueState
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import DAIRY, MILK, NOW, PRODUCTS


def presenter_of(store: Store, run: object = at_once) -> tuple[CataloguePresenter, list[Changes]]:
    told: list[Changes] = []
    states: list[CatalogueState] = []
    catalogue = Catalogue(store, lambda: NOW)
    made = CataloguePresenter(store, catalogue, run, states.append, told.append)  # type: ignore[arg-type]
    return made, told


def names(presenter: CataloguePresenter) -> list[str]:
    rows = presenter.state.rows
    return [row.cells[1] for row in rows.fetch(0, rows.count())]


def test_all_products_are_listed_by_name_with_their_figures(store: Store) -> None:
    presenter, _ = presenter_of(store)
    assert names(presenter) == ["Ground coffee", "Rye bread", "Tomatoes", "Whole milk"]
    row = presenter.state.rows.fetch(3, 1)[0]
    assert row.cells == ("A001", "Whole milk", "Dairy", "pc", "1.19", "VAT 20%", "0", MILK)
    assert presenter.state.counted == "4 products"


def test_typing_narrows_the_list_and_emptying_it_shows_all_again(store: Store) -> None:
    presenter, _ = presenter_of(store)
    presenter.search("mil")
    assert names(presenter) == ["Whole milk"]
    presenter.search("")
    assert len(names(presenter)) == 4


def test_a_category_is_filtered_with_its_own_count(store: Store) -> None:
    presenter, _ = presenter_of(store)
    presenter.choose_category(DAIRY.id)
    assert names(presenter) == ["Whole milk"]
    assert presenter.state.counted == "1 products"
    presenter.search("bread")
    assert names(presenter) == []


def test_only_the_page_in_sight_is_read(store: Store) -> None:
    presenter, _ = presenter_of(store)
    asked: list[tuple[int, int]] = []
    page = store.products.page

    def watched(offset: int, limit: int, **more: object) -> list[object]:
        asked.append((offset, limit))
        return page(offset, limit, **more)  # type: ignore[arg-type,return-value]

    store.products.page = watched  # type: ignore[method-assign,assignment]
    presenter.refresh()
    assert asked == []
    presenter.state.rows.fetch(2, 2)
    assert asked == [(2, 2)]


def test_a_product_out_of_sale_stays_listed_and_says_so(store: Store) -> None:
    presenter, _ = presenter_of(store)
    Catalogue(store, lambda: NOW).save_product(replace(PRODUCTS[1], is_active=False))
    presenter.refresh()
    assert "Rye bread (not for sale)" in names(presenter)


def test_a_scan_opens_the_product_and_an_unknown_one_can_be_added(store: Store) -> None:
    presenter, told = presenter_of(store)
    form = presenter.scanned(MILK)
    assert form is not None
    assert form.state.title == "Whole milk"
    assert presenter.scanned("96385074") is None
    notice = presenter.state.notices[-1]
    assert "96385074" in notice.text
    added = presenter.add(notice.actions[0].key.partition(":")[2])
    added.change(name="Batteries")
    assert added.save()
    assert told == [Changes(products=True, stock=True)]
    assert "Batteries" in names(presenter)


def test_the_export_is_a_list_that_says_where_it_is(store: Store, tmp_path: Path) -> None:
    presenter, _ = presenter_of(store)
    presenter.export(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"] for row in rows} == {product.name for product in PRODUCTS}
    notice = presenter.state.notices[-1]
    assert "list.csv" in notice.text
    assert not presenter.state.is_exporting


def test_an_export_that_cannot_be_written_says_what_to_do(store: Store, tmp_path: Path) -> None:
    presenter, _ = presenter_of(store)
    presenter.export(tmp_path / "missing" / "list.csv")
    assert "Choose another folder" in presenter.state.notices[-1].text
    assert not presenter.state.is_exporting


def test_an_export_can_be_stopped(store: Store, tmp_path: Path) -> None:
    later = Later()
    presenter, _ = presenter_of(store, later)
    presenter.export(tmp_path / "list.csv")
    assert presenter.state.is_exporting
    presenter.stop_export()
    later.run()
    assert not presenter.state.is_exporting
    assert not (tmp_path / "list.csv").exists()


def test_a_hostile_search_finds_nothing_and_breaks_nothing(store: Store) -> None:
    presenter, _ = presenter_of(store)
    for text in ('"', "' OR 1=1 --", "*" * 10_000, "\x00", "NEAR(", "\ud800"):
        try:
            presenter.search(text)
        except PosError as refusal:
            raise AssertionError(text) from refusal
        assert names(presenter) == [] or text in ("*" * 10_000, "\x00", '"', "\ud800")
