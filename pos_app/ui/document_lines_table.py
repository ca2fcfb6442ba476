"""The lines of a document that is being written: the list, and beside it the marked line."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.document_editor_fields import Field, choice_field, line_field, text_field
from pos_app.ui.field_values import put_choice, put_text
from pos_app.ui.presenters.document_editor_lines import AMOUNT, PERCENT, EditorLines
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.search_field import SearchField
from pos_app.ui.widgets.table_view import TableView

_FIELDS_MM = 78
_TEXT_PX = 64
_NUMBER, _DISCOUNT = 0, 4  # columns
_ROOM_PX, _LITTLE_ROOM_PX = 660, 560
ENTRIES = ("line.quantity", "line.price", "line.discount")  # the fields that Enter walks through


class LineFields(QScrollArea):
    """The marked line's fields; `changed(field, text)` while somebody types."""

    changed = Signal(str, str)

    def __init__(self, taxes: tuple[Choice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taxes = taxes
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(self)
        self.above, self.left, self.right, self.below = (Form(self._inside) for _ in range(4))
        self.fields: dict[str, Field] = {}
        self._lay_out()
        self.setWidget(self._inside)
        self.setFixedWidth(theme.mm(self, _FIELDS_MM))

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms that errors are shown in."""
        return self.above, self.left, self.right, self.below

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Draw the marked line's fields; without a line they rest."""
        self._inside.setEnabled("line.name" in texts)
        self.below.show_row("line.tax", bool(texts.get("line.tax")))
        for name, widget in self.fields.items():
            text = texts.get(name, "")
            if isinstance(widget, ChoiceBox):
                put_choice(widget, text or (PERCENT if name == "line.discount_kind" else ""))
            else:
                put_text(widget, text)

    def focus(self, name: str) -> None:
        """Put the cursor into a field, its text ready to be written over."""
        widget = self.fields[name]
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(widget, QLineEdit):
            widget.selectAll()
        self.ensureWidgetVisible(widget, 0, 40)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(4, 0, 8, 4)
        column.setSpacing(6)
        tell = self.changed.emit
        for form, name, label in (
            (self.above, "line.name", t("Item")),
            (self.left, "line.quantity", t("Quantity")),
            (self.right, "line.price", t("Price")),
            (self.left, "line.discount", t("Discount")),
            (self.below, "line.reason", t("Why the discount")),
        ):
            field = line_field(name, tell, self, is_figure=name in ENTRIES)
            self._add(form, name, label, field)
        label, choices = t("Discount counts"), discount_choices(t("each"))
        kind = choice_field("line.discount_kind", label, choices, tell, self)
        self._add(self.right, "line.discount_kind", label, kind)
        tax = choice_field("line.tax", t("Tax"), self._taxes, tell, self)
        self._add(self.below, "line.tax", t("Tax"), tax)
        for name, label in (
            ("line.specification", t("Description")),
            ("line.remark", t("Remark")),
        ):
            self._add(self.below, name, label, text_field(name, tell, self, _TEXT_PX))
        pair = QHBoxLayout()
        pair.setSpacing(8)
        for side in (self.left, self.right):
            beside = QVBoxLayout()
            beside.addWidget(side)
            beside.addStretch(1)
            pair.addLayout(beside, 1)
        column.addWidget(self.above)
        column.addLayout(pair)
        column.addWidget(self.below)
        column.addStretch(1)

    def _add(self, form: Form, name: str, label: str, field: Field) -> None:
        self.fields[name] = field
        form.add_row(name, label, field)


class LinesTable(QWidget):
    """The entry line for products, the list, and buttons for the marked line."""

    marked = Signal(int)

    def __init__(self, lines: EditorLines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._shown = (-1, -2)
        self.search = SearchField(t("Product"), t("Scan a product, or type its code or name"), self)
        self.free = Button(t("Free line"), "plus", kind="card", parent=self)
        self.up = Button("", "arrow-up", kind="card", name=t("Move the line up"), parent=self)
        self.down = Button("", "arrow-down", kind="card", name=t("Move the line down"), parent=self)
        self.remove = Button("", "trash-2", kind="card", name=t("Remove the line"), parent=self)
        self.back = Button(
            "", "undo-2", kind="card", name=t("Bring the removed line back"), parent=self
        )
        self.table = TableView(t("Lines"), self)
        self.fields = LineFields(lines.tax_choices, self)
        self._nothing = QLabel(t("Nothing on it yet. Scan or type the first product."), self)
        self._lay_out()
        self.table.show_source(lines.columns, lines)
        self.table.row_chosen.connect(lambda _key: self._tell_marked())
        self.table.clicked.connect(lambda _index: self.fields.focus("line.quantity"))

    def show_lines(self, serial: int, marked: int, texts: Mapping[str, str]) -> None:
        """Draw the rows in sight anew where anything changed, and the marked line's fields."""
        if (serial, marked) != self._shown:
            self._shown = (serial, marked)
            self.table.show_changes(marked)
            self.table.scrollTo(self.table.currentIndex())
        is_empty = not self._lines.lines
        self._nothing.setVisible(is_empty)
        for button in (self.up, self.down, self.remove):
            button.setEnabled(not is_empty)
        self.fields.show_texts(texts)

    def connect_buttons(
        self,
        free: Callable[[], object],
        move: Callable[[int], object],
        remove: Callable[[], object],
        back: Callable[[], object],
    ) -> None:
        """Say what the buttons do."""
        self.free.clicked.connect(lambda _=False: free())
        self.up.clicked.connect(lambda _=False: move(-1))
        self.down.clicked.connect(lambda _=False: move(1))
        self.remove.clicked.connect(lambda _=False: remove())
        self.back.clicked.connect(lambda _=False: back())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the number and the discount out while there is no room for the name."""
        super().resizeEvent(event)
        room = self.width() - self.fields.width()
        self.table.setColumnHidden(_NUMBER, room < _ROOM_PX)
        self.table.setColumnHidden(_DISCOUNT, room < _LITTLE_ROOM_PX)

    def _tell_marked(self) -> None:
        self.marked.emit(self.table.currentIndex().row())

    def _lay_out(self) -> None:
        self._nothing.setProperty("role", "quiet")
        self._nothing.setWordWrap(True)
        self.table.setMinimumHeight(120)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        for button in (self.free, self.up, self.down, self.remove, self.back):
            row.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(row)
        left.addWidget(self._nothing)
        left.addWidget(self.table, 1)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(12)
        sides.addLayout(left, 1)
        sides.addWidget(self.fields)


def discount_choices(amount: str) -> tuple[Choice, ...]:
    """Return the ways in which a discount counts; `amount` is the word for money."""
    return (Choice(PERCENT, t("percent")), Choice(AMOUNT, amount))
