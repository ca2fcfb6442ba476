"""Qt's own dialogs speak the language of the till, and only that one."""

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from pos_app.ui.languages import load_qt_words


@pytest.fixture
def spoken(qapp: QApplication):
    yield qapp
    load_qt_words(qapp, "en")


def cancel_word() -> str:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    return buttons.buttons()[0].text()


def test_the_buttons_of_qts_dialogs_follow_the_language(spoken: QApplication) -> None:
    for code, word in (("de", "Abbrechen"), ("ar", "ألغِ"), ("en", "Cancel"), ("de", "Abbrechen")):
        assert load_qt_words(spoken, code)
        assert cancel_word() == word


def test_a_language_that_qt_does_not_know_leaves_it_english(spoken: QApplication) -> None:
    load_qt_words(spoken, "de")
    assert not load_qt_words(spoken, "xx")
    assert cancel_word() == "Cancel"


def test_changing_the_language_often_leaves_nothing_behind(spoken: QApplication) -> None:
    for _ in range(5):
        load_qt_words(spoken, "de")
        load_qt_words(spoken, "ar")
    load_qt_words(spoken, "en")
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    assert spoken.findChildren(QTranslator) == []
