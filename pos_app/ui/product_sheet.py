"""The sheet of one product: every field, its barcodes, its taxes and its stock."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.barcode_list import BarcodeList
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.presenters.product_form import ProductForm, ProductFormState
from pos_app.ui.stock_box import StockBox
from pos_app.ui.stock_rule_box import StockRuleBox
from pos_app.ui.tick_list import TickList
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

_COLOURS = "#2F7D4F #B3541E #3B6FB6 #8A4FA3 #A08A00 #B23A5B #3A7F86 #6B5B4B".split()


class ProductSheet(FormSheet):
    """Two columns of fields; what is wrong stands under its field, and nothing typed is lost."""

    def __init__(self, form: ProductForm, parent: QWidget | None = None) -> None:
        state = form.state
        super().__init__(
            state.title, form.save, lambda: form.state.is_changed, QSize(940, 780), parent
        )
        self._form = form
        self.left, self.right = Form(self), Form(self)
        self.rule = StockRuleBox(self)
        self._errors = FormErrors(self.left, self.right, self.rule.form)
        self._make_fields()
        self._lay_out()
        self._connect()
        form.watch(self.show_state)
        self.name.setFocus()

    def show_state(self, state: ProductFormState) -> None:
        """Draw `state`."""
        draft = state.draft
        fill_choices(self.unit, state.units)
        fill_choices(self.category, state.categories)
        fill_choices(self.kind, state.kinds)
        for field, text in (
            (self.name, draft.name),
            (self.code, draft.code),
            (self.price, draft.price),
            (self.cost, draft.cost),
            (self.min_price, draft.min_price),
            (self.tile, draft.tile),
        ):
            put_text(field, text)
        put_choice(self.unit, draft.unit)
        put_choice(self.category, draft.category)
        put_choice(self.kind, draft.kind)
        put_checked(self.active, draft.is_active)
        self.taxes.show_choices(state.taxes, draft.taxes)
        self.barcodes.show_codes(state.barcode_hints)
        self._margin.setText(state.margin)
        self._stock_card.setVisible(state.is_stocked)
        self.rule.show_rule(state)
        self.stock.setVisible(bool(state.stock))
        self.stock.show_stock(state)
        self._errors.show(state.errors)
        self.show_message(state.message, is_error=bool(state.errors))

    def take_scan(self, code: str) -> None:
        """Add a scanned barcode, whatever has the focus."""
        self._form.add_barcode(code)
        self.show_field(self.barcodes)

    def _connect(self) -> None:
        form = self._form
        for field, name in (
            (self.name, "name"),
            (self.code, "code"),
            (self.price, "price"),
            (self.cost, "cost"),
            (self.min_price, "min_price"),
            (self.tile, "tile"),
        ):
            field.textEdited.connect(lambda text, name=name: form.change(**{name: text}))
        for combo, name in (
            (self.unit, "unit"),
            (self.category, "category"),
            (self.kind, "kind"),
        ):
            combo.activated.connect(
                lambda _place, combo=combo, name=name: form.change(**{name: chosen_key(combo)})
            )
        self.active.toggled.connect(lambda is_on: form.change(is_active=is_on))
        self.taxes.toggled.connect(form.choose_tax)
        self.barcodes.added.connect(form.add_barcode)
        self.barcodes.removed.connect(form.remove_barcode)
        self.rule.attach(form.change)
        self.stock.corrected.connect(self._correct)
        self._new_group.clicked.connect(self._open_group)
        self._group_name.returnPressed.connect(self._add_group)
        self._group_add.clicked.connect(self._add_group)

    def _correct(self, location: str, reason: str, figure: str, note: str) -> None:
        if self._form.correct_stock(location, reason, figure, note):
            self.stock.was_corrected()

    def _open_group(self) -> None:
        self._group_row.show()
        self._group_name.setFocus()

    def _add_group(self) -> None:
        count = len(self._form.state.categories)
        name = self._group_name.text()
        if name.strip() and self._form.add_category(name, _COLOURS[count % len(_COLOURS)]):
            self._group_name.clear()
            self._group_row.hide()
            self.category.setFocus()

    def _make_fields(self) -> None:
        self.name, self.code = QLineEdit(self), QLineEdit(self)
        self.price, self.cost, self.min_price = (_figure(self) for _ in range(3))
        self.tile = _figure(self)
        self.unit, self.category, self.kind = (ChoiceBox(parent=self) for _ in range(3))
        self.active = QCheckBox(t("For sale"), self)
        self.active.setAccessibleName(t("For sale"))
        self.barcodes = BarcodeList(self)
        self.taxes = TickList(self)
        self.stock = StockBox(self._form.figure_label, self)
        self._margin = QLabel(self)
        self._margin.setProperty("role", "quiet")
        self._make_group_row()

    def _make_group_row(self) -> None:
        self._category = QWidget(self)
        column = QVBoxLayout(self._category)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.category.setMinimumHeight(theme.mm(self, 12))
        self.category.setAccessibleName(t("Category"))
        self._new_group = Button("", "plus", kind="card", name=t("New category"), parent=self)
        row.addWidget(self.category, 1)
        row.addWidget(self._new_group)
        column.addLayout(row)
        self._group_row = QWidget(self._category)
        second = QHBoxLayout(self._group_row)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(8)
        self._group_name = QLineEdit(self._group_row)
        self._group_name.setPlaceholderText(t("Name of the new category"))
        self._group_name.setAccessibleName(t("Name of the new category"))
        self._group_name.setMinimumHeight(theme.mm(self, 12))
        self._group_add = Button(t("Add"), "check", kind="card", parent=self._group_row)
        second.addWidget(self._group_name, 1)
        second.addWidget(self._group_add)
        self._group_row.hide()
        column.addWidget(self._group_row)
        self._category.setFocusProxy(self.category)

    def _lay_out(self) -> None:
        self.left.add_row("name", t("Name"), self.name)
        self.left.add_row("code", t("Own code"), self.code, t("Left empty: the first barcode"))
        self.left.add_row("barcodes", t("Barcodes"), self.barcodes)
        self.left.add_row("category", t("Category"), self._category)
        self.left.add_row("kind", t("Kind"), self.kind)
        self.right.add_row(
            "price", t("Price"), self.price, t("Up to 4 decimals. Left empty: the till asks")
        )
        self.right.add_row("unit", t("Sold by"), self.unit)
        self.right.add_row("taxes", t("Taxes"), self.taxes)
        self.right.add_row("cost", t("Cost"), self.cost)
        self.right.add_row(
            "min_price", t("Lowest price"), self.min_price, t("No discount goes below it")
        )
        self.right.add_row("tile_position", t("Tile position"), self.tile, t("Left empty: by name"))
        columns = QHBoxLayout()
        columns.setSpacing(24)
        for form, more in ((self.left, (self.active,)), (self.right, (self._margin,))):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(form)
            for widget in more:
                column.addWidget(widget)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.fields.addLayout(columns)
        self._stock_card = QFrame(self)
        self._stock_card.setProperty("role", "card")
        inside = QVBoxLayout(self._stock_card)
        inside.setContentsMargins(16, 12, 16, 16)
        heading = QLabel(t("Stock"), self._stock_card)
        heading.setProperty("role", "heading")
        inside.addWidget(heading)
        inside.addWidget(self.rule)
        inside.addWidget(self.stock)
        self.fields.addWidget(self._stock_card)
        self.fields.addStretch(1)


def _figure(parent: QWidget) -> QLineEdit:
    """A field for a figure: tabular digits, at the far side, left to right in every language."""
    field = QLineEdit(parent)
    field.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
    field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return field
