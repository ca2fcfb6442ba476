"""The sheet that connects the till with head office."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QWidget

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.background import run_in_background
from pos_app.ui.field_values import put_text
from pos_app.ui.form_sheet import FormSheet
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.sync_connect import ConnectPresenter, ConnectState, ConnectTools
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.form import Form

EXAMPLE = "https://office.example.com"  # a name that nobody can own (RFC 2606)
OWN_OFFICE = 'pos-app server init --company "…"\npos-app server run'


class ConnectSheet(FormSheet):
    """Owns its presenter; goes away by itself when the till is connected."""

    def __init__(self, tools: ConnectTools, parent: QWidget | None = None) -> None:
        super().__init__(
            t("Connect with head office"),
            save=lambda: False,
            is_changed=lambda: self.presenter.state.is_changed,
            size=QSize(640, 700),
            parent=parent,
        )
        self.say(
            t(
                "Scan or paste the invitation that head office shows for this till, "
                "or enter its address and the code."
            )
        )
        self._offers: dict[str, Button] = {}
        self._is_busy = False
        self._make_fields()
        self.presenter = ConnectPresenter(
            tools, self.show_state, self.accept, partial(run_in_background, owner=self)
        )
        self.address.textEdited.connect(self.presenter.type_address)
        self.code.textEdited.connect(self.presenter.type_code)
        self.search.clicked.connect(lambda _=False: self.presenter.search())
        self._offer_endings()
        self.show_state(self.presenter.state)
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self) -> None:
        """Open the sheet and look for head offices in the shop's own network."""
        self.open()
        self.presenter.search()

    def take_scan(self, code: str) -> bool:
        """Take a scanned invitation."""
        return self.presenter.take(code)

    def show_state(self, state: ConnectState) -> None:
        """Draw `state`."""
        put_text(self.address, state.address)
        put_text(self.code, state.code)
        self._form.show_errors(dict(state.errors))
        self._show_found(state)
        self.bar.setVisible(state.is_busy)
        if state.is_busy != self._is_busy:
            self._is_busy = state.is_busy
            for field in (self.address, self.code):
                field.setEnabled(not state.is_busy)
            self.button("connect").setEnabled(not state.is_busy)
        told = t("Calling head office …") if state.is_busy else ""
        self.show_message(f"⚠ {state.problem}" if state.problem else told,
                          is_error=bool(state.problem))  # fmt: skip

    def _show_found(self, state: ConnectState) -> None:
        self.search.setEnabled(not state.is_searching)
        if state.is_searching:
            self._found.setText(t("Looking for head offices in this network …"))
        elif state.has_searched and not state.found:
            self._found.setText(t("None answered in this network. Enter the address instead."))
        else:
            self._found.setText(t("Found in this network:") if state.found else "")
        if tuple(self._offers) != tuple(url for url, _ in state.found):
            for old in self._offers.values():
                old.deleteLater()
            self._offers = {}
            for url, company in state.found:
                self._offers[url] = self._office_button(url, company)
        for url, button in self._offers.items():
            button.setChecked(url == state.address)

    def _office_button(self, url: str, company: str) -> Button:
        fonts.ensure_for(company)
        button = Button(f"{company}  ·  {url}", "building-2", kind="chip", parent=self)
        button.setCheckable(True)
        button.clicked.connect(lambda _=False: self._pick(url))
        self.fields.insertWidget(self.fields.indexOf(self._form), button)
        return button

    def _pick(self, url: str) -> None:
        self.presenter.pick(url)
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> bool:
        self.presenter.connect()
        return False  # it closes by itself when it is done

    def _offer_endings(self) -> None:
        action = SheetAction("connect", t("Connect"), "plug", Tone.PRIMARY)
        self.end_with((action, self._connect))

    def _make_fields(self) -> None:
        nearby = QHBoxLayout()
        self._found = sentence("", self)
        self.search = Button(t("Look again"), "refresh-cw", kind="card", parent=self)
        nearby.addWidget(self._found, 1)
        nearby.addWidget(self.search)
        self.fields.addLayout(nearby)
        self._form = Form(self)
        self.address, self.code = QLineEdit(self), QLineEdit(self)
        for field in (self.address, self.code):
            field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.address.setPlaceholderText(EXAMPLE)
        self._form.add_row("address", t("Address of head office"), self.address)
        hint = t("It works once, and only for some time.")
        self._form.add_row("code", t("Code for this till"), self.code, hint)
        self.fields.addWidget(self._form)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("Progress"))
        self.fields.addWidget(self.bar)
        self.fields.addStretch(1)
        told = t(
            "No head office yet? One machine of the shop can be it, also this one. "
            "Enter these two lines in a terminal there, then connect with what they show:"
        )
        self.fields.addWidget(sentence(told, self))
        commands = QLabel(OWN_OFFICE, self)
        commands.setFont(fonts.figures(14, fonts.REGULAR))
        commands.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        commands.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fields.addWidget(commands)
