"""Fields of the settings pages, bound to the draft by name."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.settings_draft import SettingsDraft
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.text_area import TextArea
from pos_app.ui.widgets.tick import Tick

Change = Callable[..., None]


class SettingsFields:
    """Makes fields, remembers which part of the draft each shows, and fills them all."""

    def __init__(self, parent: QWidget, change: Change) -> None:
        self._parent = parent
        self._change = change
        self._fields: dict[str, QWidget] = {}

    def line(self, name: str, *, is_figure: bool = False) -> QLineEdit:
        """Make a line for a text of the draft."""
        line = QLineEdit(self._parent)
        if is_figure:
            line.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        line.textEdited.connect(lambda text: self._change(**{name: text}))
        self._fields[name] = line
        return line

    def lines(self, name: str, rows: int) -> QPlainTextEdit:
        """Make a field for several lines; Tab goes on to the next field."""
        field = TextArea(self._parent)
        field.setFixedHeight(24 + 24 * rows)
        field.textChanged.connect(lambda: self._change(**{name: field.toPlainText()}))
        self._fields[name] = field
        return field

    def tick(self, name: str, label: str) -> Tick:
        """Make a box to tick."""
        box = Tick(label, self._parent)
        box.toggled.connect(lambda is_on: self._change(**{name: is_on}))
        self._fields[name] = box
        return box

    def choice(self, name: str, tell: Callable[[str], None] | None = None) -> QComboBox:
        """Make a choice; `tell(key)` instead of changing the draft where given."""
        combo = ChoiceBox(parent=self._parent)

        def chosen(_place: int) -> None:
            key = chosen_key(combo)
            if tell is not None:
                tell(key)
            else:
                self._change(**{name: key})

        combo.activated.connect(chosen)
        self._fields[name] = combo
        return combo

    def offer(self, name: str, choices: tuple[Choice, ...]) -> None:
        """Offer these choices in a field."""
        combo = self._fields[name]
        if isinstance(combo, QComboBox):
            fill_choices(combo, choices)

    def fill(self, draft: SettingsDraft) -> None:
        """Show the draft in every field, leaving alone what is the same."""
        for name, field in self._fields.items():
            _put(field, getattr(draft, name))

    def field(self, name: str) -> QWidget:
        """Return the field of a part of the draft."""
        return self._fields[name]


def _put(field: QWidget, value: Any) -> None:
    if isinstance(field, Tick):
        put_checked(field.box, value)
    elif isinstance(field, QComboBox):
        put_choice(field, value)
    elif isinstance(field, QLineEdit | QPlainTextEdit):
        put_text(field, value)
