"""The approval sheet of the office screens: the same question as at the checkout."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.approval import ApprovalNeeded
from pos_app.services.approvals import Approvals
from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.approval_body import ApprovalBody
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.approval_question import ApprovalQuestion
from pos_app.ui.presenters.background_work import RunWork
from pos_app.ui.views import SheetAction
from pos_app.ui.widgets.dialog import Sheet


class ApprovalDialog(Sheet):
    """Asks for a PIN, badge or code; `on_granted` is called when somebody has agreed."""

    def __init__(
        self,
        need: ApprovalNeeded,
        approvals: Approvals,
        run: RunWork,
        amounts: AmountFormat,
        *,
        reasons: tuple[str, ...],
        on_granted: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(t("Ask a supervisor or manager"), parent=parent)
        self._on_granted = on_granted
        self._is_ready = False
        self.entry = QLineEdit(self)
        self.entry.setFont(fonts.figures(theme.TEXT.price, fonts.REGULAR))
        self.entry.setMinimumHeight(theme.mm(self, 12))
        self.question = ApprovalQuestion(
            need,
            approvals,
            run,
            amounts,
            reasons,
            on_change=self._changed,
            on_granted=self._granted,
        )
        self.entry.textEdited.connect(self._follow)
        self.content = ApprovalBody(self)
        for part in (self.entry, self.content):
            self.body().addWidget(part)
        self.content.confirmed.connect(self._enter)
        self.content.chosen.connect(self._choose)
        self.set_actions((SheetAction("cancel", t("Cancel"), "x"),))
        self.acted.connect(lambda _key: self.reject())
        self.setMinimumWidth(theme.mm(self, 140))
        self._is_ready = True
        self._changed()
        self.entry.setFocus()

    def take_scan(self, code: str) -> None:
        """Take a scanned code for a badge."""
        self.entry.clear()
        self.question.scan(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter checks what was typed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._enter()
            return
        super().keyPressEvent(event)

    def _follow(self, text: str) -> None:
        if self.question.follow(text):
            self.entry.clear()

    def _enter(self) -> None:
        typed = self.entry.text()
        self.entry.clear()
        self.question.enter(typed)
        self.entry.setFocus()

    def _choose(self, key: str) -> None:
        self.entry.clear()
        self.question.choose(key)
        self.entry.setFocus()

    def _granted(self) -> None:
        self.accept()
        self._on_granted()

    def _changed(self) -> None:
        if not self._is_ready:
            return
        view = self.question.view
        self.say(view.about)
        is_secret = not view.is_code
        shown = QLineEdit.EchoMode.Password if is_secret else QLineEdit.EchoMode.Normal
        self.entry.setEchoMode(shown)
        self.entry.setPlaceholderText(view.hint)
        self.entry.setAccessibleName(view.asks)
        self.content.show_question(
            view.reasons, view.reason, view.lines, view.is_checking, view.problem
        )
