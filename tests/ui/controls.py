"""What holds for every sheet: its controls have names, and none of them answers to Enter."""

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)

_CONTROLS = QPushButton | QLineEdit | QComboBox | QCheckBox | QPlainTextEdit | QTableView


def check_controls(sheet: QWidget) -> None:
    """Fail where a control has no name, or a button is a default button."""
    controls = [one for one in sheet.findChildren(QWidget) if isinstance(one, _CONTROLS)]
    assert controls
    assert [type(one).__name__ for one in controls if not one.accessibleName()] == []
    buttons = [one for one in controls if isinstance(one, QPushButton)]
    assert not any(one.isDefault() or one.autoDefault() for one in buttons)
