"""Taking one typed character back out of whatever text field received it."""

from collections.abc import Callable

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

Restore = Callable[[], None]


def remember_focused_text() -> Restore | None:
    """Return a function that puts the focused field back as it is now; None if it takes no text.

    The field says `textEdited` once more when restored, so that a search follows.
    """
    focused = QApplication.focusWidget()
    line = _line_of(focused)
    if line is not None:
        return _restore_line(line)
    if isinstance(focused, (QPlainTextEdit, QTextEdit)) and not focused.isReadOnly():
        return _restore_document(focused)
    return None


def _line_of(widget: QWidget | None) -> QLineEdit | None:
    if isinstance(widget, QComboBox):
        widget = widget.lineEdit()
    elif isinstance(widget, QAbstractSpinBox):
        widget = widget.findChild(QLineEdit)
    if isinstance(widget, QLineEdit) and not widget.isReadOnly() and widget.isEnabled():
        return widget
    return None


def _restore_line(line: QLineEdit) -> Restore:
    text, cursor = line.text(), line.cursorPosition()
    start, length = line.selectionStart(), line.selectionLength()

    def restore() -> None:
        if not isValid(line) or line.text() == text:
            return
        line.setText(text)
        line.setCursorPosition(cursor)
        if length:
            line.setSelection(start, length)
        line.textEdited.emit(text)

    return restore


def _restore_document(edit: QPlainTextEdit | QTextEdit) -> Restore:
    cursor = edit.textCursor()
    anchor, position, selected = cursor.anchor(), cursor.position(), cursor.selectedText()
    length = edit.document().characterCount()

    def restore() -> None:
        if not isValid(edit) or edit.document().characterCount() == length - len(selected):
            return
        now = edit.textCursor()
        now.deletePreviousChar()
        now.insertText(selected.replace("\u2029", "\n"))
        now.setPosition(anchor)
        now.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(now)

    return restore
