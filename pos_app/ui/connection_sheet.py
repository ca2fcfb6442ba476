"""The sheet that sets up a connection with another system."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.field_values import (
    chosen_key,
    fill_choices,
    from_the_right,
    put_choice,
    put_text,
)
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.connection_form import (
    ConnectionDraft,
    ConnectionForm,
    ConnectionFormState,
    ConnectionTools,
    OptionRow,
)
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form

EXAMPLE = "https://erp.example.com"  # a name that nobody can own (RFC 2606)
_TYPED = ("name", "url", "user", "key", "company", "connection")


class ConnectionSheet(FormSheet):
    """Owns its presenter; goes away by itself when the connection is kept."""

    def __init__(
        self, tools: ConnectionTools, draft: ConnectionDraft, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            t("Connection") if draft.id else t("New connection"),
            save=lambda: False,
            is_changed=lambda: self.presenter.state.is_changed,
            size=QSize(760, 860),
            parent=parent,
        )
        self._options: dict[str, QLineEdit | ChoiceBox] = {}
        self._option_rows: tuple[OptionRow, ...] = ()
        self._is_ready = False
        self._told_abilities: list[tuple[str, str, str]] = []
        self._tried: list[ResultLine] = []
        self._abilities = QGridLayout()
        self._form = Form(self)
        self._errors = FormErrors(self._form)
        self._options_card, self._options_column = card(t("How it is sent"), self)
        self._options_form = Form(self._options_card)
        self.bar = QProgressBar(self)
        self.typed = {name: QLineEdit(self) for name in _TYPED}
        self.api, self.start = ChoiceBox(parent=self), ChoiceBox(parent=self)
        self.test = Button(t("Test"), "plug", kind="card", parent=self)
        self._make_fields()
        self.presenter = ConnectionForm(
            tools, draft, self.show_state, self.accept, partial(run_in_background, owner=self)
        )
        self._connect_gestures()
        self._is_ready = True
        self.show_state(self.presenter.state)

    def show_state(self, state: ConnectionFormState) -> None:
        """Draw `state`."""
        if not self._is_ready:
            return
        draft = state.draft
        fill_choices(self.api, state.apis)
        put_choice(self.api, draft.api)
        self.api.setEnabled(state.is_new and not state.is_busy)
        fill_choices(self.start, state.starts)
        put_choice(self.start, draft.start)
        self._form.show_row("start", state.is_new)
        for name, field in self.typed.items():
            put_text(field, getattr(draft, name))
            field.setEnabled(not state.is_busy)
            if name not in {"name", "url"}:
                self._form.show_row(name, name in state.takes)
        self.typed["key"].setPlaceholderText(t("kept as it is") if state.has_key else "")
        self._show_options(state.options)
        self._show_abilities(state)
        self._show_tried(state)
        self._errors.show(dict(state.errors))
        self.bar.setVisible(state.is_busy)
        self.test.setEnabled(not state.is_busy)
        self.button("save").setEnabled(not state.is_busy)
        self.show_message(
            f"⚠ {state.problem}" if state.problem else "", is_error=bool(state.problem)
        )

    def _show_options(self, rows: tuple[OptionRow, ...]) -> None:
        shape = [(row.name, row.label, row.choices) for row in rows]
        if shape != [(row.name, row.label, row.choices) for row in self._option_rows]:
            self._renew_options(rows)
        self._option_rows = rows
        for row in rows:
            field = self._options[row.name]
            if isinstance(field, ChoiceBox):
                fill_choices(field, row.choices)
                put_choice(field, row.value)
            else:
                put_text(field, row.value)
        self._options_card.setVisible(bool(rows))

    def _renew_options(self, rows: tuple[OptionRow, ...]) -> None:
        """Make the fields of another API's options."""
        self._options_form.setParent(None)
        self._options_form.deleteLater()
        self._options_form = Form(self._options_card)
        self._options = {}
        for row in rows:
            field: QLineEdit | ChoiceBox
            if row.choices:
                field = ChoiceBox(parent=self)
                field.activated.connect(
                    lambda _place, box=field, name=row.name: self.presenter.choose(
                        name, chosen_key(box)
                    )
                )
            else:
                field = QLineEdit(self)
                field.textEdited.connect(partial(self._choose, row.name))
            self._options_form.add_row(row.name, row.label, field)
            self._options[row.name] = field
        self._options_column.addWidget(self._options_form)

    def _choose(self, name: str, text: str) -> None:
        self.presenter.choose(name, text)

    def _show_abilities(self, state: ConnectionFormState) -> None:
        rows = [("✓" if row.carries else "–", row.kinds, row.words) for row in state.abilities]
        if rows == self._told_abilities:
            return
        self._told_abilities = rows
        while (item := self._abilities.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        for place, (sign, kinds, words) in enumerate(rows):
            mark = QLabel(sign, self)
            mark.setFixedWidth(20)
            mark.setFont(fonts.font(15, fonts.SEMIBOLD))
            name = QLabel(from_the_right(kinds), self)
            name.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
            name.setWordWrap(True)
            said = t("goes there") if sign == "✓" else t("does not go there")
            name.setAccessibleName(f"{kinds} ({said})")
            both = QVBoxLayout()
            both.setSpacing(0)
            both.addWidget(name)
            both.addWidget(sentence(words, self))
            row = QWidget(self)
            row.setLayout(both)
            both.setContentsMargins(0, 0, 0, 0)
            self._abilities.addWidget(mark, place, 0, Qt.AlignmentFlag.AlignTop)
            self._abilities.addWidget(row, place, 1)
        self._abilities.setColumnStretch(1, 1)

    def _show_tried(self, state: ConnectionFormState) -> None:
        while len(self._tried) < len(state.tried):
            line = ResultLine(self)
            self._tried_column.addWidget(line)
            self._tried.append(line)
        for place, line in enumerate(self._tried):
            text, tone = state.tried[place] if place < len(state.tried) else ("", Tone.PLAIN)
            line.tell(text, tone)
        if state.tried:  # when the lines have found their places
            last = self._tried[len(state.tried) - 1]
            QTimer.singleShot(0, last, lambda: self.show_field(last))

    def _connect_gestures(self) -> None:
        self.api.activated.connect(lambda _place: self.presenter.change(api=chosen_key(self.api)))
        self.start.activated.connect(
            lambda _place: self.presenter.change(start=chosen_key(self.start))
        )
        for name, field in self.typed.items():
            field.textEdited.connect(lambda text, name=name: self.presenter.change(**{name: text}))
        self.test.clicked.connect(lambda _=False: self.presenter.test())

    def _save(self) -> bool:
        self.presenter.save()
        return False  # it closes by itself when it is done

    def _make_fields(self) -> None:
        self.end_with((SheetAction("save", t("Save"), "check", Tone.PRIMARY), self._save))
        typed = self.typed
        for name in ("url", "key", "company", "connection", "user"):
            typed[name].setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        typed["url"].setPlaceholderText(EXAMPLE)
        typed["key"].setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self._form.add_row("api", t("Which system"), self.api)
        self._form.add_row("name", t("Name"), typed["name"], t("As this list shall call it."))
        self._form.add_row("url", t("Address"), typed["url"])
        self._form.add_row("user", t("User name"), typed["user"])
        self._form.add_row(
            "key", t("Key"), typed["key"], t("It stays on this machine and is not shown again.")
        )
        self._form.add_row("company", t("Id of the company"), typed["company"])
        self._form.add_row("connection", t("Id of the connection"), typed["connection"])
        self._form.add_row("start", t("What is sent"), self.start)
        self.fields.addWidget(self._form)
        self._options_column.addWidget(self._options_form)
        self.fields.addWidget(self._options_card)
        goes, column = card(t("What goes there"), self)
        self._abilities.setHorizontalSpacing(8)
        self._abilities.setVerticalSpacing(6)
        column.addLayout(self._abilities)
        self.fields.addWidget(goes)
        tried, self._tried_column = card(t("Does it work?"), self)
        told = t("Asks the other side with what stands in the fields now. Nothing is changed.")
        self._tried_column.addWidget(sentence(told, tried))
        self._tried_column.addWidget(self.test, 0, Qt.AlignmentFlag.AlignLeading)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("Progress"))
        self._tried_column.addWidget(self.bar)
        self.fields.addWidget(tried)
        self.fields.addStretch(1)
