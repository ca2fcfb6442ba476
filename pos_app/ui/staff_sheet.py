"""The sheet of one member of staff."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.staff_form import Secret, StaffForm, StaffFormState
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.tick import Tick

_PICTURE_PX = 200


class StaffSheet(FormSheet):
    """Two columns of fields; a badge or key that was just made is shown once, below them."""

    def __init__(
        self,
        form: StaffForm,
        print_badge: Callable[[str, str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            form.state.title, form.save, lambda: form.state.is_changed, QSize(860, 720), parent
        )
        self._form = form
        self._print_badge = print_badge
        self._secret = Secret()
        self.name, self.code = QLineEdit(self), QLineEdit(self)
        self.role, self.language = ChoiceBox(parent=self), ChoiceBox(parent=self)
        self.pin, self.again = QLineEdit(self), QLineEdit(self)
        for field in (self.pin, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.is_active = Tick(t("Works here"), self)
        self.marks = sentence("", self)
        self.badge = Button(t("New badge"), "qr-code", kind="card", parent=self)
        self.code_key = Button(t("Key for codes"), "key-round", kind="card", parent=self)
        self.left, self.right = Form(self), Form(self)
        self._errors = FormErrors(self.left, self.right)
        self._lay_out()
        self._connect()
        form.watch(self.show_state, self.accept)
        self.name.setFocus()

    def show_state(self, state: StaffFormState) -> None:
        """Draw `state`."""
        fill_choices(self.role, state.roles)
        fill_choices(self.language, state.languages)
        put_text(self.name, state.draft.name)
        put_text(self.code, state.draft.code)
        put_text(self.pin, state.pin)
        put_text(self.again, state.again)
        put_choice(self.role, state.draft.role)
        put_choice(self.language, state.draft.language)
        put_checked(self.is_active.box, state.draft.is_active)
        self._errors.show(state.errors)
        told = ", ".join(state.marks) or t("Nothing yet: set a PIN")
        self.marks.setText(t("Signs in with: {what}").format(what=told))
        for button in (self.badge, self.code_key):
            button.setEnabled(not state.is_new and not state.is_busy)
        message = t("One moment …") if state.is_busy else state.message
        self.show_message(message, is_error=state.is_problem)
        self._show_secret(state.secret)

    def take_scan(self, code: str) -> None:
        """Take a scanned card for this member's badge, whatever has the focus."""
        self._form.take_scan(code)

    def _connect(self) -> None:
        form = self._form
        self.name.textEdited.connect(lambda text: form.change(name=text))
        self.code.textEdited.connect(lambda text: form.change(code=text))
        self.pin.textEdited.connect(lambda text: form.type_pin(pin=text))
        self.again.textEdited.connect(lambda text: form.type_pin(again=text))
        self.role.activated.connect(lambda _place: form.change(role=chosen_key(self.role)))
        self.language.activated.connect(
            lambda _place: form.change(language=chosen_key(self.language))
        )
        self.is_active.toggled.connect(lambda is_on: form.change(is_active=is_on))
        self.badge.clicked.connect(lambda _=False: form.make_badge())
        self.code_key.clicked.connect(lambda _=False: form.make_code_key())
        self.print.clicked.connect(lambda _=False: self._print())
        self.hide_code.clicked.connect(lambda _=False: form.hide_secret())

    def _lay_out(self) -> None:
        self.left.add_row("name", t("Name"), self.name, t("As the others call them"))
        self.left.add_row("code", t("Code"), self.code, t("Short; stands on receipts"))
        self.left.add_row("role", t("Role"), self.role)
        self.left.add_row("language", t("Language"), self.language)
        self.right.add_row("pin", t("New PIN"), self.pin, t("4 to 8 digits; empty keeps the old"))
        self.right.add_row("again", t("New PIN again"), self.again)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        for form in (self.left, self.right):
            column = QVBoxLayout()
            column.addWidget(form)
            if form is self.right:
                column.addSpacing(8)
                column.addWidget(self.marks)
                buttons = QHBoxLayout()
                buttons.setSpacing(8)
                buttons.addWidget(self.badge)
                buttons.addWidget(self.code_key)
                buttons.addStretch(1)
                column.addLayout(buttons)
                card = t("Or scan a card that they have already, such as a bus pass.")
                column.addWidget(sentence(card, self))
                column.addSpacing(8)
                column.addWidget(self.is_active)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.fields.addLayout(columns)
        self.fields.addWidget(self._make_secret())
        self.fields.addStretch(1)

    def _make_secret(self) -> QWidget:
        self.secret = QFrame(self)
        self.secret.setProperty("role", "card")
        row = QHBoxLayout(self.secret)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        self._picture = QLabel(self.secret)
        self._picture.setFixedSize(_PICTURE_PX, _PICTURE_PX)
        row.addWidget(self._picture)
        column = QVBoxLayout()
        column.setSpacing(8)
        self._secret_title = QLabel(self.secret)
        self._secret_title.setProperty("role", "heading")
        self._secret_title.setWordWrap(True)
        self._secret_text = QLabel(self.secret)
        self._secret_text.setFont(fonts.figures(theme.TEXT.office, fonts.SEMIBOLD))
        self._secret_text.setWordWrap(True)
        self._secret_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._secret_advice = sentence("", self.secret)
        for label in (self._secret_title, self._secret_text, self._secret_advice):
            column.addWidget(label)
        self.print = Button(t("Print"), "printer", kind="primary", parent=self.secret)
        self.hide_code = Button(t("Hide it"), "eye-off", kind="card", parent=self.secret)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.print)
        buttons.addWidget(self.hide_code)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        row.addLayout(column, 1)
        self.secret.hide()
        return self.secret

    def _show_secret(self, secret: Secret) -> None:
        if secret == self._secret:
            return
        self._secret = secret
        self.secret.setVisible(bool(secret.text))
        self._secret_title.setText(secret.title)
        self._secret_text.setText(secret.text)
        self._secret_advice.setText(secret.advice)
        self.print.setVisible(secret.is_badge)
        picture = QPixmap()
        if secret.text:
            from pos_app.printing.badge import code_picture  # noqa: PLC0415 - seldom needed

            picture.loadFromData(code_picture(secret.text.replace(" ", "")))
            # When it has been laid out: only then it has a place to scroll to.
            QTimer.singleShot(0, self, lambda: self.show_field(self.secret))
        smooth = Qt.TransformationMode.SmoothTransformation
        keep = Qt.AspectRatioMode.KeepAspectRatio
        shown = picture.scaled(_PICTURE_PX, _PICTURE_PX, keep, smooth) if secret.text else picture
        self._picture.setPixmap(shown)

    def _print(self) -> None:
        self._print_badge(self._form.state.draft.name, self._secret.text)
