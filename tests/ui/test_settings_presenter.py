"""The settings without Qt: drafts, the reckoned example, printers, scanner and data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_app.domain.payment import CashRounding
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.printing.errors import PaperOut
from pos_app.services.catalogue import Catalogue
from pos_app.services.shop_setup import ShopSetup
from pos_app.store.store import Store, create_store
from pos_app.ui.changes import Changes
from pos_app.ui.presenters.scanner_lesson import LessonState, ScannerLesson, likely_code
from pos_app.ui.presenters.settings import SettingsPresenter
from pos_app.ui.presenters.settings_data import DataPresenter
from pos_app.ui.presenters.settings_draft import draft_of, settings_of
from pos_app.ui.presenters.settings_printers import PrintersPresenter
from pos_app.ui.views import Tone
from tests.ui.at_once import Later, at_once
from tests.ui.conftest import NOW, SHOP


def now() -> datetime:
    return NOW


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store in which the journal tells of everything."""
    monkeypatch.setenv("POS_APP_KEYS", "file")
    with create_store(tmp_path / "sound.db", SHOP, now=NOW) as made:
        yield made


def settings(store: Store, run: object = at_once) -> tuple[SettingsPresenter, list[Changes]]:
    told: list[Changes] = []
    made = SettingsPresenter(
        store,
        ShopSetup(store, now),
        Catalogue(store, now),
        run,  # type: ignore[arg-type]
        lambda _state: None,
        now=now,
        publish=told.append,
    )
    return made, told


def test_a_draft_gives_back_the_settings_it_was_made_of(store: Store) -> None:
    presenter, _ = settings(store)
    made, wrong = settings_of(draft_of(SHOP, presenter.amounts), SHOP, presenter.amounts)
    assert made == SHOP
    assert wrong == {}


def test_the_receipt_and_the_example_follow_while_one_types(store: Store) -> None:
    presenter, _ = settings(store)
    before = presenter.state.picture
    assert before[:4] == b"\x89PNG"
    presenter.change(footer="See you tomorrow")
    assert presenter.state.picture != before
    presenter.try_example(price="1.99")
    amounts = [line.amount for line in presenter.state.example]
    assert amounts == ["€4.97", "€1.00", "€5.97", "−€0.02", "€5.95"]
    presenter.change(cash_step="")
    assert len(presenter.state.example) == 3
    presenter.change(prices_include_tax=False)
    assert [line.amount for line in presenter.state.example] == ["€5.97", "€1.19", "€7.16"]


def test_settings_are_saved_at_once_and_told(store: Store) -> None:
    presenter, told = settings(store)
    presenter.change(name="Quay Grocer", cash_step="0,10", header="Open till nine\n\nMind the step")
    assert presenter.state.is_changed
    assert presenter.save()
    shop = store.settings.shop()
    assert shop.name == "Quay Grocer"
    assert shop.cash_rounding == CashRounding(Decimal("0.10"))
    assert shop.receipt.header == ("Open till nine", "Mind the step")
    assert told == [Changes(settings=True)]
    assert not presenter.state.is_changed


def test_wrong_settings_are_told_by_field_and_page_and_stay_typed(store: Store) -> None:
    presenter, _ = settings(store)
    presenter.change(cash_step="five", name="Quay Grocer")
    assert not presenter.save()
    assert set(presenter.state.errors) == {"cash_step"}
    assert "Prices and taxes" in presenter.state.notices[-1].text
    assert presenter.state.draft.name == "Quay Grocer"
    assert store.settings.shop() == SHOP
    presenter.discard()
    assert presenter.state.draft.name == SHOP.name
    assert presenter.state.errors == {}


def test_a_country_fills_in_what_it_fixes(store: Store) -> None:
    presenter, _ = settings(store)
    presenter.choose_country("SE")
    draft = presenter.state.draft
    assert (draft.currency, draft.cash_step, draft.prices_include_tax) == ("SEK", "1", True)
    presenter.add_country_taxes()
    rates = {tax.rate for tax in store.products.taxes()}
    assert {Decimal(25), Decimal(12), Decimal(6)} <= rates


def test_a_tax_is_added_and_a_wrong_one_says_why(store: Store) -> None:
    presenter, _ = settings(store)
    assert presenter.save_tax("R", "Reduced", "9,5") == ""
    assert "not a number" in presenter.save_tax("X", "Broken", "much")
    assert "rate" in presenter.save_tax("X", "Empty", "")
    assert presenter.save_tax("D", "Deposit", "0.25", is_fixed=True) == ""
    assert {tax.code for tax in presenter.taxes_now()} == {"S", "R", "D"}


def test_the_latest_picture_wins_when_drawing_is_slow(store: Store) -> None:
    later = Later()
    presenter, _ = settings(store, later)
    presenter.change(name="First")
    presenter.change(name="Second")
    assert [working.is_cancelled for working, _ in later.waiting] == [True, True, False]


def printers(store: Store, **more: object) -> PrintersPresenter:
    presenter, _ = settings(store)
    return PrintersPresenter(
        store,
        presenter.save_printers,
        at_once,
        lambda _state: None,
        now,
        taxes=presenter.taxes_now,
        **more,  # type: ignore[arg-type]
    )


def test_a_printer_is_added_checked_and_made_the_first(store: Store) -> None:
    page = printers(store)
    page.add()
    page.change(name="Bar", kind=PrinterKind.NETWORK, target="somewhere else")
    assert not page.save()
    assert "192.0.2.20:9100" in page.state.errors["target"]
    page.change(target="192.0.2.20:9100")
    assert page.save()
    assert [one.name for one in store.settings.shop().printers] == ["Counter", "Kitchen", "Bar"]
    page.make_first()
    assert store.settings.shop().printers[0].name == "Bar"
    page.remove()
    assert [one.name for one in store.settings.shop().printers] == ["Counter", "Kitchen"]


def test_two_printers_cannot_share_a_name(store: Store) -> None:
    page = printers(store)
    page.choose(1)
    page.change(name="Counter")
    assert not page.save()
    assert "already" in page.state.errors["name"]


def test_a_test_print_tells_how_it_went_in_a_sentence(store: Store) -> None:
    def out_of_paper(*_: object) -> None:
        raise PaperOut(name="Bar")

    page = printers(store, print_page=out_of_paper)
    page.test()
    assert page.state.result_tone is Tone.DANGER
    assert "out of paper" in page.state.result
    assert not page.state.is_busy
    page = printers(store, print_page=lambda *_: None)
    page.test()
    assert page.state.result_tone is Tone.SUCCESS


def test_a_found_printer_is_taken_over(store: Store) -> None:
    found = SimpleNamespace(kind=PrinterKind.USB, target="04b8:0e15", name="Counter")
    page = printers(store, find=lambda: [found])
    page.search()
    assert page.state.found is not None
    page.take_found("0")
    assert page.state.draft == PrinterSettings("Counter 2", PrinterKind.USB, "04b8:0e15")
    page = printers(store, find=list)
    page.search()
    assert page.state.result_tone is Tone.WARNING


@pytest.mark.parametrize(
    ("raw", "printed", "before", "after"),
    [
        ("4006381333931", "4006381333931", "", "\r"),
        ("~4006381333931", "4006381333931", "~", "\r"),
        ("]E04006381333931#", "4006381333931", "]E0", "#\r"),
        ("A96385074B", "96385074", "A", "B\r"),
    ],
)
def test_a_scan_teaches_prefix_and_suffix(raw: str, printed: str, before: str, after: str) -> None:
    states: list[LessonState] = []
    learned: list[tuple[str, str]] = []
    lesson = ScannerLesson(states.append, lambda *habits: learned.append(habits))
    lesson.scanned(raw)
    assert states[-1].printed == printed == likely_code(raw)
    assert states[-1].can_take
    lesson.take()
    assert learned == [(before, after)]


def test_a_wrong_number_under_the_bars_teaches_nothing() -> None:
    states: list[LessonState] = []
    learned: list[tuple[str, str]] = []
    lesson = ScannerLesson(states.append, lambda *habits: learned.append(habits))
    lesson.scanned("~4006381333931")
    lesson.print_says("5000112637922")
    assert not states[-1].can_take
    assert states[-1].tone is Tone.WARNING
    lesson.take()
    assert learned == []


def test_a_scanner_that_ends_with_nothing_is_learned_from_the_field() -> None:
    states: list[LessonState] = []
    learned: list[tuple[str, str]] = []
    lesson = ScannerLesson(states.append, lambda *habits: learned.append(habits))
    lesson.typed("*4006381333931")
    lesson.take()
    assert learned == [("*", "")]


def test_a_backup_and_a_check_run_and_say_how_it_went(sound: Store, tmp_path: Path) -> None:
    store = sound
    page = DataPresenter(store, at_once, lambda _state: None, now)
    page.back_up(tmp_path / "copy.db")
    assert page.state.result_tone is Tone.SUCCESS
    assert (tmp_path / "copy.db").exists()
    assert page.state.folder == str(tmp_path)
    page.verify()
    assert page.state.result_tone is Tone.SUCCESS
    page.back_up(tmp_path / "missing" / "copy.db")
    assert page.state.result_tone is Tone.DANGER
    assert "missing" in page.state.result


def test_a_check_that_finds_something_names_it(store: Store) -> None:
    sentence = "entry 3 was changed after it was written"
    report = SimpleNamespace(faults=(SimpleNamespace(sentence=sentence),))
    page = DataPresenter(store, at_once, lambda _state: None, now, verify=lambda *_, **__: report)
    page.verify()
    assert page.state.result_tone is Tone.DANGER
    assert page.state.faults == (sentence,)


def test_settings_changed_elsewhere_are_shown(store: Store) -> None:
    presenter, _ = settings(store)
    ShopSetup(store, now).save(replace(SHOP, name="Elsewhere"))
    presenter.refresh()
    assert presenter.state.draft.name == "Elsewhere"


def test_days_and_reasons_of_returns_are_saved_as_typed(store: Store) -> None:
    presenter, _ = settings(store)
    presenter.change(return_days="14", return_reasons="Does not fit\n\n Too loud ")
    presenter.change(return_spoilt="Faulty")
    presenter.save()
    returns = store.settings.shop().returns
    assert returns.days == 14
    assert [(one.text, one.written_off) for one in returns.reasons] == [
        ("Does not fit", False),
        ("Too loud", False),
        ("Faulty", True),
    ]


@pytest.mark.parametrize("text", ["-1", "2.5", "9999", "soon", "1e9"])
def test_days_that_cannot_be_are_refused_at_their_field(store: Store, text: str) -> None:
    presenter, _ = settings(store)
    presenter.change(return_days=text)
    presenter.save()
    assert "return_days" in presenter.state.errors
    assert store.settings.shop().returns.days == 0
