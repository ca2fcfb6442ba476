"""Putting values into fields without disturbing whoever types in them."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

from pos_app.ui import fonts
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.widgets.table_view import one_piece

KEY_ROLE = int(Qt.ItemDataRole.UserRole)
_SWATCH_PX = 14


def put_text(field: QLineEdit | QPlainTextEdit, text: str) -> None:
    """Show `text` unless it stands there already, so that the cursor stays where it is."""
    fonts.ensure_for(text)
    if isinstance(field, QPlainTextEdit):
        if field.toPlainText() != text:
            with QSignalBlocker(field):
                field.setPlainText(text)
    elif field.text() != text:
        with QSignalBlocker(field):
            field.setText(text)


def put_checked(button: QAbstractButton, is_checked: bool) -> None:
    """Set a tick without telling anybody."""
    if button.isChecked() != is_checked:
        with QSignalBlocker(button):
            button.setChecked(is_checked)


def fill_choices(combo: QComboBox, choices: Iterable[Choice]) -> None:
    """Offer `choices`, keeping the chosen one where it is still among them."""
    fresh = tuple(choices)
    if combo.property("choices") == repr(fresh):
        return
    with QSignalBlocker(combo):
        chosen = combo.currentData(KEY_ROLE)
        combo.clear()
        for choice in fresh:
            fonts.ensure_for(choice.label)
            label = in_one_piece(choice.label)
            if choice.colour:
                combo.addItem(_swatch(choice.colour), label, choice.key)
            else:
                combo.addItem(label, choice.key)
        combo.setProperty("choices", repr(fresh))
        combo.setCurrentIndex(combo.findData(chosen, KEY_ROLE))


def put_choice(combo: QComboBox, key: str) -> None:
    """Choose the entry with `key` without telling anybody."""
    place = combo.findData(key, KEY_ROLE)
    if combo.currentIndex() != place:
        with QSignalBlocker(combo):
            combo.setCurrentIndex(place)


def chosen_key(combo: QComboBox) -> str:
    """Return the key of the chosen entry, empty when none is."""
    key = combo.currentData(KEY_ROLE)
    return "" if key is None else str(key)


def in_one_piece(label: str) -> str:
    """Keep a name such as `VAT 20 %` in its own order on a right-to-left page."""
    return one_piece(label) if label and QGuiApplication.isRightToLeft() else label


def own_direction(text: str) -> str:
    """Keep a text's own order, and its place at the near side of a right-to-left page."""
    return f"\u200f{one_piece(text)}" if text and QGuiApplication.isRightToLeft() else text


def from_the_right(text: str) -> str:
    """Begin a sentence at the right on a page that is read from there, whatever it begins with."""
    return f"\u200f{text}" if text and QGuiApplication.isRightToLeft() else text


def _swatch(colour: str) -> QIcon:
    drawn = QPixmap(_SWATCH_PX, _SWATCH_PX)
    drawn.fill(QColor(colour))
    return QIcon(drawn)
