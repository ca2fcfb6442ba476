"""The first sheet a new shop sees: three short choices, and it can sell."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.services.checkout import Clock
from pos_app.services.shop_setup import ShopSetup
from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.changes import Changes
from pos_app.ui.field_values import chosen_key, fill_choices, own_direction, put_choice, put_text
from pos_app.ui.form_errors import FormErrors
from pos_app.ui.form_sheet import fitting
from pos_app.ui.page_parts import sentence
from pos_app.ui.presenters.welcome import Start, WelcomePresenter, WelcomeState
from pos_app.ui.start_choice import StartChoice
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.choice_box import ChoiceBox
from pos_app.ui.widgets.dialog import Sheet
from pos_app.ui.widgets.form import Form

if TYPE_CHECKING:
    from pos_app.store.store import Store

_PAGE_PX = 400


class WelcomeSheet(Sheet):
    """Owns its presenter; `on_start(what)` when the shop is ready to begin."""

    def __init__(
        self,
        store: "Store",
        now: Clock,
        on_start: Callable[[Start], None],
        *,
        on_language: Callable[[str], None] = lambda _code: None,
        publish: Callable[[Changes], None] = lambda _changes: None,
        country: str = "",
        staff: str = "1",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("Welcome"), can_close=False, parent=parent)
        self._on_start = on_start
        self._is_ready = False
        self.presenter = WelcomePresenter(
            store,
            ShopSetup(store, now, staff),
            self.show_state,
            self._begin,
            on_language,
            publish,
            country=country,
        )
        self._pages = QStackedWidget(self)
        # A stack asks for the height that its wrapped sentences would need if they were narrow.
        self._pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._pages.setMinimumHeight(_PAGE_PX)
        self.body().addWidget(self._pages, 1)
        self.resize(fitting(QSize(760, 640), self))
        self.acted.connect(self._act)
        self._language = self.presenter.state.language
        self._make_pages()
        self._is_ready = True
        self.presenter.show()

    def show_state(self, state: WelcomeState) -> None:
        """Draw `state`."""
        if not self._is_ready:
            return
        if state.language != self._language:
            self._language = state.language
            self._make_pages()
        self._pages.setCurrentIndex(state.place - 1)
        steps = {
            1: t("1 of 3: Where is your shop? Currency and taxes follow."),
            2: t("2 of 3: What is your shop called? It stands on every receipt."),
            3: t("3 of 3: What do you want to begin with?"),
        }
        self.say(steps[state.place])
        fill_choices(self.country, state.countries)
        put_choice(self.country, state.country)
        fill_choices(self.language, state.languages)
        put_choice(self.language, state.language)
        self._country_form.show_row("rate", state.asks_rate)
        put_text(self.rate, state.rate)
        put_text(self.name, state.name)
        self._show_facts(state)
        changeable = t("All of this can be changed later in the settings.")
        self._source.setText(f"{state.country_note}\n{changeable}" if state.country_note else "")
        self._errors.show(state.errors)
        self._problem.setText(f"⚠ {state.errors.get('start', '')}")
        self._problem.setVisible("start" in state.errors)
        self._offer(state)

    def _make_pages(self) -> None:
        """Make every page in the language in use, in place of those in another one."""
        while (page := self._pages.currentWidget()) is not None:
            self._pages.removeWidget(page)
            page.deleteLater()
        fonts.load_for_language(self._language)
        self.setLayoutDirection(QLocale(self._language).textDirection())
        self.rename(t("Welcome"))
        self._make_country()
        self._make_name()
        self._make_start()
        self._errors = FormErrors(self._country_form, self._name_form)

    def _offer(self, state: WelcomeState) -> None:
        actions = []
        if state.place > 1:
            actions.append(SheetAction("back", t("Back"), icons.forwards("arrow-left")))
        if state.place < 3:
            forward = SheetAction(
                "on",
                t("Go on"),
                icons.forwards("arrow-right"),
                Tone.PRIMARY,
                is_enabled=state.can_go_on,
            )
            actions.append(forward)
        offered = repr(actions)
        if offered != self.property("offered"):
            self.setProperty("offered", offered)
            self.set_actions(actions)

    def _show_facts(self, state: WelcomeState) -> None:
        for place, (name, value) in enumerate(self._facts):
            shown = state.facts[place] if place < len(state.facts) else ("", "")
            fonts.ensure_for("".join(shown))
            name.setText(shown[0])
            value.setText(own_direction(shown[1]))
            name.setVisible(bool(shown[0]))
            value.setVisible(bool(shown[0]))

    def _act(self, key: str) -> None:
        if key == "on":
            self.presenter.go_on()
            if self.presenter.state.place == 2:
                self.name.setFocus()
        elif key == "back":
            self.presenter.go_back()

    def _begin(self, what: Start) -> None:
        self.accept()
        self._on_start(what)

    def _make_country(self) -> None:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.country, self.language = ChoiceBox(parent=page), ChoiceBox(parent=page)
        self.rate = QLineEdit(page)
        self._country_form = Form(page)
        self._country_form.add_row("country", t("Country"), self.country)
        self._country_form.add_row(
            "rate", t("Sales tax of your town, in percent"), self.rate, t("such as 8.25")
        )
        self._country_form.add_row("language", t("Language of the till"), self.language)
        column.addWidget(self._country_form)
        self._facts = [(QLabel(page), QLabel(page)) for _ in range(4)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for place, (name, value) in enumerate(self._facts):
            name.setProperty("role", "quiet")
            value.setWordWrap(True)
            value.setFont(fonts.figures(theme.TEXT.office))
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(name, place, 0, top)
            grid.addWidget(value, place, 1, top)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self._source = sentence("", page)
        column.addWidget(self._source)
        column.addStretch(1)
        self._pages.addWidget(page)
        self.country.activated.connect(
            lambda _place: self.presenter.choose_country(chosen_key(self.country))
        )
        self.language.activated.connect(
            lambda _place: self.presenter.choose_language(chosen_key(self.language))
        )
        self.rate.textEdited.connect(self.presenter.enter_rate)

    def _make_name(self) -> None:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.name = QLineEdit(page)
        self.name.setFont(fonts.font(theme.TEXT.body))
        self._name_form = Form(page)
        self._name_form.add_row(
            "name", t("Name of the shop"), self.name, t("Address and logo can follow later")
        )
        column.addWidget(self._name_form)
        column.addStretch(1)
        self._pages.addWidget(page)
        self.name.textEdited.connect(self.presenter.enter_name)

    def _make_start(self) -> None:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.starts = {
            Start.DEMO: StartChoice(
                "store",
                t("Try the demo shop"),
                t("300 products and a month of sales, in a file of its own. Your shop waits."),
                page,
            ),
            Start.IMPORT: StartChoice(
                "file-spreadsheet",
                t("Import my products"),
                t("From a spreadsheet, CSV or XLSX. The columns are guessed and shown first."),
                page,
            ),
            Start.EMPTY: StartChoice(
                "scan-barcode",
                t("Start with an empty catalogue"),
                t("Scan or type the first item, name it and give it a price. It is kept."),
                page,
            ),
        }
        for what, choice in self.starts.items():
            choice.clicked.connect(lambda _=False, what=what: self.presenter.start(what))
            column.addWidget(choice)
        self._problem = QLabel(page)
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        column.addWidget(self._problem)
        column.addStretch(1)
        self._pages.addWidget(page)
