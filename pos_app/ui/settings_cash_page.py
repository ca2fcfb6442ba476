"""The page about the drawer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui.field_values import put_checked, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.settings_cash import CashPageState, CashSettingsPresenter
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.text_area import TextArea
from pos_app.ui.widgets.tick import Tick

_LINE_PX = 24


class CashPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blind = Tick(t("Count blind: what should be there is shown after the count"), self)
        self.needs_shift = Tick(t("Sell only while a shift is open"), self)
        self._texts: dict[str, QLineEdit | QPlainTextEdit] = {
            "float_target": QLineEdit(self),
            "denominations": QLineEdit(self),
            "reasons_in": self._lines(3),
            "reasons_out": self._lines(4),
            "accepted": self._lines(3),
        }
        self.form, self.far_form = Form(self), Form(self)
        self._errors = FormErrors(self.form, self.far_form)
        self.result = ResultLine(self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self._lay_out()

    def attach(self, presenter: CashSettingsPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        for name, field in self._texts.items():
            if isinstance(field, QLineEdit):
                field.textEdited.connect(lambda text, name=name: presenter.change(**{name: text}))
            else:
                field.textChanged.connect(
                    lambda name=name, field=field: presenter.change(**{name: field.toPlainText()})
                )
        self.blind.toggled.connect(lambda is_on: presenter.change(is_blind=is_on))
        self.needs_shift.toggled.connect(lambda is_on: presenter.change(needs_shift=is_on))
        self.save.clicked.connect(lambda _=False: presenter.save())
        self.show_state(presenter.state)

    def show_state(self, state: CashPageState) -> None:
        """Draw `state`."""
        for name, field in self._texts.items():
            put_text(field, getattr(state.draft, name))
        put_checked(self.blind.box, state.draft.is_blind)
        put_checked(self.needs_shift.box, state.draft.needs_shift)
        self._errors.show(state.errors)
        self.result.tell(state.result, state.result_tone)
        self.save.setEnabled(state.is_changed)

    def field(self, name: str) -> QLineEdit | QPlainTextEdit:
        """Return the field of a part of the settings."""
        return self._texts[name]

    def _lines(self, rows: int) -> QPlainTextEdit:
        field = TextArea(self)
        field.setFixedHeight(_LINE_PX * (rows + 1))
        return field

    def _lay_out(self) -> None:
        texts = self._texts
        drawer, column = card(t("Drawer"), self)
        column.addWidget(self.blind)
        column.addWidget(self.needs_shift)
        self.form.add_row(
            "float_target",
            t("Float to keep for the next shift"),
            texts["float_target"],
            t("Left empty: nothing is bagged at closing"),
        )
        self.form.add_row(
            "denominations",
            t("Notes and coins to count"),
            texts["denominations"],
            t("Left empty: all in circulation. Otherwise such as 50 20 10 5 2 1 0.50"),
        )
        self.form.add_row(
            "accepted",
            t("Foreign notes that the till takes"),
            texts["accepted"],
            t("One in each line, with what one of it is worth: USD 0.92"),
        )
        column.addWidget(self.form)
        reasons, far = card(t("Reasons"), self)
        far.addWidget(sentence(t("They are offered when cash moves. One in each line."), reasons))
        self.far_form.add_row("reasons_in", t("For putting cash in"), texts["reasons_in"])
        self.far_form.add_row("reasons_out", t("For taking cash out"), texts["reasons_out"])
        far.addWidget(self.far_form)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 8, 0)
        outer.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        for part, weight in ((drawer, 3), (reasons, 2)):
            inner = QVBoxLayout()
            inner.addWidget(part)
            inner.addStretch(1)
            row.addLayout(inner, weight)
        outer.addLayout(row)
        outer.addWidget(self.result)
        outer.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTrailing)
        outer.addStretch(1)
