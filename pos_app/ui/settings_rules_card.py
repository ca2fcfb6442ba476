"""The card about approvals: a line for each action, what the chosen role may, and the lock."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pos_app.domain.approval import Action
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.approval_rules import RuleRow, RulesState
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from pos_app.ui.presenters.approval_rules import RulesPresenter

_FIELD_PX = 84
_REASONS_PX = 140


class RulesCard(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: RulesPresenter | None = None
        self.lines: dict[Action, _Line] = {}
        self.role = ChoiceBox(t("Role"), self)
        self.lock_s = QLineEdit(self)
        self.reasons = TextArea(self)
        self.reasons.setFixedHeight(_REASONS_PX)
        self.form = Form(self)
        self._errors = FormErrors(self.form)
        self.result = ResultLine(self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self.save.setAccessibleName(t("Keep the rules"))
        self._lay_out()

    def attach(self, presenter: "RulesPresenter") -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        self.role.activated.connect(lambda _place: presenter.choose_role(chosen_key(self.role)))
        self.lock_s.textEdited.connect(lambda text: presenter.change_whole(lock_s=text))
        self.reasons.textChanged.connect(self._reasons_typed)
        self.save.clicked.connect(lambda _=False: presenter.save())
        self.show_state(presenter.state)

    def show_state(self, state: RulesState) -> None:
        """Draw `state`."""
        fill_choices(self.role, state.roles)
        put_choice(self.role, state.role)
        for place, row in enumerate(state.rows):
            if row.action not in self.lines:
                self.lines[row.action] = _Line(row, place + 1, self._grid, self)
            self.lines[row.action].show_row(row, state.errors)
        put_text(self.lock_s, state.lock_s)
        put_text(self.reasons, state.reasons)
        self._errors.show({key: state.errors[key] for key in ("lock_s",) if key in state.errors})
        self.result.tell(state.result, state.result_tone)
        self.save.setEnabled(state.is_changed)

    def change(self, action: Action, **values: object) -> None:
        """Tell the presenter what was typed or ticked."""
        if self._presenter is not None:
            self._presenter.change(action, **values)

    def _reasons_typed(self) -> None:
        text = self.reasons.toPlainText()
        if self._presenter is not None and text != self._presenter.state.reasons:
            self._presenter.change_whole(reasons=text)

    def _lay_out(self) -> None:
        frame, column = card(t("What needs an approval"), self)
        advice = t(
            "Ticked actions need somebody with more rights: always, or only above the figure. The "
            "figure per shift is what one cashier may take back out of sales before that. On the "
            "far side stands what the chosen role may do and approve, and up to which limit."
        )
        column.addWidget(sentence(advice, frame))
        chooser = QHBoxLayout()
        chooser.setSpacing(12)
        label = QLabel(t("Rights of the role"), frame)
        label.setBuddy(self.role)
        chooser.addStretch(1)
        chooser.addWidget(label)
        self.role.setMaximumWidth(260)
        self.role.setMinimumWidth(200)
        chooser.addWidget(self.role)
        column.addLayout(chooser)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        heads = (t("Needs an approval"), t("Above"), t("Per shift"), "", t("Role may"), t("Up to"))
        for place, head in enumerate(heads):
            title = QLabel(head, frame)
            title.setProperty("role", "quiet")
            title.setFont(fonts.font(14, fonts.SEMIBOLD))
            self._grid.addWidget(title, 0, place)
        column.addLayout(self._grid)
        self.form.add_row(
            "lock_s", t("Lock by itself after"), self.lock_s, t("Seconds; 0 never locks")
        )
        self.form.add_row("reasons", t("Reasons to choose from"), self.reasons, t("One per line"))
        column.addWidget(self.form)
        column.addWidget(self.result)
        column.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTrailing)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)


class _Line:
    """The widgets of one action in the grid."""

    def __init__(self, row: RuleRow, place: int, grid: QGridLayout, parent: RulesCard) -> None:
        action = row.action
        self.reserved = QCheckBox(row.name, parent)
        self.reserved.setMinimumHeight(theme.mm(parent, 9))
        self.reserved.toggled.connect(lambda is_on: parent.change(action, is_reserved=is_on))
        grid.addWidget(self.reserved, place, 0)
        self.fields: dict[str, QLineEdit] = {}
        columns = {"above": (1, t("Above")), "per_shift": (2, t("Per shift")),
                   "limit": (5, t("Up to"))}  # fmt: skip
        for name, (column, word) in columns.items():
            field = QLineEdit(parent)
            field.setFixedWidth(_FIELD_PX)
            field.setAccessibleName(f"{row.name}: {word}")
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.textEdited.connect(lambda text, name=name: parent.change(action, **{name: text}))
            is_shown = row.has_shift_sum if name == "per_shift" else row.has_figure
            field.setVisible(is_shown)
            grid.addWidget(field, place, column)
            self.fields[name] = field
        unit = QLabel(row.unit if row.has_figure else "", parent)
        unit.setProperty("role", "quiet")
        grid.addWidget(unit, place, 3)
        self.may = QCheckBox(parent)
        self.may.setAccessibleName(f"{row.name}: {t('Role may')}")
        self.may.toggled.connect(lambda is_on: parent.change(action, may=is_on))
        grid.addWidget(self.may, place, 4)

    def show_row(self, row: RuleRow, errors: dict[str, str]) -> None:
        """Show what stands in the draft."""
        put_checked(self.reserved, row.is_reserved)
        put_checked(self.may, row.may)
        for name, field in self.fields.items():
            put_text(field, getattr(row, name))
            error = errors.get(f"{row.action.value}.{name}", "")
            field.setToolTip(error)
            field.setAccessibleDescription(error)
            state = "error" if error else ""
            if field.property("state") != state:
                field.setProperty("state", state)
                field.style().unpolish(field)
                field.style().polish(field)
        self.fields["limit"].setEnabled(row.may)
        for name in ("above", "per_shift"):
            self.fields[name].setEnabled(row.is_reserved)
