"""The number pad: tells which key was touched, holds no figures itself."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.widgets.button import Button

_ROWS = (
    ("7", "8", "9", "backspace"),
    ("4", "5", "6", "clear"),
    ("1", "2", "3", "multiply"),
    ("0", "00", "decimal", "enter"),
)


class NumberPad(QWidget):
    """Sixteen keys that never mirror and never take the focus.

    `pressed(key)` carries `0` to `9`, `00`, `decimal`, `multiply`, `backspace`, `clear`, `enter`.
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName(t("Number pad"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._keys: dict[str, Button] = {}
        for row, keys in enumerate(_ROWS):
            for column, key in enumerate(keys):
                button = _key_button(key, self)
                button.clicked.connect(lambda _=False, key=key: self.pressed.emit(key))
                grid.addWidget(button, row, column)
                self._keys[key] = button

    def key(self, name: str) -> Button:
        """Return the button of a key, for tests and for switching one off."""
        return self._keys[name]


def _key_button(key: str, parent: QWidget) -> Button:
    words = {
        "backspace": ("", "delete", t("Delete the last digit")),
        "clear": ("C", "", t("Clear the entry")),
        "multiply": ("×", "", t("Times")),
        "decimal": (QLocale().decimalPoint(), "", t("Decimal sign")),
        "enter": ("", "corner-down-left", t("Enter")),
    }
    text, icon, name = words.get(key, (key, "", key))
    kind = "card" if key.isdigit() or key == "decimal" else "plain"
    button = Button(
        text, icon, kind=kind, name=name, target_mm=15, text_px=theme.TEXT.price, parent=parent
    )
    button.setAutoRepeat(key == "backspace")
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return button
