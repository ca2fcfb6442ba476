"""Every text that people read is translated, fits, and says the same with the same figures."""

import ast
import string
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from installer.translations import (
    LANGUAGES,
    ROOT,
    as_mo,
    as_po,
    catalogue,
    catalogue_path,
    collect,
    collect_templates,
    every_text,
    read,
)
from pos_app import texts
from pos_app.domain.price_trace import explain
from pos_app.domain.pricing import PriceLine, PricePolicy
from pos_app.domain.shop import PrinterKind
from pos_app.domain.tax import Tax
from pos_app.printing.errors import BadPrinterTarget
from pos_app.printing.targets import parse_target
from pos_app.services.product_columns import ColumnsMissing
from pos_app.store.errors import BackupDamaged, DiskFull
from pos_app.ui.presenters.checkout_words import function_keys, reasons
from pos_app.ui.presenters.import_words import field_words, with_column_words
from pos_app.ui.presenters.refusals import sentence_of

LONGEST_KEY, LONGEST_BUTTON = 12, 32
BUTTONS = {"Button", "NoticeAction", "SheetAction", "StartChoice"}
SHOWN = {
    "Button", "QCheckBox", "QLabel", "QPushButton", "QRadioButton", "addTab", "setAccessibleName",
    "setPlaceholderText", "setText", "setTitle", "setToolTip", "setWindowTitle",
}  # fmt: skip
languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    texts.use_language("en")


@pytest.fixture(scope="module")
def program() -> dict[str, set[str]]:
    return every_text()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
        for path in sorted((ROOT / "pos_app" / "ui").rglob("*.py"))
    }


@languages
def test_every_text_of_the_program_has_a_translation(language: str, program: dict) -> None:
    translated = {text for text, said in read(catalogue_path(language)).items() if said.strip()}
    missing = sorted(set(program) - translated)
    assert not missing, "run installer/translations.py, then fill them in"


@languages
def test_no_translation_is_left_over_from_a_text_that_is_gone(language: str, program: dict) -> None:
    assert sorted(set(read(catalogue_path(language))) - set(program)) == []


@languages
def test_a_translation_has_the_figures_of_its_text_and_no_others(language: str) -> None:
    for text, said in read(catalogue_path(language)).items():
        assert placeholders(said) == placeholders(text), text
        said.format(**dict.fromkeys(placeholders(text), "x"))  # no stray brace


@languages
def test_what_gettext_reads_is_what_people_wrote(language: str) -> None:
    path = catalogue_path(language)
    known = read(path)
    compiled = as_mo(catalogue(language, {text: set() for text in known}, known))
    assert path.with_suffix(".mo").read_bytes() == compiled, "run installer/translations.py"
    for text, said in known.items():
        assert texts.t_in(language, text) == said


@languages
def test_a_translation_begins_and_ends_as_its_text_does(language: str) -> None:
    for text, said in read(catalogue_path(language)).items():
        assert said.startswith(" ") == text.startswith(" "), text
        assert said.endswith("…") == text.endswith("…"), text
        assert said.endswith(":") == text.endswith(":"), text
        if text.endswith("."):
            assert said.endswith("."), text


@languages
@pytest.mark.parametrize("parked", [0, 9])
def test_the_words_on_the_function_keys_are_short(language: str, parked: int) -> None:
    texts.use_language(language)
    for key in function_keys(parked):
        assert len(visible(key.label)) <= LONGEST_KEY, key.label


@languages
def test_the_words_on_buttons_are_short(language: str, trees: dict) -> None:
    known = read(catalogue_path(language))
    on_buttons = {
        text
        for tree in trees.values()
        for call in calls(tree, BUTTONS)
        for part in call.args[:2]
        for text in translated_texts(part)
    }
    assert len(on_buttons) > 30
    for text in on_buttons:
        assert len(visible(known[text])) <= max(LONGEST_BUTTON, len(text)), text


def test_no_widget_shows_words_that_nobody_can_translate(trees: dict) -> None:
    bare = [
        f"{name}:{call.lineno}: {part.value!r}"
        for name, tree in trees.items()
        for call in calls(tree, SHOWN)
        for part in call.args[:1]
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and any(char.isalpha() for char in part.value[1:])
    ]
    assert bare == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_each_language_is_offered_by_its_own_name(language: str) -> None:
    assert language == "en" or language in LANGUAGES
    assert texts.LANGUAGES[language]


def test_refusals_speak_the_language_of_the_screen() -> None:
    texts.use_language("de")
    assert sentence_of(DiskFull(path="C:/kasse.db")).startswith(
        "Der Datenträger von C:/kasse.db ist voll"
    )


def test_a_refusal_inside_a_refusal_is_translated_too() -> None:
    texts.use_language("de")
    told = sentence_of(BackupDamaged(path="a.db", detail=DiskFull(path="b.db")))
    assert "b.db ist voll" in told
    assert "full" not in told


def test_words_of_the_program_in_a_refusal_are_translated_and_names_are_not() -> None:
    texts.use_language("de")
    with pytest.raises(BadPrinterTarget) as refused:
        parse_target(PrinterKind.SERIAL, "no/such port", "Cash")
    told = sentence_of(refused.value)
    assert "ein serieller Anschluss" in told
    assert "Drucker Cash" in told  # not the word for money


def test_a_missing_column_is_called_as_the_screen_calls_it() -> None:
    texts.use_language("de")
    words = {field.value: word for field, word in field_words().items()}
    refusal = with_column_words(ColumnsMissing(missing="code, price", columns="A, B"), words)
    assert "keine Spalte für Code, Preis." in sentence_of(refusal)


def test_why_this_price_is_told_in_german_with_german_figures() -> None:
    texts.use_language("de")
    line = PriceLine(Decimal(2), Decimal("1.25"), taxes=(Tax(Decimal(19)),))
    told = explain([line], PricePolicy("EUR"), say=texts.t, decimal=",")
    assert told[1] == "Zeile 1: 2 × 1,25 = 2,50."
    assert "19 % Steuer" in told[2]


def test_quick_reasons_are_stored_in_one_language_and_shown_in_another() -> None:
    texts.use_language("de")
    assert ("Staff", "Personal") in reasons()


def test_texts_are_found_however_they_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "pos_app"
    folder.mkdir()
    (folder / "one.py").write_text(
        "class Odd(PosError):\n"
        '    sentence: ClassVar[str] = ("Two parts, " "one text.")\n'
        "class Odder(errors.Odd):\n"
        '    """Inherits."""\n'
        "class Bystander:\n"
        '    sentence = "Not ours."\n',
        "utf-8",
    )
    (folder / "two.py").write_text(
        'x = t("Sum") + t_in("de", "Paid")\n'
        'y = later("Damaged"), t(x), t("One" if x else "Many"), plain("Nobody reads this")\n',
        "utf-8",
    )
    assert collect(folder) == {
        "Two parts, one text.": {"pos_app/one.py"},
        "Sum": {"pos_app/two.py"},
        "Paid": {"pos_app/two.py"},
        "Damaged": {"pos_app/two.py"},
        "One": {"pos_app/two.py"},
        "Many": {"pos_app/two.py"},
    }


def test_texts_of_templates_are_found_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '{% macro one(x) %}{{ t("Sum of {count}", count=x) }}{% endmacro %}\n'
        '{% call two(t(\'Paid\')) %}{{ t("One" if x else "Many") }}{% endcall %}\n'
        '{% set y = [(\'a\', t("In a list"))] %}{{ t(x) }}{{ plain("Nobody reads this") }}\n',
        "utf-8",
    )
    name = {"resources/web/templates/page.html"}
    texts_there = ("Sum of {count}", "Paid", "One", "Many", "In a list")
    assert collect_templates(tmp_path) == dict.fromkeys(texts_there, name)
    (tmp_path / "page.html").write_text('{{ t("Half " ~ x) }}', "utf-8")
    with pytest.raises(ValueError, match="put together"):
        collect_templates(tmp_path)


def test_a_catalogue_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    found = {"New {count}": {"a.py"}, "Kept": {"b.py"}}
    path = tmp_path / "pos_app.po"
    path.write_bytes(as_po(catalogue("de", found, {"Kept": "Behalten", "Gone": "Weg"})))
    assert read(path) == {"New {count}": "", "Kept": "Behalten"}
    assert path.read_bytes() == as_po(catalogue("de", found, read(path)))


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def visible(text: str) -> str:
    return "".join(char for char in text if char not in "\u2068\u2069")


def calls(tree: ast.Module, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in names:
                yield node


def translated_texts(node: ast.expr) -> Iterator[str]:
    is_call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t"
    if is_call and isinstance(node.args[0], ast.Constant):
        yield node.args[0].value
