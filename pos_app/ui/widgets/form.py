"""Labelled rows with a hint or an error under each field."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.ui import fonts, theme


class Form(QWidget):
    """Rows of label, field and a line for hint or error; errors name fields by their key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._rows: dict[str, _Row] = {}

    def add_row(
        self, key: str, label: str, field: QWidget, hint: str = "", edge: QWidget | None = None
    ) -> None:
        """Add `field` below its label; `hint` stands under it while there is no error.

        Of a field made of several, `edge` is the one that an error marks.
        """
        row = _Row(label, field, hint, self, edge)
        self._rows[key] = row
        if self._column.count():
            self._column.addSpacing(8)
        for part in (row.label, field, row.foot):
            self._column.addWidget(part)
        if isinstance(field, (QLineEdit, QComboBox)):
            field.setMinimumHeight(theme.mm(self, 12))

    def field(self, key: str) -> QWidget:
        """Return the field `key`."""
        return self._rows[key].field

    def say(self, key: str, label: str, hint: str) -> None:
        """Change what stands above and below the field `key`."""
        self._rows[key].say(label, hint)

    def show_row(self, key: str, is_shown: bool) -> None:
        """Show or hide the whole row `key`."""
        self._rows[key].show(is_shown)

    def show_errors(self, errors: Mapping[str, str]) -> QWidget | None:
        """Write each error under its field, focus the first wrong one and return it."""
        for key, row in self._rows.items():
            row.show_error(errors.get(key, ""))
        first = next((row.field for key, row in self._rows.items() if errors.get(key)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return first


class _Row:
    """One field with what stands above and below it."""

    def __init__(
        self, label: str, field: QWidget, hint: str, parent: QWidget, edge: QWidget | None
    ) -> None:
        fonts.ensure_for(label + hint)
        self.field = field
        self._edge = edge or field
        self._hint = hint
        self._is_shown = True
        self.label = QLabel(label, parent)
        self.label.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
        self.label.setBuddy(field)
        self.foot = QLabel(hint, parent)
        self.foot.setWordWrap(True)
        self.foot.setProperty("role", "quiet")
        self.foot.setTextFormat(Qt.TextFormat.PlainText)
        self.foot.setVisible(bool(hint))
        field.setAccessibleName(label)
        field.setAccessibleDescription(hint)

    def say(self, label: str, hint: str) -> None:
        """Change the words above and below."""
        fonts.ensure_for(label + hint)
        self._hint = hint
        self.label.setText(label)
        self.field.setAccessibleName(label or self.field.accessibleName())

    def show(self, is_shown: bool) -> None:
        """Show or hide everything of the row."""
        self._is_shown = is_shown
        for part in (self.label, self.field):
            part.setVisible(is_shown)
        self.foot.setVisible(is_shown and bool(self.foot.text()))

    def show_error(self, error: str) -> None:
        """Show `error` in place of the hint, or the hint when there is none."""
        fonts.ensure_for(error)
        self.foot.setText(f"⚠ {error}" if error else self._hint)
        self.foot.setVisible(self._is_shown and bool(self.foot.text()))
        self.field.setAccessibleDescription(error or self._hint)
        for widget, name, value in (
            (self.foot, "role", "error" if error else "quiet"),
            (self._edge, "state", "error" if error else ""),
        ):
            if widget.property(name) != value:
                widget.setProperty(name, value)
                widget.style().unpolish(widget)
                widget.style().polish(widget)
