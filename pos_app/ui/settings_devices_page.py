"""The page about the counter's devices: the customer's screen, the pole, the scale."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.device_settings import ScaleProtocol
from pos_app.texts import t
from pos_app.ui import theme
from pos_app.ui.field_values import chosen_key, fill_choices, put_checked, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.page_parts import ResultLine, card, sentence
from pos_app.ui.presenters.settings_devices import (
    DISPLAY,
    PAGE,
    POLE,
    SCALE,
    DevicesPresenter,
    DevicesState,
    Told,
    usual_target,
)
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.form import Form
from pos_app.ui.widgets.tick import Tick

_PICTURES = "*.png *.jpg *.jpeg *.webp *.svg"


class DevicesPage(QWidget):
    """`attach(presenter)` brings it to life, `show_state(state)` draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: DevicesPresenter | None = None
        self.display = Tick(t("Show the sale on a second screen"), self)
        self.idle_image, self.pole_target, self.scale_target = (QLineEdit(self) for _ in range(3))
        self.code_page, self.protocol = (ChoiceBox(parent=self) for _ in range(2))
        self.browse = Button(
            "", "folder-open", kind="card", name=t("Choose a picture"), parent=self
        )
        self.show_now = Button(t("Show it now"), "monitor", kind="card", parent=self)
        self.try_pole = Button(t("Write a test"), "send", kind="card", parent=self)
        self.try_scale = Button(t("Weigh now"), "scale", kind="card", parent=self)
        self.save = Button(t("Keep"), "check", kind="primary", parent=self)
        self.save.setAccessibleName(t("Keep the devices"))
        self.results = {device: ResultLine(self) for device in (DISPLAY, POLE, SCALE, PAGE)}
        self._forms = tuple(Form(self) for _ in range(3))
        self._errors = FormErrors(*self._forms)
        self._lay_out()

    def attach(self, presenter: DevicesPresenter) -> None:
        """Let `presenter` take the gestures from now on."""
        self._presenter = presenter
        for line, name in (
            (self.idle_image, "idle_image"),
            (self.pole_target, "pole_target"),
            (self.scale_target, "scale_target"),
        ):
            line.textEdited.connect(lambda text, name=name: presenter.change(**{name: text}))
        self.display.toggled.connect(lambda is_on: presenter.change(customer_display=is_on))
        self.code_page.activated.connect(
            lambda _place: presenter.change(pole_code_page=chosen_key(self.code_page))
        )
        self.protocol.activated.connect(
            lambda _place: presenter.change(scale_protocol=ScaleProtocol(chosen_key(self.protocol)))
        )
        self.browse.clicked.connect(self._choose_picture)
        self.show_now.clicked.connect(presenter.test_display)
        self.try_pole.clicked.connect(presenter.test_pole)
        self.try_scale.clicked.connect(presenter.test_scale)
        self.save.clicked.connect(presenter.save)
        self.show_state(presenter.state)

    def show_state(self, state: DevicesState) -> None:
        """Draw `state`."""
        draft = state.draft
        fill_choices(self.code_page, state.code_pages)
        fill_choices(self.protocol, state.protocols)
        put_checked(self.display.box, draft.customer_display)
        for line, text in (
            (self.idle_image, draft.idle_image),
            (self.pole_target, draft.pole_target),
            (self.scale_target, draft.scale_target),
        ):
            put_text(line, text)
        put_choice(self.code_page, draft.pole_code_page)
        put_choice(self.protocol, draft.scale_protocol.value)
        self._errors.show(state.errors)
        for device, result in self.results.items():
            told = state.told.get(device, Told())
            result.tell(told.text, told.tone)
        for button in (self.try_pole, self.try_scale):
            button.setEnabled(not state.busy)
        self.save.setEnabled(state.is_changed)
        self.scale_target.setPlaceholderText(usual_target(draft.scale_protocol))

    def _choose_picture(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, t("Choose a picture"), "", f"{t('Pictures')} ({_PICTURES})"
        )
        if path and self._presenter is not None:
            self._presenter.change(idle_image=path)

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(16)
        left.addWidget(self._screen_card())
        left.addWidget(self._pole_card())
        left.addStretch(1)
        right.addWidget(self._scale_card())
        right.addWidget(self.results[PAGE])
        right.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTrailing)
        right.addStretch(1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 8, 0)
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)

    def _screen_card(self) -> QWidget:
        made, column = card(t("The customer's screen"), self)
        told = t("It fills a second screen with what is scanned, the total and the change.")
        column.addWidget(sentence(told, made))
        column.addWidget(self.display)
        picture = QWidget(made)
        row = QHBoxLayout(picture)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.idle_image, 1)
        row.addWidget(self.browse)
        picture.setFocusProxy(self.idle_image)
        self.idle_image.setAccessibleName(t("Picture"))
        self.idle_image.setMinimumHeight(theme.mm(self, 12))
        hint = t("Shown while nothing is sold; left empty: the shop's name")
        self._forms[0].add_row("idle_image", t("Picture"), picture, hint)
        return _with_test(made, column, self._forms[0], self.show_now, self.results[DISPLAY])

    def _pole_card(self) -> QWidget:
        made, column = card(t("Display on a pole"), self)
        column.addWidget(sentence(t("Two lines of twenty characters on a serial port."), made))
        form = self._forms[1]
        hint = t("such as /dev/ttyUSB0,9600 or COM3,9600; left empty: there is none")
        form.add_row("pole_target", t("Port and speed"), self.pole_target, hint)
        form.add_row("pole_code_page", t("Its letters"), self.code_page)
        return _with_test(made, column, form, self.try_pole, self.results[POLE])

    def _scale_card(self) -> QWidget:
        made, column = card(t("Scale"), self)
        told = t("Goods sold by weight ask it; the weight can always be typed instead.")
        column.addWidget(sentence(told, made))
        form = self._forms[2]
        form.add_row("scale_protocol", t("How it speaks"), self.protocol)
        hint = t("Port, speed and frame as in the scale's manual; left empty: there is none")
        form.add_row("scale_target", t("Port and speed"), self.scale_target, hint)
        return _with_test(made, column, form, self.try_scale, self.results[SCALE])


def _with_test(
    made: QWidget, column: QVBoxLayout, form: Form, button: Button, result: ResultLine
) -> QWidget:
    column.addWidget(form)
    column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
    column.addWidget(result)
    return made
