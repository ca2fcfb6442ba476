"""The printer wizard: one question a page, with large choices, until the printer is on the list."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_app.domain.shop import PrinterSettings, ShopSettings
from pos_app.domain.tax import Tax
from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.background import run_in_background
from pos_app.ui.form_sheet import fitting
from pos_app.ui.page_parts import ResultLine
from pos_app.ui.paper_view import PaperView
from pos_app.ui.picture_choice import PictureChoice
from pos_app.ui.presenters.printer_answers import Step
from pos_app.ui.presenters.printer_questions import WizardChoice, WizardPage
from pos_app.ui.presenters.printer_wizard import PrinterWizard, Tools, WizardState
from pos_app.ui.start_choice import StartChoice
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

_SCALES = {Step.WIDTH: 0.44, Step.LETTERS: 0.8}
_COLUMNS = 6  # A picture takes two of them, a choice in words three.


class PrinterWizardSheet(Sheet):
    """Owns its presenter; Enter presses nothing, so that a scan cannot answer."""

    def __init__(
        self,
        shop: ShopSettings,
        taxes: tuple[Tax, ...],
        now: Callable[[], datetime],
        save: Callable[[PrinterSettings], str],
        tools: Tools | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("Set up a printer"), parent=parent)
        self._page: WizardPage | None = None
        self._offered = ""
        self.choices: dict[str, Button] = {}
        self._lay_out()
        self.resize(fitting(QSize(880, 720), self))
        run = partial(run_in_background, owner=self)
        self.presenter = PrinterWizard(
            shop, taxes, run, self.show_state, now, save=save, tools=tools
        )
        self.acted.connect(self._act)
        self.use.clicked.connect(lambda: self.presenter.enter(self.address.text()))
        self.show_state(self.presenter.state)

    def begin(self) -> None:
        """Open the window and look for printers."""
        self.open()
        self.presenter.begin()

    def show_state(self, state: WizardState) -> None:
        """Draw `state`."""
        page = state.page
        self.say(page.place)
        if page != self._page:
            self._show_page(page)
        for choice in self.choices.values():
            choice.setEnabled(not state.is_busy or page.step is Step.FIND)
        self._busy.setText(state.busy_text)
        self._busy.setVisible(state.is_busy)
        fonts.ensure_for(state.busy_text)
        self.bar.setVisible(state.is_busy)
        self.bar.setRange(0, state.total)
        self.bar.setValue(state.done)
        self.problem.tell(state.problem, Tone.DANGER)
        self.paper.setVisible(page.step is Step.DONE)
        self._area.setVisible(page.step is not Step.DONE)
        self.paper.show_picture(state.picture)
        self._offer(state)

    def done(self, result: int) -> None:
        """Let go of what still runs before the window goes."""
        self.presenter.stop()
        super().done(result)

    def _show_page(self, page: WizardPage) -> None:
        before, self._page = self._page, page
        fonts.ensure_for(page.question + page.hint)
        self._question.setText(page.question)
        self._hint.setText(page.hint)
        self._hint.setVisible(bool(page.hint))
        self._address_row.setVisible(page.asks_address)
        if before is None or before.choices != page.choices or before.step is not page.step:
            self._fill(page)
            self._area.verticalScrollBar().setValue(0)

    def _fill(self, page: WizardPage) -> None:
        while (old := self._grid.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.choices = {}
        row, column = 0, 0
        for choice in page.choices:
            made = self._choice(page.step, choice)
            made.clicked.connect(lambda _=False, key=choice.key: self.presenter.choose(key))
            width = 2 if choice.picture else 3
            if column % width or column + width > _COLUMNS:
                row, column = row + 1, 0
            self._grid.addWidget(made, row, column, 1, width)
            column += width
            self.choices[choice.key] = made

    def _choice(self, step: Step, choice: WizardChoice) -> Button:
        if choice.picture:
            return PictureChoice(
                choice.label,
                choice.picture,
                _SCALES.get(step, 0.5),
                shows_word=step is Step.WIDTH,
                parent=self._inside,
            )
        made = StartChoice(choice.icon, choice.label, choice.text, self._inside)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return made

    def _offer(self, state: WizardState) -> None:
        actions = []
        if state.page.step is Step.DONE:
            again = t("Print it again")
            actions.append(SheetAction("again", again, "rotate-ccw", is_enabled=not state.is_busy))
            actions.append(SheetAction("finish", t("Finish"), "check", Tone.PRIMARY))
        else:
            actions.append(SheetAction("cancel", t("Cancel"), "x"))
            if state.can_go_back:
                actions.append(SheetAction("back", t("Back"), icons.forwards("arrow-left")))
        if repr(actions) != self._offered:
            self._offered = repr(actions)
            self.set_actions(actions)

    def _act(self, key: str) -> None:
        if key == "back":
            self.presenter.back()
        elif key == "again":
            self.presenter.try_again()
        elif key == "finish":
            self.accept()
        else:
            self.reject()

    def _lay_out(self) -> None:
        self._question = QLabel(self)
        self._question.setFont(fonts.font(theme.TEXT.price, fonts.SEMIBOLD))
        self._question.setWordWrap(True)
        self._hint = QLabel(self)
        self._hint.setProperty("role", "quiet")
        self._hint.setWordWrap(True)
        self._busy = QLabel(self)
        self._busy.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.problem = ResultLine(self)
        for label in (self._question, self._hint, self._busy):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        let_fingers_scroll(self._area)
        self._inside = QWidget(self._area)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(2, 2, 8, 2)
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._area.setWidget(self._inside)
        body = self.body()
        body.addWidget(self._question)
        body.addWidget(self._hint)
        body.addWidget(self.problem)
        body.addWidget(self._area, 1)
        self.paper = PaperView(self)
        body.addWidget(self.paper, 1)
        body.addWidget(self._make_address_row())
        body.addWidget(self._busy)
        body.addWidget(self.bar)

    def _make_address_row(self) -> QWidget:
        self._address_row = QWidget(self)
        row = QHBoxLayout(self._address_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.address = QLineEdit(self._address_row)
        self.address.setPlaceholderText(t("or type its network address: 192.0.2.20"))
        self.address.setAccessibleName(t("Network address of the printer"))
        self.address.setMinimumHeight(theme.mm(self, 12))
        self.use = Button(t("Use this address"), "check", kind="card", parent=self._address_row)
        row.addWidget(self.address, 1)
        row.addWidget(self.use)
        return self._address_row
