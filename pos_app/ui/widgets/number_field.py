"""A field for an amount, a price or a quantity in the language's own decimal notation."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QLocale, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.ui import fonts, theme


class NumberField(QLineEdit):
    """Takes digits, a sign if `is_signed`, and up to `places` decimals; both `.` and `,` work.

    `decimal_changed(Decimal | None)` whenever the text is edited.
    """

    decimal_changed = Signal(object)

    def __init__(
        self,
        places: int = 2,
        *,
        is_signed: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._places = places
        sign = "-?" if is_signed else ""
        pattern = rf"{sign}\d{{0,12}}" + (rf"([.,]\d{{0,{places}}})?" if places else "")
        self.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFont(fonts.figures(theme.TEXT.body, fonts.REGULAR))
        self.setMinimumHeight(theme.mm(self, 12))
        self.setAccessibleName(name)
        self.textEdited.connect(lambda _text: self.decimal_changed.emit(self.decimal()))

    def decimal(self) -> Decimal | None:
        """Return the number, None while there is none."""
        try:
            return Decimal(self.text().replace(",", "."))
        except InvalidOperation:
            return None

    def set_decimal(self, number: Decimal | None) -> None:
        """Show `number` with the language's decimal sign; None empties the field."""
        text = "" if number is None else f"{number:f}"
        self.setText(text.replace(".", QLocale().decimalPoint()))
