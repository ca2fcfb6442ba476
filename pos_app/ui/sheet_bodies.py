"""Bodies of sheets that belong to whoever opened them: large buttons, or something to type."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.pay_button import PayButton
from pos_app.ui.presenters.checkout_state import SheetView
from pos_app.ui.views import TenderChoice
from pos_app.ui.widgets.button import Button

_COLUMNS, _MANY = 2, 6
_HEIGHTS_MM = {0: 20, 1: 20, 2: 20, 3: 15}  # by rows; more than three have 12


class ActionsBody(QWidget):
    """What can be done next as large buttons, two in a row, or three where there are many."""

    def __init__(self, on_chosen: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._on_chosen = on_chosen
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.buttons: dict[str, PayButton] = {}

    def show_actions(self, choices: tuple[TenderChoice, ...]) -> None:
        """Show one button per choice and no other."""
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        columns = _COLUMNS + (len(choices) > _MANY)
        height = theme.mm(self, _HEIGHTS_MM.get(-(-len(choices) // columns), 12))
        for place, choice in enumerate(choices):
            button = PayButton("card", self)
            button.setFixedHeight(height)
            button.clicked.connect(lambda _=False, key=choice.key: self._on_chosen(key))
            button.show_choice(_narrow(choice) if columns > _COLUMNS else choice)
            self._grid.addWidget(button, place // columns, place % columns)
            button.show()
            self.buttons[choice.key] = button


def _narrow(choice: TenderChoice) -> TenderChoice:
    """Leave the width to the name: the key goes to the line below, if there is one."""
    return replace(choice, amount=choice.amount or choice.shortcut, shortcut="")


class AskBody(QWidget):
    """Says what to type on the entry line; the button does what Enter does."""

    def __init__(self, on_confirmed: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._hint = QLabel(self)
        self._hint.setWordWrap(True)
        self._hint.setFont(fonts.font(theme.TEXT.body))
        column.addWidget(self._hint)
        row = QHBoxLayout()
        self.confirm = Button(t("Continue"), "check", kind="primary", parent=self)
        self.confirm.clicked.connect(lambda _=False: on_confirmed())
        row.addWidget(self.confirm)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def show_question(self, view: SheetView) -> None:
        """Show what is asked."""
        self._hint.setText(view.hint)
        self.confirm.setText(view.confirm or t("Continue"))
